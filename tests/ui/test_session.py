"""A visitor's session: intents change the document, runs fill it, nothing written is lost."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from playground.domain.errors import BadRequest
from playground.domain.sampling import Sampling
from playground.notebook.settings import Settings, sampling_values
from playground.ui.session import Session
from tests.ui.fake import Fake, first, play, write


def test_a_run_leaves_both_lanes_results_in_the_cell(session: Session) -> None:
    write(session, "hello")
    play(session)
    run = session.document.cells[0].run
    assert run is not None
    assert [result.output.answer for result in run.results] == ["**hello**"] * 2
    assert [result.output.thinking for result in run.results] == [None, "hm"]
    assert [result.numbers.generated_tokens for result in run.results] == [2, 4]


def test_typed_text_that_comes_with_the_run_is_what_runs(session: Session) -> None:
    play(session, dirty={first(session): "typed just now"})
    run = session.document.cells[0].run
    assert run is not None and run.results[0].request.prompt == "typed just now"


def test_an_empty_prompt_is_a_notice_and_no_run(session: Session) -> None:
    play(session)
    assert "empty" in session.notice
    assert session.document.cells[0].runs == ()


def test_a_bad_value_is_a_notice_that_names_it_and_the_next_good_run_clears_it(
    session: Session,
) -> None:
    write(session, "hello")
    good = session.settings
    bad = {**good.sampling["left"], "temperature": "hot"}
    session.settings = Settings(good.models, {**good.sampling, "left": bad})
    play(session)
    assert "temperature is 'hot'" in session.notice
    session.settings = good
    play(session)
    assert session.notice == ""


def test_ten_presses_while_it_runs_are_one_run(session: Session, engines: dict[str, Fake]) -> None:
    write(session, "hello")
    gate = engines["demo-instruct"].gate = threading.Event()
    pump = threading.Thread(target=play, args=(session,))
    pump.start()
    assert engines["demo-instruct"].answering.wait(10)
    for _ in range(10):
        play(session)
    gate.set()
    pump.join(10)
    assert len(session.document.cells[0].runs) == 1


def test_cells_run_in_the_order_asked_and_one_pump_serves_later_presses(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "one", "two")
    gate = engines["demo-instruct"].gate = threading.Event()
    pump = threading.Thread(target=play, args=(session,))
    pump.start()
    assert engines["demo-instruct"].answering.wait(10)
    assert len(play(session, session.document.cells[1].id)) == 1
    gate.set()
    pump.join(10)
    assert [[run.number for run in cell.runs] for cell in session.document.cells] == [[1], [2]]


def test_a_stopped_cell_keeps_what_came_and_a_stopped_lane_leaves_the_other(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "hello")
    engines["demo-instruct"].gate = threading.Event()
    pump = threading.Thread(target=play, args=(session,))
    pump.start()
    assert engines["demo-instruct"].answering.wait(10)
    session.stop(first(session), "left")
    pump.join(10)
    run = session.document.cells[0].run
    assert run is not None
    assert [result.ending for result in run.results] == ["user", "end_of_turn"]
    assert [result.output.answer for result in run.results] == ["**hello**"] * 2


def test_one_lanes_failure_leaves_the_others_answer(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "hello")
    engines["demo-instruct"].fails = True
    play(session)
    run = session.document.cells[0].run
    assert run is not None
    assert [result.ending for result in run.results] == ["error", "end_of_turn"]
    assert run.results[0].output.answer == "**hello**"
    assert run.results[0].error is not None and "broke" in run.results[0].error.message


def test_closing_the_page_in_mid_run_ends_it_as_interrupted(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "hello")
    engines["demo-instruct"].gate = threading.Event()
    updates = session.run({"cells": [first(session)]})
    while session.live is None or session.live.folds["left"].phase != "answering":
        next(updates)
    updates.close()  # type: ignore[attr-defined]
    run = session.document.cells[0].run
    assert run is not None
    assert [result.ending for result in run.results] == ["interrupted"] * 2
    assert run.results[0].output.answer == "**hello**"
    assert session.live is None
    engines["demo-instruct"].gate = None
    play(session)
    assert len(session.document.cells[0].runs) == 2


def test_a_stop_before_the_first_event_is_not_lost(session: Session) -> None:
    write(session, "hello")
    updates = session.run({"cells": [first(session)]})
    while session.live is None:
        next(updates)
    session.stop(first(session))
    list(updates)
    run = session.document.cells[0].run
    assert run is not None
    assert [result.ending for result in run.results] == ["user", "user"]


def test_when_the_page_goes_away_what_waited_is_waiting_no_more(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "one", "two")
    engines["demo-instruct"].gate = threading.Event()
    updates = session.run({"cells": [cell.id for cell in session.document.cells]})
    while session.live is None:
        next(updates)
    updates.close()  # type: ignore[attr-defined]
    assert session.queue == []
    engines["demo-instruct"].gate = None
    play(session, session.document.cells[1].id)
    assert len(session.document.cells[1].runs) == 1


def test_a_refused_cell_in_a_row_keeps_its_message_while_the_others_run(session: Session) -> None:
    write(session, "one", "", "three")
    play(session, *[cell.id for cell in session.document.cells])
    assert [len(cell.runs) for cell in session.document.cells] == [1, 0, 1]
    assert "empty" in session.notice


def test_raising_the_limit_changes_that_lanes_setting_and_runs_again(session: Session) -> None:
    write(session, "hello")
    low = {**session.settings.sampling["right"], "max_new_tokens": 2}
    sampling = {**session.settings.sampling, "right": low}
    session.settings = Settings(session.settings.models, sampling)
    play(session)
    run = session.document.cells[0].run
    assert run is not None and run.results[1].ending == "limit"
    updates = play(session, action="raise_limit", lane="right")
    assert updates[0].adjusted == (("right", "max_new_tokens", 8),)
    again = session.document.cells[0].run
    assert again is not None
    assert [result.ending for result in again.results] == ["end_of_turn"] * 2
    assert [result.request.sampling.max_new_tokens for result in again.results] == [8, 8]


def test_shift_enter_goes_to_the_next_cell_making_one_after_the_last(session: Session) -> None:
    write(session, "hello")
    play(session, advance=True)
    assert len(session.document.cells) == 2
    assert session.focus == session.document.cells[1].id
    play(session, advance=True)
    assert len(session.document.cells) == 2


def test_a_deleted_cell_comes_back_with_its_runs(session: Session) -> None:
    write(session, "one", "two")
    play(session)
    session.change({"action": "delete", "cell": first(session)})
    assert [cell.prompt for cell in session.document.cells] == ["two"]
    session.change({"action": "undo"})
    assert [cell.prompt for cell in session.document.cells] == ["one", "two"]
    assert len(session.document.cells[0].runs) == 1


def test_a_cell_deleted_while_it_runs_comes_back_with_that_run(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "hello", "other")
    engines["demo-instruct"].gate = threading.Event()
    pump = threading.Thread(target=play, args=(session,))
    pump.start()
    assert engines["demo-instruct"].answering.wait(10)
    session.change({"action": "delete", "cell": first(session)})
    pump.join(10)
    session.change({"action": "undo"})
    run = session.document.cells[0].run
    assert run is not None and run.results[0].ending == "user"


def test_text_that_is_no_unicode_is_refused_and_neither_it_nor_the_old_text_runs(
    session: Session,
) -> None:
    write(session, "old")
    bad = {first(session): "bad \ud800"}
    play(session, dirty=bad)
    assert "not valid Unicode" in session.notice
    assert session.document.cells[0].runs == ()
    session.change({"action": "add", "text": "other", "dirty": bad})
    assert [cell.prompt for cell in session.document.cells] == ["old", "other"]
    play(session, session.document.cells[1].id, dirty=bad)
    assert len(session.document.cells[1].runs) == 1


def test_the_revision_grows_with_every_change(session: Session) -> None:
    before = session.revision
    session.change({"action": "add"})
    session.stop("")
    session.touch()
    assert session.revision == before + 3


def test_an_intent_for_a_cell_that_is_gone_says_so(session: Session) -> None:
    with pytest.raises(BadRequest, match="'gone'"):
        session.change({"action": "delete", "cell": "gone"})


def test_a_model_that_cannot_be_opened_fails_its_lane_alone(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "hello")
    del engines["demo-instruct"]
    play(session)
    run = session.document.cells[0].run
    assert run is not None
    assert [result.ending for result in run.results] == ["error", "end_of_turn"]
    assert run.results[0].error is not None
    assert "'demo-instruct'" in run.results[0].error.message


def test_sampling_that_was_the_models_own_follows_a_model_that_is_known_better(
    session: Session, engines: dict[str, Fake]
) -> None:
    cards = session.cards()
    session.settings = Settings(
        session.settings.models,
        {lane: sampling_values(card.defaults) for lane, card in cards.items()},
    )
    assert session.follow_models() == ()
    mine = {**session.settings.sampling["left"], "temperature": 0.9}
    session.settings = replace(
        session.settings, sampling={**session.settings.sampling, "left": mine}
    )
    for fake in engines.values():
        fake.card = replace(fake.card, defaults=Sampling(temperature=0.6, top_k=20))
    assert session.follow_models() == ("right",)
    assert session.settings.sampling["right"]["top_k"] == 20
    assert session.settings.sampling["left"] == mine, "what a visitor chose stays"
    assert session.follow_models() == ()
