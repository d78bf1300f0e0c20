"""A result's JSON: schema 1, the same everywhere, there and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from playground.domain.errors import BadRequest, ErrorValue
from playground.domain.events import Counts, Event, Failed, Notice, ThoughtClosed, Waiting
from playground.domain.request import Message
from playground.domain.sampling import SEED_MAXIMUM, Sampling
from playground.results.fold import fold
from playground.results.value import Numbers, Output, Result, from_json, to_json
from tests.samples import SERVER, answer, ended, request, started, thought

FULL_REQUEST = request(
    "right",
    model="Qwen/Qwen3-0.6B?thinking=off",
    system="Be short.",
    history=(
        Message("user", "Hi"),
        Message("assistant", "Hello 😀"),
        Message("assistant", "Kept", "hm"),
    ),
    sampling=Sampling(0.6, 0.95, 20, 0.0, 1.5, 1.05, 512, SEED_MAXIMUM, ("END", "\n"), 100),
    schedule="together",
)
RUN: list[Event] = [
    Waiting(None, 0.0),
    started(1.0),
    Notice("clamped", "Less room."),
    thought("Let me", 2.0),
    ThoughtClosed(3.0),
    answer("</think> \x00 <script>", 4.0),
]
REPORTED = ended(counts=Counts(1, 1, basis="server"), server_numbers=(("eval_s", 0.5),))

RESULTS = {
    "waiting": Result(request()),
    "live": fold(FULL_REQUEST, RUN),
    "ended": fold(FULL_REQUEST, [*RUN, ended(counts=Counts(1, 1, 2), last_token_at_s=5.0)]),
    "failed": fold(request(), [*RUN, Failed(ErrorValue("engine_failed", "Oh."), 5.0)]),
    "never started": fold(request(), [Failed(ErrorValue("busy", "Full."), 5.0)]),
    "server": fold(request(), [started(origin=SERVER), REPORTED]),
}


@pytest.fixture
def data() -> dict[str, Any]:
    """The JSON of a full result, to be spoiled."""
    loaded: dict[str, Any] = json.loads(json.dumps(to_json(RESULTS["ended"])))
    return loaded


def spoil(data: dict[str, Any], path: str, value: object) -> None:
    *way, last = path.split(".")
    for key in way:
        data = data[key]
    data[last] = value


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_a_result_survives_json(result: Result) -> None:
    text = json.dumps(to_json(result), allow_nan=False)
    assert from_json(json.loads(text)) == result


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_json_survives_a_result(result: Result) -> None:
    data = to_json(result)
    assert to_json(from_json(data)) == data


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_a_result_that_was_read_is_as_frozen_as_one_that_was_made(result: Result) -> None:
    assert hash(from_json(json.loads(json.dumps(to_json(result))))) == hash(result)


def test_the_json_is_the_documented_one() -> None:
    assert to_json(RESULTS["ended"]) == {
        "schema": 1,
        "request": {
            "id": "run",
            "created_at": "2026-01-02T03:04:05.678+00:00",
            "lane": "right",
            "model": "Qwen/Qwen3-0.6B?thinking=off",
            "prompt": "Why?",
            "system": "Be short.",
            "history": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello 😀"},
                {"role": "assistant", "content": "Kept", "thinking": "hm"},
            ],
            "sampling": {
                "temperature": 0.6,
                "top_p": 0.95,
                "top_k": 20,
                "min_p": 0.0,
                "presence_penalty": 1.5,
                "repetition_penalty": 1.05,
                "max_new_tokens": 512,
                "seed": SEED_MAXIMUM,
                "stop": ["END", "\n"],
                "thinking_budget": 100,
            },
            "schedule": "together",
        },
        "phase": "ended",
        "ending": "end_of_turn",
        "output": {"thinking": "Let me", "answer": "</think> \x00 <script>"},
        "numbers": {
            "queue_s": 1.0,
            "load_s": 0.0,
            "first_token_s": 1.0,
            "first_answer_s": 3.0,
            "thinking_s": 1.0,
            "last_token_s": 4.0,
            "total_s": 8.0,
            "prompt_tokens": 9,
            "cached_tokens": 0,
            "thinking_tokens": 1,
            "answer_tokens": 1,
            "marker_tokens": 2,
            "forced_tokens": 0,
            "generated_tokens": 4,
            "tokens_per_s": 1.0,
            "counts": "exact",
        },
        "origin": {
            "engine": "scripted",
            "server": None,
            "device": "cpu",
            "dtype": None,
            "revision": None,
            "versions": {"playground": "0.1.0"},
        },
        "notices": [{"kind": "clamped", "text": "Less room."}],
        "server_numbers": {},
        "error": None,
    }


def test_what_is_unknown_is_null_in_json() -> None:
    data = to_json(RESULTS["waiting"])
    assert (data["ending"], data["origin"], data["error"]) == (None, None, None)
    assert data["output"] == {"thinking": None, "answer": ""}
    assert set(data["numbers"].values()) == {None, "exact"}


def test_what_the_server_reported_is_an_object_in_json() -> None:
    assert to_json(RESULTS["server"])["server_numbers"] == {"eval_s": 0.5}


@pytest.mark.parametrize("answer", ["", "\n", "\u200b"])
def test_an_empty_answer_is_no_answer(answer: str) -> None:
    assert not replace(RESULTS["ended"], output=Output("Long thought.", answer)).has_answer


# Reading what others wrote


@pytest.mark.parametrize("schema", [None, 0, 2, "1", [1]])
def test_another_schema_is_refused_by_its_number(data: dict[str, Any], schema: object) -> None:
    data["schema"] = schema
    with pytest.raises(BadRequest) as caught:
        from_json(data)
    assert f"schema {schema!r}, but this version reads 1" in str(caught.value)


@pytest.mark.parametrize("nothing", [None, [], "text", 5, {}])
def test_what_is_no_result_at_all_is_refused(nothing: Any) -> None:
    with pytest.raises(BadRequest, match="schema None"):
        from_json(nothing)


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [
        ("request", None, "an object"),
        ("request.lane", "middle", "one of left, right"),
        ("request.schedule", "at once", "one of in_turn, together"),
        ("request.prompt", 5, "a string"),
        ("request.prompt", "\ud800", "valid Unicode"),
        ("request.history", {}, "a list"),
        ("request.history", [[]], "an object"),
        ("request.history", [{"role": "robot", "content": ""}], "one of system, user, assistant"),
        ("request.history", [{"role": "user"}], "missing"),
        ("request.sampling", "hot", "an object"),
        ("request.sampling.temperature", "hot", "a number"),
        ("request.sampling.top_k", 1.5, "an integer"),
        ("request.sampling.seed", True, "an integer"),
        ("request.sampling.stop", "END", "a list"),
        ("request.sampling.stop", [1], "a string"),
        ("phase", "dancing", "one of waiting"),
        ("phase", None, "one of waiting"),
        ("ending", "maybe", "one of end_of_turn"),
        ("ending", ["user"], "one of end_of_turn"),
        ("output", [], "an object"),
        ("output.answer", None, "a string"),
        ("output.thinking", 5, "a string"),
        ("numbers", None, "an object"),
        ("numbers.queue_s", "fast", "a number"),
        ("numbers.queue_s", True, "a number"),
        ("numbers.queue_s", float("nan"), "a number"),
        ("numbers.queue_s", 10**400, "a number"),
        ("numbers.answer_tokens", 1.5, "an integer"),
        ("numbers.counts", "guessed", "one of exact"),
        ("origin", "here", "an object"),
        ("origin.versions", [["torch", "2.9"]], "an object"),
        ("origin.versions", {"torch": 2.9}, "a string"),
        ("notices", {}, "a list"),
        ("notices", ["clamped"], "an object"),
        ("server_numbers", [], "an object"),
        ("server_numbers", {"eval_s": "fast"}, "a number"),
        ("error", "Oh.", "an object"),
        ("error", {"kind": "busy"}, "missing"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(
    data: dict[str, Any], path: str, value: object, allowed: str
) -> None:
    spoil(data, path, value)
    with pytest.raises(BadRequest) as caught:
        from_json(data)
    assert str(caught.value).startswith(f"result.{path}")
    assert allowed in str(caught.value)


@pytest.mark.parametrize("key", ["id", "created_at", "lane", "model", "prompt"])
def test_a_request_must_say_what_was_asked(data: dict[str, Any], key: str) -> None:
    del data["request"][key]
    with pytest.raises(BadRequest, match=f"result.request.{key} is missing"):
        from_json(data)


def test_a_huge_wrong_value_is_not_repeated_in_full(data: dict[str, Any]) -> None:
    data["phase"] = "x" * 100_000
    with pytest.raises(BadRequest) as caught:
        from_json(data)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("path", ["new", "request.new", "numbers.new", "request.sampling.new"])
def test_a_key_of_a_later_version_is_passed_over(data: dict[str, Any], path: str) -> None:
    spoil(data, path, [1, 2])
    assert from_json(data) == RESULTS["ended"]


def test_a_number_of_a_later_version_is_unknown(data: dict[str, Any]) -> None:
    del data["numbers"]["queue_s"], data["notices"]
    read = from_json(data)
    assert (read.numbers.queue_s, read.notices) == (Numbers().queue_s, ())


def test_whole_numbers_may_be_written_without_a_point(data: dict[str, Any]) -> None:
    data["numbers"]["total_s"] = 8
    total_s = from_json(data).numbers.total_s
    assert (total_s, type(total_s)) == (8.0, float)
