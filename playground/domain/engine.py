"""The seam between whoever wants text and whatever runs a model: one protocol, plain values.

Knows no implementation; `playground.engines` has them, `playground.comparison` calls them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from playground.domain.events import Event, Origin
from playground.domain.request import Message, Request
from playground.domain.sampling import Sampling

StopReason = Literal["user", "deadline", "interrupted"]
Ability = Literal["close_thought", "continue"]


class StopSignal(Protocol):
    """Asked between tokens and between prefill chunks; cheap (below a microsecond)."""

    def reason(self) -> StopReason | None:
        """Why the run must end now, or null."""

    def closes_thought(self) -> bool:
        """Whether the reader asked to close the thought and answer now."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model before it runs.

    `name` is its canonical name, `label` a short one to show, `defaults` its own sampling
    (generation_config.json, then its card in the catalog). `lease` names what only so
    many runs at a time may use (the device in this process: one); null when runs do not disturb
    each other.
    `unsupported` are the sampling fields that this engine cannot do, each with the reason;
    `abilities` what it can do beside running a request to its end.
    """

    name: str
    label: str
    thinks: bool
    context: int | None
    defaults: Sampling
    origin: Origin
    lease: str | None = None
    loaded: bool = False
    unsupported: tuple[tuple[str, str], ...] = ()
    abilities: tuple[Ability, ...] = ()


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What of a model is on this machine: all that it takes to run it, a part of it, or nothing.

    `total_bytes` is null while nobody here has asked the hub. A model that runs elsewhere is whole,
    with 0 bytes.
    """

    state: Literal["whole", "part", "nothing"]
    have_bytes: int
    total_bytes: int | None

    @property
    def missing_bytes(self) -> int | None:
        """What a download would bring; null while unknown."""
        return None if self.total_bytes is None else self.total_bytes - self.have_bytes


@dataclass(frozen=True, slots=True)
class ExactPrompt:
    """What a model reads of a request: the rendered text, control tokens and all.

    `text` is null where it cannot be known. Of a server that does not tell it is the messages that
    are sent, as JSON; then `tokens` is null and a note says so. `notes` say in words what was left
    out and why.
    """

    text: str | None
    tokens: int | None
    notes: tuple[str, ...] = ()


class Engine(Protocol):
    """One model, ready to be run by many threads at once."""

    @property
    def card(self) -> ModelCard:
        """What is known now; `loaded`, `origin` and `context` may change when it loads."""

    def load(self, download: bool = False) -> Iterator[Event]:
        """Load and warm up the model if need be, yielding `Loading`. Raises PlaygroundError.

        With `download` someone has asked for the model: only then it may be fetched from a hub.
        That goes on as long as someone iterates: closed early by the last one, it is given up as
        by `cancel_load`. One that is to outlive a page needs a thread that iterates.
        """

    def cancel_load(self) -> bool:
        """Give up a load that goes on; what has come is kept, the next load resumes there.

        Whoever waits for it gets LoadCancelled. False when nothing can be given up.
        """

    def unload(self) -> None:
        """Free what a loaded model takes, after the runs that go on; the next run loads it again.

        Returns at once.
        """

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int | None:
        """Tokens of the rendered prompt; null while unknown (not loaded yet)."""

    def exact_prompt(self, request: Request) -> ExactPrompt:
        """What the model would read of this request. Raises PlaygroundError."""

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        """Answer: `Loading`* `Started` … `Ended`. Raises PlaygroundError; never yields `Failed`.

        Ends within one token or one prefill chunk of a stop, with `Ended`.
        """
