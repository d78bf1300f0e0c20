"""Whether several values, or inequalities, are the same: in order, in any order, or not to tell.

Braces and one variable's solutions have no order; square and round brackets have one; where
nothing says so, the same values in another order cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable

from playground.judging.syntax import Tree
from playground.judging.values import Amount, Assigned, Inequality, Several, Value
from playground.judging.working_out import same_trees

MOST_PAIRS = 900
Same = Callable[[Value, Value], bool | None]


def same_several(one: Several, other: Several, same: Same) -> bool | None:
    """The same values in an order that counts where it counts."""
    names = [_names(one), _names(other)]
    if one.either != other.either and (_says_where(one) or max(map(len, names)) > 1):
        return None
    if names[0] and names[1]:
        if names[0] != names[1]:
            return None
        if len(names[0]) > 1:
            return _by_name(one, other, same)
    elif len(names[0]) > 1 or len(names[1]) > 1:
        return None  # x = 3, y = 4 beside (3, 4)
    left, right = _values(one), _values(other)
    in_order = _in_order(left, right, same)
    if _may_be_intervals(one, other):
        return None if in_order is not False else _if_apart(left, right, same)
    if in_order is True:
        return True
    order = {_order(one), _order(other)}
    if order <= {"none", "unknown"} and "none" in order:
        return _in_any_order(left, right, same)
    return in_order if order == {"counts"} else _if_apart(left, right, same)


def _says_where(several: Several) -> bool:
    return any(isinstance(each, Inequality) for each in several.values)


def _order(several: Several) -> str:
    if several.brackets == "{}" or _names(several):
        return "none"
    return "unknown" if several.brackets == "bare" else "counts"


def _may_be_intervals(one: Several, other: Several) -> bool:
    """Two values between other brackets may be an interval, a point or a set."""
    if one.brackets == other.brackets or not len(one.values) == len(other.values) == 2:
        return False
    return not {one.brackets, other.brackets} <= {"bare", "{}"}


def _if_apart(left: list[Value], right: list[Value], same: Same) -> bool | None:
    """Surely different where not even another order makes them the same."""
    return False if _in_any_order(left, right, same) is False else None


def _names(several: Several) -> frozenset[str]:
    return frozenset(
        each.name.partition("_")[0] for each in several.values if isinstance(each, Assigned)
    )


def _values(several: Several) -> list[Value]:
    return [each.value if isinstance(each, Assigned) else each for each in several.values]


def _by_name(one: Several, other: Several, same: Same) -> bool | None:
    """Each variable's value; only where each has one."""
    pairs = [
        {each.name: each.value for each in side.values if isinstance(each, Assigned)}
        for side in (one, other)
    ]
    if any(len(pair) != len(side.values) for pair, side in zip(pairs, (one, other), strict=True)):
        return None
    if pairs[0].keys() != pairs[1].keys():
        return None
    return _all(same(value, pairs[1][name]) for name, value in pairs[0].items())


def _in_order(left: list[Value], right: list[Value], same: Same) -> bool | None:
    if len(left) != len(right):
        return False if _numbers(left) and _numbers(right) else None
    return _all(map(same, left, right))


def _in_any_order(left: list[Value], right: list[Value], same: Same) -> bool | None:
    """Each has its partner on the other side; twice the same counts once."""
    if len(left) * len(right) > MOST_PAIRS:
        return None
    table = [[same(one, other) for other in right] for one in left]
    across = [*table, *([row[index] for row in table] for index in range(len(right)))]
    if len(left) == len(right) and all(row.count(True) == 1 for row in across):
        return True
    if any(all(verdict is False for verdict in row) for row in across):
        return False if _numbers(left) and _numbers(right) else None
    return None


def _numbers(values: list[Value]) -> bool:
    return all(isinstance(each, Amount) for each in values)


def _all(verdicts: object) -> bool | None:
    known = list(verdicts)  # type: ignore[call-overload]
    return False if False in known else None if None in known else True


def same_inequalities(one: Inequality, other: Inequality) -> bool | None:
    """The same signs between the same trees; different where only the sign or a bound is."""
    if len(one.signs) != len(other.signs):
        return None
    trees = [same_trees(left, right) for left, right in zip(one.trees, other.trees, strict=True)]
    if all(each is True for each in trees):
        return one.signs == other.signs
    if one.signs == other.signs and None not in trees:
        return False
    return _turned(one.trees, other.trees)


def _turned(one: tuple[Tree, ...], other: tuple[Tree, ...]) -> bool | None:
    """x > 3 beside x < 3."""
    if len(one) != 2:
        return None
    turned = same_trees(one[0], other[1]) is True and same_trees(one[1], other[0]) is True
    return False if turned else None
