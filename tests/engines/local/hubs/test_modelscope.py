"""A model from ModelScope through its real client's cache: brought, cancelled, resumed, run."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from playground.domain.engine import OnDisk
from playground.domain.errors import (
    BadRequest,
    DownloadFailed,
    LoadCancelled,
    ModelNotFound,
    ModelUnusable,
    PlaygroundError,
)
from playground.domain.events import Loading
from playground.engines import on_disk
from playground.engines.local import quantizing
from playground.engines.local.hubs import modelscope as hub_module
from tests.engines.local.hubs.conftest import SHARDS
from tests.engines.local.hubs.hub_standins import ModelScopeStandIn
from tests.engines.local.hubs.loads import engine, text
from tests.engines.local.hubs.standin import Reply

NAME = "someone/tiny?hub=modelscope"


def test_a_model_is_brought_loaded_and_run(modelscope: ModelScopeStandIn, instruct: Path) -> None:
    one = engine(NAME)
    assert text(one) == text(engine(str(instruct))) != ""
    assert modelscope.downloads("README.md") == modelscope.downloads("x.gguf") == []
    modelscope.asked.clear()
    assert text(engine(NAME))  # the second time without a network
    assert modelscope.asked == []


def test_weights_that_cannot_be_loaded_as_asked_are_not_asked_for(
    modelscope: ModelScopeStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantizing, "find_spec", lambda name: name)
    config = json.loads(modelscope.files["config.json"])
    config["quantization_config"] = {"quant_method": "fp8"}
    modelscope.files["config.json"] = json.dumps(config).encode()
    with pytest.raises(BadRequest, match="stored as fp8 already"):
        list(engine("someone/tiny?dtype=int8&hub=modelscope").load())
    assert modelscope.downloads("config.json") == [0]
    assert [modelscope.downloads(shard) for shard in SHARDS] == [[], [], []]


def test_its_own_users_find_it_too(modelscope: ModelScopeStandIn) -> None:
    from modelscope_hub import HubApi, HubConfig

    list(engine(NAME).load())
    folder = HubApi(HubConfig()).download_repo("someone/tiny", "model", local_files_only=True)
    assert (folder / SHARDS[0]).read_bytes() == modelscope.files[SHARDS[0]]


def test_a_cancelled_download_goes_on_at_the_next_byte(modelscope: ModelScopeStandIn) -> None:
    modelscope.trouble.stalls[SHARDS[1]] = 5000
    one = engine(NAME)
    missing = len(modelscope.files[SHARDS[1]]) - 5000
    answers = []
    with pytest.raises(LoadCancelled):
        for event in one.load():
            assert isinstance(event, Loading)
            if event.unit == "bytes" and event.total == event.done + missing:
                assert on_disk(NAME) == OnDisk("part", event.done, None)
                answers.append(one.cancel_load())
    assert answers[0]
    modelscope.trouble.go_on.set()
    assert text(one)
    assert modelscope.downloads(SHARDS[1]) == [0, 5000]


def test_what_the_client_left_half_done_is_gone_on_with(
    modelscope: ModelScopeStandIn, cache: Path
) -> None:
    folder = cache / "models" / "someone--tiny" / "snapshots" / "master"
    folder.mkdir(parents=True)
    half = modelscope.files[SHARDS[0]][:3000]
    (folder / f"{SHARDS[0]}.incomplete").write_bytes(half)
    assert on_disk(NAME) == OnDisk("part", 3000, None)
    list(engine(NAME).load())
    assert modelscope.downloads(SHARDS[0]) == [3000]
    assert on_disk(NAME).state == "whole"


def test_a_branch_that_moved_on_while_half_a_model_was_here(
    modelscope: ModelScopeStandIn, cache: Path
) -> None:
    folder = cache / "models" / "someone--tiny" / "snapshots" / "master"
    folder.mkdir(parents=True)
    (folder / "config.json").write_bytes(b"{" + b" " * (len(modelscope.files["config.json"]) - 1))
    (folder / SHARDS[0]).write_bytes(b"older and shorter")
    assert text(engine(NAME))


def test_a_revision_is_brought_under_its_own_name(modelscope: ModelScopeStandIn) -> None:
    list(engine("someone/tiny@v1?hub=modelscope").load())
    assert on_disk("someone/tiny@v1?hub=modelscope").state == "whole"
    assert on_disk(NAME).state == "nothing"


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, ModelNotFound, "or it is private.*set MODELSCOPE_API_TOKEN"),
        (403, ModelUnusable, "ModelScope does not let you read.*MODELSCOPE_API_TOKEN"),
        (404, ModelNotFound, "no model 'someone/tiny' on ModelScope.*spelling"),
        (429, DownloadFailed, "takes no more requests.*Wait"),
        (500, DownloadFailed, r"fault of its own \(HTTP 500\)"),
    ],
)
@pytest.mark.parametrize("where", ["/repo/files", "/repo"])
def test_its_refusals_say_what_to_do(
    modelscope: ModelScopeStandIn,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    kind: type[PlaygroundError],
    said: str,
    where: str,
) -> None:
    monkeypatch.setattr("modelscope_hub._legacy_api.REPO_TREE_PAGE_MAX_ATTEMPTS", 1)
    monkeypatch.setattr("playground.engines.local.hubs.transfer.TRIES", 1)
    wait = (("Retry-After", "90"),) if status == 429 else ()
    modelscope.trouble.always[where] = Reply(status, headers=wait)
    if where == "/repo":  # only the files themselves
        modelscope.trouble.always = {"/repo/files": _listing(modelscope), "/repo": Reply(status)}
    with pytest.raises(PlaygroundError, match=said) as raised:
        list(engine(NAME).load())
    assert type(raised.value) is kind


def _listing(modelscope: ModelScopeStandIn) -> Reply:
    from tests.engines.local.hubs.standin import Asked

    path = "/api/v1/models/someone/tiny/repo/files"
    return modelscope.route(Asked("GET", path, {"Revision": "master"}, {}))


def test_a_token_from_the_environment_is_sent_and_its_refusal_said(
    modelscope: ModelScopeStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    modelscope.token = "right"
    monkeypatch.setenv("MODELSCOPE_API_TOKEN", "wrong")
    with pytest.raises(DownloadFailed, match="refused the token in MODELSCOPE_API_TOKEN"):
        list(engine(NAME).load())
    monkeypatch.setenv("MODELSCOPE_API_TOKEN", "right")
    assert text(engine(NAME))


def test_without_a_network_the_error_says_what_to_do(
    modelscope: ModelScopeStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelNotFound, match=r"ModelScope cannot be reached\. Connect"):
        list(engine(NAME).load())


def test_offline_mode_is_kept_and_said(
    modelscope: ModelScopeStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelNotFound, match="HF_HUB_OFFLINE forbids"):
        list(engine(NAME).load())
    assert modelscope.asked == []


def test_without_its_client_the_error_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "_is_installed", lambda: False)
    assert on_disk(NAME) == OnDisk("nothing", 0, None)
    with pytest.raises(ModelUnusable, match="Run 'pip install modelscope-hub'"):
        list(engine(NAME).load())


def test_a_download_that_goes_on_can_be_given_up_at_any_time(
    modelscope: ModelScopeStandIn,
) -> None:
    asking, go = threading.Event(), threading.Event()
    route = modelscope.route

    def slowly(asked: object) -> Reply:
        asking.set()
        assert go.wait(30)
        return route(asked)  # type: ignore[arg-type]

    modelscope.route = slowly  # type: ignore[method-assign]
    one = engine(NAME)
    loading = one.load()
    next(loading)
    assert asking.wait(30)
    assert one.cancel_load()
    with pytest.raises(LoadCancelled):
        list(loading)
    go.set()
