"""What `compare` gives back: the Results of the lanes that ran, which show themselves in Jupyter.

Knows Results; does not know who runs them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground import jupyter
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import Lane
from playground.notebook.variables import Values
from playground.results.value import Result, to_json


@dataclass(frozen=True, slots=True)
class Compared:
    """The Results of the lanes that ran: both, or one after /think or /no_think.

    `values` filled the prompt's variables; `repeat` says from 0 which repeat it is; `expected` is
    the answer that was expected. In Jupyter it shows itself. `shown_in` is the number of the
    Jupyter execution that has it on display already.
    """

    results: tuple[Result, ...]
    values: Values = ()
    repeat: int = 0
    expected: Expected | None = None
    tags: tuple[str, ...] = ()
    shown_in: int | None = field(default=None, compare=False, repr=False)

    @property
    def lanes(self) -> dict[Lane, Result]:
        """The Results by lane."""
        return {result.request.lane: result for result in self.results}

    @property
    def left(self) -> Result:
        """The left lane's Result. Raises BadRequest when it did not run."""
        return self._lane("left")

    @property
    def right(self) -> Result:
        """The right lane's Result. Raises BadRequest when it did not run."""
        return self._lane("right")

    def to_json(self) -> dict[Lane, dict[str, Any]]:
        """The Results as JSON-ready data, as the API gives them."""
        return {lane: to_json(result) for lane, result in self.lanes.items()}

    def _lane(self, lane: Lane) -> Result:
        if lane not in self.lanes:
            raise BadRequest(
                f"The {lane} lane did not run: the prompt ended with a tag for the other one. Read"
                " .lanes, or take the tag out."
            )
        return self.lanes[lane]

    def _ipython_display_(self) -> None:
        if self.shown_in is None or self.shown_in != jupyter.execution():
            raise NotImplementedError("shown by its HTML or Markdown")

    def _repr_html_(self) -> str:
        return jupyter.to_html(self.lanes)

    def _repr_markdown_(self) -> str:
        return jupyter.to_markdown(self.lanes)


class Each(tuple[Compared, ...]):
    """What `compare_each` and `compare_list` give: a tuple; in Jupyter each of it shows itself."""

    __slots__ = ()

    def _ipython_display_(self) -> None:
        for compared in self:
            jupyter.show(compared)
