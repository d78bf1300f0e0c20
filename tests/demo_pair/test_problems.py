"""The generators' answers are right, checked here by other means than theirs."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from itertools import pairwise

import pytest

from playground.demo_pair import arithmetic, equations, orderings
from playground.demo_pair.conversations import TASKS
from playground.demo_pair.problems import LANGUAGES, Generator, Problem, draw, is_right

GENERATORS = [generator for pairs in TASKS.values() for generator, _ in pairs]


def _problems(generator: Generator, count: int = 300) -> list[Problem]:
    rng = random.Random(11)
    return [generator(rng, rng.choice(LANGUAGES)) for _ in range(count)]


def _fractions(problem: Problem) -> list[Fraction]:
    values = []
    for text in problem.result:
        found = re.fullmatch(r"\$\w = (-?)(?:\\frac\{(\d+)\}\{(\d+)\}|(\d+))\$", text)
        assert found, text
        sign, top, bottom, whole = found.groups()
        size = Fraction(int(whole)) if whole else Fraction(int(top), int(bottom))
        values.append(-size if sign else size)
    return values


def _side(text: str, x: Fraction) -> Fraction:
    """One side of an equation as Python would compute it."""
    text = re.sub(r"[yn]", "x", text).replace("^", "**")
    text = re.sub(r"(\d|\))(?=[x(])", r"\1*", text)
    return Fraction(eval(text, {"__builtins__": {}}, {"x": x}))


@pytest.mark.parametrize("generator", [arithmetic.sums, arithmetic.differences])
def test_sums_and_differences_are_what_python_computes(generator: Generator) -> None:
    for problem in _problems(generator):
        assert problem.result == (str(eval(problem.slots["expression"])),)


def test_products_are_what_python_computes() -> None:
    for problem in _problems(arithmetic.products):
        assert int(problem.result[0]) == int(problem.slots["a"]) * int(problem.slots["b"])


def test_percentages_come_out_whole() -> None:
    for problem in _problems(arithmetic.percentages):
        rate, whole = Fraction(problem.slots["rate"]) / 100, Fraction(problem.slots["whole"])
        factor = {"share": rate, "discount": 1 - rate, "rise": 1 + rate}[problem.family]
        assert Fraction(problem.result[0]) == factor * whole


def test_a_linear_solution_satisfies_its_equation() -> None:
    for problem in _problems(equations.linear):
        left, right = problem.slots["equation"].split("=")
        (x,) = _fractions(problem)
        assert _side(left, x) == _side(right, x), problem
        left, right = problem.hint.removesuffix(". ").split("=")
        assert _side(left, x) == _side(right, x), problem


def test_quadratic_roots_satisfy_their_equation_and_none_is_missing() -> None:
    seen = set()
    for problem in _problems(equations.quadratic, 600):
        left, right = problem.slots["equation"].split("=")
        a, b, c = map(int, problem.key.split(","))
        discriminant = b * b - 4 * a * c
        seen.add(discriminant > 0)
        if discriminant < 0:
            assert problem.result in (("no real solution",), ("não há solução real",))
            continue
        roots = _fractions(problem)
        assert len(set(roots)) == len(roots) == (2 if discriminant else 1)
        assert all(_side(left, x) == _side(right, x) for x in roots)
    assert seen == {True, False}


def test_sequences_continue_by_one_rule() -> None:
    for problem in _problems(orderings.sequences):
        terms = [*map(int, problem.slots["terms"].split(", ")), int(problem.result[0])]
        steps = {b - a for a, b in pairwise(terms)}
        ratios = {Fraction(b, a) for a, b in pairwise(terms)}
        assert len(steps) == 1 or len(ratios) == 1
        _, times, rule = problem.hint.removesuffix(". ").rpartition("× ")
        assert (ratios if times else steps) == {int(rule)}


def test_letters_are_counted() -> None:
    for problem in _problems(orderings.letters):
        found = re.findall(problem.slots["letter"], problem.slots["word"])
        assert problem.result == (str(len(found)),)


def test_numbers_are_sorted() -> None:
    for problem in _problems(orderings.numbers_to_sort):
        values = [int(one) for one in problem.slots["items"].split(", ")]
        result = [int(one) for one in problem.result[0].split(", ")]
        assert result == sorted(values, reverse=problem.family == "numbers down")


@pytest.mark.parametrize("generator", GENERATORS)
def test_every_calculation_written_in_the_steps_holds(generator: Generator) -> None:
    """`7x = 105 - 42 = 63`: neighbours without an unknown are equal."""
    found = 0
    for problem in _problems(generator):
        for part in re.split(r"[→,:\n]", problem.steps):
            sides = [side.strip() for side in part.split(" = ")]
            for left, right in pairwise(sides):
                if re.fullmatch(r"[-+×/() \d]+", left) and re.fullmatch(r"[-+×/() \d]+", right):
                    found += 1
                    assert eval(left.replace("×", "*")) == pytest.approx(eval(right)), problem.steps
    if generator not in (orderings.letters, orderings.numbers_to_sort):
        assert found > 100


@pytest.mark.parametrize("generator", GENERATORS)
def test_the_worked_answer_is_graded_right_and_another_is_not(generator: Generator) -> None:
    first, *others = _problems(generator, 40)
    assert is_right(first, first.answer)
    assert not is_right(first, "")
    assert not is_right(first, first.answer.replace("**", ""))
    different = next(one for one in others if one.result != first.result)
    assert not is_right(first, different.answer)


@pytest.mark.parametrize("generator", GENERATORS)
def test_training_and_held_out_problems_are_disjoint(generator: Generator) -> None:
    rng = random.Random(3)
    train = {draw(generator, rng, "en", held_out=False).key for _ in range(300)}
    apart = {draw(generator, rng, "pt", held_out=True).key for _ in range(20)}
    assert train and apart and not train & apart


def test_about_one_problem_in_twenty_is_held_out() -> None:
    problems = {problem.key: problem for problem in _problems(equations.linear, 4000)}
    share = sum(problem.held_out for problem in problems.values()) / len(problems)
    assert 0.03 < share < 0.07


def test_a_product_is_the_same_problem_either_way_round() -> None:
    keys = {problem.key for problem in _problems(arithmetic.products, 2000)}
    assert all(int(key.split("*")[0]) <= int(key.split("*")[1]) for key in keys)
