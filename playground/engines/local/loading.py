"""Load a model: files to a warm model on its device, every failure said in our own words.

Puts together what is in `weights`, `tokenizer` and `precision`. Knows nothing of runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import torch
import transformers

from playground.catalog import ModelName
from playground.domain.errors import ModelUnusable, PlaygroundError
from playground.domain.events import Origin
from playground.domain.sampling import Sampling
from playground.engines.local.adapters import check_adapter
from playground.engines.local.choosing import Chooser
from playground.engines.local.context import context_for
from playground.engines.local.decoding import KEPT, Decoder
from playground.engines.local.detokenizer import Detokenizer, detokenizer_factory
from playground.engines.local.emulation import cuda_is_promised
from playground.engines.local.fitting import too_large
from playground.engines.local.folder import COPY_AGAIN, check_folder, read_json, weight_files
from playground.engines.local.load_job import Report
from playground.engines.local.memory import free_bytes, is_out_of_memory
from playground.engines.local.paging import read_through
from playground.engines.local.prompt import PromptEncoder
from playground.engines.local.sharing import Hold
from playground.engines.local.tokenizer import new_encoder, open_tokenizer
from playground.engines.local.weights import (
    Change,
    Weights,
    dtype_said,
    generation_ends,
    hold_weights,
    one_load,
    pick_device,
)

LARGE_PARAMETERS = 100_000_000


@dataclass(frozen=True)
class LoadedModel:
    """Everything a run needs; shared by all threads, changed by none.

    `weights` are held until `release`; a run takes its own hold, `again`.
    """

    encoder: PromptEncoder
    weights: Hold[Weights]
    new_detokenizer: Callable[[], Detokenizer]
    end_ids: frozenset[int]
    context: int | None
    thinks: bool
    asked_not_to_think: bool
    origin: Origin

    @property
    def decoder(self) -> Decoder:
        """The model's loop. Not to be kept beyond the release."""
        return self.weights.value.decoder

    def again(self) -> LoadedModel | None:
        """The same for one more holder; null when this one is released."""
        weights = self.weights.again()
        return None if weights is None else replace(self, weights=weights)

    def release(self) -> None:
        """Let go of the weights; the last one frees them."""
        self.weights.release()


class _NeverStop:
    def reason(self) -> None:
        return None

    def closes_thought(self) -> bool:
        return False


def load_model(
    name: ModelName, folder: Path, report: Report, adapter: Path | None = None
) -> LoadedModel:
    """Load, check and warm up the model in `folder`, with the adapter in its own one.

    Raises PlaygroundError.
    """
    check_folder(folder)
    if adapter is not None:
        check_adapter(adapter)
    try:
        return _load(name, folder, report, adapter)
    except PlaygroundError:
        raise
    except Exception as exc:
        if is_out_of_memory(exc):
            raise too_large(name, folder, pick_device()) from exc
        raise ModelUnusable(
            f"{str(folder)!r} cannot be loaded: {type(exc).__name__}: {exc}. {COPY_AGAIN}"
        ) from exc


def _load(name: ModelName, folder: Path, report: Report, adapter: Path | None) -> LoadedModel:
    with one_load(report):
        tokenizer = open_tokenizer(folder, adapter)
        encoder = new_encoder(name, folder, tokenizer, adapter)
    context = context_for(name, read_json(folder / "config.json"))
    change = Change(context.yarn, adapter and adapter.resolve())
    weights = hold_weights(name, folder, change, report)
    try:
        loaded = LoadedModel(
            encoder=encoder,
            weights=weights,
            new_detokenizer=detokenizer_factory(tokenizer.backend_tokenizer),
            end_ids=end_ids(generation_ends(weights.value), tokenizer.eos_token_id),
            context=context.tokens,
            thinks=encoder.encode("1", "", ()).start != "answer",
            asked_not_to_think=name.option("thinking") == "off",
            origin=_origin(name, folder, weights.value, adapter is not None),
        )
        if not cuda_is_promised():
            report(0, None, "warm-up")
            warm_up(loaded)
            if _is_large_on_cpu(loaded):
                free = free_bytes(loaded.decoder.device)
                read_through(
                    weight_files(folder), free, lambda done, total: report(done, total, "weights")
                )
    except BaseException:
        weights.release()
        raise
    return loaded


def _origin(name: ModelName, folder: Path, weights: Weights, adapted: bool) -> Origin:
    return Origin(
        engine="local",
        device=str(weights.decoder.device),
        dtype=dtype_said(weights),
        revision=name.revision or _snapshot(folder),
        versions=(
            ("torch", torch.__version__),
            ("transformers", transformers.__version__),
            *weights.base.value.precision.versions,
            *((("peft", version("peft")),) if adapted else ()),
        ),
    )


def end_ids(*sources: int | list[int] | None) -> frozenset[int]:
    """The ids that end a turn: the first source that names any."""
    for source in sources:
        if source is not None:
            return frozenset([source] if isinstance(source, int) else source)
    return frozenset()


def _snapshot(folder: Path) -> str | None:
    # The Hub's cache keeps each revision in snapshots/<commit>.
    return folder.name if folder.parent.name == "snapshots" else None


def _is_large_on_cpu(loaded: LoadedModel) -> bool:
    decoder = loaded.decoder
    return decoder.device.type == "cpu" and decoder.shape.parameters > LARGE_PARAMETERS


def warm_up(loaded: LoadedModel) -> None:
    """Read and write a little, so that no run pays for what only the first one costs."""
    if _is_large_on_cpu(loaded):
        return  # nothing to gain but the weights, which are read in the order of their files
    decoder = loaded.decoder
    ids = loaded.encoder.encode("1 + 1", "", ()).ids
    for sampling in (Sampling(temperature=0.0), Sampling(top_k=20, top_p=0.9)):
        chooser = Chooser(sampling, 0, ids)
        with decoder.open(ids, "warm-up", "") as reading:
            for _ in reading.steps(chooser, 2, _NeverStop()):
                pass
    KEPT.forget(decoder.key)
