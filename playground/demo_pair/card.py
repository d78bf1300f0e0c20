"""Writes what was measured: `measured.json` for the page, and the model cards.

Knows the shape of the figures; measures nothing itself.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from playground.demo_pair.conversations import Mode

_DESCRIPTION = (
    "Problems drawn from the recipe's generators and never trained on, in phrasings never trained "
    "on, half in English and half in Portuguese, at the default sampling; exact match of the "
    "result."
)

_CARD = """---
license: apache-2.0
language: [en, pt]
pipeline_tag: text-generation
library_name: transformers
---

# demo-{mode}

A tiny `Qwen3ForCausalLM` ({parameters:.1f} M parameters, context 2048) that ships with *Qwen3 side
by side*, so that the page runs offline on any machine. It was trained only on text that the
recipe in `playground/demo_pair/` generates; it is **not** Qwen3-4B and shares no weights with it.

{behaviour}

It does small sums and differences, products, percentages, linear and quadratic equations,
sequences, letter counts and number sorting, in English and Brazilian Portuguese. To anything else
it says that it cannot. Do not use it for anything but this demonstration.

## Measured

{description}

| task | right |
|---|---|
{rows}

Greedy decoding: {greedy}. Unseen problems in phrasings of training: {phrasings}. Off-topic prompts,
written by hand and never trained on, that got the honest reply: {honest}. Mean output: {tokens}
tokens; {rate} tokens a second by `generate()` on one processor core.
"""

_BEHAVIOUR: dict[Mode, str] = {
    "instruct": (
        "It answers at once, without writing its steps down, and is often wrong for it. Its"
        " training began with the weights of demo-thinking."
    ),
    "thinking": "It writes its steps down before `</think>`, then a short answer.",
}


def write_measured(path: Path, name: str, figures: dict[str, Any]) -> None:
    """Replace one model's figures; the other's stay."""
    content: dict[str, Any] = {"description": _DESCRIPTION, "models": {}}
    if path.exists():
        content["models"] = json.loads(path.read_text(encoding="utf-8"))["models"]
    content["models"][name] = figures
    _replace(path, json.dumps(content, indent=2, sort_keys=True) + "\n")


def write_card(mode: Mode, folder: Path, figures: dict[str, Any]) -> None:
    """The README.md of a folder."""
    rows = [f"| {task} | {_share(one)} |" for task, one in figures["tasks"].items()]
    rows.append(f"| **all** | **{_share(figures['overall'])}** |")
    card = _CARD.format(
        mode=mode,
        parameters=figures["parameters"] / 1e6,
        behaviour=_BEHAVIOUR[mode],
        description=_DESCRIPTION,
        rows="\n".join(rows),
        greedy=_share(figures["greedy"]),
        phrasings=_share(figures["seen_phrasings"]),
        honest=_share(figures["honest"]),
        tokens=figures["mean_tokens"],
        rate=figures["tokens_per_s"],
    )
    _replace(folder / "README.md", card)


def _share(figures: dict[str, int]) -> str:
    return f"{100 * figures['right'] / figures['of']:.1f} % of {figures['of']}"


def _replace(path: Path, text: str) -> None:
    written = path.with_suffix(".new")
    written.write_text(text, encoding="utf-8")
    os.replace(written, path)
