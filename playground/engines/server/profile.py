"""What a profile is: everything in which one kind of server differs from another, as data.

Knows no particular server (`profiles` has them), reads no stream and sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.domain.sampling import FIELD_BY_NAME

Dialect = Literal["openai", "ollama"]
# Where a server counts the tokens of a chat that was not sent: a route and the shape of its body.
Tokenizing = Literal["vllm", "sglang", "llamacpp", "tgi"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A sampling field on the wire.

    `wire` is the server's name for it, `inside` the body's object that holds it (null: the body
    itself), `off` what it calls our 0 (null: the same), `least` and `most` its own bounds where
    they are narrower than ours (`least_above_0`: 0 itself is taken), `omit` a value that must not
    be sent. `doubt` says why the server may not honour it.
    """

    wire: str
    inside: str | None = None
    off: float | None = None
    least: float | None = None
    least_above_0: float | None = None
    most: float | None = None
    omit: float | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests a service takes a day: whose, and the headers that tell how many there
    are and how many are left; `used_up` is the next step when none is."""

    whose: str
    most_header: str
    left_header: str
    used_up: str


@dataclass(frozen=True, slots=True)
class Fixes:
    """What to do about a server that is set up unfavourably; empty where nothing helps."""

    context: str = "Start it with a context of 32,768 or more."
    parser: str = ""
    seed: str = "Nothing helps here: runs cannot be repeated."


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of server.

    `parameters` are the fields it takes, `missing` those it cannot do and why: together they are
    all sampling fields. `samplers` says in which order it applies them and to what.

    `body` is sent with every chat; `plain_body` also when the model is not to think, known or
    asked; `off_body` also when it is asked not to; `stops_body` also with stop strings. Where
    neither `plain_body` nor `off_body` switches thinking off, `no_switch` says why.
    `nested` is the body's key that holds the parameters, `as_text` those that go into one JSON
    string, beside what `body` has there.

    `stop_finish` is its finish reason for a stop string, where that has one of its own.
    `counts_end`: its usage counts the token that ends the turn. `counts_cached`: its prompt count
    has always included what it had cached. `clamps`: it lowers a limit that does not fit by
    itself. `tells_load`: its timings tell how long it loaded the model for this chat.
    `lists_all`: it has no models but those that it lists.
    `trace_field` is a message's key for an earlier turn's thinking; null where it has none.
    """

    key: str
    label: str
    parameters: Mapping[str, Parameter]
    missing: Mapping[str, str]
    samplers: str = ""
    port: int | None = None
    dialect: Dialect = "openai"
    body: Mapping[str, Any] = field(default_factory=dict)
    plain_body: Mapping[str, Any] = field(default_factory=dict)
    off_body: Mapping[str, Any] = field(default_factory=dict)
    stops_body: Mapping[str, Any] = field(default_factory=dict)
    no_switch: str = ""
    nested: str | None = None
    as_text: tuple[str, frozenset[str]] | None = None
    tokenizing: Tokenizing | None = None
    stop_finish: str | None = None
    counts_end: bool = False
    counts_cached: bool = True
    clamps: bool = False
    tells_load: bool = False
    lists_all: bool = True
    trace_field: str | None = None
    most_stops: int | None = None
    fixes: Fixes = Fixes()
    hosts: tuple[str, ...] = ()
    key_variable: str | None = None
    allowances: tuple[Allowance, ...] = ()

    def __post_init__(self) -> None:
        known = {*self.parameters, *self.missing}
        assert known == set(FIELD_BY_NAME) and not {*self.parameters} & {*self.missing}, self.key
        assert not (self.switches and self.no_switch), self.key

    @property
    def switches(self) -> bool:
        """Whether a model's thinking can be switched off there, chat by chat."""
        return bool(self.plain_body or self.off_body)
