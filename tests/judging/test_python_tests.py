"""An answer's Python and tests of it: in a process of its own, within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.judging import PythonOutcome, grade, python_program, python_tests, run_python
from playground.judging.python_grading import check_tests, program_in
from tests.judging.labelled import answered

ADD = "def add(a, b):\n    return a + b"


def test_tests_that_pass_and_tests_that_fail_are_told_apart() -> None:
    assert run_python(ADD, "assert add(2, 2) == 4").kind == "passed"
    failed = run_python(ADD, "assert add(2, 2) == 5, 'no five'")
    assert failed.kind == "failed"
    assert "no five" in failed.said


def test_functions_named_test_are_called() -> None:
    assert run_python(ADD, "def test_sum():\n    assert add(1, 1) == 3").kind == "failed"
    assert run_python(ADD, "def test_sum():\n    assert add(1, 1) == 2").kind == "passed"


@pytest.mark.parametrize(
    "code",
    ["import sys; sys.exit(0)", "import os; os._exit(0)", "def add(a, b:", "input()"],
)
def test_a_program_that_leaves_before_the_tests_has_not_passed(code: str) -> None:
    assert run_python(code, "assert True").kind == "failed"


def test_a_program_that_does_not_end_is_ended() -> None:
    assert run_python("while True: pass", "", deadline_s=1.0).kind == "too_long"


def test_a_program_that_takes_all_its_processor_time_took_too_long(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = Path(python_program.__file__).read_text("utf-8")
    quick = tmp_path / "python_program.py"
    quick.write_text(text.replace(f"CPU_S = {python_program.CPU_S}", "CPU_S = 1"), "utf-8")
    monkeypatch.setattr(python_tests, "_PROGRAM", quick)
    assert run_python("while True: pass", "assert True", deadline_s=60).kind == "too_long"


def test_it_is_said_how_long_tests_may_take() -> None:
    def slow(code: str, tests: str) -> PythonOutcome:
        return PythonOutcome("too_long")

    found = grade(answered(ADD), Expected("python", ("assert add(1, 1) == 3",)), slow)
    assert (found.kind, found.why) == (
        "wrong",
        "The tests took too long: over 10 s of processor time, or 15 s in all.",
    )


@pytest.mark.parametrize(
    "tests",
    [
        "assert add(2, 2) == 4",
        "for a, b in [(1, 2)]:\n    if a:\n        assert add(a, b) == a + b",
        "if add(2, 2) != 4:\n    raise ValueError",
        "def test_sum():\n    assert add(2, 2) == 4",
        "def check(candidate):\n    assert candidate(2, 2) == 4\n\ncheck(add)",
        "def one():\n    assert add(2, 2) == 4\n\nfor each in [one]:\n    each()",
        "def one():\n    two()\n\ndef two():\n    assert add(2, 2) == 4\n\none()",
        "class T:\n    def one(self):\n        assert add(2, 2) == 4\n\nT().one()",
        "import numpy as np\nnp.testing.assert_allclose(add(1, 1), 2)",
        "import unittest\nunittest.TestCase().assertEqual(add(2, 2), 4)",
    ],
)
def test_tests_that_can_fail_are_taken(tests: str) -> None:
    check_tests(tests)


@pytest.mark.parametrize(
    "tests",
    [
        "x",
        "add(2, 2) == 4",
        "print(add(2, 2))",
        "def check(candidate):\n    assert candidate(2, 2) == 4",
        "def tests_sum():\n    assert add(2, 2) == 4",
        "async def test_sum():\n    assert add(2, 2) == 4",
        "class T:\n    def test_one(self):\n        assert add(2, 2) == 4",
    ],
)
def test_tests_that_assert_nothing_are_refused(tests: str) -> None:
    with pytest.raises(BadRequest, match="asserts nothing"):
        check_tests(tests)


def test_what_a_program_starts_ends_with_it() -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)"
    )
    child = int(run_python(code, "assert True").said)
    # The system may take a moment to notice.
    assert any(has_ended(child) for _ in range(100_000))


def has_ended(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def test_memory_and_output_are_bounded() -> None:
    assert run_python("x = bytearray(4 << 30)", "assert True").kind == "failed"
    flood = run_python("for _ in range(10**6): print('flood ' * 10)", "assert True")
    assert flood.kind == "failed"
    assert len(flood.said) <= 2000


def test_a_program_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    assert run_python("import os", "assert 'HF_TOKEN' not in os.environ").kind == "passed"


def test_an_answers_program_is_its_python_blocks() -> None:
    use = "```python\nprint(add(1, 2))\n```\n\n```\n3 4\n```"
    answer = f"Here:\n\n```python\n{ADD}\n```\n\nUse it:\n\n{use}"
    assert program_in(answer) == f"{ADD}\n\nprint(add(1, 2))"
    assert program_in(ADD) == ADD
    assert program_in("I would add them.") is None
    assert program_in("```sql\nSELECT 1\n```") is None


def test_an_answer_is_right_where_its_tests_pass() -> None:
    wanted = Expected("python", ("assert add(2, 2) == 4",))
    good, bad = f"```python\n{ADD}\n```", f"```python\n{ADD.replace('+', '-')}\n```"
    assert grade(answered(good), wanted, run_python).kind == "right"
    found = grade(answered(bad), wanted, run_python)
    assert (found.kind, found.why) == ("wrong", "The tests failed.")
    assert "AssertionError" in found.said
    assert grade(answered("Add them."), wanted, run_python).kind == "wrong"
    assert grade(answered(good[:20], "limit"), wanted, run_python).kind == "no_answer"


def test_the_same_program_is_run_once_and_again_where_nothing_was_learnt() -> None:
    ran = []

    def run(code: str, tests: str) -> PythonOutcome:
        ran.append(tests)
        return PythonOutcome("not_run" if tests == "broken = 1" else "passed")

    answer = answered(f"```python\n{ADD}\n```")
    for tests in ("fine = 1", "broken = 1"):
        kinds = {grade(answer, Expected("python", (tests,)), run).kind for _ in range(2)}
        assert kinds == ({"right"} if tests == "fine = 1" else {"not_judged"})
    assert ran == ["fine = 1", "broken = 1", "broken = 1"]
