"""Dates and times of day as answers write them, in English and Portuguese, and by ISO 8601.

Knows nothing of calendars but which dates there are.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Day:
    """A date; 03/04/2024 may be either of two."""

    dates: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in seconds; `sure` where it says which half of the day."""

    seconds: int
    sure: bool


_MONTH_NAMES = """
    january janeiro jan | february fevereiro feb fev | march março mar | april abril apr abr
    | may maio mai | june junho jun | july julho jul | august agosto aug ago
    | september setembro sep sept set | october outubro oct out | november novembro nov
    | december dezembro dec dez
"""
_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split("|"), 1)
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH_FIRST = re.compile(r"([a-zç]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|°)? (?:of |de )?([a-zç]+)\.?,? (?:de )?(\d{4})")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_CLOCK = re.compile(r"(\d{1,2})(?::|h)(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?")
_HOUR = re.compile(r"(\d{1,2})\s*([ap]\.?m\.?)")


def moments(text: str) -> tuple[Day | Clock, ...]:
    """What date or time of day this may be, or none."""
    low = text.lower()
    if found := _ISO.fullmatch(low) or _CHINESE.fullmatch(low):
        return _days((int(found[1]), int(found[2]), int(found[3])))
    if found := _SLASHED.fullmatch(low):
        one, other, year = int(found[1]), int(found[2]), int(found[3])
        return _days((year, other, one), (year, one, other))
    if (found := _MONTH_FIRST.fullmatch(low)) and found[1] in _MONTHS:
        return _days((int(found[3]), _MONTHS[found[1]], int(found[2])))
    if (found := _DAY_FIRST.fullmatch(low)) and found[2] in _MONTHS:
        return _days((int(found[3]), _MONTHS[found[2]], int(found[1])))
    if found := _CLOCK.fullmatch(low):
        return _clock(int(found[1]), int(found[2]), int(found[3] or 0), found[4])
    if found := _HOUR.fullmatch(low):
        return _clock(int(found[1]), 0, 0, found[2])
    return ()


def _days(*asked: tuple[int, int, int]) -> tuple[Day, ...]:
    found = []
    for year, month, day in asked:
        with suppress(ValueError):
            found.append(date(year, month, day))
    return (Day(tuple(sorted(set(found)))),) if found else ()


def _clock(hour: int, minute: int, second: int, half: str | None) -> tuple[Clock, ...]:
    if half is not None:
        if not 1 <= hour <= 12:
            return ()
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return ()
    return (Clock(hour * 3600 + minute * 60 + second, half is not None or hour > 12),)
