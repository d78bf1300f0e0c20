"""A chat's tokens by the server's own count, where it has a route for that."""

from __future__ import annotations

import httpx2
import pytest

from playground.engines.server.connection import wait_for
from playground.engines.server.identify import ServerFacts
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import LLAMACPP, PROFILES, SGLANG, VLLM
from playground.engines.server.tokenize import count
from tests.engines.server.standin import Reply, StandIn, json_reply, recorded_json, text_reply

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
INPUT_TOKENS = "/v1/chat/completions/input_tokens"


def counted(server: StandIn, http: httpx2.AsyncClient, profile: Profile) -> int | None:
    facts = ServerFacts(profile, server.url, None, ())
    return wait_for(count(http, facts, "model", MESSAGES))


@pytest.mark.parametrize("profile", [VLLM, SGLANG], ids=lambda profile: profile.key)
def test_vllm_and_sglang_count_at_the_root_with_the_turn_opened(
    server: StandIn, http: httpx2.AsyncClient, profile: Profile
) -> None:
    server.on("/tokenize", json_reply(recorded_json("vllm-0.32-tokenize.json")))
    assert counted(server, http, profile) == 19
    (asked,) = server.asked("/tokenize")
    wanted = {"model": "model", "messages": MESSAGES, "add_generation_prompt": True}
    assert asked.body == wanted


def test_llama_cpp_counts_beside_its_chats(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on(INPUT_TOKENS, json_reply(recorded_json("llamacpp-b11434-input-tokens.json")))
    assert counted(server, http, LLAMACPP) == 31
    assert server.asked(INPUT_TOKENS)[0].body == {"model": "model", "messages": MESSAGES}


def test_the_other_servers_are_not_asked(server: StandIn, http: httpx2.AsyncClient) -> None:
    others = [profile for profile in PROFILES if profile.tokenizing is None]
    assert len(others) == 7
    assert [counted(server, http, profile) for profile in others] == [None] * 7
    assert server.script.asked == []


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"error": "no"}, 404),
        json_reply({"count": 7}, 500),
        json_reply({"count": "7"}),
        json_reply({"count": None}),
        json_reply([7]),
        json_reply({}),
        text_reply("seven"),
        Reply((b"\xff",)),
        Reply((b"{",), then="cut"),
    ],
)
def test_an_answer_that_is_no_count_is_none(
    server: StandIn, http: httpx2.AsyncClient, reply: Reply
) -> None:
    """An older SGLang takes no messages there and answers 400."""
    server.on("/tokenize", reply)
    assert counted(server, http, VLLM) is None


def test_a_server_that_is_gone_counts_nothing(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.close()
    assert counted(server, http, VLLM) is None


def test_a_server_that_does_not_answer_is_not_waited_for(
    server: StandIn, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.engines.server.tokenize.COUNT_S", 0.1)
    server.on("/tokenize", Reply(then="hold"))
    assert counted(server, http, VLLM) is None
