"""This machine's memory for models: of the GPU that torch would take, else of the process.

Asks torch only where it is imported already, so that looking costs a page that opens nothing.
A container's limit counts like the end of the memory. Knows no model.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

from playground.catalog.fit import Machine

# The first GPUs that compute in FP8 (Ada); for older ones such weights are made 16 bits wide.
FP8_CAPABILITY = (8, 9)
NVIDIA_SMI_TIMEOUT_S = 5.0
MIB = 2**20
# What macOS lets one program's GPU work have of the memory that it shares with the processor.
MPS_SHARE = 0.75
CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")


def machine(loaded_bytes: int = 0) -> Machine:
    """Where models would run now. `loaded_bytes` are those of the weights that are loaded."""
    found = _by_torch(loaded_bytes) if "torch" in sys.modules else _by_nvidia_smi()
    if found is None and "torch" not in sys.modules and _is_apple():
        return _apple(loaded_bytes)
    return found or _processor(loaded_bytes)


def free_memory_bytes() -> int:
    """What this process can still take of the machine's memory, and of its container's."""
    limits = [limit - used for limit, used in _cgroup_limits()]
    return max(0, min([int(psutil.virtual_memory().available), *limits]))


def total_memory_bytes() -> int:
    """The machine's memory, or its container's."""
    return min([int(psutil.virtual_memory().total), *(limit for limit, _ in _cgroup_limits())])


def _processor(loaded_bytes: int) -> Machine:
    memory = psutil.Process().memory_info()
    # Weights that are mapped from files count as free already.
    private = memory.rss - getattr(memory, "shared", 0)
    return Machine(
        "cpu",
        "CPU",
        free_memory_bytes(),
        total_memory_bytes(),
        held_bytes=max(0, min(loaded_bytes, private)),
        libraries_loaded="torch" in sys.modules,
    )


def _by_torch(loaded_bytes: int) -> Machine | None:
    import torch  # waits for a thread that is importing it

    try:
        if torch.cuda.is_available():
            free, total = torch.cuda.mem_get_info(0)
            return Machine(
                "cuda",
                torch.cuda.get_device_name(0),
                free,
                total,
                held_bytes=torch.cuda.memory_reserved(0),
                computes_fp8=torch.cuda.get_device_capability(0) >= FP8_CAPABILITY,
                libraries_loaded=True,
            )
        if torch.backends.mps.is_available():
            return _apple(torch.mps.driver_allocated_memory())
    except (RuntimeError, AssertionError):  # a GPU that is only promised, or was taken away
        return None
    return None


def _by_nvidia_smi() -> Machine | None:
    """The GPU that torch would take, asked from the driver's own tool."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES", "0").partition(",")[0].strip()
    program = shutil.which("nvidia-smi")
    if program is None or chosen in ("", "-1") or not _torch_has_cuda():
        return None
    fields = "name,memory.free,memory.total,compute_cap"
    command = [program, "-i", chosen, f"--query-gpu={fields}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=NVIDIA_SMI_TIMEOUT_S, check=True
        )
        name, free, total, capability = done.stdout.strip().splitlines()[0].rsplit(", ", 3)
        major, minor = (int(part) for part in capability.split("."))
        free_bytes, total_bytes = int(free) * MIB, int(total) * MIB
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return Machine(
        "cuda", name, free_bytes, total_bytes, computes_fp8=(major, minor) >= FP8_CAPABILITY
    )


def _torch_has_cuda() -> bool:
    try:
        return "+cpu" not in importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return False


def _is_apple() -> bool:
    return platform.system() == "Darwin" and platform.machine() == "arm64"


def _apple(held_bytes: int) -> Machine:
    total = int(total_memory_bytes() * MPS_SHARE)
    return Machine(
        "mps",
        "Apple GPU",
        min(free_memory_bytes(), total),
        total,
        held_bytes=held_bytes,
        libraries_loaded="torch" in sys.modules,
    )


def _cgroup_limits() -> list[tuple[int, int]]:
    """Limit and use in bytes of every control group around this process that has a limit."""
    found = []
    for folder in _cgroup_folders():
        for limit_file, used_file in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            try:
                limit = int((folder / limit_file).read_text("ascii"))
                used = int((folder / used_file).read_text("ascii"))
                found.append((limit, used - _reclaimable_bytes(folder)))
            except (OSError, ValueError):  # no such file, or "max"
                continue
    return found


def _cgroup_folders() -> list[Path]:
    """The process's own groups and those around them: of version 2, and of version 1's memory."""
    try:
        lines = OWN_CGROUP.read_text("utf-8").splitlines()
    except OSError:
        return []
    folders = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "" or "memory" in controllers.split(","):
            root = CGROUPS / "memory" if controllers else CGROUPS
            inner = root / path.lstrip("/")
            folders += [inner, *(folder for folder in inner.parents if root in folder.parents)]
            folders.append(root)
    return list(dict.fromkeys(folders))


def _reclaimable_bytes(folder: Path) -> int:
    """Files in the group's cache, which make way."""
    for line in (folder / "memory.stat").read_text("ascii").splitlines():
        key, _, value = line.partition(" ")
        if key in ("inactive_file", "total_inactive_file"):
            return int(value)
    return 0
