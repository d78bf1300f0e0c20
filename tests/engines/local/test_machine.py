"""This machine's memory: the container's limit, the GPU by its driver's tool, torch left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from playground.engines.local import machine as this

GB = 10**9


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty tree of control groups."""
    monkeypatch.setattr(this, "CGROUPS", tmp_path)
    monkeypatch.setattr(this, "OWN_CGROUP", tmp_path / "own")
    (tmp_path / "own").write_text("0::/\n", encoding="utf-8")
    return tmp_path


def group(folder: Path, limit: str, used: int, cached: int = 0, version: int = 2) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = ("memory.max", "memory.current", "inactive_file")
    if version == 1:
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    (folder / names[0]).write_text(f"{limit}\n", encoding="ascii")
    (folder / names[1]).write_text(f"{used}\n", encoding="ascii")
    (folder / "memory.stat").write_text(f"anon 1\n{names[2]} {cached}\n", encoding="ascii")


def memory(monkeypatch: pytest.MonkeyPatch, total: int, available: int) -> None:
    class Memory:
        pass

    found: Any = Memory()
    found.total, found.available = total, available
    monkeypatch.setattr(this.psutil, "virtual_memory", lambda: found)


def test_without_a_limit_it_is_the_machines_memory(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group(groups, "max", 3 * GB)
    memory(monkeypatch, 64 * GB, 40 * GB)
    assert (this.total_memory_bytes(), this.free_memory_bytes()) == (64 * GB, 40 * GB)


def test_a_containers_limit_is_the_end_of_the_memory(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group(groups, str(16 * GB), 5 * GB, cached=2 * GB)
    memory(monkeypatch, 64 * GB, 40 * GB)
    assert (this.total_memory_bytes(), this.free_memory_bytes()) == (16 * GB, 13 * GB)


def test_of_groups_within_groups_the_narrowest_counts(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (groups / "own").write_text("0::/user/one\n", encoding="utf-8")
    group(groups / "user", str(8 * GB), 6 * GB)
    group(groups / "user" / "one", str(16 * GB), 1 * GB)
    memory(monkeypatch, 64 * GB, 40 * GB)
    assert (this.total_memory_bytes(), this.free_memory_bytes()) == (8 * GB, 2 * GB)


def test_an_older_systems_groups_are_read_too(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (groups / "own").write_text("5:cpu:/a\n4:memory:/job\n0::/\n", encoding="utf-8")
    group(groups / "memory" / "job", str(4 * GB), 1 * GB, cached=GB // 2, version=1)
    memory(monkeypatch, 64 * GB, 40 * GB)
    assert this.free_memory_bytes() == 3 * GB + GB // 2


def test_a_system_without_groups_has_no_such_limit(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (groups / "own").unlink()
    memory(monkeypatch, 64 * GB, 40 * GB)
    assert this.free_memory_bytes() == 40 * GB


def answering(monkeypatch: pytest.MonkeyPatch, answer: str | Exception) -> list[list[str]]:
    """Stand in for nvidia-smi; what it was asked."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> Any:
        asked.append(command)
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess(command, 0, answer, "")

    monkeypatch.setattr(this.shutil, "which", lambda _: "nvidia-smi")
    monkeypatch.setattr(this.subprocess, "run", run)
    monkeypatch.setattr(this.importlib.metadata, "version", lambda _: "2.13.0")
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return asked


@pytest.mark.parametrize(("capability", "computes"), [("8.6", False), ("8.9", True), ("9.0", True)])
def test_a_gpu_is_found_without_torch(
    monkeypatch: pytest.MonkeyPatch, capability: str, computes: bool
) -> None:
    answering(monkeypatch, f"NVIDIA H100 80GB HBM3, 80000, 81559, {capability}\n")
    found = this.machine()
    assert (found.device, found.label) == ("cuda", "NVIDIA H100 80GB HBM3")
    assert (found.free_bytes, found.total_bytes) == (80_000 * 2**20, 81_559 * 2**20)
    assert (found.computes_fp8, found.libraries_loaded) == (computes, False)
    assert "torch" not in sys.modules


def test_the_gpu_that_is_visible_first_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, "A, 1, 2, 8.0\n")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,1")
    this.machine()
    assert asked[0][asked[0].index("-i") + 1] == "3"


@pytest.mark.parametrize("visible", ["", "-1"])
def test_no_gpu_is_asked_for_where_none_is_visible(
    monkeypatch: pytest.MonkeyPatch, visible: str
) -> None:
    asked = answering(monkeypatch, "A, 1, 2, 8.0\n")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert (this.machine().device, asked) == ("cpu", [])


def test_a_torch_without_cuda_takes_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, "A, 1, 2, 8.0\n")
    monkeypatch.setattr(this.importlib.metadata, "version", lambda _: "2.13.0+cpu")
    assert (this.machine().device, asked) == ("cpu", [])


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "No devices were found\n",
        "A, [N/A], [N/A], 12.1\n",
        OSError("gone"),
        subprocess.TimeoutExpired("nvidia-smi", 5),
        subprocess.CalledProcessError(9, "nvidia-smi"),
    ],
)
def test_a_driver_that_does_not_answer_leaves_the_processor(
    monkeypatch: pytest.MonkeyPatch, answer: str | Exception
) -> None:
    answering(monkeypatch, answer)
    assert this.machine().device == "cpu"


def test_loaded_weights_are_held_up_to_what_the_process_has() -> None:
    assert this.machine().held_bytes == 0
    assert this.machine(1).held_bytes == 1
    rss = this.psutil.Process().memory_info().rss
    assert 0 < this.machine(10**15).held_bytes < 2 * rss


def test_apples_gpu_shares_the_memory(monkeypatch: pytest.MonkeyPatch, groups: Path) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(this.shutil, "which", lambda _: None)
    monkeypatch.setattr(this.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(this.platform, "machine", lambda: "arm64")
    memory(monkeypatch, 16 * GB, 14 * GB)
    found = this.machine()
    assert (found.device, found.total_bytes, found.free_bytes) == ("mps", 12 * GB, 12 * GB)


def torch_with(monkeypatch: pytest.MonkeyPatch, **cuda: Any) -> None:
    """Stand in for a torch that is imported."""
    given = {
        "is_available": lambda: True,
        "mem_get_info": lambda _: (20 * GB, 24 * GB),
        "get_device_name": lambda _: "RTX",
        "memory_reserved": lambda _: 3 * GB,
        "get_device_capability": lambda _: (8, 9),
    }
    backends = SimpleNamespace(mps=SimpleNamespace(is_available=lambda: False))
    stand_in = SimpleNamespace(cuda=SimpleNamespace(**{**given, **cuda}), backends=backends)
    monkeypatch.setitem(sys.modules, "torch", stand_in)  # type: ignore[arg-type]


def test_a_torch_that_is_there_tells_what_it_holds_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torch_with(monkeypatch)
    found = this.machine()
    assert (found.device, found.label, found.free_bytes) == ("cuda", "RTX", 20 * GB)
    assert (found.held_bytes, found.available_bytes) == (3 * GB, 23 * GB)
    assert found.computes_fp8 and found.libraries_loaded


def test_a_gpu_that_is_only_promised_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_: int) -> None:
        raise RuntimeError("no device")

    torch_with(monkeypatch, mem_get_info=lost)
    assert this.machine().device == "cpu"
