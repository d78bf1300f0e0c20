"""A model from the Hub through its real client: brought, cancelled, resumed, loaded and run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from playground.catalog import parse_name
from playground.comparison.run import Comparison
from playground.domain.engine import OnDisk
from playground.domain.errors import (
    DownloadFailed,
    LoadCancelled,
    ModelNotFound,
    ModelUnusable,
    PlaygroundError,
)
from playground.domain.events import Ended, Event, Loading, Text
from playground.domain.sampling import Sampling
from playground.engines import on_disk
from playground.engines.local.engine import LocalEngine
from playground.engines.local.hubs import transfer
from tests.engines.local.hubs.conftest import SHARDS
from tests.engines.local.hubs.standin import HubStandIn, Reply, sha256
from tests.engines.signals import Never
from tests.samples import request

NAME = "someone/tiny"
GREEDY = Sampling(temperature=0.0, max_new_tokens=20, seed=1)


def engine(name: str = NAME) -> LocalEngine:
    return LocalEngine(parse_name(name), may_download=True)


def text(one: LocalEngine) -> str:
    events = one.run(request(prompt="Why?", sampling=GREEDY), Never())
    return "".join(event.text for event in events if isinstance(event, Text))


def bytes_of(events: list[Loading]) -> list[Loading]:
    return [event for event in events if event.unit == "bytes"]


def needed(hub: HubStandIn) -> int:
    unneeded = ("README.md", "onnx/model.safetensors", "x.gguf")
    return sum(len(data) for name, data in hub.files.items() if name not in unneeded)


def cancelled_at(hub: HubStandIn, file: str, size_bytes: int) -> None:
    """Begin a load, and cancel it when only the rest of a file after so many bytes is missing."""
    hub.trouble.stalls[file] = size_bytes
    one = engine()
    missing = len(hub.files[file]) - size_bytes
    answers = []
    with pytest.raises(LoadCancelled, match=r"cancelled\. Load the model again"):
        for event in one.load():
            assert isinstance(event, Loading)
            if event.unit == "bytes" and event.total == event.done + missing:
                answers.append(one.cancel_load())
    assert answers[0]
    hub.trouble.go_on.set()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were asked for, none of them made."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(transfer, "sleep", pause)
    return pauses


def test_a_model_is_brought_loaded_and_run(hub: HubStandIn, instruct: Path) -> None:
    one = engine()
    events = list(one.load())
    seen = bytes_of(events)  # type: ignore[arg-type]
    assert {event.total for event in seen} == {needed(hub)}
    done = [event.done for event in seen]
    assert done == sorted(done) and done[-1] == needed(hub)
    assert seen[-1].files == (3, 3)
    assert text(one) == text(LocalEngine(parse_name(str(instruct)))) != ""
    assert one.card.origin.revision == hub.commit
    assert hub.downloads("README.md") == hub.downloads("x.gguf") == []


def test_what_is_whole_is_loaded_without_a_network(hub: HubStandIn) -> None:
    list(engine().load())
    hub.asked.clear()
    assert text(engine())
    assert hub.asked == []


def test_the_librarys_own_users_find_it_too(hub: HubStandIn) -> None:
    from huggingface_hub import snapshot_download

    list(engine().load())
    needed_files = ["*.json", "model-*.safetensors"]
    folder = Path(snapshot_download(NAME, local_files_only=True, allow_patterns=needed_files))
    assert {path.name for path in folder.iterdir()} >= {*SHARDS, "config.json", "tokenizer.json"}
    assert (folder / SHARDS[0]).read_bytes() == hub.files[SHARDS[0]]


def test_a_cancelled_download_goes_on_at_the_next_byte(hub: HubStandIn, cache: Path) -> None:
    cancelled_at(hub, SHARDS[1], 5000)
    assert on_disk(NAME).state == "part"
    blobs = cache / "models--someone--tiny" / "blobs"
    partial = blobs / f"{sha256(hub.files[SHARDS[1]])}.incomplete"
    assert partial.read_bytes() == hub.files[SHARDS[1]][:5000]
    one = engine()
    events = bytes_of(list(one.load()))  # type: ignore[arg-type]
    assert hub.downloads(SHARDS[1]) == [0, 5000]
    assert events[0].done == needed(hub) - len(hub.files[SHARDS[1]]) + 5000
    assert events[-1].done == events[-1].total == needed(hub)
    assert text(one)


def test_a_part_is_never_taken_for_the_whole(hub: HubStandIn) -> None:
    cancelled_at(hub, SHARDS[2], 100)
    hub.trouble.always["/"] = Reply(503)
    one = engine()
    with pytest.raises(DownloadFailed, match=r"fault of its own \(HTTP 503\)"):
        list(one.load())
    assert not one.card.loaded


def test_nobody_waits_any_more_and_the_download_is_given_up(hub: HubStandIn) -> None:
    hub.trouble.stalls[SHARDS[0]] = 3000
    one = engine()
    loading = one.load()
    next(loading)
    assert hub.trouble.stalled.wait(30)
    loading.close()  # type: ignore[attr-defined]
    with pytest.raises(LoadCancelled):
        one._job.value()  # type: ignore[union-attr]
    hub.trouble.go_on.set()
    assert text(one)


def test_a_stopped_run_that_alone_waits_gives_the_download_up(hub: HubStandIn) -> None:
    hub.trouble.stalls[SHARDS[0]] = 3000
    one, asked = engine(), request(prompt="Why?", sampling=GREEDY)
    comparison = Comparison(lambda _: one)
    last: Event | None = None
    for _, last in comparison.run("me", (asked,)):
        if isinstance(last, Loading) and last.unit == "bytes":
            comparison.stops.stop("me", asked.id)
    assert isinstance(last, Ended) and last.ending == "user"
    assert one._job is not None and one._job.failed
    hub.trouble.go_on.set()
    assert text(one)


def test_another_who_waits_keeps_the_download_going(hub: HubStandIn) -> None:
    hub.trouble.stalls[SHARDS[0]] = 3000
    one = engine()
    first, second = one.load(), one.load()
    next(first), next(second)
    assert hub.trouble.stalled.wait(30)
    first.close()  # type: ignore[attr-defined]
    hub.trouble.go_on.set()
    list(second)
    assert one.card.loaded


def test_a_connection_that_breaks_is_taken_up_again(
    hub: HubStandIn, no_pauses: list[float]
) -> None:
    hub.trouble.cuts[SHARDS[0]] = [9000, 4000, 1]
    one = engine()
    list(one.load())
    assert hub.downloads(SHARDS[0]) == [0, 9000, 13000, 13001]
    assert no_pauses == [1.0, 1.0, 1.0]  # each new byte starts the count again
    assert text(one)


def test_a_connection_that_stays_broken_is_said_and_what_came_is_kept(
    hub: HubStandIn, no_pauses: list[float]
) -> None:
    hub.trouble.cuts[SHARDS[0]] = [9000, *[0] * 9]
    with pytest.raises(DownloadFailed, match=r"lost while.*Check the network\. What.*kept"):
        list(engine().load())
    assert no_pauses == [1.0, 2.0, 4.0, 8.0]
    hub.trouble.cuts.clear()
    list(engine().load())
    assert hub.downloads(SHARDS[0])[-1] == 9000


def test_a_revision_is_brought_under_its_own_name(hub: HubStandIn) -> None:
    list(engine(f"{NAME}@v1").load())
    assert on_disk(f"{NAME}@v1").state == "whole"
    assert on_disk(NAME).state == "nothing"


def test_what_is_on_disk_is_known_at_every_stage(hub: HubStandIn, sharded: object) -> None:
    assert on_disk(NAME) == OnDisk("nothing", 0, None)
    cancelled_at(hub, SHARDS[1], 5000)
    part = on_disk(NAME)
    assert part.state == "part" and part.total_bytes == needed(hub)
    assert part.missing_bytes == len(hub.files[SHARDS[1]]) - 5000
    list(engine().load())
    assert on_disk(NAME) == OnDisk("whole", needed(hub), needed(hub))


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
        list(engine().load())
    assert type(raised.value) is kind


def test_a_gated_model_that_may_be_listed_is_said_too(hub: HubStandIn) -> None:
    hub.trouble.always["/resolve/"] = REFUSALS[0][0]
    with pytest.raises(ModelUnusable, match=r"is gated\. Accept its terms"):
        list(engine().load())


def test_a_revision_that_is_not_there_is_said(hub: HubStandIn) -> None:
    with pytest.raises(ModelNotFound, match=r"'someone/tiny@v9': no such revision"):
        list(engine(f"{NAME}@v9").load())


def test_another_model_is_not_there(hub: HubStandIn) -> None:
    with pytest.raises(ModelNotFound, match=r"no model 'some/other'"):
        list(engine("some/other").load())


def test_a_repository_that_holds_no_model_is_said(hub: HubStandIn) -> None:
    hub.files = {"x.gguf": b"GGUF"}
    with pytest.raises(ModelUnusable, match=r"has no config\.json.*on a server"):
        list(engine().load())


def test_a_token_that_is_refused_is_said(hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.token = "right"
    monkeypatch.setenv("HF_TOKEN", "wrong")
    with pytest.raises(DownloadFailed, match=r"refused the token in HF_TOKEN"):
        list(engine().load())
    monkeypatch.setenv("HF_TOKEN", "right")
    assert text(engine())
    elsewhere = [asked for asked in hub.asked if asked.path.startswith("/cdn/")]
    assert elsewhere and not any("authorization" in asked.headers for asked in elsewhere)


def test_a_busy_hub_is_asked_again_when_it_says(hub: HubStandIn, no_pauses: list[float]) -> None:
    shard = f"/cdn/{sha256(hub.files[SHARDS[0]])}"
    hub.trouble.refusals[shard] = [Reply(429, headers=(("Retry-After", "7"),)), Reply(503)]
    list(engine().load())
    assert no_pauses == [7.0, 2.0]


def test_without_a_network_the_error_says_what_to_do(
    hub: HubStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelNotFound, match=r"cannot be reached\. Connect to the network"):
        list(engine().load())


def test_offline_mode_is_kept_and_said(hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFound, match=r"HF_HUB_OFFLINE forbids.*Unset"):
        list(engine().load())
    assert hub.asked == []


def test_a_cache_that_cannot_be_written_is_said(hub: HubStandIn, cache: Path) -> None:
    cache.write_text("a file, where the cache's folder should be", encoding="utf-8")
    with pytest.raises(DownloadFailed, match=r"cannot be written.*set HF_HOME to another"):
        list(engine().load())
