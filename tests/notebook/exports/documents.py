"""Documents for the exports' tests: one with everything in it, one that is hostile."""

from __future__ import annotations

from collections.abc import Iterable

from playground.domain.errors import ErrorValue
from playground.domain.events import Counts, Ending, Event, Failed, Notice, ThoughtClosed
from playground.domain.request import LANES, Lane, Message, RunId
from playground.domain.sampling import Sampling
from playground.notebook.document import (
    CellId,
    Document,
    ForeignCell,
    NoteCell,
    PromptCell,
    Run,
)
from playground.notebook.settings import Overrides
from playground.notebook.variables import Values
from playground.results.fold import fold
from playground.results.value import Result
from tests.samples import answer, ended, request, started, thought

MODELS: dict[Lane, str] = {
    "left": "Qwen/Qwen3-4B-Instruct-2507",
    "right": "Qwen/Qwen3-4B-Thinking-2507",
}
ANSWER = """Let the ball cost $x$. Then the bat costs $x + 1$, and

$$x + (x + 1) = 1.10 \\Rightarrow x = 0.05$$

The ball costs **$0.05**.

```python
ball = (1.10 - 1.00) / 2
print(f"{ball:.2f}")
```

| item | price |
|---|--:|
| ball | 0.05 |
| bat | 1.05 |
"""
TRACE = """Okay, let me work through this. A bat and a ball cost $1.10 together.

First instinct: the ball is 10 cents. But wait, then the bat would be $1.10 and the total $1.20.
That does not fit. So let the ball be x.

"""
EVIL = (
    '<script>alert("x")</script> <img src=https://evil.example/x.png onerror=alert(1)> & "quoted"'
)


def told(
    lane: Lane,
    *,
    trace: str = "",
    says: str = "",
    ending: Ending = "end_of_turn",
    error: str = "",
    quick: bool = False,
    **changes: object,
) -> Result:
    """One lane's result; a trace makes it that of a model that thinks."""
    thinks = lane == "right"
    speed_s = 0.1 if quick else 1.0
    events: list[Event] = [started(0.0, thinks=thinks), Notice("clamped", "Less <room> was left.")]
    events += [thought(trace, 0.2 * speed_s, tokens=120)] if trace else []
    events += [ThoughtClosed(14.0 * speed_s)] if trace and says else []
    events += [answer(says, (14.2 if thinks else 0.3) * speed_s, tokens=30)] if says else []
    end_s = (15.9 if thinks else 2.1) * speed_s
    counts = Counts(thinking=120 if trace else 0, answer=30 if says else 0, marker=1)
    if error:
        events.append(Failed(ErrorValue("engine_failed", error), end_s))
    else:
        events.append(ended(ending, end_s, counts=counts, last_token_at_s=end_s))
    asked: dict[str, object] = {"model": MODELS[lane], "prompt": "How much is the ball?", **changes}
    return fold(request(lane, **asked), events)


def run_of(number: int, results: Iterable[Result], values: Values = ()) -> Run:
    return Run(RunId(f"run{number}"), number, tuple(results), values)


def both(number: int, values: Values = (), *, says: str = ANSWER, **changes: object) -> Run:
    lanes = [
        told(lane, trace=TRACE if lane == "right" else "", says=says, **changes)  # type: ignore[arg-type]
        for lane in LANES
    ]
    return run_of(number, lanes, values)


def everything() -> Document:
    """Notes, runs, variables, overrides, a cut thought, a failure, one lane alone and more."""
    ball = PromptCell(
        CellId("ball"),
        "How much is the ball if both cost {{total}}?",
        (
            both(1, (("total", "$1.10"),), sampling=Sampling(temperature=0.2, seed=1)),
            both(2, (("total", "$2.20"),), sampling=Sampling(seed=2)),
            both(3, (("total", "$2.20"),), sampling=Sampling(seed=3), system="Be brief."),
        ),
        shown=1,
        overrides=Overrides(system="", sampling={"right": {"temperature": 0.2, "stop": ("END",)}}),
        variables=(("total", ("$1.10", "$2.20")),),
    )
    cut = [told("left", says="142 − 12 = **130**.", quick=True)]
    cut += [told("right", trace=TRACE * 40, ending="limit")]
    failed = [told("left", error="The server at 127.0.0.1 does not answer. Start it.")]
    failed += [told("right", trace=TRACE, says="Yes.")]
    earlier = (Message("user", "Hi"), Message("assistant", "Hello"))
    return Document(
        (
            NoteCell(CellId("note"), "# The bat and the ball\n\nA *classic*: see `notes`."),
            ball,
            PromptCell(CellId("cut"), "How many are there?\n\nThink!", (run_of(4, cut),)),
            PromptCell(CellId("fails"), "Does it fail?", (run_of(5, failed),)),
            PromptCell(
                CellId("alone"),
                "Just think",
                (run_of(6, [told("right", trace="Hm.", says="Done.", history=earlier)]),),
                continues=True,
            ),
            ForeignCell(CellId("foreign"), "%pip install <nothing>", "{}"),
            PromptCell(CellId("never"), "Not asked yet"),
        ),
        runs_made=6,
        title="Bats & <balls>",
    )


def hostile() -> Document:
    """Markup wherever a stranger may write."""
    result = told("right", trace=EVIL, says=EVIL, prompt=EVIL, system=EVIL)
    failed = told("left", error=EVIL, prompt=EVIL)
    return Document(
        (
            NoteCell(CellId("note"), EVIL),
            PromptCell(
                CellId("cell"),
                EVIL,
                (run_of(1, [failed, result], ((EVIL, EVIL),)), run_of(2, [result])),
                overrides=Overrides(system=EVIL, sampling={"left": {EVIL: EVIL}}),
            ),
            ForeignCell(CellId("foreign"), EVIL, "{}"),
        ),
        title=EVIL,
    )
