"""Bytes over a bad line: resumed, checked, never counted twice, never taken for whole too early."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from filelock import FileLock

from playground.domain.errors import ModelUnusable
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.hubs.failures import ConnectionLost, Damaged, DiskFull, Wording
from playground.engines.local.hubs.remote import Digest, RemoteFile
from playground.engines.local.hubs.transfer import Source, bring
from tests.engines.local.hubs.conftest import SHARDS
from tests.engines.local.hubs.standin import Reply, StandIn, git_sha1, sha256

SHARD = SHARDS[0]


class Place:
    """A folder that files come into, and what was reported on the way."""

    def __init__(self, folder: Path, server: StandIn) -> None:
        self.folder = folder
        self.server = server
        self.seen: list[tuple[int, int, tuple[int, int]]] = []
        self.placed: list[str] = []
        self.cancellation = Cancellation()

    def file(self, name: str = SHARD, **changes: Any) -> RemoteFile:
        data = self.server.files[name]
        given = {
            "path": name,
            "size_bytes": len(data),
            "url": f"{self.server.url}/{name}",
            "partial": self.folder / f"{name}.incomplete",
            "target": self.folder / name,
            "lock": self.folder / "locks" / name,
            "digest": Digest("sha256", sha256(data)),
        }
        return RemoteFile(**{**given, **changes})

    def bring(
        self,
        *files: RemoteFile,
        before_weights: Callable[[], object] = lambda: None,
        **options: Any,
    ) -> None:
        source = Source({}, httpx2.Response.raise_for_status, self._place, before_weights)
        bring(files or (self.file(),), source, self._report, self.cancellation, **options)

    def _report(self, done: int, total: int, files: tuple[int, int]) -> None:
        self.seen.append((done, total, files))

    def _place(self, file: RemoteFile) -> None:
        self.placed.append(file.path)

    def has(self, name: str = SHARD) -> bool:
        return (self.folder / name).read_bytes() == self.server.files[name]


@pytest.fixture
def place(tmp_path: Path, server: StandIn) -> Place:
    return Place(tmp_path / "models", server)


def test_files_come_and_are_placed_those_with_weights_last(place: Place) -> None:
    names = [*SHARDS, "config.json", "tokenizer.json"]
    place.bring(*(place.file(name) for name in names))
    assert all(place.has(name) for name in names)
    assert set(place.placed[:2]) == {"config.json", "tokenizer.json"}
    total = sum(len(place.server.files[name]) for name in names)
    assert place.seen[0] == (0, total, (0, 3))
    assert place.seen[-1] == (total, total, (3, 3))
    assert not list(place.folder.glob("*.incomplete"))


def test_what_the_small_files_say_keeps_the_weights_from_being_asked_for(place: Place) -> None:
    def refuse() -> None:
        assert place.has("config.json")
        raise ModelUnusable("of no use")

    with pytest.raises(ModelUnusable, match="of no use"):
        place.bring(place.file(), place.file("config.json"), before_weights=refuse)
    assert place.server.downloads(SHARD) == []


def test_what_is_whole_is_counted_and_not_brought(place: Place) -> None:
    place.bring(place.file(), whole=[place.file(SHARDS[1])])
    both = len(place.server.files[SHARD]) + len(place.server.files[SHARDS[1]])
    assert place.seen[0] == (len(place.server.files[SHARDS[1]]), both, (1, 2))
    assert place.seen[-1] == (both, both, (2, 2))
    assert place.server.downloads(SHARDS[1]) == []


def test_a_half_file_goes_on_at_the_next_byte(place: Place) -> None:
    half = place.file()
    half.partial.parent.mkdir(parents=True)
    half.partial.write_bytes(place.server.files[SHARD][:777])
    place.bring(half)
    assert place.server.downloads(SHARD) == [777] and place.has()
    assert place.seen[0][0] == 777


def test_a_server_that_ignores_ranges_is_counted_from_the_start(place: Place) -> None:
    half = place.file()
    half.partial.parent.mkdir(parents=True)
    half.partial.write_bytes(place.server.files[SHARD][:777])
    place.server.trouble.ignores_ranges = True
    place.bring(half)
    assert place.has()
    assert all(done <= total for done, total, _ in place.seen)


def test_all_bytes_without_the_last_step_need_no_network(place: Place) -> None:
    file = place.file()
    file.partial.parent.mkdir(parents=True)
    file.partial.write_bytes(place.server.files[SHARD])
    place.bring(file)
    assert place.server.downloads(SHARD) == [] and place.has()


def test_a_partial_that_is_too_long_is_brought_anew(place: Place) -> None:
    file = place.file()
    file.partial.parent.mkdir(parents=True)
    file.partial.write_bytes(place.server.files[SHARD] + b"more")
    place.bring(file)
    assert place.server.downloads(SHARD) == [0] and place.has()


@pytest.mark.parametrize("kind", ["sha256", "git"])
def test_a_damaged_file_is_brought_anew_once(place: Place, kind: str) -> None:
    data = place.server.files[SHARD]
    digest = Digest("git", git_sha1(data)) if kind == "git" else Digest("sha256", sha256(data))
    place.server.trouble.damaged[SHARD] = 1
    place.bring(place.file(digest=digest))
    assert place.server.downloads(SHARD) == [0, 0] and place.has()


def test_a_file_that_stays_damaged_is_never_taken_for_whole(place: Place) -> None:
    place.server.trouble.damaged[SHARD] = 2
    with pytest.raises(Damaged, match=SHARD):
        place.bring()
    assert list(place.folder.glob("model*")) == []


@pytest.mark.parametrize("more", [-5, 5])
def test_a_file_of_another_size_is_never_taken_for_whole(
    place: Place, pauses: list[float], more: int
) -> None:
    size_bytes = len(place.server.files[SHARD]) + more
    with pytest.raises((Damaged, ConnectionLost)):
        place.bring(place.file(size_bytes=size_bytes))
    assert not place.file().target.exists()
    assert all(done <= size_bytes for done, _, _ in place.seen)


def test_a_server_that_makes_one_wait_too_long_is_not_waited_for(
    place: Place, pauses: list[float]
) -> None:
    place.server.trouble.always[SHARD] = Reply(429, headers=(("Retry-After", "3600"),))
    with pytest.raises(httpx2.HTTPStatusError, match="429"):
        place.bring()
    assert pauses == []


def test_a_refusal_is_not_tried_again(place: Place, pauses: list[float]) -> None:
    place.server.trouble.always[SHARD] = Reply(403)
    with pytest.raises(httpx2.HTTPStatusError, match="403"):
        place.bring()
    assert pauses == [] and len(place.server.downloads(SHARD)) == 1


def test_one_file_that_fails_ends_the_others_and_keeps_what_came(
    place: Place, pauses: list[float]
) -> None:
    place.server.trouble.stalls[SHARDS[1]] = 5000
    refuse = Reply(404)
    route = place.server.route

    def late(asked: Any) -> Reply:
        if asked.path.endswith(SHARD):
            assert place.server.trouble.stalled.wait(30)
            return refuse
        return route(asked)

    place.server.route = late  # type: ignore[method-assign]
    with pytest.raises(httpx2.HTTPStatusError, match="404"):
        place.bring(place.file(), place.file(SHARDS[1]))
    assert place.server.files[SHARDS[1]].startswith(place.file(SHARDS[1]).partial.read_bytes())


def test_too_little_room_is_said_before_anything_comes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(place.folder.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=115 * 10**6))
    with pytest.raises(DiskFull) as raised:
        place.bring(place.file(size_bytes=92 * 10**6))
    assert place.server.asked == []
    said = Wording("a/b", "the hub", "TOKEN", "CACHE").of(raised.value)
    assert "'a/b' needs 159 MB on the disk of" in str(said)
    assert "67 MB of it to spare, and 115 MB are free. Free some space, or set" in str(said)


def test_a_disk_that_becomes_full_keeps_what_came(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [10_000]
    opened = Path.open

    def open_small(self: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
        file = opened(self, mode, *rest, **options)
        return Small(file, room) if self.name.endswith(".incomplete") and "b" in mode else file

    monkeypatch.setattr(Path, "open", open_small)
    with pytest.raises(OSError) as raised:
        place.bring()
    said = Wording("a/b", "the hub", "TOKEN", "CACHE").of(raised.value)
    assert "The disk became full" in str(said) and "What has come is kept" in str(said)
    monkeypatch.setattr(Path, "open", opened)
    kept = place.file().partial.read_bytes()
    assert len(kept) == 10_000 and place.server.files[SHARD].startswith(kept)
    place.bring()
    assert place.has()


class Small:
    """A file on a disk with little room."""

    def __init__(self, file: Any, room: list[int]) -> None:
        self.file, self.room = file, room

    def write(self, data: bytes) -> None:
        self.file.write(data[: self.room[0]])
        self.room[0] -= len(data)
        if self.room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    def __enter__(self) -> Small:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def test_two_at_once_bring_a_file_once(place: Place) -> None:
    """The one that waits tells how far the other is."""
    file = place.file()
    file.lock.parent.mkdir(parents=True)
    file.partial.write_bytes(place.server.files[SHARD][:777])
    waits, told = threading.Event(), threading.Event()
    report = place._report

    def watching(done: int, total: int, files: tuple[int, int]) -> None:
        report(done, total, files)
        if done == 777:
            waits.set()
        if done == 1500:
            told.set()

    place._report = watching  # type: ignore[method-assign]
    with FileLock(file.lock):
        other = threading.Thread(target=place.bring, args=(file,))
        other.start()
        assert waits.wait(30)
        file.partial.write_bytes(place.server.files[SHARD][:1500])
        assert told.wait(30)
        file.partial.write_bytes(place.server.files[SHARD])
        file.partial.replace(file.target)
    other.join()
    assert place.server.downloads(SHARD) == []
    assert place.seen[-1][0] == file.size_bytes
    assert place.placed == [SHARD]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/c"), "'/c' cannot be written"),
        (OSError(errno.EROFS, "Read-only file system", "/c"), "set CACHE to another folder"),
        (ConnectionLost(httpx2.ReadTimeout("x")), r"lost while 'a/b'.*\(ReadTimeout\)"),
        (Damaged("x.safetensors"), "'x.safetensors' of 'a/b' came damaged twice"),
    ],
)
def test_what_breaks_is_said_with_the_next_step(error: Exception, said: str) -> None:
    translated = Wording("a/b", "the hub", "TOKEN", "CACHE").of(error)
    assert translated is not None
    with pytest.raises(type(translated), match=said):
        raise translated
