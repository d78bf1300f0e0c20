"""What a page allows its visitors: one frozen value that every door asks.

A page of one's own has none of these limits (`UNLIMITED`); a public one has `PUBLIC`, or what its
Space says. Knows no visitor and no page: whoever enforces a limit names it in its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from playground.domain.errors import BadRequest, PromptTooLong
from playground.domain.request import Request
from playground.domain.sampling import Sampling

_HUGE = 10**12


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of each thing. A request is asked under the first five, a notebook under the rest.

    `request_characters` counts prompt, system prompt, history and stop strings; `prompt_tokens`
    what the model reads, where it can be counted before it runs. `runs` are comparisons at a time
    and `waiting` those that may queue behind them, of all visitors; `visitor_runs` those of one.
    `body_bytes` is one HTTP request, `file_characters` a notebook file; `attachment_bytes` each of
    at most `attachments` files of a prompt.
    """

    request_characters: int = _HUGE
    prompt_tokens: int = _HUGE
    max_new_tokens: int = _HUGE
    history_messages: int = _HUGE
    visitor_runs: int = _HUGE
    waiting: int = _HUGE
    cells: int = 2000
    cell_runs: int = 100_000
    runs_at_once: int = 10_000
    file_characters: int = 100_000_000
    body_bytes: int = _HUGE
    sessions: int = 500
    attachments: int = _HUGE
    attachment_bytes: int = _HUGE

    def with_values(self, values: Mapping[str, object]) -> Limits:
        """These limits with some of them changed. Raises BadRequest."""
        for name, value in values.items():
            if name not in NAMES:
                raise BadRequest(f"Unknown limit {name!r}. Use one of: {', '.join(NAMES)}.")
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _HUGE:
                raise BadRequest(f"The limit {name} is {value!r}, but must be 1 or more.")
        return replace(self, **values)  # type: ignore[arg-type]

    def check_request(self, request: Request) -> None:
        """Refuse what is too long to be asked. Raises BadRequest."""
        history = request.history
        if len(history) > self.history_messages:
            raise BadRequest(
                f"The conversation has {len(history):,} earlier turns, but"
                f" {self.history_messages:,} is the most on this page. Start anew."
            )
        if len(request.attached) > self.attachments:
            raise BadRequest(
                f"The prompt has {len(request.attached):,} files attached, but"
                f" {self.attachments:,} is the most on this page. Take some out."
            )
        characters = request_characters(request)
        if characters > self.request_characters:
            raise BadRequest(
                f"Prompt, system prompt and earlier turns have {characters:,} characters, but"
                f" {self.request_characters:,} is the most on this page. Shorten them."
            )

    def check_prompt_tokens(self, count: int | None) -> None:
        """Refuse a prompt of too many tokens; null is not known. Raises PromptTooLong."""
        if count is not None and count > self.prompt_tokens:
            raise PromptTooLong(
                f"The prompt has {count:,} tokens, but {self.prompt_tokens:,} is the most on this"
                " page. Shorten it, or start the conversation anew."
            )

    def clamped(self, request: Request) -> Request:
        """The request with its limit of tokens lowered to what is allowed."""
        sampling = self.lowered(request.sampling)
        return request if sampling is request.sampling else replace(request, sampling=sampling)

    def lowered(self, sampling: Sampling) -> Sampling:
        """The same with as many new tokens as are allowed."""
        if sampling.max_new_tokens <= self.max_new_tokens:
            return sampling
        return replace(sampling, max_new_tokens=self.max_new_tokens)

    def clamped_words(self, request: Request) -> str:
        """What `clamped` did, for the reader of the result."""
        return (
            f"max_new_tokens was lowered from {request.sampling.max_new_tokens:,} to"
            f" {self.max_new_tokens:,}: the most on this page."
        )

    def check_cells(self, count: int) -> None:
        """Refuse a notebook of too many cells. Raises BadRequest."""
        if count > self.cells:
            raise BadRequest(
                f"The notebook would have {count:,} cells, but {self.cells:,} is the most on this"
                " page. Delete some, or begin another notebook."
            )

    def check_runs(self, asked: int, kept: int) -> None:
        """Refuse more runs of a cell, beside those that it keeps. Raises BadRequest."""
        if asked > self.runs_at_once:
            raise BadRequest(
                f"This cell asks for {asked:,} runs, but {self.runs_at_once:,} is the most at a"
                " time on this page. Ask for fewer."
            )
        if kept + asked > self.cell_runs:
            raise BadRequest(
                f"This cell has {kept:,} runs, and {self.cell_runs:,} is the most on this page."
                " Duplicate the cell, and go on there."
            )

    def check_text(self, name: str, text: str) -> None:
        """Refuse a cell's text that no request could hold. Raises BadRequest."""
        if len(text) > self.request_characters:
            raise BadRequest(
                f"The {name} has {len(text):,} characters, but {self.request_characters:,} is the"
                " most on this page. Shorten it."
            )

    def check_file(self, name: str, text: str) -> None:
        """Refuse a file that is too large to be read. Raises BadRequest."""
        if len(text) > self.file_characters:
            raise BadRequest(
                f"{name!r} has {len(text):,} characters, but {self.file_characters:,} is the most"
                " on this page. Clear outputs that are not needed, or split it."
            )


NAMES = tuple(field.name for field in fields(Limits))
UNLIMITED = Limits()
PUBLIC = Limits(
    request_characters=40_000,
    prompt_tokens=8192,
    max_new_tokens=4096,
    history_messages=40,
    visitor_runs=2,
    waiting=32,
    cells=100,
    cell_runs=30,
    runs_at_once=10,
    file_characters=4_000_000,
    body_bytes=6_000_000,
    sessions=300,
    attachments=4,
    attachment_bytes=1_000_000,
)


def request_characters(request: Request) -> int:
    """How much text a request carries to a model."""
    earlier = sum(len(turn.content) + len(turn.thinking or "") for turn in request.history)
    own = len(request.prompt) + len(request.system) + sum(map(len, request.sampling.stop))
    gone_on = request.continuing
    written = len(gone_on.answer) + len(gone_on.thinking or "") if gone_on is not None else 0
    return earlier + own + written
