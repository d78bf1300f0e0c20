"""Text files on this machine: read whole, and written so that no reader ever sees half a file.

Knows paths; knows nothing of what the text means.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from playground.domain.errors import BadRequest

MOST_BYTES = 100_000_000
_NEW_FILE_MODE = 0o666


def read_text(path: Path) -> str:
    """The file's text. Raises BadRequest."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise BadRequest(
                f"{str(path)!r} is larger than {MOST_BYTES // 1_000_000} MB. Clear outputs that are"
                " not needed, or split it."
            )
        return content.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise BadRequest(
            f"{str(path)!r} is no text in UTF-8 (byte {exc.start}). Choose another file."
        ) from exc
    except (OSError, ValueError) as exc:
        raise BadRequest(
            f"{str(path)!r} could not be read: {_reason(exc)}. Choose another file."
        ) from exc


def save_atomically(path: Path, text: str) -> None:
    """Put `text` in the file's place in one step; its mode, or the link to it, stays.

    Raises BadRequest, and leaves the file as it was then.
    """
    try:
        _replace(Path(os.path.realpath(path)), text.encode("utf-8"))
    except (OSError, ValueError) as exc:
        raise BadRequest(
            f"{str(path)!r} could not be saved: {_reason(exc)}. Make room, or choose another place."
        ) from exc


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int:
    """The file's mode, or that of a new file."""
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return _NEW_FILE_MODE & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the new name last; where a folder cannot be opened (Windows), the system sees to it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) else None
    return words or str(error)
