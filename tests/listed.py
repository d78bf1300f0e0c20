"""Lists of problems for tests: engines whose answers follow from what is asked, and a process that
runs a notebook on them and may be killed in the middle (`python -m tests.listed`)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from playground import running
from playground.__main__ import main
from playground.comparison.run import Comparison
from playground.domain.engine import StopSignal
from playground.domain.events import Counts, Ended, Event, ThoughtClosed
from playground.domain.expected import Expected
from playground.domain.request import Request
from playground.notebook.document import Document, PromptCell
from playground.notebook.problems import Problem
from playground.results.value import Result
from tests.played import Played, comparison_of
from tests.samples import answer, started, thought


class Reckoning(Played):
    """Answers with the prompt, its seed and its budget: the same for the same request. Where the
    `kill_at`-th run of it has answered half, the whole process is killed."""

    def __init__(self, name: str, kill_at: int = 0) -> None:
        super().__init__(name, ())
        self._kill_at = kill_at

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        self.requests.append(request)
        thinks, asked = self.card.thinks, request.sampling
        yield started(seed=asked.seed, thinks=thinks)
        if thinks:
            yield thought(f"Budget {asked.thinking_budget}.", 1.0)
            yield ThoughtClosed(2.0)
        yield answer(f"{request.prompt} is ", 3.0)
        if len(self.requests) == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        yield answer(f"{asked.seed}", 4.0)
        counts = Counts(thinking=int(thinks), answer=2, marker=1)
        yield Ended(stop.reason() or "end_of_turn", counts, 5.0, 4.0)


def reckoning_pair(kill_at: int = 0) -> tuple[Reckoning, Reckoning]:
    return Reckoning("demo-instruct"), Reckoning("demo-thinking", kill_at)


def problems(count: int) -> tuple[Problem, ...]:
    return tuple(
        Problem((("prompt", f"{n} + {n}"),), Expected("value", (str(2 * n),)), ("sum",))
        for n in range(count)
    )


def table(document: Document) -> list[tuple[object, ...]]:
    """Every result of a document: which run, what was asked, what came of it."""
    return [
        (run.number, run.values, run.repeat, *_told(result))
        for cell in document.prompts
        for run in cell.runs
        for result in run.results
    ]


def _told(result: Result) -> tuple[object, ...]:
    sampling, output = result.request.sampling, result.output
    return (
        *(result.request.lane, result.request.prompt, sampling.seed, sampling.thinking_budget),
        *(result.ending, output.thinking, output.answer, result.numbers.generated_tokens),
    )


def own_comparison(kill_at: int = 0) -> Comparison:
    return comparison_of(*reckoning_pair(kill_at))


def list_cell(count: int, **changes: object) -> PromptCell:
    return PromptCell(prompt="{{prompt}}", problems=problems(count), **changes)  # type: ignore[arg-type]


def run_and_die(book: Path, kill_at: int) -> None:
    """What the process does."""
    comparison = own_comparison(kill_at)
    running.own_comparison = lambda: comparison  # type: ignore[assignment]
    sys.exit(main(["run", str(book)]))


if __name__ == "__main__":
    run_and_die(Path(sys.argv[1]), int(sys.argv[2]))
