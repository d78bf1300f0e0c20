"""Our loading against bare `from_pretrained`: `python -m tests.benchmarks.loading FOLDER`.

Each load has a process of its own, in turns, its libraries imported before the clock starts. The
medians are printed, with their ratios to `bare`, and what was in memory at the end and at most:
`bare` is the model alone, `with tokenizer` what it takes to ask it anything, `ours` a model that is
ready to run. `--run` has each process write two tokens as well: then every weight has been read.
`--shape 0.6b` or `4b` makes FOLDER first, with random bf16 weights and the tokenizer that
PLAYGROUND_QWEN3_TOKENIZER names.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.shapes import build

PREPARE = """
import json, os, resource, sys, time
import psutil, torch
from pathlib import Path
from transformers import AutoModelForCausalLM, AutoTokenizer
from playground.catalog import parse_name
from playground.engines.local import decoding, loading
folder, runs = Path(sys.argv[1]), sys.argv[2] == "run"
libraries = psutil.Process().memory_info().rss
began = time.perf_counter()
"""
BARE = "model = AutoModelForCausalLM.from_pretrained(folder, dtype='auto')\n"
GENERATE = """
if runs:
    model.generate(torch.tensor([[1, 2, 3]]), max_new_tokens=2, do_sample=False)
"""
WAYS = {
    "bare": BARE + GENERATE,
    "with tokenizer": "tokenizer = AutoTokenizer.from_pretrained(folder)\n" + BARE + GENERATE,
    "ours": """
loaded = loading.load_model(parse_name(str(folder.resolve())), folder, lambda *_: None)
if runs:
    from playground.domain.sampling import Sampling
    from playground.engines.local.choosing import Chooser
    chooser = Chooser(Sampling(temperature=0.0), 0, [1, 2, 3])
    with loaded.decoder.open([1, 2, 3], "left", "") as reading:
        list(reading.steps(chooser, 2, loading._NeverStop()))
""",
}
FINISH = """
taken = time.perf_counter() - began
maps = psutil.Process().memory_full_info()
print(json.dumps({
    "load_s": taken,
    "rss_bytes": psutil.Process().memory_info().rss - libraries,
    "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - libraries,
    "private_bytes": getattr(maps, "uss", 0),
}))
"""
MIB = 2**20


def write_folder(folder: Path, shape: str) -> None:
    """A model of this shape with random weights."""
    tokenizer = os.environ.get("PLAYGROUND_QWEN3_TOKENIZER")
    if tokenizer is None:
        raise SystemExit("Set PLAYGROUND_QWEN3_TOKENIZER to a folder with Qwen3's tokenizer.")
    folder.mkdir(parents=True, exist_ok=True)
    build(shape).save_pretrained(folder)
    for path in Path(tokenizer).iterdir():
        if path.name.startswith("tokenizer"):
            shutil.copy(path, folder)


def measure(way: str, folder: Path, runs: bool) -> dict[str, float]:
    program = PREPARE + WAYS[way] + FINISH
    arguments = [sys.executable, "-c", program, str(folder), "run" if runs else "load"]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shape", choices=["0.6b", "4b"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--run", action="store_true")
    asked = parser.parse_args()
    if asked.shape is not None and not (asked.folder / "config.json").exists():
        write_folder(asked.folder, asked.shape)
    measure("bare", asked.folder, asked.run)  # the files are in the system's cache from here on
    rounds = [
        {way: measure(way, asked.folder, asked.run) for way in WAYS} for _ in range(asked.rounds)
    ]
    median = {
        way: {key: statistics.median(each[way][key] for each in rounds) for key in rounds[0][way]}
        for way in WAYS
    }
    for way, figures in median.items():
        ratios = {key: figures[key] / max(1e-9, median["bare"][key]) for key in figures}
        print(
            f"{way:15} {figures['load_s']:6.2f} s ({ratios['load_s']:.2f}x)"
            f"  memory {figures['rss_bytes'] / MIB:7.0f} MiB"
            f"  peak {figures['peak_bytes'] / MIB:7.0f} MiB ({ratios['peak_bytes']:.2f}x)"
        )


if __name__ == "__main__":
    main()
