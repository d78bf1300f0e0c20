"""What is known of a server's model before it runs: which it is, whether it thinks, its card.

Asks nobody: all of it comes from the name, the catalog and what the server said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from playground import catalog
from playground.catalog import ModelName
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, ModelNotFound
from playground.domain.events import Origin
from playground.domain.sampling import Sampling
from playground.engines import SERVER_LEASE
from playground.engines.server.identify import ServedModel, ServerFacts
from playground.engines.server.profile import Profile


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
    if ids and facts.profile.lists_all:
        raise ModelNotFound(
            f"{name.where} ({facts.profile.label}) has no model {wanted!r}. It has: {shown}."
        )
    return ServedModel(wanted)


ALWAYS = "this model always thinks; thinking=off has no effect on it."


@dataclass(frozen=True, slots=True)
class Thinking:
    """What is known of a model's thinking. `plain`: it is known to have none, or was asked not to
    think; `off`: its server can be told so. `stays` says why it may think all the same."""

    thinks: bool
    plain: bool = False
    off: bool = False
    stays: str = ""


def thinking_of(name: ModelName, model: ServedModel, profile: Profile | None) -> Thinking:
    """By the name, then the catalog, then what the server said; `profile` null before it was
    asked."""
    entry = catalog.served(model.id)
    if entry is not None:
        known = entry.thinks
    else:
        known = model.thinks if model.thinks is not None else "thinking" in model.id.lower()
    match name.option("thinking"):
        case "on":
            return Thinking(True)
        case "off" if entry is not None and not entry.thinks:
            return Thinking(False, plain=True)
        case "off" if entry is not None and entry.without_thinking is None:
            return Thinking(True, stays=ALWAYS)
        case "off" if profile is not None and not profile.switches:
            return Thinking(known, plain=not known, stays=profile.no_switch)
        case "off":
            return Thinking(False, plain=True, off=True)
        case _:
            return Thinking(known, plain=entry is not None and not entry.thinks)


def _label(name: ModelName, model_id: str) -> str:
    options = {**dict(name.options), **({"model": model_id} if model_id else {})}
    return replace(name, options=tuple(options.items())).label


def describe(name: ModelName, facts: ServerFacts | None, model: ServedModel | None) -> ModelCard:
    model_id = model.id if model else name.option("model") or ""
    entry = catalog.served(model_id)
    context = model.context if model else None
    defaults = entry.sampling if entry else Sampling()
    profile = facts.profile if facts else None
    thinking = thinking_of(name, model or ServedModel(model_id), profile)
    if entry and entry.without_thinking and thinking.off:
        defaults = entry.without_thinking
    if context is not None and defaults.max_new_tokens > context // 2:
        defaults = replace(defaults, max_new_tokens=max(1, context // 2))
    if facts is None:
        origin, missing = Origin("server"), dict[str, str]()
    else:
        version = f" {facts.version}" if facts.version else ""
        origin = Origin("server", server=f"{facts.profile.label}{version} at {facts.url}")
        missing = dict(facts.profile.missing)
    if thinking.stays:
        missing["thinking"] = thinking.stays
    return ModelCard(
        name=str(name),
        label=_label(name, model_id),
        thinks=thinking.thinks,
        context=context,
        defaults=defaults,
        origin=origin,
        lease=SERVER_LEASE,
        loaded=facts is not None,
        unsupported=tuple(missing.items()),
    )
