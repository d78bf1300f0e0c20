"""What running a cell asks: variables filled, lanes chosen, each lane its own conversation."""

from typing import Any

import pytest

from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.events import Origin
from playground.domain.request import LANES, Lane, Request, RunId
from playground.domain.sampling import Sampling
from playground.notebook.asking import Question, question
from playground.notebook.document import CellId, Document, NoteCell, PromptCell, Run
from playground.notebook.plan import Planned, plan
from playground.notebook.settings import Overrides, Settings
from playground.results.value import Output, Result

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
A, B, C = CellId("a"), CellId("b"), CellId("c")


def describe(name: str) -> ModelCard:
    thinks = "thinking" in name or name == "Qwen/Qwen3-0.6B"
    return ModelCard(name, name, thinks, 64, Sampling(), Origin("fake"))


def result(lane: Lane, prompt: str, answer: str, thinking: str | None = None) -> Result:
    request = Request(RunId("r"), "2026-01-01T00:00:00.000+00:00", lane, MODELS[lane], prompt)
    return Result(request, "ended", "end_of_turn", Output(thinking, answer))


def ran(cell: CellId, prompt: str, right_answer: str = "right!", **more: Any) -> PromptCell:
    results = (result("left", prompt, "left!"), result("right", prompt, right_answer, "hm"))
    return PromptCell(cell, prompt, (Run(RunId(f"run-{cell}"), 1, results),), **more)


def ask(
    document: Document, cell: CellId, settings: Settings | None = None, **values: str
) -> Question:
    return question(
        document, settings or Settings(MODELS), cell, Planned(tuple(values.items())), describe
    )


def turns(asked: Question, lane: Lane) -> list[tuple[str, str]]:
    return [(turn["role"], turn["content"]) for turn in asked.options[lane].get("history", [])]


def test_a_plain_cell_asks_its_prompt_of_both_lanes() -> None:
    asked = ask(Document((PromptCell(A, "why?"),)), A)
    assert (asked.prompt, asked.lanes, asked.blocked) == ("why?", LANES, {})
    assert "history" not in asked.options["left"]


def test_variables_are_filled_before_the_tag_is_looked_for() -> None:
    cell = PromptCell(A, "in {{language}}", variables=(("language", ("French /think",)),))
    assert [each.values for each in plan(cell)] == [(("language", "French /think"),)]
    asked = ask(Document((cell,)), A, language="French /think")
    assert (asked.prompt, asked.lanes) == ("in French", ("right",))


def test_a_tag_runs_the_lanes_of_its_kind_alone() -> None:
    document = Document((PromptCell(A, "why? /think"), PromptCell(B, "why? /no_think")))
    assert ask(document, A).lanes == ("right",)
    assert ask(document, B).lanes == ("left",)


def test_a_hybrid_is_switched_by_its_name() -> None:
    hybrids = Settings({"left": "Qwen/Qwen3-0.6B?thinking=off", "right": "Qwen/Qwen3-0.6B"})

    def card(name: str) -> ModelCard:
        return ModelCard(name, name, "off" not in name, 64, Sampling(), Origin("fake"))

    document = Document((PromptCell(A, "why? /think"), PromptCell(B, "why? /no_think")))
    think = question(document, hybrids, A, Planned(), card)
    assert [think.options[lane]["model"] for lane in think.lanes] == ["Qwen/Qwen3-0.6B"] * 2
    plain = question(document, hybrids, B, Planned(), card)
    assert [plain.options[lane]["model"] for lane in plain.lanes] == [
        "Qwen/Qwen3-0.6B?thinking=off"
    ] * 2


def test_a_tag_that_no_lane_suits_says_so() -> None:
    both = Settings({"left": "demo-instruct", "right": "demo-instruct"})
    with pytest.raises(BadRequest, match="/think, but no lane thinks"):
        ask(Document((PromptCell(A, "why? /think"),)), A, both)


def test_each_lane_continues_its_own_conversation_with_answers_alone() -> None:
    document = Document((ran(A, "one"), NoteCell(B), PromptCell(C, "two", continues=True)))
    asked = ask(document, C)
    assert turns(asked, "left") == [("user", "one"), ("assistant", "left!")]
    assert turns(asked, "right") == [("user", "one"), ("assistant", "right!")]
    assert all("thinking" not in turn for turn in asked.options["right"]["history"])


def test_a_conversation_goes_back_as_far_as_cells_continue() -> None:
    document = Document(
        (ran(A, "zero"), ran(B, "one", continues=True), PromptCell(C, "two", continues=True))
    )
    assert turns(ask(document, C), "left")[0] == ("user", "zero")
    parted = Document((ran(A, "zero"), ran(B, "one"), PromptCell(C, "two", continues=True)))
    assert turns(ask(parted, C), "left")[0] == ("user", "one")


def test_kept_thinking_goes_along_where_a_lane_keeps_it() -> None:
    document = Document((ran(A, "one"), PromptCell(B, "two", continues=True)))
    asked = ask(document, B, Settings(MODELS, keep_thinking={"right": True}))
    assert asked.options["right"]["history"][1] == {
        "role": "assistant",
        "content": "right!",
        "thinking": "hm",
    }
    assert "thinking" not in asked.options["left"]["history"][1]


def test_a_truncated_thought_is_never_sent_as_an_answer() -> None:
    document = Document((ran(A, "one", right_answer=" \n"), PromptCell(B, "two", continues=True)))
    asked = ask(document, B)
    assert list(asked.blocked) == ["right"]
    assert "came to no answer" in asked.blocked["right"]
    assert turns(asked, "left")


def test_a_cell_above_that_has_not_run_blocks_both_lanes() -> None:
    document = Document((PromptCell(A, "one"), PromptCell(B, "two", continues=True)))
    assert set(ask(document, B).blocked) == set(LANES)


def test_the_first_cell_has_nothing_to_continue() -> None:
    assert turns(ask(Document((PromptCell(A, "one", continues=True),)), A), "left") == []


def test_what_a_cell_sets_itself_wins_and_another_model_starts_from_its_own_sampling() -> None:
    own = Overrides("be brief", "together", {"right": "./mine"}, {"left": {"top_k": 3}})
    settings = Settings(MODELS, {lane: {"top_k": 9, "top_p": 0.5} for lane in LANES}, system="long")
    asked = ask(Document((PromptCell(A, "why?", overrides=own),)), A, settings)
    assert (asked.options["system"], asked.options["schedule"]) == ("be brief", "together")
    assert asked.options["left"]["sampling"] == {"top_k": 3, "top_p": 0.5}
    assert asked.options["right"] == {"model": "./mine", "sampling": {}}
