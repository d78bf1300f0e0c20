"""A run that goes on where an earlier one stopped: all of the text, only the new numbers."""

from __future__ import annotations

import json
from dataclasses import replace

from playground.domain.events import Counts, ThoughtClosed
from playground.domain.request import Continuation, RunId, Segment
from playground.results.fold import fold
from playground.results.value import Output, from_json, to_json
from tests.samples import answer, ended, request, started, thought

EARLIER = Segment(RunId("earlier"), "limit", 2, 0, 2, 5.0)
IN_THE_THOUGHT = replace(
    request(), continuing=Continuation("Let me", "", thought_open=True, segments=(EARLIER,))
)
IN_THE_ANSWER = replace(
    request(), continuing=Continuation("Hm", "Four\n", thought_open=False, segments=(EARLIER,))
)


def test_a_continued_thought_shows_the_whole_trace_and_counts_what_is_new() -> None:
    events = [
        started(10.0),
        thought("\n see", 12.0),
        ThoughtClosed(13.0),
        answer("\n\n4", 14.0),
        ended(at_s=15.0, counts=Counts(1, 1, 1)),
    ]
    result = fold(IN_THE_THOUGHT, events)
    assert result.output == Output("Let me\n see", "4")
    assert result.numbers.thinking_tokens == 1
    assert result.numbers.generated_tokens == 3
    assert result.numbers.first_token_s == 2.0
    assert result.numbers.thinking_s == 1.0


def test_a_continued_answer_goes_on_after_its_line_break() -> None:
    result = fold(IN_THE_ANSWER, [started(10.0), answer("\nand", 11.0), ended(at_s=12.0)])
    assert result.output == Output("Hm", "Four\n\nand")
    assert result.numbers.first_answer_s == 1.0


def test_before_it_starts_a_continued_run_shows_what_there_was() -> None:
    assert fold(IN_THE_ANSWER, []).output == Output("Hm", "Four\n")


def test_a_continued_result_survives_json() -> None:
    result = fold(IN_THE_THOUGHT, [started(10.0), thought("x", 11.0), ended(at_s=12.0)])
    assert from_json(json.loads(json.dumps(to_json(result)))) == result


def test_forced_tokens_of_a_closed_thought_count_as_forced_before_the_end_tells() -> None:
    result = fold(request(), [started(10.0), thought("x", 11.0), ThoughtClosed(12.0, True, 3)])
    assert result.numbers.forced_tokens == 3
    assert result.numbers.marker_tokens == 0
    assert result.numbers.generated_tokens == 4


def test_a_character_that_was_cut_in_two_is_shown_whole() -> None:
    cut = Continuation(None, "Gr\ufffd", thought_open=False, segments=(EARLIER,))
    result = fold(replace(request(), continuing=cut), [started(10.0), answer("üße", 11.0)])
    assert result.output.answer == "Grüße"
