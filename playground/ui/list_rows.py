"""The rows of a list's table: each problem with what its runs came to, judged.

Only rows that are new to the page are made: a list of hundreds must cost no more than its last
run. Reads sessions; changes nothing. What a row is on the wire is in `list_wire`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from playground.domain.errors import PlaygroundError
from playground.domain.request import LANES, Lane, RunId
from playground.domain.text import cut
from playground.judging import agreement, final_answer
from playground.notebook.batch import BY_ITSELF
from playground.notebook.document import CellId, PromptCell, Run
from playground.notebook.judged import JudgedRun, judge_of, wanted
from playground.notebook.plan import Planned, plan, planned_of, problems_by_run
from playground.notebook.problems import Problem, asked_twice, tags_of
from playground.notebook.settings import differences
from playground.notebook.variables import names
from playground.rendering.plain_maths import plain_maths
from playground.results import wording
from playground.results.value import Result
from playground.ui.list_counted import ProblemRuns, counted_runs
from playground.ui.list_wire import LaneCell, ListRows, Row
from playground.ui.present import lane_labels
from playground.ui.python_tests import StillRunning
from playground.ui.session import Session
from playground.words import spoken, whole

Judge = Callable[[Run], JudgedRun]
MOST_CHARACTERS = 240
MOST_FINAL = 80


def list_rows(session: Session, cell_id: CellId, known: str = "", last: str = "") -> ListRows:
    """The rows that a page lacks that has those under the key `known`, up to the run `last`."""
    with session.lock:
        cell = session.document.prompt(cell_id)
        labels = lane_labels(session.cards())
    tables = Problems(cell)
    tags, judge = list(tags_of(cell.problems)), judge_of(cell, session.run_python)
    numbers = {tag: number for number, tag in enumerate(tags)}
    news = _news(session, cell, tables, known, last)
    rows = [
        _row(session, cell, at, news.counted.get(at, ProblemRuns()), numbers, judge)
        for at in (tables.first if news.whole else news.problems)
    ]
    newest = cell.runs[-1].id if cell.runs else ""
    return ListRows(
        key=news.key, last=newest, whole=news.whole, tags=tags, labels=labels, rows=rows
    )


@dataclass(frozen=True, slots=True)
class _News:
    """What a page lacks: the whole list, or what is new of these problems."""

    key: str
    whole: bool
    problems: Sequence[int]
    counted: Mapping[int, ProblemRuns]


def _news(session: Session, cell: PromptCell, tables: Problems, known: str, last: str) -> _News:
    def counted(part: PromptCell) -> tuple[str, Mapping[int, ProblemRuns]]:
        tests = session.run_python
        found = counted_runs(part, tables.index, None if tests is None else tests.known)
        return f"{made_of}-{hash(found.basis) & 0xFFFFFFFFFFFF:x}", found.problems

    made_of, ids = rows_key(session, cell), [run.id for run in cell.runs]
    if last not in ids or not known.startswith(f"{made_of}-"):
        key, of_all = counted(cell)
        return _News(key, key != known or last != "", (), of_all)
    since = len(ids) - ids[::-1].index(last)  # type: ignore[arg-type]
    new = {tables.index(run) for run in cell.runs[since:]}
    if not new:
        return _News(known, False, (), {})
    # As a rule new runs change nothing for other problems, which are not looked at then.
    earlier = [run for run in cell.runs[:since] if tables.index(run) in new]
    key, found = counted(replace(cell, runs=(*earlier, *cell.runs[since:]), shown=0))
    if key != known:
        key, found = counted(cell)
    return _News(key, key != known, sorted(new - {-1}), found)


class Problems:
    """A cell's problems and which runs are theirs; one that is there twice counts once."""

    def __init__(self, cell: PromptCell) -> None:
        self._cell = cell
        self._problem_of: Callable[[Run], Problem | None] = problems_by_run(cell)
        asked = set(names(cell.prompt))
        again = {later - 1 for _, later in asked_twice(cell.problems, asked)}
        self.first = [at for at in range(len(cell.problems)) if at not in again]
        self._places = {id(problem): at for at, problem in enumerate(cell.problems)}

    def index(self, run: Run) -> int:
        """Which problem the run asked; -1 for one that is not in the list any more."""
        problem = self._problem_of(run)
        return -1 if problem is None else self._places[id(problem)]


def rows_key(session: Session, cell: PromptCell) -> str:
    """Of all that a row depends on beside the runs; only this process compares it."""
    try:
        first = plan(replace(cell, problems=cell.problems[:1]))
        asked = session.asked(cell.id, first[0])[1] if first else ()
    except PlaygroundError:
        asked = ()
    blank = [
        replace(each, id=RunId(""), created_at="", sampling=replace(each.sampling, seed=None))
        for each in asked
    ]
    cards = session.cards()
    of = (cell.prompt, cell.problems, cell.budgets, cell.variables, repr(blank), repr(cards))
    return f"{hash((spoken(), *of)) & 0xFFFFFFFFFFFF:x}"


def _row(
    session: Session,
    cell: PromptCell,
    at: int,
    runs: ProblemRuns,
    tags: Mapping[str, int],
    judge: Judge,
) -> Row:
    problem = cell.problems[at]
    return [
        at,
        cut(plain_maths(problem.text), MOST_CHARACTERS),
        "" if problem.expected is None else wanted(problem.expected),
        [tags[tag] for tag in problem.tags],
        _agreement(runs),
        runs.newest is not None and _is_old(session, cell, runs.newest),
        *(_lane_cell(lane, runs.shown(lane), judge) for lane in LANES),
        [*astuple(runs.counts)],
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """A lane's result, with its grade and final answer as a row tells them."""

    result: Result
    grade: str
    final: str


def _told(run: Run, lane: Lane, judge: Judge) -> Told:
    """What did not end by itself is neither right nor wrong."""
    result = run.result(lane)
    if result.ending not in BY_ITSELF:
        return Told(result, "stopped", "")
    try:
        graded = judge(run).grades.get(lane)
    except StillRunning:
        return Told(result, "waiting", "")
    if graded is not None:
        return Told(result, graded.kind, "" if graded.final is None else graded.final.text)
    if not result.has_answer:
        return Told(result, "no_answer", "")
    final = final_answer(result.output.answer)
    return Told(result, "", "" if final is None else final.text)


def _lane_cell(lane: Lane, runs: Sequence[Run], judge: Judge) -> LaneCell | None:
    if not runs:
        return None
    found = [_told(run, lane, judge) for run in runs]
    right = sum(each.grade == "right" for each in found)
    decided = sum(each.grade in ("right", "wrong", "no_answer") for each in found)
    shown = _typical(found, right, decided)
    tokens = [n for each in found if (n := each.result.numbers.generated_tokens) is not None]
    totals = [s for each in found if (s := each.result.numbers.total_s) is not None]
    token_count = statistics.median(tokens) if tokens else None
    total_s = statistics.median(totals) if totals else None
    counts = shown.result.numbers.counts
    return [
        cut(plain_maths(shown.final), MOST_FINAL),
        shown.grade,
        right,
        decided,
        len(found),
        token_count,
        wording.UNKNOWN if token_count is None else wording.count(whole(token_count), counts),
        total_s,
        wording.UNKNOWN if total_s is None else wording.seconds(total_s),
    ]


def _typical(found: Sequence[Told], right: int, decided: int) -> Told:
    """The one that stands for several: the newest that is as most of them are."""
    if len(found) == 1 or not decided:
        return found[-1]
    if 2 * right > decided:
        return next(each for each in reversed(found) if each.grade == "right")
    others = [each for each in found if each.grade in ("wrong", "no_answer")]
    none = sum(each.grade == "no_answer" for each in others)
    wanted = "no_answer" if 2 * none > len(others) else "wrong"
    return next((each for each in reversed(others) if each.grade == wanted), found[-1])


def _agreement(runs: ProblemRuns) -> str:
    """agree, disagree or cannot_tell; "" unless both lanes came to their end."""
    if runs.newest_pair is None:
        return ""
    left, right = (run.result(lane) for run, lane in zip(runs.newest_pair, LANES, strict=True))
    if left.ending not in BY_ITSELF or right.ending not in BY_ITSELF:
        return ""
    return agreement(left, right).kind


def _is_old(session: Session, cell: PromptCell, run: Run) -> bool:
    """Whether running the problem now would ask something else."""

    def thinks(model: str) -> bool:
        return session.describe(model).thinks

    try:
        planned: Planned = planned_of(cell, run, thinks)
        now = session.asked(cell.id, planned)[1]
    except PlaygroundError:
        return True
    return any(
        differences(run.result(request.lane).request, request, seed=False)
        for request in now
        if request.lane in run.lanes
    )
