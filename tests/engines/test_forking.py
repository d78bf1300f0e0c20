"""A lock that somebody holds while the process forks is free in the child."""

from __future__ import annotations

import multiprocessing
import os
import threading

import pytest

from playground.engines.forking import free_after_fork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("make", [threading.Lock, threading.RLock, threading.Condition])
def test_a_held_lock_is_free_in_the_child(make: type) -> None:
    lock = free_after_fork(make())  # type: ignore[var-annotated]
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            release.wait(20)

    def child(sending: object) -> None:
        sending.send(lock.acquire(timeout=5))  # type: ignore[attr-defined]

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    fork = multiprocessing.get_context("fork")
    receiving, sending = fork.Pipe(duplex=False)
    process = fork.Process(target=child, args=(sending,))
    process.start()
    assert receiving.recv() is True
    process.join()
    release.set()
    holder.join()
