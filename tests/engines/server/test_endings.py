"""How an answer ended: at a stop string or by itself, as far as each server tells, and whether a
thought kept to its budget."""

from __future__ import annotations

import pytest

from playground.domain.events import CountBasis, Counts, Notice
from playground.engines.server.chunks import Chunk, Usage
from playground.engines.server.endings import ending_of, kept_to_budget
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import (
    LLAMACPP,
    LMSTUDIO,
    OLLAMA,
    SGLANG,
    TGI,
    TRANSFORMERS,
    VLLM,
)
from playground.engines.server.reader import Reader
from playground.engines.server.services import GENERIC, MODELSCOPE, ROUTER
from tests.engines.server.reading import chunks_of


def ended(
    profile: Profile, *chunks: Chunk, stops: tuple[str, ...] = ("END",)
) -> tuple[str, str | None]:
    """The ending and the kind of its notice."""
    reader = Reader(False, False, profile.counts_end)
    for at_s, chunk in enumerate(chunks):
        list(reader.take(chunk, float(at_s)))
    ending, notice = ending_of(reader, profile, stops)
    return ending, notice.kind if notice else None


@pytest.mark.parametrize(
    ("name", "profile", "stop"),
    [
        ("vllm-0.32-stop-in-the-thought.sse", VLLM, "042"),
        ("vllm-0.32-stop-in-the-answer.sse", VLLM, "**"),
        ("sglang-0.5.23-stop-string.sse", SGLANG, "END"),
        ("llamacpp-b11434-stop-string.sse", LLAMACPP, " help"),
        ("tgi-3.3-stop-string.sse", TGI, "END"),
    ],
)
def test_a_server_that_tells_of_a_stop_string_is_believed(
    name: str, profile: Profile, stop: str
) -> None:
    assert ended(profile, *chunks_of(name), stops=(stop,)) == ("stop_string", None)


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("vllm-0.32-thinking.sse", VLLM),
        ("sglang-0.5.23-thinking.sse", SGLANG),
        ("tgi-3.3-thinking.sse", TGI),
    ],
)
def test_a_server_that_tells_of_the_end_of_the_turn_is_believed(
    name: str, profile: Profile
) -> None:
    assert ended(profile, *chunks_of(name)) == ("end_of_turn", None)


@pytest.mark.parametrize(
    ("name", "profile", "stop"),
    [
        ("transformers-5.23-stop-string.sse", TRANSFORMERS, ": 6"),
        ("ollama-fb30760-thinking.ndjson", OLLAMA, "END"),
        ("lmstudio-c6854fb-inline.sse", LMSTUDIO, "END"),
        ("modelscope-2025-thinking.sse", MODELSCOPE, "END"),
        ("router-242f4a1-no-opening-tag.sse", ROUTER, "END"),
        ("llamacpp-b11434.sse", LLAMACPP, "END"),  # one that does not know `verbose`
    ],
)
def test_where_nobody_tells_nothing_is_claimed(name: str, profile: Profile, stop: str) -> None:
    assert ended(profile, *chunks_of(name), stops=(stop,)) == ("end_of_turn", "ending")
    assert ended(profile, *chunks_of(name), stops=()) == ("end_of_turn", None)


def test_a_string_that_was_not_sent_is_no_stop_string() -> None:
    """A template has its own, and some services write any word there."""
    assert ended(GENERIC, Chunk(content="a", finish="stop", stop="eos")) == ("end_of_turn", None)


@pytest.mark.parametrize(
    ("finish", "ending"),
    [
        ("length", ("limit", None)),
        ("abort", ("interrupted", None)),
        ("content_filter", ("end_of_turn", None)),
        (None, ("interrupted", "cut_off")),
    ],
)
def test_every_other_end_needs_no_such_notice(
    finish: str | None, ending: tuple[str, str | None]
) -> None:
    for profile in (VLLM, TGI, OLLAMA):
        assert ended(profile, Chunk(content="a", finish=finish)) == ending


def test_an_end_that_only_its_counts_tell_is_not_known_either() -> None:
    chunk = Chunk(content="a", usage=Usage(3, 2), generated=2)
    assert ended(GENERIC, chunk) == ("end_of_turn", "ending")
    assert ended(GENERIC, chunk, stops=()) == ("end_of_turn", None)


def of_budget(
    budget: int, thinking: int, closed: bool = True, basis: CountBasis = "server"
) -> list[Notice]:
    return list(kept_to_budget(budget, Counts(thinking, 3, 2, basis=basis), closed))


@pytest.mark.parametrize("thinking", [19, 20, 22])
def test_a_thought_that_was_ended_by_its_budget_is_said_to_be(thinking: int) -> None:
    """vLLM and llama.cpp count the line break after the opening tag, too: 19 of 20."""
    (notice,) = of_budget(20, thinking)
    assert notice.kind == "budget" and "20 thinking tokens" in notice.text


@pytest.mark.parametrize(("thinking", "closed"), [(18, True), (20, False), (0, False), (0, True)])
def test_a_thought_that_ended_earlier_is_not(thinking: int, closed: bool) -> None:
    assert of_budget(20, thinking, closed) == []
    assert of_budget(0, 0, closed) == []


def test_a_budget_that_the_server_did_not_keep_to_is_said() -> None:
    (notice,) = of_budget(20, 127)
    assert notice.kind == "unsupported"
    assert "20" in notice.text and "127" in notice.text and "did not keep to it" in notice.text
    assert [n.kind for n in of_budget(0, 127)] == ["unsupported"]


def test_an_estimate_must_be_far_off_to_say_anything() -> None:
    assert of_budget(20, 20, basis="estimated") == of_budget(20, 40, basis="estimated") == []
    assert [n.kind for n in of_budget(20, 60, basis="estimated")] == ["unsupported"]
