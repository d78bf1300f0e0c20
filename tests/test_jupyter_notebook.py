"""A saved notebook runs in a real Jupyter kernel on the built-in pair, and its runs come back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.domain.expected import Expected
from playground.notebook.document import CellId, Document, NoteCell, PromptCell, Run
from playground.notebook.problems import Problem
from playground.notebook.settings import Overrides, Settings
from playground.notebook.storage import read, write
from tests.notebook.notebooks import MODELS, run

nbclient = pytest.importorskip("nbclient", reason="executing a notebook needs nbclient")
pytest.importorskip("ipykernel", reason="executing a notebook needs ipykernel")
nbformat = pytest.importorskip("nbformat")

ROOT = Path(__file__).resolve().parent.parent
SHORT = {"max_new_tokens": 24, "temperature": 0.0}
SETTINGS = Settings(MODELS, {"left": SHORT, "right": SHORT}, seed_mode="fixed", seed=7)
PROBLEMS = (
    Problem((("prompt", "What is 2 + 2?"),), Expected("value", ("4",)), ("sum",)),
    Problem((("prompt", "What is 3 + 3?"),), Expected("value", ("6",))),
)
ASKED = 'What is "3 + 4"?\n\\frac{1}{2} é 漢 🎉 {{not a variable'


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of a notebook's file after all its cells ran in Jupyter."""
    cells = (
        PromptCell(CellId("first"), ASKED, (run("r1"),)),
        NoteCell(CellId("note"), "Then:"),
        PromptCell(
            CellId("alone"),
            "What is 5 + 6? /no_think",
            overrides=Overrides(system="Be brief."),
        ),
        PromptCell(CellId("each"), "{{n}} + 1?", variables=(("n", ("2", "3")),)),
        PromptCell(CellId("list"), "{{prompt}}", problems=PROBLEMS, budgets=(4, None)),
    )
    text = write(Document(cells, runs_made=1), SETTINGS)
    node = nbformat.reads(text, as_version=4)
    home = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR"):
            environment.setenv(name, str(home / name))
        resources = {"metadata": {"path": str(ROOT)}}
        nbclient.NotebookClient(node, timeout=300, resources=resources).execute()
    text = nbformat.writes(node)
    assert isinstance(text, str)
    return text


def new_runs(text: str) -> dict[str, tuple[Run, ...]]:
    document, settings = read(text, "book.ipynb")
    assert settings == SETTINGS
    return {
        cell.id: tuple(each for each in cell.runs if each.id != "r1") for cell in document.prompts
    }


def test_every_prompt_has_new_runs_that_asked_what_it_asks(executed: str) -> None:
    runs = new_runs(executed)
    assert {cell: len(each) for cell, each in runs.items()} == {
        "first": 1,
        "alone": 1,
        "each": 2,
        "list": 4,
    }
    for each in (one for several in runs.values() for one in several):
        for result in each.results:
            assert result.error is None and result.output.answer + (result.output.thinking or "")
            sampling = result.request.sampling
            assert (sampling.max_new_tokens, sampling.temperature, sampling.seed) == (24, 0.0, 7)
    asked = runs["first"][0].results[0].request
    assert asked.prompt == ASKED and asked.system == ""


def test_variables_tags_and_what_a_cell_sets_itself_hold_there_too(executed: str) -> None:
    runs = new_runs(executed)
    assert [each.values for each in runs["each"]] == [(("n", "2"),), (("n", "3"),)]
    assert [each.results[0].request.prompt for each in runs["each"]] == ["2 + 1?", "3 + 1?"]
    (alone,) = runs["alone"]
    assert alone.lanes == ("left",)
    request = alone.results[0].request
    assert (request.prompt, request.system) == ("What is 5 + 6?", "Be brief.")


def test_a_list_is_run_there_and_its_runs_come_back(executed: str) -> None:
    runs = new_runs(executed)["list"]
    assert [(dict(run.values)["prompt"], run.lanes) for run in runs] == [
        ("What is 2 + 2?", ("left", "right")),
        ("What is 2 + 2?", ("right",)),
        ("What is 3 + 3?", ("left", "right")),
        ("What is 3 + 3?", ("right",)),
    ]
    budgets = [run.result("right").request.sampling.thinking_budget for run in runs]
    assert budgets == [4, None, 4, None]
    (output,) = json.loads(executed)["cells"][-1]["outputs"]
    assert "4 of 4 runs" in "".join(output["data"]["text/html"])


def test_the_cells_show_answers_and_figures_and_nothing_else(executed: str) -> None:
    for cell in json.loads(executed)["cells"]:
        for output in cell.get("outputs", []):
            assert output["output_type"] == "display_data", output
            assert sorted(output["data"]) == ["text/html", "text/markdown", "text/plain"]
            shown = "".join(output["data"]["text/markdown"])
            assert "| generated tokens |" in shown or "? | 6 |" in shown


def test_runs_from_jupyter_are_numbered_on_and_saved_in_the_metadata(executed: str) -> None:
    document = read(executed, "book.ipynb")[0]
    numbers = [each.number for cell in document.prompts for each in cell.runs]
    assert numbers == [*range(1, 10)] and document.runs_made == 9
    again = write(document, SETTINGS)
    assert read(again, "book.ipynb")[0] == document
    assert write(document, SETTINGS) == again
