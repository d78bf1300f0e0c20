"""The fit arithmetic against measured memory: `python -m tests.benchmarks.fit`.

Makes a folder with random weights of a true width (`--shape 4b --layers 2`: 1.2 GB; all its layers
with `--layers 36`), or takes one (`--folder DIR`), loads it as the page does in a process of its
own, fills a context of `--tokens` tokens and writes a few more. Prints what the process then holds
beyond its libraries, on the processor or on the GPU, against the weights and the context that
`playground.catalog.fit` reckons with; the ratio should be within 0.9 and 1.1. The peak is to stay
below the sum with the margin. PLAYGROUND_QWEN3_TOKENIZER names a folder with Qwen3's tokenizer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import torch

from playground.catalog import parse_name
from playground.catalog.checkpoint import footprint
from playground.catalog.fit import MARGIN_BYTES, fit
from playground.catalog.fit_words import arithmetic, verdict
from playground.domain.sampling import Sampling
from playground.engines.local.cache import LEAST_GROWTH
from playground.engines.local.checkpoint import read_checkpoint
from playground.engines.local.machine import machine
from tests.benchmarks.context_memory import states
from tests.benchmarks.shapes import NeverStop, build

GB = 10**9
WRITTEN = 4


def make(folder: Path, shape: str, layers: int) -> None:
    """A model's folder with random weights."""
    build(shape, layers=layers).save_pretrained(folder, max_shard_size="2GB")
    tokenizer = os.environ.get("PLAYGROUND_QWEN3_TOKENIZER")
    if tokenizer is None:
        raise SystemExit("Set PLAYGROUND_QWEN3_TOKENIZER to a folder with Qwen3's tokenizer.")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(Path(tokenizer) / name, folder / name)


def held_bytes(device: torch.device) -> int:
    """What this process holds now."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    return int(psutil.Process().memory_info().rss)


def peak_bytes(device: torch.device) -> int:
    """The most that it held."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])


def measure(folder: Path, tokens: int) -> dict[str, int]:
    """Weights and context as they are held, and the peak, beyond this process's libraries."""
    from playground.engines.local.choosing import Chooser
    from playground.engines.local.decoding import KEPT
    from playground.engines.local.loading import load_model, pick_device
    from playground.engines.local.tokenizer import open_tokenizer

    device = torch.device(pick_device())
    open_tokenizer(folder)  # tokenizers and libraries are not part of the sum
    before = held_bytes(device)
    loaded = load_model(parse_name(str(folder)), folder, lambda *_: None)
    weights = held_bytes(device) - before
    decoder = loaded.decoder
    prompt = [7 * place % 1000 for place in range(tokens)]
    known = tokens - 64
    KEPT.budget_bytes = 2**40
    cache = states(decoder.model, known, tokens + LEAST_GROWTH)
    KEPT.keep(decoder.key, "left", tuple(prompt[:known]), cache)
    del cache
    chooser = Chooser(Sampling(temperature=0.0), 0, prompt)
    with decoder.open(prompt, "left", "model") as reading:
        for _ in reading.steps(chooser, WRITTEN, NeverStop()):
            pass
        full = held_bytes(device) - before
    return {"weights": weights, "full": full, "peak": peak_bytes(device) - before}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", default="4b")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="a model's folder, instead of random weights")
    parser.add_argument("--tokens", type=int, default=65_536)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.shape, options.layers)
    elif options.measure:
        print(json.dumps(measure(options.measure, options.tokens)))
    elif options.folder:
        compare(options.folder, options.tokens)
    else:
        with tempfile.TemporaryDirectory() as folder:
            _again("--make", folder, options.shape, options.layers, options.tokens)
            compare(Path(folder), options.tokens)


def _again(what: str, folder: str, shape: str, layers: int, tokens: int) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.fit", what, folder]
    command += ["--shape", shape, "--layers", str(layers), "--tokens", str(tokens)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def compare(folder: Path, tokens: int) -> None:
    """Print what was reckoned, what was measured, and the ratios."""
    checkpoint = read_checkpoint(folder)
    assert checkpoint is not None, f"{folder} does not tell its sizes"
    here = machine()
    name = parse_name(f"{folder}?context={tokens}")
    reckoned = footprint(name, checkpoint, here.computes_fp8)
    found = fit((reckoned,), here)
    assert found is not None
    print(f"  {verdict(found)}: {arithmetic(found)}")
    said = _again("--measure", str(folder), "4b", 2, tokens)
    measured = json.loads(said.splitlines()[-1])
    context_bytes = tokens * reckoned.token_bytes
    sums = {
        "weights": (measured["weights"], reckoned.weight_bytes),
        "weights and context": (measured["full"], reckoned.weight_bytes + context_bytes),
    }
    for what, (seen, sum_bytes) in sums.items():
        ratio = seen / sum_bytes
        print(f"  {what}: measured {seen / GB:.2f} GB, reckoned {sum_bytes / GB:.2f}: {ratio:.3f}")
    spare = reckoned.weight_bytes + context_bytes + MARGIN_BYTES - measured["peak"]
    print(f"  peak: {measured['peak'] / GB:.2f} GB, {spare / GB:.2f} GB below the sum with margin")


if __name__ == "__main__":
    main()
