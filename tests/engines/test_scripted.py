"""A script is played at its times, can be stopped, and says what a real run says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground.catalog import parse_name
from playground.domain.engine import ModelCard, StopReason
from playground.domain.errors import BadRequest, EngineFailed, ErrorValue, ModelNotFound
from playground.domain.events import Counts, Ended, Event, Failed, Origin, Started, Text
from playground.domain.request import Message
from playground.domain.sampling import Sampling
from playground.engines.local.engine import LocalEngine
from playground.engines.scripted import (
    Script,
    ScriptedEngine,
    ScriptedEvent,
    read_script,
    record,
    write_script,
)
from playground.results.fold import fold
from tests.engines.signals import Never, StopAfter
from tests.samples import request

CARD = ModelCard("scripted", "Scripted", True, 2048, Sampling(), Origin("scripted"))


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def engine_of(script: Script) -> ScriptedEngine:
    clock = Clock()
    return ScriptedEngine(CARD, script, clock, clock.sleep)


def play(script: Script, sampling: Sampling | None = None) -> list[Event]:
    asked = request(sampling=sampling or Sampling())
    return list(engine_of(script).run(asked, Never()))


def test_a_script_is_played_at_its_times() -> None:
    result = fold(request(), play(write_script("Let me see.", "It is 4.", token_s=0.5)))
    assert result.output.thinking == "Let me see."
    assert result.output.answer == "It is 4."
    assert result.ending == "end_of_turn"
    numbers = result.numbers
    assert (numbers.thinking_tokens, numbers.answer_tokens, numbers.marker_tokens) == (3, 3, 2)
    assert numbers.first_token_s == pytest.approx(1.0)
    assert numbers.thinking_s == pytest.approx(1.5)
    assert numbers.total_s == pytest.approx(0.5 * 9)
    assert numbers.tokens_per_s == pytest.approx(2.0)


def test_a_model_that_does_not_think_has_no_thinking() -> None:
    result = fold(request(), play(write_script("", "  Two\n\nparts ")))
    assert result.output.thinking is None
    assert result.output.answer == "  Two\n\nparts "
    assert result.numbers.marker_tokens == 1


def test_the_requests_seed_and_limit_are_repeated() -> None:
    start = play(write_script("", "a"), Sampling(seed=11, max_new_tokens=7))[0]
    assert isinstance(start, Started)
    assert (start.seed, start.limit) == (11, 7)


@pytest.mark.parametrize("reason", ["user", "deadline"])
def test_a_stop_ends_it_with_the_counts_so_far(reason: StopReason) -> None:
    script = write_script("one two three", "four", token_s=0.0)
    events = list(engine_of(script).run(request(), StopAfter(4, reason)))
    end = events[-1]
    assert isinstance(end, Ended)
    assert (end.ending, end.counts) == (reason, Counts(thinking=2))
    assert fold(request(), events).output.thinking == "one two "


def test_a_stop_is_seen_during_a_long_delay() -> None:
    clock = Clock()
    engine = ScriptedEngine(CARD, write_script("", "a", token_s=3600), clock, clock.sleep)
    list(engine.run(request(), StopAfter(10)))
    assert clock.now_s < 101


def test_a_scripted_failure_is_raised_as_its_kind() -> None:
    start = write_script("", "half")[:-1]
    for kind, raised in (("model_not_found", ModelNotFound), ("no_such_kind", EngineFailed)):
        failed = ScriptedEvent(0.0, Failed(ErrorValue(kind, "It broke. Mend it."), 0.0))
        with pytest.raises(raised, match="It broke"):
            play((*start, failed))


def test_it_is_loaded_and_counts_words() -> None:
    engine = engine_of(())
    assert engine.card.loaded
    assert list(engine.load()) == []
    assert engine.count_tokens("two words", "one", (Message("user", "and three more"),)) == 6


def test_its_exact_prompt_is_its_turns_with_kept_thinking() -> None:
    engine = engine_of(())
    history = (Message("user", "And?"), Message("assistant", "So four.", "\nTwo and two\n"))
    exact = engine.exact_prompt(request(prompt="Sure?", system="Be brief.", history=history))
    assert exact.text == "Be brief.\n\nAnd?\n\nTwo and two\n\nSo four.\n\nSure?"
    assert exact.tokens == engine.count_tokens("Sure?", "Be brief.", history) == 9
    assert exact.notes == ()


def test_a_recorded_script_is_played_as_it_was() -> None:
    events = play(write_script("Hm 你好 😀", "So.", origin=Origin("local", versions=(("a", "1"),))))
    again = play(read_script(record(events)))
    assert [type(event) for event in again] == [type(event) for event in events]
    first, second = fold(request(), events), fold(request(), again)
    assert second.output == first.output
    assert second.origin == first.origin
    assert second.numbers.total_s == pytest.approx(first.numbers.total_s, abs=1e-3)


def test_a_script_that_is_none_is_refused_by_line() -> None:
    good = record(play(write_script("", "a")))
    for bad in ("{", '{"event": "Text"}', '{"event": "Nothing", "delay_s": 0}', "[]"):
        with pytest.raises(BadRequest, match=r"Line 2 of the script is not an event\. Record"):
            read_script(good.splitlines()[0] + "\n" + bad)


def test_a_real_run_can_be_recorded_and_says_the_same(thinking: Path) -> None:
    sampling = Sampling(temperature=1.0, top_k=30, max_new_tokens=40, seed=2)
    asked = request(sampling=sampling)
    events = list(LocalEngine(parse_name(str(thinking))).run(asked, Never()))
    real = fold(asked, events)
    script = read_script(record(events))
    played = fold(asked, engine_of(script).run(asked, Never()))
    assert played.output == real.output
    assert played.ending == real.ending
    assert played.origin == real.origin
    times: dict[str, Any] = {
        "load_s": None,
        "first_token_s": None,
        "total_s": None,
        "thinking_s": None,
    }
    times |= {"last_token_s": None, "first_answer_s": None, "tokens_per_s": None, "queue_s": None}
    assert replace(played.numbers, **times) == replace(real.numbers, **times)
    assert played.numbers.total_s == pytest.approx(real.numbers.total_s, rel=0.2, abs=0.05)


def test_a_written_script_has_the_events_of_a_real_run(thinking: Path) -> None:
    asked = request(sampling=Sampling(temperature=1.0, max_new_tokens=20, seed=2))
    engine = LocalEngine(parse_name(str(thinking)))
    list(engine.load())
    real = {type(event) for event in engine.run(asked, Never())}
    assert real <= {type(event) for event in play(write_script("a", "b"))}


def test_a_text_is_never_lost_between_words() -> None:
    text = "  a\n\nb  c 你好 😀\n"
    events = play(write_script("", text))
    assert "".join(event.text for event in events if isinstance(event, Text)) == text


class Closes(Never):
    """Wants the thought closed from the second look on."""

    looks = 0

    def closes_thought(self) -> bool:
        self.looks += 1
        return self.looks > 1


def test_a_thought_that_is_to_be_closed_is_left_out_from_there_on() -> None:
    script = write_script("Let me see.", "It is 4.")
    result = fold(request(), list(engine_of(script).run(request(), Closes())))
    assert result.output.thinking == "Let "
    assert result.output.answer == "It is 4."
    assert result.ending == "end_of_turn"
    numbers = result.numbers
    assert (numbers.thinking_tokens, numbers.forced_tokens, numbers.marker_tokens) == (1, 1, 1)
    assert [notice.kind for notice in result.notices] == ["budget"]
