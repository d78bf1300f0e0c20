"""Every transcript says at its head whether it was recorded, and from what it was read."""

from __future__ import annotations

import pytest

from tests.engines.server.standin import RECORDINGS

FILES = sorted(RECORDINGS.iterdir())
UNVERSIONED = ("modelscope",)  # a service


def head(name: str) -> str:
    lines = (RECORDINGS / name).read_text("utf-8").splitlines()
    return " ".join(line.removeprefix("# ") for line in lines if line.startswith("#"))


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_a_transcript_names_the_version_that_it_was_read_from(name: str) -> None:
    server, version, *_ = name.removesuffix(".json").removesuffix(".sse").split("-")
    said = head(name)
    assert said.startswith(("Recorded from a real ", "Written by hand", "As "))
    assert said.startswith("Written by hand") is ("not recorded" in said)
    assert server in UNVERSIONED or version in said


def test_every_server_of_the_profiles_has_one() -> None:
    servers = {file.name.split("-")[0] for file in FILES}
    known = {"vllm", "sglang", "llamacpp", "ollama", "lmstudio", "tgi", "transformers", "router"}
    assert servers == known | {"modelscope"}
