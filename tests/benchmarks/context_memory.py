"""Peak memory as the context grows: `python -m tests.benchmarks.context_memory`.

Goes to contexts of growing length with a model of Qwen3-4B's true width and few layers, each in a
process of its own, and prints the peak memory beyond that of the shortest one, against what its KV
cache takes. The slope's ratio to the KV cache's is the result: 1.0 is memory that grows as the
cache does and with nothing else.

Reading 131,072 tokens takes hours on two cores, so that only the last `--read` tokens are read
(and some written): what is before them lies in a kept cache, as after an earlier question on the
same document, its states random. `--read 0` reads everything. `--generate` lets transformers do the
same, for comparison. Linux only: it resets and reads the kernel's mark of the peak.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

from playground.domain.sampling import Sampling
from playground.engines.local.cache import LEAST_GROWTH, GrowingCache
from playground.engines.local.choosing import Chooser
from playground.engines.local.decoding import KEPT, Decoder
from tests.benchmarks.shapes import NeverStop, build

WRITTEN = 8


def peak_bytes(tokens: int, read: int, layers: int, plain: bool) -> dict[str, int]:
    """The peak memory of this process after a prompt of so many tokens, `read` of them read."""
    model = build("4b", layers=layers)
    prompt = [7 * place % 1000 for place in range(tokens)]
    known = 0 if read == 0 else tokens - read
    decoder = None if plain else Decoder(model)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    cache = states(model, known, tokens + LEAST_GROWTH)
    if decoder is not None:
        _ours(decoder, prompt, known, cache)
    else:
        _theirs(model, prompt, known, cache)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = 1024 * int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])
    config = model.config
    token_bytes = 2 * layers * config.num_key_value_heads * config.head_dim * 2
    return {"peak": peak, "kv": tokens * token_bytes}


def states(model: Any, tokens: int, room: int) -> GrowingCache:
    """A cache of so many random states, with room for so many."""
    cache = GrowingCache(len(model.model.layers))
    cache.reserve(room)
    if tokens:
        for number in range(len(model.model.layers)):
            one = torch.zeros((1, 8, 1, 128), dtype=torch.bfloat16)
            cache.update(one, one, number)
            for start in range(1, tokens, 4096):
                states = torch.randn((1, 8, min(4096, tokens - start), 128)).bfloat16()
                cache.update(states, states, number)
    return cache


def _ours(decoder: Decoder, prompt: list[int], known: int, cache: GrowingCache) -> None:
    KEPT.budget_bytes = 2**40
    if known:
        KEPT.keep(decoder.key, "left", tuple(prompt[:known]), cache)
    with decoder.open(prompt, "left", "model") as reading:
        assert reading.cached_tokens == known
        for _ in reading.steps(Chooser(Sampling(temperature=0.0), 0, prompt), WRITTEN, NeverStop()):
            pass


def _theirs(model: Any, prompt: list[int], known: int, cache: GrowingCache) -> None:
    from transformers import DynamicCache

    own = DynamicCache(config=model.config)
    for number, layer in enumerate(cache.layers if known else ()):
        own.update(layer.keys, layer.values, number)
    del cache
    ids = torch.tensor([prompt])
    model.generate(ids, past_key_values=own, do_sample=False, max_new_tokens=WRITTEN)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    default = [4096, 16_384, 32_768, 65_536, 131_072]
    parser.add_argument("--contexts", type=int, nargs="+", default=default)
    parser.add_argument("--read", type=int, default=1024, help="tokens to read; 0: all")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--generate", action="store_true", help="transformers instead of ours")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        found = peak_bytes(options.measure, options.read, options.layers, options.generate)
        print(json.dumps(found))
        return
    peaks, caches = [], []
    for tokens in options.contexts:
        again = [sys.executable, "-m", "tests.benchmarks.context_memory", f"--measure={tokens}"]
        again += [f"--read={options.read}", f"--layers={options.layers}"]
        again += ["--generate"] if options.generate else []
        said = subprocess.run(again, check=True, stdout=subprocess.PIPE, text=True).stdout
        measured = json.loads(said.splitlines()[-1])
        peaks.append(measured["peak"])
        caches.append(measured["kv"])
        more, kv = ((values[-1] - values[0]) / 2**20 for values in (peaks, caches))
        print(f"  {tokens:8,} tokens: {more:8,.0f} MiB more; the KV cache {kv:8,.0f}", flush=True)
    print(f"  slope: {statistics.linear_regression(caches, peaks).slope:.3f} of the KV cache's")


if __name__ == "__main__":
    main()
