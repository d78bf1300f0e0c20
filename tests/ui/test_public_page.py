"""Strangers at a public page: whatever they send, no failure, no hang, no leak, nobody else's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.public import PublicPage, public_page

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SESSIONS = 50
A_FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["prompt", "options", "system", "history", "sampling", "left", "right", "schedule", "model",
     "temperature", "top_k", "max_new_tokens", "seed", "stop", "role", "content"]
)  # fmt: skip
# Like what the OpenAPI document describes, but for this and that.
NEARLY = st.recursive(
    JSON, lambda inner: st.dictionaries(NAMES, inner, max_size=5) | st.lists(inner, max_size=3)
)


@pytest.fixture(scope="module")
def served() -> Iterator[PublicPage]:
    with public_page() as page:
        yield page


@given(body=NEARLY)
@A_FEW
def test_any_body_of_compare_is_answered_or_refused(served: PublicPage, body: Any) -> None:
    events = served.compare(body)
    if isinstance(events, int):
        assert 400 <= events < 500
    else:
        assert events[-1][0] in ("complete", "error")


@given(options=NEARLY)
@A_FEW
def test_any_options_of_compare_are_answered_or_refused(served: PublicPage, options: Any) -> None:
    events = served.compare({"prompt": "Why?", "options": options})
    assert not isinstance(events, list) or events[-1][0] in ("complete", "error")
    assert not isinstance(events, int) or 400 <= events < 500


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"\xff"', b"[" * 5000, b"NaN"])
@pytest.mark.parametrize("path", ["call/v2/compare", "queue/join", "component_server", "call/none"])
def test_a_body_that_is_no_request_is_refused(served: PublicPage, path: str, raw: bytes) -> None:
    status, answer = served.ask(f"/gradio_api/{path}", raw=raw)
    assert 400 <= status < 500
    assert b"Traceback" not in answer and b"site-packages" not in answer


QUESTIONS = (
    "stop", "fetch", "trace", "count", "exact", "code", "link", "search", "save", "open", "runs",
    "draft", "restore", "snapshot", "view",
)  # fmt: skip


@given(name=st.sampled_from(QUESTIONS), data=NEARLY, inside=st.booleans())
@A_FEW
def test_any_question_is_answered(served: PublicPage, name: str, data: Any, inside: bool) -> None:
    secret = served.page.sessions.of("fuzzed").secret
    given = {**data, "session": secret} if inside and isinstance(data, dict) else data
    assert isinstance(served.question(name, given), dict)


ACTIONS = st.sampled_from(
    ["add", "back", "configure", "convert", "delete", "duplicate", "edit", "fold", "link", "move",
     "new", "redo", "retitle", "show", "undo"]
)  # fmt: skip


@given(action=ACTIONS, data=NEARLY)
@A_FEW
def test_any_intent_is_carried_out_or_told(served: PublicPage, action: str, data: Any) -> None:
    cell = served.page.sessions.of("fuzzed").document.cells[0].id
    intent = {"cell": cell, **data, "action": action} if isinstance(data, dict) else data
    status, answer = served.event("change", "fuzzed", [], intent)
    assert status == 200, answer


@given(data=NEARLY)
@A_FEW
def test_any_run_ends(served: PublicPage, data: Any) -> None:
    functions = served.page.blocks.fns.values()
    inputs = next(fn for fn in functions if fn.name == "run").inputs
    values = [getattr(component, "value", None) for component in inputs]
    status, answer = served.event("run", "fuzzed-run", values, data)
    assert status == 200 and answer[-1][1]["msg"] in ("process_completed", "close_stream"), answer
    assert served.page.comparison.gate.inside == 0


def test_an_event_that_there_is_not_is_no_broken_answer(served: PublicPage) -> None:
    for path in ("call/compare/none", "call/v2/compare", "queue/data?session_hash=none"):
        status, answer = served.ask(f"/gradio_api/{path}")
        assert status < 500 and b"Traceback" not in answer


# What a stranger may not


def test_a_model_that_is_not_offered_is_refused_at_every_door(served: PublicPage) -> None:
    session = served.page.sessions.of("stranger")
    cell = session.document.cells[0].id
    for name in ("/etc", "./x", "http://169.254.169.254/v1", "Qwen/Qwen3-4B", "~/.ssh"):
        events = served.compare({"prompt": "Why?", "options": {"left": {"model": name}}})
        assert isinstance(events, list) and events[-1][0] == "error"
        own = {"models": {"left": name}}
        served.event("change", "stranger", [], {
            "action": "configure", "cell": cell, "continues": False, "own": own,
            "dirty": {cell: "Why?"},
        })  # fmt: skip
        for question in ("exact", "code"):
            answer = served.question(question, {"session": session.secret, "cell": cell})
            assert "is not offered" in answer.get("error", ""), (question, answer)


def test_what_is_too_long_is_refused_or_lowered(served: PublicPage) -> None:
    events = served.compare({"prompt": "x" * 501})
    assert isinstance(events, list) and "500 is the most" in json.dumps(events[-1])
    body = {"prompt": "Why?", "options": {"sampling": {"max_new_tokens": 900_000}}}
    for result in served.compared(body).values():
        assert [notice["kind"] for notice in result["notices"]] == ["clamped"]
    assert served.ask("/gradio_api/call/v2/compare", raw=b" " * 6_000_001)[0] == 413
    secret = served.page.sessions.of("long").secret
    answer = served.question("count", {"session": secret, "prompt": "x" * 501})
    assert "is the most on this page" in answer["error"]
    answer = served.question("open", {"session": secret, "name": "a", "text": "x" * 4_000_001})
    assert "is the most on this page" in answer["error"]


def test_a_notebook_has_so_many_cells_and_says_so(served: PublicPage) -> None:
    for _ in range(8):
        served.event("change", "many", [], {"action": "add", "text": "Why?"})
    session = served.page.sessions.of("many")
    assert len(session.document.cells) == 5
    assert "5 is the most on this page" in session.notice


def test_another_site_may_not_ask_and_side_doors_are_closed(served: PublicPage) -> None:
    host = "x.hf.space"
    for path in ("/config", "/gradio_api/info", "/"):
        assert served.ask(path, Host=host, Origin="https://evil.example")[0] == 403
        assert served.ask(path, Host=host, Origin=f"https://{host}")[0] == 200
    for path in ("/gradio_api/upload", "/monitoring", "/gradio_api/file=/etc/passwd"):
        assert served.ask(path)[0] in (403, 404)


def test_a_secret_that_is_guessed_opens_nothing(served: PublicPage) -> None:
    served.page.sessions.of("owner")
    for guess in ("", "owner", "x" * 22, None, 0, [], {}):
        assert served.question("view", {"session": guess})["gone"] is True


# Many at once


def test_fifty_sessions_at_once_never_see_each_others_cells(served: PublicPage) -> None:
    def visit(number: int) -> tuple[str, Any, Any]:
        name, mark = f"visitor{number}", f"mark-{number}-"
        served.event("change", name, [], {"action": "add", "text": mark})
        session = served.page.sessions.of(name)
        view = served.question("view", {"session": session.secret})
        hits = served.question("search", {"session": session.secret, "query": "mark-"})
        return mark, view, hits

    with ThreadPoolExecutor(10) as pool:
        visits = list(pool.map(visit, range(SESSIONS)))
    for mark, view, hits in visits:
        texts = [cell["text"] for cell in view["cells"]]
        assert mark in texts
        assert {text for text in texts if text} == {mark}
        assert len(hits["hits"]) == 1


def test_many_comparisons_at_once_all_end_and_nothing_is_left_behind(served: PublicPage) -> None:
    before = threading.active_count()

    def ask(number: int) -> Any:
        return served.compared({"prompt": f"mark-{number}-"}, X_Forwarded_For=f"8.8.{number}.1")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(60)))
    kinds = {"ok": 0, "busy": 0}
    for number, both in enumerate(answers):
        for result in both.values():
            if result["error"]:
                assert result["error"]["kind"] == "busy"
                kinds["busy"] += 1
            else:
                assert result["output"]["answer"] == f"**mark-{number}-**"
                kinds["ok"] += 1
    assert kinds["ok"] >= 60
    assert served.page.comparison.gate.inside == 0
    assert threading.active_count() <= before + 20  # the web server's own pool


def test_one_visitor_cannot_take_all_the_places(served: PublicPage) -> None:
    gate = threading.Event()
    for engine in served.engines.values():
        engine.gate = gate
    try:
        with ThreadPoolExecutor(4) as pool:
            ask = lambda _: served.compared({"prompt": "a"}, X_Forwarded_For="8.8.8.8")  # noqa: E731
            asked = [pool.submit(ask, number) for number in range(3)]
            first = next(future for future in iter(asked) if _ends(future))
            assert {r["error"]["kind"] for r in first.result().values()} == {"busy"}
            gate.set()
            kinds = [r["left"]["error"] for r in (future.result() for future in asked)]
        assert kinds.count(None) == 2
    finally:
        gate.set()
        for engine in served.engines.values():
            engine.gate = None


def _ends(future: Any) -> bool:
    """Whether it ends although nothing is let through."""
    try:
        future.result(timeout=3)
    except TimeoutError:
        return False
    return True


def test_a_link_to_the_page_says_what_it_is(served: PublicPage) -> None:
    head = served.ask("/")[1].decode().partition("</head>")[0]
    assert 'content="Qwen3 side by side"' in head and 'content="What thinking buys you' in " ".join(
        head.split()
    )


# Health, and the end


def test_health_tells_the_models_and_what_is_under_way(served: PublicPage) -> None:
    status, body = served.ask("/healthz")
    told = json.loads(body)
    assert (status, told["status"], told["runs"]) == (200, "ok", 0)
    assert [model["label"] for model in told["models"]] == ["demo-instruct", "demo-thinking"]


def test_when_the_app_ends_a_running_cell_gets_its_text_and_a_new_one_a_message() -> None:
    with public_page() as page, ThreadPoolExecutor(1) as pool:
        for engine in page.engines.values():
            engine.gate = threading.Event()
        asked = pool.submit(page.compared, {"prompt": "Why?"})
        assert page.engines["demo-instruct"].answering.wait(20)
        comparison = page.page.comparison
        comparison.gate.close()
        late = page.compared({"prompt": "Late?"})
        assert {result["error"]["kind"] for result in late.values()} == {"busy"}
        assert json.loads(page.ask("/healthz")[1])["status"] == "ending"
        comparison.end(0)
        left = asked.result()["left"]
        assert (left["ending"], left["output"]["answer"]) == ("interrupted", "**Why?**")
