"""Documents beside a prompt, through the notebook: asked, compared, kept once, written and read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from playground.comparison.options import build_requests
from playground.domain.attachment import Attached, Attachment
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, Request, RunId
from playground.notebook.asking import question
from playground.notebook.changes import AddRun, Attach, apply
from playground.notebook.document import CellId, Document, ForeignCell, PromptCell
from playground.notebook.exports import code, saying
from playground.notebook.exports.link import fragment, from_fragment
from playground.notebook.exports.markdown import to_markdown
from playground.notebook.exports.page import to_html
from playground.notebook.exports.tables import to_csv
from playground.notebook.packing_texts import digest
from playground.notebook.plan import Planned
from playground.notebook.settings import Settings, differences
from playground.notebook.storage import read, write
from playground.results.value import Output, Result
from tests.notebook.test_asking import describe

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
SETTINGS = Settings(MODELS)
A, B = CellId("a"), CellId("b")
REPORT = Attachment("report.txt", "".join(f"Line {n} of {{{{name}}}} /think\n" for n in range(200)))
NOTES = Attachment("notes.md", "# Notes\n")


def requests(document: Document, cell: CellId = A, **values: str) -> tuple[Request, ...]:
    asked = question(document, SETTINGS, cell, Planned(tuple(values.items())), describe)
    return build_requests(asked.prompt, asked.options, MODELS, describe)


def ran(document: Document, cell: CellId = A) -> Document:
    results = tuple(
        Result(request, "ended", "end_of_turn", Output(None, "So be it."))
        for request in requests(document, cell)
    )
    return apply(document, AddRun(cell, RunId(f"run-{cell}"), results))


def with_report() -> Document:
    return Document((PromptCell(A, "Why?", attachments=(REPORT, NOTES)),))


def test_the_documents_stand_before_the_question_of_both_lanes() -> None:
    for request in requests(with_report()):
        assert request.prompt.startswith("[file name]: report.txt\n[file content begin]\nLine 0")
        assert request.prompt.endswith("# Notes\n\n[file content end]\nWhy?")
        assert (request.attachments, request.question) == ((REPORT, NOTES), "Why?")


def test_variables_and_tags_in_a_document_are_its_text() -> None:
    cell = PromptCell(A, "In {{name}}?", attachments=(REPORT,), variables=(("name", ("French",)),))
    left, right = requests(Document((cell,)), name="French")
    assert left.question == right.question == "In French?"
    assert left.attachments == (REPORT,)


def test_the_next_turn_begins_with_the_same_documents() -> None:
    cells = (with_report().cells[0], PromptCell(B, "And then?", continues=True))
    document = ran(Document(cells))
    before, after = requests(document, A)[0], requests(document, B)[0]
    assert after.history[0].content == before.prompt
    assert after.question == after.prompt == "And then?"


def test_a_run_says_that_its_files_were_different() -> None:
    now = requests(with_report())[0]
    without = requests(Document((PromptCell(A, "Why?"),)))[0]
    other = requests(Document((PromptCell(A, "Why?", attachments=(NOTES,)),)))[0]
    assert differences(without, now, seed=False) == ("there were no attached files",)
    assert differences(other, now, seed=False) == ("the attached files were different",)
    assert differences(now, replace(now), seed=False) == ()
    how = requests(apply(with_report(), Attach(A, (REPORT, NOTES))))[0]
    assert differences(how, now, seed=False) == ()


def test_a_file_has_the_text_in_its_source_and_once_for_all_runs() -> None:
    document = ran(ran(with_report()), A)
    text = write(document, SETTINGS)
    data = json.loads(text)
    source = "".join(data["cells"][0]["source"])
    assert "attachments=[" in source and '"name": "report.txt"' in source
    assert data["metadata"]["playground"]["texts"] == {digest(REPORT.text): REPORT.text}
    assert "Line 150" not in json.dumps(data["cells"][0]["metadata"])
    opened, settings = read(text, "book.ipynb")
    assert (opened, settings) == (document, SETTINGS)
    assert write(opened, SETTINGS) == text


def test_a_text_that_was_edited_in_jupyter_is_the_new_one_and_its_runs_keep_the_old() -> None:
    data = json.loads(write(ran(with_report()), SETTINGS))
    cell = data["cells"][0]
    cell["source"] = "".join(cell["source"]).replace("Line 3 of", "Line three of")
    opened = read(json.dumps(data), "book.ipynb")[0].prompts[0]
    assert "Line three of" in opened.attachments[0].text
    assert opened.run is not None
    assert opened.run.results[0].request.attachments == (REPORT, NOTES)


def test_a_cell_that_names_paths_stays_another_programs_cell() -> None:
    data = json.loads(write(Document((PromptCell(A, "Why?"),)), SETTINGS))
    data["cells"][0]["source"] = (
        'from playground import compare\n\ncompare("Why?", attachments=["/etc/passwd"])'
    )
    assert isinstance(read(json.dumps(data), "book.ipynb")[0].cells[0], ForeignCell)


def test_a_missing_text_is_said() -> None:
    data = json.loads(write(ran(with_report()), SETTINGS))
    del data["metadata"]["playground"]["texts"]
    with pytest.raises(BadRequest, match=r"attached text '.*' is missing"):
        read(json.dumps(data), "book.ipynb")


def test_exports_name_the_files_and_ask_the_question_alone() -> None:
    document = ran(with_report())
    said = f"report.txt ({len(REPORT.text):,} characters), notes.md (8 characters)"
    assert saying.attached_to(document.prompts[0]) == f"Attached: {said}"
    for text in (to_html(document), to_markdown(document).replace("\\", "")):
        assert f"Attached: {said}" in text
        assert "Why?" in text and "Line 150" not in text
    assert '"report.txt\nnotes.md",Why?,So be it.' in to_csv(document)


def test_the_code_of_a_cell_carries_its_documents() -> None:
    document = with_report()
    sections = code.sections(document.prompts[0], SETTINGS, requests(document), describe)
    python, curl = sections[0].text, sections[1].text
    assert "attachments=[" in python and "Line 150" in python and '"Why?"' in python
    body = json.loads(curl.split("'JSON'", 1)[1].split("\n", 1)[1].rsplit("JSON", 1)[0])
    assert [each["name"] for each in body["options"]["attachments"]] == ["report.txt", "notes.md"]
    assert body["prompt"] == "Why?"


def test_too_long_a_prompt_is_not_copied_as_code() -> None:
    cell = PromptCell(A, "Why?", attachments=(Attachment("a.txt", "x" * 200_001),))
    document = Document((cell,))
    with pytest.raises(BadRequest, match="too long to be copied as code"):
        code.sections(cell, SETTINGS, requests(document), describe)


def test_a_link_leaves_the_files_out() -> None:
    cell = with_report().prompts[0]
    assert from_fragment(fragment(cell, SETTINGS)).attachments == ()


def test_both_lanes_keep_what_they_were_attached_by_name_and_length() -> None:
    assert [request.lane for request in requests(with_report())] == list(LANES)
    wanted = (Attached("report.txt", len(REPORT.text)), Attached("notes.md", 8))
    assert all(request.attached == wanted for request in requests(with_report()))
