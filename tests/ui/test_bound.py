"""A notebook bound to a file: saved after every change, whole whenever the app is killed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.domain.errors import BadRequest
from playground.notebook.saving import save_atomically
from playground.notebook.settings import Settings
from playground.notebook.storage import read
from playground.ui.bound import BoundFile
from playground.ui.files import carry_out
from playground.ui.session import Session
from tests.ui.fake import Fake, first, play, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.ipynb"


@pytest.fixture
def bind(path: Path) -> Iterator[Callable[[], BoundFile]]:
    opened = []

    def make() -> BoundFile:
        opened.append(BoundFile(path))
        return opened[-1]

    yield make
    for file in opened:
        file.close()


def prompts(path: Path) -> list[str]:
    return [cell.text for cell in read(path.read_text("utf-8"), path.name)[0].cells]


def another(session: Session) -> Session:
    return Session(
        session._comparison, Settings(session.settings.models, session.settings.sampling)
    )


def test_a_file_that_is_not_there_is_made_by_the_first_change(
    session: Session, bind: Callable[[], BoundFile], path: Path
) -> None:
    file = bind()
    file.attach(session)
    assert session.file == "book.ipynb"
    write(session, "kept")
    file.flush()
    assert prompts(path) == ["kept"]


def test_a_change_wakes_the_writer_by_itself(
    session: Session, bind: Callable[[], BoundFile], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, written = bind(), threading.Event()
    monkeypatch.setattr(file, "flush", written.set)
    file.attach(session)
    write(session, "kept")
    assert written.wait(10)


def test_runs_and_settings_come_back_from_the_file(
    session: Session, bind: Callable[[], BoundFile]
) -> None:
    file = bind()
    file.attach(session)
    write(session, "kept")
    play(session)
    file.flush()
    again = another(session)
    bind().attach(again)
    assert again.document == session.document
    assert again.settings.models == session.settings.models


def test_a_notebook_that_has_not_changed_is_not_written_again(
    session: Session, bind: Callable[[], BoundFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bind()
    file.attach(session)
    write(session, "kept")
    file.flush()

    def never(*_: object) -> str:
        raise AssertionError("written again")

    monkeypatch.setattr("playground.ui.bound.write", never)
    file.flush()


def test_another_programs_edit_is_noticed_and_never_overwritten(
    session: Session, bind: Callable[[], BoundFile], path: Path
) -> None:
    file = bind()
    file.attach(session)
    write(session, "mine")
    file.flush()
    theirs = path.read_text("utf-8").replace("mine", "theirs!")
    path.write_text(theirs, "utf-8")
    write(session, "mine again")
    file.flush()
    assert path.read_text("utf-8") == theirs
    assert "Another program has changed book.ipynb" in session.notice
    write(session, "and again")
    file.flush()
    assert path.read_text("utf-8") == theirs


def test_a_file_that_was_only_touched_is_no_edit(
    session: Session, bind: Callable[[], BoundFile], path: Path
) -> None:
    file = bind()
    file.attach(session)
    write(session, "mine")
    file.flush()
    path.write_text(path.read_text("utf-8"), "utf-8")
    write(session, "mine again")
    file.flush()
    assert prompts(path) == ["mine again"]


def test_the_tab_that_came_last_keeps_the_file_and_the_other_is_told(
    session: Session, bind: Callable[[], BoundFile], path: Path
) -> None:
    file, later = bind(), another(session)
    file.attach(session)
    write(session, "first")
    file.attach(later)
    assert [cell.text for cell in later.document.cells] == ["first"]
    assert session.file == ""
    assert "another tab" in session.notice
    write(session, "lost on purpose")
    write(later, "second")
    file.flush()
    assert prompts(path) == ["second"]


def test_what_ran_when_the_app_was_killed_comes_back_as_interrupted(
    session: Session, engines: dict[str, Fake], bind: Callable[[], BoundFile], path: Path
) -> None:
    engines["demo-thinking"].gate = gate = threading.Event()
    file = bind()
    file.attach(session)
    write(session, "long")
    running = threading.Thread(target=play, args=(session,))
    running.start()
    assert engines["demo-thinking"].answering.wait(10)
    while session.live is None or not session.live.folds["right"].text["answer"]:
        pass
    file.flush()
    again = another(session)
    bind().attach(again)
    gate.set()
    running.join(10)
    run = again.document.prompts[0].runs[0]
    assert run.result("left").ending == "end_of_turn"
    assert run.result("right").ending == "interrupted"
    assert run.result("right").output.answer == "**long**"
    file.flush()
    assert [entry.name for entry in path.parent.iterdir()] == ["book.ipynb"]


def test_a_file_that_is_no_notebook_is_refused_and_left_alone(
    session: Session, bind: Callable[[], BoundFile], path: Path
) -> None:
    path.write_text("not a notebook", "utf-8")
    file = bind()
    with pytest.raises(BadRequest, match=r"book\.ipynb"):
        file.attach(session)
    write(session, "mine")
    file.flush()
    assert path.read_text("utf-8") == "not a notebook"


def test_a_disk_that_takes_nothing_is_said_and_nothing_is_lost(
    session: Session, bind: Callable[[], BoundFile], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bind()
    file.attach(session)
    write(session, "mine")
    file.flush()

    def full(*_: object) -> None:
        raise BadRequest("The disk is full. Free some space.")

    monkeypatch.setattr("playground.ui.bound.save_atomically", full)
    write(session, "mine again")
    with pytest.raises(BadRequest, match="disk is full"):
        file.flush()
    monkeypatch.undo()
    file.flush()
    assert prompts(path) == ["mine again"]
    assert first(session)


def test_what_a_full_disk_did_not_take_is_saved_by_itself_when_there_is_room(
    session: Session, bind: Callable[[], BoundFile], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, refused, room = bind(), threading.Event(), threading.Event()

    def save(where: Path, text: str) -> None:
        if not room.is_set():
            refused.set()
            raise BadRequest("The disk is full. Free some space.")
        save_atomically(where, text)

    monkeypatch.setattr("playground.ui.bound.LOOK_S", 0.01)
    monkeypatch.setattr("playground.ui.bound.save_atomically", save)
    file.attach(session)
    write(session, "mine")
    assert refused.wait(10)
    until(lambda: session.notice == "The disk is full. Free some space.")
    room.set()
    until(lambda: session.notice == "book.ipynb is saved again.")
    assert prompts(path) == ["mine"]


def test_a_run_that_ended_is_in_the_file_before_the_next_ones_draft_takes_its_place(
    session: Session,
    engines: dict[str, Fake],
    bind: Callable[[], BoundFile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, saved = bind(), []

    def save(where: Path, text: str) -> None:
        saved.append(where.name)
        save_atomically(where, text)

    monkeypatch.setattr("playground.ui.bound.LOOK_S", 3600.0)
    file.attach(session)
    session.changed = lambda: None  # nothing but this test saves
    write(session, "one")
    play(session)
    monkeypatch.setattr("playground.ui.bound.save_atomically", save)
    engines["demo-thinking"].gate = gate = threading.Event()
    session.change({"action": "add", "text": "two"})
    running = threading.Thread(target=play, args=(session, session.document.cells[1].id))
    running.start()
    until(lambda: session.live is not None)
    file.flush()
    gate.set()
    running.join(10)
    assert saved[:2] == ["book.ipynb", ".book.ipynb.running"]


def test_the_notebook_that_a_new_one_replaced_outlives_a_kill(
    session: Session, bind: Callable[[], BoundFile], path: Path
) -> None:
    file = bind()
    file.attach(session)
    write(session, "old")
    play(session)
    old = session.document
    carry_out(session, {"action": "new"})
    file.flush()
    again = another(session)
    bind().attach(again)
    assert [cell.text for cell in again.document.cells] == [""]
    again.go_back()
    assert again.document == old


def until(holds: Callable[[], bool]) -> None:
    """Wait for another thread."""
    while not holds():
        pass
