"""The picker: what it says of the lanes' models, and what Load does."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from playground.catalog import PAIRS
from playground.domain.engine import ModelCard, OnDisk
from playground.domain.errors import ModelNotFound
from playground.domain.events import Event, Loading, Origin
from playground.domain.sampling import Sampling
from playground.ui.labels import Labels
from playground.ui.picker import OWN_CHOICE, Picker, Picking, draw_pair, draw_rest
from tests.tools import GB, WHOLE, tools

INSTRUCT, THINKING = PAIRS["qwen3-4b"]
SERVER = "http://127.0.0.1:8000/v1?model=qwen3:4b"
ENGLISH: Any = SimpleNamespace(headers={"accept-language": "en"})
PORTUGUESE: Any = SimpleNamespace(headers={"accept-language": "pt-BR"})
NAMES = ("pair", "status", "progress", "load", "cancel", "offer", "sums", "figures_box", "figures")


class Engine:
    """One that is loaded by a load that begins at its gate."""

    def __init__(self, name: str) -> None:
        origin = Origin("server" if "://" in name else "local")
        thinks = "Thinking" in name or name == "demo-thinking"
        self.card = ModelCard(name, name, thinks, 64, Sampling(), origin)
        self.gate = threading.Event()
        self.fails: Exception | None = None

    def load(self, download: bool = False) -> Iterator[Event]:
        assert download
        if self.fails is not None:
            raise self.fails
        yield Loading(GB, 8 * GB, "bytes", 0.0)
        assert self.gate.wait(20)
        self.card = replace(self.card, loaded=True)

    def cancel_load(self) -> bool:
        self.gate.set()
        return True


class Shelf:
    """A picker with its engines."""

    def __init__(
        self, free_gb: float = 24, obstacles: Mapping[str, str] | None = None, **disk: OnDisk
    ) -> None:
        self.engines: dict[str, Engine] = {}
        by_name = {PAIRS["qwen3-4b"][lane == "right"]: here for lane, here in disk.items()}
        self.picking = Picking(tools(by_name, free_gb, obstacles=obstacles), self.open)

    def open(self, name: str) -> Any:
        return self.engines.setdefault(name, Engine(name))

    def shown(self, left: str, right: str, request: Any = ENGLISH) -> dict[str, Any]:
        return dict(zip(NAMES, self.picking.show(left, right, request), strict=True))


def test_the_list_has_every_pair_with_what_fits_and_what_is_here() -> None:
    pair = Shelf().shown(INSTRUCT, THINKING)["pair"]
    assert pair["value"] == "qwen3-4b"
    assert [name for _, name in pair["choices"]] == [*PAIRS, OWN_CHOICE]
    assert ("Qwen3-4B · fits up to 46,080 tokens · 16.1 GB to download", "qwen3-4b") in (
        pair["choices"]
    )


def test_two_models_of_no_pair_are_other_models() -> None:
    shown = Shelf().shown(INSTRUCT, "demo-thinking")
    assert shown["pair"]["value"] == OWN_CHOICE
    assert "**These two** · fits up to" in shown["sums"]


def test_what_is_to_be_downloaded_is_said_on_the_button_and_above_it() -> None:
    shown = Shelf().shown(INSTRUCT, THINKING)
    assert shown["status"] == (
        "Fits here (a GPU) with a context of up to 46,080 tokens. 16.1 GB to download."
        " Licence: Apache-2.0."
    )
    assert shown["load"]["visible"] and shown["load"]["value"] == "Download and load (16.1 GB)"
    assert not shown["cancel"]["visible"] and not shown["offer"]["visible"]


def test_what_came_already_is_told_apart() -> None:
    shown = Shelf(left=OnDisk("part", 3 * GB, 8 * GB), right=WHOLE).shown(INSTRUCT, THINKING)
    assert "3.0 GB are here, 5.0 GB to download." in shown["status"]


def test_what_is_on_disk_can_be_loaded_now() -> None:
    shown = Shelf(left=WHOLE, right=WHOLE).shown(INSTRUCT, THINKING)
    assert "On disk; loaded when a cell first runs." in shown["status"]
    assert shown["load"]["value"] == "Load now"


def test_what_is_loaded_needs_no_button() -> None:
    shelf = Shelf(left=WHOLE, right=WHOLE)
    for name in (INSTRUCT, THINKING):
        shelf.open(name).card = replace(shelf.open(name).card, loaded=True)
    shown = shelf.shown(INSTRUCT, THINKING)
    assert "Loaded." in shown["status"] and not shown["load"]["visible"]


def test_the_built_in_pair_offers_the_real_one_with_what_it_takes() -> None:
    shown = Shelf().shown(*PAIRS["demo"])
    assert not shown["load"]["visible"]
    assert shown["offer"]["visible"]
    assert shown["offer"]["value"] == (
        "Load Qwen3-4B (16.1 GB to download, needs 18.4 GB of memory)"
    )


def test_what_is_too_large_is_not_offered() -> None:
    shown = Shelf(free_gb=8).shown(*PAIRS["demo"])
    assert not shown["offer"]["visible"]
    assert "**Qwen3-4B** · too large for this machine" in shown["sums"]


def test_models_on_servers_need_nothing_here() -> None:
    shown = Shelf().shown(SERVER, SERVER)
    assert shown["status"] == "Both models run on servers: nothing is loaded here."
    assert not shown["load"]["visible"]


def test_fp8_that_is_not_computed_here_is_said_to_be_widened() -> None:
    shown = Shelf().shown(*PAIRS["qwen3-4b-fp8"])
    assert "made 16 bits wide here" in shown["status"]
    (fp8,) = [text for text in shown["sums"].split("\n\n") if "FP8 weights" in text]
    assert "FP8**" in fp8


def test_of_a_stranger_that_is_not_here_only_so_much_is_said() -> None:
    shown = Shelf().shown("me/unknown", THINKING)
    assert shown["status"].startswith("What it takes is not known before its files are here.")
    assert shown["load"]["value"] == "Download and load"


def test_what_is_no_name_is_said() -> None:
    assert "is not a model name" in Shelf().shown("junk", THINKING)["status"]


def test_figures_are_shown_where_both_models_have_some() -> None:
    shown = Shelf().shown(INSTRUCT, THINKING)
    assert shown["figures_box"]["visible"] and "AIME25" in shown["figures"]
    assert not Shelf().shown(*PAIRS["demo"])["figures_box"]["visible"]


def test_it_speaks_the_visitors_language() -> None:
    shown = Shelf().shown(INSTRUCT, THINKING, PORTUGUESE)
    assert shown["status"].startswith("Cabe aqui (a GPU) com um contexto de até 46.080 tokens.")
    assert shown["load"]["value"] == "Baixar e carregar (16,1 GB)"


def test_picking_a_pair_gives_the_lanes_its_models() -> None:
    assert Shelf().picking.pick("qwen3-0.6b") == list(PAIRS["qwen3-0.6b"])
    assert INSTRUCT not in Shelf().picking.pick(OWN_CHOICE)


def test_load_shows_its_progress_and_ends_with_both_models_loaded() -> None:
    shelf = Shelf()
    shelf.open(THINKING).gate.set()
    steps = shelf.picking.load(INSTRUCT, THINKING, ENGLISH)
    progress, load, cancel, _ = next(steps)
    assert progress["value"].startswith("**Qwen3-4B-Instruct-2507** (1 of 2): ")
    assert not load["visible"] and cancel["visible"]
    shelf.open(INSTRUCT).gate.set()
    progress, load, cancel, _ = list(steps)[-1]
    assert not progress["visible"] and not cancel["visible"]
    assert shelf.open(THINKING).card.loaded
    assert "Loaded." in shelf.shown(INSTRUCT, THINKING)["status"]


def test_who_comes_later_sees_the_load_that_goes_on() -> None:
    shelf = Shelf()
    next(shelf.picking.load(INSTRUCT, THINKING, ENGLISH))
    shown = shelf.shown(INSTRUCT, THINKING)
    assert shown["cancel"]["visible"] and not shown["load"]["visible"]
    assert (
        "Qwen3-4B-Instruct" in next(shelf.picking.follow(INSTRUCT, THINKING, ENGLISH))[0]["value"]
    )
    shelf.picking.cancel(INSTRUCT, THINKING)
    for name in (INSTRUCT, THINKING):
        shelf.open(name).gate.set()


def test_how_a_load_ended_is_said_until_the_models_are_loaded() -> None:
    shelf = Shelf()
    shelf.open(INSTRUCT).fails = ModelNotFound("No network. Connect to it.")
    assert list(shelf.picking.load(INSTRUCT, THINKING, ENGLISH))[-1][0]["value"] == (
        "No network. Connect to it."
    )
    assert shelf.shown(INSTRUCT, THINKING)["progress"]["value"] == "No network. Connect to it."
    assert not shelf.shown(*PAIRS["demo"])["progress"]["visible"]
    for name in (INSTRUCT, THINKING):
        shelf.open(name).card = replace(shelf.open(name).card, loaded=True)
    assert not shelf.shown(INSTRUCT, THINKING)["progress"]["visible"]


def test_where_nothing_is_loaded_there_is_nothing_to_follow() -> None:
    (step,) = Shelf().picking.follow(INSTRUCT, THINKING, ENGLISH)
    assert all(part == gr.skip() for part in step)


def test_what_is_too_large_is_refused_with_the_arithmetic() -> None:
    shelf = Shelf(free_gb=12)
    (step,) = shelf.picking.load(INSTRUCT, THINKING, ENGLISH)
    said = step[0]["value"]
    assert said.startswith("Too large for this machine (a GPU). 16.1 GB weights + 1.2 GB for 8,192")
    assert said.endswith("12.0 GB are free. Close other programs, or choose a smaller pair or"
                         " a model on a server.")  # fmt: skip
    assert shelf.engines == {}


def test_what_cannot_be_loaded_says_so_at_once_and_is_not_loaded() -> None:
    name = "me/mine?dtype=int4"
    shelf = Shelf(obstacles={name: "dtype=int4 needs `bitsandbytes`."})
    shown = shelf.shown(name, "demo-thinking")
    assert shown["status"] == r"dtype=int4 needs \`bitsandbytes\`."
    assert not shown["load"]["visible"]
    shelf.engines.clear()
    (step,) = shelf.picking.load(name, "demo-thinking", ENGLISH)
    assert step[0]["value"] == shown["status"]
    assert shelf.engines == {}


@pytest.mark.parametrize("visible", [True, False])
def test_it_is_drawn_only_where_models_may_be_chosen(visible: bool) -> None:
    labels = Labels()
    with gr.Blocks():
        picker: Picker = draw_rest(draw_pair(PAIRS["demo"], visible, labels), visible, labels)
    assert picker.pair.visible is visible
    assert picker.pair.value == "demo"
    assert len(picker.shown()) == len(NAMES)
