"""The table of all results below the notebook, and its CSV. Reads a session under its lock."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import gradio as gr
import pandas as pd

from playground.catalog import parse_name
from playground.judging.grading import GradeKind
from playground.notebook.blind import revealed
from playground.notebook.exports.tables import expected_and_grades
from playground.results import wording
from playground.results.table import results_table
from playground.ui.downloads import written
from playground.ui.files import saved
from playground.ui.present import ENDED_STATES
from playground.ui.results_view import labels_of
from playground.ui.session import Session
from playground.words import say, speaking, spoken


def _tokens(value: float) -> str:
    return wording.count(int(value), "exact")


def _state(ending: str) -> str:
    return say(ENDED_STATES[ending])


def _grade(kind: GradeKind | Literal[""]) -> str:
    return say(GRADES[kind]) if kind else wording.UNKNOWN


# What a grade is called where the column's head is the question.
GRADES: dict[GradeKind, str] = {
    "right": "Yes",
    "wrong": "No",
    "no_answer": "no answer",
    "not_judged": "not judged",
}

# Column of `results_table` → its head on the page and how a value is shown.
SHOWN = {
    "cell": ("Cell", str),
    "run": ("Run", str),
    "lane": ("Lane", str),
    "first_token_s": ("First token", wording.seconds),
    "first_answer_s": ("First answer", wording.seconds),
    "total_s": ("Total", wording.seconds),
    "expected": ("Expected", lambda said: said or wording.UNKNOWN),
    "grade": ("Right?", _grade),
    "thinking_tokens": ("Thinking tokens", _tokens),
    "answer_tokens": ("Answer tokens", _tokens),
    "tokens_per_s": ("Tokens/s", wording.rate),
    "segment": ("Segment", str),
    "ending": ("Ending", _state),
    "model": ("Model", lambda name: parse_name(name).label),
}

# Figures that rest on a count of tokens.
COUNTED = ("thinking_tokens", "answer_tokens", "tokens_per_s")


def all_results(session: Session) -> pd.DataFrame:
    """Every result of the notebook with every column, what is expected of it and its grade."""
    with session.lock:
        document = revealed(session.document)
        rows = [
            (place, run.number, result)
            for place, cell in enumerate(document.prompts, start=1)
            for run in cell.runs
            for result in run.own
        ]
    tests = session.run_python.known if session.run_python is not None else None
    expected, grades = expected_and_grades(document, tests)
    return results_table(rows).assign(expected=expected, grade=grades)


def summary_table(session: Session) -> Any:
    """The columns that a reader compares, sortable by value and shown in words (a Styler)."""
    results = all_results(session)
    counts = results["counts"]
    left_out = set() if (results["segment"] > 1).any() else {"segment"}
    left_out |= set() if (results["grade"] != "").any() else {"expected", "grade"}
    names = [name for name in SHOWN if name not in left_out]
    heads = {name: say(SHOWN[name][0]) for name in names}
    named = results.assign(lane=_lane_names(session, results))
    table = named[names].rename(columns=heads)
    formats = {heads[name]: in_words(SHOWN[name][1]) for name in names}
    shown = table.style.format(formats).hide(axis="index")
    estimated = counts[counts == "estimated"].index
    if len(estimated):
        guessed = {heads[name]: in_words(SHOWN[name][1], "≈") for name in COUNTED}
        shown = shown.format(guessed, subset=pd.IndexSlice[estimated, list(guessed)])
    return shown


def _lane_names(session: Session, results: pd.DataFrame) -> list[str]:
    """What each row's lane is called in its run."""
    with session.lock:
        labels = {
            (place, run.number): labels_of(session, run)
            for place, cell in enumerate(session.document.prompts, start=1)
            for run in cell.runs
        }
    rows = zip(results["cell"], results["run"], results["lane"], strict=True)
    return [labels[cell, run][lane] for cell, run, lane in rows]


def in_words(show: Any, mark: str = "") -> Any:
    """`show`, unknown as a dash, in the language that is spoken now: Gradio calls it when this
    answer is over."""
    language = spoken()

    def shown(value: Any) -> str:
        with speaking(language):
            return wording.UNKNOWN if pd.isna(value) else f"{mark}{show(value)}"

    return shown


def results_below(session: Session) -> list[Any]:
    """Whether the table is there at all, and the table."""
    any_run = any(cell.runs for cell in revealed(session.document).prompts)
    return [gr.update(visible=any_run), summary_table(session) if any_run else gr.skip()]


def write_csv(session: Session, under: Path) -> str:
    """All results as a CSV file in a folder of the session's own; its path."""
    text = saved(session, "csv")["text"]
    return written(
        session,
        under,
        "results.csv",
        lambda path: path.write_text(text, encoding="utf-8", newline=""),
    )
