"""A call of `compare` as Python source, and back: parsed, never executed, literal arguments only.

Knows Python's syntax; what the options mean for a cell is in `call`.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from playground.catalog import PAIRS, parse_name
from playground.domain.attachment import Attachment, attachments_from
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, SCHEDULES
from playground.domain.sampling import FIELD_BY_NAME
from playground.notebook import checking
from playground.notebook.call import Call
from playground.notebook.literals import WIDTH, literal, prompt_literal
from playground.notebook.packing import variables_from

ONE, EACH = "compare", "compare_each"
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
    name = EACH if call.variables else ONE
    values = {name: list(given) for name, given in call.variables}
    named = [
        f"{key}={prompt_literal(value, 4) if key == 'system' else literal(value, 4)}"
        for key, value in call.options.items()
    ]
    named += ["continues=True"] if call.continues else []
    if call.attachments:
        documents = "".join(map(_attachment_literal, call.attachments))
        named.append(f"attachments=[\n{documents}    ]")
    arguments = [prompt_literal(call.prompt, 4), *([literal(values, 4)] if values else []), *named]
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
        if any(alias.asname or alias.name not in (ONE, EACH) for alias in statement.names):
            return None
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return last.value
    return None


def _read(call: ast.Call) -> Call:
    """Raises BadRequest or ValueError for what no cell can be."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    given = [ast.literal_eval(argument) for argument in call.args]
    named = {str(each.arg): _plain(ast.literal_eval(each.value)) for each in call.keywords}
    if name not in (ONE, EACH) or len(given) != (2 if name == EACH else 1):
        raise ValueError(name)
    continues = checking.boolean("continues", named.pop("continues", False))
    attachments = attachments_from("attachments", named.pop("attachments", []))
    variables = variables_from("values", given[1]) if name == EACH else ()
    check_options(named)
    return Call(checking.text("prompt", given[0]), variables, named, continues, attachments)


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
