"""What is on this machine, of models that no hub is asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from playground.domain.engine import OnDisk
from playground.engines import on_disk
from playground.engines.local.hubs.holdings import holdings


def needed_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("name", ["demo-thinking", "http://127.0.0.1:8000/v1?model=x"])
def test_what_needs_no_download_is_whole(name: str) -> None:
    assert on_disk(name) == OnDisk("whole", 0, 0)
    assert on_disk(name).missing_bytes == 0


def test_a_folder_is_whole_in_parts_or_nothing(instruct: Path, tmp_path: Path) -> None:
    have = needed_bytes(instruct)
    assert on_disk(str(instruct)) == OnDisk("whole", have, have)
    part = Path(shutil.copytree(instruct, tmp_path / "part"))
    weights = (part / "model.safetensors").stat().st_size
    (part / "model.safetensors").unlink()
    assert on_disk(str(part)) == OnDisk("part", have - weights, None)
    assert on_disk(str(part)).missing_bytes is None
    assert on_disk(str(tmp_path / "nowhere")) == OnDisk("nothing", 0, None)


def test_a_template_that_the_hub_has_is_part_of_the_whole(instruct: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in instruct.iterdir()}
    assert holdings(instruct, sizes, sizes, 0).state == "whole"
    more = sizes | {"chat_template.jinja": 700}
    assert holdings(instruct, sizes, more, 0) == OnDisk(
        "part", sum(sizes.values()), sum(sizes.values()) + 700
    )


def test_an_adapter_counts_too(instruct: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "adapter_config.json").write_text("{}", encoding="utf-8")
    assert on_disk(f"{instruct}+{adapter}").state == "part"
    (adapter / "adapter_model.safetensors").write_bytes(b"x")
    both = on_disk(f"{instruct}+{adapter}")
    assert both.state == "whole"
    assert both.have_bytes == both.total_bytes == needed_bytes(instruct) + 3
