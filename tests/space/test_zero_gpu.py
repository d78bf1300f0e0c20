"""Both lanes in one call of the real package `spaces`, before a stand-in of ZeroGPU's service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.space.device_service import NO_GPU, DeviceService, device_service, refused

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("spaces")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="ZeroGPU forks")


@pytest.fixture
def service() -> Iterator[DeviceService]:
    with device_service() as running:
        yield running


def runs(service: DeviceService, what: str, tmp_path: Path) -> dict[str, Any]:
    """What the program printed."""
    groups = tmp_path / "cgroup"
    groups.write_text("0::/a\n")
    environment = {
        **os.environ,
        "SPACES_ZERO_GPU": "true",
        "SPACES_ZERO_DEVICE_API_URL": service.url,
        "ZEROGPU_PROC_SELF_CGROUP_PATH": str(groups),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.space.zero_program", what],
        cwd=ROOT, env=environment, text=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return printed


def test_one_call_serves_both_lanes_and_is_booked_for_what_they_may_take(
    service: DeviceService, tmp_path: Path
) -> None:
    first, second = runs(service, "plain", tmp_path)["runs"]
    assert first["left"]["output"]["answer"] == "Left says."
    assert second["right"]["output"]["answer"] == "Right says."
    # 2 lanes × 512 tokens at 25 a second, with room: 68 s.
    assert [call["durationSeconds"] for call in service.calls("/schedule")] == ["68", "68"]
    assert len(service.calls("/release")) == 2


def test_a_stop_reaches_the_worker_and_each_lane_has_its_share_of_the_time(
    service: DeviceService, tmp_path: Path
) -> None:
    printed = runs(service, "endless", tmp_path)
    for run in printed["runs"]:
        workers = {run[lane]["output"]["answer"].split()[0] for lane in ("left", "right")}
        assert len(workers) == 1 and str(printed["parent"]) not in workers
        assert {run[lane]["ending"] for lane in ("left", "right")} == {"user"}
        left_s, right_s = (
            int(run[lane]["output"]["answer"].split()[1].strip(".")) for lane in ("left", "right")
        )
        assert 33 <= left_s <= 37 and 58 <= right_s <= 65


def test_a_worker_that_is_ended_loses_nothing_that_had_come(
    service: DeviceService, tmp_path: Path
) -> None:
    for run in runs(service, "dying", tmp_path)["runs"]:
        assert run["left"]["output"]["answer"] == "So far"
        for lane in ("left", "right"):
            error = run[lane]["error"]
            assert error["kind"] == "engine_failed"
            assert error["message"].startswith("The GPU was taken away before the run had ended.")


REFUSALS = (
    (refused(30, "PT3H", **{"X-Approve-Result": "quota-exceeded"}), "is used up"),
    (refused(99, "-PT1S", **{"X-Approve-Result": "illegal-duration"}), "more GPU time at once"),
    (refused(0, "PT1M", **{"X-Approve-Result": "pending-overquota-exceeded"}), "other runs"),
    (NO_GPU, "gave no GPU"),
    ((500, {}, {}), "does not answer"),
)


def test_a_refusal_is_said_in_plain_words(service: DeviceService, tmp_path: Path) -> None:
    service.answers = [answer for answer, _ in REFUSALS]
    refused_runs = runs(service, "refused", tmp_path)["runs"]
    for run, (_, words) in zip(refused_runs, REFUSALS, strict=True):
        for lane in ("left", "right"):
            error = run[lane]["error"]
            assert error["kind"] == "busy" and words in error["message"], error
