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
FRAMED_SHARE = 0.3


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
    family = _PHRASINGS["families"][problem.family]
    slots = _loosen_slots(problem, rng)
    if held_out:
        text: str = rng.choice(family["held_out"][language])
        return text.format(**slots)
    if rng.random() < FRAMED_SHARE:
        noun = rng.choice(family["nouns"][language]).format(**slots)
        text = framed(noun, rng, language)
    else:
        text = rng.choice(family[language]).format(**slots)
    return courteous(_loosen(text, rng), rng, language)


def framed(noun: str, rng: random.Random, language: Language) -> str:
    """What is wanted, in one of the frames that any wish fits: "Give me …."""
    frame: str = rng.choice(_PHRASINGS["frames"][language])
    return frame.format(noun=noun)


def courteous(text: str, rng: random.Random, language: Language) -> str:
    """Now and then a word before or after it, as people are."""
    if rng.random() < 0.06:
        text = rng.choice(_PHRASINGS["openers"][language]) + text
    if rng.random() < 0.06:
        text += rng.choice(_PHRASINGS["closers"][language])
    return text
