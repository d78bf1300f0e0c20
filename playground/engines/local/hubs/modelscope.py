"""Models from ModelScope: in its client's own cache, where all its users find them.

The client (`pip install modelscope-hub`; it comes with `modelscope`, too) lists the files and knows
their places; `transfer` brings the bytes, since the client cannot be cancelled. Knows nothing of
what is in the files.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from playground.domain.engine import OnDisk
from playground.domain.errors import ModelUnusable, PlaygroundError
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.hubs.failures import Wording
from playground.engines.local.hubs.holdings import ADAPTER, holdings, names_in, size_bytes
from playground.engines.local.hubs.remote import Check, Digest, RemoteFile, Report, needed
from playground.engines.local.hubs.transfer import Source, bring

if TYPE_CHECKING:
    from modelscope_hub import HubApi

REACH_S = 5.0
MAIN = "master"
OFFLINE = "HF_HUB_OFFLINE"  # the setting that people know; the client has none of its own


def folder(hub_id: str, revision: str | None) -> Path | None:
    """The folder in the client's cache, perhaps without its weights; null if there is none."""
    if not _is_installed():
        return None
    found = _place(_api(), hub_id, revision)
    return found if found.is_dir() else None


def on_disk(hub_id: str, revision: str | None) -> OnDisk:
    """What of the model is in the client's cache. Asks nobody."""
    found = folder(hub_id, revision)
    loose = [] if found is None else list(found.glob("*.incomplete"))
    return holdings(found, names_in(found), {}, sum(size_bytes(path) for path in loose))


def download(
    hub_id: str, revision: str | None, report: Report, cancellation: Cancellation, check: Check
) -> Path:
    """Bring what is missing of the model; its folder. Raises PlaygroundError."""
    wanted = f"{hub_id}@{revision}" if revision else hub_id
    if not _is_installed():
        raise ModelUnusable(
            f"{wanted!r} is to come from ModelScope, whose client is not installed. Run"
            " 'pip install modelscope-hub' and load the model again."
        )
    say = Wording(wanted, "ModelScope", "MODELSCOPE_API_TOKEN", "MODELSCOPE_CACHE")
    try:
        return _download(hub_id, revision, report, cancellation, check, say)
    except Exception as exc:
        cancellation.check()  # whatever broke then, it was given up
        raise _translated(exc, hub_id, revision, say) from exc


def _download(
    hub_id: str,
    revision: str | None,
    report: Report,
    cancellation: Cancellation,
    check: Check,
    say: Wording,
) -> Path:
    if os.environ.get(OFFLINE, "").upper() in ("1", "ON", "YES", "TRUE"):
        raise say.offline(OFFLINE)
    api = _api()
    # The client tries for a long time; so that a missing network is noticed at once, ask before.
    httpx2.head(api.legacy.endpoint, timeout=REACH_S)
    cancellation.check()
    listed = {file.path: file for file in api.list_repo_files(hub_id, "model", revision=revision)}
    if not any(name in listed for name in ("config.json", ADAPTER)):
        raise say.no_model()
    place = _place(api, hub_id, revision)
    files = [_remote(api, hub_id, revision, listed[path], place) for path in needed(listed)]
    whole = [file for file in files if _is_whole(file)]
    for file in files:
        if file not in whole:  # another version's: a branch moves on
            file.target.unlink(missing_ok=True)
    source = Source(_headers(api), _refused, before_weights=lambda: check(place))
    bring([file for file in files if file not in whole], source, report, cancellation, whole=whole)
    return place


def _remote(api: HubApi, hub_id: str, revision: str | None, listed: Any, place: Path) -> RemoteFile:
    target = place / listed.path
    url = api.legacy.get_download_url(hub_id, "model", listed.path, revision or MAIN)
    return RemoteFile(
        path=listed.path,
        size_bytes=listed.size,
        url=url,
        partial=target.with_name(f"{target.name}.incomplete"),  # the client's name for it
        target=target,
        lock=_cache() / ".lock" / f"{hashlib.sha256(str(target).encode()).hexdigest()}.lock",
        digest=Digest("sha256", listed.sha256.lower()) if listed.sha256 else None,
    )


def _is_whole(file: RemoteFile) -> bool:
    """Whether the target is this very file; large ones are told by their size."""
    try:
        if file.target.stat().st_size != file.size_bytes:
            return False
    except OSError:
        return False
    if file.holds_weights or file.digest is None:
        return True
    return hashlib.sha256(file.target.read_bytes()).hexdigest() == file.digest.hexadecimal


def _place(api: HubApi, hub_id: str, revision: str | None) -> Path:
    """Where the client keeps the model: where it has it already, in any of its layouts."""
    from modelscope_hub import CacheNotFound

    snapshots = _cache() / "models" / hub_id.replace("/", "--") / "snapshots"
    try:
        found = Path(api.download_repo(hub_id, "model", revision=revision, local_files_only=True))
    except (CacheNotFound, ValueError):
        return snapshots / (revision or MAIN)
    # An old layout has no revisions; of the new one, the client may name another one than is asked.
    old = found.parent != snapshots
    right = revision is None if old else found.name == revision
    right = right or (revision is None and found.name in (MAIN, "main"))
    return found if right else snapshots / (revision or MAIN)


def _cache() -> Path:
    from modelscope_hub import HubConfig

    return Path(HubConfig().cache_dir)


def _is_installed() -> bool:
    return importlib.util.find_spec("modelscope_hub") is not None


def _api() -> HubApi:
    from modelscope_hub import HubApi, HubConfig

    return HubApi(HubConfig())


def _headers(api: HubApi) -> dict[str, str]:
    token = api.legacy.token
    # Older parts of the service read the cookie, newer ones the header.
    return {"Authorization": f"Bearer {token}", "Cookie": f"m_session_id={token}"} if token else {}


def _refused(response: httpx2.Response) -> None:
    raise httpx2.HTTPStatusError(
        f"HTTP {response.status_code}", request=response.request, response=response
    )


def _translated(exc: Exception, hub_id: str, revision: str | None, say: Wording) -> PlaygroundError:
    from modelscope_hub import APIError, NetworkError

    known = say.of(exc)
    if known is not None:
        return known
    match exc:
        case httpx2.HTTPStatusError():
            headers = exc.response.headers
            return _refusal(exc.response.status_code, headers.get("retry-after"), revision, say)
        case APIError() if exc.status_code is not None:
            wait = getattr(exc, "retry_after", None)
            return _refusal(exc.status_code, None if wait is None else f"{wait:g}", revision, say)
        case NetworkError() | ConnectionError() | httpx2.TransportError():
            return say.no_network()
        case _:
            return say.unknown(exc)


def _refusal(
    status: int, wait_s: str | None, revision: str | None, say: Wording
) -> PlaygroundError:
    match status:
        case 401:
            return say.token_refused() if _api().legacy.token else say.not_found()
        case 403:
            return say.forbidden()
        case 404:
            return say.not_found()
        case 429:
            return say.too_many(wait_s)
        case _ if status >= 500:
            return say.broken(status)
        case _:
            return say.refused(status)
