"""What engines write, alone and at the same time."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from playground.domain.events import Text
from playground.domain.sampling import Sampling
from playground.engines.local.engine import LocalEngine
from tests.engines.signals import Never
from tests.samples import request


def answer(engine: LocalEngine, tokens: int = 30) -> str:
    """A greedy run's text."""
    greedy = Sampling(temperature=0.0, max_new_tokens=tokens, seed=1)
    events = list(engine.run(request(prompt="Why?", sampling=greedy), Never()))
    return "".join(event.text for event in events if isinstance(event, Text))


def answers_together(engines: Sequence[LocalEngine]) -> list[str]:
    """The same of several, each in a thread of its own."""
    written = [""] * len(engines)

    def work(place: int) -> None:
        written[place] = answer(engines[place])

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(engines))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return written
