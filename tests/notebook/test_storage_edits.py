"""Files that were edited elsewhere: what was changed comes in, what was made stays."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from playground.notebook.document import CellId, Document, ForeignCell, NoteCell, PromptCell
from playground.notebook.settings import NO_OVERRIDES, Overrides, Settings
from playground.notebook.storage import read, write
from tests.notebook.notebooks import (
    MODELS,
    Node,
    book,
    code,
    edited,
    file_of,
    opened,
)

CALL = "from playground import compare\n\ncompare("


def source(text: str) -> Any:
    """A change of the first cell's source."""
    return lambda data: data["cells"][0].update(source=text)


def test_a_prompt_that_was_changed_comes_in_and_its_runs_stay() -> None:
    cell = edited(source(CALL + '"What is 3 + 3?")')).prompts[0]
    assert cell.prompt == "What is 3 + 3?"
    assert [each.id for each in cell.runs] == ["r1", "r2"] and cell.shown == 1


@pytest.mark.parametrize(
    ("arguments", "own"),
    [
        ("", NO_OVERRIDES),
        (', system="Be brief."', Overrides(system="Be brief.")),
        (', schedule="together"', Overrides(schedule="together")),
        (', left="Qwen/Qwen3-0.6B"', Overrides(models={"left": "Qwen/Qwen3-0.6B"})),
        (
            ', pair="qwen3-4b"',
            Overrides(
                models={
                    "left": "Qwen/Qwen3-4B-Instruct-2507",
                    "right": "Qwen/Qwen3-4B-Thinking-2507",
                }
            ),
        ),
        (
            ', sampling={"temperature": 0, "seed": 7}',
            Overrides(
                sampling={
                    "left": {"temperature": 0, "seed": 7},
                    "right": {"temperature": 0, "seed": 7},
                }
            ),
        ),
        (
            ', sampling={"top_k": 5}, right={"model": "./own", "sampling": {"stop": ("a",)}}',
            Overrides(
                models={"right": "./own"},
                sampling={"left": {"top_k": 5}, "right": {"top_k": 5, "stop": ("a",)}},
            ),
        ),
    ],
)
def test_options_that_were_written_into_a_call_are_the_cells_own(
    arguments: str, own: Overrides
) -> None:
    document = edited(source(f'{CALL}"What is 2 + 2?"{arguments})'))
    assert document.prompts[0].overrides == own
    again = file_of(document)["cells"][0]["source"]
    assert opened(file_of(document)).prompts[0].overrides == own, "".join(again)


def test_options_that_were_taken_out_of_a_call_are_the_models_own_again() -> None:
    settings = Settings(
        MODELS,
        {"left": {"temperature": 0.1, "top_k": 3}},
        "together",
        "fixed",
        7,
        system="Be brief.",
    )
    cell = PromptCell(CellId("a"), "Why?", overrides=Overrides(sampling={"left": {"top_p": 0.5}}))
    data = file_of(book(cell), settings)
    assert "temperature" in "".join(data["cells"][0]["source"])
    data["cells"][0]["source"] = CALL + '"Why?")'
    changed, now = read(json.dumps(data), "book.ipynb")
    assert now == settings
    own = {"temperature": 0.7, "top_k": 20, "seed": None}
    assert changed.prompts[0].overrides == Overrides(
        system="", schedule="in_turn", sampling={"left": own, "right": {"seed": None}}
    )
    assert "".join(json.loads(write(changed, settings))["cells"][0]["source"]).endswith(
        'compare("Why?")'
    )


def test_continues_and_variables_are_what_the_call_says() -> None:
    text = (
        "from playground import compare_each\n"
        'compare_each("{{n}}?", {"n": ("1", "2"), "m": ["3"]}, continues=True)'
    )
    cell = edited(source(text)).prompts[0]
    assert cell.variables == (("n", ("1", "2")), ("m", ("3",)))
    assert cell.continues
    assert (
        not edited(lambda data: data["cells"][2].update(source=CALL + '"x")')).prompts[1].continues
    )


def test_kept_thinking_is_in_the_call_and_can_be_changed_there() -> None:
    def keeping(lanes: str) -> PromptCell:
        call = f'compare("And?", continues=True{lanes})'
        return edited(lambda data: data["cells"][2].update(source=CALL + call[8:])).prompts[1]

    kept = keeping(', keep_thinking=["right"]')
    assert kept.overrides.keep_thinking == {"right": True}
    assert keeping("").overrides.keep_thinking == {}
    text = "".join(file_of(Document((PromptCell(prompt="x"), kept)))["cells"][1]["source"])
    assert 'keep_thinking=["right"]' in text and "continues=True" in text
    alone = replace(kept, continues=False)
    assert "keep_thinking" not in str(file_of(Document((alone,)))["cells"][0]["source"])


def test_comments_stay_above_the_call() -> None:
    text = f'# first\n{CALL}\n    "Why?",  # second "#"\n)'
    document = edited(source(text))
    lines = "".join(file_of(document)["cells"][0]["source"]).splitlines()
    assert lines == ["# first", '# second "#"', *CALL.splitlines()[:2], 'compare("Why?")']


def test_cells_that_were_moved_added_and_deleted() -> None:
    def change(data: Node) -> None:
        first, note, _ = data["cells"]
        data["cells"] = [note, code('compare("New?", sampling={"top_k": 1})'), first]

    document = edited(change)
    assert [cell.id for cell in document.cells] == ["note", "new", "first"]
    new = document.prompts[0]
    assert new.prompt == "New?" and new.runs == ()
    assert new.overrides.sampling == {"left": {"top_k": 1}, "right": {"top_k": 1}}
    assert document.runs_made == 3


def test_a_cell_that_was_copied_keeps_its_runs_under_an_id_of_its_own() -> None:
    document = edited(lambda data: data["cells"].append(dict(data["cells"][0])))
    first, _, copy = document.prompts
    assert copy.id != first.id and copy.runs == first.runs


def test_a_new_call_asks_what_it_says_whatever_the_notebooks_settings() -> None:
    settings = Settings({**MODELS, "left": "Qwen/Qwen3-0.6B"}, {"right": {"temperature": 0.1}})
    data = file_of(book(), settings)
    data["cells"].append(code('compare("New?")'))
    document = read(json.dumps(data), "book.ipynb")[0]
    assert document.prompts[-1].overrides == Overrides(
        models={"left": "demo-instruct"}, sampling={"right": {"temperature": 0.6}}
    )
    assert "".join(json.loads(write(document, settings))["cells"][-1]["source"]).endswith(
        'compare("New?")'
    )


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.remove('x')",
        "compare(open('secret').read())",
        "compare(f'{1}')",
        "result = compare('Why?')",
        "compare('Why?')\nprint(1)",
        "compare('a', 'b')",
        "compare()",
        "compare('Why?', heat=1)",
        "compare('Why?', history=[])",
        "compare('Why?', sampling={'heat': 1})",
        "compare('Why?', sampling='hot')",
        "compare('Why?', sampling={'top_k': {}})",
        "compare('Why?', left='a b')",
        "compare('Why?', left={'model': 'demo-instruct', 'history': []})",
        "compare('Why?', pair='nobody')",
        "compare('Why?', pair=['demo'])",
        "compare('Why?', schedule='never')",
        "compare('Why?', continues=1)",
        "compare('Why?', **{})",
        "compare(*['Why?'])",
        "compare(7)",
        "compare(b'Why?')",
        "compare_each('Why?')",
        "compare_each('Why?', {'x': 'y'})",
        "compare('Why?'",
        "%%time\ncompare('Why?')",
        "from playground import compare as ask\ncompare('Why?')",
        "from elsewhere import compare\ncompare('Why?')",
        "import playground\nplayground.compare('Why?')",
        "compare('Why?') + " + "-" * 100_000 + "1",
        "compare(" + "1+" * 100_000 + "1)",
        "compare(" + "[" * 5000,
        "compare('\\ud800')",
        "# compare",
        "",
    ],
)
def test_code_that_is_no_plain_call_stays_with_all_it_has(text: str) -> None:
    before = file_of(book())["cells"][0]
    document = edited(source(text))
    cell = document.cells[0]
    assert isinstance(cell, ForeignCell) and cell.text == text
    after = file_of(document)["cells"][0]
    assert "".join(after["source"]) == text
    assert {**after, "source": before["source"]} == before, "runs and outputs are still there"
    data = file_of(document)
    data["cells"][0]["source"] = before["source"]
    assert opened(data) == book(), "and a call again, it has its runs again"


def test_a_note_that_was_edited_and_what_others_wrote_beside_it() -> None:
    def change(data: Node) -> None:
        data["cells"][1].update(
            source="![a](attachment:a.png)",
            attachments={"a.png": {"image/png": "aGVsbG8="}},
            metadata={"tags": ["x"]},
        )

    document = edited(change)
    note = document.cells[1]
    assert isinstance(note, NoteCell) and note.text == "![a](attachment:a.png)"
    kept = file_of(document)["cells"][1]
    assert kept["attachments"] and kept["metadata"] == {"tags": ["x"]}


def test_a_prompt_that_became_a_note_gets_its_runs_back_with_its_call() -> None:
    def change(data: Node) -> None:
        data["cells"][0] = {
            **{key: data["cells"][0][key] for key in ("id", "metadata", "source")},
            "cell_type": "markdown",
        }

    document = edited(change)
    assert isinstance(document.cells[0], NoteCell)
    data = file_of(document)
    data["cells"][0] |= {"cell_type": "code", "outputs": [], "execution_count": None}
    assert opened(data) == book()


def test_a_fold_is_kept_for_every_kind_of_cell_and_leaves_no_trace_when_undone() -> None:
    cells = (
        PromptCell(CellId("a"), "Why?", folded=True),
        NoteCell(CellId("b"), "Note", folded=True),
        ForeignCell(CellId("c"), "x", json.dumps(code("x")), folded=True),
    )
    data = file_of(book(*cells))
    document = opened(data)
    assert [cell.folded for cell in document.cells] == [True] * 3
    for cell in data["cells"]:
        del cell["metadata"]["playground"]["folded"]
    unfolded = file_of(opened(data))
    assert [cell["metadata"] for cell in unfolded["cells"][1:]] == [{}, {}]
