"""What running a cell asks: the prompt with its variables filled, the lanes, each lane's history.

Turns a cell of a document into prompts and options of comparisons. Knows no engine: it is told what
the lanes' models are. Building requests is `comparison.options`' work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.catalog import with_thinking
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, Request
from playground.notebook.document import CellId, Document, PromptCell
from playground.notebook.plan import Planned
from playground.notebook.settings import Settings
from playground.notebook.variables import Tag, Values, filled, without_tag

Describe = Callable[[str], ModelCard]


@dataclass(frozen=True, slots=True)
class Question:
    """One comparison that a cell asks for: prompt and options for `build_requests`.

    Only `lanes` run; `blocked` lanes cannot, each with the reason.
    """

    prompt: str
    options: Mapping[str, Any]
    lanes: tuple[Lane, ...] = LANES
    values: Values = ()
    blocked: Mapping[Lane, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raises BadRequest with the first reason when no lane can run."""
        if set(self.blocked) >= set(self.lanes):
            raise BadRequest(next(iter(self.blocked.values())))


def question(
    document: Document, settings: Settings, cell_id: CellId, planned: Planned, describe: Describe
) -> Question:
    """What this run of the cell asks now; its seeds are `plan.seeded`'s work. Raises BadRequest."""
    cell = document.prompt(cell_id)
    prompt, tag = without_tag(filled(cell.prompt, planned.values))
    options = settings.options(_earlier(cell), cell.overrides)
    if cell.attachments:
        options["attachments"] = cell.attachments
    lanes = LANES if tag is None else _tagged(tag, options, describe)
    if cell.budgets:
        lanes = _budgeted(planned, lanes, options, describe)
    blocked = {}
    for lane in lanes if cell.continues else ():
        keep = settings.keeps_thinking(lane, cell.overrides)
        try:
            options[lane]["history"] = conversation(document, cell_id, lane, keep)
        except BadRequest as exc:
            blocked[lane] = str(exc)
    return Question(prompt, options, lanes, planned.values, blocked)


def _earlier(cell: PromptCell) -> tuple[Request, ...]:
    return () if cell.run is None else tuple(result.request for result in cell.run.results)


def _tagged(tag: Tag, options: dict[str, Any], describe: Describe) -> tuple[Lane, ...]:
    """The lanes that think, or those that do not; a hybrid is told by its name."""
    wanted = tag == "think"
    lanes = []
    for lane in LANES:
        name = with_thinking(options[lane]["model"], wanted)
        if describe(name).thinks == wanted:
            options[lane]["model"] = name
            lanes.append(lane)
    if not lanes:
        kind = "thinks" if wanted else "answers without thinking"
        raise BadRequest(
            f"The prompt ends with /{tag}, but no lane {kind}. Choose such a model, or take the"
            " tag out."
        )
    return tuple(lanes)


def _budgeted(
    planned: Planned, lanes: tuple[Lane, ...], options: dict[str, Any], describe: Describe
) -> tuple[Lane, ...]:
    """The lanes that this thinking budget is asked of, with it in their options."""
    thinking = tuple(lane for lane in lanes if describe(options[lane]["model"]).thinks)
    if not thinking:
        raise BadRequest(
            "No lane thinks, so there is nothing that a thinking budget could end. Choose a model"
            " that thinks, or take the budgets out."
        )
    for lane in thinking:
        sampling = {**options[lane]["sampling"], "thinking_budget": planned.budget}
        options[lane] = {**options[lane], "sampling": sampling}
    return thinking if planned.further else lanes


def conversation(
    document: Document, cell_id: CellId, lane: Lane, keep_thinking: bool
) -> list[dict[str, str]]:
    """The lane's turns before this cell, by the runs that are looked at.

    Raises BadRequest when a cell above has no answer of this lane: half a thought is none.
    """
    above = _above(document, cell_id)
    if above is None:
        return []
    before = conversation(document, above.id, lane, keep_thinking) if above.continues else []
    run = above.run
    if run is None or lane not in run.lanes:
        raise BadRequest(
            f"This cell continues the one above, which has no answer of the {lane} lane yet."
            " Run that cell first, or start anew here."
        )
    if run.sides:  # the length of what is asked would tell whose answer is whose
        raise BadRequest(
            "This cell continues the one above, whose run is blind until you vote on it. Vote there"
            " first, or start anew here."
        )
    result = run.result(lane)
    if not result.has_answer:
        raise BadRequest(
            f"This cell continues the one above, where the {lane} lane came to no answer."
            " Run that cell again, or start anew here."
        )
    answer = {"role": "assistant", "content": result.output.answer}
    if keep_thinking and result.output.thinking:
        answer["thinking"] = result.output.thinking
    return [*before, {"role": "user", "content": result.request.prompt}, answer]


def _above(document: Document, cell_id: CellId) -> PromptCell | None:
    """The prompt cell above; notes between do not count."""
    index = document.index(cell_id)
    above = [cell for cell in document.cells[:index] if isinstance(cell, PromptCell)]
    return above[-1] if above else None
