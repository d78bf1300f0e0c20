"""A run as another program shows it."""

from __future__ import annotations

from dataclasses import replace

from playground.domain.errors import ErrorValue
from playground.domain.events import Notice
from playground.domain.request import Lane
from playground.notebook.shown import to_markdown, to_plain
from playground.results.value import Output, Result
from tests.notebook.notebooks import result

TRACE = "Let me see:\n```\n</details> ````<b>\n"


def both(**right: object) -> dict[Lane, Result]:
    changed = replace(result("right", "r"), **right)  # type: ignore[arg-type]
    return {"left": result("left", "r"), "right": changed}


def test_a_trace_is_folded_and_cannot_end_its_fold() -> None:
    text = to_markdown(both(output=Output(TRACE, "**4**")))
    fold = text.split("<details>")[1].split("\n\n</details>\n\n")
    assert fold[0].startswith("<summary>Thought for") and fold[0].endswith(f"{TRACE}\n`````")
    assert fold[1].startswith("**4**")


def test_a_block_of_code_that_was_cut_off_does_not_swallow_what_follows() -> None:
    results = {"left": replace(result("left", "r"), output=Output(None, "```python\nx = '<b>'"))}
    assert "x = '<b>'\n```\n\n|  | demo-instruct |" in to_markdown(results)


def test_a_failure_and_its_notices_are_said() -> None:
    text = to_markdown(
        both(
            output=Output("", ""),
            ending="error",
            error=ErrorValue("engine_failed", "It broke <b>. Run it again."),
            notices=(Notice("clamped", "The limit was 5."),),
        )
    )
    assert "**Failed.**\n\nIt broke \\<b\\>. Run it again.\n\n*The limit was 5.*" in text


def test_plain_text_is_short_and_says_what_there_is() -> None:
    failed = both(output=Output("", ""), ending="limit")
    failed["left"] = replace(failed["left"], output=Output(None, "many\n words " * 100))
    first, second = to_plain(failed).split("\n")
    assert len(first) == 200 and first.startswith("demo-instruct: many words many")
    assert second == "demo-thinking: No answer: the limit was used up while thinking"
