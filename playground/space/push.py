"""`space push`: create or update a Space, wait until it is built, and ask it one real question.

Pushing again does only what is missing. Each failure says the next step; nothing secret is shown.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from playground.domain.errors import BadRequest
from playground.space.contents import contents
from playground.space.deployed import NAME_VARIABLE
from playground.space.hub import Hub, PushFailed, shown
from playground.space.reading import ROOT
from playground.space.trial import ask_once
from playground.space.value import Space

POLL_S = 5.0
TRIAL_S = 600.0
RUNNING = "RUNNING"
# For so long the Hub may tell of the program that ran before the upload.
STALE_S = 20.0
STANDING = ("PAUSED", "STOPPED", "SLEEPING")
BROKEN: Mapping[str, str] = {
    "NO_APP_FILE": "The Hub finds no app_file. Run `space check`, and push again.",
    "CONFIG_ERROR": "The Hub refuses the Space's configuration. Mend it, and push again.",
    "BUILD_ERROR": "The build failed. Mend what its log says, and push again.",
    "RUNTIME_ERROR": "The program ended. Mend what its log says, and push again.",
    "DELETING": "The Space is being deleted. Push again when it is gone.",
}


class Push:
    """One push; `write` shows what happens, `pause` waits between two looks at the build."""

    def __init__(
        self,
        space: Space,
        write: Callable[[str], None],
        wait_s: float,
        hub: Hub | None = None,
        environment: Mapping[str, str] = os.environ,
        pause: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        root: Path = ROOT,
    ) -> None:
        self._space = space
        self._write = write
        self._wait_s = wait_s
        self._hub = hub or Hub()
        self._environment = environment
        self._pause = pause or threading.Event().wait
        self._clock = clock
        self._root = root

    def run(self, repository: str | None = None, private: bool = False) -> str:
        """Put the Space up; its address. Raises BadRequest or PushFailed."""
        space, hub = self._space, self._hub
        repository = repository or f"{hub.account()}/{space.repository}"
        new = not hub.exists(repository)
        kept_variables = {} if new else hub.variables(repository)
        kept_secrets: set[str] = set() if new else hub.secrets(repository)
        variables = self._variables(kept_variables)
        secrets = self._secrets(kept_secrets)
        if new:
            hub.create(repository, space.hardware, private)
            self._say(f"Created {repository} on {space.hardware}.")
        elif hub.set_hardware(repository, space.hardware):
            self._say(f"Moved {repository} to {space.hardware}.")
        for name, value in variables.items():
            if kept_variables.get(name) != value:
                hub.set_variable(repository, name, value)
                self._say(f"Set the variable {name}.")
        for name, value in secrets.items():
            hub.set_secret(repository, name, value)
            self._say(f"Set the secret {name}.")
        picture = (
            f"https://huggingface.co/spaces/{repository}/resolve/main/playground/ui/screenshot.png"
        )
        files = {each.path: each.content for each in contents(space, self._root, picture)}
        commit = hub.upload(repository, files)
        self._say(f"Uploaded {len(files)} files (commit {commit[:8]}).")
        self._wait(repository, commit)
        address = hub.address(repository)
        self._say(f"It runs. Asking it: {address}")
        for lane, result in ask_once(address, hub.headers(), TRIAL_S).items():
            numbers = result.get("numbers", {})
            self._say(
                f"  {lane}: {numbers.get('generated_tokens')} tokens, {result.get('ending')}."
            )
        self._say(f"https://huggingface.co/spaces/{repository} is up and answers.")
        return address

    def _say(self, words: str) -> None:
        self._write(f"{words}\n")

    def _variables(self, kept: Mapping[str, str]) -> dict[str, str]:
        variables = {NAME_VARIABLE: self._space.name, **dict(self._space.variables)}
        for lane, name in self._space.lanes:
            value = self._environment.get(name, kept.get(name, ""))
            if not value:
                raise BadRequest(
                    f"{name} is not set: it names the {lane} lane's model. Set it, such as"
                    f" {name}='https://gpu.example/v1?model=Qwen/Qwen3-4B-Thinking-2507', and push"
                    " again."
                )
            if not value.startswith("https://"):
                raise BadRequest(
                    f"{name} is {value!r}, but from a Space only https:// on port 443 can be"
                    " reached. Put a proxy with a certificate before the server."
                )
            variables[name] = value
        return variables

    def _secrets(self, kept: set[str]) -> dict[str, str]:
        """Those that the environment has; one that is nowhere stops the push."""
        found = {}
        for name in self._space.secrets:
            value = self._environment.get(name, "")
            if value:
                found[name] = value
            elif name not in kept:
                raise BadRequest(
                    f"{name} is a secret of this Space, but it is not set here. Set it in the"
                    " environment, and push again."
                )
        return found

    def _wait(self, repository: str, commit: str) -> None:
        begun_s, before, changed, restarted = self._clock(), "", False, False
        while True:
            stage, message, running = self._hub.state(repository)
            if stage != before:
                self._say(f"  {stage.lower().replace('_', ' ')}")
                before = stage
            changed = changed or stage != RUNNING
            waited_s = self._clock() - begun_s
            if stage == RUNNING and (changed or running == commit or waited_s >= STALE_S):
                return
            if stage in STANDING and not restarted:
                self._hub.restart(repository)
                restarted = True
            if stage in BROKEN:
                log = self._hub.log(repository, build=stage != "RUNTIME_ERROR")
                said = f" It says: {message}" if message else ""
                raise PushFailed(f"{BROKEN[stage]}{said}{shown(log)}")
            if waited_s > self._wait_s:
                log = self._hub.log(repository, build="BUILDING" in stage)
                raise PushFailed(
                    f"After {self._wait_s:,.0f} s the Space is still {stage.lower()}. It may go on"
                    f" by itself: look at https://huggingface.co/spaces/{repository}, or push again"
                    f" with a longer --wait.{shown(log)}"
                )
            self._pause(POLL_S)
