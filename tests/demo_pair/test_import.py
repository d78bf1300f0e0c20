"""The page may import this room before torch is there."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_room_loads_no_torch() -> None:
    code = "import sys, playground.demo_pair; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
