"""A set's files on the Hugging Face Hub, in the library's own cache; failures in our words.

Small files only. Knows no column.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from playground.domain.errors import BadRequest, DownloadFailed, PlaygroundError
from playground.words import size

REACH_S = 5.0
MOST_BYTES = 300_000_000
KIND = "dataset"
_UNREACHED = (OfflineModeIsEnabled, LocalEntryNotFoundError, ConnectionError, httpx2.TransportError)
Choose = Callable[[list[str]], list[str]]
Tell = Callable[[str], None]


def files_of(hub_id: str, revision: str | None, choose: Choose, tell: Tell) -> list[Path]:
    """The files that `choose` takes of a repository's; what is missing is downloaded, after
    telling so. Without the Hub, those that are here. Raises PlaygroundError."""
    try:
        return _from_hub(hub_id, revision, choose, tell)
    except PlaygroundError:
        raise
    except _UNREACHED as exc:
        here = _cached(hub_id, revision)
        if here is None:
            raise DownloadFailed(
                f"{hub_id!r} is not on this machine, and the Hugging Face Hub cannot be reached."
                " Connect to the network, or name a file with problems."
            ) from exc
        found = [path for path in here.rglob("*") if path.is_file()]
        names = {path.relative_to(here).as_posix(): path for path in found}
        return [names[name] for name in choose(sorted(names))]
    except Exception as exc:
        raise _translated(exc, hub_id) from exc


def _from_hub(hub_id: str, revision: str | None, choose: Choose, tell: Tell) -> list[Path]:
    info = HfApi().dataset_info(hub_id, revision=revision, timeout=REACH_S, files_metadata=True)
    listed = {sibling.rfilename: int(sibling.size or 0) for sibling in info.siblings or ()}
    names = choose(sorted(listed))
    total = sum(listed[name] for name in names)
    if total > MOST_BYTES:
        raise BadRequest(
            f"{hub_id!r} has {size(total)} to download, but {size(MOST_BYTES)} is the most. Name a"
            " smaller one, or a file of it."
        )
    tell(f"{hub_id}: {size(total)} from the Hugging Face Hub\n")
    return [
        Path(hf_hub_download(hub_id, name, repo_type=KIND, revision=revision, etag_timeout=REACH_S))
        for name in names
    ]


def _cached(hub_id: str, revision: str | None) -> Path | None:
    """What an earlier download left here; null if nothing."""
    try:
        return Path(
            snapshot_download(hub_id, repo_type=KIND, revision=revision, local_files_only=True)
        )
    except (LocalEntryNotFoundError, HFValidationError, OSError, ValueError):
        return None


def _translated(exc: Exception, hub_id: str) -> PlaygroundError:
    match exc:
        case GatedRepoError():
            return DownloadFailed(
                f"{hub_id!r} is gated. Accept its terms at"
                f" {constants.ENDPOINT}/datasets/{hub_id} and set HF_TOKEN to a token of that"
                " account."
            )
        case RevisionNotFoundError():
            return BadRequest(f"{hub_id!r}: no such revision. Check the part after '@'.")
        case RepositoryNotFoundError() | HFValidationError():
            return BadRequest(
                f"There is no file and no public set {hub_id!r}. Check the spelling; for a private"
                " set set HF_TOKEN."
            )
        case HfHubHTTPError():
            status = exc.response.status_code
            return DownloadFailed(
                f"The Hugging Face Hub refused {hub_id!r} (HTTP {status}). Try again later, or name"
                " a file with problems."
            )
        case OSError():
            return DownloadFailed(
                f"{hub_id!r} could not be kept on this machine: {exc.strerror or exc}. Make room,"
                " or set HF_HOME to another folder."
            )
        case _:
            return DownloadFailed(
                f"Downloading {hub_id!r} failed: {type(exc).__name__}: {exc}. Try again, or name a"
                " file with problems."
            )
