"""Models that nobody needs make way before another one is loaded, and only then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import pytest

from playground.comparison.residents import Residents
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard, StopSignal
from playground.domain.errors import ModelNotFound
from playground.domain.events import Counts, Ended, Event, Origin
from playground.domain.request import Request
from playground.domain.sampling import Sampling
from tests.samples import request

LOCAL = Origin("local")


class Engine:
    """Writes what happens to it into `log`."""

    def __init__(self, name: str, log: list[str], origin: Origin = LOCAL) -> None:
        self.card = ModelCard(name, name, False, 64, Sampling(), origin)
        self.log = log

    def load(self) -> Iterator[Event]:
        if not self.card.loaded:
            self.log.append(f"load {self.card.name}")
            self.card = replace(self.card, loaded=True)
        yield from ()

    def run(self, asked: Request, stop: StopSignal) -> Iterator[Event]:
        self.log.append(f"run {self.card.name}")
        yield Ended("end_of_turn", Counts(), 1.0)


class World:
    """Local models, a server's model, and a comparison that runs them."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.engines = {name: Engine(name, self.log) for name in "abc"}
        self.engines["far"] = Engine("far", self.log, Origin("server"))
        self.comparison = Comparison(self.open, residents=Residents(self.unload_others))

    def open(self, name: str) -> Engine:
        if name not in self.engines:
            raise ModelNotFound(f"No {name!r}. Choose another.")
        return self.engines[name]

    def unload_others(self, kept: Collection[str]) -> None:
        self.log.append(f"keep {' '.join(sorted(kept))}")

    def run(self, *models: str) -> None:
        lanes = ("left", "right")
        requests = [
            replace(request(), lane=lane, model=name)  # type: ignore[arg-type]
            for lane, name in zip(lanes, models, strict=False)
        ]
        list(self.comparison.run("s", tuple(requests)))


@pytest.fixture
def world() -> World:
    return World()


def test_room_is_made_before_a_model_is_loaded(world: World) -> None:
    world.run("a", "b")
    assert world.log == ["keep a b", "load a", "load b", "run a", "run b"]


def test_nothing_makes_way_for_what_is_loaded_or_elsewhere(world: World) -> None:
    world.run("a", "far")
    world.log.clear()
    world.run("a", "far")
    world.run("far")
    world.run("missing")
    assert not any(line.startswith("keep") for line in world.log)


def test_what_someone_has_chosen_and_what_runs_stays(world: World) -> None:
    world.comparison.residents.chosen = lambda: ["c"]
    with world.comparison.residents.running(["b"]):
        world.run("a")
        assert world.log[0] == "keep a b c"
    world.comparison.residents.make_room()
    assert world.log[-1] == "keep c"
