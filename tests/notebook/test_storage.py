"""The notebook file: valid, readable, and what is saved again after opening is the same text."""

from __future__ import annotations

import json
from dataclasses import replace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.domain.attachment import Attachment
from playground.domain.engine import ModelCard
from playground.domain.errors import ModelNotFound
from playground.domain.sampling import Sampling
from playground.notebook.document import (
    CellId,
    Document,
    ForeignCell,
    NoteCell,
    PromptCell,
    Vote,
)
from playground.notebook.packing import run_data, structure
from playground.notebook.settings import Overrides, Settings
from playground.notebook.storage import read, write
from playground.words import speaking
from tests.notebook.notebooks import MODELS, SETTINGS, book, file_of, opened, run
from tests.notebook.random_documents import SETTINGS as ANY_SETTINGS
from tests.notebook.random_documents import documents
from tests.samples import ORIGIN

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["code", "markdown", "# é"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["metadata", "outputs", "attachments", "comments", "playground", "cell_type"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
ANY_EXTRA = st.dictionaries(
    st.sampled_from(["metadata", "outputs", "attachments", "comments", "cell_type", "source"]),
    ANY_JSON,
).map(json.dumps)


@given(documents(), ANY_SETTINGS)
def test_what_is_saved_opens_as_it_was_and_is_saved_as_the_same_text(
    document: Document, settings: Settings
) -> None:
    text = write(document, settings)
    nbformat.validate(json.loads(text))
    opened, its_settings = read(text, "book.ipynb")
    assert its_settings == settings
    assert structure(opened, settings) == structure(document, settings)
    assert write(opened, settings) == text


@given(ANY_EXTRA, ANY_EXTRA, ANY_EXTRA, ANY_EXTRA)
def test_whatever_a_browser_kept_of_another_programs_data_the_file_is_valid(
    prompt: str, note: str, foreign: str, notebook: str
) -> None:
    cells = (
        PromptCell(CellId("a"), "Why?", extra=prompt),
        NoteCell(CellId("b"), "Note", extra=note),
        ForeignCell(CellId("c"), "import os", foreign),
    )
    text = write(Document(cells, extra=notebook), SETTINGS)
    nbformat.validate(json.loads(text))
    assert write(read(text, "x")[0], SETTINGS) == text


def test_a_prompt_is_a_code_cell_that_runs_by_itself_with_its_shown_run_to_read() -> None:
    cell = file_of(book())["cells"][0]
    assert "".join(cell["source"]) == (
        'from playground import compare\n\ncompare("What is 2 + 2?")'
    )
    assert (cell["cell_type"], cell["id"], cell["execution_count"]) == ("code", "first", 3)
    (output,) = cell["outputs"]
    markdown = "".join(output["data"]["text/markdown"])
    assert "It is 4." in markdown and "<details><summary>Thought for" in markdown
    assert "| ending | ended by itself | ended by itself |" in markdown
    assert "".join(output["data"]["text/plain"]) == (
        "demo-instruct: It is 4.\ndemo-thinking: It is 4."
    )


def test_our_data_are_in_the_metadata_once() -> None:
    document = book()
    data = file_of(document)
    ours = data["metadata"]["playground"]
    assert ours == {"schema": 1, "title": "Sums", "runs_made": 3, "settings": {"models": MODELS}}
    first = data["cells"][0]
    assert first["metadata"]["playground"] == {
        "kind": "prompt",
        "shown": 1,
        "runs": [run_data(each) for each in document.prompts[0].runs],
    }
    assert first["outputs"][0]["metadata"] == {"playground": {"run": "r2"}}
    assert json.dumps(data).count('"request"') == 6, "each lane of each run once"


def test_sampling_is_written_in_one_order_and_a_conversation_only_in_the_call() -> None:
    sampling = {"top_k": 1, "min_p": 0.1, "temperature": 0.1}
    settings = Settings(MODELS, {"left": sampling, "right": sampling})
    text = write(book(), settings)
    second = json.loads(text)["cells"][2]
    assert "".join(second["source"]).endswith(
        '{"temperature": 0.1, "top_k": 1, "min_p": 0.1},\n    continues=True,\n)'
    )
    assert "continues" not in second["metadata"]["playground"]
    opened, its_settings = read(text, "book.ipynb")
    assert its_settings is not None and write(opened, its_settings) == text


def test_a_note_is_a_markdown_cell_without_data_of_ours() -> None:
    note = file_of(book())["cells"][1]
    assert note == {
        "cell_type": "markdown",
        "id": "note",
        "metadata": {},
        "source": ["A *note*."],
    }


def test_a_fresh_notebook_is_python_3_and_another_programs_metadata_stay() -> None:
    assert file_of(book())["metadata"]["kernelspec"]["name"] == "python3"
    theirs = {"kernelspec": {"name": "ir", "display_name": "R"}, "authors": [{"name": "x"}]}
    kept = file_of(Document(extra=json.dumps(theirs)))["metadata"]
    assert {key: value for key, value in kept.items() if key != "playground"} == theirs


def test_a_file_reads_the_same_whatever_language_is_spoken() -> None:
    english = write(book(), SETTINGS)
    with speaking("pt-BR"):
        assert write(book(), SETTINGS) == english


def test_a_run_of_one_lane_and_the_values_of_its_variables_are_shown() -> None:
    cell = PromptCell(CellId("a"), "{{x}}?", (run("r1", 1, (("x", "2|3"),), ("right",)),))
    output = file_of(book(cell))["cells"][0]["outputs"][0]["data"]["text/markdown"]
    text = "".join(output)
    assert text.startswith("x = 2\\|3\n\n**Thinking: demo-thinking**")
    assert "|  | demo-thinking |" in text and "demo-instruct" not in text


def described(name: str) -> ModelCard:
    if name != "./own":
        raise ModelNotFound("There is none. Choose another.")
    return ModelCard(name, "own", False, None, Sampling(temperature=0.3), ORIGIN)


@pytest.mark.parametrize("temperature", [0.3, 0.4])
def test_a_models_own_sampling_is_left_out_by_its_card(temperature: float) -> None:
    models = {**MODELS, "left": "./own"}
    settings = Settings(models, {"left": {"temperature": temperature}})
    text = write(book(PromptCell(CellId("a"), "Why?")), settings, described)
    source = "".join(json.loads(text)["cells"][0]["source"])
    wanted = (
        '"./own"' if temperature == 0.3 else '{"model": "./own", "sampling": {"temperature": 0.4}}'
    )
    assert source.endswith(f'compare("Why?", left={wanted})')
    without_card = read(text, "book.ipynb")[0]
    assert without_card.prompts[0].overrides == Overrides(), "unchanged, though the card is unknown"
    assert write(without_card, settings, described) == text


def test_a_vote_is_read_in_the_output_and_nothing_of_it_is_live() -> None:
    voted = replace(run("r1"), vote=Vote("right", "shorter\n\n# <b>", blind=True))
    document = book(PromptCell(CellId("a"), "Why?", (voted,)))
    output = "".join(file_of(document)["cells"][0]["outputs"][0]["data"]["text/markdown"])
    assert output.endswith("|\n\nvote: Thinking is better \\(blind\\): shorter \\# \\<b\\>")
    assert opened(file_of(document)) == document


HOSTILE = "<script>alert(1)</script> ![x](http://tracker.example/x.png)"


def test_model_text_is_never_live_in_the_outputs() -> None:
    one = run("r1")
    outputs = [replace(each.output, thinking=HOSTILE, answer=HOSTILE) for each in one.results]
    results = tuple(
        replace(each, output=output, ending="user")
        for each, output in zip(one.results, outputs, strict=True)
    )
    cell = PromptCell(CellId("a"), HOSTILE, (replace(one, results=results),))
    text = "".join(file_of(book(cell))["cells"][0]["outputs"][0]["data"]["text/markdown"])
    outside = "".join(text.split("```")[::2])
    assert "\\<script>" in outside and "\\![x]" in outside
    assert outside.replace("\\<script>", "").count("<script") == 0


def test_a_notebook_with_more_documents_than_may_be_asked_today_opens_as_it_was() -> None:
    many = tuple(Attachment(f"{n}.txt", "" if n == 7 else f"text {n}") for n in range(30))
    document = book(PromptCell(prompt="Why?", attachments=many))
    assert opened(file_of(document)).prompts[0].attachments == many
