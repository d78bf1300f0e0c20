"""A cell as code: it says what is asked, field by field, and holds neither a key nor a path."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.catalog import known, parse_name
from playground.domain.engine import ModelCard
from playground.domain.events import Origin
from playground.domain.request import LANES, Lane, Message, Request
from playground.domain.sampling import Sampling
from playground.notebook.document import PromptCell
from playground.notebook.exports.code import Section, lane_sections, sections
from playground.notebook.settings import Settings
from tests.samples import request

ROOT = Path(__file__).resolve().parents[3]
MANY = settings(max_examples=200, deadline=None, derandomize=True, database=None)
PIECES = ("\n", "'", '"', '"""', "\\", "$HOME", "`id`", "EOF", "\nJSON\n", "é", "🎉", "{x}", "\r")
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs"]))).map(
    "".join
)
SAMPLING = Sampling(0.6, 0.95, 20, 0.05, 1.5, 1.1, 400, 7, ("END", "\n\n"), None)
MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}


def card(model: str, server: str | None = None, **changes: Any) -> ModelCard:
    """The card of a model of the catalog, or of one that a server has loaded."""
    name = parse_name(model)
    entry = known(name)
    thinks = entry.thinks if entry else "hinking" in model
    sampling = entry.sampling if entry else Sampling()
    origin = Origin("local" if server is None else "server", server=server)
    values: dict[str, Any] = {"context": 2048, "loaded": server is not None, **changes}
    return ModelCard(model, name.label, thinks, defaults=sampling, origin=origin, **values)


def asked(model: str, **changes: Any) -> Request:
    return request("right", **{"model": model, "sampling": SAMPLING, **changes})


def code_for(asking: Request, known_as: ModelCard | None = None) -> dict[str, Section]:
    """The lane's sections by the end of their titles."""
    made = lane_sections(asking, known_as or card(asking.model), "Thinking")
    return {section.title.rpartition(" ")[2]: section for section in made}


def body(command: str) -> Any:
    """What a curl command sends."""
    return json.loads(command.split("\n", 1)[1].partition("<<'JSON'")[2].split("\n", 1)[1][:-5])


def called(program: str) -> dict[str, Any]:
    """The arguments of the program's call of the client, as far as they are literals."""
    calls = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call)]
    call = next(each for each in calls if any(k.arg == "messages" for k in each.keywords))
    return {
        str(keyword.arg): ast.literal_eval(keyword.value)
        for keyword in call.keywords
        if keyword.arg != "messages"
    }


def test_a_server_gets_every_field_by_its_name() -> None:
    vllm = "http://127.0.0.1:8000/v1?model=Qwen/Qwen3-4B-Thinking-2507"
    made = code_for(asked(vllm, system="Be brief."), card(vllm, "vLLM 0.32 at http://…"))
    fields = {
        "temperature": 0.6,
        "top_p": 0.95,
        "presence_penalty": 1.5,
        "max_tokens": 400,
        "seed": 7,
        "stop": ["END", "\n\n"],
    }
    extra = {"top_k": 20, "min_p": 0.05, "repetition_penalty": 1.1}
    said = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
    model = {"model": "Qwen/Qwen3-4B-Thinking-2507"}
    assert body(made["curl"].text) == {**model, "messages": said, **fields, **extra}
    assert called(made["client"].text) == {**model, **fields, "extra_body": extra}


@pytest.mark.parametrize(
    ("server", "sent", "not_sent"),
    [
        ("SGLang 0.5.23", {"top_k": -1, "min_p": 0.05}, "repeat_penalty"),
        ("llama.cpp b11434", {"top_k": 0, "repeat_penalty": 1.1}, "repetition_penalty"),
        ("LM Studio", {"top_k": 0, "repeat_penalty": 1.1}, "min_p"),
    ],
)
def test_a_server_has_its_own_names(server: str, sent: dict[str, float], not_sent: str) -> None:
    name = "http://127.0.0.1:9/v1?model=m-thinking"
    asking = asked(name, sampling=replace(SAMPLING, top_k=0))
    found = body(code_for(asking, card(name, f"{server} at http://127.0.0.1:9/v1"))["curl"].text)
    assert found | sent == found
    assert not_sent not in found


def test_transformers_serve_reads_its_own_fields_from_text() -> None:
    name = "http://127.0.0.1:9/v1?model=m-thinking"
    found = body(code_for(asked(name), card(name, "transformers serve at …"))["curl"].text)
    own = {"do_sample": True, "top_k": 20, "min_p": 0.05, "repetition_penalty": 1.1}
    assert json.loads(found["generation_config"]) == own


def test_ollama_is_asked_at_its_own_route_which_takes_all_fields() -> None:
    name = "http://127.0.0.1:11434?model=qwen3:4b-thinking-2507"
    made = code_for(asked(name), card(name, "Ollama 0.20.1 at http://127.0.0.1:11434"))
    assert made["curl"].text.startswith("curl -sS --fail-with-body http://127.0.0.1:11434/api/chat")
    assert body(made["curl"].text)["options"] == {
        "temperature": 0.6,
        "top_p": 0.95,
        "top_k": 20,
        "min_p": 0.05,
        "presence_penalty": 1.5,
        "repeat_penalty": 1.1,
        "num_predict": 400,
        "seed": 7,
        "stop": ["END", "\n\n"],
    }
    assert '"http://127.0.0.1:11434/v1"' in made["client"].text
    assert "Not sent: top_k, min_p, repetition_penalty." in made["client"].note


def test_what_a_server_cannot_do_is_not_sent_and_said() -> None:
    name = "https://gpu.example/v1?model=m-thinking"
    missing = (("top_k", "no"), ("min_p", "no"), ("repetition_penalty", "no"))
    made = code_for(asked(name), card(name, "an OpenAI-compatible server", unsupported=missing))
    assert not {"top_k", "min_p", "repetition_penalty"} & set(body(made["curl"].text))
    assert "extra_body" not in called(made["client"].text)
    assert "Not sent: top_k, min_p, repetition_penalty." in made["curl"].note


def test_a_server_with_one_model_needs_no_id_but_curl_does() -> None:
    name = "http://127.0.0.1:9"
    made = code_for(asked(name), card(name))
    assert "model=client.models.list().data[0].id" in made["client"].text
    assert "in the place of MODEL; http://127.0.0.1:9/v1/models lists them" in made["curl"].note


@pytest.mark.parametrize(
    ("name", "server", "where"),
    [
        ("http://x/v1?model=qwen3:4b-instruct", "Ollama", "Qwen/Qwen3-4B-Instruct-2507"),
        ("http://x/v1?model=me/my-thinking", "vLLM 0.32", "me/my-thinking"),
        ("http://x/v1?model=me/my-thinking", "LM Studio", None),
        ("http://x/v1?model=qwen3:8b", "Ollama", None),
    ],
)
def test_a_servers_model_runs_with_transformers_where_it_is_known(
    name: str, server: str, where: str | None
) -> None:
    program = code_for(asked(name), card(name, server))["transformers"].text
    assert (f'MODEL = "{where}"' in program) if where else program == ""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("demo-thinking", 'MODEL = playground.demo_pair.FOLDERS["demo-thinking"]'),
        ("Qwen/Qwen3-0.6B@abc?thinking=off&dtype=bf16", 'revision="abc", dtype=torch.bfloat16)'),
        ("Qwen/Qwen3-0.6B?thinking=off", "    enable_thinking=False,"),
        ("Qwen/Qwen3-0.6B", 'if ids[:1] == [tokenizer.convert_tokens_to_ids("<think>")]:'),
        ("./own-thinking", 'MODEL = "./own-thinking"'),
        ("~/own-thinking", 'MODEL = Path("~/own-thinking").expanduser()'),
    ],
)
def test_a_model_is_loaded_as_its_name_says(name: str, line: str) -> None:
    program = code_for(asked(name))["transformers"].text
    compile(program, "program", "exec")
    assert line in program


def test_a_limit_beyond_the_context_is_lowered_by_the_prompts_length() -> None:
    sampling = replace(SAMPLING, max_new_tokens=2047)
    program = code_for(asked("demo-thinking", sampling=sampling))["transformers"].text
    assert "max_new_tokens=min(2047, 2048 - prompt_tokens)," in program


def test_a_model_in_this_process_is_served_by_the_command_in_the_note() -> None:
    note = code_for(asked("Qwen/Qwen3-4B-Thinking-2507@main"))["curl"].note
    command = "vllm serve Qwen/Qwen3-4B-Thinking-2507 --max-model-len 2048 --revision main"
    assert f"{command} --reasoning-parser qwen3" in note


def test_no_key_and_no_path_of_this_machine_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HF_TOKEN", "OPENAI_API_KEY", "SERVER_API_KEY", "PLAYGROUND_SERVER_KEYS"):
        monkeypatch.setenv(variable, "sk-secret")
    hosted = "https://router.huggingface.co/v1?model=Qwen/Qwen3-4B-Thinking-2507"
    label = "Hugging Face Inference Providers at …"
    made = [*lane_sections(asked(hosted), card(hosted, label), "Thinking")]
    made += lane_sections(asked("demo-thinking"), card("demo-thinking"), "Thinking")
    everything = "".join(section.text + section.note for section in made)
    assert "sk-secret" not in everything and str(ROOT) not in everything
    assert 'os.environ["HF_TOKEN"]' in made[1].text and "${HF_TOKEN}" in made[2].text


def test_both_models_are_asked_with_what_differs_from_their_defaults() -> None:
    history = (Message("user", "Hi"), Message("assistant", "Hello", "Hm."))
    own = Settings(MODELS, {"right": {"temperature": 0.0}}, system="Be brief.")
    requests = tuple(
        request(lane, model=MODELS[lane], history=history if lane == "right" else ())
        for lane in LANES
    )
    python, curl, *lanes = sections(PromptCell(prompt="Why?"), own, requests, card)
    turns = [{"role": "user", "content": "Hi"}]
    turns += [{"role": "assistant", "content": "Hello", "thinking": "Hm."}]
    asks: dict[str, Any] = {"model": "demo-thinking", "sampling": {"temperature": 0.0}}
    options = {"system": "Be brief.", "left": {"model": "demo-instruct"}}
    sent = {"prompt": "Why?", "options": {**options, "right": {**asks, "history": turns}}}
    assert body(curl.text) == sent
    assert '"sampling": {"temperature": 0.0}' in python.text
    assert [section.title.partition(":")[0] for section in lanes] == [
        *["Instruct"] * 3,
        *["Thinking"] * 3,
    ]


@MANY
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_arrives_as_it_is(prompt: str, system: str, stop: str) -> None:
    sampling = replace(SAMPLING, stop=(stop,) if stop else ())
    asking = asked("demo-thinking", prompt=prompt or "?", system=system, sampling=sampling)
    made = code_for(asking)
    sent = body(made["curl"].text)
    assert sent["messages"][-1]["content"] == asking.prompt
    assert sent.get("stop", []) == list(sampling.stop)
    for kind in ("transformers", "client"):
        program = ast.parse(made[kind].text)
        given_prompt = next(
            node.value
            for node in program.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "prompt"
        )
        assert ast.literal_eval(given_prompt) == asking.prompt
