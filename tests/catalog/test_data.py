"""The catalog's data file: consistent in itself, and refused with the entry that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.catalog.data import FILE, KNOWN, BadCatalog, KnownModel, Shape, read

TWO_BYTES = 2
# Headers of the files, and the few small tensors that a quantizer adds.
TOLERANCE = 0.01


def linear_weights(shape: Shape) -> int:
    """Numbers in the layers' matrices: attention's four and the three of the feed-forward part."""
    queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    attention = shape.hidden * (queries + 2 * keys) + queries * shape.hidden
    return shape.layers * (attention + 3 * shape.hidden * shape.intermediate)


def other_weights(shape: Shape) -> int:
    """Numbers in the embedding, which is the output's too, and the norms."""
    norms = shape.layers * 2 * (shape.hidden + shape.head_size) + shape.hidden
    return shape.vocabulary * shape.hidden + norms


def stored_bytes(model: KnownModel) -> float:
    """What a checkpoint with this shape takes."""
    assert model.shape is not None
    linear, other = linear_weights(model.shape), TWO_BYTES * other_weights(model.shape)
    match model.quantized:
        case None:
            return TWO_BYTES * linear + other
        case "fp8":  # a byte a number, a 16-bit scale for each block of 128 × 128
            return linear + linear / 128**2 * TWO_BYTES + other
        case "4bit":  # half a byte, a byte for each 64 numbers, a float for each 256 of those
            return linear / 2 + linear / 64 + linear / 64 / 256 * 4 + other


@pytest.mark.parametrize("name", KNOWN)
def test_the_parameters_follow_from_the_shape(name: str) -> None:
    shape = KNOWN[name].shape
    assert shape is not None
    assert KNOWN[name].parameters == linear_weights(shape) + other_weights(shape)


@pytest.mark.parametrize("name", KNOWN)
def test_the_weights_take_what_their_kind_of_checkpoint_takes(name: str) -> None:
    assert KNOWN[name].weight_bytes == pytest.approx(stored_bytes(KNOWN[name]), rel=TOLERANCE)


@pytest.mark.parametrize("name", KNOWN)
def test_a_token_takes_keys_and_values_of_every_layer(name: str) -> None:
    shape = KNOWN[name].shape
    assert shape is not None
    numbers = 2 * shape.layers * shape.kv_heads * shape.head_size
    assert KNOWN[name].token_bytes == numbers * TWO_BYTES


def test_a_download_may_hold_the_output_matrix_twice() -> None:
    small = KNOWN["Qwen/Qwen3-0.6B"]
    assert small.shape is not None and small.weight_bytes and small.download_bytes
    twice = small.shape.vocabulary * small.shape.hidden * TWO_BYTES
    assert small.download_bytes == small.weight_bytes + twice


def test_qwen3_4b_takes_144_kib_a_token() -> None:
    assert KNOWN["Qwen/Qwen3-4B-Thinking-2507"].token_bytes == 144 * 1024


@pytest.mark.parametrize("name", KNOWN)
def test_every_model_has_its_licence_and_output_lengths(name: str) -> None:
    entry = KNOWN[name]
    assert entry.licence == "Apache-2.0"
    assert entry.output_lengths[0] == entry.sampling.max_new_tokens
    assert entry.context is not None
    assert all(length < entry.context for length in entry.output_lengths)
    assert entry.yarn_context is None or entry.yarn_context > entry.context


def test_figures_are_given_with_their_card_and_for_both_models_of_a_pair() -> None:
    instruct, thinking = (KNOWN[f"Qwen/Qwen3-4B-{kind}-2507"] for kind in ("Instruct", "Thinking"))
    assert [name for name, _ in instruct.figures] == [name for name, _ in thinking.figures]
    assert all(entry.card for entry in KNOWN.values() if entry.figures)
    wins = {n: i > dict(thinking.figures)[n] for n, i in instruct.figures}
    assert [name for name, won in wins.items() if won] == [
        "Arena-Hard v2",
        "Creative Writing v3",
        "WritingBench",
    ]


def changed(path: str, value: Any) -> str:
    """The data file with one value changed; the value is taken out when null."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    *way, last = path.split("|")
    part = data
    for key in way:
        part = part[key]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return json.dumps(data)


DEMO = "models|demo-instruct"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (f"{DEMO}|thinking", "sometimes", "'demo-instruct'.*'sometimes'.*never, always, switched"),
        (f"{DEMO}|thinking", "switched", "'demo-instruct'.*thinking is switched"),
        (f"{DEMO}|shape", "round", "'demo-instruct'.*'round'"),
        (f"{DEMO}|colour", "red", "'demo-instruct'.*'?colour"),
        (f"{DEMO}|sampling", None, "'demo-instruct'.*'sampling'"),
        (f"{DEMO}|sampling", {"heat": 1}, "'demo-instruct'.*heat"),
        (f"{DEMO}|output_lengths", [], "'demo-instruct'.*empty"),
        (f"{DEMO}|same_as", "demo-thinking", "circle"),
        (f"{DEMO}|same_as", "nobody", "'nobody'"),
        ("pairs|demo|models", ["demo-instruct", "nobody"], "pair 'demo'.*two models of the"),
        ("pairs|demo|models", ["demo-instruct"], "pair 'demo'"),
        ("pairs|demo|label", None, "pair 'demo'.*label"),
        ("shapes|demo|layers", None, "cannot be read"),
        ("models", None, "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(path: str, value: Any, said: str) -> None:
    with pytest.raises(BadCatalog, match=said):
        read(changed(path, value))


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_what_is_no_catalog_is_refused(text: str) -> None:
    with pytest.raises(BadCatalog, match=r"models\.json"):
        read(text)
