"""What a profile is: everything in which one kind of server differs from another, as data.

Knows no particular server (`profiles` has them) and sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.domain.sampling import FIELD_BY_NAME, Sampling

Dialect = Literal["openai", "ollama"]
# Where a server counts the tokens of a chat that was not sent: a route and the shape of its body.
Tokenizing = Literal["vllm", "sglang", "llamacpp"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A sampling field on the wire.

    `wire` is the server's name for it, `off` what it calls our 0 (null: the same), `least` and
    `most` its own bounds where they are narrower than ours (`least_above_0`: 0 itself is taken),
    `omit` a value that must not be sent.
    `doubt` says why the server may not honour it.
    """

    wire: str
    off: float | None = None
    least: float | None = None
    least_above_0: float | None = None
    most: float | None = None
    omit: float | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of server.

    `parameters` are the fields it takes, `missing` those it cannot do and why: together they are
    all sampling fields. `body` is sent with every chat, `plain_body` also when the model is known
    not to think. `nested` is the body's key that holds the parameters, `as_text` those that go
    into one JSON string. `counts_end`: its usage counts the token that ends the turn.
    `tells_load`: its timings tell how long it loaded the model for this chat.
    """

    key: str
    label: str
    parameters: Mapping[str, Parameter]
    missing: Mapping[str, str]
    port: int | None = None
    dialect: Dialect = "openai"
    body: Mapping[str, Any] = field(default_factory=dict)
    plain_body: Mapping[str, Any] = field(default_factory=dict)
    nested: str | None = None
    as_text: tuple[str, frozenset[str]] | None = None
    tokenizing: Tokenizing | None = None
    counts_end: bool = False
    tells_load: bool = False
    most_stops: int | None = None
    hosts: tuple[str, ...] = ()
    key_variable: str | None = None

    def __post_init__(self) -> None:
        known = {*self.parameters, *self.missing}
        assert known == set(FIELD_BY_NAME) and not {*self.parameters} & {*self.missing}, self.key


NEUTRAL = Sampling()


@dataclass(frozen=True, slots=True)
class Sent:
    """Sampling as one server takes it: `values` by wire name, and what a reader must know."""

    values: Mapping[str, Any]
    notes: tuple[tuple[str, str], ...]


def to_wire(profile: Profile, sampling: Sampling, limit: int) -> Sent:
    """Every field under the server's name for it; `limit` is max_new_tokens after clamping."""
    values: dict[str, Any] = {}
    notes: list[tuple[str, str]] = []
    for name in FIELD_BY_NAME:
        ours: Any = limit if name == "max_new_tokens" else getattr(sampling, name)
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
        values[parameter.wire] = value
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


def chat_body(profile: Profile, sent: Sent, plain: bool) -> dict[str, Any]:
    """What goes into a chat's body beside model, messages and stream."""
    body: dict[str, Any] = dict(profile.body)
    if plain:
        body |= profile.plain_body
    values = dict(sent.values)
    if profile.as_text is not None:
        key, names = profile.as_text
        inner = {name: values.pop(name) for name in list(values) if name in names}
        body[key] = json.dumps(inner)
    if profile.nested is None:
        return body | values
    return body | {profile.nested: {**body.get(profile.nested, {}), **values}}
