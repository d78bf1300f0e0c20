"""Text as the rows of a table: CSV, pasted cells, Markdown, JSON or a JSON object a line; or lines.

Which of these it is shows in the text itself. Each row comes with the line that it stands in. Knows
no problem and no file.
"""

from __future__ import annotations

import csv
import io
import re
import reprlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playground.domain.errors import BadRequest
from playground.notebook import checking
from playground.notebook.variables import is_name

IsKnown = Callable[[str], bool]
"""Whether a name alone shows that its line names the columns."""
LINES = "prompt"
"""What the one column of plain lines is called."""
LONGEST_HEAD = 60
_LISTS = ("problems", "rows", "data", "examples")
_RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*[|+])*\s*:?-+:?\s*\|?\s*")
_CELL = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)
# A sentence, a sum, something after a colon, or a number.
_NO_NAME = re.compile(r"[.?!…]\s*\Z|[=+×÷^]|:\s*\S|\A\W*\d[\d.,%]*\s*\Z")
_SEPARATORS = ("\t", ",", ";")
_NEVER = "\x1f"
"""A separator for tables of one column: commas in its texts are text."""
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t]*', re.IGNORECASE)
"""A first line that tells Excel what separates cells."""
_CORRECT = "Correct it"
_QUOTE = "Put quotes around cells with separators in them"
_ESCAPE = "Write \\| for a bar in a cell"


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by their columns' names, and its line in the text, from 1."""

    line: int
    cells: Mapping[str, Any]


def rows_of(text: str, is_known: IsKnown) -> list[Row]:
    """The table's rows. Raises BadRequest."""
    body = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if body.lstrip().startswith("["):
        return _from_list(checking.parsed("The table", body, _CORRECT))
    if body.lstrip().startswith("{"):
        return _from_objects(body, is_known)
    lines = body.split("\n")
    if "|" in lines[0]:
        head = _markdown_cells(lines[0])
        ruled = len(lines) > 1 and _RULE.fullmatch(lines[1]) is not None
        if ruled or sum(map(is_known, head)) > 1:
            return _from_markdown(head, lines, 2 if ruled else 1)
    return _from_cells(body, is_known)


def _from_list(listed: Sequence[object]) -> list[Row]:
    return [
        Row(number, {LINES: each} if isinstance(each, str) else _object(f"Entry {number}", each))
        for number, each in enumerate(listed, start=1)
    ]


def _object(where: str, data: object) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadRequest(
            f"{where} is {reprlib.repr(data)}, but must be an object. Write one, such as"
            ' {"prompt": "What is 2 + 2?", "expected": "4"}.'
        )
    return data


def _from_objects(body: str, is_known: IsKnown) -> list[Row]:
    """One object, which may hold the list of all, or an object a line."""
    try:
        whole = checking.parsed("The table", body, _CORRECT)
    except BadRequest:
        lines = [(at, line) for at, line in enumerate(body.split("\n"), start=1) if line.strip()]
        if len(lines) == 1 or not lines[0][1].rstrip().endswith("}"):
            raise
        return [
            Row(at, _object(f"Line {at}", checking.parsed(f"Line {at}", line.strip(), _CORRECT)))
            for at, line in lines
        ]
    if any(is_known(name) for name in whole) or "values" in whole:
        return [Row(1, whole)]
    lists = {name: each for name, each in whole.items() if _are_objects(each)}
    named = [name for name in _LISTS if name in lists] or list(lists)
    return _from_list(lists[named[0]]) if len(named) == 1 else [Row(1, whole)]


def _are_objects(data: object) -> bool:
    return isinstance(data, list) and bool(data) and all(isinstance(each, dict) for each in data)


def _from_markdown(head: list[str], lines: list[str], begins: int) -> list[Row]:
    _check_once(head)
    return [
        Row(number, _named(number, head, _markdown_cells(line), _ESCAPE))
        for number, line in enumerate(lines[begins:], start=begins + 1)
        if line.strip()
    ]


def _markdown_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = [cell.strip() for cell in _split(inner)]
    if cells and not cells[-1] and inner.rstrip().endswith("|"):
        cells.pop()
    return [
        re.sub(r"<br\s*/?>", "\n", cell.replace("\\|", "|"), flags=re.IGNORECASE) for cell in cells
    ]


def _split(inner: str) -> Iterator[str]:
    at = 0
    while at <= len(inner):
        found = _CELL.match(inner, at)
        end = found.end() if found is not None else len(inner)
        yield inner[at:end]
        at = end + 1


def _from_cells(body: str, is_known: IsKnown) -> list[Row]:
    first, _, others = body.partition("\n")
    if told := _SEPARATOR_LINE.fullmatch(first.strip(" ")):
        body, separator = f"\n{others}", told[1]
    else:
        separator = _separator(first.strip(), is_known)
    try:
        read = list(_cells(body, separator, csv.QUOTE_MINIMAL))
    except BadRequest:
        if separator not in ("\t", _NEVER):
            raise
        read = list(_cells(body, separator, csv.QUOTE_NONE))  # quotes in pasted cells are text
    if not read:
        return []
    (_, head), *rest = read
    head = [cell.strip() for cell in head]
    if not any(map(is_known, head)):
        if separator == _NEVER and not is_name(head[0]):
            return [Row(number, {LINES: cells[0]}) for number, cells in read]
        _check_head(head, rest, is_known)
    _check_once(head)
    return [Row(number, _named(number, head, cells, _QUOTE)) for number, cells in rest]


def _separator(first: str, is_known: IsKnown) -> str:
    """What separates the most known names in the first line, or else the most cells."""

    def found(separator: str) -> tuple[int, int]:
        cells = first.split(separator)
        return sum(is_known(cell.strip(' "')) for cell in cells), len(cells)

    separator = max(_SEPARATORS, key=found)
    return separator if separator in first else _NEVER


def _check_head(head: list[str], rest: list[tuple[int, list[str]]], is_known: IsKnown) -> None:
    """A first line of names that nobody knows: is it one, or is a problem about to be lost?"""
    wrong = next((cell for cell in head if len(cell) > LONGEST_HEAD or _NO_NAME.search(cell)), None)
    if wrong is None and rest and sum(map(is_known, rest[0][1])) > 1:
        wrong = head[0]  # a title above the head
    if wrong is not None:
        raise BadRequest(
            f"The first line must name the columns, but has {wrong[:LONGEST_HEAD]!r}. Put for"
            " instance prompt,expected above it, or prompt alone for a problem a line."
        )
    for number, cells in rest:
        if len(cells) < len(head):
            raise BadRequest(
                f"Line {number} has fewer cells than the first line. Fill it up; or, if the first"
                " line is a problem, put prompt above it."
            )


def called_twice(name: str) -> BadRequest:
    """The error for two columns that nothing tells apart."""
    return BadRequest(f"Two columns are called {name!r}. Give one of them another name.")


def _check_once(head: list[str]) -> None:
    for at, name in enumerate(head):
        if name and name in head[:at]:
            raise called_twice(name)


def _cells(body: str, separator: str, quoting: Literal[0, 3]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line that it begins in. Spaces behind a separator are
    no part of a cell where they stand so in the first line."""
    reader = csv.reader(
        io.StringIO(body, newline=""),
        delimiter=separator,
        quoting=quoting,
        skipinitialspace=f"{separator} " in body.partition("\n")[0],
        strict=True,
    )
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as exc:
        raise BadRequest(
            f"The row from line {begins} on cannot be read: {exc}. Put quotes around cells with"
            " quotes, separators or line ends in them, and write a quote within as two."
        ) from exc


def _named(number: int, head: list[str], cells: list[str], remedy: str) -> Mapping[str, str]:
    """The cells under their names; cells that are missing at the end are empty."""
    if any(cell.strip() for cell in cells[len(head) :]):
        raise BadRequest(
            f"Line {number} has {len(cells)} cells, but the first line names {len(head)} columns."
            f" {remedy}."
        )
    filled = [*cells, *[""] * len(head)][: len(head)]
    return {name: cell for name, cell in zip(head, filled, strict=True) if name}
