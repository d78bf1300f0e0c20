"""Models' weights in memory: each set once, however many names and lanes use it.

Names that differ in their template alone share a whole model; those that differ in an adapter or
in a stretched context have module trees of their own on the same tensors. Knows no tokenizer and
no run.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM

from playground.catalog import ModelName
from playground.domain.errors import ModelUnusable
from playground.engines.forking import free_after_fork
from playground.engines.local.adapters import adapt
from playground.engines.local.context import yarn_parameters
from playground.engines.local.decoding import Decoder
from playground.engines.local.fitting import check_room
from playground.engines.local.folder import COPY_AGAIN, read_json
from playground.engines.local.load_job import Report
from playground.engines.local.memory import give_back
from playground.engines.local.precision import Precision, precision_for
from playground.engines.local.quiet import quiet
from playground.engines.local.sharing import Hold, Shared
from playground.engines.local.twin import twin

# On a CPU without 16-bit arithmetic, converting small weights once beats converting every use.
SMALL_PARAMETERS = 100_000_000
_one_load = free_after_fork(threading.Lock())


@dataclass(frozen=True, slots=True)
class Base:
    """A model as its folder has it, and in which type."""

    model: Any
    precision: Precision


@dataclass(frozen=True, slots=True)
class Weights:
    """What a run computes with: a module tree that may be changed by an adapter or YaRN."""

    decoder: Decoder
    base: Hold[Base]


@dataclass(frozen=True, slots=True)
class Change:
    """What makes a tree of its own: YaRN's factor, an adapter's folder."""

    yarn: int | None = None
    adapter: Path | None = None


def _let_go(weights: Weights) -> None:
    weights.base.release()


BASES: Shared[Base] = Shared(lambda _: None, give_back)
WEIGHTS: Shared[Weights] = Shared(_let_go, give_back)


def hold_weights(name: ModelName, folder: Path, change: Change, report: Report) -> Hold[Weights]:
    """The weights in `folder` as `name` asks for them, loaded unless they are in memory.

    Raises BadRequest, ModelUnusable, and what the libraries raise.
    """
    config = read_json(folder / "config.json")
    key = (folder.resolve(), name.option("dtype") or "auto")

    def load(report: Report) -> Base:
        precision = precision_for(name, config)
        device = pick_device()
        check_room(name, folder, config, precision, device)
        with one_load(report):
            return Base(_load_weights(folder, device, precision), precision)

    def build(report: Report) -> Weights:
        base = BASES.hold(key, load, report)
        try:
            with one_load(report):
                return Weights(Decoder(_tree(base.value.model, change, str(name), report)), base)
        except BaseException:
            base.release()
            raise

    return WEIGHTS.hold((key, change), build, report)


def one_load(report: Report) -> AbstractContextManager[None]:
    """One at a time in the whole process: transformers sets process-wide state while it loads."""
    return quiet(report, _one_load)


def pick_device() -> str:
    """The fastest device there is."""
    if torch.cuda.is_available():
        return "cuda:0"
    if torch.backends.mps.is_available():
        return "mps"
    return "cpu"


def _load_weights(folder: Path, device: str, precision: Precision) -> Any:
    options: dict[str, Any] = {"dtype": precision.dtype or "auto"}
    if precision.quantization is not None:
        options["quantization_config"] = precision.quantization
    if precision.packed and device != "cpu":
        options["device_map"] = {"": device}  # quantized weights are made where they stay
    model, report = AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, output_loading_info=True, **options
    )
    if missing := sorted(report["missing_keys"]):
        raise ModelUnusable(
            f"The weights in {str(folder)!r} lack {len(missing)} tensors (first: {missing[0]!r})."
            f" {COPY_AGAIN}"
        )
    if precision.packed:
        return model.eval()
    small = model.num_parameters() < SMALL_PARAMETERS
    if precision.dtype is None and device == "cpu" and small:
        model = model.float()
    return model.to(device).eval()


def _tree(model: Any, change: Change, name: str, report: Report) -> Any:
    """The model itself, or one on the same tensors that is changed."""
    if change == Change():
        return model
    changed = twin(model)
    if change.yarn is not None:
        _stretch(changed, change.yarn)
    if change.adapter is not None:
        report(0, None, "adapter")
        adapt(changed, change.adapter, name)
    return changed


def _stretch(model: Any, factor: int) -> None:
    config = model.config.get_text_config()
    config.rope_parameters = yarn_parameters(config.rope_parameters, factor)
    rotary = model.base_model.rotary_emb
    model.base_model.rotary_emb = type(rotary)(config=config).to(rotary.inv_freq.device)


def dtype_said(weights: Weights) -> str:
    """In words, which type the weights have and are computed with."""
    base = weights.base.value
    return base.precision.said(str(base.model.dtype).removeprefix("torch."))


def generation_ends(weights: Weights) -> Any:
    """The ids that end a turn, as generation_config.json has them."""
    return weights.base.value.model.generation_config.eos_token_id
