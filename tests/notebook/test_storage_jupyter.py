"""Files that Jupyter ran or made: outputs come and go, runs come in, what is not ours stays."""

from __future__ import annotations

import json
from dataclasses import replace

from playground.notebook.document import CellId, PromptCell
from playground.notebook.packing import run_data
from playground.notebook.settings import NO_OVERRIDES, Overrides, Settings
from playground.notebook.storage import read
from tests.listed import list_cell
from tests.notebook.notebooks import (
    MODELS,
    Node,
    book,
    code,
    edited,
    file_of,
    foreign_file,
    opened,
    run,
)


def test_outputs_and_counts_that_were_cleared_come_back() -> None:
    def change(data: Node) -> None:
        data["cells"][0].update(outputs=[], execution_count=None)

    assert file_of(edited(change)) == file_of(book())


def test_outputs_of_others_stay_behind_ours() -> None:
    stream = {"output_type": "stream", "name": "stderr", "text": ["Loading…"]}
    document = edited(lambda data: data["cells"][0].update(outputs=[stream], execution_count=9))
    cell = file_of(document)["cells"][0]
    assert cell["outputs"][1:] == [stream] and cell["execution_count"] == 3


def ran(*runs: str) -> list[Node]:
    """The outputs that `compare` leaves in Jupyter."""
    return [
        {
            "output_type": "display_data",
            "data": {"text/plain": "…"},
            "metadata": {"playground": {"run": {**run_data(run(name)), "number": 1}}},
        }
        for name in runs
    ]


def test_a_list_may_be_edited_in_jupyter_and_its_runs_there_come_back() -> None:
    made = run("j1", values=(("prompt", "1 + 1"),))
    output = ran("j1")[0]
    output["metadata"]["playground"]["run"] = {**run_data(replace(made, repeat=1)), "number": 1}

    def change(data: Node) -> None:
        (cell,) = data["cells"]
        text = "".join(cell["source"])
        cell["source"] = text.replace("1 + 1", "9 + 9").replace("repeats=2", "repeats=3")
        cell["outputs"] = [output]

    (cell,) = edited(change, book(list_cell(25, repeats=2))).prompts
    assert dict(cell.problems[1].values)["prompt"] == "9 + 9"
    assert (len(cell.problems), cell.repeats) == (25, 3)
    assert [(each.id, each.repeat) for each in cell.runs] == [("j1", 1)]


def test_runs_that_jupyter_made_are_the_cells_latest_and_numbered_after_all_others() -> None:
    def change(data: Node) -> None:
        data["cells"][0].update(outputs=ran("j1"), execution_count=1)
        data["cells"][2].update(outputs=ran("j2", "j3"), execution_count=2)

    document = edited(change)
    first, second = document.prompts
    assert [(each.id, each.number) for each in first.runs] == [("r1", 1), ("r2", 3), ("j1", 4)]
    assert [(each.id, each.number) for each in second.runs] == [("r3", 2), ("j2", 5), ("j3", 6)]
    assert (first.shown, second.shown, document.runs_made) == (2, 2, 6)
    assert opened(file_of(document)) == document, "they are in the metadata now, once"


def test_a_cell_that_was_copied_after_it_ran_has_the_same_run() -> None:
    def change(data: Node) -> None:
        data["cells"] = [code("compare('x')", id=name, outputs=ran("j1")) for name in "ab"]

    first, second = edited(change).prompts
    assert first.runs == second.runs and first.runs[0].number == 4


def test_a_run_that_is_known_already_is_not_taken_twice() -> None:
    document = edited(lambda data: data["cells"][0].update(outputs=ran("r1")))
    assert document == book()


def test_an_output_of_ours_without_its_run_is_kept() -> None:
    def change(data: Node) -> None:
        del data["cells"][0]["metadata"]["playground"]

    document = edited(change)
    assert document.prompts[0].runs == ()
    assert "It is 4." in json.dumps(file_of(document)["cells"][0]["outputs"])


def test_the_values_of_a_run_stand_in_the_variables_order() -> None:
    values = (("b", "1"), ("a", "2"))
    cell = PromptCell(
        CellId("a"),
        "{{b}}{{a}}",
        (run("r1", 1, values),),
        variables=(("b", ("1",)), ("a", ("2",))),
    )
    assert opened(file_of(book(cell))) == book(cell)


def test_a_notebook_of_another_program_has_prompts_notes_and_everything_else() -> None:
    raw = {"cell_type": "raw", "id": "raw", "metadata": {"format": "text/latex"}, "source": "x"}
    note = {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "# Hi"}
    data = foreign_file(
        raw, note, code("1 + 1", id="c"), code("compare('Why?')"), metadata={"a": 1}
    )
    document, settings = read(json.dumps(data), "folder/My book.ipynb")
    assert settings is None and document.title == "My book"
    assert [type(cell).__name__ for cell in document.cells] == [
        "ForeignCell",
        "NoteCell",
        "ForeignCell",
        "PromptCell",
    ]
    assert document.prompts[0].overrides == NO_OVERRIDES, "the page's own settings hold"
    kept = file_of(document)
    assert kept["cells"][0] == {**raw, "source": ["x"]}
    assert kept["metadata"]["a"] == 1


def test_a_prompt_of_another_notebook_asks_there_what_its_call_says() -> None:
    settings = Settings({**MODELS, "right": "Qwen/Qwen3-0.6B"}, {"left": {"temperature": 0.1}})
    prompt = file_of(book(), settings)["cells"][0]
    document, no_settings = read(json.dumps(foreign_file(prompt)), "other.ipynb")
    assert no_settings is None
    assert document.prompts[0].overrides == Overrides(
        models={"right": "Qwen/Qwen3-0.6B"}, sampling={"left": {"temperature": 0.1}}
    )
    assert len(document.prompts[0].runs) == 2
