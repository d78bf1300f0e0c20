"""Files are replaced whole or not at all, and what goes wrong is said."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from playground.domain.errors import BadRequest
from playground.notebook import saving
from playground.notebook.saving import read_text, save_atomically


def test_a_file_is_made_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "book.ipynb"
    save_atomically(path, "é🧠\r\n")
    assert read_text(path) == "é🧠\r\n"
    assert os.listdir(tmp_path) == ["book.ipynb"]


def test_a_new_file_has_the_mode_of_new_files_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = tmp_path / "book.ipynb"
        save_atomically(path, "one")
        assert path.stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)
    path.chmod(0o604)
    save_atomically(path, "two")
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "book.ipynb", tmp_path / "link.ipynb"
    link.symlink_to(target)
    save_atomically(link, "text")
    assert link.is_symlink() and target.read_text("utf-8") == "text"


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "book.ipynb"
    path.write_text("old", "utf-8")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saving.os, broken, fail)
    with pytest.raises(
        BadRequest, match=r"could not be saved: No space left on device\. Make room"
    ):
        save_atomically(path, "new")
    assert path.read_text("utf-8") == "old"
    assert os.listdir(tmp_path) == ["book.ipynb"]


def test_an_interrupt_leaves_nothing_beside_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(saving.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_atomically(tmp_path / "book.ipynb", "new")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["nowhere/book.ipynb", "a\0b", "x" * 300])
def test_a_place_that_is_none_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequest, match="could not be saved"):
        save_atomically(tmp_path / name, "text")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="could not be saved: Is a directory"):
        save_atomically(tmp_path, "text")
    with pytest.raises(BadRequest, match="could not be read: Is a directory"):
        read_text(tmp_path)


def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "book.ipynb"
    with pytest.raises(BadRequest, match="could not be read: No such file or directory"):
        read_text(path)
    with pytest.raises(BadRequest, match="could not be read: embedded null byte"):
        read_text(Path("a\0b"))
    path.write_bytes(b"abc\xff")
    with pytest.raises(BadRequest, match=r"no text in UTF-8 \(byte 3\)\. Choose"):
        read_text(path)
    monkeypatch.setattr(saving, "MOST_BYTES", 3)
    with pytest.raises(BadRequest, match=r"is larger than 0 MB\. Clear outputs"):
        read_text(path)
