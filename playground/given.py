"""What a script gives, checked: names of lanes, attachments by path, values of variables.

Knows files only to attach them; knows nothing of what is asked.
"""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path

from playground.attachments import read_path
from playground.domain.errors import BadRequest
from playground.domain.request import LANES
from playground.notebook.variables import Variables


def lanes(given: object) -> tuple[object, ...]:
    """Names of lanes. Raises BadRequest."""
    named = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not all(lane in LANES for lane in named):
        raise BadRequest(
            f"keep_thinking is {given!r}, but must be a list of {' and '.join(LANES)}. Change it."
        )
    return named


def attachments(given: object) -> object:
    """The attachments with the files that are named by paths. Raises BadRequest."""
    if isinstance(given, str | PathLike) or not isinstance(given, Sequence):
        raise BadRequest(
            f"attachments is {reprlib.repr(given)}, but must be a list. Write for instance"
            ' ["report.txt"].'
        )
    return [
        read_path(Path(fspath(each))) if isinstance(each, str | PathLike) else each
        for each in given
    ]


def variables(values: object) -> Variables:
    """Each variable with its values. Raises BadRequest."""
    if not isinstance(values, Mapping):
        raise _no_values(values)
    for given in values.values():
        if not isinstance(given, list | tuple) or not all(isinstance(v, str) for v in given):
            raise _no_values(given)
    return tuple((str(name), tuple(given)) for name, given in values.items())


def _no_values(value: object) -> BadRequest:
    return BadRequest(
        f"values has {reprlib.repr(value)}, but each name must have a list of texts. Write for"
        ' instance {"language": ["French", "German"]}.'
    )
