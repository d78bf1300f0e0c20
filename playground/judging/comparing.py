"""Whether two values are the same: yes, surely not, or (null) it cannot be told.

Each pair of kinds has its rule; a pair that has none cannot be told. Knows no text.
"""

from __future__ import annotations

from fractions import Fraction

from playground.judging.comparing_lists import same_inequalities, same_several
from playground.judging.counted import names_counted
from playground.judging.json_values import same_json
from playground.judging.moments import Clock, Day
from playground.judging.readings import readings
from playground.judging.syntax import Numeral, Operation
from playground.judging.units import DOLLARS, Unit, may_be_meant
from playground.judging.values import (
    Amount,
    Assigned,
    Choice,
    Code,
    Data,
    Inequality,
    Known,
    Several,
    Value,
    Words,
)
from playground.judging.working_out import decimal_step, exact, near, same_trees, variables

HALF_A_DAY_S = 12 * 3600
# Bases between which there are ways that this table does not know.
_RELATED = (
    {"s", "month"},
    {"°C", "°F", "K"},
    {"°", "rad"},
    {"°", "°C"},
    {"°", "°F"},
    {"$", "BRL"},
    {"¢", "BRL"},
    {"¢", "EUR"},
    {"JPY", "CNY", "¥"},
    {"N", "g"},
)


def same(one: Value, other: Value) -> bool | None:
    """Whether these are the same value."""
    match one, other:
        case Amount(), Amount():
            return _same_amounts(one, other)
        case Choice(), Choice():
            return _same_options(one, other)
        case (Choice(_, str(beside)), _) if beside:
            return _same_beside(beside, other)
        case (_, Choice(_, str(beside))) if beside:
            return _same_beside(beside, one)
        case Assigned(), Assigned():
            return same(one.value, other.value) if _same_name(one, other) else None
        case (Assigned(_, value), Amount() | Several()) if not _has_letters(other):
            return same(value, other)
        case (Amount() | Several(), Assigned(_, value)) if not _has_letters(one):
            return same(one, value)
        case Several(), Several():
            return same_several(one, other, same)
        case (Several(_, values), Amount()) | (Amount(), Several(_, values)):
            return _one_of_several(values, other if isinstance(one, Several) else one)
        case Inequality(), Inequality():
            return same_inequalities(one, other)
        case Known(), Known():
            return one.is_it == other.is_it if one.kind == other.kind else None
        case Day(), Day():
            return _same_days(one, other)
        case Clock(), Clock():
            return _same_clocks(one, other)
        case Data(), Data():
            return same_json(one.value, other.value)
        case (Code(), Code()) | (Words(), Words()):
            return True if one == other else None
        case _:
            return None


def _same_options(one: Choice, other: Choice) -> bool | None:
    """The letter counts, unless what stands beside it says otherwise."""
    if one.letter != other.letter:
        return False
    if one.beside and other.beside:
        beside = same(readings(one.beside)[0], readings(other.beside)[0])
        return None if beside is False else True
    return True


def _same_beside(beside: str, other: Value) -> bool | None:
    """An option's text against an answer without the letter: never surely another one."""
    return True if same(readings(beside)[0], other) is True else None


def _same_name(one: Assigned, other: Assigned) -> bool:
    """x is x_1, but x_1 is not x_2."""
    names = [one.name.partition("_"), other.name.partition("_")]
    indices = {index for _, _, index in names if index}
    return names[0][0] == names[1][0] and len(indices) < 2


def _has_letters(value: Value) -> bool:
    return isinstance(value, Amount) and bool(variables(value.tree))


def _one_of_several(values: tuple[Value, ...], amount: Value) -> bool | None:
    """Two different numbers are not one; what may be one value twice cannot be told."""
    if len(values) == 1:
        return same(values[0], amount)
    if _has_letters(amount):
        return None  # 2i + 3j is (2, 3) to some
    apart = [same(left, right) for left in values for right in values if left is not right]
    plain = all(isinstance(each, Amount | Assigned) for each in values)
    return False if plain and all(each is False for each in apart) else None


def _same_days(one: Day, other: Day) -> bool | None:
    if len(one.dates) == len(other.dates) == 1:
        return one == other
    return None if set(one.dates) & set(other.dates) else False


def _same_clocks(one: Clock, other: Clock) -> bool | None:
    if one.seconds == other.seconds:
        return True
    half = abs(one.seconds - other.seconds) == HALF_A_DAY_S
    return None if half and not (one.sure and other.sure) else False


def _same_amounts(one: Amount, other: Amount) -> bool | None:
    if one.unit is not None and other.unit is not None:
        return _same_in_units(one, one.unit, other, other.unit)
    if one.unit is not None:
        return _same_without_unit(one, one.unit, other)
    if other.unit is not None:
        return _same_without_unit(other, other.unit, one)
    numbers = _same_numbers(one, other)
    if one.words == other.words:
        return numbers
    if one.words and other.words:
        return _same_counted(one, other, numbers)
    counted = names_counted(one.words or other.words, exact(one.tree) == 1)
    return numbers if counted or numbers is False else None


def _same_counted(one: Amount, other: Amount, numbers: bool | None) -> bool | None:
    """So many of this and so many of that: the same only where the words are."""
    if len(one.words) > 3 and _singular(one.words) == _singular(other.words):
        return numbers
    return None


def _singular(words: str) -> str:
    return " ".join(word.rstrip("s") for word in words.casefold().split())


def _same_in_units(one: Amount, unit: Unit, other: Amount, another: Unit) -> bool | None:
    dimensions = {unit.dimension, another.dimension}
    if len(dimensions) == 1 or dimensions <= DOLLARS:
        return _same_numbers(_scaled(one, unit.factor), _scaled(other, another.factor))
    bases = {base for dimension in dimensions for base, _ in dimension}
    if len(bases) == 1 and all(len(dimension) == 1 for dimension in dimensions):
        return False  # cm and cm²
    simple = all(len(each) == 1 and each[0][1] == 1 for each in dimensions)
    return False if simple and not any(bases <= related for related in _RELATED) else None


def _same_without_unit(one: Amount, unit: Unit, bare: Amount) -> bool | None:
    """A number whose unit was left out: the same number is meant, unless that may be another."""
    if bare.words:
        return None
    if unit.dimension == (("%", 1),):
        return _same_percentage(one, bare)
    numbers = _same_numbers(one, bare)
    if numbers is not False:
        return numbers
    value, plain = exact(one.tree), exact(bare.tree)
    if not value or not plain:
        return None
    return None if may_be_meant(unit.dimension, unit.factor * value / plain) else False


def _same_percentage(one: Amount, bare: Amount) -> bool | None:
    """50 % is 0.5; whether 50 is 50 % depends on what was asked."""
    share = _same_numbers(_scaled(one, Fraction(1, 100)), bare)
    if share is True:
        return True
    if share is not False or _same_numbers(one, bare) is not False:
        return None
    # A whole percentage may be rounded: 33 % beside 1/3.
    hundredth = Fraction(1, 100)
    return None if near(_scaled(one, hundredth).tree, bare.tree, hundredth) else False


def _scaled(amount: Amount, factor: Fraction) -> Amount:
    if factor == 1:
        return amount
    return Amount(Operation("*", Numeral(factor), amount.tree), rough=amount.rough)


def _same_numbers(one: Amount, other: Amount) -> bool | None:
    """Equal, or different by more than rounding: 0.33 may be 1/3 and may not."""
    verdict = same_trees(one.tree, other.tree)
    if verdict is not False:
        return verdict
    return None if _may_be_rounded(one, other) or _is_about(one, other) else False


def _may_be_rounded(one: Amount, other: Amount) -> bool:
    """Whether the coarser decimal may be the other number, rounded or cut off.

    A whole number is what it is, and so are two decimals of the same precision.
    """
    steps = [decimal_step(one.tree), decimal_step(other.tree)]
    if steps[0] == steps[1] or any(_is_whole(each) for each in (one, other)):
        return False
    step = max(each for each in steps if each is not None)
    coarse, fine = (one, other) if steps[0] == step else (other, one)
    value = exact(coarse.tree)
    if value is None:
        return True
    # From half a step below, as rounded up, to a whole step above, as cut off.
    middle = value + (step / 4 if value >= 0 else -step / 4)
    # Exactly half a step is rounded up by some and to even by others.
    return near(fine.tree, Numeral(middle), step * Fraction(3001, 4000)) is not False


def _is_about(one: Amount, other: Amount) -> bool:
    if not (one.rough or other.rough):
        return False
    value = exact(one.tree)
    return value is None or near(one.tree, other.tree, abs(value) / 100) is not False


def _is_whole(amount: Amount) -> bool:
    return isinstance(amount.tree, Numeral) and amount.tree.step is None
