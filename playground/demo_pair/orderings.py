"""Sequences, letters in a word, and numbers to sort.

Words come from a small list and from syllables put together, so that a word never seen before can
be spelled too.
"""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

from playground.demo_pair.arithmetic import row_steps, tens_first
from playground.demo_pair.problems import Language, Problem

_WORDS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "words.json").read_text(encoding="utf-8")
)
_SYLLABLES = _WORDS["syllables"]
_NEXT = {"en": "The next term is", "pt": "O próximo termo é"}


def word(rng: random.Random, language: Language) -> str:
    """A word of the language, or one made of syllables."""
    if rng.random() < 0.45:
        return rng.choice(_WORDS[language])
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 5)))


def sequences(rng: random.Random, language: Language) -> Problem:
    """The next term of an arithmetic or a geometric sequence."""
    length = rng.randint(4, 5)
    if rng.random() < 0.65:
        step = rng.choice([value for value in range(-15, 26) if value])
        first = rng.randint(1, 60) if step > 0 else rng.randint(-step * length, 150)
        terms = [first + step * index for index in range(length)]
        lines = [tens_first(b, -a) for a, b in pairwise(terms)]
        following, hint = terms[-1] + step, f"{step:+d}. "
        lines.append(tens_first(terms[-1], step))
    else:
        ratio, first = rng.choice((2, 2, 3, 3, 4, 5)), rng.randint(1, 12)
        length = 4 if ratio > 2 else length
        terms = [first * ratio**index for index in range(length)]
        lines = [f"{b} / {a} = {ratio}" for a, b in pairwise(terms)]
        following, hint = terms[-1] * ratio, f"× {ratio}. "
        lines.append(row_steps(terms[-1], ratio))
    text = ", ".join(map(str, terms))
    return Problem(
        task="sequences",
        family="sequence",
        slots={"terms": text},
        key=text,
        steps="\n".join(lines),
        answer=f"{_NEXT[language]} **{following}**",
        result=(str(following),),
        hint=hint,
    )


def letters(rng: random.Random, language: Language) -> Problem:
    """How often a letter occurs: spelled out with a running count."""
    text = word(rng, language)
    if rng.random() < 0.85:
        counts = sorted({text.count(one) for one in text})
        wanted = rng.choice(counts)  # evens out the answers, most letters occur once
        letter = rng.choice([one for one in text if text.count(one) == wanted])
    else:
        letter = rng.choice("abcdefghijklmnoprstuvz")
    count, steps = 0, []
    for one in text:
        count += one == letter
        steps.append(f"{one}{count}")
    if language == "en":
        answer = f'The letter "{letter}" appears **{count}** time{"s" * (count != 1)} in "{text}".'
    else:
        answer = f'A letra "{letter}" aparece **{count}** vez{"es" * (count != 1)} em "{text}".'
    return Problem(
        task="letters",
        family="letters",
        slots={"letter": letter, "word": text},
        key=f"{letter} {text}",
        steps=f"{letter}:\n" + ",".join(steps),
        answer=answer,
        result=(str(count),),
    )


def numbers_to_sort(rng: random.Random, language: Language) -> Problem:
    """One number after the other, put where it belongs among those before it."""
    top = rng.choice((99, 99, 999))
    numbers = rng.sample(range(1, top + 1), rng.randint(4, 6))
    downwards = rng.random() < 0.3
    lines = []
    for index, value in enumerate(numbers):
        ordered = sorted(numbers[: index + 1], reverse=downwards)
        lines.append(f"{value} → " + ", ".join(map(str, ordered)))
    result = ", ".join(map(str, ordered))
    text = ", ".join(map(str, numbers))
    return Problem(
        task="sorting",
        family="numbers down" if downwards else "numbers up",
        slots={"items": text},
        key=" ".join(map(str, sorted(numbers))),
        steps="\n".join(lines),
        answer=f"**{result}**",
        result=(result,),
    )
