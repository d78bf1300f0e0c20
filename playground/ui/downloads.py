"""Files that a page hands out to its visitor: written into a folder of the session's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gradio as gr

from playground.ui.session import Session
from playground.words import say


def written(session: Session, under: Path, name: str, write: Callable[[Path], object]) -> str:
    """The path of a file of this name, as `write` has written it. Raises gr.Error."""
    folder = under / session.secret
    try:
        folder.mkdir(exist_ok=True)
        write(folder / name)
    except OSError as exc:
        raise gr.Error(
            say(
                "The file could not be written ({reason}). Free some space on the server's disk"
                " and try again.",
                reason=exc.strerror,
            ),
            print_exception=False,
        ) from exc
    return str(folder / name)
