"""Which server it is, told by what it says of itself; never by a status."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from playground.domain.errors import BadRequest, Busy, EngineFailed
from playground.engines.server.connection import wait_for
from playground.engines.server.identify import (
    MOST_BYTES,
    ServedModel,
    ServerFacts,
    _Answer,
    identify,
    root_of,
)
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
from playground.engines.server.services import GENERIC, ROUTER
from tests.engines.server import served
from tests.engines.server.standin import (
    Reply,
    StandIn,
    json_reply,
    recorded_json,
    redirect,
    text_reply,
)

ROUTES = ("/v1/models", "/version", "/props", "/api/version", "/api/v1/models", "/info", "/")


def facts(http: httpx2.AsyncClient, url: str, wait_s: float = 5.0) -> ServerFacts:
    return wait_for(identify(http, url, wait_s))


@pytest.mark.parametrize(
    ("serve", "profile", "version", "models"),
    [
        (served.vllm, VLLM, "0.32.0", [ServedModel("demo-thinking", 2048)]),
        (
            served.sglang,
            SGLANG,
            "0.5.23",
            [ServedModel("Qwen/Qwen3-4B-Thinking-2507", 262_144)],
        ),
        (served.llamacpp, LLAMACPP, "b0-unknown", [ServedModel("smollm2", 4096, False)]),
        (
            served.ollama,
            OLLAMA,
            "0.20.1",
            [
                ServedModel("qwen3:4b", 4096, True, True),
                ServedModel("qwen3:4b-instruct", None, False, False),
                ServedModel("smollm2:latest", None, None, False),
            ],
        ),
        (
            served.lmstudio,
            LMSTUDIO,
            None,
            [
                ServedModel("qwen/qwen3-4b-thinking-2507", 8192),
                ServedModel("qwen/qwen3-4b-2507", None, None, False),
            ],
        ),
        (served.tgi, TGI, "3.3.6", [ServedModel("Qwen/Qwen3-4B-Thinking-2507", 4096)]),
        (served.transformers, TRANSFORMERS, None, [ServedModel("Qwen/Qwen3-4B-Thinking-2507")]),
    ],
    ids=lambda value: value.key if isinstance(value, Profile) else "",
)
def test_each_server_is_known_by_what_it_says(
    server: StandIn,
    http: httpx2.AsyncClient,
    serve: Callable[[StandIn], StandIn],
    profile: Profile,
    version: str | None,
    models: list[ServedModel],
) -> None:
    found = facts(http, serve(server).url)
    assert (found.profile, found.version, found.models) == (profile, version, tuple(models))
    assert found.url == (server.root if profile is OLLAMA else server.url)


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
def test_an_address_is_the_same_with_and_without_its_path(
    server: StandIn, http: httpx2.AsyncClient, end: str
) -> None:
    found = facts(http, served.vllm(server).root + end)
    assert found.profile is VLLM and found.url == server.url
    assert root_of(server.root + end) == server.root


def test_a_path_before_v1_is_kept(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on("/proxy/v1/models", json_reply(recorded_json("vllm-0.32-models.json")))
    found = facts(http, f"{server.root}/proxy/v1")
    assert (found.profile, found.url) == (VLLM, f"{server.root}/proxy/v1")


def test_a_llama_cpp_behind_another_name_is_known_by_its_props(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on("/props", json_reply(recorded_json("llamacpp-b11434-props.json")))
    assert facts(http, served.generic(server, "m").url).profile is LLAMACPP


def test_a_slots_context_is_what_one_chat_has(server: StandIn, http: httpx2.AsyncClient) -> None:
    listed = recorded_json("llamacpp-b11434-models.json")
    del listed["data"][0]["meta"]["n_ctx"]
    served.llamacpp(server).on("/v1/models", json_reply(listed, headers=[("Server", "llama.cpp")]))
    assert facts(http, server.url).models[0].context == 4096  # from /props; not n_ctx_train 8192


@pytest.mark.parametrize(
    ("template", "thinks"),
    [
        ("{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}", True),
        ("{% if enable_thinking is false %}<think></think>{% endif %}", True),
        ("{{ '<think>' }}{% if add_generation_prompt %}assistant{% endif %}", False),
        ("", None),
    ],
)
def test_llama_cpps_template_tells_whether_a_model_thinks(
    server: StandIn, http: httpx2.AsyncClient, template: str, thinks: bool | None
) -> None:
    props = {**recorded_json("llamacpp-b11434-props.json"), "chat_template": template}
    served.llamacpp(server).on("/props", json_reply(props))
    assert facts(http, server.url).models[0].thinks is thinks


def test_a_server_that_is_not_known_is_generic(server: StandIn, http: httpx2.AsyncClient) -> None:
    found = facts(http, served.generic(server, "a", "b", max_model_len=9).url)
    assert (found.profile, found.models) == (GENERIC, (ServedModel("a", 9), ServedModel("b", 9)))


def test_a_hosted_service_is_known_by_its_host_and_asked_for_its_models_only() -> None:
    listed = recorded_json("router-242f4a1-models.json")
    asked: list[httpx2.URL] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url)
        return httpx2.Response(200, json=listed)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    found = facts(http, "https://router.huggingface.co/v1")
    wait_for(http.aclose())
    assert (found.profile, found.url) == (ROUTER, "https://router.huggingface.co/v1")
    assert found.models == (ServedModel("Qwen/Qwen3-4B-Thinking-2507", 262_144),)
    assert list(map(str, asked)) == ["https://router.huggingface.co/v1/models"]


def test_a_service_that_is_used_up_says_what_is_left() -> None:
    headers = {"modelscope-ratelimit-requests-limit": "2000"}
    headers |= {"modelscope-ratelimit-requests-remaining": "0"}
    body = recorded_json("modelscope-2025-429.json")
    http = httpx2.AsyncClient(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(429, json=body, headers=headers))
    )
    with pytest.raises(Busy, match=r"0 of 2,000 for your account\. Run again tomorrow"):
        facts(http, "https://api-inference.modelscope.cn/v1")
    wait_for(http.aclose())


def test_a_model_that_only_embeds_is_no_model_to_ask(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    listed = recorded_json("lmstudio-c6854fb-models.json")
    assert any(model["type"] == "embedding" for model in listed["models"])
    found = facts(http, served.lmstudio(server).url)
    assert len(found.models) == len(listed["models"]) - 1


def test_a_transformers_serve_without_a_cache_cannot_list_its_models(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    """Seen with the real one: 500, and it serves any model by its name all the same."""
    served.transformers(server).on("/v1/models", text_reply("Internal Server Error", 500))
    found = facts(http, server.url)
    assert (found.profile, found.models) == (TRANSFORMERS, ())


def test_nothing_there_is_a_connection_error(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.close()
    with pytest.raises(httpx2.TransportError):
        facts(http, server.url)


def test_a_server_that_never_answers_is_given_up(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.otherwise(Reply(then="hold"))
    with pytest.raises(TimeoutError):
        facts(http, server.url, wait_s=0.1)


def test_one_route_that_hangs_does_not_hide_the_rest(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    served.vllm(server).on("/props", Reply(then="hold"))
    assert facts(http, server.url, wait_s=1.0).profile is VLLM


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (json_reply({"error": "Unauthorized"}, 401), BadRequest, "refuses access.*PLAYGROUND_SER"),
        (redirect("http://127.0.0.1:1/v1"), EngineFailed, "redirects elsewhere"),
        (json_reply({"error": {"message": "Loading model"}}, 503), Busy, "Loading model"),
    ],
)
def test_a_server_that_refuses_to_list_its_models_says_why(
    server: StandIn, http: httpx2.AsyncClient, reply: Reply, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        facts(http, served.everywhere(server, reply).url)


GARBAGE: list[Any] = [
    None, True, 5, "text", [], [1, None], {}, {"data": 5}, {"data": [5, {"id": None}, {}]},
    {"data": [{"id": "a", "meta": "x", "providers": 3, "max_model_len": "9"}]},
    {"models": {}}, {"models": 3}, {"models": [{"key": "k", "loaded_instances": 4}]},
    {"models": [{"key": "k", "loaded_instances": [{"config": 4}, 5]}]},
    {"models": [{"name": ["a"], "capabilities": 5}]}, {"paths": None}, {"paths": 5},
    {"router": "text-generation-router"}, {"version": {"a": 1}},
    {"build_info": 1, "total_slots": 1},
    {"build_info": 1, "default_generation_settings": 7, "total_slots": 1, "chat_template": 5},
]  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE, ids=json.dumps)
@pytest.mark.parametrize("text", ["", "Ollama is running"])
def test_garbage_is_no_trouble(
    server: StandIn, http: httpx2.AsyncClient, garbage: Any, text: str
) -> None:
    server.otherwise(json_reply(garbage)).on("/", text_reply(text))
    assert isinstance(facts(http, server.url), ServerFacts)


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"{", b"[" * 100_000, b"<html>"])
def test_what_is_not_json_is_no_trouble(
    server: StandIn, http: httpx2.AsyncClient, body: bytes
) -> None:
    server.otherwise(Reply((body,)))
    assert facts(http, server.url) == ServerFacts(GENERIC, server.url, None, ())


def test_of_a_huge_body_only_the_beginning_is_read(
    server: StandIn, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.engines.server.identify.MOST_BYTES", 100_000)
    read: list[int] = []
    listen = _Answer.__init__

    def note(answer: _Answer, status: int = 0, data: Any = None, text: str = "", *a: Any) -> None:
        read.append(len(text))
        listen(answer, status, data, text, *a)

    monkeypatch.setattr(_Answer, "__init__", note)
    huge = json.dumps({"data": [{"id": "a" * 3_000_000}]}).encode()
    server.on("/v1/models", Reply((huge,)))
    assert facts(http, server.url).models == ()
    assert MOST_BYTES > 1_000_000 and 0 < max(read) < 1_000_000
