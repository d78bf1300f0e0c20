"""What a server makes of a conversation, where it tells; what becomes of kept thinking."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from playground.catalog import parse_name
from playground.domain.engine import ExactPrompt
from playground.domain.errors import EngineFailed
from playground.domain.events import Notice
from playground.domain.request import Message, Request
from playground.domain.sampling import Sampling
from playground.engines.server.connection import Timeouts, wait_for
from playground.engines.server.engine import ServerEngine
from playground.engines.server.identify import ServerFacts
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import (
    GENERIC,
    LLAMACPP,
    OLLAMA,
    PROFILES,
    SGLANG,
    TGI,
    VLLM,
)
from playground.engines.server.rendering import UNTOLD, exact_prompt, history_note
from playground.engines.server.room import chat_messages, room
from playground.engines.server.tokenize import Chat
from tests.engines.server import served
from tests.engines.server.standin import (
    Reply,
    StandIn,
    delta,
    events,
    json_reply,
    recorded_json,
    stream,
    text_reply,
    usage,
)
from tests.engines.signals import Never
from tests.samples import request

HISTORY = (Message("user", "2 + 2?"), Message("assistant", "Four.", "\nLet me see.\n"))
WITHOUT = (HISTORY[0], Message("assistant", "Four."))
SHOWN = "vllm-0.32-detokenize.json"
RENDERED = (
    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2 + 2?<|im_end|>\n"
    "<|im_start|>assistant\nFour.<|im_end|>\n<|im_start|>user\nSure?<|im_end|>\n"
    "<|im_start|>assistant\n<think>\n"
)
TAKEN_OUT = (
    "Earlier thinking is sent, but the server's chat template takes it out (11 characters in 1"
    " turn)."
)
INPUT_TOKENS = "/v1/chat/completions/input_tokens"


def exact(
    server: StandIn,
    http: httpx2.AsyncClient,
    profile: Profile,
    history: tuple[Message, ...] = HISTORY,
    **body: Any,
) -> ExactPrompt:
    messages = chat_messages("Sure?", "Be brief.", history, profile.trace_field)
    facts = ServerFacts(profile, server.url, None, ())
    return wait_for(exact_prompt(Chat(http, facts, "model", messages, body), history))


def vllm(server: StandIn, text: str | None = None) -> StandIn:
    """It renders what was recorded, or this text."""
    server.on("/tokenize", json_reply(recorded_json("vllm-0.32-tokenize-history.json")))
    shown = recorded_json(SHOWN) if text is None else {"prompt": text}
    return server.on("/detokenize", json_reply(shown))


def opened(server: StandIn, options: str = "") -> ServerEngine:
    engine = ServerEngine(parse_name(server.url + options), Timeouts())
    server.first.append(lambda: wait_for(engine._http.aclose()))
    return engine


def asked(history: tuple[Message, ...] = HISTORY) -> Request:
    sampling = Sampling(max_new_tokens=8, seed=1)
    return request(prompt="Sure?", system="Be brief.", history=history, sampling=sampling)


def test_vllm_shows_its_prompt_by_its_ids(server: StandIn, http: httpx2.AsyncClient) -> None:
    assert exact(vllm(server), http, VLLM) == ExactPrompt(RENDERED, 43, (TAKEN_OUT,))
    sent = server.asked("/tokenize")[0].body["messages"]
    assert sent[2] == {"role": "assistant", "content": "Four.", "reasoning": "Let me see."}
    ids = recorded_json("vllm-0.32-tokenize-history.json")["tokens"]
    (back,) = server.asked("/detokenize")
    assert back.body == {"model": "model", "tokens": ids, "skip_special_tokens": False}


def test_sglang_shows_it_under_another_name(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on("/tokenize", json_reply({"tokens": [1, 2, 3], "count": 3, "max_model_len": 9}))
    server.on("/detokenize", json_reply({"text": RENDERED}))
    assert exact(server, http, SGLANG, WITHOUT) == ExactPrompt(RENDERED, 3)
    exact(server, http, SGLANG)
    sent = server.asked("/tokenize")[-1].body["messages"]
    assert sent[2]["reasoning_content"] == "Let me see."


def test_llama_cpp_applies_its_template(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on("/apply-template", json_reply(recorded_json("llamacpp-b11434-apply-template.json")))
    server.on(INPUT_TOKENS, json_reply(recorded_json("llamacpp-b11434-input-tokens.json")))
    assert exact(server, http, LLAMACPP) == ExactPrompt(RENDERED, 31, (TAKEN_OUT,))
    sent = server.asked("/apply-template")[0].body["messages"]
    assert sent[2]["reasoning_content"] == "Let me see."


def test_tgi_shows_its_prompt_without_the_thinking_that_it_was_not_sent(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on("/chat_tokenize", json_reply({"tokenize_response": [{}], "templated_text": RENDERED}))
    told = exact(server, http, TGI)
    assert (told.text, told.tokens) == (RENDERED, 1)
    assert told.notes == (
        "Earlier thinking was left out (11 characters in 1 turn): no field for it is known of TGI.",
    )
    assert server.asked("/chat_tokenize")[0].body["messages"][2] == {
        "role": "assistant",
        "content": "Four.",
    }


def test_a_server_that_tells_nothing_is_shown_what_is_sent(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    silent = [profile for profile in PROFILES if profile.tokenizing is None]
    for profile in silent:
        told = exact(server, http, profile, (Message("user", "Olá, 你好?"), *WITHOUT[1:]))
        messages = chat_messages(
            "Sure?", "Be brief.", (Message("user", "Olá, 你好?"), *WITHOUT[1:])
        )
        assert told.text == json.dumps(messages, indent=2, ensure_ascii=False)
        assert "Olá, 你好?" in told.text
        assert (told.tokens, told.notes) == (None, (UNTOLD,))
    assert server.script.asked == []


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"error": "no"}, 404),
        json_reply({"prompt": 7}),
        json_reply(["prompt"]),
        text_reply("prompt"),
        Reply((b"{",), then="cut"),
    ],
)
def test_a_server_that_fails_to_tell_is_shown_what_is_sent(
    server: StandIn, http: httpx2.AsyncClient, reply: Reply
) -> None:
    vllm(server).on("/detokenize", reply)
    told = exact(server, http, VLLM)
    assert told.text and json.loads(told.text)[2]["reasoning"] == "Let me see."
    assert told.tokens is None
    assert told.notes == (UNTOLD, history_note(VLLM, HISTORY))


def test_thinking_that_the_template_leaves_in_is_found(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    history = (*HISTORY, Message("user", "So?"), Message("assistant", "Yes.", "Is it?"))
    text = RENDERED.replace("Four.", "<think>\nLet me see.\n</think>\n\nFour.")
    assert exact(vllm(server, text), http, VLLM, history).notes == (
        "Earlier thinking is in the prompt (11 characters in 1 turn).",
        "Earlier thinking is sent, but the server's chat template takes it out (6 characters in 1"
        " turn).",
    )


def test_an_answer_that_repeats_the_thought_is_not_taken_for_it(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    history = (HISTORY[0], Message("assistant", "Let me see. Four.", "Let me see."))
    text = RENDERED.replace("Four.", "Let me see. Four.")
    assert exact(vllm(server, text), http, VLLM, history).notes == (TAKEN_OUT,)


def test_what_is_sent_for_the_template_is_said(server: StandIn, http: httpx2.AsyncClient) -> None:
    off = {"enable_thinking": False}
    told = exact(vllm(server), http, VLLM, WITHOUT, chat_template_kwargs=off)
    said = 'Sent with the messages: {"chat_template_kwargs": {"enable_thinking": false}}.'
    assert told.notes == (said,)
    assert exact(server, http, OLLAMA, WITHOUT, think=False).notes == (
        UNTOLD,
        'Sent with the messages: {"think": false}.',
    )


def test_what_becomes_of_kept_thinking_is_said_for_every_server() -> None:
    fields = {p.key: p.trace_field for p in PROFILES if p.trace_field is not None}
    assert fields == {
        "vllm": "reasoning",
        "sglang": "reasoning_content",
        "llamacpp": "reasoning_content",
        "ollama": "thinking",
    }
    for profile in PROFILES:
        note = history_note(profile, HISTORY)
        assert note is not None and "(11 characters in 1 turn)" in note
        assert (f"sent as {profile.trace_field!r}" in note) == (profile.key in fields)
        assert (f"left out (11 characters in 1 turn): no field for it is known of {profile.label}."
                in note) == (profile.key not in fields)  # fmt: skip
        assert history_note(profile, WITHOUT) is None


def test_kept_thinking_may_take_room(server: StandIn, http: httpx2.AsyncClient) -> None:
    history = (HISTORY[0], Message("assistant", "Four.", "x" * 3000))
    facts = ServerFacts(VLLM, server.url, None, ())
    server.on("/tokenize", json_reply({"count": 1500}))
    messages = chat_messages("Sure?", "", history, VLLM.trace_field)
    limit, _ = room(Chat(http, facts, "model", messages, {}), 2048, 1024)
    assert limit == 548


def test_the_engine_shows_and_counts_the_same_prompt(server: StandIn) -> None:
    vllm(served.vllm(server))
    engine = opened(server)
    told = engine.exact_prompt(asked())
    assert (told.text, told.notes) == (RENDERED, (TAKEN_OUT,))
    assert told.tokens == engine.count_tokens("Sure?", "Be brief.", HISTORY) == 43
    bodies = [one.body["messages"] for one in server.asked("/tokenize")]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0][2]["reasoning"] == "Let me see."


def test_a_model_that_is_not_to_think_is_shown_so(server: StandIn) -> None:
    hybrid = recorded_json("vllm-0.32-models.json")
    hybrid["data"][0]["id"] = "Qwen/Qwen3-0.6B"
    vllm(served.vllm(server)).on("/v1/models", json_reply(hybrid))
    told = opened(server, "?thinking=off").exact_prompt(asked(WITHOUT))
    assert told.notes == (
        'Sent with the messages: {"chat_template_kwargs": {"enable_thinking": false}}.',
    )
    sent = server.asked("/tokenize")[0].body
    assert sent["chat_template_kwargs"] == {"enable_thinking": False}


def test_a_server_that_is_gone_is_an_error(server: StandIn) -> None:
    engine = opened(server)
    server.first.clear()
    server.close()
    with pytest.raises(EngineFailed):
        engine.exact_prompt(asked())
    wait_for(engine._http.aclose())


def test_a_run_sends_kept_thinking_and_says_that_the_server_decides(server: StandIn) -> None:
    chunks = events(delta(content="Yes."), delta("stop"), usage(43, 2))
    served.vllm(server).on("/v1/chat/completions", stream(chunks))
    came = list(opened(server).run(asked(), Never()))
    note = history_note(VLLM, HISTORY)
    assert note is not None and Notice("history", note) in came
    sent = server.asked("/v1/chat/completions")[0].body["messages"]
    assert [message.get("reasoning") for message in sent] == [None, None, "Let me see.", None]
    assert all(set(message) <= {"role", "content", "reasoning"} for message in sent)


def test_a_run_on_a_server_without_a_field_leaves_kept_thinking_out(server: StandIn) -> None:
    chunks = events(delta(content="Yes."), delta("stop"), usage(43, 2))
    served.generic(server, "model").on("/v1/chat/completions", stream(chunks))
    came = list(opened(server).run(asked(), Never()))
    note = history_note(GENERIC, HISTORY)
    assert note is not None and Notice("history", note) in came
    sent = server.asked("/v1/chat/completions")[0].body["messages"]
    assert all(set(message) == {"role", "content"} for message in sent)


def test_a_run_without_kept_thinking_needs_no_note(server: StandIn) -> None:
    chunks = events(delta(content="Yes."), delta("stop"), usage(43, 2))
    served.vllm(server).on("/v1/chat/completions", stream(chunks))
    came = list(opened(server).run(asked(WITHOUT), Never()))
    assert not [one for one in came if isinstance(one, Notice) and one.kind == "history"]
