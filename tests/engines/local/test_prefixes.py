"""What was read is not read again; nobody's cache is anybody else's; memory is given up."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from playground.domain.sampling import Sampling
from playground.engines.local import decoding, memory
from playground.engines.local.choosing import Chooser
from playground.engines.local.decoding import Decoder, PromptRead, Step, Token
from playground.engines.local.memory import OutOfMemory, kept_budget_bytes
from playground.engines.local.prefixes import KeptPrefixes, common_length
from tests.engines.signals import Never, StopAfter

DOCUMENT = [(11 * n) % 390 for n in range(120)]
GREEDY = Sampling(temperature=0.0)


class Cache:
    """Stands for a cache of so many bytes."""

    def __init__(self, size: int = 10) -> None:
        self.buffer_bytes = size
        self.length: int | None = None

    def cut(self, length: int) -> None:
        self.length = length


@pytest.fixture
def decoder(instruct: Path, monkeypatch: pytest.MonkeyPatch) -> Decoder:
    """A decoder for which every reuse is worth while, with no other's caches around."""
    monkeypatch.setattr(decoding, "KEPT", KeptPrefixes(10**9))
    monkeypatch.setattr(decoding, "least_reuse", lambda *_: 1)
    monkeypatch.setattr(decoding, "kept_budget_bytes", lambda *_: 10**9)
    return Decoder(AutoModelForCausalLM.from_pretrained(instruct).eval())


def answer(decoder: Decoder, ids: list[int], lane: str = "left") -> tuple[list[int], int]:
    """What is written after `ids`, and how many of them were known."""
    with decoder.open(ids, lane, "model") as reading:
        steps = list(reading.steps(Chooser(GREEDY, 0, ids), 12, Never()))
    return tokens(steps), reading.cached_tokens


def tokens(steps: list[Step]) -> list[int]:
    return [step.id for step in steps if isinstance(step, Token)]


def test_a_second_question_on_a_document_reads_only_the_question(decoder: Decoder) -> None:
    first, second = [*DOCUMENT, 5, 6, 7], [*DOCUMENT, 8, 9]
    fresh = Decoder(decoder.model)
    expected = answer(fresh, second, "right")[0]
    assert answer(decoder, first)[1] == 0
    with decoder.open(second, "left", "model") as reading:
        assert reading.cached_tokens == len(DOCUMENT)
        steps = list(reading.steps(Chooser(GREEDY, 0, second), 12, Never()))
    assert [step.done for step in steps if isinstance(step, PromptRead)] == [len(second)]
    assert tokens(steps) == expected


def test_the_next_turn_reads_only_what_is_new(decoder: Decoder) -> None:
    said, _ = answer(decoder, DOCUMENT)
    turn = [*DOCUMENT, *said, 3, 4]
    fresh = answer(Decoder(decoder.model), turn, "right")[0]
    # The last token that was written had not been read.
    assert answer(decoder, turn) == (fresh, len(DOCUMENT) + len(said) - 1)


def test_the_last_token_of_a_known_prompt_is_read_again(decoder: Decoder) -> None:
    first = answer(decoder, DOCUMENT)
    assert answer(decoder, DOCUMENT) == (first[0], len(DOCUMENT) - 1)


def test_a_run_that_was_stopped_in_the_prompt_keeps_what_it_read(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "chunk_tokens", lambda *_: 32)
    with decoder.open(DOCUMENT, "left", "model") as reading:
        list(reading.steps(Chooser(GREEDY, 0, ()), 5, StopAfter(2)))
    assert answer(decoder, DOCUMENT)[1] == 64


def test_a_lane_does_not_profit_from_what_the_other_has_read(decoder: Decoder) -> None:
    answer(decoder, DOCUMENT, "left")
    assert answer(decoder, DOCUMENT, "right")[1] == 0


def test_two_runs_at_once_never_share_a_cache(decoder: Decoder) -> None:
    expected, _ = answer(decoder, DOCUMENT)
    with (
        decoder.open(DOCUMENT, "left", "model") as one,
        decoder.open(DOCUMENT, "left", "model") as other,
    ):
        assert (one.cached_tokens > 0, other.cached_tokens) == (True, 0)
        a, b = (run.steps(Chooser(GREEDY, 0, ()), 12, Never()) for run in (one, other))
        pairs = list(zip(a, b, strict=False))
    assert tokens([step for pair in pairs for step in pair[:1]])[:5] == expected[:5]


def test_little_is_read_again(instruct: Path) -> None:
    decoder = Decoder(AutoModelForCausalLM.from_pretrained(instruct).eval())
    answer(decoder, DOCUMENT)
    assert answer(decoder, DOCUMENT)[1] == 0


def test_a_model_that_is_gone_leaves_no_cache(decoder: Decoder) -> None:
    other = Decoder(decoder.model)
    answer(other, DOCUMENT)
    assert decoding.KEPT.kept_bytes > 0
    del other
    assert decoding.KEPT.kept_bytes == 0


def test_a_failed_run_leaves_no_cache(decoder: Decoder) -> None:
    with pytest.raises(RuntimeError), decoder.open(DOCUMENT, "left", "model") as reading:
        list(reading.steps(Chooser(GREEDY, 0, ()), 2, Never()))
        raise RuntimeError("broken")
    assert decoding.KEPT.kept_bytes == 0


def test_the_longest_common_beginning_wins_and_is_taken_out() -> None:
    kept = KeptPrefixes(100)
    short, long = Cache(), Cache()
    kept.keep("model", "left", (1, 2, 9), short)
    kept.keep("model", "left", (1, 2, 3, 4, 5), long)
    assert kept.take("model", "left", (1, 2, 3, 4, 6), 1) == (long, 4)
    assert long.length == 4
    assert kept.take("model", "left", (1, 2, 3, 4, 6), 1) == (short, 2)
    assert kept.take("model", "left", (1, 2, 3), 1) == (None, 0)


def test_too_short_a_beginning_and_another_model_s_are_left_alone() -> None:
    kept = KeptPrefixes(100)
    kept.keep("model", "left", (1, 2, 3), Cache())
    assert kept.take("model", "left", (1, 2, 9), 3) == (None, 0)
    assert kept.take("other", "left", (1, 2, 3, 4), 1) == (None, 0)
    assert kept.kept_bytes == 10


def test_the_oldest_goes_when_the_budget_is_full_or_memory_is_needed() -> None:
    kept = KeptPrefixes(25)
    for number in range(3):
        kept.keep("model", "left", (number, 1), Cache())
    assert kept.kept_bytes == 20
    assert kept.take("model", "left", (0, 1, 2), 1) == (None, 0)
    kept.give_up(1)
    assert kept.kept_bytes == 10
    assert kept.take("model", "left", (2, 1, 2), 1)[1] == 2
    kept.keep("model", "left", (1,), Cache(26))
    assert kept.kept_bytes == 0


def test_common_lengths() -> None:
    assert common_length((1, 2, 3), (1, 2, 4)) == 2
    assert common_length((1, 2), (1, 2, 4)) == 2
    assert common_length((), (1,)) == 0


def test_kept_caches_are_given_up_for_a_run_and_too_long_a_context_names_one_that_fits(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(decoder, DOCUMENT)
    kept = decoding.KEPT
    room = [0, 10**9]
    monkeypatch.setattr(decoding, "free_bytes", lambda *_: room[0 if kept.kept_bytes else 1])
    other = [1, *DOCUMENT]
    assert answer(decoder, other)[1] == 0  # gave up the kept one to make room
    kept.give_up()
    room[1] = 40 * decoder.token_bytes
    with pytest.raises(OutOfMemory, match=r"about 40 tokens would fit: shorten the prompt"):
        answer(decoder, DOCUMENT)
    room[1] = -1
    with pytest.raises(OutOfMemory, match="smaller model"):
        answer(decoder, DOCUMENT)


def test_a_text_is_written_to_the_last_token_that_fits(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = 10 * decoder.token_bytes
    monkeypatch.setattr(
        decoding, "free_bytes", lambda *_: len(DOCUMENT) * decoder.token_bytes + left
    )
    with decoder.open(DOCUMENT, "left", "model") as reading:
        steps = reading.steps(Chooser(GREEDY, 0, ()), 8, Never())
        assert sum(isinstance(step, Token) for step in steps) == 8


def test_memory_is_asked_for_again_when_the_text_outgrows_its_room(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "LEAST_GROWTH", 4)
    asked: list[int] = []

    def free(*_: object) -> int:
        asked.append(1)
        return 10**9 if len(asked) == 1 else 0

    monkeypatch.setattr(decoding, "free_bytes", free)
    with (
        pytest.raises(OutOfMemory),
        decoder.open(DOCUMENT, "left", "model") as reading,
    ):
        for step in reading.steps(Chooser(GREEDY, 0, ()), 50, Never()):
            written = step
    assert isinstance(written, Token)


def test_the_budget_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    device = torch.device("cpu")
    monkeypatch.setenv("PLAYGROUND_KEPT_GIB", "0.5")
    assert kept_budget_bytes(device) == 2**29
    monkeypatch.setenv("PLAYGROUND_KEPT_GIB", "0")
    assert kept_budget_bytes(device) == 0
    monkeypatch.delenv("PLAYGROUND_KEPT_GIB")
    assert kept_budget_bytes(device) == memory.total_bytes(device) // 4


def test_other_architectures_run_with_their_own_cache_and_keep_none(decoder: Decoder) -> None:
    expected, _ = answer(decoder, DOCUMENT)
    decoding.KEPT.give_up()
    decoder.grouped = False
    assert answer(decoder, DOCUMENT) == (expected, 0)
    assert answer(decoder, DOCUMENT) == (expected, 0)
