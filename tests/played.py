"""An engine that plays given events, for tests of whatever asks engines."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from playground.comparison.run import Comparison
from playground.domain.engine import Engine, ModelCard, StopSignal
from playground.domain.errors import EngineFailed, ModelNotFound
from playground.domain.events import Counts, Ended, Event, Text
from playground.domain.request import Message, Request
from playground.domain.sampling import Sampling
from tests.samples import ORIGIN, saying

DEFAULTS = Sampling(temperature=0.5, top_k=20, max_new_tokens=512)


class Played:
    """Plays `events`; with `endless` it goes on answering until it is stopped,
    with `error` it breaks before its last event."""

    def __init__(
        self,
        name: str,
        events: Iterable[Event],
        *,
        endless: bool = False,
        error: Exception | None = None,
    ) -> None:
        self.card = ModelCard(name, name, "thinking" in name, 2048, DEFAULTS, ORIGIN)
        self.events = tuple(events)
        self.endless = endless
        self.error = error
        self.requests: list[Request] = []
        self.answering = threading.Event()
        self._pace = threading.Event()
        self.ended = threading.Event()

    def load(self, download: bool = False) -> Iterator[Event]:
        return iter(())

    def cancel_load(self) -> bool:
        return False

    def unload(self) -> None: ...

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int:
        return len(prompt.split())

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        self.requests.append(request)
        try:
            cut_short = self.endless or self.error is not None
            yield from self.events[: -1 if cut_short else None]
            self.answering.set()
            if self.error is not None:
                raise self.error
            tokens = 1
            while self.endless:
                if reason := stop.reason():
                    yield Ended(reason, Counts(answer=tokens), float(tokens), float(tokens))
                    return
                self._pace.wait(0.01)
                tokens += 1
                yield Text("answer", " on", 1, float(tokens))
        finally:
            self.ended.set()


def comparison_of(*engines: Played) -> Comparison:
    """A comparison that knows these engines by their names."""
    by_name = {engine.card.name: engine for engine in engines}

    def open_engine(name: str) -> Engine:
        if name not in by_name:
            raise ModelNotFound(f"There is no model {name!r}. Choose another.")
        return by_name[name]

    return Comparison(open_engine)


def demo_pair(
    left: Iterable[Event] | None = None, right: Iterable[Event] | None = None
) -> tuple[Played, Played]:
    """Two engines under the built-in pair's names."""
    return (
        Played("demo-instruct", saying("Left", " says.") if left is None else left),
        Played("demo-thinking", saying("Right", " says.") if right is None else right),
    )


BROKEN = EngineFailed("It broke. Run it again.")
