"""What a cell's repeats say together: counted under the same models and settings alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground.domain.request import LANES
from playground.ui.session import Session
from playground.ui.views import notebook_view
from playground.words import speaking
from tests.ui.fake import Fake, first, play, write


def together(session: Session) -> Any:
    cell: Any = notebook_view(session, ())["cells"][0]
    return cell["together"]


def row(session: Session, label: str) -> Any:
    rows = {each["label"]: each for each in together(session)["rows"]}
    return rows[label]["values"]["left"], rows[label]["more"]["left"]


def expect(session: Session, value: str) -> None:
    form = {"kind": "value", "value": value, "tolerance": ""}
    session.change({"action": "judge", "cell": first(session), "expected": form})  # type: ignore[typeddict-item]


def test_one_run_says_nothing_together(session: Session) -> None:
    write(session, "4042")
    play(session)
    assert together(session) is None


def test_repeats_are_counted_with_the_majority_and_the_median(session: Session) -> None:
    write(session, "4042")
    play(session, repeats=5)
    view = together(session)
    assert view["title"] == "5 runs under the same models and settings"
    assert (view["lanes"], view["left_out"]) == ({"left": "Instruct", "right": "Thinking"}, "")
    assert row(session, "most frequent answer") == ("4042", "5 of 5")
    assert row(session, "total time") == ("0.50 s", "")
    assert row(session, "no answer") == ("0 of 5", "")
    assert "right answers" not in [each["label"] for each in view["rows"]]


def test_what_is_expected_is_counted_with_its_interval_from_five_runs_on(
    session: Session,
) -> None:
    write(session, "4042")
    play(session, repeats=4)
    expect(session, "4042")
    assert row(session, "right answers") == ("4 of 4", "")
    play(session, repeats=5)
    assert row(session, "right answers") == ("5 of 5", "100 % (57–100)")
    assert row(session, "most frequent answer") == ("4042", "5 of 5, right answer")
    expect(session, "666")
    assert row(session, "right answers") == ("0 of 5", "0 % (0–43)")


def test_runs_under_other_settings_are_no_repeats(session: Session) -> None:
    write(session, "4042")
    play(session)
    settings = session.settings
    warm = {lane: {**settings.sampling[lane], "temperature": 0.9} for lane in LANES}
    session.settings = replace(settings, sampling=warm)
    play(session)
    assert together(session) is None
    play(session)
    assert row(session, "runs counted") == ("2", "")
    session.change({"action": "show", "cell": first(session), "shown": 0})
    assert together(session) is None


def test_a_failed_run_is_not_counted_but_told(session: Session, engines: dict[str, Fake]) -> None:
    write(session, "4042")
    play(session)
    play(session)
    engines["demo-instruct"].fails = True
    play(session)
    view = together(session)
    assert view["left_out"] == "1 result is not counted: it was stopped, failed or cut off."
    assert view["rows"][0]["values"] == {"left": "2", "right": "3"}
    assert view["title"].startswith("2–3 runs")


def test_it_is_made_once_until_the_cell_changes(session: Session) -> None:
    write(session, "4042")
    play(session, repeats=2)
    assert together(session) is together(session)
    with speaking("pt-BR"):
        assert together(session)["title"] == "2 execuções com os mesmos modelos e configurações"
