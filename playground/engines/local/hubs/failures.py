"""What goes wrong with a hub, said in our words, each with the next step.

Knows no hub's client: a hub translates its own errors with these.
"""

from __future__ import annotations

import errno
from pathlib import Path

from playground.domain.errors import (
    DownloadFailed,
    ModelNotFound,
    ModelUnusable,
    PlaygroundError,
)
from playground.words import size

_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)
KEPT = "What has come is kept: load the model again to go on."


class ConnectionLost(Exception):
    """The connection broke, and trying again brought no byte more."""

    def __init__(self, cause: Exception | None) -> None:
        super().__init__("it ended too early" if cause is None else type(cause).__name__)


class Damaged(Exception):
    """A file came with other bytes than the hub's own checksum or size says, twice."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class DiskFull(Exception):
    """Bytes that must be free, `spare` of them for everything else, and bytes that are."""

    def __init__(self, folder: Path, needed: int, spare: int, free: int) -> None:
        super().__init__(str(folder))
        self.folder, self.needed, self.spare, self.free = folder, needed, spare, free


class Wording:
    """A hub's failures about one model.

    `token` and `cache` are the environment variables that a person sets.
    """

    def __init__(self, wanted: str, hub: str, token: str, cache: str) -> None:
        self._wanted = wanted
        self._hub = hub
        self._begins = hub[0].upper() + hub[1:]  # as a sentence begins
        self._token = token
        self._cache = cache

    def of(self, error: Exception) -> PlaygroundError | None:
        """What every hub's transfer may meet; null for what only the hub itself can tell."""
        match error:
            case PlaygroundError():
                return error
            case DiskFull():
                return DownloadFailed(
                    f"{self._wanted!r} needs {size(error.needed)} on the disk of"
                    f" {str(error.folder)!r}, {size(error.spare)} of it to spare, and"
                    f" {size(error.free)} are free. Free some space, or set"
                    f" {self._cache} to a folder on another disk."
                )
            case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
                return DownloadFailed(
                    f"The disk became full while {self._wanted!r} was downloaded. Free some space,"
                    f" or set {self._cache} to a folder on another disk. {KEPT}"
                )
            case OSError() if error.errno in _NOT_WRITABLE:
                return DownloadFailed(
                    f"{error.filename!r} cannot be written ({error.strerror}). Make it writable, or"
                    f" set {self._cache} to another folder."
                )
            case ConnectionLost():
                return DownloadFailed(
                    f"The connection to {self._hub} was lost while {self._wanted!r} was downloaded"
                    f" ({error}). Check the network. {KEPT}"
                )
            case Damaged():
                return DownloadFailed(
                    f"{error.path!r} of {self._wanted!r} came damaged twice: its bytes are not"
                    f" those that {self._hub} names. Load it again; if that happens again,"
                    " something on the way changes files, such as a proxy."
                )
            case _:
                return None

    def no_network(self) -> ModelNotFound:
        return ModelNotFound(
            f"{self._wanted!r} is not whole on this machine, and {self._hub} cannot be reached."
            " Connect to the network, or name a folder that holds the model."
        )

    def offline(self, setting: str) -> ModelNotFound:
        return ModelNotFound(
            f"{self._wanted!r} is not whole on this machine, and {setting} forbids to download it."
            f" Unset {setting}, or name a folder that holds the model."
        )

    def gated(self, page: str) -> ModelUnusable:
        return ModelUnusable(
            f"{self._wanted!r} is gated. Accept its terms at {page} and set {self._token} to a"
            " token of that account."
        )

    def not_found(self) -> ModelNotFound:
        revision = " and the part after '@'" if "@" in self._wanted else ""
        return ModelNotFound(
            f"There is no model {self._wanted!r} on {self._hub}, or it is private. Check the"
            f" spelling{revision}; for a private one set {self._token}."
        )

    def no_model(self) -> ModelUnusable:
        return ModelUnusable(
            f"{self._wanted!r} on {self._hub} has no config.json, so transformers cannot load it"
            " (it may be a GGUF file). Name the original model, or run this one on a server."
        )

    def no_revision(self) -> ModelNotFound:
        return ModelNotFound(f"{self._wanted!r}: no such revision. Check the part after '@'.")

    def token_refused(self) -> DownloadFailed:
        return DownloadFailed(
            f"{self._begins} refused the token in {self._token}. Set a valid one, or unset it:"
            " public models need none."
        )

    def forbidden(self) -> ModelUnusable:
        return ModelUnusable(
            f"{self._begins} does not let you read {self._wanted!r}. Set {self._token} to a token"
            " that may."
        )

    def too_many(self, wait: str | None) -> DownloadFailed:
        when = f"Wait {wait} s" if wait else "Wait some minutes"
        return DownloadFailed(
            f"{self._begins} takes no more requests from here for now. {when} and load again; a"
            f" token in {self._token} allows more. What has come is kept."
        )

    def broken(self, status: int) -> DownloadFailed:
        return DownloadFailed(
            f"{self._begins} has a fault of its own (HTTP {status}). Try again later. {KEPT}"
        )

    def refused(self, status: int) -> DownloadFailed:
        return DownloadFailed(
            f"{self._begins} refused {self._wanted!r} (HTTP {status}). Try again later, or name a"
            " folder that holds the model."
        )

    def unknown(self, error: Exception) -> DownloadFailed:
        return DownloadFailed(
            f"Downloading {self._wanted!r} failed: {type(error).__name__}: {error}. {KEPT}"
        )
