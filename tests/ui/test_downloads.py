"""Files that go out lie in a folder of the session's own; what a full disk refuses is said."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest

from playground.ui.downloads import written
from playground.ui.session import Session


def test_a_file_lies_in_the_sessions_own_folder(session: Session, tmp_path: Path) -> None:
    path = Path(written(session, tmp_path, "a.txt", lambda to: to.write_text("x", "utf-8")))
    assert path == tmp_path / session.secret / "a.txt" and path.read_text("utf-8") == "x"
    assert Path(written(session, tmp_path, "b.txt", lambda to: to.touch())).parent == path.parent


def test_a_full_disk_is_said(session: Session, tmp_path: Path) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(gr.Error, match="No space left on device"):
        written(session, tmp_path, "a.txt", full)
