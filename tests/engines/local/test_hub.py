"""A Hub id without a network, and what the Hub's refusals mean. Nothing here leaves the machine."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import errors

from playground.domain.errors import ModelNotFound, ModelUnusable, PlaygroundError
from playground.engines.local import hub

# The HTTP library that this version of the Hub's client is built on.
HTTP = importlib.import_module(errors.Response.__module__.partition(".")[0])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    return tmp_path


def put_into(cache: Path, model: Path, files: tuple[str, ...]) -> Path:
    """Lay some of a model's files where the Hub's client would."""
    repository = cache / "models--someone--tiny"
    snapshot = repository / "snapshots" / "abc123"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc123", encoding="utf-8")
    for name in files:
        (snapshot / name).write_bytes((model / name).read_bytes())
    return snapshot


def report(_done: int, _total: int | None) -> None: ...


def test_a_model_in_the_cache_needs_no_network(cache: Path, instruct: Path) -> None:
    snapshot = put_into(cache, instruct, ("config.json", "model.safetensors"))
    assert hub.cached_folder("someone/tiny", None) == snapshot
    assert hub.local_folder("someone/tiny", None, report) == snapshot


def test_a_model_without_weights_in_the_cache_is_not_taken(cache: Path, instruct: Path) -> None:
    put_into(cache, instruct, ("config.json",))
    with pytest.raises(ModelNotFound, match="cannot be reached"):
        hub.local_folder("someone/tiny", None, report)


def test_without_a_network_the_error_says_what_to_do(cache: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"'a/b@v1' is not on this.*Connect to the network"):
        hub.local_folder("a/b", "v1", report)


def test_a_hub_that_cannot_be_reached_is_asked_once(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Api:
        def model_info(self, *_: object, **options: Any) -> None:
            asked.append(options["timeout"])
            raise HTTP.ConnectError("no route")

    monkeypatch.setattr(hub, "HfApi", Api)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with pytest.raises(ModelNotFound, match="cannot be reached"):
        hub.local_folder("a/b", None, report)
    assert asked == [hub.REACH_TIMEOUT_S]


def refused(kind: type[errors.HfHubHTTPError], status: int) -> errors.HfHubHTTPError:
    response = errors.Response(status, request=HTTP.Request("GET", "https://hub.test"))
    return kind("refused", response=response)


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (refused(errors.GatedRepoError, 403), ModelUnusable, r"is gated\. Accept its terms"),
        (refused(errors.RepositoryNotFoundError, 404), ModelNotFound, r"no model 'a/b'.*spelling"),
        (refused(errors.RevisionNotFoundError, 404), ModelNotFound, r"no such revision\. Check"),
        (refused(errors.HfHubHTTPError, 503), ModelUnusable, r"refused 'a/b'.*Try again later"),
        (errors.LocalEntryNotFoundError("x"), ModelNotFound, "cannot be reached"),
        (ConnectionError("x"), ModelNotFound, "cannot be reached"),
        (OSError(28, "No space left"), ModelUnusable, r"No space left.*Free"),
    ],
)
def test_the_hubs_refusals_are_translated(
    error: Exception, kind: type[PlaygroundError], said: str
) -> None:
    translated = hub._translated(error, "a/b")
    assert type(translated) is kind
    with pytest.raises(kind, match=said):
        raise translated


def test_bytes_are_reported_silently(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[tuple[int, int | None]] = []
    bar_class = hub._reporting_tqdm(lambda done, total: seen.append((done, total)))
    arrived = bar_class(total=0, unit="B", desc="arriving", initial=0)
    written = bar_class(total=0, unit="B", desc="writing", initial=0)
    with bar_class(total=3, desc="files") as files:
        written.total = arrived.total = 100
        arrived.update(40)
        written.update(30)
        written.refresh()
        written.set_postfix_str("1 MB/s")
        files.update(1)
    assert seen == [(40, 100), (40, 100)]
    assert capsys.readouterr() == ("", "")
