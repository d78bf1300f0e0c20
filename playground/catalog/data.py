"""The catalog's data file, `models.json`, as values: what each known model's card says.

Reads that one file and says what is wrong with it. Knows no model's name beyond the file's keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from playground.domain.errors import PlaygroundError
from playground.domain.sampling import Sampling, parse_sampling

Quantized = Literal["fp8", "4bit"]
THINKING = ("never", "always", "switched")
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, PlaygroundError)
FILE = Path(__file__).parent / "models.json"


@dataclass(frozen=True, slots=True)
class Shape:
    """A Qwen3 network's measures, embeddings tied: from them follow parameters and bytes."""

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_size: int
    intermediate: int
    vocabulary: int


@dataclass(frozen=True, slots=True)
class KnownModel:
    """What a model's card says; `sampling` is its recommendation.

    `without_thinking` is that of a hybrid when `thinking=off` switches its thinking off; other
    models have no such switch. `weight_bytes` is what the checkpoint's weights take in memory as
    they are stored, `token_bytes` one token in the KV cache (16 bits a number), `yarn_context` what
    the context can be stretched to. `output_lengths` are the card's, the usual one first. `figures`
    are the card's benchmarks, of a quantized model its original's.
    """

    thinks: bool
    sampling: Sampling
    context: int | None
    without_thinking: Sampling | None = None
    yarn_context: int | None = None
    output_lengths: tuple[int, ...] = ()
    output_lengths_without_thinking: tuple[int, ...] = ()
    shape: Shape | None = None
    parameters: int | None = None
    weight_bytes: int | None = None
    download_bytes: int | None = None
    token_bytes: int | None = None
    quantized: Quantized | None = None
    licence: str = ""
    card: str = ""
    figures: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two models that are compared: what the pair is called, and their names."""

    label: str
    models: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Data:
    """The whole file: models and pairs by their names, in its order."""

    models: Mapping[str, KnownModel]
    pairs: Mapping[str, Pair]


class BadCatalog(ValueError):
    """The data file does not hold a catalog: names the entry and what is wrong with it."""


def read(text: str) -> Data:
    """The catalog in a data file's text. Raises BadCatalog."""
    try:
        data = json.loads(text)
        shapes = {name: Shape(**measures) for name, measures in data["shapes"].items()}
        entries, pairs = data["models"], data["pairs"]
    except _MALFORMED as exc:
        raise BadCatalog(f"The catalog cannot be read: {exc!r}. Mend models.json.") from exc
    models = {}
    for name in entries:
        try:
            models[name] = _model(_whole(entries, name), shapes)
        except _MALFORMED as exc:
            raise BadCatalog(f"{name!r} in the catalog: {exc!r}. Mend models.json.") from exc
    return Data(models, {name: _pair(name, given, models) for name, given in pairs.items()})


def _pair(name: str, given: Any, models: Mapping[str, KnownModel]) -> Pair:
    try:
        label, (left, right) = given["label"], given["models"]
        known = {left.partition("?")[0], right.partition("?")[0]} <= set(models)
    except _MALFORMED as exc:
        raise BadCatalog(f"The pair {name!r}: {exc!r}. Mend models.json.") from exc
    if not known:
        raise BadCatalog(f"The pair {name!r} is {given!r}. Name two models of the catalog.")
    return Pair(label, (left, right))


def _whole(entries: Mapping[str, Any], name: str, depth: int = 8) -> dict[str, Any]:
    """An entry with what it shares with another one; its own wins."""
    entry = dict(entries[name])
    base = entry.pop("same_as", None)
    if base is None:
        return entry
    if depth == 0:
        raise ValueError("same_as leads in a circle")
    return {**_whole(entries, base, depth - 1), **entry}


def _model(entry: Mapping[str, Any], shapes: Mapping[str, Shape]) -> KnownModel:
    given = dict(entry)
    thinking = given.pop("thinking")
    if thinking not in THINKING:
        raise ValueError(f"thinking is {thinking!r}, but must be one of: {', '.join(THINKING)}")
    lengths = tuple(given.pop("output_lengths"))
    if not lengths:
        raise ValueError("output_lengths is empty")
    other_lengths = tuple(given.pop("output_lengths_without_thinking", ()))
    other = given.pop("sampling_without_thinking", None)
    if (thinking == "switched") != (other is not None and bool(other_lengths)):
        raise ValueError("only a model whose thinking is switched recommends values without it")
    return KnownModel(
        thinks=thinking != "never",
        sampling=_sampling(given.pop("sampling"), lengths),
        without_thinking=None if other is None else _sampling(other, other_lengths),
        output_lengths=lengths,
        output_lengths_without_thinking=other_lengths,
        shape=shapes[given.pop("shape")],
        figures=tuple(given.pop("figures", {}).items()),
        **given,
    )


def _sampling(values: Mapping[str, object], lengths: tuple[int, ...]) -> Sampling:
    return replace(parse_sampling(values, Sampling()), max_new_tokens=lengths[0])


DATA = read(FILE.read_text(encoding="utf-8"))
KNOWN: Mapping[str, KnownModel] = DATA.models
BUILTIN: Mapping[str, KnownModel] = {
    name: model for name, model in KNOWN.items() if "/" not in name
}
PAIRS: Mapping[str, tuple[str, str]] = {name: pair.models for name, pair in DATA.pairs.items()}
PAIR_LABELS: Mapping[str, str] = {name: pair.label for name, pair in DATA.pairs.items()}
