"""A call of `compare` as Python source, and back: parsed, never executed, literal arguments only.

Knows Python's syntax; what the options mean for a cell is in `call`.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from playground.catalog import PAIRS, parse_name
from playground.domain.attachment import Attachment, attachments_from
from playground.domain.errors import BadRequest
from playground.domain.expected import expected_from
from playground.domain.request import LANES, SCHEDULES
from playground.domain.sampling import FIELD_BY_NAME
from playground.notebook import checking
from playground.notebook.call import Call
from playground.notebook.literals import WIDTH, literal, prompt_literal
from playground.notebook.packing import variables_from
from playground.notebook.plan import check_budgets, check_repeats
from playground.notebook.problem_tables import problem_rows, problems_given
from playground.notebook.problems import Problem, short_expected

ONE, EACH, LIST = "compare", "compare_each", "compare_list"
PLAIN_ROWS = 20
"""Longer lists stand as lines of JSON in one text."""
_NO_CALL = (
    SyntaxError,
    ValueError,
    TypeError,
    MemoryError,
    RecursionError,
    tokenize.TokenError,
    BadRequest,
)


def source(call: Call, comments: Iterable[str] = ()) -> str:
    """The call as a cell that runs by itself, below its comments."""
    name = LIST if call.problems else EACH if call.variables else ONE
    values = {name: list(given) for name, given in call.variables}
    named = [
        f"{key}={prompt_literal(value, 4) if key == 'system' else literal(value, 4)}"
        for key, value in call.options.items()
    ]
    named += ["continues=True"] if call.continues else []
    named += [f"{key}={literal(value, 4)}" for key, value in _measures(call).items()]
    if call.attachments:
        documents = "".join(map(_attachment_literal, call.attachments))
        named.append(f"attachments=[\n{documents}    ]")
    if values and call.problems:
        named.append(f"values={literal(values, 4)}")
    given = [_problems_literal(call.problems)] if call.problems else []
    given += [literal(values, 4)] if values and not call.problems else []
    arguments = [prompt_literal(call.prompt, 4), *given, *named]
    line = f"{name}({', '.join(arguments)})"
    if len(line) > WIDTH or "\n" in line:
        line = f"{name}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
    return "\n".join([*comments, f"from playground import {name}", "", line])


@lru_cache(maxsize=64)  # a document may be long, and is written at every save
def _attachment_literal(attachment: Attachment) -> str:
    """The document with its text as lines, below `attachments=[`."""
    text = prompt_literal(attachment.text, 16)
    if text.startswith('"') and "\n" in text and not text.startswith('"""'):  # words of one line
        text = f"(\n                {text}\n            )"
    return (
        f'        {{\n            "name": {literal(attachment.name)},\n'
        f'            "text": {text},\n        }},\n'
    )


def _measures(call: Call) -> dict[str, Any]:
    """What the answers are held against, and how often it is asked: as far as it is set."""
    measures: dict[str, Any] = {}
    if call.expected is not None:
        measures["expected"] = short_expected(call.expected)
    if call.repeats != 1:
        measures["repeats"] = call.repeats
    if call.budgets:
        measures["budgets"] = list(call.budgets)
    return measures


@lru_cache(maxsize=16)  # a list may be long, and is written after each of its runs
def _problems_literal(problems: tuple[Problem, ...]) -> str:
    rows = problem_rows(problems)
    if len(rows) <= PLAIN_ROWS:
        return literal(rows, 4)
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    return prompt_literal("\n".join(["", *lines, ""]), 4)


def parse(text: str) -> tuple[Call, tuple[str, ...]] | None:
    """The call that a source is, and the comments beside it; null where it is anything else."""
    if ONE not in text:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            statements = ast.parse(text).body
        call = _only_call(statements)
        return None if call is None else (_read(call), _comments(text))
    except _NO_CALL:
        return None


def _only_call(statements: list[ast.stmt]) -> ast.Call | None:
    """The one call, after nothing but its import."""
    *imports, last = statements
    for statement in imports:
        if not isinstance(statement, ast.ImportFrom) or statement.module != "playground":
            return None
        if any(alias.asname or alias.name not in (ONE, EACH, LIST) for alias in statement.names):
            return None
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return last.value
    return None


def _read(call: ast.Call) -> Call:
    """Raises BadRequest or ValueError for what no cell can be."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    given = [ast.literal_eval(argument) for argument in call.args]
    named = {str(each.arg): _plain(ast.literal_eval(each.value)) for each in call.keywords}
    if name not in (ONE, EACH, LIST) or len(given) != (1 if name == ONE else 2):
        raise ValueError(name)
    continues = checking.boolean("continues", named.pop("continues", False))
    attachments = attachments_from("attachments", named.pop("attachments", []), kept=True)
    values = given[1] if name == EACH else named.pop("values", {}) if name == LIST else {}
    problems = _problems(given[1]) if name == LIST else ()
    expected = expected_from(named.pop("expected", None))
    repeats = check_repeats("repeats", named.pop("repeats", 1))
    budgets = check_budgets("budgets", named.pop("budgets", []))
    check_options(named)
    return Call(
        checking.text("prompt", given[0]),
        variables_from("values", values),
        named,
        continues,
        attachments,
        expected,
        repeats,
        problems,
        budgets,
    )


def _problems(data: object) -> tuple[Problem, ...]:
    """Raises BadRequest; a file's name is none that a cell could keep."""
    if not isinstance(data, str):
        return problems_given("problems", _plain(data))
    if "\n" not in data:
        raise checking.refused("problems", data, "a table's text")
    return _problems_in(data)


@lru_cache(maxsize=16)
def _problems_in(text: str) -> tuple[Problem, ...]:
    return problems_given("problems", text)


def check_options(options: Mapping[str, Any]) -> None:
    """Refuse options that no cell can have. Raises BadRequest."""
    for name, value in options.items():
        match name:
            case "system":
                checking.text(name, value)
            case "schedule":
                checking.choice(name, value, SCHEDULES)
            case "pair":
                checking.choice(name, value, tuple(PAIRS))
            case "sampling":
                _check_sampling(value)
            case "keep_thinking":
                for lane in checking.items(name, value, len(LANES)):
                    checking.choice(name, lane, LANES)
            case "left" | "right":
                _check_lane(name, value)
            case _:
                raise checking.refused("option", name, "one that a cell can have")


def _check_lane(lane: str, value: object) -> None:
    assert lane in LANES
    own = {"model": value} if isinstance(value, str) else checking.mapping(lane, value)
    if not set(own) <= {"model", "sampling"}:
        raise checking.refused(lane, list(own), "a model and its sampling")
    if "model" in own:
        parse_name(checking.text("model", own["model"]))
    _check_sampling(own.get("sampling", {}))


def _check_sampling(value: object) -> None:
    for name, each in checking.mapping("sampling", value).items():
        checking.choice("field", name, tuple(FIELD_BY_NAME))
        checking.typed(name, each)


def _plain(value: object) -> Any:
    """Tuples as lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _comments(text: str) -> tuple[str, ...]:
    if "#" not in text:
        return ()
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return tuple(token.string for token in tokens if token.type == tokenize.COMMENT)
