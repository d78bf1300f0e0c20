"""Comparison tests tick fast: a silent stream is seen at once, nothing sleeps."""

from __future__ import annotations

import pytest

from playground.comparison import run


@pytest.fixture(autouse=True)
def fast_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TICK_S", 0.001)
