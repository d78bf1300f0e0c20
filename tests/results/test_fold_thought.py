"""Where a thought begins and ends, and what of its text is shown."""

from __future__ import annotations

from dataclasses import replace

from playground.domain.events import Counts, ThoughtClosed
from playground.domain.request import Continuation
from playground.results.fold import Fold
from playground.results.value import Output
from tests.results.runs import numbers, result
from tests.samples import answer, ended, request, started, thought

# The thought


def test_a_thought_of_a_model_that_was_not_known_to_think_is_kept() -> None:
    begun = replace(started(), thinks=False)
    assert result(begun, thought("Hm", 2.0)).output == Output("Hm", "")
    assert result(begun, answer("4", 2.0)).output == Output(None, "4")


def test_a_thought_that_is_cut_off_lasts_until_the_last_token() -> None:
    some = result(
        started(),
        thought("Let", 2.0),
        thought(" me", 5.0),
        ended("limit", 9.0, counts=Counts(2), last_token_at_s=5.0),
    )
    assert (some.numbers.thinking_s, some.numbers.first_answer_s) == (3.0, None)
    assert (some.output, some.has_answer) == (Output("Let me", ""), False)
    assert (some.phase, some.ending) == ("ended", "limit")


def test_the_tag_ends_the_thought_not_the_answer_after_it() -> None:
    some = numbers(started(), thought("A", 2.0), ThoughtClosed(4.0), answer("B", 8.0), ended())
    assert some.thinking_s == 2.0


def test_only_the_first_closing_tag_ends_the_thought() -> None:
    some = numbers(started(), thought("A", 2.0), ThoughtClosed(4.0), ThoughtClosed(8.0))
    assert (some.thinking_s, some.marker_tokens) == (2.0, 2)


def test_a_forced_end_ends_the_thought() -> None:
    some = numbers(started(), thought("A", 2.0), ThoughtClosed(4.0, forced=True))
    assert some.thinking_s == 2.0


def test_a_live_thought_lasts_until_now() -> None:
    assert numbers(started(), thought("A", 2.0), thought("B", 6.0)).thinking_s == 4.0


def test_a_thought_closed_at_once_took_no_time() -> None:
    some = result(started(), ThoughtClosed(3.0), answer("Hi", 4.0), ended())
    assert (some.numbers.thinking_s, some.output.thinking) == (0.0, "")


def test_a_model_that_does_not_think_has_no_thinking() -> None:
    some = result(started(thinks=False), answer("Hi", 1.0), ended())
    assert (some.output.thinking, some.numbers.thinking_s) == (None, None)


def test_a_model_that_thinks_has_a_trace_before_it_thinks() -> None:
    assert result(started(thinks=True)).output.thinking == ""


# Newlines at the edges


def test_newlines_around_thought_and_answer_are_not_shown() -> None:
    events = [thought("\n", 1.0), thought("\n A\nB ", 2.0), thought("\n", 3.0), thought("\n", 4.0)]
    some = result(
        started(), *events, ThoughtClosed(5.0), answer("\n\n", 6.0), answer("\n C\n", 7.0)
    )
    assert some.output == Output(" A\nB ", " C\n")
    assert (some.numbers.thinking_tokens, some.numbers.answer_tokens) == (4, 2)


def test_newlines_inside_stay() -> None:
    texts = [thought("A", 1.0), thought("\n\nB", 2.0), answer("C", 3.0), answer("\n\nD", 4.0)]
    assert result(started(), *texts).output == Output("A\n\nB", "C\n\nD")


def test_a_thought_that_is_cut_off_keeps_its_newlines() -> None:
    assert result(started(), thought("A\n", 1.0), ended("limit")).output.thinking == "A\n"


def test_the_length_of_the_trace_is_that_of_its_text() -> None:
    live = Fold(request())
    for event in [started(), thought("\n😀\n", 1.0), thought("\n", 2.0), ThoughtClosed(3.0)]:
        live.apply(event)
    assert (live.text["thinking"].whole(), live.text["thinking"].length) == ("😀", 2)


def test_a_trace_that_repeats_itself_is_told_while_it_does_and_kept_as_a_notice() -> None:
    growing = Fold(request())
    growing.apply(started(0.0))
    growing.apply(thought("Let me see. ", 1.0, 4))
    for _ in range(500):
        growing.apply(thought("Wait, no. ", 2.0, 4))
    assert growing.repetition is not None
    assert growing.repetition.tokens > 1000
    (notice,) = growing.result().notices
    assert notice.kind == "loop"
    assert notice.text.startswith("The trace repeats itself after 4 tokens, for 1,980 tokens")
    growing.apply(ThoughtClosed(3.0))
    assert growing.repetition is None
    for _ in range(500):
        growing.apply(answer("four ", 4.0))
    assert growing.repetition is not None
    kinds = [notice.text.split(" repeats")[0] for notice in growing.result().notices]
    assert kinds == ["The trace", "The answer"]


def test_a_run_that_goes_on_in_circles_is_noticed_by_what_it_wrote_before() -> None:
    words = [f"w{number} " for number in range(150)]
    cut = Continuation("".join(words), "", thought_open=True, segments=())
    growing = Fold(request(continuing=cut))
    growing.apply(started(0.0))
    for word in [*words, *words, *words[:40]]:
        growing.apply(thought(word, 1.0))
    assert growing.repetition is not None
    assert growing.repetition.since == 0
