"""The doctor says what it found out, in order, and never stops at a server that misbehaves."""

from __future__ import annotations

from collections.abc import Callable

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


def test_a_server_that_does_not_sample_is_found_out(server: StandIn) -> None:
    """Every answer is the same here, whatever the seed: nothing can be said of top_k."""
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    said = texts(found(server))
    assert "8 other seeds gave the same tokens: no sampling seems on." in said
    assert "top_k is taken; no sampling showed its effect." in said
    assert "min_p is taken; no sampling showed its effect." in said


def test_a_model_that_is_sure_of_its_words_is_asked_with_more_seeds(server: StandIn) -> None:
    """Its fifth other seed differs, and that is the one that top_k and min_p are tried with."""
    sure = stream(events(delta(content="I cannot."), delta("stop")))
    unsure = stream(events(delta(content="I dare not."), delta("stop")))
    # The greedy one, two with the first seed, five with others; then top_k, min_p, presence.
    served.sglang(server).on(CHAT, sure, sure, sure, sure, sure, sure, sure, unsure, sure)
    said = texts(found(server))
    assert "seed works: the same one repeats a run, another one does not." in said
    assert "top_k works." in said and "min_p works." in said
    seeds = [asked.body.get("seed") for asked in server.asked(CHAT)]
    assert seeds[1:12] == [7, 7, 8, 9, 10, 11, 12, 7, 12, 7, 12]


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


def fix(findings: list[Finding], beginning: str) -> str:
    (found_one,) = [finding for finding in findings if finding.text.startswith(beginning)]
    return found_one.fix


@pytest.mark.parametrize(
    ("serve", "options", "context", "parser"),
    [
        (served.vllm, "", "--max-model-len", "--reasoning-parser qwen3"),
        (served.llamacpp, "?thinking=on", "-c 32768", "--reasoning-format auto"),
        (served.lmstudio, "?model=qwen/qwen3-4b-thinking-2507", "lms load", "reasoning_content"),
        (served.tgi, "", "--max-total-tokens", ""),
    ],
    ids=["vllm", "llamacpp", "lmstudio", "tgi"],
)
def test_each_fix_is_the_servers_own(
    server: StandIn,
    serve: Callable[[StandIn], StandIn],
    options: str,
    context: str,
    parser: str,
) -> None:
    inline = events(delta(content="Two.</think>4"), delta("stop"))
    findings = found(serve(server).on(CHAT, stream(inline)), options)
    assert context in fix(findings, "Context")
    assert parser in fix(findings, "Thinking arrives inside the answer")
    assert bool(parser) is bool(fix(findings, "Thinking arrives inside the answer"))


def test_an_ollama_with_little_context_is_started_with_more(server: StandIn) -> None:
    served.ollama(server).on("/api/chat", stream(recorded("ollama-fb30760-thinking.ndjson")))
    findings = found(server, "?model=qwen3:4b")
    assert fix(findings, "Context") == "OLLAMA_CONTEXT_LENGTH=32768 ollama serve"


def test_a_seed_that_is_ignored_has_the_servers_own_fix(server: StandIn) -> None:
    answers = [stream(events(delta(content=f"{n}"), delta("stop"))) for n in range(12)]
    served.sglang(server).on(CHAT, *answers)
    assert "--enable-deterministic-inference" in fix(found(server), "The same seed gave")


@pytest.mark.parametrize(
    ("serve", "options", "words"),
    [
        (served.vllm, "", "min_p cuts before top_k and top_p"),
        (served.sglang, "", "repetition penalty counts only what was generated"),
        (served.llamacpp, "", "asked for the order in process"),
        (served.lmstudio, "?model=qwen/qwen3-4b-2507", "Penalties look back 64 tokens"),
        (served.tgi, "", "as in process"),
        (served.transformers, "", "as in process"),
    ],
    ids=["vllm", "sglang", "llamacpp", "lmstudio", "tgi", "transformers"],
)
def test_the_order_of_samplers_is_told_with_what_it_means(
    server: StandIn, serve: Callable[[StandIn], StandIn], options: str, words: str
) -> None:
    serve(server).on(CHAT, stream(events(delta(content="Hi"), delta("stop"))))
    (said,) = [f for f in found(server, options) if f.text.startswith("Samplers: ")]
    assert said.level == "ok" and words in said.text


def test_a_switch_that_a_server_does_not_have_is_a_warning(server: StandIn) -> None:
    served.generic(server, "Qwen/Qwen3-0.6B")
    server.on(CHAT, stream(events(delta(content="Hi"), delta("stop"))))
    findings = found(server, "?thinking=off")
    assert fix(findings, "thinking=off cannot be asked for: ") == "Leave it out of the name."
    assert not any(text.startswith("thinking=off") for text in texts(found(server)))


@pytest.mark.parametrize(("model", "said"), [("qwen3:4b", True), ("qwen3:4b-instruct", False)])
def test_a_missing_thinking_budget_matters_only_to_a_model_that_thinks(
    server: StandIn, model: str, said: bool
) -> None:
    served.ollama(server).on("/api/chat", stream(recorded("ollama-fb30760-thinking.ndjson")))
    findings = texts(found(server, f"?model={model}"))
    assert any(text.startswith("thinking_budget cannot be set") for text in findings) is said


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
