"""What of a server's context is left for the answer, and what a prompt that was cut looks like."""

from __future__ import annotations

import httpx2
import pytest

from playground.domain.errors import PromptTooLong
from playground.domain.request import Message
from playground.domain.sampling import Sampling
from playground.engines.server.identify import ServedModel, ServerFacts
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import OLLAMA, VLLM
from playground.engines.server.room import chat_messages, room, shortened
from tests.engines.server.standin import StandIn, json_reply
from tests.samples import request

Room = tuple[int, tuple[tuple[str, str], ...]]


def left(
    server: StandIn,
    http: httpx2.AsyncClient,
    *,
    context: int | None,
    wanted: int,
    tokens: int | None = None,
    prompt: str = "Why?",
    profile: Profile = VLLM,
) -> Room:
    if tokens is not None:
        server.on("/tokenize", json_reply({"count": tokens}))
    facts = ServerFacts(profile, server.url, None, ())
    asked = request(prompt=prompt, sampling=Sampling(max_new_tokens=wanted))
    return room(http, facts, ServedModel("model", context), asked)


def test_without_a_known_context_all_is_sent(server: StandIn, http: httpx2.AsyncClient) -> None:
    assert left(server, http, context=None, wanted=10**6) == (10**6, ())


def test_nobody_is_asked_where_it_fits_in_any_case(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    assert left(server, http, context=2048, wanted=1024, tokens=2000) == (1024, ())
    assert server.asked("/tokenize") == []


def test_a_limit_beyond_the_context_is_clamped_and_said(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    limit, notes = left(server, http, context=2048, wanted=2048, tokens=19)
    assert limit == 2029
    ((kind, words),) = notes
    assert kind == "clamped"
    for number in ("2,048", "19", "2,029"):
        assert number in words


def test_a_prompt_that_leaves_just_enough_is_not_clamped(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    assert left(server, http, context=2048, wanted=2029, tokens=19) == (2029, ())


def test_a_prompt_that_leaves_one_token_is_answered_with_it(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    assert left(server, http, context=2048, wanted=100, tokens=2047, prompt="x" * 9000)[0] == 1


@pytest.mark.parametrize(("tokens", "over"), [(2048, 1), (2100, 53)])
def test_a_prompt_as_long_as_the_context_is_refused_with_numbers(
    server: StandIn, http: httpx2.AsyncClient, tokens: int, over: int
) -> None:
    with pytest.raises(PromptTooLong, match=rf"{tokens:,} tokens.*2,048.*at least {over} tokens"):
        left(server, http, context=2048, wanted=100, tokens=tokens, prompt="x" * 9000)


@pytest.mark.parametrize("profile", [VLLM, OLLAMA], ids=lambda profile: profile.key)
def test_where_nobody_counts_the_limit_stays_below_the_context(
    server: StandIn, http: httpx2.AsyncClient, profile: Profile
) -> None:
    """vLLM answers 400 to a max_tokens above its context."""
    limit, notes = left(server, http, context=4096, wanted=5000, profile=profile)
    assert limit == 4095
    assert [kind for kind, _ in notes] == ["clamped"]
    assert "5,000" in notes[0][1] and "4,095" in notes[0][1]
    assert left(server, http, context=4096, wanted=4000, profile=profile) == (4000, ())


def test_bytes_are_what_a_guess_counts(server: StandIn, http: httpx2.AsyncClient) -> None:
    """One character may be several tokens."""
    assert left(server, http, context=2048, wanted=1000, tokens=1500, prompt="好" * 500)[0] == 548


def test_messages_are_plain_strings_in_order() -> None:
    history = (Message("user", "a"), Message("assistant", "b"))
    assert chat_messages("c", "sys", history) == [
        {"role": "system", "content": "sys"},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    assert chat_messages("c", "", ()) == [{"role": "user", "content": "c"}]


def test_a_prompt_that_a_server_cut_is_noticed_by_its_count() -> None:
    notice = shortened(40_000, 4096)
    assert notice is not None and notice.kind == "truncated"
    assert "4,096" in notice.text and "OLLAMA_CONTEXT_LENGTH" in notice.text


@pytest.mark.parametrize(("letters", "tokens"), [(4, 12), (20_000, 4096), (40_000, None), (0, 0)])
def test_an_ordinary_prompt_is_not_called_cut(letters: int, tokens: int | None) -> None:
    assert shortened(letters, tokens) is None
