"""Every way in which a folder is no model, said before anything is loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from playground.domain.errors import ModelNotFound, ModelUnusable
from playground.engines.local.folder import check_folder, check_safetensors, weight_files
from tests.engines.models import write_json


@pytest.fixture
def copy(instruct: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(instruct, tmp_path / "copy"))


def drop(*names: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return damage


def write(name: str, content: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_text(content, encoding="utf-8")

    return damage


def truncate(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def truncate_header(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:40])


def index_without_files(folder: Path) -> None:
    names = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    write_json(folder / "model.safetensors.index.json", {"weight_map": names})


def no_template(folder: Path) -> None:
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    del config["chat_template"]
    write_json(path, config)


DAMAGES: list[tuple[Callable[[Path], None], str]] = [
    (drop("config.json"), r"has no config\.json.*Name the folder"),
    (write("config.json", "{"), r"config\.json' is not readable JSON.*again\."),
    (write("config.json", "[]"), r"config\.json' does not hold a JSON object.*again\."),
    (drop("tokenizer.json"), r"has no tokenizer\.json.*again\."),
    (no_template, r"has no chat template.*add its chat_template\.jinja"),
    (drop("model.safetensors"), r"has no weights.*again\."),
    (truncate, r"is damaged: [\d,]+ bytes where [\d,]+ are expected.*again\."),
    (truncate_header, r"is not a safetensors file.*again\."),
    (write("model.safetensors", ""), r"is not a safetensors file.*again\."),
    (write("model.safetensors", "<html>not a model</html>"), r"is not a safetensors file.*again\."),
    (index_without_files, r"2 of 2 weight files are missing.*00001.*again\."),
    (write("model.safetensors.index.json", "{}"), r"0 of 0 weight files are missing.*again\."),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_a_damaged_folder_is_refused_by_name(
    copy: Path, damage: Callable[[Path], None], said: str
) -> None:
    damage(copy)
    with pytest.raises(ModelUnusable, match=said) as raised:
        check_folder(copy)
    assert str(copy) in str(raised.value)


def test_a_whole_folder_passes(instruct: Path) -> None:
    check_folder(instruct)
    assert weight_files(instruct) == [instruct / "model.safetensors"]


def test_a_template_may_be_a_file_of_its_own(copy: Path) -> None:
    no_template(copy)
    (copy / "chat_template.jinja").write_text("{{ messages }}", encoding="utf-8")
    check_folder(copy)


def test_a_folder_that_is_missing_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"nowhere' does not exist\. Check the path"):
        check_folder(tmp_path / "nowhere")


def test_a_file_is_not_a_folder(copy: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"is a file, not a folder\. Check the path"):
        check_folder(copy / "config.json")


def test_trailing_bytes_are_damage_too(copy: Path) -> None:
    path = copy / "model.safetensors"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelUnusable, match="is damaged"):
        check_safetensors(path)
