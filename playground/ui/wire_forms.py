"""What the cells' own settings and menus are made of, as it travels to the page. Types only."""

from __future__ import annotations

from typing import Literal, TypedDict

from playground.domain.request import Lane


class FieldForm(TypedDict):
    """One sampling field as a cell may override it, by lane: `values` are the notebook's own, `off`
    says why its model cannot take it, `offered` are values of its card."""

    name: str
    label: str
    help: str
    kind: Literal["number", "integer", "strings"]
    values: dict[Lane, str]
    off: dict[Lane, str]
    offered: dict[Lane, list[int]]


class Advice(TypedDict):
    """A sentence of the models' cards that one may put behind a prompt."""

    name: str
    label: str
    text: str
