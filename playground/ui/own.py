"""What a cell sets itself, between the page's form and the document: overrides and variables.

Values are as typed; they are checked when requests are built. Knows no session and no Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.catalog import parse_name
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, SCHEDULES, Lane
from playground.domain.sampling import FIELD_BY_NAME
from playground.domain.text import check_text
from playground.notebook.document import PromptCell
from playground.notebook.exports.saying import measured_words, own_words
from playground.notebook.settings import Overrides
from playground.notebook.variables import Variables, names
from playground.ui.intents import OwnSettings
from playground.ui.typed import control_value, typed_value
from playground.words import say


def own_from(form: Mapping[str, Any]) -> tuple[Overrides, Variables]:
    """What a form of the page says. Raises BadRequest for what no form would send."""
    system, schedule = form.get("system"), form.get("schedule")
    overrides = Overrides(
        system=None if system is None else check_text("system", system),
        schedule=None if schedule is None else check_text("schedule", schedule),
        models={
            lane: check_text(f"{lane}.model", name).strip()
            for lane, name in _by_lane(form.get("models"))
            if check_text(f"{lane}.model", name).strip()
        },
        sampling={lane: _sampling(lane, values) for lane, values in _by_lane(form.get("sampling"))},
        keep_thinking={lane: bool(keep) for lane, keep in _by_lane(form.get("keep_thinking"))},
    )
    for name in overrides.models.values():
        parse_name(name)
    if overrides.schedule is not None and overrides.schedule not in SCHEDULES:
        allowed = ", ".join(SCHEDULES)
        raise BadRequest(f"schedule is {overrides.schedule!r}, but must be one of: {allowed}.")
    variables = form.get("variables") or {}
    if not isinstance(variables, Mapping):
        raise BadRequest(f"variables is {variables!r}, but must be an object. Reload the page.")
    return overrides, tuple(
        (check_text("variable", name), tuple(check_text(name, value) for value in values))
        for name, values in variables.items()
        if values
    )


def _by_lane(section: Any) -> list[tuple[Lane, Any]]:
    return [(lane, section[lane]) for lane in LANES if lane in (section or {})]


def _sampling(lane: Lane, values: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in values.items():
        field = FIELD_BY_NAME.get(name)
        if field is None:
            raise BadRequest(f"{lane}.{name} is no sampling field. Reload the page.")
        if field.optional and isinstance(value, str) and _is_none(value):
            found[name] = None
            continue
        if isinstance(value, str):
            value = _number(value) if field.kind != "strings" else value
        typed = typed_value(field, value)
        if typed is not None and typed != []:
            found[name] = typed
    return found


def _is_none(text: str) -> bool:
    """Whether it was written out that a value is to be none, whatever the notebook's is."""
    return text.strip().casefold() in ("none", "null", "no limit", say("none"), say("no limit"))


def _number(text: str) -> object:
    """A decimal number as typed; what is none is left for the check to refuse."""
    try:
        return float(text.replace(",", ".")) if "." in text or "," in text else text
    except ValueError:
        return text


def own_view(cell: PromptCell) -> OwnSettings:
    """What the page's form shows for a cell."""
    own = cell.overrides
    view = OwnSettings()
    if own.system is not None:
        view["system"] = own.system
    if own.schedule is not None:
        view["schedule"] = own.schedule
    if own.models:
        view["models"] = dict(own.models)
    sampling = {
        lane: {name: shown(name, value) for name, value in values.items()}
        for lane, values in own.sampling.items()
        if values
    }
    if sampling:
        view["sampling"] = sampling
    if own.keep_thinking:
        view["keep_thinking"] = dict(own.keep_thinking)
    if cell.variables:
        view["variables"] = {name: list(values) for name, values in cell.variables}
    return view


def shown(name: str, value: object) -> str:
    """A sampling value as a text field shows it."""
    if value is None:
        return say("no limit") if name == "thinking_budget" else say("none")
    text = control_value(FIELD_BY_NAME[name], value)
    return f"{text:g}" if isinstance(text, float) else str(text)


def free_names(cell: PromptCell) -> list[str]:
    """The variables in a prompt that its problems, if it has any, do not fill."""
    filled = {name for problem in cell.problems for name, _ in problem.values}
    return [name for name in names(cell.prompt) if name not in filled]


def chips(cell: PromptCell, labels: Mapping[Lane, str]) -> list[str]:
    """The same in words, for whoever does not open the form."""
    said = [say("continues the conversation")] if cell.continues else []
    said += [*measured_words(cell), *own_words(cell, labels)]
    given = dict(cell.variables)
    for name in free_names(cell):
        values = given.get(name, ())
        if any(name in dict(problem.values) for problem in cell.problems):
            continue
        if len(values) == 1:
            said.append(f"{name} = {values[0]}")
        elif values:
            said.append(say("{name}: {count} values", name=name, count=len(values)))
        else:
            said.append(say("{name}: no value, sent as it is", name="{{" + name + "}}"))
    return said
