"""A lease: one holder at a time, first come, first served, each waiter knowing its place."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from playground.comparison.lease import Lease, Leases

TICK_S = 0.001


def places(lease: Lease, ticket: object) -> Iterator[int]:
    return lease.wait(ticket, TICK_S)


def hold(lease: Lease, ticket: object) -> None:
    """Take a free lease."""
    assert list(places(lease, ticket)) == []


def is_free(lease: Lease) -> bool:
    ticket = object()
    try:
        return next(places(lease, ticket), None) is None
    finally:
        lease.release(ticket)


def test_a_free_lease_is_held_at_once() -> None:
    lease = Lease()
    hold(lease, "a")
    assert not is_free(lease)


def test_a_released_lease_is_free() -> None:
    lease = Lease()
    hold(lease, "a")
    lease.release("a")
    assert is_free(lease)


def test_each_waiter_knows_its_place() -> None:
    lease = Lease()
    hold(lease, "a")
    assert [next(places(lease, ticket)) for ticket in "bcd"] == [1, 2, 3]


def test_a_waiter_is_told_its_place_again_and_again() -> None:
    lease = Lease()
    hold(lease, "a")
    waiting = places(lease, "b")
    assert [next(waiting) for _ in range(3)] == [1, 1, 1]


def test_first_come_is_first_served() -> None:
    lease = Lease()
    hold(lease, "a")
    b, c = places(lease, "b"), places(lease, "c")
    assert (next(b), next(c)) == (1, 2)
    lease.release("a")
    assert next(c) == 1
    assert list(b) == []
    lease.release("b")
    assert list(c) == []


def test_who_gives_up_lets_the_others_move_up() -> None:
    lease = Lease()
    hold(lease, "a")
    b, c = places(lease, "b"), places(lease, "c")
    assert (next(b), next(c)) == (1, 2)
    lease.release("b")
    assert next(c) == 1
    lease.release("a")
    assert list(c) == []


@pytest.mark.parametrize("ticket", ["never queued", "a"])
def test_releasing_twice_or_for_nothing_does_nothing(ticket: str) -> None:
    lease = Lease()
    hold(lease, "a")
    lease.release("a")
    hold(lease, "b")
    lease.release(ticket)
    assert not is_free(lease)


def test_a_waiter_is_woken_by_the_release() -> None:
    lease, waiting, held = Lease(), threading.Event(), threading.Event()
    hold(lease, "a")

    def wait() -> None:
        for _ in lease.wait("b", tick_s=600.0):
            waiting.set()
        held.set()

    threading.Thread(target=wait, daemon=True).start()
    assert waiting.wait(20)
    lease.release("a")
    assert held.wait(20)


def test_of_many_threads_one_holds_at_a_time() -> None:
    lease, together, most = Lease(), [0], [0]
    start, moment = threading.Barrier(8), threading.Event()

    def work() -> None:
        start.wait(20)
        for _ in range(25):
            ticket = object()
            for _place in places(lease, ticket):
                pass
            together[0] += 1
            most[0] = max(most[0], together[0])
            moment.wait(0.0001)  # lets the others try
            together[0] -= 1
            lease.release(ticket)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (most[0], is_free(lease)) == (1, True)


def test_a_name_is_one_lease_and_other_names_are_others() -> None:
    leases = Leases()
    assert leases.named("cuda") is leases.named("cuda")
    assert leases.named("cuda") is not leases.named("cpu")


def test_a_lease_of_two_places_is_held_by_two_and_tells_the_third_how_many_are_ahead() -> None:
    lease = Leases({"servers": 2}).named("servers")
    for ticket in ("first", "second"):
        assert list(lease.wait(ticket, 0)) == []
    third, fourth = lease.wait("third", 0), lease.wait("fourth", 0)
    assert (next(third), next(fourth)) == (1, 2)
    lease.release("first")
    assert list(third) == []
    assert next(fourth) == 1
