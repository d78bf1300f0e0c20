"""What the repeats of a cell say together, by lane: how often right, which answer, medians.

Counts the runs under the models and settings of the run that is shown, and of the same question.
No Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from playground.domain.events import CountBasis
from playground.domain.request import LANES, Lane
from playground.judging import same_value
from playground.notebook.document import PromptCell, Run
from playground.notebook.judged import short
from playground.notebook.settings import differences
from playground.results import wording
from playground.ui.python_tests import StillRunning
from playground.ui.results_view import labels_of
from playground.ui.session import Session
from playground.ui.wire_judging import RepeatsRow, RepeatsView
from playground.verdict import numerals
from playground.verdict.attempt import Attempt
from playground.verdict.from_document import records_of
from playground.verdict.grouping import groups
from playground.verdict.majority import most_frequent
from playground.verdict.spread import spread_of
from playground.verdict.statistics import share_of
from playground.words import say, spoken, whole

FEWEST = 2
Attempts = Mapping[Lane, Sequence[Attempt]]
Said = tuple[str, str]
"""A figure, and what is said of it in small."""


def repeats_view(session: Session, cell: PromptCell) -> RepeatsView | None:
    """The summary below a cell's lanes; null where nothing was repeated, and for a list."""
    if len(cell.runs) < FEWEST or cell.problems or cell.run is None:
        return None
    # Runs are compared one by one, so it is made once for each document and language.
    key = (cell, spoken())
    kept = session.repeated.get(cell.id)
    if kept is None or kept[0][0] is not cell or kept[0][1] != key[1]:
        made, whole = _made(session, cell, cell.run)
        if not whole:
            return made
        kept = session.repeated[cell.id] = (key, made)
    return kept[1]


def _made(session: Session, cell: PromptCell, shown: Run) -> tuple[RepeatsView | None, bool]:
    """The summary, and whether nothing in it is still being judged."""
    if shown.sides:  # a blind run tells nothing before its vote
        return None, True
    runs = [run for run in cell.runs if not run.sides]
    alike = {f"{cell.id} {run.id}" for run in runs if _alike(run, shown)}
    records = [record for record in records_of((cell,)) if record.run in alike]
    whole = True
    try:
        found = groups(records, session.run_python)
    except StillRunning:
        found, whole = groups(records), False
    attempts: Attempts = {
        lane: [each for group in found for each in group.attempts if each.lane == lane]
        for lane in LANES
    }
    attempts = {lane: listed for lane, listed in attempts.items() if listed}
    if max(map(len, attempts.values()), default=0) < FEWEST:
        return None, whole
    left_out = sum(group.not_counted for group in found)
    counts = set(map(len, attempts.values()))
    many = str(counts.pop()) if len(counts) == 1 else f"{min(counts)}–{max(counts)}"
    labels = labels_of(session, shown)
    return (
        RepeatsView(
            title=say("{count} runs under the same models and settings", count=many),
            left_out=_left_out(left_out),
            lanes={lane: labels[lane] for lane in attempts},
            rows=_rows(attempts),
        ),
        whole,
    )


def _alike(run: Run, shown: Run) -> bool:
    """Whether this run asked the same, but for the seed."""
    if run.lanes != shown.lanes or any(r.request.continuing for r in run.results):
        return False
    pairs = ((run.result(lane).request, shown.result(lane).request) for lane in run.lanes)
    return not any(differences(then, now, seed=False) for then, now in pairs)


def _left_out(results: int) -> str:
    if not results:
        return ""
    if results == 1:
        return say("1 result is not counted: it was stopped, failed or cut off.")
    return say("{count} results are not counted: stopped, failed or cut off.", count=results)


def _rows(attempts: Attempts) -> list[RepeatsRow]:
    judged = any(each.judged for listed in attempts.values() for each in listed)
    thinks = any(each.thinks for listed in attempts.values() for each in listed)
    rows = [_row(say("runs counted"), "", attempts, lambda of: (str(len(of)), ""))]
    if judged:
        text = say(
            "How often the final answer was the expected one; with a 95 % interval from 5 runs on."
        )
        rows.append(_row(say("right answers"), text, attempts, _right))
    text = say("Runs that ended without an answer.")
    rows.append(_row(say("no answer"), text, attempts, _no_answer))
    text = say("The final answer that most runs gave (self-consistency).")
    rows.append(_row(say("most frequent answer"), text, attempts, _majority))
    median = say("The median, and from the least to the most.")
    rows.append(_row(say("total time"), median, attempts, _seconds(lambda each: each.total_s)))
    text = f"{median} {say('Of the runs that came to an answer.')}"
    first = _seconds(lambda each: each.first_answer_s)
    rows.append(_row(say("first answer"), text, attempts, first))
    if thinks:
        rows.append(_row(say("thinking tokens"), median, attempts, _tokens(_thinking)))
    rows.append(_row(say("answer tokens"), median, attempts, _tokens(_answer)))
    return rows


def _row(
    label: str, text: str, attempts: Attempts, tell: Callable[[Sequence[Attempt]], Said]
) -> RepeatsRow:
    told = {lane: tell(listed) for lane, listed in attempts.items()}
    return RepeatsRow(
        label=label,
        help=text,
        values={lane: value for lane, (value, _) in told.items()},
        more={lane: more for lane, (_, more) in told.items()},
    )


def _right(attempts: Sequence[Attempt]) -> Said:
    judged = [attempt.right for attempt in attempts if attempt.judged]
    share = share_of(list(map(int, judged)), [1] * len(judged))
    if share is None:
        return wording.UNKNOWN, ""
    return _of(share.count, share.runs), numerals.share(share) if share.interval else ""


def _no_answer(attempts: Sequence[Attempt]) -> Said:
    return _of(sum(attempt.no_answer for attempt in attempts), len(attempts)), ""


def _majority(attempts: Sequence[Attempt]) -> Said:
    frequent = most_frequent(attempts, same_value)
    if not frequent or frequent[0].final is None:
        return wording.UNKNOWN, ""
    many = _of(len(frequent), len(attempts))
    if not frequent[0].judged:
        return short(frequent[0].final), many
    verdict = say("right answer") if frequent[0].right else say("wrong answer")
    return short(frequent[0].final), f"{many}, {verdict}"


def _of(count: int, among: int) -> str:
    return say("{count} of {among}", count=count, among=among)


def _thinking(attempt: Attempt) -> int | None:
    return attempt.thinking_tokens


def _answer(attempt: Attempt) -> int | None:
    return attempt.answer_tokens


def _seconds(
    measure: Callable[[Attempt], float | None],
) -> Callable[[Sequence[Attempt]], Said]:
    def tell(attempts: Sequence[Attempt]) -> Said:
        return _spread([measure(each) for each in attempts], wording.seconds)

    return tell


def _tokens(measure: Callable[[Attempt], int | None]) -> Callable[[Sequence[Attempt]], Said]:
    def tell(attempts: Sequence[Attempt]) -> Said:
        basis: CountBasis = "estimated" if any(each.estimated for each in attempts) else "exact"

        def count(value: float) -> str:
            return wording.count(whole(value), basis)

        return _spread([measure(each) for each in attempts], count)

    return tell


def _spread(measured: Sequence[float | None], show: Callable[[float], str]) -> Said:
    spread = spread_of([value for value in measured if value is not None])
    if spread is None:
        return wording.UNKNOWN, ""
    if spread.least == spread.most:
        return show(spread.median), ""
    return show(spread.median), f"{show(spread.least)} – {show(spread.most)}"
