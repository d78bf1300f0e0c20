"""Loads that someone asked for go on by themselves; any page may look, or give them up."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from playground.domain.errors import LoadCancelled, ModelUnusable
from playground.domain.events import Event, Loading
from playground.ui.load_words import ending, progress_text
from playground.ui.loads import Load, Loads
from playground.words import speaking

GB = 10**9


class Loader:
    """An engine whose load yields these events, then waits at its gate; it can be given up."""

    def __init__(self, *events: Loading, fails: Exception | None = None) -> None:
        self.events = events
        self.fails = fails
        self.gate = threading.Event()
        self.at_gate = threading.Event()
        self.asked: list[bool] = []
        self.cancelled = False

    def load(self, download: bool = False) -> Iterator[Event]:
        self.asked.append(download)
        yield from self.events
        self.at_gate.set()
        assert self.gate.wait(20)
        if self.cancelled:
            raise LoadCancelled("Given up.")
        if self.fails is not None:
            raise self.fails

    def cancel_load(self) -> bool:
        self.cancelled = True
        self.gate.set()
        return True


def loads_of(**engines: Any) -> Loads:
    return Loads(lambda name: engines[name])


def end(load: Load) -> None:
    """Watch a load to its end."""
    for _ in load.watch():
        pass


def through(*events: Loading, fails: Exception | None = None) -> Loader:
    """One that meets an open gate."""
    loader = Loader(*events, fails=fails)
    loader.gate.set()
    return loader


def test_models_are_loaded_one_after_the_other_and_may_be_downloaded() -> None:
    one, two = through(), through()
    load = loads_of(one=one, two=two).start(["one", "two", "one"])
    end(load)
    assert load.names[load.at] == "two"
    assert (one.asked, two.asked) == ([True], [True])
    assert not load.going and load.error is None and ending(load) == ""


def test_the_same_models_are_loaded_once_at_a_time_whoever_asks() -> None:
    one, two = Loader(), through()
    loads = loads_of(one=one, two=two)
    load = loads.start(["one", "two"])
    assert loads.start(["two", "one"]) is load is loads.of(["one", "two"])
    assert loads.of(["one"]) is None
    one.gate.set()
    end(load)
    assert loads.of(["one", "two"]) is load and not load.going
    assert loads.start(["one", "two"]) is not load


def test_a_load_that_fails_says_why_and_loads_nothing_more() -> None:
    one, two = through(fails=ModelUnusable("Disk full. Free some space.")), through()
    load = loads_of(one=one, two=two).start(["one", "two"])
    end(load)
    assert two.asked == []
    assert ending(load) == "Disk full. Free some space."


def test_a_load_is_given_up_and_the_next_model_not_begun() -> None:
    one, two = Loader(), through()
    load = loads_of(one=one, two=two).start(["one", "two"])
    assert one.at_gate.wait(20)
    load.cancel()
    end(load)
    assert load.cancelled and two.asked == []
    assert ending(load).startswith("Cancelled. What has come is kept")


def test_what_cannot_be_given_up_any_more_ends_before_the_next_model() -> None:
    one, two = Loader(), through()
    one.cancel_load = lambda: False  # type: ignore[method-assign]
    load = loads_of(one=one, two=two).start(["one", "two"])
    assert one.at_gate.wait(20)
    load.cancel()
    one.gate.set()
    end(load)
    assert load.cancelled and two.asked == []


def test_someone_else_is_told_of_each_load_and_how_it_ends() -> None:
    heard: list[object] = []

    def tell(name: str, events: Iterable[Event]) -> Iterator[Event]:
        heard.append(name)
        try:
            for event in events:
                heard.append(event)
                yield event
        except ModelUnusable as exc:
            heard.append(str(exc))
            raise

    came = Loading(3 * GB, 8 * GB, "bytes", 0.0)
    engines: dict[str, Any] = {"one": through(came), "two": through(fails=ModelUnusable("No."))}
    load = Loads(engines.__getitem__, tell).start(["one", "two"])
    end(load)
    assert heard == ["one", came, "two", "No."]
    assert ending(load) == "No."


def test_how_far_it_is_is_said_in_the_words_of_every_load() -> None:
    loader = Loader(Loading(3 * GB, 8 * GB, "bytes", 0.0, (1, 3)))
    load = loads_of(**{"a/model": loader}).start(["a/model"])
    assert loader.at_gate.wait(20)
    said = progress_text(load)
    loader.gate.set()
    assert said.startswith("**model**: downloading…")
    assert "3.0 GB of 8.0 GB · 1 of 3 shards" in said


def test_of_two_models_the_place_is_told_in_the_readers_language() -> None:
    load = loads_of(**{"a/one": through(), "a/two": through()}).start(["a/one", "a/two"])
    end(load)
    assert progress_text(load) == "**two** (2 of 2): loading the model…"
    with speaking("pt-BR"):
        assert progress_text(load) == "**two** (2 de 2): carregando o modelo…"
