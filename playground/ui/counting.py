"""How long a prompt is with all that belongs to it, in tokens against each lane's context.

Reads a session; a count that no tokenizer gives is an estimate, and marked as one. No Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from playground.domain.attachment import Attachment, with_attachments
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.request import LANES, Lane, Request, RunId
from playground.notebook.changes import EditText, apply
from playground.notebook.document import CellId, Document, PromptCell
from playground.notebook.packing_texts import attachment_id, digest
from playground.notebook.plan import Planned, plan
from playground.notebook.settings import Settings
from playground.results import wording
from playground.ui.intents import TokenCount
from playground.ui.present import lane_labels
from playground.ui.session import Session
from playground.words import say

NOTHING = TokenCount(text="", tone="plain", attached={})
_SOMETHING = "?"
# Tokens of Qwen's vocabulary: a digit is one, other signs were measured on prose, code and tables.
_SIGNS = (
    (re.compile(r"\d"), 1.0),
    (re.compile(r"[A-Za-z\s]"), 0.21),
    (re.compile(r"[!-/:-@\[-`{-~]"), 0.5),
    (re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af]"), 0.6),
)
_OTHER = 0.4


@dataclass(frozen=True, slots=True)
class LaneCount:
    """A lane's prompt in tokens, and its model's context, null where unknown."""

    label: str
    tokens: int
    context: int | None
    exact: bool

    @property
    def too_many(self) -> int:
        """By how much it is too long: an answer needs at least one token."""
        return 0 if self.context is None else max(0, self.tokens - self.context + 1)


def token_count(session: Session, cell: CellId, typed: str) -> TokenCount:
    """What the cell would ask with this text in it; nothing where that cannot be asked."""
    try:
        with session.lock:
            document = apply(session.document, EditText(cell, typed))
            prompt = document.prompt(cell)
        counts = _counts(session, document, prompt)
        attached = {
            attachment_id(each): _in_words(*_length(session, each)) for each in prompt.attachments
        }
    except PlaygroundError:
        return NOTHING
    if not typed.strip() and not prompt.attachments:
        return NOTHING
    too_many = any(count.too_many for count in counts)
    tone: Literal["plain", "error"] = "error" if too_many else "plain"
    return TokenCount(text=_said(counts), tone=tone, attached=attached)


def counted_with(settings: Settings) -> str:
    """Another text whenever what goes before every prompt is another: then it is counted anew."""
    keeps = [settings.keeps_thinking(lane) for lane in LANES]
    return digest(f"{settings.system}\n{keeps}")


def _counts(session: Session, document: Document, cell: PromptCell) -> list[LaneCount]:
    empty = not cell.prompt.strip()
    if empty:
        document = apply(document, EditText(cell.id, _SOMETHING))
    try:
        first = plan(cell)[0]
    except BadRequest:  # what is wrong with the plan is said when it runs
        first = Planned()
    requests = session.asked_in(document, cell.id, first)[1]
    cards = {request.lane: session.describe(request.model) for request in requests}
    labels: dict[Lane, str] = lane_labels(cards)
    counts = []
    for request in requests:
        if empty:
            request = replace(request, prompt=with_attachments(cell.attachments, ""))
        tokens, exact = _tokens(session, request)
        counts.append(LaneCount(labels[request.lane], tokens, cards[request.lane].context, exact))
    return counts


def _tokens(session: Session, request: Request) -> tuple[int, bool]:
    counted = session.count_tokens(request)
    if counted is not None:
        return counted, True
    turns = (f"{turn.content}{turn.thinking or ''}" for turn in request.history)
    return estimated_tokens((request.system, *turns, request.prompt)), False


def _length(session: Session, attachment: Attachment) -> tuple[int, bool]:
    """An attachment's own tokens, by the left lane's model."""
    model = session.settings.models["left"]
    key = (model, digest(attachment.text))
    if key not in session.counted:
        bare = Request(id=RunId(""), created_at="", lane="left", model=model, prompt="")
        frame = session.count_tokens(bare)
        whole = session.count_tokens(replace(bare, prompt=attachment.text))
        if frame is None or whole is None:  # it may be known later
            return estimated_tokens((attachment.text,)), False
        session.counted[key] = whole - frame
    return session.counted[key], True


def estimated_tokens(texts: Iterable[str]) -> int:
    """About how many tokens these texts are in Qwen's vocabulary."""
    tokens = 0.0
    for text in texts:
        known = 0
        for signs, share in _SIGNS:
            count = len(signs.findall(text))
            known += count
            tokens += share * count
        tokens += _OTHER * (len(text) - known)
    return round(tokens)


def _in_words(tokens: int, exact: bool) -> str:
    return wording.count(tokens, "exact" if exact else "estimated")


def _said(counts: list[LaneCount]) -> str:
    """Once where it is the same for all lanes, or nearly so."""
    if len({count.context for count in counts}) == 1 and not any(c.too_many for c in counts):
        tokens = {count.label: _in_words(count.tokens, count.exact) for count in counts}
        if len(set(tokens.values())) == 1:
            return _of_context(next(iter(tokens.values())), counts[0].context)
        named = " / ".join(f"{label} {words}" for label, words in tokens.items())
        return _of_context(named, counts[0].context)
    said = {count.label: _lane_said(count) for count in counts}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return " · ".join(f"{label}: {words}" for label, words in said.items())


def _lane_said(count: LaneCount) -> str:
    tokens = _in_words(count.tokens, count.exact)
    if not count.too_many:
        return _of_context(tokens, count.context)
    return say(
        "{count} of {context} tokens: {many} too many",
        count=tokens,
        context=wording.count(count.context, "exact"),
        many=_in_words(count.too_many, count.exact),
    )


def _of_context(tokens: str, context: int | None) -> str:
    if context is None:
        return say("{count} tokens", count=tokens)
    limit = wording.count(context, "exact")
    return say("{count} of {context} tokens", count=tokens, context=limit)
