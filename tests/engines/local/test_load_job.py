"""One load in the background, seen by many, given up by some."""

from __future__ import annotations

import threading
import weakref

import pytest

from playground.domain.errors import LoadCancelled, ModelNotFound, ModelUnusable
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.load_job import LoadJob, Report


def test_progress_is_seen_and_the_value_comes() -> None:
    def work(report: Report, _: Cancellation) -> str:
        report(1, 2, "tensors")
        seen.wait(5)
        report(2, 2, "tensors")
        return "model"

    seen = threading.Event()
    job = LoadJob(work)
    shown = []
    for loading in job.watch(lambda: False):
        shown.append((loading.done, loading.total, loading.unit))
        if loading.unit == "tensors":
            seen.set()
    assert shown[-1] == (2, 2, "tensors")
    assert job.value() == "model"
    assert not job.failed


def test_many_watch_one_load() -> None:
    calls = []
    go = threading.Event()

    def work(_report: Report, _: Cancellation) -> int:
        calls.append(1)
        go.wait(5)
        return 7

    job = LoadJob(work)
    values: list[int | None] = []

    def watch() -> None:
        for _ in job.watch(lambda: False):
            pass
        values.append(job.value())

    threads = [threading.Thread(target=watch) for _ in range(8)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert values == [7] * 8
    assert len(calls) == 1


def test_a_watcher_may_give_up_while_the_load_goes_on() -> None:
    go = threading.Event()
    job = LoadJob(lambda *_: go.wait(5))
    checks = iter([False, False, True])
    list(job.watch(lambda: next(checks)))
    assert job.value() is None
    go.set()
    list(job.watch(lambda: False))
    assert job.value() is True


def test_a_failure_is_raised_anew_for_each_watcher() -> None:
    original = ModelNotFound("No such folder. Check it.")

    def work(_report: Report, _: Cancellation) -> None:
        raise original

    job = LoadJob(work)
    list(job.watch(lambda: False))
    assert job.failed
    for _ in range(2):
        with pytest.raises(ModelNotFound, match="No such folder") as raised:
            job.value()
        assert raised.value is not original
        assert raised.value.__cause__ is original


def test_a_foreign_failure_is_said_in_our_words() -> None:
    def work(_report: Report, _: Cancellation) -> None:
        raise ImportError("no torch")

    job = LoadJob(work)
    list(job.watch(lambda: False))
    with pytest.raises(ModelUnusable, match=r"ImportError: no torch\. Try again"):
        job.value()


def test_what_can_be_given_up_is_given_up_for_every_watcher() -> None:
    given_up, begun = threading.Event(), threading.Event()

    def work(_report: Report, cancellation: Cancellation) -> None:
        with cancellation.calling(given_up.set):
            begun.set()
            assert given_up.wait(5)
        assert cancellation.asked
        raise LoadCancelled("The download was cancelled. Load it again.")

    job = LoadJob(work)
    assert begun.wait(5)
    assert job.cancel()
    list(job.watch(lambda: False))
    for _ in range(2):
        with pytest.raises(LoadCancelled, match="was cancelled"):
            job.value()
    assert not job.cancel()


def test_what_cannot_be_given_up_goes_on() -> None:
    go = threading.Event()
    job = LoadJob(lambda *_: go.wait(5))
    assert not job.cancel()
    go.set()
    list(job.watch(lambda: False))
    assert job.value() is True


def test_what_can_be_given_up_ends_with_its_last_watcher() -> None:
    given_up, begun = threading.Event(), threading.Event()

    def work(_report: Report, cancellation: Cancellation) -> None:
        with cancellation.calling(given_up.set):
            begun.set()
            assert given_up.wait(5)

    job = LoadJob(work)
    first, second = job.watch(lambda: False), job.watch(lambda: False)
    next(first), next(second)
    assert begun.wait(5)
    first.close()  # type: ignore[attr-defined]
    assert not given_up.is_set()
    second.close()  # type: ignore[attr-defined]
    assert given_up.is_set() and job.failed


class Half:
    """Half of a model, which a failed load leaves in its frames."""


def test_a_failed_load_holds_nothing_of_what_it_had_made() -> None:
    made: list[weakref.ref[Half]] = []

    def work(_report: Report, _: Cancellation) -> None:
        half = Half()
        made.append(weakref.ref(half))
        first, second = OSError("first"), OSError("second")
        first.__cause__, second.__cause__ = second, first  # such chains do happen
        raise first

    job = LoadJob(work)
    list(job.watch(lambda: False))
    assert job.failed
    assert made[0]() is None


@pytest.mark.parametrize("early", [True, False])
def test_a_value_that_nobody_wants_any_more_is_let_go_once(early: bool) -> None:
    go, gone, let_go = threading.Event(), threading.Event(), []

    def work(_report: Report, _: Cancellation) -> str:
        assert go.wait(5)
        return "value"

    def done(value: str) -> None:
        let_go.append(value)
        gone.set()

    job = LoadJob(work)
    if early:
        job.discard(done)
        assert let_go == []
    go.set()
    list(job.watch(lambda: False))
    if not early:
        assert job.value() == "value"
        job.discard(done)
    assert gone.wait(5)
    assert let_go == ["value"]
    assert job.value() is None
