"""A file is taken apart in a process of its own, which is ended when it takes too long."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import Any

import pytest

from playground.attachments import LIMITS, apart
from playground.attachments.apart import Refused, taken_apart


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Refused) as caught:
        taken_apart("html", b"<p>hi", replace(LIMITS, seconds=0.001))
    assert caught.value.problem == "slow"


def test_a_process_that_dies_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any, **__: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -9, stdout=b"")

    monkeypatch.setattr(apart.subprocess, "run", killed)
    with pytest.raises(Refused) as caught:
        taken_apart("pdf", b"%PDF-", LIMITS)
    assert caught.value.problem == "damaged"


def test_a_process_may_not_grow_beyond_its_memory() -> None:
    with pytest.raises(Refused) as caught:
        taken_apart("html", b"<p>word</p>" * 400_000, replace(LIMITS, memory_bytes=150_000_000))
    assert caught.value.problem == "damaged"
