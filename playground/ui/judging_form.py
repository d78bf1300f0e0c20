"""What a cell's answers are held against and how often it is asked, between the page's form and
the document.

Values are as typed. Knows no session and no Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected, expected_from
from playground.domain.text import check_text
from playground.judging import check_expected
from playground.notebook.changes import Judge
from playground.notebook.document import PromptCell
from playground.notebook.plan import check_repeats
from playground.said_errors import said
from playground.ui.intents import ExpectedForm
from playground.words import number

MOST_REPEATS = 100
# What stands before and after these is part of them.
_AS_TYPED = ("exact", "pattern", "python")


def judge_from(cell: PromptCell, form: Mapping[str, Any]) -> Judge:
    """What a form of the page says; what it leaves out stays. Raises BadRequest."""
    expected, repeats = cell.expected, cell.repeats
    if "expected" in form:
        expected = expected_from_form(form["expected"])
    if "repeats" in form:
        repeats = repeats_from_form(form["repeats"])
    return Judge(cell.id, expected, repeats, cell.problems, cell.budgets)


def is_judged_so(cell: PromptCell, judge: Judge) -> bool:
    """Whether the change would change nothing."""
    now = Judge(cell.id, cell.expected, cell.repeats, cell.problems, cell.budgets)
    return now == judge


def expected_from_form(form: Any) -> Expected | None:
    """An expected answer as typed; an empty value is none. Raises BadRequest."""
    if form is None:
        return None
    if not isinstance(form, Mapping):
        raise BadRequest(f"expected is {form!r}, but must be an object. Reload the page.")
    kind, typed = form.get("kind", "value"), check_text("expected.value", form.get("value", ""))
    if not typed.strip():
        return None
    data: dict[str, object] = {"kind": kind}
    if kind == "one_of":
        data["values"] = [line.strip() for line in typed.splitlines() if line.strip()]
    else:
        data["value"] = typed if kind in _AS_TYPED else typed.strip()
    tolerance = str(form.get("tolerance", "")).strip()
    if kind == "number" and tolerance:
        data["tolerance"] = _decimal(tolerance)
    expected = expected_from(data)
    if expected is not None:
        check_expected(expected)
    return expected


def _decimal(text: str) -> object:
    """A number as typed, with a point or a comma; what is none is left for the check to refuse."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def repeats_from_form(typed: Any) -> int:
    """How often to ask, as typed; empty is once. Raises BadRequest."""
    text = str(typed).strip()
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else typed
    return check_repeats("repeats", 1 if text == "" else value, MOST_REPEATS)


def expected_form(expected: Expected | None) -> ExpectedForm | None:
    """What the page's form shows of an expected answer."""
    if expected is None:
        return None
    tolerance = number(f"{expected.tolerance:g}") if expected.tolerance else ""
    return ExpectedForm(kind=expected.kind, value="\n".join(expected.values), tolerance=tolerance)


def faults(form: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with each field of a form, in words; "" where nothing is."""
    return {
        "expected": _fault(expected_from_form, form.get("expected")),
        "repeats": _fault(repeats_from_form, form.get("repeats", "")),
    }


def _fault(read: Callable[[Any], object], typed: Any) -> str:
    try:
        read(typed)
    except BadRequest as exc:
        return said(exc)
    return ""
