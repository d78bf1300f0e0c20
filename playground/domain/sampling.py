"""The one table of sampling fields: it drives the controls, validation, API, docs and engines.

Knows names, ranges and meanings. Knows no model (defaults come from the model's own files) and
no engine (each engine reads a `Sampling`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

from playground.domain.errors import BadRequest
from playground.domain.text import check_text

Kind = Literal["number", "integer", "strings"]

SEED_MAXIMUM = 2**63 - 1
DRAWN_SEED_MAXIMUM = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Field:
    """One sampling parameter: how it is called, what it may be, what it does."""

    name: str
    label: str
    kind: Kind
    minimum: float
    maximum: float
    step: float
    optional: bool
    help: str

    def allowed(self) -> str:
        """The allowed values in words."""
        if self.kind == "strings":
            return f"at most {self.maximum:g} non-empty strings"
        low, high = _plain(self.minimum), _plain(self.maximum)
        whole = self.kind == "integer"
        bounds = f"an integer from {low} to {high}" if whole else f"a number from {low} to {high}"
        return f"{bounds} or null" if self.optional else bounds


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


FIELDS: tuple[Field, ...] = (
    Field("temperature", "Temperature", "number", 0, 2, 0.05, False,
          "Spread of the choice; 0 is greedy (always the likeliest token)."),
    Field("top_p", "Top p", "number", 0, 1, 0.01, False,
          "Keep the likeliest tokens that add up to this probability; 1 is off."),
    Field("top_k", "Top k", "integer", 0, 1000, 1, False,
          "Keep this many of the likeliest tokens; 0 is off."),
    Field("min_p", "Min p", "number", 0, 1, 0.01, False,
          "Drop tokens below this share of the likeliest one's probability; 0 is off."),
    Field("presence_penalty", "Presence penalty", "number", -2, 2, 0.1, False,
          "Taken from the logit of every token already generated; against endless repetition."),
    Field("repetition_penalty", "Repetition penalty", "number", 0.1, 2, 0.05, False,
          "Divides the logits of tokens seen in prompt and output; 1 is off."),
    Field("max_new_tokens", "Max new tokens", "integer", 1, 1_000_000, 1, False,
          "The run ends after this many tokens, thinking included."),
    Field("seed", "Seed", "integer", 0, SEED_MAXIMUM, 1, True,
          "The same seed gives the same tokens; null draws one before the run and stores it."),
    Field("stop", "Stop strings", "strings", 1, 16, 1, False,
          "Generation ends where one of these appears in the answer (servers: in the trace, too)."),
    Field("thinking_budget", "Thinking budget", "integer", 0, 1_000_000, 1, True,
          "At most this many thinking tokens; null is no budget."),
)  # fmt: skip
FIELD_BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are chosen and when to stop; neutral values unless a model says otherwise."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    presence_penalty: float = 0.0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 2048
    seed: int | None = None
    stop: tuple[str, ...] = ()
    thinking_budget: int | None = None

    @property
    def greedy(self) -> bool:
        return self.temperature == 0


def draw_seed() -> int:
    """A random seed, short enough to be read and typed again."""
    return secrets.randbelow(DRAWN_SEED_MAXIMUM)


def parse_sampling(changes: Mapping[str, object], base: Sampling) -> Sampling:
    """`base` with `changes` laid over it, each checked against its field.

    Raises:
        BadRequest: an unknown key, or a value outside the field's range; names all three.
    """
    values = {name: parse_value(name, value) for name, value in changes.items()}
    return replace(base, **values)  # type: ignore[arg-type]


def parse_value(name: str, value: object) -> float | int | tuple[str, ...] | None:
    """One field's value, checked and converted. Raises BadRequest."""
    field = FIELD_BY_NAME.get(name)
    if field is None:
        known = ", ".join(FIELD_BY_NAME)
        raise BadRequest(f"Unknown sampling parameter {name!r}. Use one of: {known}.")
    if value is None and field.optional:
        return None
    if field.kind == "strings":
        return _parse_strings(field, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(field, value)
    if not field.minimum <= value <= field.maximum:  # NaN is within no bounds
        raise _refused(field, value)
    if field.kind == "integer":
        if value != int(value):
            raise _refused(field, value)
        return int(value)
    return float(value)


def _parse_strings(field: Field, value: object) -> tuple[str, ...]:
    items = (value,) if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or len(items) > field.maximum or not all(items):
        raise _refused(field, value)
    return tuple(check_text(field.name, item) for item in items)


def _refused(field: Field, value: object) -> BadRequest:
    shown = "empty" if value is None else repr(value)
    shown = shown if len(shown) <= 80 else f"{shown[:79]}…"
    return BadRequest(f"{field.name} is {shown}, but must be {field.allowed()}. Change it.")


assert tuple(field.name for field in fields(Sampling)) == tuple(FIELD_BY_NAME)
