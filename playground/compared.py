"""What `compare` gives back: the Results of the lanes that ran, judged, which show themselves.

Knows Results and judgements; does not know who runs them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground import jupyter
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import Lane
from playground.judging import Agreement, Grade, RunPython
from playground.judging.packing import agreement_of, grades_of, judged_data
from playground.notebook.variables import Values
from playground.results.value import Result, to_json


@dataclass(frozen=True, slots=True)
class Compared:
    """The Results of the lanes that ran: both, or one after /think or /no_think.

    `values` filled the prompt's variables; `repeat` says from 0 which repeat it is; `expected` is
    the answer that was expected, and `run_python` runs an answer's code where that is tests. In
    Jupyter it shows itself. `shown_in` is the number of the Jupyter execution that has it on
    display already.
    """

    results: tuple[Result, ...]
    values: Values = ()
    repeat: int = 0
    expected: Expected | None = None
    tags: tuple[str, ...] = ()
    run_python: RunPython | None = field(default=None, compare=False, repr=False)
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

    @property
    def agreement(self) -> Agreement | None:
        """Whether both final answers are the same; null when one lane ran alone."""
        return agreement_of(self.lanes)

    @property
    def grades(self) -> dict[Lane, Grade]:
        """Each lane's grade by the expected answer; empty when none is expected."""
        return grades_of(self.lanes, self.expected, self.run_python)

    def to_json(self) -> dict[str, Any]:
        """The Results as JSON-ready data, as the API gives them; `judged` if any is expected."""
        data: dict[str, Any] = {lane: to_json(result) for lane, result in self.lanes.items()}
        if self.expected is not None:
            data["judged"] = judged_data(self.lanes, self.expected, self.run_python)
        return data

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
        return jupyter.to_html(self.lanes, judge=jupyter.Judge(self.expected, self.run_python))

    def _repr_markdown_(self) -> str:
        return jupyter.to_markdown(self.lanes)


class Each(tuple[Compared, ...]):
    """What `compare_each` gives: a tuple; in Jupyter each of it shows itself."""

    __slots__ = ()

    def _ipython_display_(self) -> None:
        for compared in self:
            jupyter.show(compared)
