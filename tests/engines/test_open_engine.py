"""The one door: the same engine for the same model, and nothing heavy behind it until it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from playground import engines
from playground.catalog import parse_name
from playground.catalog.fit import Machine
from playground.demo_pair import FOLDERS
from playground.domain.engine import Engine
from playground.domain.errors import BadRequest
from playground.engines import open_engine
from playground.engines.local import machine
from playground.engines.local.engine import known_folder


def test_the_same_model_is_the_same_engine(instruct: Path, thinking: Path) -> None:
    assert open_engine(str(instruct)) is open_engine(f" {instruct} ")
    assert open_engine(str(instruct)) is not open_engine(str(thinking))
    assert open_engine(str(instruct)) is not open_engine(f"{instruct}?dtype=bf16")


def test_two_ways_to_a_folder_lead_to_one_engine(instruct: Path) -> None:
    relative = os.path.relpath(instruct)
    written = relative if relative.startswith(".") else f"./{relative}"
    assert open_engine(written) is open_engine(str(instruct))


def test_many_threads_get_one_engine(hybrid: Path) -> None:
    found: list[Engine] = []
    threads = [
        threading.Thread(target=lambda: found.append(open_engine(str(hybrid)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(map(id, found))) == 1


def test_the_built_in_models_have_folders_and_cards() -> None:
    for name, folder in FOLDERS.items():
        assert open_engine(name).card.name == name
        assert known_folder(parse_name(name)) == folder
    assert open_engine("demo-thinking").card.thinks
    assert not open_engine("demo-instruct").card.thinks


def test_a_server_is_opened_without_asking_it() -> None:
    card = open_engine("http://127.0.0.1:1/v1?model=qwen3:4b").card
    assert (card.origin.engine, card.label, card.thinks, card.loaded) == (
        "server",
        "qwen3:4b",
        True,
        False,
    )


def test_nonsense_is_refused() -> None:
    with pytest.raises(BadRequest, match="is not a model name"):
        open_engine("no such thing")


def test_the_door_imports_nothing_heavy() -> None:
    program = (
        "import sys, playground.engines, playground.engines.scripted\n"
        "heavy = {'torch', 'transformers', 'tokenizers', 'huggingface_hub', 'gradio'}\n"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_loaded_weights_count_once_as_held(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded(name: str) -> SimpleNamespace:
        return SimpleNamespace(card=replace(open_engine(name).card, loaded=True))

    held: list[int] = []
    look = machine.machine

    def looked(loaded_bytes: int = 0) -> Machine:
        held.append(loaded_bytes)
        return look(loaded_bytes)

    both = ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B?thinking=off")
    names = (*both, "http://127.0.0.1:1/v1?model=qwen3:4b", "me/unknown")
    monkeypatch.setattr(engines, "_engines", {name: loaded(name) for name in names})
    monkeypatch.setattr(machine, "machine", looked)
    engines.machine()
    assert held[-1] == 1_192_099_840


def test_looking_at_the_machine_imports_no_torch() -> None:
    look = "from playground import engines; engines.machine(); import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert "torch" not in done.stdout.split()
