"""So many comparisons are under way, of all visitors and of each; no more are let in."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from playground.comparison.gate import Gate
from playground.domain.errors import Busy
from playground.domain.limits import Limits


def test_a_visitor_has_so_many_runs_and_another_is_let_in() -> None:
    gate = Gate(Limits(visitor_runs=2))
    with ExitStack() as inside:
        inside.enter_context(gate.admitted("a"))
        inside.enter_context(gate.admitted("a"))
        with pytest.raises(Busy, match=r"You have 2 runs under way.*Wait"), gate.admitted("a"):
            pass
        inside.enter_context(gate.admitted("b"))
        assert gate.inside == 3
    assert gate.inside == 0
    with gate.admitted("a"):
        pass


def test_the_queue_of_all_is_bounded() -> None:
    gate = Gate(Limits(waiting=2))
    with ExitStack() as inside:
        for visitor in "abc":  # one runs, two wait
            inside.enter_context(gate.admitted(visitor))
        with pytest.raises(Busy, match=r"no room in the queue.*Try again"), gate.admitted("d"):
            pass


def test_a_run_that_breaks_leaves_its_place() -> None:
    gate = Gate(Limits(visitor_runs=1))
    with pytest.raises(RuntimeError), gate.admitted("a"):
        raise RuntimeError
    assert gate.inside == 0


def test_a_closed_gate_lets_no_one_in_and_waits_for_those_inside() -> None:
    gate = Gate(Limits())
    assert gate.wait_until_empty(0)
    with gate.admitted("a"):
        gate.close()
        assert gate.closed and not gate.wait_until_empty(0)
        with pytest.raises(Busy, match=r"being restarted"), gate.admitted("b"):
            pass
        waiting = threading.Thread(target=gate.wait_until_empty, args=(20,))
        waiting.start()
    waiting.join(20)
    assert not waiting.is_alive()
