"""From chunks to events: every way in which servers deliver thinking, and no text is ever lost."""

from __future__ import annotations

import itertools
import random

import pytest

from playground.domain.events import Counts, Text, ThoughtClosed
from playground.engines.server.chunks import Chunk
from playground.engines.server.reader import Reader
from tests.engines.server.reading import chunks_of, ended, notices, read, result, text


def contents(*pieces: str, finish: str | None = "stop") -> list[Chunk]:
    return [*(Chunk(content=piece) for piece in pieces), Chunk(finish=finish)]


@pytest.mark.parametrize(
    ("name", "thinking", "answer"),
    [
        ("sglang-0.5.23-thinking.sse", "Two and two.", "It is 4."),
        ("ollama-fb30760-thinking.ndjson", "Two and two.", "It is 4."),
        ("modelscope-2025-thinking.sse", "Two and two.", "It is 4."),
        ("lmstudio-c6854fb-inline.sse", "\nTwo and two make four.\n", "\n\nIt is 4."),
        ("tgi-3.3-thinking.sse", "Two and two.", "\n\n4."),
        ("router-242f4a1-no-opening-tag.sse", "Two and two are 4.", "\n\n4."),
    ],
)
def test_thinking_is_found_wherever_a_server_puts_it(name: str, thinking: str, answer: str) -> None:
    events = read(chunks_of(name))
    assert (text(events, "thinking"), text(events, "answer")) == (thinking, answer)
    assert sum(isinstance(event, ThoughtClosed) for event in events) == 1
    assert notices(events) == []


def test_a_recorded_vllm_thought_is_read_whole() -> None:
    events = read(chunks_of("vllm-0.32-thinking.sse"))
    assert text(events, "answer").strip() == "47 × 86 = **4042**"
    assert text(events, "thinking").startswith("86 × 7: 6 × 7 = ")
    assert ended(events).counts == Counts(127, 13, 2, basis="server")


def test_a_recorded_transformers_thought_is_read_whole() -> None:
    """The same as vLLM's, but for a line break that its parser puts before the thought."""
    made = result(read(chunks_of("transformers-5.23-thinking.sse"))).output
    assert made == result(read(chunks_of("vllm-0.32-thinking.sse"))).output


def test_a_thought_cut_off_by_the_limit_has_no_answer_and_needs_no_notice() -> None:
    events = read(chunks_of("vllm-0.32-cut-in-the-thought.sse"))
    assert text(events, "answer") == "" and text(events, "thinking")
    assert ended(events).counts == Counts(12, 0, 0, basis="server")
    assert notices(events) == []


def test_inline_thinking_cut_off_by_the_limit_has_no_answer() -> None:
    events = read(contents("<think>", "one", " two", finish="length"))
    assert (text(events, "thinking"), text(events, "answer")) == ("one two", "")
    assert notices(events) == []


def test_thinking_without_its_end_is_said_when_the_turn_ended_all_the_same() -> None:
    events = read(contents("The answer", " is 4."))
    assert text(events, "thinking") == "The answer is 4."
    assert notices(events) == ["wrong_parser"]
    assert notices(read(contents("The answer"), stopped=True, ending="user")) == []


def test_a_thought_in_its_own_field_is_not_blamed_on_a_missing_parser() -> None:
    """The parser is there; the model ended its turn inside the thought, or it is none."""
    said = [
        n for n in read([Chunk(thinking="It is 4."), Chunk(finish="stop")]) if hasattr(n, "kind")
    ]
    assert [notice.kind for notice in said] == ["wrong_parser"]
    assert "Start it with a reasoning parser" not in said[0].text
    assert "thinking=off" in said[0].text


def test_a_stop_string_in_the_thought_ends_it_without_blame() -> None:
    events = read(chunks_of("vllm-0.32-stop-in-the-thought.sse"), ending="stop_string")
    assert notices(events) == []
    assert ended(events).counts == Counts(108, 0, 3, basis="server")


def test_an_instruct_model_behind_a_reasoning_parser_still_answers() -> None:
    chunks = [Chunk(thinking="It is"), Chunk(thinking=" 4."), Chunk(finish="stop")]
    events = read(chunks, thinks=False, plain=True)
    assert (text(events, "thinking"), text(events, "answer")) == ("", "It is 4.")
    assert notices(events) == ["wrong_parser"]  # once, not for every chunk
    assert result(events, thinks=False).output.answer == "It is 4."


def test_a_closing_tag_in_an_answer_is_kept_and_said_once() -> None:
    events = read(contents("Two.", "</th", "ink>", "4", "</think>"), thinks=False)
    assert text(events, "answer") == "Two.</think>4</think>"
    assert notices(events) == ["wrong_parser"]


def test_a_model_that_is_not_known_to_think_may_open_a_thought() -> None:
    by_tag = read(contents("<th", "ink>Two", ".</think>", "4"), thinks=False)
    by_field = read([Chunk("Two"), Chunk("."), Chunk(content="4")], thinks=False)
    for events in (by_tag, by_field):
        assert (text(events, "thinking"), text(events, "answer")) == ("Two.", "4")
        assert notices(events) == ["unknown_thinking"]


def test_a_model_that_was_seen_to_open_its_thoughts_may_also_answer_at_once() -> None:
    """Text without an opening tag is its answer: a hybrid does not always think."""
    for pieces, thinking, answer in (
        (("<think>Two", ".</think>", "4"), "Two.", "4"),
        (("It is", " 4."), "", "It is 4."),
    ):
        events = read(contents(*pieces), thinks=True, opens=True)
        assert (text(events, "thinking"), text(events, "answer")) == (thinking, answer)
        assert notices(events) == []


def test_whether_a_model_thought_is_known_afterwards() -> None:
    for chunks, thought in (
        ([Chunk("Two")], True),
        (contents("<think>Two"), True),
        (contents("4"), False),
        ([Chunk(generated=1)], False),
    ):
        reader = Reader(False, False, False)
        for chunk in chunks:
            list(reader.take(chunk, 1.0))
        assert reader.thought is thought


def test_a_tag_in_the_middle_of_a_chunk_splits_it() -> None:
    events = read(contents("Two.</think>4."))
    assert [(e.part, e.text) for e in events if isinstance(e, Text)] == [
        ("thinking", "Two."),
        ("answer", "4."),
    ]


def test_an_empty_first_chunk_is_no_token() -> None:
    events = read([Chunk(), Chunk(generated=0), Chunk(thinking="a", generated=1)])
    (only,) = [event for event in events if isinstance(event, Text)]
    assert (only.tokens, only.at_s) == (1, 3.0)
    assert result(events).numbers.first_token_s == 3.0


def test_a_held_back_beginning_of_a_tag_is_a_token_all_the_same() -> None:
    events = read(contents("a", "</th", "b"), thinks=True)
    assert [e.tokens for e in events if isinstance(e, Text)] == [1, 1, 1]
    assert text(events, "thinking") == "a</thb"


def test_thinking_and_answer_in_one_chunk_are_both_shown() -> None:
    """vLLM does so where a stop string made it hold text back."""
    events = read([Chunk("a"), Chunk("b", "c"), Chunk(content="d"), Chunk(finish="stop")])
    assert (text(events, "thinking"), text(events, "answer")) == ("ab", "cd")


@pytest.mark.parametrize("field", ["inline", "field"])
def test_no_text_is_ever_lost_however_it_is_cut(field: str) -> None:
    draw = random.Random(11)
    alphabet = ["<think>", "</think>", "<", "th", "\n", "a", " ", "é", "</thin"]
    for _ in range(1500):
        whole = "".join(draw.choices(alphabet, k=draw.randint(1, 9)))
        edges = sorted({0, len(whole), *(draw.randint(0, len(whole)) for _ in range(3))})
        pieces = [whole[a:b] for a, b in itertools.pairwise(edges)]
        thinks, plain = draw.choice([(True, False), (False, False), (False, True)])
        if field == "inline":
            chunks, wanted = [Chunk(content=piece) for piece in pieces], whole
        else:
            chunks = [Chunk(thinking=piece) for piece in pieces] + [Chunk(content="!")]
            wanted = whole + "!"
        events = read([*chunks, Chunk(finish="stop")], thinks=thinks, plain=plain)
        shown = "".join(
            event.text if isinstance(event, Text) else "</think>" if field == "inline" else ""
            for event in events
            if isinstance(event, Text | ThoughtClosed)
        )
        opened = field == "inline" and whole.lstrip().startswith("<think>") and shown != wanted
        assert shown == (wanted.lstrip().removeprefix("<think>") if opened else wanted), pieces
        counts = ended(events).counts
        assert counts.generated == counts.thinking + counts.answer + counts.marker + counts.forced
