"""Our decode loop against transformers' `generate()`: `python -m tests.benchmarks.decode_loop`.

Both write the same number of tokens from the same prompt with the same sampling, in turns; the
median of the pairs' ratios is printed (above 1: ours is faster), so that a busy machine does not
matter much. `--shape demo` (the built-in pair's, the default) or `--shape 0.6b` (the true shape
of Qwen3-0.6B, random weights in bf16, 1.2 GB of memory). A small model runs on one thread in our
loop and on all in `generate()`; `--threads 1` compares the loops alone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

from playground.domain.sampling import Sampling
from playground.engines.local.choosing import Chooser
from playground.engines.local.decoding import Decoder, Token

SHAPES: dict[str, dict[str, Any]] = {
    "demo": {
        "vocab_size": 512,
        "hidden_size": 192,
        "intermediate_size": 512,
        "num_hidden_layers": 5,
        "num_attention_heads": 6,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "max_position_embeddings": 2048,
    },
    "0.6b": {
        "vocab_size": 151_936,
        "hidden_size": 1024,
        "intermediate_size": 3072,
        "num_hidden_layers": 28,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "max_position_embeddings": 40_960,
    },
}
SAMPLINGS = {
    "greedy": Sampling(temperature=0.0),
    "sampled": Sampling(temperature=0.7, top_k=20, top_p=0.8),
    "top_p only": Sampling(temperature=0.7, top_p=0.8),
}


class _NeverStop:
    def reason(self) -> None:
        return None

    def closes_thought(self) -> bool:
        return False


def build(shape: str) -> Any:
    """A model of this shape with random weights."""
    torch.manual_seed(0)
    config = Qwen3Config(**SHAPES[shape], tie_word_embeddings=True, eos_token_id=None)
    model = Qwen3ForCausalLM(config)
    return model.to(torch.float32 if shape == "demo" else torch.bfloat16).eval()


def ours(model: Any, prompt: list[int], sampling: Sampling, tokens: int) -> int:
    """Generate with our loop; how many tokens came."""
    chooser = Chooser(sampling, 0, prompt)
    with Decoder(model).open(prompt, "left", "model") as reading:
        return sum(isinstance(step, Token) for step in reading.steps(chooser, tokens, _NeverStop()))


def theirs(model: Any, prompt: list[int], sampling: Sampling, tokens: int) -> int:
    """Generate with transformers; how many tokens came."""
    ids = torch.tensor([prompt])
    arguments: dict[str, Any] = {"do_sample": False}
    if not sampling.greedy:
        arguments = {
            "do_sample": True,
            "temperature": sampling.temperature,
            "top_k": sampling.top_k,
            "top_p": sampling.top_p,
        }
    output = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=tokens,
        min_new_tokens=tokens,
        pad_token_id=0,
        **arguments,
    )
    return int(output.shape[1]) - len(prompt)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", choices=sorted(SHAPES), default="demo")
    parser.add_argument("--tokens", type=int)
    parser.add_argument("--prompt", type=int, default=64, help="tokens in the prompt")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--sampling", choices=list(SAMPLINGS), help="only this one")
    parser.add_argument("--threads", type=int, help="processor threads for both")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    tokens = options.tokens or (256 if options.shape == "demo" else 16)
    model = build(options.shape)
    prompt = torch.randint(1, 500, (options.prompt,)).tolist()
    print(f"{options.shape}: prompt {options.prompt}, {tokens} tokens, {options.pairs} pairs")
    for name, sampling in SAMPLINGS.items():
        if options.sampling not in (None, name):
            continue
        ratios, rates = [], []
        for pair in range(options.pairs + 1):
            seconds = []
            for generate in (ours, theirs) if pair % 2 else (theirs, ours):
                began_s = time.perf_counter()
                count = generate(model, prompt, sampling, tokens)
                seconds.append(time.perf_counter() - began_s)
                assert count == tokens, count
            ours_s, theirs_s = seconds if pair % 2 else reversed(seconds)
            if pair:  # the first warms up
                ratios.append(theirs_s / ours_s)
                rates.append(tokens / ours_s)
        print(
            f"  {name:10}  {statistics.median(ratios):.2f} x generate()"
            f"  (from {min(ratios):.2f} to {max(ratios):.2f}; ours {max(rates):,.0f} tokens/s)"
        )


if __name__ == "__main__":
    main()
