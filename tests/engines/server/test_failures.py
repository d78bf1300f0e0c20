"""Refusals in every shape that servers have for them, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
import openai
import pytest

from playground.domain.errors import (
    BadRequest,
    Busy,
    EngineFailed,
    ModelNotFound,
    PlaygroundError,
    PromptTooLong,
)
from playground.engines.server.failures import (
    MOST_CHARACTERS,
    Silent,
    refused,
    translated,
    unreachable,
    words_of,
)
from tests.engines.server.standin import recorded_json

URL = "http://127.0.0.1:8000/v1"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (recorded_json("vllm-0.32-404-model.json"), "The model `nope` does not exist."),
        (recorded_json("llamacpp-b11434-400-field.json"), "Field 'temperature'"),
        (recorded_json("sglang-0.5.23-400-too-many-tokens.json"), "Requested token count"),
        (recorded_json("transformers-5.23-422-fields.json"), "Unexpected fields"),
        (recorded_json("tgi-3.3-422-too-long.json"), "Input validation error"),
        (recorded_json("modelscope-2025-429.json"), "Request limit exceeded."),
        (recorded_json("vllm-0.32-400-thinking-budget.json"), "thinking_token_budget is set but"),
        ({"error": "Unauthorized"}, "Unauthorized"),
        ("plain text", "plain text"),
        ({"detail": [{"loc": ["body"], "msg": "field required"}]}, "{'detail': [{'loc'"),
        (["a"], "['a']"),
        (None, ""),
    ],
)
def test_the_servers_words_are_found_in_every_shape(body: Any, words: str) -> None:
    assert words_of(body).startswith(words)
    assert bool(words_of(body)) == bool(words)


def test_words_are_one_line_and_not_endless() -> None:
    assert words_of("one\n\n two\t three") == "one two three"
    assert words_of("x" * 5000) == "x" * MOST_CHARACTERS + "…"


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, recorded_json("vllm-0.32-400-prompt-too-long.json"), PromptTooLong, "2048 tokens"),
        (400, recorded_json("vllm-0.32-400-max-tokens.json"), PromptTooLong, "max_tokens=5000"),
        (400, recorded_json("llamacpp-b11434-400-prompt-too-long.json"), PromptTooLong, "4831"),
        (400, recorded_json("sglang-0.5.23-400-too-many-tokens.json"), PromptTooLong, "5000"),
        (
            400,
            {"message": "The input (9000 tokens) is longer than the model's context length"},
            PromptTooLong,
            "9000",
        ),
        (422, recorded_json("tgi-3.3-422-too-long.json"), PromptTooLong, "Given: 4000"),
        (413, {"error": "exceeds the context length"}, PromptTooLong, "Shorten the prompt"),
        (400, recorded_json("vllm-0.32-400-top-p.json"), BadRequest, r"top_p must be in \(0, 1\]"),
        (400, recorded_json("llamacpp-b11434-400-field.json"), BadRequest, "must be number"),
        (422, recorded_json("transformers-5.23-422-fields.json"), BadRequest, "'top_k'"),
        (401, {"error": "Unauthorized"}, BadRequest, r"\(401\).*PLAYGROUND_SERVER_KEYS"),
        (403, None, BadRequest, r"refuses access \(403\)"),
        (404, recorded_json("vllm-0.32-404-model.json"), ModelNotFound, r"\?model=.*nope"),
        (404, recorded_json("llamacpp-b11434-404.json"), ModelNotFound, "usually /v1"),
        (429, {"error": "slow down"}, Busy, "Try again later.*slow down"),
        (503, {"error": {"message": "Loading model"}}, Busy, "still loading.*Loading model"),
        (500, None, EngineFailed, r"failed \(500\)"),
        (502, "<html>Bad Gateway</html>", EngineFailed, "Bad Gateway"),
        (307, None, EngineFailed, "not followed.*final address"),
    ],
)
def test_a_refusal_says_what_to_do(
    status: int, body: Any, kind: type[PlaygroundError], words: str
) -> None:
    error = refused(URL, status, body)
    assert type(error) is kind
    assert str(error).startswith(URL)
    with pytest.raises(kind, match=words):
        raise error


MODELSCOPE_URL = "https://api-inference.modelscope.cn/v1"
ACCOUNT = "Modelscope-Ratelimit-Requests"
MODEL = "Modelscope-Ratelimit-Model-Requests"


def used_up(headers: Mapping[str, str], url: str = MODELSCOPE_URL) -> str:
    return str(refused(url, 429, recorded_json("modelscope-2025-429.json"), headers))


def test_what_modelscope_has_left_is_said_with_the_next_step() -> None:
    headers = {f"{ACCOUNT}-Limit": "2000", f"{ACCOUNT}-Remaining": "1853"}
    headers |= {f"{MODEL}-Limit": "200", f"{MODEL}-Remaining": "0"}
    said = used_up(headers)
    assert "Left today: 1,853 of 2,000 for your account, 0 of 200 for this model." in said
    assert "Run again tomorrow, or name another model with ?model=." in said
    assert said.endswith("It said: Request limit exceeded.")


def test_an_account_that_is_used_up_is_not_sent_to_another_model() -> None:
    said = used_up({f"{ACCOUNT}-Limit": "2000", f"{ACCOUNT}-Remaining": "0"})
    assert "0 of 2,000 for your account." in said and "on this machine" in said
    assert "name another model" not in said


def test_where_something_is_left_it_is_only_the_pace() -> None:
    assert "12 for this model. Try again in a minute." in used_up({f"{MODEL}-Remaining": "12"})


@pytest.mark.parametrize(
    "headers",
    [{}, {f"{MODEL}-Limit": "200"}, {f"{MODEL}-Remaining": "-1"}, {f"{MODEL}-Remaining": "many"}],
)
def test_headers_that_tell_nothing_are_not_shown(headers: dict[str, str]) -> None:
    assert "busy or still loading (429). Try again later." in used_up(headers)


def test_another_services_headers_mean_nothing() -> None:
    headers = {f"{MODEL}-Limit": "200", f"{MODEL}-Remaining": "0"}
    assert "Left today" not in used_up(headers, URL)
    assert "Left today" not in used_up(headers, "https://router.huggingface.co/v1")


def test_the_headers_come_with_openais_error() -> None:
    headers = {f"{MODEL}-Limit": "200", f"{MODEL}-Remaining": "0"}
    request = httpx2.Request("POST", MODELSCOPE_URL)
    response = httpx2.Response(429, request=request, headers=headers)
    error = openai.RateLimitError("Error code: 429", response=response, body=None)
    assert "0 of 200 for this model." in str(translated(error, MODELSCOPE_URL, started=False))


def test_a_key_is_asked_for_by_the_servers_address() -> None:
    assert "(http://127.0.0.1:8000=KEY)" in str(refused(URL, 401, None))
    assert "(http://gpu:11434=KEY)" in str(refused("http://gpu:11434/api/chat", 401, None))
    assert "HF_TOKEN" in str(refused("https://router.huggingface.co/v1", 401, None))
    assert "MODELSCOPE_API_TOKEN" in str(refused("https://api-inference.modelscope.cn/v1", 401, ""))
    other = refused("https://example.org/router.huggingface.co/v1", 401, None)
    assert "HF_TOKEN" not in str(other)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_no_key_is_ever_shown(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_geheim")
    monkeypatch.setenv("PLAYGROUND_SERVER_KEYS", "http://a=sk-one, http://b:8000/v1=sk-two")
    body = {"error": {"message": "Bad: hf_geheim sk-one sk-two. context length"}}
    shown = str(refused(URL, status, body))
    assert "Bad: … … …." in shown
    assert not any(key in shown for key in ("hf_geheim", "sk-one", "sk-two"))


def status_error(status: int, body: object) -> openai.APIStatusError:
    response = httpx2.Response(status, request=httpx2.Request("POST", URL))
    return openai.APIStatusError("Error code: 400", response=response, body=body)


def connection_error(cause: Exception) -> openai.APIConnectionError:
    error = openai.APIConnectionError(request=httpx2.Request("POST", URL))
    error.__cause__ = cause
    return error


def test_openais_status_errors_are_refusals() -> None:
    inner = recorded_json("vllm-0.32-400-max-tokens.json")["error"]  # openai unwraps it
    assert type(translated(status_error(400, inner), URL, False)) is PromptTooLong
    assert "Unauthorized" in str(translated(status_error(401, "Unauthorized"), URL, False))
    assert "Error code: 400" in str(translated(status_error(400, None), URL, False))


@pytest.mark.parametrize(
    "error",
    [
        connection_error(httpx2.ConnectError("refused")),
        httpx2.ConnectError("refused"),
        httpx2.ReadError("broken"),
        ConnectionResetError("reset"),
    ],
)
def test_a_broken_connection_is_told_apart_by_whether_anything_came(error: Exception) -> None:
    before, after = translated(error, URL, False), translated(error, URL, True)
    assert type(before) is type(after) is EngineFailed
    assert "Nothing answers at" in str(before)
    assert "broke" in str(after) and "What came is kept" in str(after)
    assert type(error.__cause__ or error).__name__ in str(before)


def test_silence_says_which_timeout_it_was() -> None:
    first = str(translated(Silent(600, "FIRST_TOKEN"), URL, False))
    assert "no token for 600 s" in first and "PLAYGROUND_FIRST_TOKEN_S" in first
    between = str(translated(Silent(1.5, "BETWEEN_TOKENS"), URL, True))
    assert "no token for 1.5 s" in between and "What came is kept" in between


def test_an_error_in_mid_stream_keeps_what_came() -> None:
    request = httpx2.Request("POST", URL)
    error = openai.APIError("oops", request=request, body={"message": "CUDA error", "code": 500})
    assert "in mid-answer: CUDA error." in str(translated(error, URL, True))
    assert "oops" in str(translated(openai.APIError("oops", request=request, body=None), URL, True))


def test_what_cannot_be_read_is_said_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_geheim")
    shown = str(translated(ValueError("Expecting value: hf_geheim"), URL, False))
    assert "cannot be read (ValueError: Expecting value: …)" in shown


def test_our_own_errors_pass() -> None:
    ours = Busy("later")
    assert translated(ours, URL, True) is ours


def test_an_unreachable_server_is_named() -> None:
    assert URL in str(unreachable(URL, OSError())) and "OSError" in str(unreachable(URL, OSError()))
