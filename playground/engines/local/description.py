"""What is known of a model before it is loaded: its card, read from its small files.

Reads JSON and the chat template's source, never weights; knows no torch and uses no network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground import catalog
from playground.catalog import ModelName
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, ModelUnusable
from playground.domain.events import Origin
from playground.domain.sampling import Sampling, parse_sampling
from playground.engines.local import folder as files
from playground.engines.local.context import context_for
from playground.engines.splitter import CLOSE_TAG, OPEN_TAG

# All models of this process share its device, so that their runs queue up for one lease.
LEASE = "local"
MAX_NEW_TOKENS = 2048
_SAMPLING_KEYS = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "repetition_penalty",
    "max_new_tokens",
)


def describe(name: ModelName, folder: Path | None, adapter: Path | None = None) -> ModelCard:
    """The card of `name`, whose files are in `folder`, its adapter's in another one.

    Null: not on this machine yet. Raises BadRequest: a context that it cannot have.
    """
    known = catalog.known(name)
    config = files.small_json(folder, "config.json")
    template = _template(adapter) or _template(folder)
    context = context_for(name, config).tokens or (known.context if known else None)
    if template:
        thinks = template_thinks(template, name.option("thinking"))
    else:
        thinks = known.thinks if known else False
    return ModelCard(
        name=str(name),
        label=name.label,
        thinks=thinks,
        context=context,
        defaults=_defaults(name, files.small_json(folder, "generation_config.json"), context),
        origin=Origin("local", revision=name.revision),
        lease=LEASE,
        abilities=("close_thought", "continue"),
    )


def template_thinks(template: str, thinking: str | None) -> bool:
    """Whether the generation prompt that `template` writes leads into a thought.

    `thinking` is the name's option: "off" switches off a hybrid, whose template asks
    `enable_thinking`; a template that always opens a thought knows no switch.
    """
    if "enable_thinking" in template:
        return thinking != "off"
    generation_prompt = template.rpartition("add_generation_prompt")[2]
    return OPEN_TAG in generation_prompt and CLOSE_TAG not in generation_prompt


def template_arguments(name: ModelName) -> dict[str, Any]:
    """What the name's options pass to the chat template. Raises BadRequest."""
    match name.option("thinking"):
        case None:
            return {}
        case "on":
            return {"enable_thinking": True}
        case "off":
            return {"enable_thinking": False}
        case other:
            raise BadRequest(f"thinking is {other!r} in {str(name)!r}. Use 'on' or 'off'.")


def _template(folder: Path | None) -> str:
    try:
        return "" if folder is None else files.chat_template(folder)
    except (ModelUnusable, OSError):  # said when the model is loaded
        return ""


def _defaults(name: ModelName, generation: Mapping[str, Any], context: int | None) -> Sampling:
    known = catalog.known(name)
    if known is not None:
        base = known.sampling
    else:
        limit = min(MAX_NEW_TOKENS, max(1, context // 2)) if context else MAX_NEW_TOKENS
        base = Sampling(max_new_tokens=limit)
    if context and name.context is not None:  # a context asked for keeps room for the prompt
        most = max(1, context * 4 // 5)
        base = replace(base, max_new_tokens=min(base.max_new_tokens, most))
    if known is not None and known.without_thinking and name.option("thinking") == "off":
        return base  # a hybrid's generation_config.json is meant for its thinking
    if generation.get("do_sample") is False:
        base = replace(base, temperature=0.0)
    for key in _SAMPLING_KEYS:
        value = generation.get(key)
        if value is None or (key == "temperature" and base.greedy):
            continue
        try:
            base = parse_sampling({key: value}, base)
        except BadRequest:  # out of our ranges: keep what we have
            continue
    return base
