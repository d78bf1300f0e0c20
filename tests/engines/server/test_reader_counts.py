"""How many tokens of each: by the server's count while it writes, at its end, or by estimate."""

from __future__ import annotations

import random

from playground.domain.events import Counts, Text
from playground.engines.server.chunks import Chunk, Usage
from tests.engines.server.reading import chunks_of, ended, read, result


def counted(*steps: tuple[str, str, int]) -> list[Chunk]:
    return [Chunk(thinking, content, generated=total) for thinking, content, total in steps]


def test_several_tokens_in_a_chunk_count_as_many() -> None:
    chunks = counted(("ab", "", 3), ("c", "", 4), ("", "de", 7))
    events = read([*chunks, Chunk(finish="stop", generated=8)])
    assert [e.tokens for e in events if isinstance(e, Text)] == [3, 1, 2]
    assert ended(events).counts == Counts(4, 2, 2, basis="server")
    assert ended(events).first_chunk_tokens == 3


def test_a_recorded_sglang_stream_counts_several_tokens_a_chunk() -> None:
    last = ended(read(chunks_of("sglang-0.5.23-thinking.sse")))
    assert last.counts == Counts(4, 4, 2, basis="server")
    assert (last.prompt_tokens, last.first_chunk_tokens) == (12, 2)


def test_without_usage_chunks_are_tokens_and_called_an_estimate() -> None:
    events = read([Chunk("a"), Chunk("b"), Chunk(content="c"), Chunk(finish="stop")])
    assert ended(events).counts == Counts(2, 1, basis="estimated")
    assert ended(events).prompt_tokens is None


def test_a_count_at_the_end_that_fits_the_chunks_is_the_servers() -> None:
    events = read(chunks_of("ollama-fb30760-thinking.ndjson"))
    assert ended(events).counts == Counts(3, 3, 2, basis="server")


def test_a_line_break_that_may_be_the_parsers_makes_the_parts_an_estimate() -> None:
    """transformers serve; the truth in process: 127, 13 and 2 of 142."""
    counts = ended(read(chunks_of("transformers-5.23-thinking.sse"))).counts
    assert (counts.generated, counts.marker, counts.basis) == (142, 2, "estimated")
    assert abs(counts.thinking - 127) <= 1


def test_a_line_break_that_cannot_have_been_a_token_is_none() -> None:
    """Seven chunks, but six tokens, a stop string among them."""
    counts = ended(read(chunks_of("transformers-5.23-stop-string.sse"))).counts
    assert counts == Counts(6, 0, 0, basis="estimated")


def test_more_tokens_than_chunks_are_shared_out_and_called_an_estimate() -> None:
    """Chunks are no tokens: a count that comes only at the end says nothing of the parts."""
    chunks = [Chunk("x" * 30), Chunk(content="y" * 10), Chunk(finish="stop")]
    last = Chunk(generated=42, usage=Usage(5, 42))
    counts = ended(read([*chunks, last])).counts
    assert counts == Counts(30, 10, 2, basis="estimated")


def test_a_recorded_lm_studio_stream_is_shared_out() -> None:
    counts = ended(read(chunks_of("lmstudio-c6854fb-inline.sse"), counts_end=False)).counts
    assert counts.generated == 14
    assert counts.marker <= 2
    assert counts.basis == "estimated"
    assert counts.thinking > counts.answer > 0


def test_reasoning_tokens_settle_the_shares() -> None:
    chunks = [Chunk("x" * 30), Chunk(content="y" * 10), Chunk(finish="stop")]
    last = Chunk(generated=42, usage=Usage(5, 42, thinking=35))
    assert ended(read([*chunks, last])).counts == Counts(35, 5, 2, basis="server")


def test_an_answer_alone_has_all_tokens() -> None:
    chunks = [Chunk(content="It is"), Chunk(content=" 4."), Chunk(finish="stop")]
    last = Chunk(generated=9, usage=Usage(5, 9))
    assert ended(read([*chunks, last], thinks=False)).counts == Counts(0, 8, 1, basis="server")


def test_text_that_a_stop_string_held_back_does_not_move_tokens_into_the_thought() -> None:
    """With a stop string, vLLM's counts run ahead of its text; its own share is nearer (127, 7)."""
    counts = ended(read(chunks_of("vllm-0.32-stop-in-the-answer.sse"))).counts
    assert counts == Counts(126, 8, 2, basis="server")


def test_one_token_more_or_less_in_the_servers_share_changes_nothing() -> None:
    """A vLLM said 7 where 8 tokens were seen, all inside the thought."""
    chunks = counted(*((f"{n} ", "", n + 1) for n in range(8)))
    last = Chunk(generated=8, usage=Usage(5, 8, thinking=7), finish="length")
    assert ended(read([*chunks, last])).counts == Counts(8, 0, 0, basis="server")


def test_the_recorded_llama_cpp_stream_counts_the_end_of_the_turn() -> None:
    events = read(chunks_of("llamacpp-b11434.sse"), thinks=False)
    last = ended(events)
    assert last.counts == Counts(0, 9, 1, basis="server")
    assert (last.prompt_tokens, last.cached_tokens) == (31, 24)
    cut = ended(read(chunks_of("llamacpp-b11434-cut.sse"), thinks=False))
    assert cut.counts == Counts(0, 3, 0, basis="server")


def test_a_stopped_run_keeps_the_counts_so_far() -> None:
    events = read(counted(("ab", "", 3), ("", "c", 5)), ending="user", stopped=True)
    assert ended(events).counts == Counts(3, 1, 1, basis="server")


def test_what_ollama_loaded_is_in_none_of_the_latencies() -> None:
    """The chunks come from 7 to 13 s; 6 s before them were loading, as the last one says."""
    made = result(read(chunks_of("ollama-fb30760-thinking.ndjson"), first_s=7.0))
    numbers = made.numbers
    assert numbers.load_s == 6.0
    assert (numbers.first_token_s, numbers.last_token_s, numbers.total_s) == (1.0, 6.0, 8.0)
    assert (numbers.first_answer_s, numbers.thinking_s) == (4.0, 3.0)
    assert (numbers.thinking_tokens, numbers.answer_tokens, numbers.marker_tokens) == (3, 3, 2)
    assert made.numbers.prompt_tokens == 12
    assert "load_s" not in dict(made.server_numbers)
    assert dict(made.server_numbers)["tokens_per_s"] == 20.0
    assert made.numbers.generated_tokens == 8


def test_the_first_chunks_tokens_are_no_decoding() -> None:
    chunks = counted(("ab", "", 5), ("c", "", 6), ("", "d", 8))
    numbers = result(read([*chunks, Chunk(finish="stop", generated=9)])).numbers
    assert numbers.tokens_per_s == (9 - 5) / 3.0


def test_parts_always_add_up_to_what_the_server_counted() -> None:
    draw = random.Random(3)
    for _ in range(2000):
        chunks, total = [], 0
        live = draw.random() < 0.5
        for _ in range(draw.randint(0, 6)):
            total += draw.randint(0, 3)
            texts = draw.choice([("a", ""), ("", "b"), ("", ""), ("", "</think>"), ("c", "d")])
            chunks.append(Chunk(*texts, generated=total if live else None))
        finish = draw.choice(["stop", "length", None])
        told = draw.choice([None, draw.randint(0, total + 2)])
        counts_at_end = Usage(4, total, told) if draw.random() < 0.8 else None
        chunks.append(Chunk(finish=finish))
        if counts_at_end is not None:
            chunks.append(Chunk(generated=total, usage=counts_at_end))
        events = read(chunks, thinks=draw.random() < 0.7, counts_end=draw.random() < 0.7)
        counts = ended(events).counts
        assert min(counts.thinking, counts.answer, counts.marker) >= 0, chunks
        if counts_at_end is not None or live:
            assert counts.generated == total or counts.basis == "estimated", (chunks, counts)
        if counts_at_end is not None and total:
            assert counts.generated == total, (chunks, counts)
