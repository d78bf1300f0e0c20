"""Whole servers for the stand-in: the routes by which each says what it is."""

from __future__ import annotations

from tests.engines.server.standin import Reply, StandIn, json_reply, recorded_json, text_reply

NOT_FOUND = json_reply({"error": {"message": "File Not Found", "code": 404}}, 404)


def vllm(server: StandIn) -> StandIn:
    server.on("/v1/models", json_reply(recorded_json("vllm-0.32-models.json")))
    server.on("/tokenize", json_reply(recorded_json("vllm-0.32-tokenize.json")))
    return server.on("/version", json_reply(recorded_json("vllm-0.32-version.json")))


def sglang(server: StandIn) -> StandIn:
    """It speaks Ollama's API too."""
    server.on("/v1/models", json_reply(recorded_json("sglang-0.5.23-models.json")))
    server.on("/server_info", json_reply({"version": "0.5.23", "tp_size": 1}))
    server.on("/api/tags", json_reply(recorded_json("ollama-fb30760-tags.json")))
    server.on("/api/version", json_reply({"version": "0.5.23"}))
    return server.on("/", text_reply("SGLang is running"))


def llamacpp(server: StandIn) -> StandIn:
    named = [("Server", "llama.cpp")]
    server.on("/v1/models", json_reply(recorded_json("llamacpp-b11434-models.json"), headers=named))
    server.on("/props", json_reply(recorded_json("llamacpp-b11434-props.json"), headers=named))
    counted = json_reply(recorded_json("llamacpp-b11434-input-tokens.json"))
    server.on("/v1/chat/completions/input_tokens", counted)
    return server.otherwise(NOT_FOUND)


def ollama(server: StandIn) -> StandIn:
    listed = {"object": "list", "data": [{"id": "qwen3:4b", "owned_by": "library"}]}
    server.on("/v1/models", json_reply(listed))
    server.on("/", text_reply("Ollama is running"))
    server.on("/api/version", json_reply({"version": "0.20.1"}))
    server.on("/api/tags", json_reply(recorded_json("ollama-fb30760-tags.json")))
    return server.on("/api/ps", json_reply(recorded_json("ollama-fb30760-ps.json")))


def lmstudio(server: StandIn) -> StandIn:
    """It answers 200 to anything."""
    ids = ["qwen/qwen3-4b-thinking-2507", "qwen/qwen3-4b-2507"]
    models = [{"id": id_, "object": "model", "owned_by": "organization_owner"} for id_ in ids]
    server.on("/v1/models", json_reply({"object": "list", "data": models}))
    server.on("/api/v1/models", json_reply(recorded_json("lmstudio-c6854fb-models.json")))
    said = "Unexpected endpoint or method. (GET /x). Returning 200 anyway."
    return server.otherwise(json_reply({"error": said}))


def tgi(server: StandIn) -> StandIn:
    server.on("/v1/models", json_reply(recorded_json("tgi-3.3-models.json")))
    return server.on("/info", json_reply(recorded_json("tgi-3.3-info.json")))


def transformers(server: StandIn) -> StandIn:
    server.on("/v1/models", json_reply(recorded_json("transformers-5.23-models.json")))
    return server.on("/openapi.json", json_reply(recorded_json("transformers-5.23-openapi.json")))


def generic(server: StandIn, *ids: str, **more: object) -> StandIn:
    models = [{"id": id_, "object": "model", "owned_by": "us", **more} for id_ in ids]
    return server.on("/v1/models", json_reply({"object": "list", "data": models}))


def everywhere(server: StandIn, reply: Reply) -> StandIn:
    return server.otherwise(reply)
