"""Text as the rows of a table: CSV, pasted cells, Markdown, JSON or a JSON object a line; or lines.

Which of these it is shows in the text itself. Each row comes with the line that it stands in. Knows
no problem and no file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from playground.domain.errors import BadRequest
from playground.notebook import checking

LINES = "prompt"
"""What the one column of plain lines is called."""
LONGEST_HEAD = 60
_RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*")
_CELL = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)
_NO_HEAD = re.compile(r"[.?!]\s*\Z")
_SEPARATORS = ("\t", ",", ";")
_NEVER = "\x1f"
"""A separator for tables of one column: commas in its texts are text."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by their columns' names, and its line in the text, from 1."""

    line: int
    cells: Mapping[str, Any]


def rows_of(text: str, known: frozenset[str]) -> list[Row]:
    """The table's rows; `known` are names that show that a first line is a head. Raises
    BadRequest."""
    body = text.removeprefix("\ufeff").strip("\r\n")
    if body.lstrip().startswith("["):
        return _from_list(checking.parsed("The table", body))
    if body.lstrip().startswith("{"):
        return list(_from_json_lines(body))
    lines = body.splitlines()
    if len(lines) > 1 and "|" in lines[0] and _RULE.fullmatch(lines[1]):
        return _from_markdown(lines)
    return _from_cells(body, known)


def _from_list(data: object) -> list[Row]:
    listed = data if isinstance(data, list) else []
    return [
        Row(number, {LINES: each} if isinstance(each, str) else _object(number, each))
        for number, each in enumerate(listed, start=1)
    ]


def _object(number: int, data: object) -> Mapping[str, Any]:
    return checking.mapping(f"Entry {number}", data)


def _from_json_lines(body: str) -> Iterator[Row]:
    for number, line in enumerate(body.split("\n"), start=1):
        if line.strip():
            where = f"Line {number}"
            yield Row(number, checking.mapping(where, checking.parsed(where, line.strip())))


def _from_markdown(lines: list[str]) -> list[Row]:
    head = _markdown_cells(lines[0])
    rows = []
    for number, line in enumerate(lines[2:], start=3):
        if line.strip():
            rows.append(Row(number, _named(number, head, _markdown_cells(line))))
    return rows


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


def _from_cells(body: str, known: frozenset[str]) -> list[Row]:
    first = body.split("\n", 1)[0].strip()
    separator = max(_SEPARATORS, key=first.count)
    separator = separator if separator in first else _NEVER
    try:
        read = list(_cells(body, separator, csv.QUOTE_MINIMAL))
    except BadRequest:
        if separator != "\t":
            raise
        read = list(_cells(body, separator, csv.QUOTE_NONE))  # quotes in pasted cells are text
    if not read:
        return []
    (_, head), *rest = read
    head = [cell.strip() for cell in head]
    if not any(cell.casefold() in known for cell in head):
        if separator == _NEVER and not re.fullmatch(r"\w+", head[0]):
            return [Row(number, {LINES: cells[0]}) for number, cells in read]
        _check_head(head)
    return [Row(number, _named(number, head, cells)) for number, cells in rest]


def _check_head(head: list[str]) -> None:
    for cell in head:
        if len(cell) > LONGEST_HEAD or _NO_HEAD.search(cell):
            raise BadRequest(
                f"The first line must name the columns, but has {cell[:LONGEST_HEAD]!r}. Put for"
                " instance prompt,expected above it."
            )


def _cells(body: str, separator: str, quoting: Literal[0, 3]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line that it begins in."""
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=separator, quoting=quoting, strict=True
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


def _named(number: int, head: list[str], cells: list[str]) -> Mapping[str, str]:
    """The cells under their names; cells that are missing at the end are empty."""
    if any(cell.strip() for cell in cells[len(head) :]):
        raise BadRequest(
            f"Line {number} has {len(cells)} cells, but the first line names {len(head)} columns."
            " Put quotes around cells with separators in them."
        )
    filled = [*cells, *[""] * len(head)][: len(head)]
    return {name: cell for name, cell in zip(head, filled, strict=True) if name}
