"""The notebook's script: its files share one scope, so each name in it is there once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from playground.ui import notebook

FOLDER = Path(notebook.__file__).parent
DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def test_no_name_is_declared_twice() -> None:
    declared = Counter(
        name
        for path in FOLDER.glob("*.js")
        if path.name != "relay.js"  # the hidden component's own
        for name in DECLARED.findall(path.read_text("utf-8"))
    )
    assert [name for name, count in declared.items() if count > 1] == []
    assert len(declared) > 100
