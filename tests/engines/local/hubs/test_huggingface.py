"""A model from the Hub through its real client: brought, cancelled, resumed, loaded and run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from playground.comparison.run import Comparison
from playground.domain.engine import OnDisk
from playground.domain.errors import DownloadFailed, LoadCancelled, ModelUnusable, PlaygroundError
from playground.domain.events import Ended, Event, Loading
from playground.engines import obstacle, on_disk
from playground.engines.local import quantizing
from tests.engines.local.hubs.conftest import SHARDS
from tests.engines.local.hubs.hub_standins import HubStandIn
from tests.engines.local.hubs.loads import ASKED, engine, text
from tests.engines.local.hubs.standin import Reply, sha256

NAME = "someone/tiny"


def bytes_of(events: list[Loading]) -> list[Loading]:
    return [event for event in events if event.unit == "bytes"]


def needed(hub: HubStandIn) -> int:
    unneeded = ("README.md", "onnx/model.safetensors", "x.gguf")
    return sum(len(data) for name, data in hub.files.items() if name not in unneeded)


def cancelled_at(hub: HubStandIn, file: str, size_bytes: int) -> None:
    """Begin a load, and cancel it when only the rest of a file after so many bytes is missing."""
    hub.trouble.stalls[file] = size_bytes
    one = engine(NAME)
    missing = len(hub.files[file]) - size_bytes
    answers = []
    with pytest.raises(LoadCancelled, match=r"cancelled\. Load the model again"):
        for event in one.load():
            assert isinstance(event, Loading)
            if event.unit == "bytes" and event.total == event.done + missing:
                answers.append(one.cancel_load())
    assert answers[0]
    hub.trouble.go_on.set()


def test_a_model_is_brought_loaded_and_run(hub: HubStandIn, instruct: Path) -> None:
    one = engine(NAME)
    events = list(one.load())
    seen = bytes_of(events)  # type: ignore[arg-type]
    assert {event.total for event in seen} == {needed(hub)}
    done = [event.done for event in seen]
    assert done == sorted(done) and done[-1] == needed(hub)
    assert seen[-1].files == (3, 3)
    assert text(one) == text(engine(str(instruct))) != ""
    assert one.card.origin.revision == hub.commit
    assert hub.downloads("README.md") == hub.downloads("x.gguf") == []


@pytest.fixture
def no_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantizing, "find_spec", lambda _: None)


def test_a_library_that_is_missing_is_said_before_the_hub_is_asked(
    hub: HubStandIn, no_libraries: None
) -> None:
    name = f"{NAME}?dtype=int4"
    assert "pip install bitsandbytes" in obstacle(name)
    with pytest.raises(ModelUnusable, match="pip install bitsandbytes"):
        list(engine(name).load())
    assert hub.asked == []


@pytest.mark.parametrize(
    ("query", "method", "said"),
    [
        ("", "gptq", "stored as gptq, but.*pip install gptqmodel optimum"),
        ("?dtype=int8", "fp8", "stored as fp8 already, so dtype=int8 cannot be had"),
    ],
)
def test_weights_that_cannot_be_loaded_as_asked_are_not_asked_for(
    query: str,
    method: str,
    said: str,
    hub: HubStandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = {"gptqmodel", "optimum"}
    monkeypatch.setattr(quantizing, "find_spec", lambda name: None if name in missing else name)
    config = json.loads(hub.files["config.json"]) | {
        "quantization_config": {"quant_method": method}
    }
    hub.files["config.json"] = json.dumps(config).encode()
    assert obstacle(NAME + query) == ""  # not known yet
    for _ in range(2):
        with pytest.raises(PlaygroundError, match=said):
            list(engine(NAME + query).load())
        assert [hub.downloads(shard) for shard in SHARDS] == [[], [], []]
    assert re.search(said, obstacle(NAME + query))


def test_what_is_whole_is_loaded_without_a_network(hub: HubStandIn) -> None:
    list(engine(NAME).load())
    hub.asked.clear()
    assert text(engine(NAME))
    assert hub.asked == []


def test_the_librarys_own_users_find_it_too(hub: HubStandIn) -> None:
    from huggingface_hub import snapshot_download

    list(engine(NAME).load())
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
    one = engine(NAME)
    events = bytes_of(list(one.load()))  # type: ignore[arg-type]
    assert hub.downloads(SHARDS[1]) == [0, 5000]
    assert events[0].done == needed(hub) - len(hub.files[SHARDS[1]]) + 5000
    assert events[-1].done == events[-1].total == needed(hub)
    assert text(one)


def test_a_part_is_never_taken_for_the_whole(hub: HubStandIn) -> None:
    cancelled_at(hub, SHARDS[2], 100)
    hub.trouble.always["/"] = Reply(503)
    one = engine(NAME)
    with pytest.raises(DownloadFailed, match=r"fault of its own \(HTTP 503\)"):
        list(one.load())
    assert not one.card.loaded


def test_nobody_waits_any_more_and_the_download_is_given_up(hub: HubStandIn) -> None:
    hub.trouble.stalls[SHARDS[0]] = 3000
    one = engine(NAME)
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
    one = engine(NAME)
    comparison = Comparison(lambda _: one)
    last: Event | None = None
    for _, last in comparison.run("me", (ASKED,)):
        if isinstance(last, Loading) and last.unit == "bytes":
            comparison.stops.stop("me", ASKED.id)
    assert isinstance(last, Ended) and last.ending == "user"
    assert one._job is not None and one._job.failed
    hub.trouble.go_on.set()
    assert text(one)


def test_another_who_waits_keeps_the_download_going(hub: HubStandIn) -> None:
    hub.trouble.stalls[SHARDS[0]] = 3000
    one = engine(NAME)
    first, second = one.load(), one.load()
    next(first), next(second)
    assert hub.trouble.stalled.wait(30)
    first.close()  # type: ignore[attr-defined]
    hub.trouble.go_on.set()
    list(second)
    assert one.card.loaded


def test_a_connection_that_breaks_is_taken_up_again(hub: HubStandIn, pauses: list[float]) -> None:
    hub.trouble.cuts[SHARDS[0]] = [9000, 4000, 1]
    one = engine(NAME)
    list(one.load())
    assert hub.downloads(SHARDS[0]) == [0, 9000, 13000, 13001]
    assert pauses == [1.0, 1.0, 1.0]  # each new byte starts the count again
    assert text(one)


def test_a_connection_that_stays_broken_is_said_and_what_came_is_kept(
    hub: HubStandIn, pauses: list[float]
) -> None:
    hub.trouble.cuts[SHARDS[0]] = [9000, *[0] * 9]
    with pytest.raises(DownloadFailed, match=r"lost while.*Check the network\. What.*kept"):
        list(engine(NAME).load())
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    hub.trouble.cuts.clear()
    list(engine(NAME).load())
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
    list(engine(NAME).load())
    assert on_disk(NAME) == OnDisk("whole", needed(hub), needed(hub))
