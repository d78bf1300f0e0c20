"""Whether two formulas have the same value: exactly in fractions, else to hundreds of digits.

Every step is bounded, so that no power or factorial can keep it busy. Equal formulas of variables
are told by their values at several points. Knows no text.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from playground.judging.syntax import Application, Name, Numeral, Operation, Tree, Unreadable

MOST_BITS = 8000
MOST_FACTORIAL = 150
DIGITS = 400
_LARGEST_POWER_OF_TEN = 140
_CONSTANTS = ("pi", "e", "i")
# Far from anything special, so that formulas that differ do not meet there by chance.
_POINTS = (Fraction(7919, 5003), Fraction(-6007, 4001), Fraction(15485863, 1299709))
_LOCK = Lock()


def same_trees(one: Tree, other: Tree) -> bool | None:
    """The same value: yes, surely not, or (null) it cannot be told."""
    if one == other:
        return True
    names = [variables(tree) for tree in (one, other)]
    among = sorted(names[0] | names[1])
    if len(among) > 6:
        return None
    try:
        at_points = {_same_at(one, other, point) for point in _points(among)}
    except Unreadable:
        return None
    if at_points == {True}:
        return True
    # Other letters may stand for the same thing.
    return False if at_points == {False} and names[0] == names[1] else None


def variables(tree: Tree) -> frozenset[str]:
    """The letters of a formula that are no constants."""
    match tree:
        case Numeral():
            return frozenset()
        case Name(name):
            return frozenset() if name in _CONSTANTS else frozenset({name})
        case Operation(_, left, right):
            return variables(left) | variables(right)
        case Application(_, argument):
            return variables(argument)


def exact(tree: Tree) -> Fraction | None:
    """The value as a fraction; null where it is none or is out of bounds."""
    return _exact_at(tree, ())


def decimal_step(tree: Tree) -> Fraction | None:
    """What one more in its last decimal place would add, where it is a decimal number."""
    match tree:
        case Numeral(_, step):
            return step
        case Operation("*", left, right):
            steps = [(decimal_step(left), exact(right)), (decimal_step(right), exact(left))]
            known = [step * abs(of) for step, of in steps if step is not None and of is not None]
            return max(known, default=None)
        case _:
            return None


def near(one: Tree, other: Tree, within: Fraction) -> bool | None:
    """Whether two values differ by less than this; null where they cannot be worked out."""
    if variables(one) or variables(other):
        return None
    try:
        with _LOCK:
            difference = abs(_number(one, {}) - _number(other, {}))
            return bool(difference < _real(within))
    except Unreadable:
        return None


def _points(among: list[str]) -> list[dict[str, Fraction]]:
    if not among:
        return [{}]
    return [{name: point * _spread(index) for index, name in enumerate(among)} for point in _POINTS]


def _spread(index: int) -> Fraction:
    """Of both signs and in no progression, so that a + c is not 2b and |a - b| not b - a."""
    return Fraction(104729 + 7 * index**3 + 31 * index, -65537 if index % 2 else 65537)


def _same_at(one: Tree, other: Tree, point: dict[str, Fraction]) -> bool:
    at = tuple(point.items())
    exactly = _exact_at(one, at), _exact_at(other, at)
    if None not in exactly:
        return exactly[0] == exactly[1]
    with _LOCK:
        left, right = _number_at(one, at), _number_at(other, at)
        if left is None or right is None:
            raise Unreadable
        size = max(abs(left), abs(right), _real(Fraction(1, 10**_LARGEST_POWER_OF_TEN)))
        apart = abs(left - right) / size
        if apart < _real(Fraction(1, 10**200)):
            return True
        if apart > _real(Fraction(1, 10**90)):
            return False
    raise Unreadable


Point = tuple[tuple[str, Fraction], ...]


@lru_cache(maxsize=1024)
def _exact_at(tree: Tree, point: Point) -> Fraction | None:
    """Worked out once, however many others it is held against; null where it is no fraction."""
    try:
        return _exact(tree, dict(point))
    except Unreadable:
        return None


@lru_cache(maxsize=1024)
def _number_at(tree: Tree, point: Point) -> Any:
    try:
        return _number(tree, dict(point))
    except Unreadable:
        return None


def _exact(tree: Tree, point: dict[str, Fraction]) -> Fraction:
    match tree:
        case Numeral(value):
            return value
        case Name(name):
            if name not in point:
                raise Unreadable
            return point[name]
        case Application("factorial", argument):
            return Fraction(_factorial(_exact(argument, point)))
        case Application("abs", argument):
            return abs(_exact(argument, point))
        case Application():
            raise Unreadable
        case Operation(operator, left, right):
            return _worked(operator, _exact(left, point), _exact(right, point))


def _worked(operator: str, left: Fraction, right: Fraction) -> Fraction:
    match operator:
        case "+":
            value = left + right
        case "-":
            value = left - right
        case "*":
            value = left * right
        case "/":
            if right == 0:
                raise Unreadable
            value = left / right
        case _:
            value = _power(left, right)
    if _bits(value) > MOST_BITS:
        raise Unreadable
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or (base == 0 and exponent <= 0):
        raise Unreadable
    if abs(exponent) * max(_bits(base), 1) > MOST_BITS:
        raise Unreadable
    return Fraction(base ** int(exponent))


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _factorial(value: Fraction) -> int:
    if value.denominator != 1 or not 0 <= value <= MOST_FACTORIAL:
        raise Unreadable
    product = 1
    for factor in range(2, int(value) + 1):
        product *= factor
    return product


@cache
def _context() -> Any:
    """Arithmetic of so many digits, apart from anyone else's; only under the lock."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.dps = DIGITS
    return context


def _real(value: Fraction) -> Any:
    return _context().mpf(value.numerator) / value.denominator


def _number(tree: Tree, point: dict[str, Fraction]) -> Any:
    """The value to many digits; each part's size is bounded, or it is unreadable."""
    try:
        value = _approximate(tree, point)
    except (ArithmeticError, ValueError) as exc:
        raise Unreadable from exc
    size = abs(value)
    context = _context()
    if size < _real(Fraction(1, 10 ** (DIGITS - 20))):
        return context.mpf(0)  # what is left of two parts that cancel out
    if not context.isfinite(size) or (
        not -_LARGEST_POWER_OF_TEN < context.mag(size) / 3.33 < _LARGEST_POWER_OF_TEN
    ):
        raise Unreadable
    return value


def _approximate(tree: Tree, point: dict[str, Fraction]) -> Any:
    context = _context()
    match tree:
        case Numeral(value):
            return _real(value)
        case Name(name):
            if name in point:
                return _real(point[name])
            return {"pi": context.pi, "e": context.e, "i": context.mpc(0, 1)}[name] + 0
        case Application("factorial", argument):
            return context.mpf(_factorial(_exact(argument, point)))
        case Application(function, argument):
            return _applied(function, _number(argument, point))
        case Operation(operator, left, right):
            one, other = _number(left, point), _number(right, point)
            match operator:
                case "+":
                    return one + other
                case "-":
                    return one - other
                case "*":
                    return one * other
                case "/":
                    return one / other
                case _:
                    if one == 0 or abs(other) > 1000 or _has_two_roots(one, right):
                        raise Unreadable
                    return one**other


def _has_two_roots(base: Any, exponent: Tree) -> bool:
    """The cube root of -8 is -2 to most, and a complex number to others."""
    of = exact(exponent)
    odd = of is not None and of.denominator % 2 == 1 and of.denominator > 1
    return odd and isinstance(base, _context().mpf) and base < 0


_FUNCTIONS = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "abs": "fabs"}


def _applied(function: str, value: Any) -> Any:
    if abs(value) > 10**6 and function not in ("sqrt", "ln", "abs"):
        raise Unreadable
    if function == "abs":
        return abs(value)
    return getattr(_context(), _FUNCTIONS.get(function, function))(value)
