"""Whole documents before a question: how they stand in a prompt, and come out of it again.

The form is the one that DeepSeek publishes for files (Qwen publishes none): each document with its
name, begin and end, then the question. The documents come first, so that a second question on them
begins with the very same text. Knows no file's format and no notebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from playground.domain.errors import BadRequest
from playground.domain.text import check_text

BEGIN, END = "[file content begin]\n", "\n[file content end]\n"
MOST_ATTACHMENTS = 20
MOST_KEPT = 50
"""A notebook that was saved with more than may be asked still opens."""
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document beside a prompt: its name, one line, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A document that stands in a prompt: its name, and how many characters its text has."""

    name: str
    characters: int

    @classmethod
    def of(cls, attachment: Attachment) -> Attached:
        """The same document, by its length."""
        return cls(attachment.name, len(attachment.text))


def with_attachments(attachments: Iterable[Attachment], question: str) -> str:
    """What a model is asked: the documents, then the question."""
    return "".join(f"{_head(each.name)}{each.text}{END}" for each in attachments) + question


def taken_apart(prompt: str, attached: Iterable[Attached]) -> tuple[tuple[Attachment, ...], str]:
    """The documents in a prompt, and the question after them.

    A prompt that does not begin with these documents is all question.
    """
    found, at = [], 0
    for each in attached:
        head = _head(each.name)
        start = at + len(head)
        end = start + each.characters
        if each.characters < 0 or prompt[at:start] != head or not prompt.startswith(END, end):
            return (), prompt
        found.append(Attachment(each.name, prompt[start:end]))
        at = end + len(END)
    return tuple(found), prompt[at:]


def attachments_from(where: str, given: object, kept: bool = False) -> tuple[Attachment, ...]:
    """Documents as they come from outside: a list of {name, text}. Raises BadRequest.

    `kept` ones stand in a saved notebook: some may be empty.
    """
    if not isinstance(given, list | tuple):
        raise BadRequest(f"{where} is {given!r}, but must be a list. Send [{{name, text}}].")
    most = MOST_KEPT if kept else MOST_ATTACHMENTS
    if len(given) > most:
        raise BadRequest(f"{where} has {len(given):,} files, but {most} is the most. Join some.")
    return tuple(_attachment(f"{where}[{index}]", each, kept) for index, each in enumerate(given))


def _attachment(where: str, given: object, kept: bool) -> Attachment:
    if isinstance(given, Attachment):
        given = {"name": given.name, "text": given.text}
    if not isinstance(given, Mapping) or set(given) != {"name", "text"}:
        raise BadRequest(
            f"{where} is {_shortened(given)}, but must be an object with name and text. Send the"
            " text itself: a path is never read for a visitor."
        )
    name, text = check_text(f"{where}.name", given["name"]), given["text"]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadRequest(
            f"{where}.name is {_shortened(name)}, but must be one line of 1 to {LONGEST_NAME}"
            " characters. Give another name."
        )
    if not check_text(f"{where}.text", text).strip() and not kept:
        raise BadRequest(f"{where}.text is empty. Leave this document out, or send its text.")
    return Attachment(name, text)


def _head(name: str) -> str:
    return f"[file name]: {name}\n{BEGIN}"


def _shortened(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
