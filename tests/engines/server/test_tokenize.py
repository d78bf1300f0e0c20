"""A chat's tokens and text by the server's own template, where it has a route for that."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from playground.engines.server import tokenize
from playground.engines.server.connection import wait_for
from playground.engines.server.identify import ServerFacts
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import LLAMACPP, PROFILES, SGLANG, TGI, VLLM
from playground.engines.server.tokenize import Chat
from tests.engines.server.standin import Reply, StandIn, json_reply, recorded_json, text_reply

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
INPUT_TOKENS = "/v1/chat/completions/input_tokens"
SENT = {"model": "model", "messages": MESSAGES}
OFF = {"chat_template_kwargs": {"enable_thinking": False}}
COUNTING = [VLLM, SGLANG, LLAMACPP, TGI]


def chat(server: StandIn, http: httpx2.AsyncClient, profile: Profile, **body: Any) -> Chat:
    return Chat(http, ServerFacts(profile, server.url, None, ()), "model", MESSAGES, body)


def counted(server: StandIn, http: httpx2.AsyncClient, profile: Profile, **body: Any) -> int | None:
    return wait_for(tokenize.count(chat(server, http, profile, **body)))


def test_vllm_counts_at_the_root_with_the_turn_opened(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on("/tokenize", json_reply(recorded_json("vllm-0.32-tokenize.json")))
    assert counted(server, http, VLLM) == 19
    (asked,) = server.asked("/tokenize")
    assert asked.body == {**SENT, "add_generation_prompt": True}


def test_sglang_counts_as_for_an_answer(server: StandIn, http: httpx2.AsyncClient) -> None:
    """Where the turn is named, it refuses any template that is not Jinja."""
    server.on("/tokenize", json_reply(recorded_json("sglang-0.5.23-tokenize.json")))
    assert counted(server, http, SGLANG) == 11
    assert server.asked("/tokenize")[0].body == SENT


def test_llama_cpp_counts_beside_its_chats(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on(INPUT_TOKENS, json_reply(recorded_json("llamacpp-b11434-input-tokens.json")))
    assert counted(server, http, LLAMACPP) == 31
    assert server.asked(INPUT_TOKENS)[0].body == SENT


def test_tgi_lists_the_tokens_of_a_chat(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on("/chat_tokenize", json_reply(recorded_json("tgi-3.3-chat-tokenize.json")))
    assert counted(server, http, TGI) == 5
    assert server.asked("/chat_tokenize")[0].body == SENT


@pytest.mark.parametrize("profile", COUNTING, ids=lambda profile: profile.key)
def test_what_the_template_reads_is_counted_with_it(
    server: StandIn, http: httpx2.AsyncClient, profile: Profile
) -> None:
    """A hybrid that is not to think has four more tokens in its prompt."""
    server.otherwise(json_reply({}))
    counted(server, http, profile, temperature=1, **OFF)
    (asked,) = server.script.asked
    assert asked.body["chat_template_kwargs"] == OFF["chat_template_kwargs"]
    assert "temperature" not in asked.body


def test_the_other_servers_are_not_asked(server: StandIn, http: httpx2.AsyncClient) -> None:
    others = [profile for profile in PROFILES if profile not in COUNTING]
    assert len(others) == len(PROFILES) - 4
    for profile in others:
        assert counted(server, http, profile) is None
        assert wait_for(tokenize.text(chat(server, http, profile))) is None
    assert server.script.asked == []


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"error": "no"}, 404),
        json_reply({"count": 7}, 500),
        json_reply({"object": "error", "message": "prompt: Field required", "code": 400}, 400),
        json_reply({"count": "7", "input_tokens": "7", "tokenize_response": "7"}),
        json_reply({"count": [7], "tokens": [[1]]}),
        json_reply({"count": None}),
        json_reply([7]),
        json_reply({}),
        text_reply("seven"),
        Reply((b"\xff",)),
        Reply((b"{",), then="cut"),
    ],
)
@pytest.mark.parametrize("profile", COUNTING, ids=lambda profile: profile.key)
def test_an_answer_that_is_no_count_is_none(
    server: StandIn, http: httpx2.AsyncClient, reply: Reply, profile: Profile
) -> None:
    """An older SGLang takes no messages there and answers 400."""
    server.otherwise(reply)
    assert counted(server, http, profile) is None
    assert wait_for(tokenize.text(chat(server, http, profile))) is None


def test_a_connection_that_the_server_had_closed_is_no_answer_yet(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    """A kept one may be gone when the next request is sent on it."""
    server.on("/tokenize", Reply((b"{",), then="cut"), json_reply({"count": 7}))
    assert counted(server, http, VLLM) == 7
    assert len(server.asked("/tokenize")) == 2


def test_a_server_that_is_gone_counts_nothing(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.close()
    assert counted(server, http, VLLM) is None


def test_a_server_that_does_not_answer_is_not_waited_for(
    server: StandIn, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokenize, "ANSWER_S", 0.1)
    server.on("/tokenize", Reply(then="hold"))
    assert counted(server, http, VLLM) is None


@pytest.mark.parametrize(
    ("profile", "name", "key"),
    [(VLLM, "vllm-0.32-tokenize.json", "prompt"), (SGLANG, "sglang-0.5.23-tokenize.json", "text")],
    ids=["vllm", "sglang"],
)
def test_ids_are_turned_into_text_with_their_control_tokens(
    server: StandIn, http: httpx2.AsyncClient, profile: Profile, name: str, key: str
) -> None:
    server.on("/tokenize", json_reply(recorded_json(name)))
    server.on("/detokenize", json_reply({key: "<|im_start|>user\nHi"}))
    assert wait_for(tokenize.text(chat(server, http, profile))) == "<|im_start|>user\nHi"
    body = server.asked("/detokenize")[0].body
    assert body["tokens"] == recorded_json(name)["tokens"]
    assert body["skip_special_tokens"] is False


def test_llama_cpp_and_tgi_show_the_text_themselves(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on("/apply-template", json_reply({"prompt": "<|im_start|>user"}))
    assert wait_for(tokenize.text(chat(server, http, LLAMACPP, **OFF))) == "<|im_start|>user"
    assert server.asked("/apply-template")[0].body == {**SENT, **OFF}
    server.on("/chat_tokenize", json_reply(recorded_json("tgi-3.3-chat-tokenize.json")))
    assert wait_for(tokenize.text(chat(server, http, TGI))) == "<|im_start|>user\nHi<|im_end|>"
