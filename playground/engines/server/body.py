"""A chat's body by a profile: every sampling field under the server's name for it, or a note.

Knows no particular server and sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.domain.sampling import FIELD_BY_NAME, Sampling
from playground.engines.server.profile import Parameter, Profile

NEUTRAL = Sampling()


@dataclass(frozen=True, slots=True)
class Sent:
    """Sampling as one server takes it: `values` by wire name, and what a reader must know."""

    values: Mapping[str, Any]
    notes: tuple[tuple[str, str], ...]


def to_wire(profile: Profile, sampling: Sampling, limit: int, thinks: bool = True) -> Sent:
    """Every field under the server's name for it; `limit` is max_new_tokens after clamping, a
    thinking budget is for a model that thinks."""
    values: dict[str, Any] = {}
    notes: list[tuple[str, str]] = []
    for name in FIELD_BY_NAME:
        ours: Any = limit if name == "max_new_tokens" else getattr(sampling, name)
        if name == "thinking_budget" and not thinks:
            continue
        parameter = profile.parameters.get(name)
        if parameter is None:
            if ours != getattr(NEUTRAL, name) and ours is not None:
                reason = profile.missing[name]
                notes.append(("unsupported", f"{name} = {_shown(ours)} was not sent: {reason}"))
            continue
        if ours is None:
            continue
        value = _bounded(parameter, name, ours, notes)
        if isinstance(value, tuple):
            value = _stops(profile, value, notes)
        if value == parameter.omit or value == []:
            continue
        if parameter.inside is None:
            values[parameter.wire] = value
        else:
            values[parameter.inside] = {**values.get(parameter.inside, {}), parameter.wire: value}
        if parameter.doubt and ours != getattr(NEUTRAL, name):
            notes.append(("doubtful", f"{name}: {parameter.doubt}"))
    return Sent(values, tuple(notes))


def _bounded(parameter: Parameter, name: str, value: Any, notes: list[tuple[str, str]]) -> Any:
    if isinstance(value, tuple):
        return value
    if value == 0 and parameter.off is not None:
        return parameter.off
    least = value if parameter.least is None else max(value, parameter.least)
    if value > 0 and parameter.least_above_0 is not None:
        least = max(least, parameter.least_above_0)
    sent = least if parameter.most is None else min(least, parameter.most)
    if sent != value:
        notes.append(("clamped", f"{name} is {value:g}; this server takes {sent:g}."))
    return sent


def _stops(profile: Profile, stops: tuple[str, ...], notes: list[tuple[str, str]]) -> list[str]:
    most = profile.most_stops
    if most is not None and len(stops) > most:
        notes.append(
            ("clamped", f"Only the first {most} stop strings were sent: more are refused.")
        )
    return list(stops[:most])


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)


def chat_body(
    profile: Profile, sent: Sent, plain: bool = False, off: bool = False, stops: bool = False
) -> dict[str, Any]:
    """What goes into a chat's body beside model, messages and stream. `plain`: the model is not
    to think; `off`: that was asked by its name; `stops`: stop strings are sent."""
    body: dict[str, Any] = dict(profile.body)
    for wanted, more in (
        (plain, profile.plain_body),
        (off, profile.off_body),
        (stops, profile.stops_body),
    ):
        if wanted:
            body |= more
    values = dict(sent.values)
    if profile.as_text is not None:
        key, names = profile.as_text
        inner = {name: values.pop(name) for name in list(values) if name in names}
        body[key] = json.dumps({**body.get(key, {}), **inner})
    if profile.nested is None:
        return body | values
    return body | {profile.nested: {**body.get(profile.nested, {}), **values}}
