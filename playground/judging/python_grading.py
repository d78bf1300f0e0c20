"""An answer's Python held against a person's tests, by whoever is given to run them.

Knows which part of an answer is its program; does not know how a program is run.
"""

from __future__ import annotations

import ast
import textwrap
from functools import lru_cache
from typing import Literal

from playground.domain.errors import BadRequest
from playground.judging.passages import code_blocks
from playground.judging.python_asserts import asserts
from playground.judging.python_program import CPU_S
from playground.judging.python_tests import DEADLINE_S, PythonOutcome, RunPython

NOT_ALLOWED = "Python tests are not allowed here."
NO_CODE = "There is no Python in the answer."
PASSED = "The tests passed."
FAILED = "The tests failed."
TOO_LONG = (
    f"The tests took too long: over {CPU_S} s of processor time, or {DEADLINE_S:.0f} s in all."
)
NOT_RUN = "The tests could not be run."
WHYS = (NOT_ALLOWED, NO_CODE, PASSED, FAILED, TOO_LONG, NOT_RUN)

PythonGrade = Literal["right", "wrong", "not_judged"]
_LANGUAGES = ("python", "py", "python3", "")


class _NotRun(Exception):
    """Nothing was learnt, so nothing is to be remembered."""


def graded(answer: str, tests: str, run: RunPython | None) -> tuple[PythonGrade, str, str]:
    """Grade, why, and what the tests said."""
    if run is None:
        return "not_judged", NOT_ALLOWED, ""
    code = program_in(answer)
    if code is None:
        return "wrong", NO_CODE, ""
    try:
        outcome = _outcome(run, code, tests)
    except _NotRun as exc:
        return "not_judged", NOT_RUN, str(exc)
    match outcome.kind:
        case "passed":
            return "right", PASSED, outcome.said
        case "failed":
            return "wrong", FAILED, outcome.said
        case _:
            return "wrong", TOO_LONG, outcome.said


@lru_cache(maxsize=1024)
def _outcome(run: RunPython, code: str, tests: str) -> PythonOutcome:
    outcome = run(code, tests)
    if outcome.kind == "not_run":
        raise _NotRun(outcome.said)
    return outcome


def program_in(answer: str) -> str | None:
    """The answer's program: its blocks of Python in their order, or all of it where it is code."""
    blocks = [
        textwrap.dedent(content)
        for language, content in code_blocks(answer)
        if language in _LANGUAGES
    ]
    if not blocks and not code_blocks(answer) and _is_python(answer):
        return answer
    readable = [block for block in blocks if _is_python(block)]
    # A single block with a mistake is the answer too, and its mistake fails the tests.
    return "\n\n".join(readable or blocks) or None


def check_tests(tests: str) -> None:
    """Raises BadRequest for tests that are no Python, or that would pass whatever the program."""
    try:
        tree = ast.parse(tests)
        asserting = asserts(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise BadRequest(
            f"expected.value is no Python: {exc}. Give tests such as assert f(2) == 4."
        ) from exc
    if not asserting:
        raise BadRequest(
            "expected.value asserts nothing, so any program would pass. Give tests such as"
            " assert f(2) == 4; asserts in a function need a call of it, or a name with test_."
        )


def _is_python(text: str) -> bool:
    """Whether it can be read as a program that is more than a word or a number."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        not isinstance(each, ast.Expr) or isinstance(each.value, ast.Call) for each in tree.body
    )
