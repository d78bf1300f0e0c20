"""What travels between Python and the page about lists (cells with problems). Types only, no logic.

A list's cell view has a `ListView`; its rows come by a question, compact and only as far as they
are new, for hundreds of them would make every view heavy. Questions, as in `intents`:
    preview  {session, text, cell | null}   → Preview      what a table was taken for
    builtin  {session}                      → {text}       the built-in problems as a table
    listed   {session, cell}                → {text}       a list's problems as a table
    rows     {session, cell, key, last}     → ListRows     rows that the page lacks
    row      {session, cell, problem | run} → OpenedRow    one problem with its runs
    summary  {session, cell}                → {words}      what the list says, in one paragraph
    pause    {session, cell}                → {}           no further run of this cell begins
"""

from __future__ import annotations

from typing import Any, TypedDict

from playground.domain.request import Lane


class ListView(TypedDict):
    """How far a list has come. Counts are of planned runs: problems, times repeats and budgets;
    `problems` is how many there are, one that is there twice counted once.

    `running` is which problem runs now, from 1, 0 for none; `pausing`: it is the last one before a
    pause. `error` says why the list cannot be run as it is. `kept` counts all runs that there are,
    `key` is of what its rows are made of beside those.
    """

    problems: int
    planned: int
    done: int
    waiting: int
    running: int
    pausing: bool
    error: str
    kept: int
    key: str


class ColumnView(TypedDict):
    """A column of a table and, in words, what it was taken for."""

    name: str
    taken_for: str


class Preview(TypedDict):
    """What a table was read as: what its columns were taken for, and the first problems, a text
    for each of `heads`.

    `error` says what is wrong with it, and where; then the rest is empty.
    """

    count: str
    notes: list[str]
    columns: list[ColumnView]
    heads: list[str]
    rows: list[list[str]]
    error: str


LaneCell = list[Any]
"""[final answer, grade, right runs, judged runs, runs, tokens, in words, seconds, in words]; grade
is right, wrong, no_answer, not_judged, waiting (its tests run), stopped or "" (nothing is
expected)."""
Row = list[Any]
"""[index, prompt, expected, numbers of its tags, agreement or "", not up to date, LaneCell of the
left lane or null, that of the right lane or null, its pairs of runs: [both right, only the left
one, only the right one, neither]]; all are of the runs that the verdict counts, where it counts
any of the problem."""


class ListRows(TypedDict):
    """Rows that are new to the page; all of them where `whole`. `last` is the newest run in it.

    `key` is of what was asked: under another one, rows that the page has say nothing any more.
    """

    key: str
    last: str
    whole: bool
    tags: list[str]
    labels: dict[Lane, str]
    rows: list[Row]
