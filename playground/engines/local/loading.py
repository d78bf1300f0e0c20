"""Load a model: files to a warm model on its device, every failure said in our own words.

Imports torch and transformers. Knows nothing of runs; one load at a time in the whole process,
because transformers sets process-wide state while it loads.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForCausalLM
from transformers.utils import logging as transformers_logging

from playground.catalog import ModelName
from playground.domain.errors import BadRequest, ModelUnusable, PlaygroundError
from playground.domain.events import Origin
from playground.domain.sampling import Sampling
from playground.engines.local.choosing import Chooser
from playground.engines.local.decoding import Decoder
from playground.engines.local.detokenizer import Detokenizer, detokenizer_factory
from playground.engines.local.folder import COPY_AGAIN, check_folder
from playground.engines.local.prompt import PromptEncoder
from playground.engines.local.tokenizer import new_encoder, open_tokenizer

Report = Callable[[int, int | None, str], None]

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
# On a CPU without 16-bit arithmetic, converting small weights once beats converting every use.
SMALL_PARAMETERS = 100_000_000
_one_load = threading.Lock()


@dataclass(frozen=True)
class LoadedModel:
    """Everything a run needs; shared by all threads, changed by none."""

    encoder: PromptEncoder
    decoder: Decoder
    new_detokenizer: Callable[[], Detokenizer]
    end_ids: frozenset[int]
    context: int | None
    thinks: bool
    asked_not_to_think: bool
    origin: Origin


class _NeverStop:
    def reason(self) -> None:
        return None

    def closes_thought(self) -> bool:
        return False


def load_model(name: ModelName, folder: Path, report: Report) -> LoadedModel:
    """Load, check and warm up the model in `folder`. Raises PlaygroundError."""
    check_folder(folder)
    dtype = _asked_dtype(name)
    with _one_load, _quiet(report):
        try:
            return _load(name, folder, dtype, report)
        except PlaygroundError:
            raise
        except (torch.OutOfMemoryError, MemoryError) as exc:
            raise ModelUnusable(
                f"{str(name)!r} does not fit into memory. Use a smaller model, or a server."
            ) from exc
        except Exception as exc:
            raise ModelUnusable(
                f"{str(folder)!r} cannot be loaded: {type(exc).__name__}: {exc}. {COPY_AGAIN}"
            ) from exc


def _load(name: ModelName, folder: Path, dtype: torch.dtype | None, report: Report) -> LoadedModel:
    tokenizer = open_tokenizer(folder)
    encoder = new_encoder(name, folder, tokenizer)
    model = _load_weights(folder, pick_device(), dtype)
    loaded = LoadedModel(
        encoder=encoder,
        decoder=Decoder(model),
        new_detokenizer=detokenizer_factory(tokenizer.backend_tokenizer),
        end_ids=end_ids(model.generation_config.eos_token_id, tokenizer.eos_token_id),
        context=getattr(model.config.get_text_config(), "max_position_embeddings", None),
        thinks=encoder.encode("1", "", ()).start != "answer",
        asked_not_to_think=name.option("thinking") == "off",
        origin=Origin(
            engine="local",
            device=str(model.device),
            dtype=str(model.dtype).removeprefix("torch."),
            revision=name.revision or _snapshot(folder),
            versions=(("torch", torch.__version__), ("transformers", transformers.__version__)),
        ),
    )
    report(0, None, "warm-up")
    _warm_up(loaded)
    return loaded


def pick_device() -> str:
    """The fastest device there is."""
    if torch.cuda.is_available():
        return "cuda:0"
    if torch.backends.mps.is_available():
        return "mps"
    return "cpu"


def _load_weights(folder: Path, device: str, dtype: torch.dtype | None) -> Any:
    model, report = AutoModelForCausalLM.from_pretrained(
        folder, dtype=dtype or "auto", local_files_only=True, output_loading_info=True
    )
    if missing := sorted(report["missing_keys"]):
        raise ModelUnusable(
            f"The weights in {str(folder)!r} lack {len(missing)} tensors (first: {missing[0]!r})."
            f" {COPY_AGAIN}"
        )
    if dtype is None and device == "cpu" and model.num_parameters() < SMALL_PARAMETERS:
        model = model.float()
    return model.to(device).eval()


def _asked_dtype(name: ModelName) -> torch.dtype | None:
    asked = name.option("dtype")
    if asked is None or asked == "auto":
        return None
    if asked not in DTYPES:
        raise BadRequest(f"dtype is {asked!r} in {str(name)!r}. Use one of: {', '.join(DTYPES)}.")
    return DTYPES[asked]


def end_ids(*sources: int | list[int] | None) -> frozenset[int]:
    """The ids that end a turn: the first source that names any."""
    for source in sources:
        if source is not None:
            return frozenset([source] if isinstance(source, int) else source)
    return frozenset()


def _snapshot(folder: Path) -> str | None:
    # The Hub's cache keeps each revision in snapshots/<commit>.
    return folder.name if folder.parent.name == "snapshots" else None


def _warm_up(loaded: LoadedModel) -> None:
    ids = loaded.encoder.encode("1 + 1", "", ()).ids
    for sampling in (Sampling(temperature=0.0), Sampling(top_k=20, top_p=0.9)):
        chooser = Chooser(sampling, 0, ids)
        with loaded.decoder.open(ids, "warm-up", "") as reading:
            for _ in reading.steps(chooser, 2, _NeverStop()):
                pass


@contextmanager
def _quiet(report: Report) -> Iterator[None]:
    """Turn transformers' progress bars into reports and its chatter off; errors still raise."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # or a forked worker is warned at

    def bar(_factory: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Bar:
        return _Bar(report, args[0] if args else kwargs.get("iterable"), kwargs.get("total"))

    level = transformers_logging.get_verbosity()
    hook = transformers_logging.set_tqdm_hook(bar)
    transformers_logging.set_verbosity(transformers_logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers_logging.set_verbosity(level)
        transformers_logging.set_tqdm_hook(hook)


class _Bar:
    """Stands in for a tqdm bar over the tensors that are loaded."""

    def __init__(self, report: Report, iterable: Any, total: Any) -> None:
        self._report = report
        self._iterable = iterable
        sized = hasattr(iterable, "__len__")
        self._total: int | None = int(total) if total else len(iterable) if sized else None
        self._done = 0

    def __iter__(self) -> Iterator[Any]:
        for item in self._iterable:
            yield item
            self.update(1)

    def update(self, count: int = 1) -> None:
        self._done += count
        self._report(self._done, self._total, "tensors")

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None: ...

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_, **__: None
