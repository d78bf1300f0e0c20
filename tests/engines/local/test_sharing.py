"""One value for all who hold it; made once, let go by the last, made anew afterwards."""

from __future__ import annotations

import threading

import pytest

from playground.engines.local import sharing
from playground.engines.local.load_job import Report
from playground.engines.local.sharing import Shared


class Made:
    """Counts what is made and let go."""

    def __init__(self) -> None:
        self.count = 0
        self.gone: list[str] = []
        self.shared: Shared[str] = Shared(self.gone.append, lambda: self.gone.append("returned"))

    def make(self, report: Report) -> str:
        self.count += 1
        report(self.count, None, "made")
        return f"value {self.count}"


def no_report(*_: object) -> None: ...


@pytest.fixture
def made() -> Made:
    return Made()


def test_a_second_holder_gets_the_same_value(made: Made) -> None:
    one, two = (made.shared.hold("key", made.make, no_report) for _ in range(2))
    assert one.value is two.value
    assert made.shared.hold("other", made.make, no_report).value == "value 2"


def test_only_the_last_release_lets_the_value_go(made: Made) -> None:
    one, two = (made.shared.hold("key", made.make, no_report) for _ in range(2))
    one.release()
    one.release()
    assert made.gone == [] and two.value == "value 1"
    two.release()
    assert made.gone == ["value 1", "returned"]
    assert made.shared.hold("key", made.make, no_report).value == "value 2"


def test_a_hold_gives_another_one_until_it_is_released(made: Made) -> None:
    hold = made.shared.hold("key", made.make, no_report)
    again = hold.again()
    assert again is not None
    hold.release()
    assert hold.again() is None
    assert again.value == "value 1" and made.gone == []
    again.release()
    assert made.gone == ["value 1", "returned"]


class Reports(list[Report]):
    """Sets `two` when the second one is there."""

    def __init__(self) -> None:
        super().__init__()
        self.two = threading.Event()

    def append(self, report: Report) -> None:
        super().append(report)
        if len(self) == 2:
            self.two.set()


def test_who_waits_for_a_value_sees_its_progress_and_gets_it(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry: sharing._Entry[str] = sharing._Entry()
    entry.reports = reports = Reports()
    monkeypatch.setattr(sharing, "_Entry", lambda: entry)
    begun = threading.Event()
    told: list[object] = []

    def slow(report: Report) -> str:
        begun.set()
        assert reports.two.wait(5)
        return made.make(report)

    def second() -> None:
        told.append(made.shared.hold("key", made.make, lambda *given: told.append(given)).value)

    threads = [
        threading.Thread(target=lambda: made.shared.hold("key", slow, no_report)),
        threading.Thread(target=second),
    ]
    threads[0].start()
    assert begun.wait(5)
    threads[1].start()
    for thread in threads:
        thread.join()
    assert told == [(1, None, "made", None), "value 1"]
    assert entry.holds == 2


def test_a_failure_is_raised_and_the_next_one_tries_anew(made: Made) -> None:
    def fail(_: Report) -> str:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        made.shared.hold("key", fail, no_report)
    assert made.gone == []
    assert made.shared.hold("key", made.make, no_report).value == "value 1"
