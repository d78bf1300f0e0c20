"""What the Hub may answer instead of a model, or no Hub at all: each said with the next step."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.domain.errors import (
    DownloadFailed,
    ModelNotFound,
    ModelUnusable,
    PlaygroundError,
)
from tests.engines.local.hubs.conftest import SHARDS
from tests.engines.local.hubs.hub_standins import HubStandIn
from tests.engines.local.hubs.loads import engine, text
from tests.engines.local.hubs.standin import Reply, sha256

NAME = "someone/tiny"

REFUSALS: list[tuple[Reply, type[PlaygroundError], str]] = [
    (
        Reply(403, headers=(("X-Error-Code", "GatedRepo"),)),
        ModelUnusable,
        r"is gated\. Accept its terms at http\S+/someone/tiny and set HF_TOKEN",
    ),
    (Reply(403), ModelUnusable, r"does not let you read 'someone/tiny'\. Set HF_TOKEN"),
    (
        Reply(404, headers=(("X-Error-Code", "RepoNotFound"),)),
        ModelNotFound,
        r"no model 'someone/tiny'.*or it is private\. Check the spelling",
    ),
    (Reply(401), ModelNotFound, r"or it is private.*set HF_TOKEN"),
    (
        Reply(429, headers=(("Retry-After", "120"),)),
        DownloadFailed,
        r"no more requests.*Wait 120 s.*HF_TOKEN",
    ),
    (Reply(500), DownloadFailed, r"fault of its own \(HTTP 500\)\. Try again later"),
    (Reply(418), DownloadFailed, r"refused 'someone/tiny' \(HTTP 418\)"),
]


@pytest.mark.parametrize(("reply", "kind", "said"), REFUSALS)
@pytest.mark.parametrize("where", ["/api/models", "/cdn/"])
def test_the_hubs_refusals_say_what_to_do(
    hub: HubStandIn, reply: Reply, kind: type[PlaygroundError], said: str, where: str
) -> None:
    hub.trouble.always[where] = reply
    with pytest.raises(PlaygroundError, match=said) as raised:
        list(engine(NAME).load())
    assert type(raised.value) is kind


def test_a_gated_model_that_may_be_listed_is_said_too(hub: HubStandIn) -> None:
    hub.trouble.always["/resolve/"] = REFUSALS[0][0]
    with pytest.raises(ModelUnusable, match=r"is gated\. Accept its terms"):
        list(engine(NAME).load())


def test_a_revision_that_is_not_there_is_said(hub: HubStandIn) -> None:
    with pytest.raises(ModelNotFound, match=r"'someone/tiny@v9': no such revision"):
        list(engine(f"{NAME}@v9").load())


def test_another_model_is_not_there(hub: HubStandIn) -> None:
    with pytest.raises(ModelNotFound, match=r"no model 'some/other'"):
        list(engine("some/other").load())


def test_a_repository_that_holds_no_model_is_said(hub: HubStandIn) -> None:
    hub.files = {"x.gguf": b"GGUF"}
    with pytest.raises(ModelUnusable, match=r"has no config\.json.*on a server"):
        list(engine(NAME).load())


def test_a_token_that_is_refused_is_said(hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.token = "right"
    monkeypatch.setenv("HF_TOKEN", "wrong")
    with pytest.raises(DownloadFailed, match=r"refused the token in HF_TOKEN"):
        list(engine(NAME).load())
    monkeypatch.setenv("HF_TOKEN", "right")
    assert text(engine(NAME))
    elsewhere = [asked for asked in hub.asked if asked.path.startswith("/cdn/")]
    assert elsewhere and not any("authorization" in asked.headers for asked in elsewhere)


def test_a_busy_hub_is_asked_again_when_it_says(hub: HubStandIn, pauses: list[float]) -> None:
    shard = f"/cdn/{sha256(hub.files[SHARDS[0]])}"
    hub.trouble.refusals[shard] = [Reply(429, headers=(("Retry-After", "7"),)), Reply(503)]
    list(engine(NAME).load())
    assert pauses == [7.0, 2.0]


def test_without_a_network_the_error_says_what_to_do(
    hub: HubStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelNotFound, match=r"cannot be reached\. Connect to the network"):
        list(engine(NAME).load())


def test_offline_mode_is_kept_and_said(hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFound, match=r"HF_HUB_OFFLINE forbids.*Unset"):
        list(engine(NAME).load())
    assert hub.asked == []


def test_a_cache_that_cannot_be_written_is_said(hub: HubStandIn, cache: Path) -> None:
    cache.write_text("a file, where the cache's folder should be", encoding="utf-8")
    with pytest.raises(DownloadFailed, match=r"cannot be written.*set HF_HOME to another"):
        list(engine(NAME).load())
