"""`space push` through the real client, against a stand-in of the Hub that builds and answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import pytest

from playground.domain.errors import BadRequest, PlaygroundError
from playground.space.hub import Hub, PushFailed
from playground.space.push import Push
from playground.space.reading import named, read_spaces
from tests.space.checkout import small_checkout
from tests.space.hub_service import RESULT, HubService, hub_service

TOKEN = "hf_not-a-token"
LANES = {
    "PLAYGROUND_LEFT": "https://gpu.example/v1?model=left",
    "PLAYGROUND_RIGHT": "https://gpu.example/v1?model=right",
}
KEYS = {"PLAYGROUND_SERVER_KEYS": "https://gpu.example=f2c7a9"}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubService]:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    with hub_service() as running:
        yield running


class Pushed:
    """Pushes, and what they said."""

    def __init__(self, service: HubService, root: Path) -> None:
        self.service = service
        self.root = root
        self.said = ""
        self.now_s = 0.0

    def __call__(self, name: str = "cpu", to: str | None = None, **environment: str) -> str:
        def write(words: str) -> None:
            self.said += words

        def pause(seconds: float) -> None:
            self.now_s += seconds

        push = Push(
            named(read_spaces(), name), write, 600, Hub(self.service.url, TOKEN),
            environment, pause, lambda: self.now_s, self.root,
        )  # fmt: skip
        return push.run(to)


@pytest.fixture
def push(service: HubService, tmp_path: Path) -> Pushed:
    return Pushed(service, small_checkout(tmp_path))


def space(service: HubService, name: str = "me/qwen3-side-by-side-cpu") -> dict[str, Any]:
    return service.spaces[name]


def test_a_new_space_is_created_filled_built_and_asked(service: HubService, push: Pushed) -> None:
    assert push() == service.url
    made = space(service)
    assert made["hardware"] == "cpu-basic"
    assert made["variables"] == {"PLAYGROUND_SPACE": "cpu"}
    files = made["files"]
    assert {"app.py", "spaces.yml", "playground/ui/page.py", ".gitattributes"} <= set(files)
    assert not [path for path in files if path.startswith(("tests/", ".ci"))]
    head = files["README.md"].decode().split("---\n")[1]
    assert "hf_oauth: true" in head and "qwen3-side-by-side-cpu/resolve/main/" in head
    assert "gradio" not in files["requirements.txt"].decode().partition("\n")[2]
    for words in (
        "Created me/qwen3",
        "building",
        "It runs",
        "left: 48 tokens",
        "is up and answers",
    ):
        assert words in push.said
    assert service.tokens == {TOKEN}


def test_pushing_again_updates_and_takes_away_what_is_gone(
    service: HubService, push: Pushed
) -> None:
    push()
    space(service)["files"]["playground/old.py"] = b""
    space(service)["hardware"] = "cpu-upgrade"
    service.asked.clear()
    push()
    assert "playground/old.py" not in space(service)["files"]
    assert ".gitattributes" in space(service)["files"]
    assert space(service)["hardware"] == "cpu-basic"
    assert "POST /api/repos/create" not in service.asked
    assert not [call for call in service.asked if call.startswith("POST") and "variables" in call]


def test_a_program_that_ran_before_the_upload_is_not_taken_for_the_new_one(
    service: HubService, push: Pushed
) -> None:
    push()
    service.stages = ["RUNNING", "RUNNING", "RUNNING", "BUILD_ERROR"]
    with pytest.raises(PushFailed, match="build failed"):
        push()


def test_secrets_come_from_the_environment_and_are_never_shown(
    service: HubService, push: Pushed
) -> None:
    push("front", **LANES, **KEYS)
    made = space(service, "me/qwen3-side-by-side-front")
    assert made["secrets"] == KEYS
    assert made["variables"]["PLAYGROUND_RIGHT"] == LANES["PLAYGROUND_RIGHT"]
    assert "f2c7a9" not in push.said
    assert not any(b"f2c7a9" in content for content in made["files"].values())
    push("front")  # the Hub has them now


def test_it_goes_to_another_owner_when_told(service: HubService, push: Pushed) -> None:
    push(to="team/compare")
    assert set(service.spaces) == {"team/compare"}


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, r"PLAYGROUND_LEFT is not set: .* push again"),
        ({**LANES}, r"PLAYGROUND_SERVER_KEYS is a secret .* push again"),
        ({**LANES, "PLAYGROUND_LEFT": "http://127.0.0.1:8000/v1"}, r"port 443"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_sent(
    service: HubService, push: Pushed, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        push("front", **environment)
    assert service.spaces == {}


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/whoami-v2", (401, {}, {"error": "Invalid credentials"}), r"token is not valid.*hf auth"),
        ("/create", (403, {}, {"error": "No ZeroGPU"}), r"create .* No ZeroGPU\. .*30 days of age"),
        ("/create", (402, {}, {"error": "Payment required"}), r"Add a way to pay"),
        ("/create", (429, {}, {}), r"Push again in a few minutes"),
        ("/commit/main", (500, {}, {}), r"upload to .* has trouble \(HTTP 500\)"),
        ("/variables", (403, {}, {}), r"set the variable PLAYGROUND_SPACE: .*permission to write"),
        (
            "/validate-yaml",
            (400, {}, {"errors": [{"message": "emoji"}]}),
            r"upload to .*push again",
        ),
        ("/v2/compare", (500, {}, {}), r"up, but .* answered HTTP 500"),
    ],
)
def test_a_failure_says_what_could_not_be_done_and_the_next_step(
    service: HubService, push: Pushed, path: str, answer: Any, words: str
) -> None:
    service.refuse[path] = answer
    with pytest.raises(PlaygroundError, match=f"(?s){words}"):
        push()


def test_a_build_that_fails_shows_its_log(service: HubService, push: Pushed) -> None:
    service.stages = ["BUILDING", "BUILD_ERROR"]
    with pytest.raises(PushFailed, match=r"(?s)build failed.*\| ERROR: No matching distribution"):
        push()


def test_a_build_that_takes_too_long_is_left_with_its_address(
    service: HubService, push: Pushed
) -> None:
    service.stages = ["BUILDING"]
    with pytest.raises(PushFailed, match=r"After 600 s .* still building.*longer --wait"):
        push()


def test_a_space_that_stands_still_is_started(service: HubService, push: Pushed) -> None:
    push()
    service.stages = ["PAUSED", "PAUSED", "RUNNING"]
    push()
    assert any(call.endswith("/restart") for call in service.asked)


def test_a_lane_that_fails_in_the_trial_is_told(service: HubService, push: Pushed) -> None:
    failed = {**RESULT, "ending": "error", "error": {"kind": "busy", "message": "No GPU."}}
    service.results = {"left": RESULT, "right": failed}
    with pytest.raises(PushFailed, match=r"up, but its right lane failed: No GPU\."):
        push()


def test_a_hub_that_is_not_there_is_said(push: Pushed) -> None:
    push.service.url = "http://127.0.0.1:9"
    with pytest.raises(PushFailed, match=r"Could not find out who you are: .*push again"):
        push()
