"""Models from the Hugging Face Hub: in the library's own cache, where all its users find them.

Listing, places and links are huggingface_hub's; only the bytes are brought by `transfer`, over
plain HTTP also where the Hub has Xet: the library (2.4) throws a half-downloaded file away.
Knows nothing of what is in the files.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import (
    HfApi,
    constants,
    get_cached_repo_tree,
    get_token,
    hf_hub_download,
    hf_hub_url,
    hf_raise_for_status,
    snapshot_download,
    try_to_load_from_cache,
)
from huggingface_hub.errors import (
    CachedRepoTreeNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils import build_hf_headers
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from playground.domain.engine import OnDisk
from playground.domain.errors import PlaygroundError
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.hubs.failures import Wording
from playground.engines.local.hubs.holdings import ADAPTER, holdings, names_in, size_bytes
from playground.engines.local.hubs.remote import Check, Digest, RemoteFile, Report, needed
from playground.engines.local.hubs.transfer import Source, bring

REACH_S = 5.0
CONFIGS = ("config.json", ADAPTER)
# A file's name in `blobs` is its checksum; the library's own unfinished files have one part more.
_BLOB = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?(?:\.incomplete)?")


def folder(hub_id: str, revision: str | None) -> Path | None:
    """The snapshot in the cache, perhaps without its weights; null if there is none."""
    for name in CONFIGS:
        try:
            found = try_to_load_from_cache(hub_id, name, revision=revision)
        except HFValidationError:
            return None
        if isinstance(found, str):
            return Path(found).parent
    return None


def on_disk(hub_id: str, revision: str | None) -> OnDisk:
    """What of the model is in the cache. Asks nobody."""
    try:
        tree = get_cached_repo_tree(hub_id, revision=revision)
    except (CachedRepoTreeNotFoundError, HFValidationError, OSError):
        tree = []
    sizes = {file.path: int(file.size) for file in tree}
    snapshot = folder(hub_id, revision)
    # In this order a file that is put in place meanwhile is never counted twice.
    there = names_in(snapshot)
    linked = {(snapshot / name).resolve() for name in there} if snapshot else set()
    loose = _loose_bytes(_storage(hub_id), snapshot, linked)
    return holdings(snapshot, there, {path: sizes[path] for path in needed(sizes)}, loose)


def download(
    hub_id: str, revision: str | None, report: Report, cancellation: Cancellation, check: Check
) -> Path:
    """Bring what is missing of the model; its folder. Raises PlaygroundError."""
    wanted = f"{hub_id}@{revision}" if revision else hub_id
    say = Wording(wanted, "the Hugging Face Hub", "HF_TOKEN", "HF_HOME")
    try:
        return _download(hub_id, revision, report, cancellation, check, say)
    except Exception as exc:
        cancellation.check()  # whatever broke then, it was given up
        raise _translated(exc, hub_id, say) from exc


def _download(
    hub_id: str,
    revision: str | None,
    report: Report,
    cancellation: Cancellation,
    check: Check,
    say: Wording,
) -> Path:
    api = HfApi()
    # One question with a short timeout, so that a missing network is noticed at once.
    api.model_info(hub_id, revision=revision, timeout=REACH_S)
    cancellation.check()
    commit = api.resolve_revision(hub_id, revision=revision).resolved
    info = api.model_info(hub_id, revision=commit, files_metadata=True, timeout=REACH_S)
    listed = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    if not any(name in listed for name in CONFIGS):
        raise say.no_model()
    # The library notes the commit's files, so that `on_disk` knows them.
    snapshot = Path(
        snapshot_download(
            hub_id,
            revision=commit,
            allow_patterns=list(CONFIGS),
            tqdm_class=_Quiet,
            etag_timeout=REACH_S,
        )
    )
    cancellation.check()
    files = [_remote(hub_id, commit, listed[path]) for path in needed(listed)]
    whole = [file for file in files if (snapshot / file.path).exists()]

    def place(file: RemoteFile) -> None:
        hf_hub_download(hub_id, file.path, revision=commit, etag_timeout=REACH_S)
        if not (snapshot / file.path).is_symlink():  # a system without links: the cache has a copy
            file.target.unlink(missing_ok=True)

    source = Source(build_hf_headers(), hf_raise_for_status, place, lambda: check(snapshot))
    bring([file for file in files if file not in whole], source, report, cancellation, whole=whole)
    return snapshot


def _remote(hub_id: str, commit: str, listed: Any) -> RemoteFile:
    name = listed.lfs.sha256 if listed.lfs else listed.blob_id
    storage = _storage(hub_id)
    return RemoteFile(
        path=listed.rfilename,
        size_bytes=int(listed.lfs.size if listed.lfs else listed.size),
        url=hf_hub_url(hub_id, listed.rfilename, revision=commit),
        partial=storage / "blobs" / f"{name}.incomplete",
        target=storage / "blobs" / name,
        lock=storage.parent / ".locks" / storage.name / f"{name}.lock",
        digest=Digest("sha256" if listed.lfs else "git", name),
    )


def _storage(hub_id: str) -> Path:
    cache = Path(constants.HF_HUB_CACHE).expanduser()
    return cache / str(repo_folder_name(repo_id=hub_id, repo_type="model"))


def _loose_bytes(storage: Path, snapshot: Path | None, linked: set[Path]) -> int:
    """Bytes that are in the cache and in no snapshot yet: files that come, or just came.

    `linked` is what the snapshot in question links to.
    """
    others = (path for path in storage.glob("snapshots/*/*") if path.parent != snapshot)
    used = {path.name for path in linked} | {path.resolve().name for path in others}
    loose = [path for path in storage.glob("blobs/*") if _BLOB.fullmatch(path.name)]
    return sum(size_bytes(path) for path in loose if path.name not in used)


def _translated(exc: Exception, hub_id: str, say: Wording) -> PlaygroundError:
    known = say.of(exc)
    if known is not None:
        return known
    match exc:
        case GatedRepoError():
            return say.gated(f"{constants.ENDPOINT}/{hub_id}")
        case RevisionNotFoundError():
            return say.no_revision()
        case RepositoryNotFoundError() if exc.response.status_code == 401 and get_token():
            return say.token_refused()
        case RepositoryNotFoundError() | HFValidationError():
            return say.not_found()
        case HfHubHTTPError():
            return _refusal(exc.response, say)
        case OfflineModeIsEnabled():
            return say.offline("HF_HUB_OFFLINE")
        case LocalEntryNotFoundError() if isinstance(exc.__cause__, HfHubHTTPError):
            return _translated(exc.__cause__, hub_id, say)
        case LocalEntryNotFoundError() | ConnectionError() | httpx2.TransportError():
            return say.no_network()
        case _:
            return say.unknown(exc)


def _refusal(response: httpx2.Response, say: Wording) -> PlaygroundError:
    match response.status_code:
        case 401:
            return say.token_refused() if get_token() else say.not_found()
        case 403:
            return say.forbidden()
        case 404:
            return say.not_found()
        case 429:
            return say.too_many(response.headers.get("retry-after"))
        case status if status >= 500:
            return say.broken(status)
        case status:
            return say.refused(status)


class _Quiet(tqdm):  # type: ignore[misc]
    """The library's progress bar, not shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("name", None)
        super().__init__(*args, **{**kwargs, "disable": True})
