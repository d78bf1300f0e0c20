"""One run: every id is counted once, as what it is, and its text comes out whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer

from playground.domain.engine import StopReason
from playground.domain.errors import BadRequest, EngineFailed, PromptTooLong
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Notice,
    Origin,
    Part,
    Prefill,
    Started,
    Text,
    ThoughtClosed,
)
from playground.domain.sampling import Sampling
from playground.engines.local.choosing import NoProbability
from playground.engines.local.detokenizer import REPLACEMENT, detokenizer_factory
from playground.engines.local.loading import LoadedModel
from playground.engines.local.prompt import PromptEncoder
from playground.engines.local.running import run_loaded
from playground.results.fold import fold
from tests.engines.local.writes import Writes, held
from tests.engines.signals import Never
from tests.samples import request

END = "<|im_end|>"


@pytest.fixture
def loaded(thinking_tokenizer: Any) -> LoadedModel:
    """A thinking model that writes nothing yet."""
    return LoadedModel(
        encoder=PromptEncoder(thinking_tokenizer, True),
        weights=held(Writes(())),
        new_detokenizer=detokenizer_factory(thinking_tokenizer.backend_tokenizer),
        end_ids=frozenset([thinking_tokenizer.convert_tokens_to_ids(END)]),
        context=512,
        thinks=True,
        asked_not_to_think=False,
        origin=Origin("local", device="cpu"),
    )


def encode(loaded: LoadedModel, text: str) -> list[int]:
    tokenizer: Tokenizer = loaded.encoder._backend
    ids: list[int] = tokenizer.encode(text).ids
    return ids


def run(
    loaded: LoadedModel,
    written: str | Sequence[int],
    *,
    reason: StopReason | None = None,
    error: Exception | None = None,
    **sampling: Any,
) -> list[Event]:
    ids = encode(loaded, written) if isinstance(written, str) else written
    model = replace(loaded, weights=held(Writes(ids, reason, error)))
    asked = request(sampling=Sampling(**{"max_new_tokens": 400, "seed": 3, **sampling}))
    return list(run_loaded(model, asked, Never()))


def text(events: list[Event], part: Part) -> str:
    return "".join(event.text for event in events if isinstance(event, Text) and event.part == part)


def ended(events: list[Event]) -> Ended:
    last = events[-1]
    assert isinstance(last, Ended)
    assert sum(isinstance(event, Ended) for event in events) == 1
    return last


def test_the_events_come_in_order(loaded: LoadedModel) -> None:
    events = run(loaded, f"Hm</think>Yes{END}")
    kinds = [type(event) for event in events]
    assert kinds[:2] == [Started, Prefill]
    assert kinds.count(ThoughtClosed) == 1
    assert set(kinds[2:-1]) == {Text, ThoughtClosed}
    started = events[0]
    assert isinstance(started, Started)
    assert started.thinks
    assert (started.cached_tokens, started.limit, started.seed) == (0, 400, 3)
    assert started.prompt_tokens == len(loaded.encoder.encode("Why?", "", ()).ids)


def test_each_id_is_counted_as_what_it_is(loaded: LoadedModel) -> None:
    thought, answer = "\nLet me think: 2 + 2.\n", "\n\nIt is 4. 你好 😀"
    events = run(loaded, f"{thought}</think>{answer}{END}")
    assert text(events, "thinking") == thought
    assert text(events, "answer") == answer
    assert ended(events).counts == Counts(
        len(encode(loaded, thought)), len(encode(loaded, answer)), 2
    )
    assert ended(events).ending == "end_of_turn"


def test_the_fold_agrees_with_the_counts(loaded: LoadedModel) -> None:
    events = run(loaded, f"\nHm.\n</think>\n\nYes{END}")
    asked = request(sampling=Sampling(seed=3))
    whole, open_end = fold(asked, events), fold(asked, events[:-1])
    assert whole.output.thinking == "Hm."
    assert whole.output.answer == "Yes"
    for name in ("thinking_tokens", "answer_tokens"):
        assert getattr(whole.numbers, name) == getattr(open_end.numbers, name)
    assert whole.numbers.generated_tokens == len(encode(loaded, f"\nHm.\n</think>\n\nYes{END}"))


def test_one_text_event_a_token_and_no_broken_character(loaded: LoadedModel) -> None:
    written = "😀 中文 👨‍👩‍👧‍👦 é"
    events = [event for event in run(loaded, written) if isinstance(event, Text)]
    assert [event.tokens for event in events] == [1] * len(encode(loaded, written))
    assert not any(REPLACEMENT in event.text for event in events)
    assert "".join(event.text for event in events) == written


def test_a_character_cut_off_by_the_limit_is_shown_at_the_end(loaded: LoadedModel) -> None:
    events = run(loaded, "a😀", max_new_tokens=3)
    assert text(events, "thinking") == "a" + REPLACEMENT
    assert ended(events).ending == "limit"
    assert ended(events).counts == Counts(thinking=3)


def test_a_character_cut_off_by_the_end_of_the_thought_stays_in_it(loaded: LoadedModel) -> None:
    close = loaded.encoder.close_id
    assert close is not None
    events = run(loaded, [*encode(loaded, "😀")[:2], close, *encode(loaded, "b")])
    assert text(events, "thinking") == REPLACEMENT
    assert text(events, "answer") == "b"


def test_the_last_tokens_time_includes_the_end_of_the_turn(loaded: LoadedModel) -> None:
    written = f"Hm</think>Yes{END}"
    events = run(loaded, written)
    assert ended(events).last_token_at_s == 2.0 + (len(encode(loaded, written)) - 1) / 1000


def test_a_run_cut_off_in_the_thought_has_no_answer(loaded: LoadedModel) -> None:
    result = fold(request(), run(loaded, "thinking and thinking", max_new_tokens=5))
    assert result.ending == "limit"
    assert not result.has_answer
    assert result.numbers.thinking_tokens == result.numbers.generated_tokens == 5


@pytest.mark.parametrize("reason", ["user", "deadline", "interrupted"])
def test_a_stopped_run_ends_with_what_came(loaded: LoadedModel, reason: StopReason) -> None:
    events = run(loaded, "Hm</think>Yes", reason=reason)
    assert ended(events).ending == reason
    assert text(events, "answer") == "Yes"


def test_a_stop_string_is_swallowed_and_its_tokens_are_markers(loaded: LoadedModel) -> None:
    events = run(loaded, "Hm STOP</think>One STOP two", stop=("STOP",))
    assert text(events, "thinking") == "Hm STOP"
    assert text(events, "answer") == "One "
    assert ended(events).ending == "stop_string"
    written = encode(loaded, "One STOP")
    begins = [len(loaded.encoder._backend.decode(written[:n])) for n in range(len(written))]
    shown = sum(begin < len("One ") for begin in begins)
    assert len(written) - shown > 1  # the stop string takes several tokens
    assert ended(events).counts == Counts(
        thinking=len(encode(loaded, "Hm STOP")), answer=shown, marker=1 + len(written) - shown
    )


def test_a_token_that_is_partly_answer_counts_as_answer(loaded: LoadedModel) -> None:
    ids = encode(loaded, "</think>") + encode(loaded, " fox")
    assert len(ids) == 2
    events = run(loaded, ids, stop=("ox",))
    assert text(events, "answer") == " f"
    assert ended(events).counts == Counts(answer=1, marker=1)


def test_text_held_back_for_a_stop_string_comes_out_at_the_end(loaded: LoadedModel) -> None:
    events = run(loaded, f"</think>One STO{END}", stop=("STOP",))
    assert text(events, "answer") == "One STO"
    assert ended(events).counts == Counts(answer=len(encode(loaded, "One STO")), marker=2)


def test_control_text_in_an_answer_is_text(loaded: LoadedModel) -> None:
    answer = "a <script> ${alert(1)} {{value}} \x00 <tool_call>"
    assert text(run(loaded, f"</think>{answer}{END}"), "answer") == answer


def test_a_prompt_as_long_as_the_context_is_refused_with_numbers(loaded: LoadedModel) -> None:
    tokens = len(loaded.encoder.encode("Why?", "", ()).ids)
    with pytest.raises(PromptTooLong, match=rf"has {tokens} tokens.*context of {tokens},.*least 1"):
        run(replace(loaded, context=tokens), "x")
    assert run(replace(loaded, context=tokens + 1), "x")


def test_a_limit_beyond_the_context_is_clamped_with_a_notice(loaded: LoadedModel) -> None:
    tokens = len(loaded.encoder.encode("Why?", "", ()).ids)
    events = run(replace(loaded, context=tokens + 2), "abcdef", max_new_tokens=5)
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.kind == "clamped"
    assert "leaves 2." in notice.text
    assert ended(events).ending == "limit"
    assert ended(events).counts.generated == 2
    assert not any(
        isinstance(event, Notice)
        for event in run(replace(loaded, context=tokens + 5), "a", max_new_tokens=5)
    )


def test_a_seed_is_drawn_when_none_is_given(loaded: LoadedModel) -> None:
    first, second = (run(loaded, "a", seed=None)[0] for _ in range(2))
    assert isinstance(first, Started) and isinstance(second, Started)
    assert first.seed is not None and first.seed != second.seed


def test_what_is_not_supported_is_said(loaded: LoadedModel) -> None:
    events = run(replace(loaded, asked_not_to_think=True), "a")
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.kind == "unsupported"
    assert "always thinks" in notice.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), r"out of memory\. A context of about 7"),
        (MemoryError(), r"out of memory\. A context of about 7"),
        (RuntimeError("MPS backend out of memory"), r"out of memory\. A context of about 7"),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory"),
            r"out of memory\. A context of about 7",
        ),
        (NoProbability("nan"), r"no usable numbers \(nan\)\. Try"),
        (RuntimeError("mat1 and mat2"), r"mat1 and mat2\. Run it again"),
        (IndexError("index out of range"), r"index out of range\. Run it again"),
    ],
)
def test_a_failure_is_said_with_the_next_step(
    loaded: LoadedModel, error: Exception, said: str
) -> None:
    with pytest.raises(EngineFailed, match=said) as raised:
        run(loaded, "abc", error=error)
    assert raised.value.__cause__ is error


def test_what_came_before_a_failure_is_kept(loaded: LoadedModel) -> None:
    writer = Writes(encode(loaded, "abc"), error=RuntimeError("broken"))
    model = replace(loaded, weights=held(writer))
    events: list[Event] = []
    with pytest.raises(EngineFailed):
        events.extend(run_loaded(model, request(), Never()))
    assert text(events, "thinking") == "abc"


def test_a_lone_surrogate_is_a_bad_request(loaded: LoadedModel) -> None:
    with pytest.raises(BadRequest, match="not valid Unicode"):
        list(run_loaded(loaded, request(prompt="a\ud800"), Never()))


def test_the_cache_is_let_go_before_the_ending_is_told(loaded: LoadedModel) -> None:
    closed = []

    class Noting(Writes):
        @contextmanager
        def open(self, ids: Sequence[int], lane: str, name: str) -> Iterator[Writes]:
            with super().open(ids, lane, name) as reading:
                yield reading
            closed.append(True)  # not where the run is closed in its midst

    model = replace(loaded, weights=held(Noting(encode(loaded, f"hm{END}"))))
    for event in run_loaded(model, request(), Never()):
        if isinstance(event, Ended):
            break  # as whoever needs nothing more does
    assert closed == [True]
