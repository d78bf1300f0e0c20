"""Texts that try every kind of quoting, and Python programs run as a reader would run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from playground.domain.request import Lane, Message

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 240
MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
NASTY = (
    'It\'s "quoted" & <b>, $HOME, `id`, $(id), \\n, \\\n\\\\, %s {x}\nEOF\nJSON\n\'\'\'\n"""\n'
    "é 漢 🎉 \u2028 \x07\ttab\r\nend\\"
)
HISTORY = (
    Message("user", "What is 2 + 2?"),
    Message("assistant", "It is **4**.", "2 + 2 = 4"),
)
RUN_ALL = """
import contextlib, io, json, runpy, sys
said = []
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(path)
    said.append(out.getvalue())
print(json.dumps(said))
"""


def programs_said(texts: list[str], folder: Path) -> list[str]:
    """What Python programs print, all in one process: torch is loaded once."""
    paths = []
    for index, text in enumerate(texts):
        path = folder / f"program{index}.py"
        path.write_text(text, encoding="utf-8", newline="")
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL, *paths],
        capture_output=True,
        timeout=WAIT_S,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    said: list[str] = json.loads(done.stdout)
    return said
