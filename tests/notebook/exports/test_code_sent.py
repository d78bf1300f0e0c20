"""What the code sends arrives, field by field: OpenAI's client, curl, and our own endpoint."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground.domain.engine import ModelCard
from playground.domain.events import Origin
from playground.domain.request import LANES, Request
from playground.domain.sampling import Sampling
from playground.engines import open_engine
from playground.notebook.document import PromptCell
from playground.notebook.exports.code import lane_sections, sections
from playground.notebook.settings import Settings
from tests.engines.server.standin import StandIn, json_reply, text_reply
from tests.notebook.exports.programs import HISTORY, MODELS, NASTY, WAIT_S, programs_said
from tests.samples import request


@pytest.fixture
def server() -> Iterator[StandIn]:
    standing = StandIn()
    choice = {"role": "assistant", "content": "Four.", "reasoning": "2 + 2"}
    usage = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}
    answer = {
        "id": "chat",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": choice, "finish_reason": "stop"}],
        "usage": usage,
    }
    standing.on("/v1/chat/completions", json_reply(answer))
    standing.on("/gradio_api/call/v2/compare", json_reply({"event_id": "abc123"}))
    standing.on("/gradio_api/call/compare/abc123", text_reply("event: complete\ndata: []\n"))
    yield standing
    standing.close()


def shell_said(command: str, **environment: str) -> str:
    done = subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        timeout=WAIT_S,
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "no_proxy": "*", **environment},
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


FULL = Sampling(0.6, 0.95, 20, 0.05, 1.5, 1.1, 400, 7, ("END", "'\n$x`"), None)


def lane_on(server: StandIn) -> tuple[Request, ModelCard]:
    """A request with everything in it to a model of this server."""
    model = f"{server.url}?model=Qwen/Qwen3-4B-Thinking-2507"
    asked = request("right", model=model, prompt=NASTY, system=NASTY, history=HISTORY)
    origin = Origin("server", server=f"vLLM 0.32 at {server.url}")
    known = ModelCard(model, "m", True, 32_768, Sampling(), origin, loaded=True)
    return replace(asked, sampling=FULL), known


SENT: dict[str, Any] = {
    "model": "Qwen/Qwen3-4B-Thinking-2507",
    "messages": [
        {"role": "system", "content": NASTY},
        {"role": "user", "content": "What is 2 + 2?"},
        {"role": "assistant", "content": "It is **4**."},
        {"role": "user", "content": NASTY},
    ],
    "temperature": 0.6,
    "top_p": 0.95,
    "presence_penalty": 1.5,
    "max_tokens": 400,
    "seed": 7,
    "stop": ["END", "'\n$x`"],
    "top_k": 20,
    "min_p": 0.05,
    "repetition_penalty": 1.1,
}


def test_what_openais_client_sends_arrives_field_by_field(server: StandIn, tmp_path: Path) -> None:
    program = lane_sections(*lane_on(server), "It")[1].text
    (output,) = programs_said([program], tmp_path)
    (arrived,) = server.asked("/v1/chat/completions")
    assert arrived.body == SENT
    assert ("authorization", "Bearer none") in {(k.lower(), v) for k, v in arrived.headers.items()}
    assert output.startswith("Thinking:\n2 + 2\n\nAnswer:\nFour.\n")


def test_what_curl_sends_arrives_field_by_field(server: StandIn) -> None:
    command = lane_sections(*lane_on(server), "It")[2].text
    answer = json.loads(shell_said(command, SERVER_API_KEY="key of this server"))
    (arrived,) = server.asked("/v1/chat/completions")
    assert arrived.body == SENT
    assert arrived.headers["Authorization"] == "Bearer key of this server"
    assert answer["choices"][0]["message"]["content"] == "Four."


def test_our_own_endpoint_is_asked_and_followed(server: StandIn) -> None:
    requests = tuple(request(lane, model=MODELS[lane], prompt=NASTY) for lane in LANES)
    cell = PromptCell(prompt=NASTY)
    made = sections(
        cell,
        Settings(MODELS, system=NASTY),
        requests,
        lambda name: open_engine(name).card,
        page_url=f"{server.root}/",
    )
    assert shell_said(made[1].text) == "event: complete\ndata: []\n"
    (arrived,) = server.asked("/gradio_api/call/v2/compare")
    models = {lane: {"model": MODELS[lane]} for lane in LANES}
    assert arrived.body == {"prompt": NASTY, "options": {"system": NASTY, **models}}
