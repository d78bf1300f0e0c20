"""`python -m playground compare`: arguments, exit codes, JSON and Ctrl+C."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from playground import running
from playground.__main__ import main
from playground.catalog import PAIRS
from playground.domain.sampling import FIELDS
from playground.results.value import from_json
from tests.played import BROKEN, Played, comparison_of, demo_pair
from tests.samples import ended, saying, started, thought

Pair = tuple[Played, Played]
Use = Callable[[Pair], Pair]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Makes the command use these engines."""

    def use(engines: Pair) -> Pair:
        comparison = comparison_of(*engines)
        monkeypatch.setattr(running, "own_comparison", lambda: comparison)
        return engines

    return use


@pytest.fixture
def engines(use: Use) -> Pair:
    return use(demo_pair())


def test_both_answers_are_printed_and_the_exit_code_is_0(
    engines: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "Why?"]) == 0
    printed = capsys.readouterr()
    assert "Left says." in printed.out and "Right says." in printed.out
    assert printed.err == "", "no progress where there is no terminal"


def test_json_is_both_results(engines: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "Why?", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["left", "right"]
    assert from_json(data["left"]).output.answer == "Left says."


def test_every_sampling_field_is_an_option(engines: Pair) -> None:
    values = {"stop": "END", "top_p": "0.5", "temperature": "0.25", "min_p": "0.5"}
    arguments = ["compare", "Why?"]
    for field in FIELDS:
        arguments += [f"--{field.name.replace('_', '-')}", values.get(field.name, "2")]
    assert main(arguments) == 0
    sampling = engines[0].requests[0].sampling
    for field in FIELDS:
        wanted = ("END",) if field.name == "stop" else float(values.get(field.name, "2"))
        assert getattr(sampling, field.name) == wanted


def test_stop_strings_may_come_many_times_and_look_like_numbers(engines: Pair) -> None:
    main(["compare", "Why?", "--stop", "a", "--stop", "2", "--right-sampling", "stop=b", "stop=c"])
    assert engines[0].requests[0].sampling.stop == ("a", "2")
    assert engines[1].requests[0].sampling.stop == ("b", "c")


def test_files_are_attached(engines: Pair, tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Notes", encoding="utf-8")
    assert main(["compare", "Why?", "--attach", str(path), "--attach", str(path)]) == 0
    assert [each.name for each in engines[0].requests[0].attachments] == ["notes.md"] * 2
    assert main(["compare", "Why?", "--attach", str(tmp_path / "gone")]) == 2


def test_a_lanes_own_sampling_wins(engines: Pair) -> None:
    own = ["--left-sampling", "temperature=0", "thinking_budget=null"]
    main(["compare", "Why?", "--temperature", "1.5", "--thinking-budget", "9", *own])
    left, right = (engine.requests[0].sampling for engine in engines)
    assert (left.temperature, left.thinking_budget) == (0, None)
    assert (right.temperature, right.thinking_budget) == (1.5, 9)


def test_models_system_prompt_and_schedule_reach_the_lanes(engines: Pair) -> None:
    more = ["--right", "demo-instruct", "--system", "Be brief.", "--schedule", "together"]
    main(["compare", "Why?", *more])
    asked = engines[0].requests[1]
    assert (asked.system, asked.schedule, asked.lane) == ("Be brief.", "together", "right")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare", "  "], "The prompt is empty"),
        (["compare", "a\ud800"], "not valid Unicode"),
        (["compare", "x", "--temperature", "hot"], "temperature is 'hot'"),
        (["compare", "x", "--temperature", "-1"], "from 0 to 2"),
        (["compare", "x", "--left-sampling", "temperature"], "is not KEY=VALUE"),
        (["compare", "x", "--left-sampling", "heat=1"], "Unknown sampling parameter|Unknown key"),
        (["compare", "x", "--pair", "nobody"], "Unknown pair 'nobody'"),
        (["compare", "x", "--left", "a b"], "not a model name"),
        (["compare", "x", "--schedule", "never"], "schedule is 'never'"),
    ],
)
def test_a_bad_request_is_said_and_the_exit_code_is_2(
    engines: Pair, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert any(word in printed.err for word in words.split("|"))
    assert engines[0].requests == []


@pytest.mark.parametrize("arguments", [[], ["compare"], ["compose", "x"], ["compare", "x", "--y"]])
def test_arguments_that_are_none_end_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2


def test_a_failed_lane_makes_the_exit_code_1(
    engines: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    engines[0].error = BROKEN
    assert main(["compare", "Why?"]) == 1
    printed = capsys.readouterr().out
    assert "It broke." in printed and "Right says." in printed


def test_a_tag_in_the_prompt_asks_one_lane(
    engines: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "Why? /no_think"]) == 0
    printed = capsys.readouterr().out
    assert "Left says." in printed and "Right" not in printed
    assert engines[0].requests[0].prompt == "Why?" and engines[1].requests == []


def test_no_answer_makes_the_exit_code_1(use: Use) -> None:
    use(demo_pair(right=[started(), thought("Hm", 1.0), ended("limit")]))
    assert main(["compare", "Why?"]) == 1


def test_a_model_that_does_not_exist_fails_its_lane_only(
    engines: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "Why?", "--left", "./nowhere"]) == 1
    printed = capsys.readouterr().out
    assert "There is no model './nowhere'" in " ".join(printed.split())
    assert "Right says." in printed


def interrupt_when(event: threading.Event, times: int) -> threading.Thread:
    """Ctrl+C, `times` times, as soon as the event is set."""

    def interrupt() -> None:
        assert event.wait(30)
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    return thread


def test_ctrl_c_stops_the_lanes_prints_what_came_and_exits_130(
    use: Use, capsys: pytest.CaptureFixture[str]
) -> None:
    left = Played("demo-instruct", saying("Left"), endless=True)
    use((left, demo_pair()[1]))
    before = signal.getsignal(signal.SIGINT)
    thread = interrupt_when(left.answering, 1)
    assert main(["compare", "Why?", "--json"]) == 130
    thread.join()
    data = json.loads(capsys.readouterr().out)
    assert data["left"]["output"]["answer"].startswith("Left")
    assert {data[lane]["ending"] for lane in data} == {"user"}
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_while_the_models_are_looked_up_exits_130_too(
    engines: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "requests_for", interrupted)
    assert main(["compare", "Why?"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_text_that_the_terminal_cannot_encode_is_replaced(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    use(demo_pair(saying("x² = 4")))
    assert main(["compare", "Why?"]) == 0
    out.flush()
    assert b"x? = 4" in out.buffer.getvalue()  # type: ignore[attr-defined]


def test_the_pairs_are_listed_with_what_fits_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    said = capsys.readouterr().out
    assert " free\n" in said.splitlines(keepends=True)[0]
    assert [line.split()[0] for line in said.splitlines()[2::2]] == list(PAIRS)
    assert "144 KiB each" in said


def test_auto_is_the_pair_that_is_asked_unless_another_is_named(engines: Pair) -> None:
    assert main(["compare", "What is 2 + 2?", "--pair", "auto"]) == 0
    assert main(["compare", "What is 2 + 2?", "--pair", "best"]) == 2
