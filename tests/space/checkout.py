"""A small checkout with the files that a Space is made of."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "app.py",
    "LICENSE",
    "README.md",
    "requirements.txt",
    "spaces.yml",
    "playground/ui/page.py",
)


def small_checkout(place: Path) -> Path:
    """The checkout in `place`; the test's README and requirements are the real ones."""
    for name in COPIED:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    for name in ("tests/test_app.py", ".env", "playground/__pycache__/page.cpython-312.pyc"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text("not for others", "utf-8")
    return place
