"""A comparison in a terminal: a line of progress, then both answers and their figures in columns.

Model text is stripped of control characters, so it cannot move the cursor or change colours.
Knows Results and widths; knows no engine.
"""

from __future__ import annotations

import textwrap
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from playground.catalog import parse_name
from playground.catalog.fit_words import arithmetic, in_short
from playground.catalog.judging import Chosen
from playground.domain.errors import LoadCancelled
from playground.domain.events import Event, Loading
from playground.domain.request import LANES, Lane
from playground.results import wording
from playground.results.figures import Row, figures
from playground.results.fold import Fold
from playground.results.loading import LoadProgress
from playground.results.value import Result

SIDE_BY_SIDE_WIDTH = 72
UPDATE_S = 0.1
LOG_S = 10.0
LABEL_WIDTH = 17
_CLEAR_LINE = "\r\x1b[K"


class ProgressLine:
    """One line that is written over; `write` goes to a terminal. `before` stands before the
    lanes' states."""

    def __init__(
        self,
        write: Callable[[str], object],
        width: int,
        clock: Callable[[], float] = time.monotonic,
        before: str = "",
    ) -> None:
        self._write = write
        self._width = width
        self._clock = clock
        self.before = before
        self._shown_s: float | None = None

    def show(self, folds: Mapping[Lane, Fold]) -> None:
        """Write the lanes' states if it is time; take the line away when all have ended."""
        if all(fold.phase == "ended" for fold in folds.values()):
            self._write(_CLEAR_LINE)
            return
        now_s = self._clock()
        if self._shown_s is None or now_s - self._shown_s >= UPDATE_S:
            self._shown_s = now_s
            room = self._width - 1
            states = _states(folds, room - len(self.before))
            self._write(_CLEAR_LINE + _cut(self.before + states, room))


class LoadLine:
    """What one model's loading says: a line that is written over, or now and then a new one."""

    def __init__(
        self,
        write: Callable[[str], object],
        model: str,
        width: int | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`width` is the terminal's; null where lines cannot be written over (a log)."""
        self._write = write
        self._model = plain(model)
        self._width = width
        self._clock = clock
        self._progress = LoadProgress()
        self._shown_s = clock()

    def show(self, event: Event) -> None:
        """Take an event in, and write if it is time."""
        if not isinstance(event, Loading):
            return
        self._progress.see(event)
        now_s = self._clock()
        if now_s - self._shown_s < (LOG_S if self._width is None else UPDATE_S):
            return
        self._shown_s = now_s
        head = f"{self._model}: "
        if self._width is None:
            self._write(f"{head}{self._progress.words()}\n")
        else:
            room = self._width - 1
            line = head + self._progress.words(room - len(head))
            self._write(_CLEAR_LINE + _cut(line, room))

    def clear(self) -> None:
        """Take the line away."""
        if self._width is not None:
            self._write(_CLEAR_LINE)


def told(
    model: str,
    events: Iterable[Event],
    write: Callable[[str], object],
    width: int | None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Event]:
    """Passes a load's events on, and writes when it begins, how far it is and how it ends.

    Nothing is written of a model that is there already.
    """
    name, line, begun = plain(model), LoadLine(write, model, width, clock), False
    try:
        for event in events:
            if not begun:
                write(f"Loading {name} …\n")
            begun = True
            line.show(event)
            yield event
    except LoadCancelled:
        line.clear()
        write(f"Cancelled loading {name}. What has come of a download is kept.\n")
        raise
    except Exception as exc:
        line.clear()
        write(f"Cannot load {name}: {plain(str(exc))}\n")
        raise
    if begun:
        line.clear()
        write(f"Loaded {name}.\n")


def draw_finding(level: str, text: str, fix: str) -> str:
    """One line of a doctor's report, and below it what to do."""
    mark = {"ok": "✓", "warning": "!", "failed": "✗"}[level]
    lines = [f"{mark} {plain(text)}", *([f"  → {plain(fix)}"] if fix else [])]
    return "\n".join(lines) + "\n"


def draw_pairs(pairs: Mapping[str, Chosen]) -> str:
    """What each pair is, whether it fits and is here, and the sum behind that."""
    width = max(len(name) for name in pairs)
    lines = []
    for name, chosen in pairs.items():
        lines.append(f"{name:{width}}  {in_short(chosen)}")
        lines += [f"{'':{width}}  {arithmetic(chosen.fit)}"] if chosen.fit else []
    return "\n".join(lines) + "\n"


def _states(folds: Mapping[Lane, Fold], room: int) -> str:
    """All lanes' states; where they take too much room, in short those of lanes that go on."""
    lanes = [folds[lane] for lane in LANES if lane in folds]
    states = " · ".join(map(_state, lanes))
    if _width(states) <= room:
        return states
    busy = [fold for fold in lanes if fold.phase not in ("waiting", "ended")] or lanes
    return " · ".join(_state(fold, room // len(busy)) for fold in busy)


def _state(fold: Fold, most: int | None = None) -> str:
    label = _label(fold.request.model)
    if fold.phase == "loading":
        room = None if most is None else most - _width(label) - 2
        return f"{label}: {fold.loading.words(room)}"
    words = f"{label} {fold.phase}"
    numbers = fold.numbers()
    tokens = numbers.generated_tokens
    if fold.repetition is not None:
        words += ", repeating itself,"
    return f"{words} {wording.count(tokens, numbers.counts)} tokens" if tokens else words


def draw(results: Mapping[Lane, Result], width: int, judged: Sequence[Row] = ()) -> str:
    """The answers, what they were judged to be, and the figures, at most `width` columns wide."""
    answers = {lane: _answer(results[lane]) for lane in LANES if lane in results}
    if width >= SIDE_BY_SIDE_WIDTH and len(answers) > 1:
        text = _side_by_side(results, answers, width)
    else:
        text = "\n\n".join(
            f"{_label(results[lane].request.model)}\n" + "\n".join(_wrap(answers[lane], width))
            for lane in answers
        )
    return f"{text}\n\n{_table(results, width, judged)}\n"


def _side_by_side(results: Mapping[Lane, Result], answers: Mapping[Lane, str], width: int) -> str:
    column = (width - 3) // 2
    sides = []
    for lane in LANES:
        name = _cut(_label(results[lane].request.model), column)
        sides.append([name, "─" * column, *_wrap(answers[lane], column)])
    rows = zip_longest(*sides, fillvalue="")
    return "\n".join(f"{_pad(left, column)}   {right}".rstrip() for left, right in rows)


def _table(results: Mapping[Lane, Result], width: int, judged: Sequence[Row]) -> str:
    column = max(8, (width - LABEL_WIDTH - 1) // 2)
    head = {lane: _label(results[lane].request.model) for lane in LANES if lane in results}
    lines = []
    for label, values in [("", head), *judged, *figures(results)]:
        cells = [_wrap(value, column - 1) for value in values.values()]
        for name, *parts in zip_longest([label], *cells, fillvalue=""):
            padded = "".join(_pad(part, column) for part in parts)
            lines.append(f"{name:<{LABEL_WIDTH}} {padded}".rstrip())
    return "\n".join(lines)


def _answer(result: Result) -> str:
    text = result.output.answer.strip()
    if result.error is not None:
        text = f"{text}\n\n{result.error.message}".strip()
    notices = [f"({notice.text})" for notice in result.notices]
    return "\n".join([text or wording.ending(result), *notices])


def _label(model: str) -> str:
    return plain(parse_name(model).label)


def plain(text: str) -> str:
    """`text` without anything that a terminal would obey."""
    kept = text.expandtabs(4).replace("\r\n", "\n")
    return "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else "�" for c in kept)


def _wrap(text: str, width: int) -> list[str]:
    return [part for line in plain(text).split("\n") for part in _wrap_line(line, width)]


def _wrap_line(line: str, width: int) -> Iterator[str]:
    for piece in textwrap.wrap(line, width, drop_whitespace=False) or [""]:
        while _width(piece) > width:
            head = _cut(piece, width)
            yield head
            piece = piece[len(head) :]
        yield piece.rstrip()


def _width(text: str) -> int:
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, width: int) -> str:
    taken = 0
    for index, character in enumerate(text):
        taken += _character_width(character)
        if taken > width:
            return text[:index]
    return text


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
