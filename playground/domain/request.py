"""What is asked of one lane: a frozen request, complete enough to run it again.

Knows no model and no engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NewType, get_args

from playground.domain.attachment import Attached, Attachment, taken_apart
from playground.domain.errors import BadRequest
from playground.domain.sampling import Sampling
from playground.domain.text import check_text as check_text  # the border's words are found here

Lane = Literal["left", "right"]
LANES: tuple[Lane, ...] = get_args(Lane)

Schedule = Literal["in_turn", "together"]
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)

Role = Literal["system", "user", "assistant"]
Ending = Literal["end_of_turn", "stop_string", "limit", "user", "deadline", "interrupted", "error"]
RunId = NewType("RunId", str)


@dataclass(frozen=True, slots=True)
class Message:
    """One earlier turn of a conversation; an assistant's content is its answer.

    `thinking` is the trace before that answer, where it is to stay in the conversation; null as a
    rule (the cards: no thinking in history).
    """

    role: Role
    content: str
    thinking: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """An earlier stretch of a text that is now continued: its run, its ending, what it took.

    Seconds count from its own start, `first_answer_s` null where no answer began in it.
    """

    run: RunId
    ending: Ending
    thinking_tokens: int | None = None
    answer_tokens: int | None = None
    generated_tokens: int | None = None
    total_s: float | None = None
    thinking_s: float | None = None
    first_answer_s: float | None = None


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where an earlier run of the same request stopped: this one goes on exactly there.

    `thinking` is null where that run had none; `thought_open` says that it stopped inside it.
    """

    thinking: str | None
    answer: str
    thought_open: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One lane's run. `created_at` is ISO 8601 in UTC; `id` is shared by the lanes of one run.

    With `continuing` the output goes on from there; the numbers are of what is new. `attached` are
    the documents that `prompt`, which is all that was asked, begins with.
    """

    id: RunId
    created_at: str
    lane: Lane
    model: str
    prompt: str
    system: str = ""
    history: tuple[Message, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    schedule: Schedule = "in_turn"
    continuing: Continuation | None = None
    attached: tuple[Attached, ...] = ()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The documents before the question."""
        return taken_apart(self.prompt, self.attached)[0]

    @property
    def question(self) -> str:
        """The prompt without the documents before it."""
        return taken_apart(self.prompt, self.attached)[1]


def check_prompt(prompt: object) -> str:
    """`prompt` if there is something to answer in it. Raises BadRequest."""
    text = check_text("prompt", prompt)
    if not text.strip():
        raise BadRequest("The prompt is empty. Write something to ask both models.")
    return text
