"""A document under its settings: what the lanes' models are, and what running a cell would ask.

Knows engines only through the comparison that it is given; runs nothing. No Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from playground.comparison.options import build_requests, describe_or_guess
from playground.comparison.run import Comparison
from playground.domain.engine import ExactPrompt, ModelCard
from playground.domain.request import LANES, Lane, Request
from playground.notebook.asking import Question, question
from playground.notebook.batch import Batch, left_to_run, to_run
from playground.notebook.changes import AddRun, Configure
from playground.notebook.document import CellId, Document, PromptCell
from playground.notebook.history import History
from playground.notebook.plan import NO_SEEDS, Planned, Seeds, seeded
from playground.notebook.settings import Settings, sampling_values
from playground.results.value import Result
from playground.ui.editing import EditedDocument
from playground.ui.intents import RunIntent
from playground.ui.outcomes import raised_limit, raised_penalty
from playground.ui.python_tests import VisitorsTests
from playground.ui.wire_judging import RepeatsView

Adjusted = tuple[Lane, str, float]
"""A lane's sampling value that was changed for it: the field's name, the value."""


class ConfiguredDocument(EditedDocument):
    """An edited document with the notebook's settings.

    `run_python` tests answers where the operator allows it, `repeated` keeps what was made of
    repeats. `counted` remembers the tokens of attached texts, by model and digest.
    """

    def __init__(
        self, comparison: Comparison, settings: Settings, document: Document | None
    ) -> None:
        super().__init__(document, comparison.limits)
        self.run_python: VisitorsTests | None = None
        self.repeated: dict[CellId, tuple[tuple[PromptCell, str], RepeatsView | None]] = {}
        self.settings = settings
        self.before: tuple[History, Settings] | None = None
        self._comparison = comparison
        self._own: dict[Lane, Mapping[str, object]] = {}
        self.counted: dict[tuple[str, str], int] = {}
        self._progress: dict[CellId, tuple[tuple[PromptCell, Settings], Batch]] = {}

    def install(self, document: Document, settings: Settings, notice: str = "") -> None:
        """Put another notebook in this one's place; `go_back` brings this one back.

        Raises BadRequest when it is too long for this page.
        """
        self.limits.check_cells(len(document.cells))
        with self.lock:
            for cell in self.document.cells:
                self._going(cell.id)
            self.before = (self.history, self.settings)
            self.history, self.settings = History(document), settings
            self._own = {}
            if self.run_python is not None:
                self.run_python.forget()
            self.notice, self.focus = notice, ""
            self.revision += 1
            self.changed()

    def go_back(self) -> None:
        """The notebook that was here before the last `install`, and this one kept in turn."""
        with self.lock:
            if self.before is not None:
                history, settings = self.before
                self.install(history.document, settings)
                self.history = history

    def _keep(self, run: AddRun) -> None:
        """Keep an ended run, also when its notebook was replaced while it ran."""
        if self.before is None or self.history.knows(run.cell):
            super()._keep(run)
            return
        history, settings = self.before
        self.before = (history.keep(run), settings)
        self.changed()

    def swap(self) -> None:
        """Exchange the lanes, also in what cells set themselves."""
        with self.lock:
            self.settings = self.settings.swapped()
            self._own = {}
            for cell in self.document.prompts:
                own = cell.overrides.swapped()
                if own != cell.overrides:
                    self._apply(Configure(cell.id, cell.continues, own, cell.variables))
            self.revision += 1
            self.changed()

    def cards(self) -> dict[Lane, ModelCard]:
        """The lanes' models. Raises PlaygroundError."""
        return {
            lane: describe_or_guess(self.settings.models[lane], self.describe) for lane in LANES
        }

    def follow_models(self) -> tuple[Lane, ...]:
        """Lanes whose model is known better now (it was loaded, or its server asked): where the
        sampling was the model's own, it is again."""
        followed = []
        for lane, card in self.cards().items():
            own, before = sampling_values(card.defaults), self._own.get(lane)
            self._own[lane] = own
            if before not in (None, own) and self._is_own(lane, before or {}):
                sampling = {**self.settings.sampling, lane: own}
                self.settings = replace(self.settings, sampling=sampling)
                followed.append(lane)
        return tuple(followed)

    def use_own_sampling(self, lanes: Sequence[Lane]) -> None:
        """These lanes' sampling is their models' own."""
        cards = self.cards()
        own = {lane: sampling_values(cards[lane].defaults) for lane in lanes}
        self.settings = replace(self.settings, sampling={**self.settings.sampling, **own})

    def use_length(self, lane: Lane, tokens: int) -> None:
        """This lane's answers have so many tokens at most."""
        values = {**self.settings.sampling.get(lane, {}), "max_new_tokens": tokens}
        self.settings = replace(self.settings, sampling={**self.settings.sampling, lane: values})

    def _is_own(self, lane: Lane, own: Mapping[str, object]) -> bool:
        values = self.settings.sampling.get(lane, {})
        return all(
            own.get(name) == (tuple(value) if isinstance(value, list) else value)
            for name, value in values.items()
        )

    def describe(self, name: str) -> ModelCard:
        """A model's card. Raises PlaygroundError."""
        return self._comparison.describe(name)

    def count_tokens(self, request: Request) -> int | None:
        """The request's rendered prompt in tokens; null where no tokenizer tells. Raises
        PlaygroundError."""
        engine = self._comparison.open_engine(request.model)
        return engine.count_tokens(request.prompt, request.system, request.history)

    def requests(self, prompt: str) -> tuple[Request, ...]:
        """What running this prompt under the settings now would ask. Raises PlaygroundError."""
        options = self.settings.options()
        return build_requests(prompt, options, self.settings.models, self.describe, self.limits)

    def exact_prompt(self, request: Request) -> ExactPrompt:
        """What the request's model would read. Raises PlaygroundError."""
        return self._comparison.open_engine(request.model).exact_prompt(request)

    def add_cell(self, cell: PromptCell) -> None:
        """Put a cell at the end, or in the place of an empty last one."""
        with self.lock:
            self._put(cell)
            self.revision += 1

    def asked(
        self, cell: CellId, planned: Planned, seeds: Seeds = NO_SEEDS
    ) -> tuple[Question, tuple[Request, ...]]:
        """What this run of the cell now would ask, on the lanes that would run.

        Raises PlaygroundError.
        """
        return self.asked_in(self.document, cell, planned, seeds)

    def asked_in(
        self, document: Document, cell: CellId, planned: Planned, seeds: Seeds = NO_SEEDS
    ) -> tuple[Question, tuple[Request, ...]]:
        """The same in a document that this one may become. Raises PlaygroundError."""
        asked = question(document, self.settings, cell, planned, self.describe)
        requests = build_requests(
            asked.prompt, asked.options, self.settings.models, self.describe, self.limits
        )
        own = document.prompt(cell).overrides
        running = tuple(request for request in requests if request.lane in asked.lanes)
        return asked, seeded(running, self.settings, own, planned.repeat, seeds)

    def batch(self, cell: PromptCell, anew: bool = False) -> Batch:
        """What running the cell now runs: see `notebook.batch`. Raises BadRequest."""
        return to_run(cell, self.settings, partial(self._requests_of, cell.id), anew)

    def progress(self, cell: PromptCell) -> Batch:
        """How far a batch has come. Raises BadRequest for one that cannot be run."""
        key = (cell, self.settings)
        kept = self._progress.get(cell.id)
        if kept is None or kept[0][0] is not cell or kept[0][1] is not self.settings:
            found = left_to_run(cell, self.settings, partial(self._requests_of, cell.id))
            kept = self._progress[cell.id] = (key, found)
        return kept[1]

    def _requests_of(self, cell: CellId, planned: Planned) -> tuple[Request, ...]:
        return self.asked(cell, planned)[1]

    def _judge(self, cell: CellId, form: Mapping[str, Any]) -> None:
        super()._judge(cell, form)
        if "expected" in form and self.run_python is not None:
            self.run_python.trust([self.document.prompt(cell).expected])
            self.repeated.pop(cell, None)

    def _repeat(self, intent: RunIntent) -> None:
        """Set how often the intent's cells are asked, where it says so. Raises BadRequest."""
        if "repeats" in intent:
            for cell in intent.get("cells", []):
                self._judge(CellId(cell), {"repeats": intent["repeats"]})

    def _trust_tests_of(self, cell: PromptCell) -> None:
        """Its tests may run: it is run."""
        if self.run_python is not None:
            expectations = (problem.expected for problem in cell.problems)
            self.run_python.trust([cell.expected, *expectations])

    def _adjust(self, intent: RunIntent) -> tuple[Adjusted, ...]:
        """Raise a lane's limit or penalty where the intent asks for it; what the sidebar must show
        then."""
        lane = intent.get("lane")
        raises = _RAISES.get(intent.get("action", "run"))
        if raises is None or lane is None or not intent.get("cells"):
            return ()
        cell = self.document.prompt(CellId(intent["cells"][0]))
        own = cell.overrides
        if cell.run is None:
            return ()
        name, raised = raises
        card = self.describe(own.models.get(lane, self.settings.models[lane]))
        value = raised(cell.run.result(lane), card)
        if value is None:
            return ()
        if lane in own.models or name in own.sampling.get(lane, {}):
            overrides = replace(own, sampling=_with_value(own.sampling, lane, name, value))
            self._apply(Configure(cell.id, cell.continues, overrides, cell.variables))
            return ()
        sampling = _with_value(self.settings.sampling, lane, name, value)
        self.settings = replace(self.settings, sampling=sampling)
        return ((lane, name, value),)


_RAISES: Mapping[str, tuple[str, Callable[[Result, ModelCard], float | None]]] = {
    "raise_limit": ("max_new_tokens", raised_limit),
    "penalty": ("presence_penalty", lambda result, _: raised_penalty(result)),
}


def _with_value(
    sampling: Mapping[Lane, Mapping[str, object]], lane: Lane, name: str, value: object
) -> dict[Lane, Mapping[str, object]]:
    return {**sampling, lane: {**sampling.get(lane, {}), name: value}}
