"""Our decode loop against transformers' `generate()`: `python -m tests.benchmarks.decode_loop`.

Both write the same number of tokens from the same prompt with the same sampling and weights, in
turns; the median of the pairs' ratios is printed (above 1: ours is faster), so that a busy machine
does not matter much. `--shape demo` (the built-in pair's, the default), `0.6b` or `4b` (the true
shapes, random weights in bf16: 1.2 and 8 GB of memory). A small model runs on one thread in our
loop and on all in `generate()`; `--threads 1` compares the loops alone.

`--device cuda` runs on a GPU and also prints the share of the memory's bandwidth that our tokens
use: each reads all weights once. The bandwidth is the one that a plain sum of 4 GB reaches there,
and the one in the data sheet where `--bandwidth GB/s` tells it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from playground.domain.sampling import Sampling
from playground.engines.local.choosing import Chooser
from playground.engines.local.decoding import KEPT, Decoder, Token
from tests.benchmarks.shapes import SHAPES, NeverStop, build, twin

SAMPLINGS = {
    "greedy": Sampling(temperature=0.0),
    "sampled": Sampling(temperature=0.7, top_k=20, top_p=0.8),
    "top_p only": Sampling(temperature=0.7, top_p=0.8),
}
TOKENS = {"demo": 256, "0.6b": 16, "4b": 8}
ON_A_GPU = 256
# From a prompt, a sampling and a number of tokens to the moments at which each was there, in s.
Generate = Callable[[list[int], Sampling, int], list[float]]


def ours(decoder: Decoder) -> Generate:
    """Generate with our loop."""

    def generate(prompt: list[int], sampling: Sampling, tokens: int) -> list[float]:
        KEPT.give_up()  # the prompt is read again each time, as `generate()` does
        chooser = Chooser(sampling, 0, prompt)
        with decoder.open(prompt, "left", "model") as reading:
            steps = reading.steps(chooser, tokens, NeverStop())
            return [time.perf_counter() for step in steps if isinstance(step, Token)]

    return generate


def theirs(model: Any) -> Generate:
    """Generate with transformers."""

    def generate(prompt: list[int], sampling: Sampling, tokens: int) -> list[float]:
        ids = torch.tensor([prompt], device=model.device)
        arguments: dict[str, Any] = {"do_sample": False}
        if not sampling.greedy:
            arguments = {
                "do_sample": True,
                "temperature": sampling.temperature,
                "top_k": sampling.top_k,
                "top_p": sampling.top_p,
            }
        moments = _Moments()
        model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            pad_token_id=0,
            streamer=moments,
            **arguments,
        )
        return moments.seen_s[1:]  # the first is the prompt

    return generate


class _Moments:
    """A streamer that looks at the clock."""

    def __init__(self) -> None:
        self.seen_s: list[float] = []

    def put(self, _: Any) -> None:
        self.seen_s.append(time.perf_counter())

    def end(self) -> None: ...


def bandwidth_bytes_per_s(device: str) -> float:
    """What a plain sum over 4 GB reaches."""
    data = torch.zeros(2 * 10**9, dtype=torch.bfloat16, device=device)
    seconds = []
    for _ in range(5):
        torch.cuda.synchronize()
        began_s = time.perf_counter()
        data.view(torch.float32).sum()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - began_s)
    return data.nbytes / min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", choices=sorted(SHAPES), default="demo")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--tokens", type=int)
    parser.add_argument("--prompt", type=int, default=64, help="tokens in the prompt")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--sampling", choices=list(SAMPLINGS), help="only this one")
    parser.add_argument("--threads", type=int, help="processor threads for both")
    parser.add_argument("--bandwidth", type=float, help="the memory's, in GB/s, by its data sheet")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    gpu = options.device.startswith("cuda")
    tokens = options.tokens or (ON_A_GPU if gpu else TOKENS[options.shape])
    model = build(options.shape, options.device)
    generate = {"theirs": theirs(twin(model)), "ours": ours(Decoder(model))}
    prompt = torch.randint(1, 500, (options.prompt,)).tolist()
    print(f"{options.shape}: prompt {options.prompt}, {tokens} tokens, {options.pairs} pairs")
    limits = {}
    if gpu:
        limits["measured"] = bandwidth_bytes_per_s(options.device)
        if options.bandwidth:
            limits["data sheet"] = options.bandwidth * 1e9
    for name, sampling in SAMPLINGS.items():
        if options.sampling not in (None, name):
            continue
        ratios, rates = [], []
        for pair in range(options.pairs + 1):
            took_s = {}
            for who in sorted(generate, reverse=bool(pair % 2)):
                began_s = time.perf_counter()
                moments = generate[who](prompt, sampling, tokens)
                took_s[who] = time.perf_counter() - began_s
                assert len(moments) == tokens, len(moments)
                if who == "ours" and pair:
                    rates.append((tokens - 1) / (moments[-1] - moments[0]))
            if pair:  # the first warms up
                ratios.append(took_s["theirs"] / took_s["ours"])
        print(
            f"  {name:10}  {statistics.median(ratios):.2f} x generate()"
            f"  (from {min(ratios):.2f} to {max(ratios):.2f}; ours {max(rates):,.1f} tokens/s)"
        )
        weight_bytes = sum(part.nbytes for part in model.parameters())
        for which, limit in limits.items():
            share = statistics.median(rates) * weight_bytes / limit
            print(f"    {share:.0%} of the {which} bandwidth, {limit / 1e9:,.0f} GB/s")


if __name__ == "__main__":
    main()
