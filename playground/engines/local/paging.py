"""Weights that stay mapped from their files are read once while their model loads: a run's times
never hold the disk's.

What the system has in memory already is passed over. Knows files and bytes; no model.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

PIECE_BYTES = 4 * 2**20
REPORT_BYTES = 256 * 2**20

ReportBytes = Callable[[int, int], None]


def read_through(paths: Sequence[Path], free_bytes: int, report: ReportBytes) -> None:
    """Bring these files into memory, as far as it has room for all; `report` says bytes of bytes.

    A file that cannot be read is left out: whoever computes with it says so.
    """
    total = sum(path.stat().st_size for path in paths)
    if total > free_bytes:  # the first would be gone again before the last is there
        return
    done = reported = 0
    for path in paths:
        with path.open("rb", buffering=0) as file:
            for start in range(0, path.stat().st_size, PIECE_BYTES):
                if not _is_in_memory(file.fileno(), start):
                    file.seek(start)
                    file.read(PIECE_BYTES)
                done += PIECE_BYTES
                if done - reported >= REPORT_BYTES:
                    reported = done
                    report(min(done, total), total)


def _is_in_memory(file: int, start: int) -> bool:
    """Whether the system has this place of the file; false where it does not tell."""
    if not hasattr(os, "RWF_NOWAIT"):
        return False
    try:
        return os.preadv(file, [bytearray(1)], start, os.RWF_NOWAIT) == 1
    except OSError:  # it would have to wait, or this file system does not tell
        return False
