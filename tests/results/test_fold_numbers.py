"""What every number means: unknown is null, a known zero is 0."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest

from playground.domain.errors import ErrorValue
from playground.domain.events import (
    Counts,
    Event,
    Failed,
    Loading,
    ThoughtClosed,
    ThoughtOpened,
    Tick,
    Waiting,
)
from playground.results.value import Numbers
from tests.results.runs import numbers, result
from tests.samples import ORIGIN, SERVER, answer, ended, started, thought

# Unknown is null, a known zero is 0


@pytest.mark.parametrize("events", [[], [Waiting(None, 1.0)], [Waiting(2, 1.0), Tick(2.0)]])
def test_nothing_is_known_before_the_start(events: list[Event]) -> None:
    assert numbers(*events) == Numbers()


def test_right_after_the_start_nothing_was_generated_and_no_latency_is_known() -> None:
    assert numbers(Waiting(None, 3.0), started(5.0)) == Numbers(
        queue_s=2.0,
        load_s=0.0,
        prompt_tokens=9,
        cached_tokens=0,
        thinking_tokens=0,
        answer_tokens=0,
        marker_tokens=0,
        forced_tokens=0,
        generated_tokens=0,
    )


def test_what_the_engine_does_not_know_stays_null() -> None:
    some = numbers(started(prompt_tokens=None, cached_tokens=None), answer("Hi", 1.0))
    assert (some.prompt_tokens, some.cached_tokens) == (None, None)


def test_the_wait_in_line_is_unknown_without_a_side_door() -> None:
    assert numbers(started()).queue_s is None


def test_a_wait_of_no_time_is_zero() -> None:
    assert numbers(Waiting(None, 5.0), started(5.0)).queue_s == 0


def test_loading_is_a_known_zero_when_the_model_was_there() -> None:
    assert numbers(Waiting(None, 1.0), started(5.0)).load_s == 0


def test_whether_a_server_had_to_load_is_unknown() -> None:
    assert numbers(started(origin=SERVER)).load_s is None


def test_loading_is_neither_in_the_wait_nor_in_a_latency() -> None:
    some = numbers(Waiting(None, 1.0), Loading(0, 1, "files", 2.0), started(5.0), answer("Hi", 6.0))
    assert (some.queue_s, some.load_s, some.first_token_s) == (1.0, 3.0, 1.0)


# The first token


def test_an_empty_chunk_is_no_token() -> None:
    some = result(started(), answer("", 1.0, tokens=0), answer("Hi", 2.0))
    assert some.numbers.first_token_s == 2.0


def test_an_empty_chunk_is_no_news() -> None:
    assert result(started(), answer("", 1.0, tokens=0)) == result(started())


def test_a_token_without_text_yet_is_a_token() -> None:
    some = numbers(started(), answer("", 1.0), answer("é", 2.0))
    assert (some.first_token_s, some.first_answer_s, some.answer_tokens) == (1.0, 2.0, 2)


def test_text_that_was_held_back_is_no_new_token() -> None:
    some = numbers(started(), answer("", 1.0), answer("é", 2.0, tokens=0))
    assert (some.last_token_s, some.answer_tokens) == (1.0, 1)


def test_a_closing_tag_is_a_generated_token() -> None:
    some = numbers(started(), ThoughtClosed(1.0), answer("Hi", 2.0))
    assert (some.first_token_s, some.marker_tokens, some.generated_tokens) == (1.0, 1, 2)


def test_an_end_of_turn_alone_is_a_generated_token() -> None:
    some = numbers(started(), ended(at_s=2.0, counts=Counts(marker=1), last_token_at_s=1.0))
    assert (some.first_token_s, some.last_token_s, some.first_answer_s) == (1.0, 1.0, None)


def test_a_forced_closing_tag_is_not_the_models_token() -> None:
    some = numbers(started(), ThoughtClosed(1.0, forced=True), answer("Hi", 2.0))
    assert (some.first_token_s, some.forced_tokens, some.marker_tokens) == (2.0, 1, 0)
    assert some.generated_tokens == 2


# The first answer


INVISIBLE = ["\n\n", " ", "\t", "\u00a0", "\u3000", "\u200b", "\ufeff", "\x00", "\u200b\n"]


@pytest.mark.parametrize("nothing", INVISIBLE)
def test_what_cannot_be_seen_is_no_first_answer(nothing: str) -> None:
    some = numbers(started(), answer(nothing, 1.0), answer("Hi", 2.0))
    assert (some.first_answer_s, some.answer_tokens) == (2.0, 2)


@pytest.mark.parametrize("nothing", INVISIBLE)
def test_an_answer_that_cannot_be_seen_is_none(nothing: str) -> None:
    some = result(started(), answer(nothing, 1.0), ended())
    assert (some.has_answer, some.numbers.first_answer_s) == (False, None)


@pytest.mark.parametrize("text", ["H", "😀", "\n\n.", "\u200bé", "数"])
def test_any_visible_character_is_an_answer(text: str) -> None:
    some = result(started(), answer(text, 1.0), ended())
    assert (some.has_answer, some.numbers.first_answer_s) == (True, 1.0)


def test_thinking_is_no_first_answer() -> None:
    assert numbers(started(), thought("Hi", 1.0), ended()).first_answer_s is None


# Counts and speed


def test_the_engines_final_counts_win_over_the_sum_of_its_texts() -> None:
    swallowed = Counts(answer=1, marker=2, basis="exact")
    some = numbers(
        started(thinks=False),
        answer("Hi", 1.0),
        answer("", 2.0),
        answer("", 3.0),
        ended("stop_string", counts=swallowed, last_token_at_s=3.0),
    )
    assert (some.answer_tokens, some.marker_tokens, some.generated_tokens) == (1, 2, 3)


@pytest.mark.parametrize("end", [[], [Failed(ErrorValue("engine_failed", ""), 5.0)]])
def test_without_final_counts_the_texts_are_counted(end: list[Event]) -> None:
    some = numbers(started(), thought("A", 1.0, 3), ThoughtClosed(2.0), answer("B", 3.0, 2), *end)
    counted = (some.thinking_tokens, some.answer_tokens, some.marker_tokens, some.forced_tokens)
    assert (counted, some.generated_tokens) == ((3, 2, 1, 0), 6)


def test_a_failures_own_counts_win_over_the_sum_of_the_texts() -> None:
    """A server's, whose chunks hold several tokens each."""
    told = Counts(thinking=9, answer=0, basis="server")
    failed = Failed(ErrorValue("engine_failed", "Oh."), 5.0, told)
    some = numbers(started(origin=SERVER), thought("A B C", 1.0), failed)
    assert (some.thinking_tokens, some.generated_tokens, some.counts) == (9, 9, "server")


class Broken(Exception):
    """An engine's error that brings its counts along."""

    counts = Counts(answer=4, basis="server")


def test_a_failure_takes_its_counts_from_the_error_if_it_has_some() -> None:
    assert Failed.of(Broken("Oh."), 2.0).counts == Broken.counts
    assert Failed.of(Broken("Oh."), 2.0).error == ErrorValue.of(Broken("Oh."))
    assert Failed.of(ValueError("Oh."), 2.0) == Failed(ErrorValue.of(ValueError("Oh.")), 2.0)


def test_a_failure_of_the_time_without_counts_can_still_be_read() -> None:
    old = Failed(ErrorValue("busy", "Full."), 2.0)
    again = Failed.__new__(Failed)
    again.__setstate__([old.error, old.at_s])
    assert again == old and again.counts is None
    new = Failed(ErrorValue("busy", "Full."), 2.0, Counts(answer=1))
    assert pickle.loads(pickle.dumps(new)) == new


@pytest.mark.parametrize(("origin", "counts"), [(ORIGIN, "exact"), (SERVER, "estimated")])
def test_chunks_counted_so_far_are_exact_only_in_process(origin: Any, counts: str) -> None:
    assert numbers(started(origin=origin), answer("Hi", 1.0)).counts == counts


@pytest.mark.parametrize("basis", ["exact", "server", "estimated"])
def test_the_basis_of_final_counts_is_the_engines(basis: Any) -> None:
    some = numbers(started(origin=SERVER), ended(counts=Counts(answer=1, basis=basis)))
    assert some.counts == basis


def test_the_first_chunk_is_not_in_the_speed() -> None:
    some = numbers(started(), answer("A B C", 1.0, 3), answer(" D", 2.0), answer(" E", 3.0))
    assert some.tokens_per_s == (5 - 3) / (3 - 1)


def test_the_engine_may_know_the_first_chunk_better() -> None:
    end = ended(counts=Counts(answer=9), last_token_at_s=3.0, first_chunk_tokens=5)
    assert numbers(started(), answer("A B", 1.0), answer(" C", 3.0), end).tokens_per_s == 2.0


def test_the_time_to_the_first_token_is_not_in_the_speed() -> None:
    slow = numbers(started(), answer("A", 100.0), answer("B", 101.0), answer("C", 102.0))
    assert slow.tokens_per_s == 1.0


@pytest.mark.parametrize("texts", [[], [answer("A", 1.0)], [answer("A", 1.0), answer("B", 1.0)]])
def test_there_is_no_speed_without_two_moments(texts: list[Event]) -> None:
    assert numbers(started(), *texts, ended()).tokens_per_s is None


def test_a_speed_is_never_below_zero() -> None:
    end = ended(counts=Counts(answer=1), last_token_at_s=3.0)
    assert numbers(started(), answer("A B", 1.0, 2), end).tokens_per_s == 0


def test_a_speed_counts_thinking_and_markers_too() -> None:
    end = ended(counts=Counts(2, 2, 2), last_token_at_s=6.0)
    texts = [thought("A", 1.0), thought("B", 2.0), ThoughtClosed(3.0)]
    texts += [answer("C", 4.0), answer("D", 5.0)]
    assert numbers(started(), *texts, end).tokens_per_s == 1.0


def test_waiting_and_loading_are_told_apart_in_whatever_order_they_come() -> None:
    found = numbers(
        Waiting(None, 0.0),
        Loading(0, None, "libraries", 1.0),
        Loading(1, 2, "files", 3.0),
        Waiting(1, 4.0),
        Waiting(None, 6.0),
        started(9.0),
    )
    assert (found.queue_s, found.load_s) == (6.0, 3.0)


def test_an_opening_marker_is_the_first_token() -> None:
    found = numbers(started(1.0), ThoughtOpened(1.5), thought("hm", 2.0))
    assert (found.first_token_s, found.generated_tokens) == (0.5, 2)


def test_what_a_server_tells_at_the_end_is_told_and_its_loading_is_in_no_latency() -> None:
    begun = replace(started(), prompt_tokens=None, cached_tokens=None, origin=SERVER)
    last = replace(
        ended("end_of_turn", 9.0, counts=Counts(answer=2), last_token_at_s=8.0),
        prompt_tokens=19,
        cached_tokens=4,
        load_s=3.0,
    )
    some = numbers(begun, answer("4", 6.0), last)
    start_s = begun.at_s + 3.0
    assert (some.prompt_tokens, some.cached_tokens, some.load_s) == (19, 4, 3.0)
    assert (some.first_token_s, some.last_token_s) == (6.0 - start_s, 8.0 - start_s)
    assert some.total_s == 9.0 - start_s
