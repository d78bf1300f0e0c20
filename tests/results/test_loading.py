"""How far a load is, said from its events."""

from __future__ import annotations

from playground.domain.events import Loading
from playground.results.loading import LoadProgress
from playground.words import speaking

GB = 10**9


def seen(*events: Loading) -> LoadProgress:
    progress = LoadProgress()
    for event in events:
        progress.see(event)
    return progress


def came(done: float, at_s: float, files: tuple[int, int] | None = None) -> Loading:
    return Loading(int(done * GB), 8 * GB, "bytes", at_s, files)


def test_a_download_says_bytes_shards_pace_and_time_left() -> None:
    progress = seen(came(2.8, 0.0), came(3.0, 2.0), came(3.2, 4.0, (1, 3)))
    assert progress.words() == (
        "downloading… 40 % · 3.2 GB of 8.0 GB · 1 of 3 shards · 100 MB/s · about 50 s left"
    )


def test_resumed_bytes_are_done_but_no_pace() -> None:
    progress = seen(came(7.0, 0.0))
    assert progress.bytes_per_s is None
    assert progress.words() == "downloading… 87 % · 7.0 GB of 8.0 GB"
    progress.see(came(7.1, 2.0))
    assert progress.bytes_per_s == GB / 20


def test_the_pace_is_that_of_the_last_seconds() -> None:
    progress = seen(*(came(second / 10, second) for second in range(10)))
    for second in range(10, 40):
        progress.see(came(0.9 + (second - 9) / 1000, second))
    assert progress.bytes_per_s is not None
    assert round(progress.bytes_per_s) == GB / 1000


def test_a_silent_network_is_said_instead_of_a_pace() -> None:
    progress = seen(came(1.0, 0.0), came(1.5, 2.0), came(1.5, 6.0))
    assert "left" in progress.words()
    progress.see(came(1.5, 7.5))
    assert progress.words().endswith("1.5 GB of 8.0 GB · waiting for the network")


def test_a_file_that_begins_again_makes_no_negative_pace() -> None:
    progress = seen(came(2.0, 0.0), came(3.0, 2.0), came(1.0, 3.0), came(1.5, 5.0))
    assert progress.bytes_per_s == GB / 4


def test_when_all_has_come_it_is_checked_and_loaded() -> None:
    progress = seen(came(8.0, 1.0))
    assert progress.words() == "checking what came… · 8.0 GB of 8.0 GB"
    progress.see(Loading(30, 120, "tensors", 2.0))
    assert progress.words() == "loading the model… 25 %"
    progress.see(Loading(0, None, "warm-up", 3.0))
    assert progress.words() == "loading the model…"


def test_a_narrow_place_gets_what_tells_most() -> None:
    progress = seen(came(2.8, 0.0), came(3.0, 2.0), came(3.2, 4.0, (1, 3)))
    assert [progress.words(most) for most in (70, 50, 40, 5)] == [
        "downloading… 40 % · 3.2 GB of 8.0 GB · 100 MB/s · about 50 s left",
        "downloading… 40 % · about 50 s left",
        "downloading… 40 % · about 50 s left",
        "downloading… 40 % · about 50 s left",
    ]


def test_what_came_of_a_download_is_kept_when_it_is_left_off() -> None:
    progress = seen(came(3.0, 0.0))
    assert [notice.kind for notice in progress.kept()] == ["kept"]
    progress.see(Loading(30, 120, "tensors", 2.0))
    assert seen().kept() == progress.kept() == ()


def test_it_is_said_in_portuguese_too() -> None:
    with speaking("pt-BR"):
        assert seen(came(3.2, 0.0, (1, 3))).words() == (
            "baixando… 40 % · 3,2 GB de 8,0 GB · 1 de 3 partes"
        )
