"""What the page says of the models it opens with: the quiet line, and six prompts to try.

Reads the catalog and the built-in pair's measured figures; loads no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playground.catalog import BUILTIN, KNOWN, PAIRS, parse_name
from playground.demo_pair import EXAMPLES, FOLDERS, measured, problem_rows
from playground.domain.engine import ModelCard
from playground.domain.request import LANES, Lane
from playground.domain.text import as_markdown_text
from playground.words import device_name, say, size, whole

GENERAL_EXAMPLES = (
    "A bat and a ball cost $1.10 together. The bat costs one dollar more than the ball."
    " How much is the ball?",
    "How many positive integers below 1000 are divisible by 7 but not by 11?",
    "Write a Python function to calculate Fibonacci numbers.",
    "How many times does the letter r appear in the word strawberry?",
    "Explain to a ten-year-old why the sky is blue, in three sentences.",
    "Solve the equation 2x^2 + 3x - 5 = 0.",
)


def examples(models: Mapping[Lane, str]) -> tuple[str, ...]:
    """Six prompts that these models can do something with."""
    builtin = any(parse_name(models[lane]).where in BUILTIN for lane in LANES)
    return tuple(say(prompt) for prompt in (EXAMPLES if builtin else GENERAL_EXAMPLES))


def problems() -> Sequence[Mapping[str, Any]]:
    """Problems with expected answers that the built-in pair has never seen, as a list's rows."""
    return problem_rows()


def quiet_line(cards: Mapping[Lane, ModelCard], can_choose: bool = True) -> str:
    """One line of Markdown: which pair this is and where, for the built-in one how to switch.

    `can_choose`: the reader may choose models on the page.
    """
    names = tuple(cards[lane].name for lane in LANES)
    devices = dict.fromkeys(device for lane in LANES if (device := cards[lane].origin.device))
    where = " " + say("on {place}", place=_both(list(map(device_name, devices)))) if devices else ""
    if names == PAIRS["demo"]:
        return f"{_builtin_line(where)} {_switch(can_choose)}"
    places = {lane: _place(cards[lane], where) for lane in LANES}
    labels = {lane: f"**{as_markdown_text(cards[lane].label)}**" for lane in LANES}
    if len(set(places.values())) == 1:
        return f"{_both(list(labels.values()))}, {places[LANES[0]]}."
    return ", ".join(f"{labels[lane]} {places[lane]}" for lane in LANES) + "."


def _switch(can_choose: bool) -> str:
    """How to get to the real pair, and what that takes."""
    if not can_choose:
        return say("For the real pair: {command}.", command="`python app.py --pair qwen3-4b`")
    sizes = [KNOWN[name].weight_bytes or 0 for name in PAIRS["qwen3-4b"]]
    return say(
        "For the real pair, choose Qwen3-4B in the sidebar: {size} to download.",
        size=size(sum(sizes)),
    )


def _both(names: Sequence[str]) -> str:
    """One name, or two as "one and the other"."""
    return names[0] if len(names) == 1 else say("{one} and {other}", one=names[0], other=names[1])


def _place(card: ModelCard, where: str) -> str:
    if card.origin.in_process:
        return say("in this process") + where if card.loaded else say("not loaded yet")
    if card.origin.server:
        return say("on {place}", place=as_markdown_text(card.origin.server))
    return say("on a server")


def _builtin_line(where: str) -> str:
    """What the built-in pair is, with its figures on problems that it has never seen."""
    line = say(
        "The **built-in pair**{where}: two tiny models for small maths, trained for this page.",
        where=where,
    )
    figures = measured()
    if not figures:
        return line
    shares = {name: f"{whole(100 * figures[name].overall.share)}%" for name in FOLDERS}
    right = say(
        "Right on unseen problems: Instruct {instruct}, Thinking {thinking}.",
        instruct=shares["demo-instruct"],
        thinking=shares["demo-thinking"],
    )
    return f"{line} {right}"
