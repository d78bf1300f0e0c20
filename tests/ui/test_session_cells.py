"""A session runs cells with variables, tags, conversations and settings of their own."""

from __future__ import annotations

from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.notebook.document import Document, NoteCell, PromptCell
from playground.ui.session import Session
from playground.ui.views import notebook_view
from tests.ui.fake import Fake, first, play, write


def configure(session: Session, cell: str, continues: bool = False, **own: Any) -> None:
    session.change({"action": "configure", "cell": cell, "continues": continues, "own": own})


def shown(session: Session, cell: int = 0) -> dict[str, Any]:
    return dict(notebook_view(session, ())["cells"][cell])


def add_continuing(session: Session, text: str) -> str:
    session.change({"action": "add", "text": text})
    cell = session.document.cells[-1].id
    configure(session, cell, continues=True)
    return cell


def test_a_cell_runs_once_for_each_value_of_a_variable(session: Session) -> None:
    write(session, "in {{language}}")
    configure(session, first(session), variables={"language": ["French", "German"]})
    updates = play(session)
    runs = session.document.prompts[0].runs
    assert [run.values for run in runs] == [(("language", "French"),), (("language", "German"),)]
    assert [run.result("left").output.answer for run in runs] == ["**in French**", "**in German**"]
    progress = {update.stream.get("progress", "") for update in updates}
    assert any(words.startswith("run 2 of 2") for words in progress)
    view = shown(session)["run"]
    assert view["values"] == "language = German"
    assert view["differs"] == "Unlike run 1: language was French"
    assert shown(session)["stale"] == ""


def test_too_many_values_are_refused_with_a_notice(session: Session) -> None:
    write(session, "{{a}}")
    configure(session, first(session), variables={"a": [str(number) for number in range(101)]})
    play(session)
    assert session.document.prompts[0].runs == ()
    assert "101 runs" in session.notice


def test_a_tag_runs_one_lane_alone_and_its_view_has_no_other(session: Session) -> None:
    write(session, "why? /think")
    updates = play(session)
    run = session.document.prompts[0].runs[0]
    assert run.lanes == ("right",)
    assert run.result("right").request.prompt == "why?"
    assert list(shown(session)["run"]["lanes"]) == ["right"]
    assert [bar["label"] for bar in shown(session)["run"]["timeline"]["bars"]] == ["Thinking"]
    assert all("left" not in update.stream.get("lanes", {}) for update in updates)
    assert shown(session)["stale"] == ""


def test_a_tag_that_no_lane_suits_is_said(session: Session) -> None:
    models = dict.fromkeys(("left", "right"), "demo-instruct")
    session.settings = type(session.settings)(models, session.settings.sampling)  # type: ignore[arg-type]
    write(session, "why? /think")
    play(session)
    assert "no lane thinks" in session.notice


def test_a_conversation_goes_on_in_each_lane_with_its_own_answers(session: Session) -> None:
    write(session, "one")
    play(session)
    cell = add_continuing(session, "two")
    play(session, cell)
    right = session.document.prompts[1].runs[0].result("right").request
    assert [(turn.role, turn.content, turn.thinking) for turn in right.history] == [
        ("user", "one", None),
        ("assistant", "**one**", None),
    ]
    assert shown(session, 1)["chips"] == ["continues the conversation"]


def test_a_lane_without_an_answer_to_go_on_from_fails_alone(session: Session) -> None:
    write(session, "one")
    configure(session, first(session), sampling={"right": {"max_new_tokens": "2"}})
    play(session)
    cell = add_continuing(session, "two")
    play(session, cell)
    run = session.document.prompts[1].runs[0]
    assert run.result("left").ending == "end_of_turn"
    assert run.result("right").ending == "error"
    error = run.result("right").error
    assert error is not None
    assert "came to no answer" in error.message


def test_a_cell_whose_conversation_has_not_run_is_refused_with_a_notice(session: Session) -> None:
    write(session, "one")
    cell = add_continuing(session, "two")
    play(session, cell)
    assert "Run that cell first" in session.notice
    assert session.document.prompts[1].runs == ()


def test_run_all_runs_a_conversation_in_order(session: Session) -> None:
    write(session, "one")
    cell = add_continuing(session, "two")
    play(session, first(session), cell)
    assert [len(prompt.runs) for prompt in session.document.prompts] == [1, 1]


def test_an_answer_above_that_changed_makes_a_conversation_stale(session: Session) -> None:
    write(session, "one")
    cell = add_continuing(session, "two")
    play(session, first(session), cell)
    assert shown(session, 1)["stale"] == ""
    session.change({"action": "edit", "dirty": {first(session): "another"}})
    play(session)
    assert shown(session, 1)["stale"] == "the conversation before it was different"


def test_what_a_cell_sets_itself_is_used_and_makes_it_stale(session: Session) -> None:
    write(session, "one")
    play(session)
    configure(session, first(session), sampling={"left": {"temperature": "0.25"}})
    assert shown(session)["stale"] == "Instruct: temperature was 0.5"
    assert shown(session)["chips"] == ["Instruct: temperature 0.25"]
    play(session)
    runs = session.document.prompts[0].runs
    assert runs[1].result("left").request.sampling.temperature == 0.25
    assert runs[1].result("right").request.sampling.temperature == 0.5
    assert shown(session)["run"]["differs"] == "Unlike run 1: Instruct: temperature was 0.5"


def test_two_runs_of_the_same_question_differ_by_their_seed(session: Session) -> None:
    write(session, "one")
    play(session)
    play(session)
    assert shown(session)["run"]["differs"] == "Unlike run 1: another seed"


def test_a_raised_limit_goes_where_the_limit_came_from(session: Session) -> None:
    write(session, "one")
    configure(session, first(session), sampling={"right": {"max_new_tokens": "2"}})
    play(session)
    updates = play(session, lane="right", action="raise_limit")
    assert updates[0].adjusted == ()
    own = session.document.prompts[0].overrides.sampling["right"]
    assert own["max_new_tokens"] == 8
    assert session.document.prompts[0].runs[1].result("right").has_answer


def test_a_bad_value_of_a_cell_is_a_notice(session: Session) -> None:
    write(session, "one")
    configure(session, first(session), sampling={"left": {"temperature": "hot"}})
    play(session)
    assert "temperature" in session.notice
    assert session.document.prompts[0].runs == ()


def test_swapping_exchanges_models_sampling_and_what_cells_set(session: Session) -> None:
    write(session, "one")
    configure(session, first(session), sampling={"left": {"temperature": "0.25"}})
    session.swap()
    assert session.settings.models == {"left": "demo-thinking", "right": "demo-instruct"}
    assert session.document.prompts[0].overrides.sampling == {"right": {"temperature": 0.25}}


def test_another_notebook_can_be_put_here_and_taken_back(session: Session) -> None:
    write(session, "mine")
    before = session.document
    session.install(Document((NoteCell(text="theirs"),)), session.settings, "Opened theirs.")
    assert notebook_view(session, ())["back"]
    assert session.notice == "Opened theirs."
    session.go_back()
    assert session.document == before
    session.go_back()
    assert session.document.cells[0].text == "theirs"


def test_a_run_is_stopped_when_another_notebook_takes_its_place(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "one", "two")
    session._enqueue([cell.id for cell in session.document.cells])
    session.install(Document(), session.settings)
    assert session.queue == []


def test_a_prompt_becomes_a_note_and_a_prompt_again_with_undo(session: Session) -> None:
    write(session, "text")
    play(session)
    before = session.document
    session.change({"action": "convert", "cell": first(session), "kind": "note"})
    assert isinstance(session.document.cells[0], NoteCell)
    assert shown(session)["blocks"] == ["<p>text</p>\n"]
    session.change({"action": "undo"})
    assert session.document == before
    session.change({"action": "redo"})
    assert session.document.cells[0].text == "text"


def test_converting_to_what_it_is_already_changes_nothing(session: Session) -> None:
    write(session, "text")
    play(session)
    before = session.document
    session.change({"action": "convert", "cell": first(session), "kind": "prompt"})
    assert session.document == before


def test_a_copy_of_a_cell_has_its_settings_and_none_of_its_runs(session: Session) -> None:
    write(session, "one")
    configure(session, first(session), system="brief")
    play(session)
    session.change({"action": "duplicate", "cell": first(session)})
    copy = session.document.prompts[1]
    assert (copy.prompt, copy.overrides.system, copy.runs) == ("one", "brief", ())


def test_cells_are_added_before_the_first_and_as_notes(session: Session) -> None:
    write(session, "one")
    session.change({"action": "add", "cell": "", "kind": "note", "text": "top"})
    assert [cell.text for cell in session.document.cells] == ["top", "one"]
    assert session.focus == session.document.cells[0].id


def test_title_and_folds_are_kept_and_undone(session: Session) -> None:
    session.change({"action": "retitle", "title": " Mine "})
    session.change({"action": "fold", "cell": first(session), "folded": True})
    view = notebook_view(session, ())
    assert (view["name"], view["cells"][0]["folded"]) == ("Mine", True)
    assert view["undo"] == "Cell folded."
    session.change({"action": "undo"})
    assert notebook_view(session, ())["undo"] == "Title changed."
    assert notebook_view(session, ())["redo"] == "Cell folded."


def test_what_another_program_wrote_cannot_be_run_or_edited(session: Session) -> None:
    from playground.notebook.document import CellId, ForeignCell

    session.install(Document((ForeignCell(CellId("f"), "import os", "{}"),)), session.settings)
    play(session, "f")
    session.change({"action": "edit", "dirty": {"f": "import sys"}})
    assert "another program's" in session.notice
    assert session.document.cells[0].text == "import os"
    assert shown(session)["kind"] == "foreign"
    with pytest.raises(BadRequest):
        configure(session, "f")


def test_a_link_fills_an_empty_last_cell_or_adds_one(session: Session) -> None:
    session.add_cell(PromptCell(prompt="linked"))
    assert [cell.text for cell in session.document.cells] == ["linked"]
    session.add_cell(PromptCell(prompt="second"))
    assert [cell.text for cell in session.document.cells] == ["linked", "second"]
