"""What of a server's context is left for the answer, and what a prompt that was cut looks like."""

from __future__ import annotations

import httpx2
import pytest

from playground.domain.errors import PromptTooLong
from playground.domain.events import Notice
from playground.domain.request import Message
from playground.engines.server.chunks import Usage
from playground.engines.server.identify import ServerFacts
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import LMSTUDIO, OLLAMA, SGLANG, TGI, VLLM
from playground.engines.server.room import chat_messages, room, shortened
from playground.engines.server.services import GENERIC
from playground.engines.server.tokenize import Chat
from tests.engines.server.standin import StandIn, json_reply

Room = tuple[int, tuple[tuple[str, str], ...]]
REFUSING = [SGLANG, TGI, GENERIC]


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
    chat = Chat(http, facts, "model", chat_messages(prompt, "", ()), {})
    return room(chat, context, wanted)


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


@pytest.mark.parametrize("profile", REFUSING, ids=lambda profile: profile.key)
def test_where_nobody_counts_a_server_that_refuses_gets_a_cautious_limit(
    server: StandIn, http: httpx2.AsyncClient, profile: Profile
) -> None:
    """SGLang answers 400 to a prompt and max_tokens that are more than its context together. The
    real numbers of this one: 3,000 letters are 750 tokens at most, of 4,096."""
    limit, notes = left(
        server, http, context=4096, wanted=5000, profile=profile, prompt="w " * 1500
    )
    assert 4096 // 2 < limit <= 4096 - 1500
    ((kind, words),) = notes
    assert kind == "clamped" and "estimate" in words
    assert "5,000" in words and f"{limit:,}" in words


@pytest.mark.parametrize("profile", REFUSING, ids=lambda profile: profile.key)
def test_an_estimate_leaves_a_long_prompt_some_room(
    server: StandIn, http: httpx2.AsyncClient, profile: Profile
) -> None:
    limit, _ = left(server, http, context=4096, wanted=4000, profile=profile, prompt="w" * 12_000)
    assert limit == 4096 // 8


@pytest.mark.parametrize("profile", REFUSING, ids=lambda profile: profile.key)
def test_an_estimate_that_changes_nothing_needs_no_note(
    server: StandIn, http: httpx2.AsyncClient, profile: Profile
) -> None:
    assert left(server, http, context=4096, wanted=4000, profile=profile) == (4000, ())


def test_an_older_sglang_that_takes_no_messages_gives_no_number_at_all(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    refusal = {"object": "error", "message": "prompt: Field required", "code": 400, "count": 9}
    server.on("/tokenize", json_reply(refusal, 400))
    _, notes = left(server, http, context=4096, wanted=5000, profile=SGLANG)
    assert "estimate" in notes[0][1] and "after a prompt of" not in notes[0][1]


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


def cut(
    letters: int,
    usage: Usage,
    profile: Profile = OLLAMA,
    context: int | None = 4096,
) -> Notice | None:
    return shortened([{"content": "w" * letters}], usage, profile, lambda: context)


def test_a_prompt_that_a_server_cut_is_noticed_by_its_count() -> None:
    """Ollama cuts one long message to exactly its context."""
    notice = cut(40_000, Usage(4096))
    assert notice is not None and notice.kind == "truncated"
    assert "4,096" in notice.text and "OLLAMA_CONTEXT_LENGTH" in notice.text


@pytest.mark.parametrize("profile", [OLLAMA, VLLM], ids=lambda profile: profile.key)
@pytest.mark.parametrize(("letters", "tokens"), [(4, 12), (20_000, 4096), (40_000, None), (0, 0)])
def test_an_ordinary_prompt_is_not_called_cut(
    letters: int, tokens: int | None, profile: Profile
) -> None:
    assert cut(letters, Usage(tokens), profile) is None


@pytest.mark.parametrize("read", [0, 1, 9, 300, 2000, 3600])
def test_a_small_count_of_an_old_ollama_is_what_was_not_cached(read: int) -> None:
    """Such a text fits: a count that leaves out what was cached says nothing."""
    assert cut(30_000, Usage(read)) is None


def test_a_text_that_cannot_have_fitted_was_cut_whatever_the_count() -> None:
    """Ollama drops whole turns; what is left may be short."""
    assert cut(33_000, Usage(9)) is not None
    assert cut(33_000, Usage(9), context=8192) is None


def test_without_a_known_context_a_small_count_says_nothing() -> None:
    assert cut(10**6, Usage(9), context=None) is None


@pytest.mark.parametrize("cached", [0, 8])
def test_a_newer_ollama_that_tells_what_was_cached_counts_everything(cached: int) -> None:
    assert cut(30_000, Usage(9, cached=cached), context=None) is not None


def test_a_server_that_always_counts_everything_is_believed() -> None:
    assert cut(30_000, Usage(9), LMSTUDIO, context=None) is not None


def test_nobody_is_asked_for_the_context_without_a_suspicion() -> None:
    def never() -> int:
        raise AssertionError("asked")

    assert shortened([{"content": "w" * 400}], Usage(100), OLLAMA, never) is None
    assert shortened([{"content": "w" * 40_000}], Usage(100), VLLM, never) is not None
