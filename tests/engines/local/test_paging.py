"""Mapped weights are read before a run needs them, as far as there is room for all of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.catalog import parse_name
from playground.engines.local import loading, paging
from playground.engines.local.paging import read_through


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Ten bytes and twenty-five, read in pieces of ten."""
    monkeypatch.setattr(paging, "PIECE_BYTES", 10)
    monkeypatch.setattr(paging, "REPORT_BYTES", 10)
    paths = [tmp_path / "a", tmp_path / "b"]
    for path, size in zip(paths, (10, 25), strict=True):
        path.write_bytes(b"x" * size)
    return paths


@pytest.mark.parametrize("in_memory", [False, True])
def test_all_of_it_is_read_but_what_is_in_memory(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, in_memory: bool
) -> None:
    looked: list[int] = []
    before: list[int] = []
    told: list[tuple[int, int]] = []

    def is_in_memory(file: int, start: int) -> bool:
        looked.append(start)
        before.append(os.lseek(file, 0, os.SEEK_CUR))
        return in_memory

    monkeypatch.setattr(paging, "_is_in_memory", is_in_memory)
    read_through(files, 35, lambda done, total: told.append((done, total)))
    assert looked == [0, 0, 10, 20]
    assert before == ([0, 0, 0, 0] if in_memory else [0, 0, 10, 20])  # where reading has come to
    assert told == [(10, 35), (20, 35), (30, 35), (35, 35)]


def test_nothing_is_read_where_there_is_no_room_for_all(files: list[Path]) -> None:
    read_through(files, 34, lambda *_: pytest.fail("was read"))


def test_what_is_not_there_is_not_in_memory(files: list[Path]) -> None:
    with files[0].open("rb") as file:
        assert not paging._is_in_memory(file.fileno(), 10**6)  # beyond its end


@pytest.mark.parametrize("large", [False, True])
def test_a_large_model_s_weights_are_read_while_it_loads(
    instruct: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    read: list[str] = []
    monkeypatch.setattr(loading, "LARGE_PARAMETERS", 0 if large else 10**9)
    monkeypatch.setattr(
        loading, "read_through", lambda paths, *_: read.extend(path.name for path in paths)
    )
    loading.load_model(parse_name(str(instruct)), instruct, lambda *_: None).release()
    assert read == (["model.safetensors"] if large else [])
