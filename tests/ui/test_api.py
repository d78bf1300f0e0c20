"""The `/compare` endpoint, asked as a client asks it: over HTTP on loopback."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from playground import catalog
from playground.comparison.options import (
    CompareOptions,
    HistoryMessage,
    JudgeOptions,
    LaneOptions,
    ListOptions,
    ProblemOptions,
    SamplingOptions,
    build_requests,
)
from playground.domain.sampling import FIELDS
from playground.results.value import from_json
from playground.ui import api
from playground.ui.api import UPDATE_S, add_api, snapshots
from tests.played import BROKEN, Played, comparison_of, demo_pair
from tests.samples import ended, saying


@dataclass
class Served:
    """A page with nothing but the endpoint."""

    url: str
    left: Played
    right: Played
    client: Client


@pytest.fixture(scope="module")
def launched() -> Iterator[Served]:
    left, right = demo_pair()
    with gr.Blocks(analytics_enabled=False) as demo:
        add_api(comparison_of(left, right), catalog.pair("demo"))
    demo.queue(default_concurrency_limit=None)
    _, url, _ = demo.launch(
        server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, ssr_mode=False,
        run_history=False,
    )  # fmt: skip
    yield Served(url, left, right, Client(url, verbose=False))
    demo.close(verbose=False)


@pytest.fixture
def served(launched: Served) -> Iterator[Served]:
    yield launched
    for engine in (launched.left, launched.right):
        engine.error, engine.endless = None, False
        engine.requests.clear()
        engine.answering.clear()
        engine.ended.clear()


def ask(served: Served, prompt: Any = "Why?", **options: Any) -> Any:
    return served.client.predict(prompt, options, api_name="/compare")


def test_both_results_come_back_as_json(served: Served) -> None:
    answer = ask(served)
    assert list(answer) == ["left", "right"]
    results = {lane: from_json(result) for lane, result in answer.items()}
    assert results["left"].output.answer == "Left says."
    assert results["right"].ending == "end_of_turn"


def test_options_may_be_left_out(served: Served) -> None:
    answer = served.client.predict("Why?", api_name="/compare")
    assert answer["left"]["request"]["sampling"]["top_k"] == 20


def test_options_reach_the_lanes(served: Served) -> None:
    ask(
        served,
        system="Be brief.",
        sampling={"temperature": 0.1, "stop": ["END"]},
        left={"sampling": {"seed": 0}},
        right={"model": "demo-instruct"},
        schedule="together",
    )
    first, second = sorted(served.left.requests, key=lambda request: request.lane)
    assert (first.system, first.schedule, first.sampling.seed) == ("Be brief.", "together", 0)
    assert second.lane == "right" and second.sampling.stop == ("END",)


@pytest.mark.parametrize(
    ("prompt", "options", "words"),
    [
        ("", {}, "The prompt is empty"),
        (5, {}, "prompt is 5, but must be a string"),
        ("x", {"sampling": {"temperature": "hot"}}, "temperature is 'hot', but must be a number"),
        ("x", {"smapling": {}}, "Unknown key 'smapling' in options"),
        ("x", {"left": {"model": "nobody!"}}, "'nobody!' is not a model name"),
        ("x", {"schedule": 3}, "schedule is 3, but must be one of"),
    ],
)
def test_a_bad_request_is_an_error_that_names_key_value_and_what_is_allowed(
    served: Served, prompt: Any, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(AppError) as refused:
        ask(served, prompt, **options)
    assert words in str(refused.value)
    assert served.left.requests == served.right.requests == []


def test_a_lanes_failure_is_a_result(served: Served) -> None:
    served.left.error = BROKEN
    answer = ask(served, right={"model": "./nowhere"})
    assert answer["left"]["error"] == {"kind": "engine_failed", "message": str(BROKEN)}
    assert answer["right"]["error"]["kind"] == "model_not_found"


def test_a_client_that_cancels_stops_the_lanes(served: Served) -> None:
    served.left.endless = True
    job = served.client.submit("Why?", {}, api_name="/compare")
    next(iter(job))
    assert served.left.answering.wait(30)
    job.cancel()
    assert served.left.ended.wait(30)
    assert served.right.requests == []


def test_a_client_that_goes_away_stops_the_lanes(served: Served) -> None:
    served.left.endless = True
    body = json.dumps({"data": ["Why?", {}]}).encode()
    address = f"{served.url}gradio_api/call/compare"
    asked = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=30) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{address}/{event}", timeout=30) as stream:
        assert served.left.answering.wait(30)
        stream.readline()
    assert served.left.ended.wait(60)


def schema_of(served: Served, endpoint: str = "compare") -> dict[str, Any]:
    with urllib.request.urlopen(f"{served.url}gradio_api/openapi.json", timeout=30) as reply:
        document = json.load(reply)
    (post,) = (
        path["post"]
        for name, path in document["paths"].items()
        if name.endswith(f"/{endpoint}") and "post" in path
    )
    schema: dict[str, Any] = post["requestBody"]["content"]["application/json"]["schema"]
    return schema


def test_the_openapi_document_has_the_real_schema(served: Served) -> None:
    properties = schema_of(served)["properties"]
    assert properties["prompt"]["type"] == "string"
    options = properties["options"]["properties"]
    assert set(options) == set(CompareOptions.__annotations__)
    assert set(options["left"]["properties"]) == set(LaneOptions.__annotations__)
    sampling = options["right"]["properties"]["sampling"]["properties"]
    assert (
        list(sampling) == [field.name for field in FIELDS] == list(SamplingOptions.__annotations__)
    )
    history = options["history"]["items"]["properties"]
    assert set(history) == set(HistoryMessage.__annotations__)


def test_snapshots_come_at_a_fixed_pace_and_the_last_one_is_the_end() -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += UPDATE_S / 2
        return now[0]

    comparison = comparison_of(*demo_pair())
    requests = build_requests(
        "Why?", {}, catalog.pair("demo"), lambda name: comparison.open_engine(name).card
    )
    shown = list(snapshots(comparison, requests, clock))
    events = 2 * (1 + len(saying("a", "b")))
    assert events // 2 <= len(shown) <= events + 1
    assert shown[0]["left"]["phase"] == "waiting"
    assert {shown[-1][lane]["phase"] for lane in ("left", "right")} == {"ended"}


def test_closing_the_snapshots_stops_the_lanes() -> None:
    left = Played("demo-instruct", [*saying("Left"), ended()], endless=True)
    comparison = comparison_of(left, demo_pair()[1])
    requests = build_requests(
        "Why?", {}, catalog.pair("demo"), lambda name: comparison.open_engine(name).card
    )
    stream = snapshots(comparison, requests, iter(range(10_000)).__next__)
    for shown in stream:
        if shown["left"]["phase"] == "answering":
            break
    stream.close()
    assert left.ended.wait(10)


def test_any_number_of_clients_may_ask_at_once() -> None:
    with gr.Blocks() as demo:
        add_api(comparison_of(*demo_pair()), catalog.pair("demo"))
    endpoints = {each.api_name: each for each in demo.fns.values()}
    assert list(endpoints) == ["compare", "compare_list", "judge"]
    assert endpoints["compare"].api_description == api.DESCRIPTION
    assert [endpoints[name].concurrency_limit for name in ("compare", "compare_list")] == [None] * 2


def test_documents_are_put_before_the_prompt_and_a_path_is_never_read(served: Served) -> None:
    document = {"name": "a.txt", "text": "words"}
    both = served.client.predict("Why?", {"attachments": [document]}, api_name="/compare")
    request = both["left"]["request"]
    assert request["prompt"].endswith("words\n[file content end]\nWhy?")
    assert request["attached"] == [{"name": "a.txt", "characters": 5}]
    assert from_json(both["left"]).request.question == "Why?"
    for wrong in ("/etc/passwd", {"name": "passwd", "path": "/etc/passwd"}):
        with pytest.raises(AppError, match="a path is never read for a visitor"):
            served.client.predict("Why?", {"attachments": [wrong]}, api_name="/compare")


def test_with_an_expected_answer_the_last_message_is_judged(served: Served) -> None:
    job = served.client.submit("Why?", {"expected": "Left says."}, api_name="/compare")
    answer = job.result(timeout=30)
    assert list(answer) == ["left", "right", "judged"]
    judged = answer["judged"]
    assert (judged["left"]["grade"], judged["right"]["grade"]) == ("right", "wrong")
    assert judged["agreement"]["left"]["text"] == "Left says."
    assert set(judged["left"]) >= {"grade", "rule", "final", "why"}
    assert all("judged" not in shown for shown in job.outputs()[:-1])


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ({"kind": "vibes", "value": "1"}, "expected.kind is 'vibes'"),
        ({"kind": "pattern", "value": "("}, "no regular expression"),
        ({"value": "1", "why": 2}, "Unknown key 'why' in expected"),
    ],
)
def test_an_expected_answer_that_cannot_be_is_refused(
    served: Served, expected: Any, words: str
) -> None:
    with pytest.raises(AppError, match=words):
        ask(served, expected=expected)
    assert served.left.requests == []


def test_a_list_ends_with_all_rows_and_a_verdict(served: Served) -> None:
    problems = [
        {"prompt": "One?", "expected": "Left says.", "tags": ["a"]},
        {"variables": {"prompt": "Two?"}, "expected": {"values": ["x", "Right says."]}},
    ]
    job = served.client.submit(problems, {"repeats": 2}, api_name="/compare_list")
    ended = job.result(timeout=30)
    assert [(row["problem"], row["repeat"]) for row in ended["rows"]] == [
        (1, 0), (2, 0), (1, 1), (2, 1)
    ]  # fmt: skip
    first = ended["rows"][0]
    assert from_json(first["left"]).output.answer == "Left says."
    assert (first["judged"]["left"]["grade"], first["tags"]) == ("right", ["a"])
    assert ended["verdict"]["paired"]["counts"] == {
        "both_right": 0, "only_left": 2, "only_right": 2, "neither": 0
    }  # fmt: skip
    assert "n = 2" in ended["words"]
    shown = [each for each in job.outputs() if "done" in each]
    assert (shown[0]["done"], shown[0]["planned"], shown[0]["left_s"]) == (0, 4, None)
    assert shown[-1]["counts"]["left"] == {"right": 2, "wrong": 1}
    seeds = [request.sampling.seed or 0 for request in served.left.requests]
    assert (seeds[1] - seeds[0], seeds[2] - seeds[0]) == (0, 1)


def test_a_client_that_cancels_a_list_stops_its_lanes(served: Served) -> None:
    served.left.endless = True
    job = served.client.submit([{"prompt": "Why?"}], {}, api_name="/compare_list")
    assert served.left.answering.wait(30)
    job.cancel()
    assert served.left.ended.wait(30)


def test_the_openapi_document_has_the_schema_of_lists_and_judging(served: Served) -> None:
    properties = schema_of(served, "compare_list")["properties"]
    assert set(properties["options"]["properties"]) == set(ListOptions.__annotations__)
    assert set(ProblemOptions.__annotations__) <= set(str(properties["problems"]).split("'"))
    given = schema_of(served, "judge")["properties"]["options"]["properties"]
    assert set(given) == set(JudgeOptions.__annotations__)


def test_answers_from_anywhere_are_judged(served: Served) -> None:
    given = {"left": "It is **42**.", "right": "So: 43", "expected": 42}
    judged = served.client.predict(given, api_name="/judge")
    assert judged["agreement"]["kind"] == "disagree"
    assert (judged["left"]["grade"], judged["right"]["grade"]) == ("right", "wrong")
