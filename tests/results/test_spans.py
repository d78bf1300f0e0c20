"""A lane's time on the axis, round marks, and the one sentence, which is said only when true."""

from __future__ import annotations

from dataclasses import replace

from playground.results.spans import Span, cost, marks, spans
from playground.results.value import Numbers
from playground.words import speaking
from tests.results.runs import WHOLE, result
from tests.samples import answer, ended, started

LABELS = {"left": "Instruct", "right": "Thinking"}
THOUGHT = result(*WHOLE)
PLAIN = result(started(0.0, thinks=False), answer("Hi", 1.0), ended(at_s=2.0))
COUNTED = replace(PLAIN, numbers=replace(PLAIN.numbers, generated_tokens=4, first_answer_s=3.0))


def test_a_run_is_its_prompt_its_thought_and_its_answer() -> None:
    assert spans(THOUGHT, THOUGHT.numbers.total_s) == (
        Span("prompt", 0.0, 2.0),
        Span("thinking", 2.0, 4.0),
        Span("answer", 4.0, 8.0),
    )


def test_a_run_that_wrote_nothing_is_all_prompt() -> None:
    assert spans(replace(PLAIN, numbers=Numbers()), 3.0) == (Span("prompt", 0.0, 3.0),)
    assert spans(PLAIN, None) == ()


def test_an_axis_has_at_most_six_round_marks() -> None:
    assert marks(15.9) == ((0.0, "0"), (5.0, "5"), (10.0, "10"), (15.0, "15 s"))
    assert marks(0.0) == marks(5e-324) == ()
    for longest_s in (0.013, 0.4, 1.0, 7.7, 99.0, 4321.0):
        assert 3 <= len(marks(longest_s)) <= 6


def test_marks_are_written_as_the_language_writes_numbers() -> None:
    with speaking("pt-BR"):
        assert marks(1.0)[1] == (0.2, "0,2")


def test_the_thinking_lane_is_held_against_the_other() -> None:
    said = cost({"left": COUNTED, "right": THOUGHT}, LABELS)
    assert "".join(said) == (
        "Thinking took 2.0× the tokens and 2.0× the wait for the first word of the answer."
    )
    assert said[1::2] == ("2.0×", "2.0×")


def test_nothing_is_said_of_one_lane_of_two_alike_or_of_a_run_that_goes_on() -> None:
    assert cost({"right": THOUGHT}, LABELS) == ()
    assert cost({"left": THOUGHT, "right": THOUGHT}, LABELS) == ()
    assert cost({"left": replace(COUNTED, phase="answering"), "right": THOUGHT}, LABELS) == ()
