"""Reading a long prompt, against transformers' `generate()`: `python -m tests.benchmarks.prefill`.

Both read the same prompt with the same bf16 weights to the first token, in turns; the median of the
pairs' ratios is printed (above 1: ours is faster). `--shape 0.6b` (the default) or `4b`, with
random weights; `--layers N` makes a smaller model of the same width. On processors without 16-bit
arithmetic our loop widens each weight to fp32 as it is used; `--as-avx2` measures that on any
other: both then multiply as on a processor that has AVX2 alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time

import torch

from playground.domain.sampling import Sampling
from playground.engines.local import widening
from playground.engines.local.decoding import Decoder
from tests.benchmarks.decode_loop import ours, theirs
from tests.benchmarks.shapes import build, twin

AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
}


def hold_to_avx2() -> None:
    """Both loops from here on multiply as there; begins this program again, as torch reads these
    variables once."""
    if any(os.environ.get(name) != value for name, value in AVX2.items()):
        os.environ.update(AVX2)
        os.execv(sys.executable, [sys.executable, "-m", "tests.benchmarks.prefill", *sys.argv[1:]])
    torch.backends.mkldnn.set_flags(False)  # oneDNN multiplies bf16 only from AVX-512 on
    widening.pays = lambda device, dtype: True  # type: ignore[assignment]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", choices=["0.6b", "4b"], default="0.6b")
    parser.add_argument("--layers", type=int, help="fewer than the shape has")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--prompts", type=int, nargs="+", default=[128, 512, 2048])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--as-avx2", action="store_true", help="as without 16-bit arithmetic")
    options = parser.parse_args()
    if options.as_avx2:
        hold_to_avx2()
    model = build(options.shape, options.device, options.layers)
    plain, decoder = theirs(twin(model)), ours(Decoder(model))
    widened = widening.pays(model.device.type, model.dtype)
    print(f"{options.shape}, {len(model.model.layers)} layers, widened to fp32: {widened}")
    greedy = Sampling(temperature=0.0)
    for length in options.prompts:
        prompt = torch.randint(1, 500, (length,)).tolist()
        ratios, ours_s = [], []
        for pair in range(options.pairs):
            took_s = []
            for generate in (plain, decoder) if pair % 2 else (decoder, plain):
                began_s = time.perf_counter()
                generate(prompt, greedy, 1)
                took_s.append(time.perf_counter() - began_s)
            theirs_s, own_s = took_s if pair % 2 else reversed(took_s)
            ratios.append(theirs_s / own_s)
            ours_s.append(own_s)
        print(
            f"  {length:6,} tokens  {statistics.median(ratios):.2f} x generate()"
            f"  (from {min(ratios):.2f} to {max(ratios):.2f};"
            f" ours {length / statistics.median(ours_s):,.1f} tokens/s)"
        )


if __name__ == "__main__":
    main()
