"""What happens in one lane's run, as a closed union of plain picklable values.

Events are made by engines (and, for `Waiting` and `Tick`, by the comparison) and folded into a
Result by `playground.results`. Every `at_s` is from the monotonic clock, read where the event
was made. Thinking is an event's type, never a substring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from playground.domain.errors import ErrorValue
from playground.domain.request import Ending as Ending  # an earlier segment's, too

Part = Literal["thinking", "answer"]
CountBasis = Literal["exact", "server", "estimated"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a result really came from; null where unknown. `versions` are (package, version)."""

    engine: str
    server: str | None = None
    device: str | None = None
    dtype: str | None = None
    revision: str | None = None
    versions: tuple[tuple[str, str], ...] = ()

    @property
    def in_process(self) -> bool:
        """Whether we ran the model ourselves: then its tokens and its loading are known to us."""
        return self.engine != "server"


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens by what they were. generated = thinking + answer + marker + forced."""

    thinking: int = 0
    answer: int = 0
    marker: int = 0
    forced: int = 0
    basis: CountBasis = "exact"

    @property
    def generated(self) -> int:
        return self.thinking + self.answer + self.marker + self.forced


@dataclass(frozen=True, slots=True)
class Waiting:
    """At the engine's side door; `place` runs are ahead (null: the other lane of this run is)."""

    place: int | None
    at_s: float


@dataclass(frozen=True, slots=True)
class Loading:
    """The model is being loaded for this run; `total` is null while unknown.

    The unit "bytes" is a download, resumed bytes counted as done; `files` are then those with
    weights, done and in all.
    """

    done: int
    total: int | None
    unit: str
    at_s: float
    files: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The engine took the request up, at `at_s`: every latency counts from here.

    `limit` is max_new_tokens after clamping; `thinks` says whether this model has a thinking part
    (then `Result.output.thinking` is a string, else null); `context` is in tokens.
    """

    prompt_tokens: int | None
    cached_tokens: int | None
    limit: int
    seed: int | None
    thinks: bool
    context: int | None
    origin: Origin
    at_s: float


@dataclass(frozen=True, slots=True)
class Prefill:
    """`done` of `total` prompt tokens are read."""

    done: int
    total: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Text:
    """Generated text of one part. `tokens` counts the ids it came from, 0 for text held back
    earlier (its ids were counted when they came); text may be empty while a character is open."""

    part: Part
    text: str
    tokens: int
    at_s: float


@dataclass(frozen=True, slots=True)
class ThoughtOpened:
    """`<think>` was generated: a token without text (most templates open the thought instead)."""

    at_s: float


@dataclass(frozen=True, slots=True)
class ThoughtClosed:
    """`</think>` arrived, or was put in by us (`forced`, with `tokens` that are no one's text)."""

    at_s: float
    forced: bool = False
    tokens: int = 1


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know: clamped, unsupported parameter, wrong parser, …"""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing new; keeps a consumer awake so that a stop is seen."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The run is over. Its counts win over the sum of the `Text` events (a swallowed stop string
    was text when it came). `last_token_at_s` is the clock at the last generated token of any
    kind, the end of turn included; null when there was none. `first_chunk_tokens` are those that
    came together first; null when the first event tells. Servers tell `prompt_tokens`,
    `cached_tokens` and `load_s` only now: the model was loaded after the start, and that time is
    in none of the latencies."""

    ending: Ending
    counts: Counts
    at_s: float
    last_token_at_s: float | None = None
    first_chunk_tokens: int | None = None
    server_numbers: tuple[tuple[str, float], ...] = ()
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    load_s: float | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The run is over with an error; what came before it is kept. `counts` are the tokens until
    then; null where the `Text` events tell them."""

    error: ErrorValue
    at_s: float
    counts: Counts | None = None

    @classmethod
    def of(cls, error: BaseException, at_s: float) -> Failed:
        """The event of any exception; an engine's may bring `counts` along."""
        counts = getattr(error, "counts", None)
        value = ErrorValue.of(error)
        return cls(value, at_s, counts if isinstance(counts, Counts) else None)

    def __setstate__(self, state: list[Any]) -> None:
        """Also from a pickle of the time when there were no counts."""
        for name, value in zip(("error", "at_s", "counts"), [*state, None], strict=False):
            object.__setattr__(self, name, value)


Event = (
    Waiting
    | Loading
    | Started
    | Prefill
    | Text
    | ThoughtOpened
    | ThoughtClosed
    | Notice
    | Tick
    | Ended
    | Failed
)
