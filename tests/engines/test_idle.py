"""Models that nobody has run for a while are unloaded; no others are."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from playground import engines
from playground.engines import idle, open_engine, unload_unused
from playground.engines.local.engine import LocalEngine
from tests.engines.signals import Never
from tests.samples import request


@pytest.fixture(autouse=True)
def no_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_engines", {})


def loaded(name: str) -> LocalEngine:
    engine = open_engine(name)
    list(engine.load())
    assert isinstance(engine, LocalEngine)
    return engine


def test_what_has_not_run_for_so_long_is_unloaded(instruct: Path) -> None:
    engine = loaded(str(instruct))
    used_s = engine.unused_since_s()
    assert used_s is not None
    idle.unload_idle(60.0, used_s + 59.9)
    assert engine.card.loaded
    idle.unload_idle(60.0, used_s + 60.0)
    assert not engine.card.loaded
    idle.unload_idle(60.0, used_s + 200.0)  # what is not loaded is left alone
    assert list(engine.run(request(), Never()))
    assert engine.card.loaded


def test_what_runs_is_never_idle(instruct: Path) -> None:
    engine = loaded(str(instruct))
    used_s = engine.unused_since_s()
    assert used_s is not None
    run = engine.run(request(), Never())
    next(run)
    idle.unload_idle(60.0, used_s + 1e6)
    assert engine.card.loaded
    list(run)


def test_the_watch_ends_with_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, looked = threading.Event(), threading.Event()
    monkeypatch.setattr(idle, "CHECK_S", 0.001)
    monkeypatch.setattr(idle, "unload_idle", lambda *_: looked.set())
    idle.unload_when_idle(60.0, ended)
    assert looked.wait(5)
    ended.set()
    for thread in threading.enumerate():
        if thread.name == "unload":
            thread.join(5)
            assert not thread.is_alive()


def test_only_what_is_in_use_stays(instruct: Path, thinking: Path, hybrid: Path) -> None:
    kept, gone = loaded(str(instruct)), loaded(str(thinking))
    server = "http://127.0.0.1:1/v1?model=a"
    open_engine(server)
    unload_unused([f" {instruct} ", server, "no such thing", str(hybrid)])
    assert kept.card.loaded
    assert not gone.card.loaded
