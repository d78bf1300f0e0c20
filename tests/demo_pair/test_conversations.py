"""What is trained on: conversations in the chat format, wide, without held-out problems."""

from __future__ import annotations

import random

import pytest

from playground.demo_pair import chatter, conversations, evaluate, phrasings
from playground.demo_pair.conversations import MODES, Mode, Piece, Turn, render
from playground.demo_pair.problems import LANGUAGES

TURNS = [Turn("1 + 1", "first thought", "two"), Turn("2 + 2", "second thought", "four")]


def _text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_only_the_last_thought_is_rendered() -> None:
    text = _text(render("thinking", TURNS, None))
    assert "first thought" not in text
    assert text.endswith(
        "<|im_start|>assistant\n<think>\nsecond thought\n</think>\n\nfour<|im_end|>"
    )


def test_instruct_never_thinks() -> None:
    text = _text(render("instruct", TURNS, "Be brief."))
    assert "think" not in text and "thought" not in text
    assert text.startswith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n1 + 1")


@pytest.mark.parametrize("mode", MODES)
def test_only_what_the_assistant_says_is_learned(mode: Mode) -> None:
    learned = [piece.text for piece in render(mode, TURNS, "Be brief.") if piece.learned]
    if mode == "thinking":
        assert learned == ["second thought\n</think>\n\nfour<|im_end|>"]
    else:
        assert learned == ["two<|im_end|>", "four<|im_end|>"]


def test_training_never_draws_a_held_out_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def remember(problem, rng, language):  # type: ignore[no-untyped-def]
        drawn.append(problem)
        return phrasings.ask(problem, rng, language)

    monkeypatch.setattr(conversations, "ask", remember)
    rng = random.Random(4)
    for _ in range(1500):
        conversations.sample_conversation(rng, "thinking")
    assert len(drawn) > 1000
    assert not any(problem.held_out for problem in drawn)


def test_phrasings_kept_apart_are_not_among_those_of_training() -> None:
    shared = phrasings._PHRASINGS
    for family in shared["families"].values():
        for language in LANGUAGES:
            apart = set(family["held_out"][language])
            framed = {
                frame.replace("{noun}", noun)
                for frame in shared["frames"][language]
                for noun in family["nouns"][language]
            }
            assert apart and not apart & (set(family[language]) | framed)


def test_no_frame_of_training_is_one_of_those_kept_apart() -> None:
    starts = ("I need", "Work out", "Determine", "Take {b} away", "Preciso", "De {a}", "Para qual")
    frames = [frame for frames in phrasings._PHRASINGS["frames"].values() for frame in frames]
    assert not [frame for frame in frames if frame.startswith(starts)]


def test_the_off_topic_prompts_that_are_measured_are_not_trained_on() -> None:
    measured = set(evaluate._UNSEEN_PROMPTS)
    assert len(measured) == len(evaluate._UNSEEN_PROMPTS) >= 200
    material = chatter._CHATTER
    trained = set().union(*material["off_topic"].values(), *material["off_topic_nouns"].values())
    for values in material["lists"].values():
        trained = trained.union(*([values] if isinstance(values, list) else values.values()))
    assert not {prompt.lower() for prompt in measured} & {prompt.lower() for prompt in trained}


def test_prompts_that_are_no_problems_vary_and_are_filled_in() -> None:
    rng = random.Random(5)
    prompts = [chatter.off_topic(rng, rng.choice(LANGUAGES)).prompt for _ in range(1000)]
    assert len(set(prompts)) > 800
    names = ("thing", "place", "number", "words", "code", "idea", "action", "person", "huge")
    assert not [prompt for prompt in prompts for name in names if f"{{{name}}}" in prompt]


def test_every_off_topic_prompt_gets_the_honest_reply() -> None:
    rng = random.Random(6)
    answers = {chatter.off_topic(rng, rng.choice(LANGUAGES)).answer for _ in range(300)}
    assert answers == {chatter.honest_answer(language) for language in LANGUAGES}
    assert all("python app.py --pair qwen3-4b" in answer for answer in answers)
