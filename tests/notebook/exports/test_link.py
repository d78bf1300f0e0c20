"""Links: a cell goes there and back; what is not a cell is refused in words, whatever it is."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.catalog import BUILTIN, parse_name
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.events import Origin
from playground.domain.expected import Expected
from playground.domain.request import LANES
from playground.notebook.document import PromptCell
from playground.notebook.exports.link import LONGEST, fragment, from_fragment
from playground.notebook.settings import Overrides, Settings, sampling_values
from tests.listed import list_cell
from tests.notebook.exports.documents import both

MODELS = dict(zip(LANES, BUILTIN, strict=True))
MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["prompt", "options", "left", "sampling", "model", "seed", "stop", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


def describe(name: str) -> ModelCard:
    entry = BUILTIN[parse_name(name).where]
    return ModelCard(name, name, entry.thinks, entry.context, entry.sampling, Origin("none"))


def own(**changes: Any) -> Settings:
    """Settings as a page starts with them: the models' own sampling."""
    sampling = {lane: sampling_values(BUILTIN[MODELS[lane]].sampling) for lane in LANES}
    return Settings(**{"models": MODELS, "sampling": sampling, **changes})


def link_of(data: object) -> str:
    return "cell=" + urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def test_what_a_cell_is_measured_by_is_in_its_link() -> None:
    cell = replace(list_cell(3), expected=Expected("value", ("4",)), repeats=2, budgets=(0, None))
    opened = from_fragment(fragment(cell, own(), describe))
    assert (opened.problems, opened.expected) == (cell.problems, cell.expected)
    assert (opened.repeats, opened.budgets) == (2, (0, None))
    with pytest.raises(BadRequest, match="Save the notebook as a file instead"):
        fragment(list_cell(5000), own(), describe)


def held(text: str) -> Any:
    from base64 import urlsafe_b64decode

    encoded = text.removeprefix("cell=")
    return json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def test_a_cell_comes_back_with_its_prompt_and_what_it_was_asked_under() -> None:
    cell = PromptCell(
        prompt='Say "é{{n}}" 🎉\n\\ & <b>',
        overrides=Overrides(sampling={"right": {"temperature": 0.3, "stop": ("END",)}}),
        variables=(("n", ("1", "2")),),
    )
    back = from_fragment(fragment(cell, own(system="Be brief.", schedule="together"), describe))
    assert (back.prompt, back.variables) == (cell.prompt, cell.variables)
    assert back.overrides == Overrides(
        system="Be brief.",
        schedule="together",
        models=MODELS,
        sampling={"right": {"temperature": 0.3, "stop": ("END",)}},
    )


def test_what_is_the_models_own_is_left_out() -> None:
    assert held(fragment(PromptCell(prompt="Hi"), own(), describe)) == {
        "prompt": "Hi",
        "options": {lane: {"model": MODELS[lane]} for lane in LANES},
    }


@pytest.mark.parametrize(("mode", "carried"), [("random", False), ("same", False), ("fixed", True)])
def test_only_a_fixed_seed_goes_along(mode: str, carried: bool) -> None:
    options = held(fragment(PromptCell(prompt="Hi"), own(seed_mode=mode, seed=7), describe))
    assert ("seed" in options["options"]["left"].get("sampling", {})) == carried


def test_neither_results_nor_a_conversation_are_in_it() -> None:
    run = both(1, says="a secret answer")
    asked = PromptCell(prompt="Hi", runs=(run,), continues=True)
    assert fragment(asked, own(), describe) == fragment(PromptCell(prompt="Hi"), own(), describe)
    back = from_fragment(fragment(asked, own(), describe))
    assert (back.runs, back.continues) == ((), False)


def test_sampling_for_both_lanes_is_each_lanes_unless_it_has_its_own() -> None:
    options = {"sampling": {"top_k": 5, "seed": 1}, "right": {"sampling": {"top_k": 9}}}
    sampling = from_fragment(link_of({"prompt": "Hi", "options": options})).overrides.sampling
    assert sampling == {"left": {"top_k": 5, "seed": 1}, "right": {"top_k": 9, "seed": 1}}


def test_a_cell_that_is_too_long_for_a_link_is_refused() -> None:
    with pytest.raises(BadRequest, match="Save the notebook as a file"):
        fragment(PromptCell(prompt="word " * LONGEST), own(), describe)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no cell"),
        ("cell=", "holds no cell"),
        ("cell=%%%", "holds no cell"),
        ("cell=A", "damaged"),
        ("cell=__8", "damaged"),
        ("x" * (LONGEST + 1), "is the most"),
        (link_of("text"), "must be an object"),
        (link_of({"prompt": 3}), "must be text"),
        (link_of({"prompt": "\ud800"}), "not valid Unicode"),
        (link_of({"runs": []}), "Unknown key 'runs'"),
        (link_of({"options": {"history": []}}), "Unknown key 'history'"),
        (link_of({"options": {"left": {"key": "sk-1"}}}), "Unknown key 'key'"),
        (link_of({"options": {"left": {"model": "no model"}}}), "is not a model name"),
        (link_of({"options": {"left": {"model": "http://me:key@x/v1"}}}), "password or key"),
        (link_of({"options": {"sampling": {"top_k": 1e400}}}), "no JSON"),
        (link_of({"options": {"sampling": {"top_k": -1}}}), "top_k is -1"),
        (link_of({"options": {"sampling": {"top_k": True}}}), "top_k is True"),
        (link_of({"options": {"sampling": {"heat": 1}}}), "Unknown sampling parameter 'heat'"),
        (link_of({"options": {"schedule": ["in_turn"]}}), "must be one of in_turn, together"),
        (link_of({"variables": {"n": [1]}}), "must be text"),
    ],
)
def test_what_is_no_cell_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        from_fragment(text)


def refused_or_a_cell(read: Callable[[], PromptCell]) -> None:
    try:
        assert isinstance(read(), PromptCell)
    except BadRequest as exc:
        assert str(exc)


@MANY
@given(st.text())
def test_random_text_is_refused_or_a_cell(text: str) -> None:
    refused_or_a_cell(lambda: from_fragment(text))
    refused_or_a_cell(lambda: from_fragment(f"#cell={text}"))


@MANY
@given(st.binary())
def test_random_bytes_are_refused_or_a_cell(data: bytes) -> None:
    refused_or_a_cell(lambda: from_fragment(urlsafe_b64encode(data).decode().rstrip("=")))


@MANY
@given(JSON)
def test_random_data_is_refused_or_a_cell(data: object) -> None:
    refused_or_a_cell(lambda: from_fragment(link_of(data)))
    refused_or_a_cell(lambda: from_fragment(link_of({"prompt": "Hi", "options": data})))


def test_data_that_is_nested_without_end_is_refused() -> None:
    deep = urlsafe_b64encode(b"[" * 40_000).decode()
    with pytest.raises(BadRequest):
        from_fragment(deep)
