"""Turns a problem into what a person might type.

Knows the phrasings (`phrasings.json`) and the small liberties people take in writing; knows
nothing of how a problem is solved.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from playground.demo_pair.problems import Language, Problem

_PHRASINGS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "phrasings.json").read_text(encoding="utf-8")
)


def _loosen_slots(problem: Problem, rng: random.Random) -> dict[str, str]:
    """Quotes around words, `²` for `^2`, an expression without spaces."""
    slots = dict(problem.slots)
    if problem.family == "letters":
        if rng.random() < 0.88:
            slots["word"] = f'"{slots["word"]}"'
        if rng.random() < 0.4:
            slots["letter"] = f'"{slots["letter"]}"'
    for name in ("equation", "expression"):
        if name in slots:
            if rng.random() < 0.15:
                slots[name] = slots[name].replace(" ", "")
            if rng.random() < 0.12:
                slots[name] = slots[name].replace("^2", "²")
    return slots


def _loosen(text: str, rng: random.Random) -> str:
    """Lower case, no full stop, a word of courtesy: as people type."""
    if rng.random() < 0.12:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.12:
        text = text.rstrip(".?").rstrip()
    if rng.random() < 0.02:
        text += "\n"
    return text


def ask(problem: Problem, rng: random.Random, language: Language, *, held_out: bool = False) -> str:
    """The problem in words: a phrasing seen in training, or one of those kept apart."""
    family = _PHRASINGS[problem.family]
    choices = family["held_out"][language] if held_out else family[language]
    text = rng.choice(choices).format(**_loosen_slots(problem, rng))
    return text if held_out else _loosen(text, rng)
