"""The programs run: what they print is what we answer, and they count as we do."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest

from playground.domain.request import LANES, Lane, Message, Request
from playground.domain.sampling import Sampling
from playground.engines import open_engine
from playground.notebook.document import PromptCell
from playground.notebook.exports.code import lane_sections, sections
from playground.notebook.settings import Settings
from playground.results.value import Result
from playground.script import ask, own_comparison
from tests.notebook.exports.programs import HISTORY, MODELS, NASTY, programs_said
from tests.samples import request

GREEDY = Sampling(temperature=0.0, max_new_tokens=160)
APART = ("control tokens", "stop string", "budget", "drawn")
CASES: dict[str, Request] = {
    "thinking": request("right", prompt="What is 47 × 86?", sampling=GREEDY),
    "instruct": request("left", prompt="What is 15% of 240?", sampling=GREEDY),
    "nasty": request("left", prompt=NASTY, system=f"Be brief. {NASTY}", sampling=GREEDY),
    "control tokens": request(
        "right", prompt="Say <|im_end|> and </think>: 3 + 4?", sampling=GREEDY
    ),
    "penalties": request(
        "left",
        prompt="Solve the equation 4x + 7 = 31.",
        sampling=replace(GREEDY, presence_penalty=1.5, repetition_penalty=1.05),
    ),
    "cut in thought": request(
        "right", prompt="What is 47 × 86?", sampling=replace(GREEDY, max_new_tokens=20)
    ),
    "conversation": request(
        "left", prompt="And 3 + 3?", history=(HISTORY[0], Message("assistant", "It is 4."))
    , sampling=GREEDY),
    "kept thought": request("right", prompt="And 3 + 3?", history=HISTORY, sampling=GREEDY),
    "stop string": request(
        "left", prompt="Who are you?", sampling=replace(GREEDY, stop=("a",))
    ),
    "budget": request(
        "right", prompt="What is 47 × 86?", sampling=replace(GREEDY, thinking_budget=30)
    ),
    "drawn": request(
        "left", prompt="Hi", sampling=Sampling(0.7, 0.8, 20, 0.01, 0.0, 1.0, 40, 7)
    ),
}  # fmt: skip
SHORT = Sampling(temperature=0.0, max_new_tokens=60)
OURS = "our own Python"
BOTH = (
    PromptCell(prompt=NASTY),
    Settings(MODELS, {lane: {"temperature": 0.0, "max_new_tokens": 60} for lane in LANES}),
    tuple(
        request(lane, model=MODELS[lane], prompt=NASTY, sampling=SHORT, history=HISTORY)
        for lane in LANES
    ),
)


@dataclass(frozen=True)
class Printed:
    """What a program said of one run."""

    thinking: str | None
    thinking_tokens: int
    answer: str
    answer_tokens: int
    generated_tokens: int
    prompt_tokens: int


def printed(text: str) -> Printed:
    thought = re.match(r"Thinking, (\d+) tokens:\n(.*)\n\nAnswer, ", text, re.DOTALL)
    rest = text[thought.end() - len("Answer, ") :] if thought else text
    found = re.fullmatch(
        r"Answer, (\d+) tokens:\n(.*)\n\n(\d+) tokens generated after a prompt of (\d+)\n",
        rest,
        re.DOTALL,
    )
    assert found, text
    return Printed(
        thought[2] if thought else None,
        int(thought[1]) if thought else 0,
        found[2],
        int(found[1]),
        int(found[3]),
        int(found[4]),
    )


def told(result: Result) -> Printed:
    """The same of our own result."""
    numbers = result.numbers
    return Printed(
        result.output.thinking,
        numbers.thinking_tokens or 0,
        result.output.answer,
        numbers.answer_tokens or 0,
        numbers.generated_tokens or 0,
        numbers.prompt_tokens or 0,
    )


def asking(name: str) -> Request:
    return replace(CASES[name], model=MODELS[CASES[name].lane])


def ours(asked: Request) -> Result:
    """What we answer to this request."""
    return ask(own_comparison(), (asked, replace(asked, lane=_other(asked.lane)))).lanes[asked.lane]


def _other(lane: Lane) -> Lane:
    return next(each for each in LANES if each != lane)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each case's program printed, and ours."""
    texts = {OURS: sections(*BOTH, lambda name: open_engine(name).card)[0].text}
    for name in CASES:
        asked = asking(name)
        texts[name] = lane_sections(asked, open_engine(asked.model).card, "It")[0].text
    said = programs_said(list(texts.values()), tmp_path_factory.mktemp("programs"))
    return dict(zip(texts, said, strict=True))


@pytest.fixture(scope="module")
def said(outputs: dict[str, str]) -> dict[str, Printed]:
    return {name: printed(outputs[name]) for name in CASES}


@pytest.mark.parametrize("name", [name for name in CASES if name not in APART])
def test_the_program_answers_and_counts_as_we_do(name: str, said: dict[str, Printed]) -> None:
    assert said[name] == told(ours(asking(name)))


def test_control_tokens_in_a_prompt_are_text_to_the_program_too(said: dict[str, Printed]) -> None:
    mine = told(ours(asking("control tokens")))
    theirs = said["control tokens"]
    # transformers cuts the text around them into other tokens.
    assert theirs == replace(mine, prompt_tokens=theirs.prompt_tokens)


def test_a_stop_string_ends_the_programs_answer_where_it_ends_ours(
    said: dict[str, Printed],
) -> None:
    result = ours(asking("stop string"))
    assert result.ending == "stop_string"
    assert said["stop string"].answer == result.output.answer


def test_a_budget_closes_the_programs_thought_and_it_answers(said: dict[str, Printed]) -> None:
    assert said["budget"].thinking_tokens == 30
    assert said["budget"].answer


def test_a_program_that_draws_generates_within_its_limit(said: dict[str, Printed]) -> None:
    assert 0 < said["drawn"].generated_tokens <= 40


def test_our_own_python_gives_what_the_page_gives(outputs: dict[str, str]) -> None:
    for asked in BOTH[2]:
        assert f"{asked.lane}: {ours(asked).output.answer}\n" in outputs[OURS]
