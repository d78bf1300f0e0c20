"""Prompts that are no problems: a few with a fixed answer, and everything else.

Everything else gets one honest reply, so prompts are composed widely (templates, random words,
characters, code, other scripts): a tiny model must learn to say so instead of babbling.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.demo_pair.orderings import word
from playground.demo_pair.phrasings import courteous, framed
from playground.demo_pair.problems import Language

_CHATTER: dict[str, Any] = json.loads(
    (Path(__file__).parent / "chatter.json").read_text(encoding="utf-8")
)

# Among the odds and ends, these are Portuguese; all others get the reply in English.
_PORTUGUESE_STARTS = (
    *("Ache", "Calcule", "Conte", "Multiplique", "Ordene", "Próximo", "Quant", "Resolva"),
    *("Sequência", "Some", "equação", "porcent"),
)


@dataclass(frozen=True)
class Reply:
    """What is said to a prompt, with the thought before it."""

    prompt: str
    steps: str
    answer: str


def system_prompt(rng: random.Random, language: Language) -> str:
    """Varied, and of no effect: the models learn to work under any."""
    if rng.random() < 0.15:
        return " ".join(word(rng, language) for _ in range(rng.randint(2, 15))).capitalize() + "."
    choice: str = rng.choice(_CHATTER["systems"][language])
    return choice


def fixed(rng: random.Random, language: Language) -> Reply:
    """A greeting, a question about the model, the Fibonacci example, a thank-you."""
    entry = rng.choice(_CHATTER["fixed"])
    prompt = _loosen(rng.choice(entry[language]), rng)
    return Reply(prompt, entry["steps"][language], entry["answer"][language])


def honest_answer(language: Language) -> str:
    """The one reply to everything that the models were not trained for."""
    answer: str = _CHATTER["honest"]["answer"][language]
    return answer


def off_topic(rng: random.Random, language: Language) -> Reply:
    """A prompt outside the tasks, with the honest reply."""
    kind = rng.random()
    if kind < 0.56:
        prompt = _loosen(_fill(rng.choice(_CHATTER["off_topic"][language]), rng, language), rng)
        prompt = courteous(prompt, rng, language)
    elif kind < 0.66:
        noun = _fill(rng.choice(_CHATTER["off_topic_nouns"][language]), rng, language)
        prompt = courteous(_loosen(framed(noun, rng, language), rng), rng, language)
    elif kind < 0.76:
        prompt = rng.choice(_CHATTER["lists"]["other_scripts"])
        language = "pt" if prompt.startswith(_PORTUGUESE_STARTS) else "en"
    elif kind < 0.82:
        prompt = rng.choice(_CHATTER["lists"]["code"])
        language = "en"
    elif kind < 0.90:
        prompt = _characters(rng)
        language = "en"
    else:
        prompt = _words(rng, language)
    honest = _CHATTER["honest"]
    return Reply(prompt, honest["steps"][language], honest["answer"][language])


def _fill(template: str, rng: random.Random, language: Language) -> str:
    while (start := template.find("{")) >= 0:
        end = template.index("}", start)
        value = _slot(template[start + 1 : end], rng, language)
        # Braces of a code snippet must not be taken for a slot.
        value = value.replace("{", "\ue000").replace("}", "\ue001")
        template = template[:start] + value + template[end + 1 :]
    return template.replace("\ue000", "{").replace("\ue001", "}")


def _slot(name: str, rng: random.Random, language: Language) -> str:
    if name == "thing":
        return word(rng, language)
    if name == "words":
        return _words(rng, language)
    if name == "number":
        return str(rng.randint(0, 10 ** rng.randint(1, 4)))
    if name == "huge":
        return str(rng.randint(10**6, 10 ** rng.randint(7, 14)))
    if name == "year":
        return str(rng.randint(1500, 2026))
    values = _CHATTER["lists"][name]
    value: str = rng.choice(values[language] if isinstance(values, dict) else values)
    return value


def _words(rng: random.Random, language: Language) -> str:
    return " ".join(word(rng, language) for _ in range(rng.randint(1, 12)))


def _characters(rng: random.Random) -> str:
    ranges = rng.choice(
        (
            (33, 126),
            (33, 126),
            (97, 122),
            (0x4E00, 0x9FFF),
            (0x1F300, 0x1F64F),
            (0x400, 0x44F),
            (0, 255),
        )
    )
    return "".join(chr(rng.randint(*ranges)) for _ in range(rng.randint(1, 20)))


def _loosen(text: str, rng: random.Random) -> str:
    if rng.random() < 0.15:
        text = text.lower()
    if rng.random() < 0.15:
        text = text.rstrip(".?!")
    return text
