"""Attached documents inside packed runs: kept once, under a digest, not again in each run and lane.

What was asked goes out in pieces and comes back exactly. Knows how documents stand in a prompt;
knows no cell.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from playground.domain.attachment import (
    BEGIN,
    END,
    MOST_KEPT,
    Attachment,
    attachments_from,
)
from playground.domain.errors import BadRequest
from playground.domain.request import Request
from playground.notebook import checking

LONG = 1000
MOST_PIECES = 1000
Texts = dict[str, str]
_DOCUMENT = re.compile(f"(?<={re.escape(BEGIN)})(.{{{LONG},}}?)(?={re.escape(END)})", re.DOTALL)


@lru_cache(maxsize=256)
def digest(text: str) -> str:
    """The name that a text is kept under."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def attachment_id(attachment: Attachment) -> str:
    """What a cell's attachment is called where its text is not at hand."""
    return f"{digest(attachment.text)[:16]}-{zlib.crc32(attachment.name.encode()):08x}"


def attached_data(attachments: Iterable[Attachment]) -> list[dict[str, str]]:
    """A cell's attachments, their texts as digests."""
    return [{"name": each.name, "digest": digest(each.text)} for each in attachments]


def attached_from(where: str, data: object, texts: Mapping[str, str]) -> tuple[Attachment, ...]:
    """The attachments that `attached_data` packed. Raises BadRequest."""
    listed = [checking.mapping(where, each) for each in checking.items(where, data, MOST_KEPT)]
    return attachments_from(
        where,
        [{"name": each.get("name"), "text": text_of(texts, each.get("digest"))} for each in listed],
        kept=True,
    )


@lru_cache(maxsize=64)  # a notebook is kept again and again
def _pieces(text: str) -> tuple[str, ...]:
    """The text cut at its documents: these are the odd pieces."""
    return tuple(_DOCUMENT.split(text))


def take_texts_out(result: dict[str, Any], texts: Texts) -> None:
    """Put the documents of a packed result into `texts`, and their digests in their places."""
    request = result["request"]
    request["prompt"] = _without(request["prompt"], texts)
    request["history"] = [
        {**turn, "content": _without(turn["content"], texts)} for turn in request["history"]
    ]


def take_request_texts(request: Request, texts: Texts) -> None:
    """Put the documents of a request into `texts`, and leave the request as it is."""
    for text in (request.prompt, *(turn.content for turn in request.history)):
        _without(text, texts)


def _without(text: str, texts: Texts) -> str | list[str | dict[str, str]]:
    pieces = _pieces(text) if len(text) >= LONG and BEGIN in text else (text,)
    if len(pieces) == 1:
        return text
    kept: list[str | dict[str, str]] = []
    for index, piece in enumerate(pieces):
        if index % 2:
            texts[digest(piece)] = piece
        kept.append({"text": digest(piece)} if index % 2 else piece)
    return kept


def with_texts(result: object, texts: Mapping[str, str]) -> object:
    """A packed result with its documents back in their places. Raises BadRequest."""
    if not isinstance(result, Mapping) or not isinstance(result.get("request"), Mapping):
        return result
    request = dict(result["request"])
    request["prompt"] = _whole(request.get("prompt"), texts)
    if isinstance(request.get("history"), list):
        request["history"] = [
            {**turn, "content": _whole(turn.get("content"), texts)}
            if isinstance(turn, Mapping)
            else turn
            for turn in request["history"]
        ]
    return {**result, "request": request}


def _whole(packed: object, texts: Mapping[str, str]) -> object:
    if not isinstance(packed, list):
        return packed
    pieces = checking.items("What was asked", packed, MOST_PIECES)
    return "".join(
        text_of(texts, piece.get("text"))
        if isinstance(piece, Mapping)
        else checking.text("What was asked", piece)
        for piece in pieces
    )


def text_of(texts: Mapping[str, str], kept_under: object) -> str:
    """The text that was kept under this digest. Raises BadRequest."""
    if not isinstance(kept_under, str) or kept_under not in texts:
        raise BadRequest(f"The attached text {kept_under!r} is missing. Open another copy.")
    return checking.text("An attached text", texts[kept_under])


def texts_from(data: object) -> Texts:
    """Texts by digest, as they were kept. Raises BadRequest."""
    given = checking.mapping("texts", data)
    return {name: checking.text("An attached text", text) for name, text in given.items()}
