"""Which model a name means on a server, whether it thinks, and its card."""

from __future__ import annotations

import pytest

from playground.catalog import parse_name
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, ModelNotFound
from playground.engines.server.description import choose, describe, thinking_of
from playground.engines.server.identify import ServedModel, ServerFacts
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import LMSTUDIO, OLLAMA, TGI, TRANSFORMERS, VLLM
from playground.engines.server.services import GENERIC, MODELSCOPE, ROUTER

URL = "http://127.0.0.1:11434/v1"
ROUTER_URL = "https://router.huggingface.co/v1"


def facts(*models: str | ServedModel, profile: Profile = OLLAMA) -> ServerFacts:
    served = tuple(ServedModel(m) if isinstance(m, str) else m for m in models)
    return ServerFacts(profile, "http://127.0.0.1:11434", "0.20.1", served)


def card(options: str, served: ServedModel | None = None, profile: Profile = OLLAMA) -> ModelCard:
    name = parse_name(URL + options)
    if served is None:
        return describe(name, None, None)
    return describe(name, facts(served, profile=profile), served)


def test_the_only_model_needs_no_name() -> None:
    assert choose(facts("a"), parse_name(URL)) == ServedModel("a")


@pytest.mark.parametrize(("models", "said"), [(("a", "b"), "'a', 'b'"), ((), "its id")])
def test_of_several_one_must_be_named(models: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadRequest, match=rf"serves {len(models)} models.*\?model=.*{said}"):
        choose(facts(*models), parse_name(URL))


def test_a_list_of_models_is_not_shown_endlessly() -> None:
    with pytest.raises(BadRequest) as raised:
        choose(facts(*(f"model-{n}" for n in range(500))), parse_name(URL))
    assert "'model-11', …" in str(raised.value) and "model-12" not in str(raised.value)


def test_a_named_model_is_found_with_what_is_known_of_it() -> None:
    known = ServedModel("b", 4096, True)
    assert choose(facts("a", known), parse_name(f"{URL}?model=b")) == known


def test_ollamas_latest_may_be_left_out() -> None:
    assert choose(facts("a:1b", "a:latest"), parse_name(f"{URL}?model=a")).id == "a:latest"


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(ModelNotFound, match=r"Ollama\) has no model 'c'. It has: 'a', 'b'"):
        choose(facts("a", "b"), parse_name(f"{URL}?model=c"))


def test_a_service_or_a_server_without_a_list_may_have_more_than_it_lists() -> None:
    """The router takes `model:provider`."""
    asked = parse_name(f"{ROUTER_URL}?model=Qwen/Qwen3-4B-Thinking-2507:nscale")
    for profile in (ROUTER, MODELSCOPE, TRANSFORMERS):
        listed = facts("Qwen/Qwen3-4B-Thinking-2507", profile=profile)
        assert choose(listed, asked).id == "Qwen/Qwen3-4B-Thinking-2507:nscale"
    assert choose(facts(profile=VLLM), parse_name(f"{URL}?model=c")) == ServedModel("c")


@pytest.mark.parametrize(
    ("model_id", "thinks"),
    [
        ("qwen3:4b", True),  # Ollama's is Thinking-2507
        ("qwen3:4b-instruct", False),
        ("qwen3:4b-thinking-2507-q4_K_M", True),
        ("qwen/qwen3-4b-2507", False),
        ("qwen/qwen3-4b-thinking-2507", True),
        ("Qwen/Qwen3-4B-Thinking-2507:nscale", True),
        ("unsloth/Qwen3-4B-Instruct-2507-GGUF:Q4_K_M", False),
        ("qwen3:0.6b", True),
        ("demo-thinking", True),
        ("someone/Other-Thinking", True),
        ("smollm2", False),
    ],
)
def test_a_name_tells_whether_a_model_thinks(model_id: str, thinks: bool) -> None:
    assert card(f"?model={model_id}", ServedModel(model_id)).thinks is thinks
    assert card(f"?model={model_id}").thinks is thinks  # before the server was asked


def test_a_stranger_thinks_if_the_server_says_so() -> None:
    assert card("", ServedModel("stranger", thinks=True)).thinks
    assert not card("", ServedModel("a-thinking-stranger", thinks=False)).thinks


def test_the_catalog_knows_better_than_a_servers_template() -> None:
    assert not card("", ServedModel("qwen3:4b-instruct", thinks=True)).thinks


def test_the_name_decides_where_it_can() -> None:
    assert not card("?thinking=off", ServedModel("qwen3:0.6b", thinks=True)).thinks
    assert not card("?thinking=off", ServedModel("stranger", thinks=True)).thinks
    assert card("?thinking=on", ServedModel("qwen3:4b-instruct", thinks=False)).thinks


@pytest.mark.parametrize(
    ("options", "model_id", "plain"),
    [
        ("", "qwen3:4b-instruct", True),
        ("?thinking=off", "qwen3:4b-instruct", True),
        ("", "qwen3:4b", False),
        ("", "qwen3:0.6b", False),
        ("?thinking=off", "qwen3:0.6b", True),
        ("?thinking=off", "qwen3:4b", False),  # Thinking-2507, which has no switch
        ("", "stranger", False),
        ("?thinking=off", "stranger", True),
    ],
)
def test_only_a_known_instruct_model_or_a_switch_is_plain(
    options: str, model_id: str, plain: bool
) -> None:
    thinking = thinking_of(parse_name(URL + options), ServedModel(model_id), OLLAMA)
    assert thinking.plain is plain


def test_a_model_that_always_thinks_is_not_said_to_be_switched_off() -> None:
    made = card("?thinking=off", ServedModel("qwen3:4b"))
    assert made.thinks
    assert "always thinks" in dict(made.unsupported)["thinking"]
    assert made.defaults.temperature == 0.6


@pytest.mark.parametrize("profile", [LMSTUDIO, TGI, ROUTER, GENERIC], ids=lambda p: p.key)
def test_a_server_without_a_switch_is_said_to_have_none(profile: Profile) -> None:
    """The hybrid thinks on, and has the sampling for that."""
    made = card("?thinking=off", ServedModel("qwen3:0.6b"), profile)
    assert made.thinks and made.defaults.temperature == 0.6
    assert dict(made.unsupported)["thinking"] == profile.no_switch != ""
    assert "thinking" not in dict(card("", ServedModel("qwen3:0.6b"), profile).unsupported)


@pytest.mark.parametrize("profile", [VLLM, OLLAMA, TRANSFORMERS, MODELSCOPE], ids=lambda p: p.key)
def test_a_server_with_a_switch_is_not_said_to_have_none(profile: Profile) -> None:
    made = card("?thinking=off", ServedModel("qwen3:0.6b"), profile)
    assert not made.thinks and made.defaults.temperature == 0.7
    assert "thinking" not in dict(made.unsupported)


def test_an_instruct_model_needs_no_switch() -> None:
    made = card("?thinking=off", ServedModel("qwen/qwen3-4b-2507"), LMSTUDIO)
    assert not made.thinks and "thinking" not in dict(made.unsupported)


def test_a_stranger_behind_a_server_without_a_switch_is_taken_at_its_name() -> None:
    """Its text may come in the thinking's field, by a parser that nobody can steer."""
    name = parse_name(f"{URL}?thinking=off")
    thinking = thinking_of(name, ServedModel("stranger"), GENERIC)
    assert (thinking.thinks, thinking.plain, thinking.off) == (False, True, False)
    assert thinking.stays == GENERIC.no_switch
    known = thinking_of(name, ServedModel("stranger", thinks=True), GENERIC)
    assert (known.thinks, known.plain) == (True, False)


def test_the_recommended_sampling_is_the_models() -> None:
    thinking, instruct = card("?model=qwen3:4b"), card("?model=qwen3:4b-instruct")
    assert (thinking.defaults.temperature, thinking.defaults.top_p) == (0.6, 0.95)
    assert (instruct.defaults.temperature, instruct.defaults.top_p) == (0.7, 0.8)
    assert card("?model=stranger").defaults.temperature == 1.0


def test_a_hybrid_that_is_not_to_think_has_the_sampling_for_that() -> None:
    off = card("?model=qwen3:0.6b&thinking=off", ServedModel("qwen3:0.6b"))
    assert (off.defaults.temperature, off.defaults.top_p) == (0.7, 0.8)
    assert card("?model=qwen3:0.6b").defaults.temperature == 0.6


@pytest.mark.parametrize(("context", "limit"), [(None, 32_768), (262_144, 32_768), (4096, 2048)])
def test_the_default_limit_leaves_half_of_a_small_context(context: int | None, limit: int) -> None:
    made = card("", ServedModel("qwen3:4b", context))
    assert (made.context, made.defaults.max_new_tokens) == (context, limit)


def test_a_card_says_where_and_what_it_is() -> None:
    made = card("?model=qwen3:4b", ServedModel("qwen3:4b", 4096))
    assert made.name == f"{URL}?model=qwen3:4b"
    assert made.label == "qwen3:4b"
    assert made.origin.engine == "server"
    assert made.origin.server == "Ollama 0.20.1 at http://127.0.0.1:11434"
    assert made.loaded
    assert dict(made.unsupported).keys() == {"thinking_budget"}


def test_before_the_server_was_asked_a_card_says_what_the_name_says() -> None:
    made = card("")
    assert (made.label, made.loaded, made.context) == ("127.0.0.1:11434", False, None)
    assert made.origin.server is None and made.unsupported == ()


def test_two_lanes_of_one_hybrid_have_two_labels() -> None:
    assert card("", ServedModel("qwen3:0.6b")).label == "qwen3:0.6b"
    off = card("?thinking=off", ServedModel("qwen3:0.6b"))
    assert off.label == "qwen3:0.6b (thinking off)"
