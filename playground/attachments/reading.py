"""A file as an attachment: its name and the text in it, or an error that says what to do instead.

Knows kinds of files by their ends and first bytes; how each is read is in the files beside it.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from playground.attachments.apart import Kind, Refused, taken_apart
from playground.attachments.decoding import decoded
from playground.attachments.limits import LIMITS, Limits
from playground.domain.attachment import LONGEST_NAME, Attachment
from playground.domain.errors import BadRequest
from playground.words import say

_WEB = (".html", ".htm", ".xhtml")
_STARTS_WEB = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_OFFICE = (".docx", ".doc", ".odt", ".rtf", ".pptx", ".ppt", ".odp", ".xlsx", ".xls", ".ods")
_BROKEN = re.compile(r"[\ud800-\udfff\x00-\x08\x0b\x0e-\x1f]")


def read_path(path: Path, limits: Limits = LIMITS) -> Attachment:
    """The file at this path, for whoever may read this machine's files. Raises BadRequest."""
    try:
        with path.expanduser().open("rb") as file:
            content = file.read(limits.file_bytes + 1)
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else None
        raise BadRequest(
            say(
                "{name} could not be read: {reason}. Choose another file.",
                name=repr(str(path)),
                reason=reason or str(exc),
            )
        ) from exc
    return read_content(path.name, content, limits)


def read_content(name: str, content: bytes, limits: Limits = LIMITS) -> Attachment:
    """A file called `name`, whatever it calls itself. Raises BadRequest."""
    name = plain_name(name)
    if len(content) > limits.file_bytes:
        raise _too_large(name, limits)
    text = _text(name, content, limits).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadRequest(say("{name} is empty. Choose another file.", name=repr(name)))
    if len(text) > limits.characters:
        raise _too_long(name, len(text), limits)
    return Attachment(name, text)


def plain_name(name: str) -> str:
    """The last part of a path, on one line and not too long, its end kept."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", last))
    shown = " ".join(shown.split()) or "file"
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:100]}…{shown[-99:]}"


def _text(name: str, content: bytes, limits: Limits) -> str:
    end = Path(name).suffix.lower()
    if content.startswith(b"%PDF-") or end == ".pdf":
        return _taken_apart("pdf", name, content, limits)
    if end in _OFFICE:
        raise BadRequest(
            say(
                "{name} is a file of an office program, which cannot be read here. Save it as PDF"
                " or as text, and attach that.",
                name=repr(name),
            )
        )
    if end in _WEB or _STARTS_WEB.match(content):
        return _taken_apart("html", name, content, limits)
    text = decoded(content)
    if text is None:
        raise BadRequest(
            say(
                "{name} is no text: these models read text only. Attach text, source code, a web"
                " page or a PDF.",
                name=repr(name),
            )
        )
    return text


def _taken_apart(kind: Kind, name: str, content: bytes, limits: Limits) -> str:
    try:
        return _BROKEN.sub("", taken_apart(kind, content, limits))
    except Refused as exc:
        raise _refused(name, exc, limits) from exc


def _refused(name: str, why: Refused, limits: Limits) -> BadRequest:
    values = {"name": repr(name), "count": f"{why.count:,}"}
    match why.problem:
        case "encrypted":
            text = say(
                "{name} is encrypted. Save a copy without a password, and attach that.", **values
            )
        case "pictures":
            text = say(
                "{name} has no text: its pages ({count}) are pictures. Run text recognition (OCR)"
                " on it first, and attach what comes out.",
                **values,
            )
        case "pages":
            text = say(
                "{name} has {count} pages, but {most} is the most. Attach a part of it.",
                most=f"{limits.pages:,}",
                **values,
            )
        case "long":
            return _too_long(name, why.count, limits)
        case "slow":
            text = say(
                "{name} took longer than {seconds} s to read. Save it as text, and attach that.",
                seconds=f"{limits.seconds:g}",
                **values,
            )
        case _:
            text = say(
                "{name} cannot be read: it is damaged, or it is not what its name says. Open it in"
                " its own program, save it as text, and attach that.",
                **values,
            )
    return BadRequest(text)


def _too_large(name: str, limits: Limits) -> BadRequest:
    return BadRequest(
        say(
            "{name} is larger than {most} MB. Attach a part of it.",
            name=repr(name),
            most=f"{limits.file_bytes / 1_000_000:g}",
        )
    )


def _too_long(name: str, characters: int, limits: Limits) -> BadRequest:
    return BadRequest(
        say(
            "{name} has at least {count} characters of text, but {most} is the most. Attach a part"
            " of it.",
            name=repr(name),
            count=f"{characters:,}",
            most=f"{limits.characters:,}",
        )
    )
