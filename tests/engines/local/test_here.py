"""Nothing is downloaded unasked: a run says how to load, a load that was asked for downloads."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.catalog import parse_name
from playground.domain.engine import OnDisk
from playground.domain.errors import ModelNotFound, PlaygroundError
from playground.engines.local import engine as local
from playground.engines.local import here
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.engine import LocalEngine

THINKING = "Qwen/Qwen3-4B-Thinking-2507"


class Downloaded(PlaygroundError):
    """Stands for a download that began."""


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch) -> dict[str, OnDisk]:
    """What is on disk, by name; a download ends with `Downloaded`."""
    disk: dict[str, OnDisk] = {}

    def whole_folder(name: object, _report: object, _cancellation: Cancellation) -> Path:
        raise Downloaded(str(name))

    monkeypatch.setattr(
        here, "on_disk", lambda name: disk.get(name.where, OnDisk("nothing", 0, None))
    )
    monkeypatch.setattr(local, "whole_folder", whole_folder)
    return disk


def load(name: str, may_download: bool = False, download: bool = False) -> None:
    list(LocalEngine(parse_name(name), may_download).load(download=download))


def test_a_run_does_not_download_and_says_how_to_ask_for_it() -> None:
    with pytest.raises(ModelNotFound, match=r"8\.0 GB to download.*unasked. Press Load.*--left"):
        load(THINKING)


def test_of_a_half_downloaded_model_the_rest_is_told(hub: dict[str, OnDisk]) -> None:
    hub[THINKING] = OnDisk("part", 3 * 10**9, 8 * 10**9)
    with pytest.raises(ModelNotFound, match=r"5\.0 GB to download"):
        load(THINKING)


def test_of_a_stranger_no_size_is_told() -> None:
    with pytest.raises(ModelNotFound, match="'me/unknown' is not on this machine, and"):
        load("me/unknown")


def test_an_adapter_is_not_downloaded_unasked_either() -> None:
    with pytest.raises(ModelNotFound, match="is not on this machine"):
        here.check_here(parse_name("./base+me/lora"))


def test_a_load_that_was_asked_for_downloads() -> None:
    with pytest.raises(Downloaded):
        load(THINKING, download=True)


def test_who_named_the_model_in_a_script_asked_for_it() -> None:
    with pytest.raises(Downloaded):
        load(THINKING, may_download=True)


def test_after_a_download_that_failed_a_run_does_not_try_again() -> None:
    engine = LocalEngine(parse_name(THINKING))
    with pytest.raises(Downloaded):
        list(engine.load(download=True))
    with pytest.raises(ModelNotFound, match="unasked"):
        list(engine.load())


@pytest.mark.parametrize("name", ["./folder", "demo-instruct"])
def test_what_comes_from_no_hub_is_not_asked_about(name: str) -> None:
    with pytest.raises(Downloaded):
        load(name)


def test_a_whole_model_is_loaded(hub: dict[str, OnDisk]) -> None:
    hub[THINKING] = OnDisk("whole", 8, 8)
    with pytest.raises(Downloaded):
        load(THINKING)
