"""What is known of a server's model before it runs: which it is, whether it thinks, its card.

Asks nobody: all of it comes from the name, the catalog and what the server said.
"""

from __future__ import annotations

from dataclasses import replace

from playground import catalog
from playground.catalog import ModelName
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, ModelNotFound
from playground.domain.events import Origin
from playground.domain.sampling import Sampling
from playground.engines import SERVER_LEASE
from playground.engines.server.identify import ServedModel, ServerFacts


def choose(facts: ServerFacts, name: ModelName) -> ServedModel:
    """The model that the name means. Raises ModelNotFound, BadRequest."""
    wanted = name.option("model")
    ids = [model.id for model in facts.models]
    shown = ", ".join(map(repr, ids[:12])) + (", …" if len(ids) > 12 else "")
    if wanted is None:
        if len(ids) == 1:
            return facts.models[0]
        raise BadRequest(
            f"{name.where} serves {len(ids)} models. Name one with ?model=, for instance"
            f" {shown or 'its id'}."
        )
    found = facts.model(wanted) or facts.model(f"{wanted}:latest")  # which Ollama leaves out
    if found is not None:
        return found
    if ids and not facts.profile.hosts:
        raise ModelNotFound(
            f"{name.where} ({facts.profile.label}) has no model {wanted!r}. It has: {shown}."
        )
    return ServedModel(wanted)


def is_plain(name: ModelName, model: ServedModel) -> bool:
    """Whether the model is known to have no thinking part."""
    entry = catalog.served(model.id)
    return name.option("thinking") == "off" or (entry is not None and not entry.thinks)


def _thinks(name: ModelName, model_id: str, told: bool | None) -> bool:
    switch = name.option("thinking")
    if switch is not None:
        return switch == "on"
    entry = catalog.served(model_id)
    if entry is not None:
        return entry.thinks
    return told if told is not None else "thinking" in model_id.lower()


def _label(name: ModelName, model_id: str) -> str:
    options = {**dict(name.options), **({"model": model_id} if model_id else {})}
    return replace(name, options=tuple(options.items())).label


def describe(name: ModelName, facts: ServerFacts | None, model: ServedModel | None) -> ModelCard:
    model_id = model.id if model else name.option("model") or ""
    entry = catalog.served(model_id)
    context = model.context if model else None
    defaults = entry.sampling if entry else Sampling()
    if entry and entry.without_thinking and name.option("thinking") == "off":
        defaults = entry.without_thinking
    if context is not None and defaults.max_new_tokens > context // 2:
        defaults = replace(defaults, max_new_tokens=max(1, context // 2))
    if facts is None:
        origin, missing = Origin("server"), {}
    else:
        version = f" {facts.version}" if facts.version else ""
        origin = Origin("server", server=f"{facts.profile.label}{version} at {facts.url}")
        missing = dict(facts.profile.missing)
    return ModelCard(
        name=str(name),
        label=_label(name, model_id),
        thinks=_thinks(name, model_id, model.thinks if model else None),
        context=context,
        defaults=defaults,
        origin=origin,
        lease=SERVER_LEASE,
        loaded=facts is not None,
        unsupported=tuple(missing.items()),
    )
