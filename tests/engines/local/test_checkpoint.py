"""A folder's sizes, from the heads of its weight files: what the catalog says of known shapes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import pytest

from playground.catalog import BUILTIN, KNOWN
from playground.catalog.checkpoint import checkpoint_of
from playground.catalog.data import Shape
from playground.engines import checkpoint
from playground.engines.local.checkpoint import read_checkpoint

ITEM_BYTES = {"BF16": 2, "F16": 2, "F32": 4, "F8_E4M3": 1, "U8": 1}
Tensor = tuple[str, str, list[int]]


def linears(shape: Shape) -> Iterator[tuple[str, int, int]]:
    """Name, outputs and inputs of every matrix of the layers."""
    hidden, queries = shape.hidden, shape.heads * shape.head_size
    keys = shape.kv_heads * shape.head_size
    for layer in range(shape.layers):
        for name, outputs, inputs in (
            ("q_proj", queries, hidden),
            ("k_proj", keys, hidden),
            ("v_proj", keys, hidden),
            ("o_proj", hidden, queries),
            ("gate_proj", shape.intermediate, hidden),
            ("up_proj", shape.intermediate, hidden),
            ("down_proj", hidden, shape.intermediate),
        ):
            yield f"model.layers.{layer}.{name}.weight", outputs, inputs


def others(shape: Shape, dtype: str = "BF16") -> Iterator[Tensor]:
    yield "model.embed_tokens.weight", dtype, [shape.vocabulary, shape.hidden]
    yield "model.norm.weight", dtype, [shape.hidden]
    for layer in range(shape.layers):
        for name, size in (
            ("input_norm", shape.hidden),
            ("post_norm", shape.hidden),
            ("q_norm", shape.head_size),
            ("k_norm", shape.head_size),
        ):
            yield f"model.layers.{layer}.{name}.weight", dtype, [size]


def plain(shape: Shape, dtype: str = "BF16") -> Iterator[Tensor]:
    yield from others(shape, dtype)
    yield from ((name, dtype, [outputs, inputs]) for name, outputs, inputs in linears(shape))


def fp8(shape: Shape) -> Iterator[Tensor]:
    yield from others(shape)
    for name, outputs, inputs in linears(shape):
        yield name, "F8_E4M3", [outputs, inputs]
        yield f"{name}_scale_inv", "BF16", [outputs // 128, inputs // 128]


def four_bit(shape: Shape) -> Iterator[Tensor]:
    yield from others(shape)
    for name, outputs, inputs in linears(shape):
        numbers = outputs * inputs
        yield name, "U8", [numbers // 2, 1]
        yield f"{name}.absmax", "U8", [numbers // 64]
        yield f"{name}.nested_absmax", "F32", [numbers // 64 // 256]
        yield f"{name}.quant_map", "F32", [16]
        yield f"{name}.quant_state.bitsandbytes__nf4", "U8", [120]


def write(path: Path, tensors: list[Tensor]) -> None:
    """A weight file without its weights: only its head is to be read."""
    head: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, dtype, measures in tensors:
        start, end = end, end + prod(measures) * ITEM_BYTES[dtype]
        head[name] = {"dtype": dtype, "shape": measures, "data_offsets": [start, end]}
    text = json.dumps(head).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text)


def model(folder: Path, shape: Shape, tensors: list[Tensor], **more: Any) -> Path:
    config = {
        "num_hidden_layers": shape.layers,
        "hidden_size": shape.hidden,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_size,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": 262_144,
        "tie_word_embeddings": True,
        **more,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    write(folder / "model.safetensors", tensors)
    return folder


QWEN3_4B = KNOWN["Qwen/Qwen3-4B-Instruct-2507"].shape
assert QWEN3_4B is not None
FP8 = {"quant_method": "fp8", "weight_block_size": [128, 128]}
FOUR_BIT = {"quant_method": "bitsandbytes", "load_in_4bit": True}


@pytest.mark.parametrize(
    ("known_as", "tensors", "more"),
    [
        ("Qwen/Qwen3-4B-Instruct-2507", plain(QWEN3_4B), {}),
        ("Qwen/Qwen3-4B-Instruct-2507-FP8", fp8(QWEN3_4B), {"quantization_config": FP8}),
        (
            "unsloth/Qwen3-4B-Instruct-2507-bnb-4bit",
            four_bit(QWEN3_4B),
            {"quantization_config": FOUR_BIT},
        ),
    ],
)
def test_a_folder_in_a_known_shape_takes_what_the_catalog_says(
    tmp_path: Path, known_as: str, tensors: Iterator[Tensor], more: dict[str, Any]
) -> None:
    assert QWEN3_4B is not None
    read = read_checkpoint(model(tmp_path, QWEN3_4B, list(tensors), **more))
    said = checkpoint_of(KNOWN[known_as])
    assert read is not None and said is not None
    assert read.weight_bytes == pytest.approx(said.weight_bytes, rel=1e-3)
    assert (read.parameters, read.embedding) == (said.parameters, said.embedding)
    assert (read.token_numbers, read.context) == (said.token_numbers, said.context)
    assert read.quantized == said.quantized


@pytest.mark.parametrize("name", BUILTIN)
def test_the_built_in_models_are_as_the_catalog_says(name: str) -> None:
    from playground.demo_pair import FOLDERS

    assert read_checkpoint(dict(FOLDERS)[name]) == checkpoint_of(BUILTIN[name])


def test_a_tied_output_matrix_in_the_file_is_no_second_one(tmp_path: Path) -> None:
    assert QWEN3_4B is not None
    head: Tensor = ("lm_head.weight", "BF16", [QWEN3_4B.vocabulary, QWEN3_4B.hidden])
    read = read_checkpoint(model(tmp_path, QWEN3_4B, [*plain(QWEN3_4B), head]))
    assert read is not None and read.parameters == 4_022_468_096


def test_wide_weights_are_loaded_wide(tmp_path: Path) -> None:
    assert QWEN3_4B is not None
    read = read_checkpoint(model(tmp_path, QWEN3_4B, list(plain(QWEN3_4B, "F32"))))
    assert read is not None
    assert (read.item_bytes, read.weight_bytes) == (4, 4 * 4_022_468_096)


def test_all_files_of_a_model_count(tmp_path: Path) -> None:
    assert QWEN3_4B is not None
    tensors = list(plain(QWEN3_4B))
    model(tmp_path, QWEN3_4B, tensors)
    (tmp_path / "model.safetensors").unlink()
    parts = {"a.safetensors": tensors[:100], "b.safetensors": tensors[100:]}
    for name, part in parts.items():
        write(tmp_path / name, part)
    places = {tensor[0]: name for name, part in parts.items() for tensor in part}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}), encoding="utf-8")
    read = read_checkpoint(tmp_path)
    assert read is not None and read.weight_bytes == 8_044_936_192
    (tmp_path / "b.safetensors").unlink()
    assert read_checkpoint(tmp_path) is None


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.json", b"{}"),
        ("config.json", b"no json"),
        ("model.safetensors", b""),
        ("model.safetensors", struct.pack("<Q", 10**15)),
        ("model.safetensors", struct.pack("<Q", 2) + b"{}"),
    ],
)
def test_a_folder_that_tells_nothing_is_unknown(tmp_path: Path, file: str, content: bytes) -> None:
    assert QWEN3_4B is not None
    (model(tmp_path, QWEN3_4B, list(plain(QWEN3_4B))) / file).write_bytes(content)
    assert read_checkpoint(tmp_path) is None


def test_a_stranger_is_measured_where_its_folder_is(tmp_path: Path) -> None:
    assert QWEN3_4B is not None
    model(tmp_path, QWEN3_4B, list(plain(QWEN3_4B)))
    assert checkpoint(str(tmp_path)) == read_checkpoint(tmp_path)
    assert checkpoint("./nowhere") is None
    assert checkpoint("http://127.0.0.1:9/v1?model=qwen3:4b") is None
