"""A Hub id's folder on this machine: from the cache, or downloaded with progress.

The only place of the engine room that talks to the Hub. Knows nothing of what is in the files.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, constants, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from playground.domain.errors import ModelNotFound, ModelUnusable, PlaygroundError
from playground.engines.local.folder import weight_files

REACH_TIMEOUT_S = 5.0
PATTERNS = ["*.json", "*.jinja", "*.safetensors", "tokenizer.model", "merges.txt", "vocab.txt"]

ReportBytes = Callable[[int, int | None], None]


def cached_folder(hub_id: str, revision: str | None) -> Path | None:
    """The snapshot in the cache, perhaps without its weights; null if there is none."""
    found = try_to_load_from_cache(hub_id, "config.json", revision=revision)
    return Path(found).parent if isinstance(found, str) else None


def local_folder(hub_id: str, revision: str | None, report: ReportBytes) -> Path:
    """The whole model's folder; downloads what is missing.

    Raises:
        ModelNotFound: no such model or revision, or no network and not in the cache.
        ModelUnusable: gated, or the download failed.
    """
    cached = cached_folder(hub_id, revision)
    if cached is not None and _has_weights(cached):
        return cached
    wanted = f"{hub_id}@{revision}" if revision else hub_id
    try:
        _reach(hub_id, revision)
        return Path(
            snapshot_download(
                hub_id,
                revision=revision,
                allow_patterns=PATTERNS,
                tqdm_class=_reporting_tqdm(report),
                etag_timeout=REACH_TIMEOUT_S,
            )
        )
    except Exception as exc:
        raise _translated(exc, wanted) from exc


def _reach(hub_id: str, revision: str | None) -> None:
    """One question with a short timeout, so that a missing network is noticed at once."""
    if constants.HF_HUB_OFFLINE:
        raise OfflineModeIsEnabled("HF_HUB_OFFLINE is set")
    HfApi().model_info(hub_id, revision=revision, timeout=REACH_TIMEOUT_S)


def _has_weights(folder: Path) -> bool:
    try:
        return bool(weight_files(folder))
    except ModelUnusable:
        return False


def _translated(exc: Exception, wanted: str) -> PlaygroundError:
    match exc:
        case GatedRepoError():
            return ModelUnusable(
                f"{wanted!r} is gated. Accept its terms on huggingface.co and set HF_TOKEN."
            )
        case RevisionNotFoundError():
            return ModelNotFound(f"{wanted!r}: no such revision. Check the part after '@'.")
        case RepositoryNotFoundError() | HFValidationError():
            return ModelNotFound(
                f"There is no model {wanted!r} on the Hub, or it is private. Check the spelling;"
                " for a private one set HF_TOKEN."
            )
        case HfHubHTTPError():
            return ModelUnusable(f"The Hub refused {wanted!r}: {exc}. Try again later.")
        case LocalEntryNotFoundError() | OfflineModeIsEnabled() | ConnectionError():
            return _no_network(wanted)
        case OSError() if exc.errno == errno.ENOSPC:
            return ModelUnusable(f"Downloading {wanted!r}: {exc}. Free some space and run again.")
        case _ if type(exc).__module__.startswith(("httpx", "requests", "urllib3", "httpcore")):
            return _no_network(wanted)
        case _:
            return ModelUnusable(
                f"Downloading {wanted!r} failed: {type(exc).__name__}: {exc}. Try again."
            )


def _no_network(wanted: str) -> ModelNotFound:
    return ModelNotFound(
        f"{wanted!r} is not on this machine, and the Hub cannot be reached. Connect to the network,"
        " or name a folder that holds the model."
    )


def _reporting_tqdm(report: ReportBytes) -> type[Any]:
    """A silent bar class that reports the bytes of all its bars together."""
    bars: list[Any] = []

    class ReportingTqdm(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("name", None)
            if kwargs.get("unit") == "B":
                bars.append(self)
            super().__init__(*args, **{**kwargs, "disable": True})

        def update(self, n: float | None = 1) -> None:
            self.n += n or 0
            # The same bytes are counted when they arrive and when they are written.
            if self in bars:
                report(int(max(bar.n for bar in bars)), max(int(bar.total or 0) for bar in bars))

        def __eq__(self, other: object) -> bool:  # tqdm compares bars by place on the screen
            return self is other

        __hash__ = object.__hash__

    return ReportingTqdm
