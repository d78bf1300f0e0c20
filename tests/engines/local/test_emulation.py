"""Where CUDA is only promised nothing is computed; each process that runs a model warms it up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.catalog import parse_name
from playground.domain.events import Event, Loading
from playground.domain.sampling import Sampling
from playground.engines import tell_threads_by
from playground.engines.local import emulation, loading
from playground.engines.local.engine import LocalEngine
from tests.engines.signals import Never
from tests.samples import request

ASKED = request(sampling=Sampling(temperature=0.0, max_new_tokens=4, seed=1))


def units(events: list[Event]) -> list[str]:
    return [event.unit for event in events if isinstance(event, Loading)]


def test_a_worker_that_was_forked_warms_up_once(
    instruct: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = LocalEngine(parse_name(str(instruct)))
    list(engine.load())
    assert units(list(engine.run(ASKED, Never()))) == []
    monkeypatch.setattr(os, "getpid", lambda: -1)  # as in a child
    assert units(list(engine.run(ASKED, Never()))) == ["warm-up"]
    assert units(list(engine.run(ASKED, Never()))) == []


def test_nothing_is_computed_where_cuda_is_only_promised(
    instruct: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed(_: object) -> None:
        raise AssertionError("computed")

    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.setattr(loading, "pick_device", lambda: "cpu")
    monkeypatch.setattr(loading, "warm_up", computed)
    engine = LocalEngine(parse_name(str(instruct)))
    list(engine.load())
    assert engine.card.loaded


def test_the_promise_is_kept_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert emulation.cuda_is_promised()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert not emulation.cuda_is_promised()


def test_a_thread_that_loads_is_told_first(instruct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulation, "tell_thread", emulation.tell_thread)
    told: list[str] = []
    tell_threads_by(lambda: told.append("told"))
    list(LocalEngine(parse_name(str(instruct))).load())
    assert told == ["told"]
