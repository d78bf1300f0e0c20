"""Brings files over HTTP: several at a time, each resumed where it stopped, and checked.

All that has come is kept, whatever happens: a lost connection is taken up again at the next byte, a
cancelled or failed transfer by the next one. Knows no hub: a `Source` has its headers and errors.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import threading
from asyncio import sleep
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from filelock import FileLock, Timeout

from playground.domain.errors import LoadCancelled
from playground.engines.local.cancellation import CANCELLED, Cancellation
from playground.engines.local.hubs.failures import ConnectionLost, Damaged, DiskFull
from playground.engines.local.hubs.remote import RemoteFile, Report

AT_A_TIME = 4
CONNECT_S = 10.0
# No byte for so long, and the connection is taken for lost.
SILENCE_S = 15.0
# Tries without a single new byte; each new byte starts the count again.
TRIES = 5
LONGEST_PAUSE_S = 30.0
REPORT_S = 0.1
LOOK_AGAIN_S = 0.2
BLOCK_BYTES = 8 * 2**20
# Kept free on the disk for everything else.
SPARE_BYTES = 64 * 2**20
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})

Files = Sequence[RemoteFile]


@dataclass(frozen=True)
class Source:
    """A hub's side: what is sent with each request, its errors, what to do with a file that came.

    `check` raises for a refusal, whose body has been read. `place` may take its time: it is called
    in a thread. `before_weights` is called when all small files are here; it may raise.
    """

    headers: Mapping[str, str]
    check: Callable[[httpx2.Response], object]
    place: Callable[[RemoteFile], object] = lambda _file: None
    before_weights: Callable[[], object] = lambda: None


def bring(
    files: Files,
    source: Source,
    report: Report,
    cancellation: Cancellation,
    whole: Files = (),
) -> None:
    """Bring all `files`; `whole` are there already and only counted.

    Raises:
        LoadCancelled: it was given up.
        ConnectionLost, Damaged, DiskFull, OSError: in the words of `failures`.
        Whatever `source.check` and `source.place` raise.
    """
    work = _Transfer(files, whole, source, report)
    work.check_space()

    async def main() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def give_up() -> None:
            work.given_up.set()
            loop.call_soon_threadsafe(task.cancel)

        with cancellation.calling(give_up):
            await work.bring_all()

    try:
        asyncio.run(main())
    except asyncio.CancelledError as exc:
        raise LoadCancelled(CANCELLED) from exc


class _Later(Exception):
    """This try failed in a way that another one may mend; `error` is what to say if none does."""

    def __init__(self, error: Exception, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class _Transfer:
    def __init__(self, files: Files, whole: Files, source: Source, report: Report) -> None:
        self._files = files
        self._source = source
        self._report = report
        self._have = {file.path: file.size_bytes for file in whole}
        self._have |= {file.path: _size_bytes(file) for file in files}
        self._total = sum(file.size_bytes for file in (*files, *whole))
        self._weights = sum(file.holds_weights for file in (*files, *whole))
        self._weights_done = sum(file.holds_weights for file in whole)
        self._places = asyncio.Semaphore(AT_A_TIME)
        self.given_up = threading.Event()

    def check_space(self) -> None:
        """Raise DiskFull if what is still to come does not fit."""
        missing = self._total - sum(self._have.values())
        folder = next((file.partial.parent for file in self._files), None)
        if folder is None or missing == 0:
            return
        free = shutil.disk_usage(_existing(folder)).free
        if free < missing + SPARE_BYTES:
            raise DiskFull(folder, missing + SPARE_BYTES, SPARE_BYTES, free)

    async def bring_all(self) -> None:
        """Small files first: where all weights are, everything is."""
        limits = httpx2.Timeout(SILENCE_S, connect=CONNECT_S)
        telling = asyncio.create_task(self._tell_often())
        try:
            await self._bring_both(limits)
        finally:
            telling.cancel()
        self._tell()

    async def _bring_both(self, limits: httpx2.Timeout) -> None:
        async with httpx2.AsyncClient(timeout=limits, follow_redirects=True) as client:
            for weights in (False, True):
                if weights:
                    self._source.before_weights()
                wanted = [file for file in self._files if file.holds_weights is weights]
                try:
                    async with asyncio.TaskGroup() as group:
                        for file in wanted:
                            group.create_task(self._bring(client, file))
                except BaseExceptionGroup as failed:
                    raise failed.exceptions[0] from None

    async def _bring(self, client: httpx2.AsyncClient, file: RemoteFile) -> None:
        async with self._places:
            for folder in (file.partial.parent, file.target.parent, file.lock.parent):
                folder.mkdir(parents=True, exist_ok=True)
            async with self._alone_with(file):
                if not file.target.exists():
                    await self._fetch_whole(client, file)
                self._have[file.path] = file.size_bytes
            await asyncio.to_thread(self._source.place, file)
            self._weights_done += file.holds_weights

    @asynccontextmanager
    async def _alone_with(self, file: RemoteFile) -> AsyncIterator[None]:
        """While another program brings this file, tell how far it is."""
        lock = FileLock(file.lock)
        while True:
            try:
                lock.acquire(timeout=0)
                break
            except Timeout:
                self._count(file, _size_bytes(file))
                await sleep(LOOK_AGAIN_S)
        try:
            yield
        finally:
            lock.release()

    async def _fetch_whole(self, client: httpx2.AsyncClient, file: RemoteFile) -> None:
        for last in (False, True):
            await self._fetch_all_bytes(client, file)
            right = await asyncio.to_thread(self._is_right, file)
            if right:
                file.partial.replace(file.target)
                return
            file.partial.unlink()
            self._count(file, 0)
            if last:
                raise Damaged(file.path)

    async def _fetch_all_bytes(self, client: httpx2.AsyncClient, file: RemoteFile) -> None:
        tries, best = 0, _size_bytes(file)
        while True:
            try:
                return await self._fetch(client, file)
            except (httpx2.TransportError, _Later) as exc:
                later = exc if isinstance(exc, _Later) else _Later(ConnectionLost(exc))
            have = _size_bytes(file)
            tries, best = (tries + 1, best) if have <= best else (1, have)
            if tries >= TRIES:
                raise later.error
            wait_s = later.wait_s if later.wait_s is not None else 2.0 ** (tries - 1)
            if wait_s > LONGEST_PAUSE_S:
                raise later.error
            await sleep(wait_s)

    async def _fetch(self, client: httpx2.AsyncClient, file: RemoteFile) -> None:
        """One request for all that is missing; raises _Later where another one may help."""
        start = _size_bytes(file)
        if start == file.size_bytes and file.partial.exists():
            return
        headers = {**self._source.headers, "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        async with client.stream("GET", file.url, headers=headers) as response:
            if response.status_code == 416:
                file.partial.unlink(missing_ok=True)
                raise _Later(Damaged(file.path), 0.0)
            if response.status_code >= 400:
                await response.aread()
                self._refuse(response)
            if response.status_code != 206:
                start = 0
            elif not response.headers.get("content-range", "").startswith(f"bytes {start}-"):
                raise _Later(Damaged(file.path))
            await self._write(file, start, response)

    async def _write(self, file: RemoteFile, start: int, response: httpx2.Response) -> None:
        with file.partial.open("r+b" if start else "wb") as out:
            out.seek(start)
            self._count(file, start)
            async for chunk in response.aiter_bytes():
                if start + len(chunk) > file.size_bytes:
                    out.truncate(0)
                    raise _Later(Damaged(file.path))
                out.write(chunk)
                out.flush()  # kept, whatever comes next
                start += len(chunk)
                self._count(file, start)
        if start < file.size_bytes:
            raise _Later(ConnectionLost(None))

    def _refuse(self, response: httpx2.Response) -> None:
        try:
            self._source.check(response)
        except Exception as exc:
            if response.status_code in _LATER:
                raise _Later(exc, _retry_after_s(response)) from exc
            raise

    def _is_right(self, file: RemoteFile) -> bool:
        """Whether the bytes are those that the hub has; they are on the disk then."""
        size_bytes = file.partial.stat().st_size
        if size_bytes != file.size_bytes:
            return False
        with file.partial.open("r+b") as whole:
            os.fsync(whole.fileno())
            if file.digest is None:
                return True
            git = file.digest.kind == "git"
            digest = hashlib.sha1(usedforsecurity=False) if git else hashlib.sha256()
            if git:
                digest.update(f"blob {size_bytes}\0".encode())
            while block := whole.read(BLOCK_BYTES):
                if self.given_up.is_set():
                    raise LoadCancelled(CANCELLED)
                digest.update(block)
        return digest.hexdigest() == file.digest.hexadecimal

    def _count(self, file: RemoteFile, have: int) -> None:
        self._have[file.path] = min(have, file.size_bytes)

    async def _tell_often(self) -> None:
        while True:
            self._tell()
            await asyncio.sleep(REPORT_S)

    def _tell(self) -> None:
        self._report(sum(self._have.values()), self._total, (self._weights_done, self._weights))


def _size_bytes(file: RemoteFile) -> int:
    """How much of the file is here; a partial that is too long counts as nothing."""
    if file.target.exists():
        return file.size_bytes
    try:
        size_bytes = file.partial.stat().st_size
    except OSError:
        return 0
    return size_bytes if size_bytes <= file.size_bytes else 0


def _retry_after_s(response: httpx2.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())
