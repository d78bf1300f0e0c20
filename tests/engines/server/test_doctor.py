"""The doctor says what it found out, in order, and never stops at a server that misbehaves."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.engines.server.doctor import Finding, examine
from tests.engines.server import served
from tests.engines.server.standin import (
    StandIn,
    delta,
    events,
    json_reply,
    recorded,
    stream,
)

CHAT = "/v1/chat/completions"


def found(server: StandIn, options: str = "") -> list[Finding]:
    return list(examine(server.url + options))


def texts(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings]


def test_a_server_model_context_thinking_and_counts_are_named(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    findings = found(server)
    assert texts(findings)[:2] == [
        f"vLLM 0.32.0 at {server.url}",
        "Model 'demo-thinking': a Thinking model",
    ]
    context = next(finding for finding in findings if finding.text.startswith("Context"))
    assert context.level == "warning" and context.fix
    assert "Thinking arrives in a field of its own." in texts(findings)
    assert "It counts tokens while it writes: counts are the server's." in texts(findings)


def test_a_server_that_ignores_the_seed_is_found_out(server: StandIn) -> None:
    """Every answer is the same here, whatever the seed."""
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    said = texts(found(server))
    assert "Another seed gave the same tokens: no sampling seems on." in said
    assert "top_k works." in said and "min_p works." in said


def test_a_reasoning_parser_on_an_instruct_model_is_found_out_though_it_is_steered(
    server: StandIn,
) -> None:
    answer = stream(events(delta(reasoning="4"), delta("stop")))
    served.generic(server, "demo-instruct", owned_by="vllm", max_model_len=32_768)
    server.on(CHAT, answer)
    warning = next(f for f in found(server) if f.text.startswith("A reasoning parser takes"))
    assert warning.level == "warning" and "without a reasoning parser" in warning.fix
    bodies = [asked.body for asked in server.asked(CHAT)]
    assert any("chat_template_kwargs" not in body for body in bodies)


def test_what_a_server_cannot_take_is_listed_with_the_reason(server: StandIn) -> None:
    served.generic(server, "mystery").on(CHAT, stream(events(delta(content="Hi"), delta("stop"))))
    said = texts(found(server))
    for field in ("top_k", "min_p", "repetition_penalty"):
        assert any(text.startswith(f"{field} cannot be set: ") for text in said)
    assert "It counts no tokens: all counts are estimates (≈)." in said


def test_a_refused_generation_is_a_finding_and_not_the_end(server: StandIn) -> None:
    served.generic(server, "mystery").on(CHAT, json_reply({"error": {"message": "no"}}, 400))
    findings = found(server)
    assert any(f.level == "failed" and "It said: no" in f.text for f in findings)
    assert any(f.text.startswith("top_k cannot be set") for f in findings)


def test_of_many_models_the_names_are_given_to_examine_one(server: StandIn) -> None:
    served.generic(server, "a", "b", "c")
    last = found(server)[-1]
    assert last.text.startswith("3 models.") and f"{server.root}/v1?model=b" in last.text
    assert server.asked(CHAT) == []


def test_nothing_there_is_one_finding() -> None:
    (finding,) = examine("http://127.0.0.1:1/v1")
    assert finding.level == "failed" and "Nothing answers" in finding.text


def test_what_is_no_server_is_refused() -> None:
    with pytest.raises(BadRequest, match="is no server URL"):
        list(examine("demo-thinking"))


def test_a_server_that_ignores_everything_is_found_out(server: StandIn) -> None:
    """Every answer is another one here, whatever is asked."""
    answers = [stream(events(delta(content=f"{n}"), delta("stop"))) for n in range(12)]
    served.generic(server, "mystery", owned_by="vllm", max_model_len=32_768).on(CHAT, *answers)
    said = texts(found(server))
    for text in ("The same seed gave different tokens.", "top_k is ignored.", "min_p is ignored."):
        assert text in said
