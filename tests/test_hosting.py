"""The page is one person's, public, or a Space: then public by itself and as spaces.yml says."""

from __future__ import annotations

import argparse
import logging
import os

import pytest

from playground.catalog import pair
from playground.domain.errors import BadRequest
from playground.domain.limits import PUBLIC, UNLIMITED
from playground.hosting import Hosting, add_arguments, get_ready, hosting


def plan(*arguments: str, **environment: str) -> Hosting:
    parser = argparse.ArgumentParser()
    for name in ("--pair", "--left", "--right", "--host", "--notebook"):
        parser.add_argument(name, default="demo" if name == "--pair" else None)
    parser.add_argument("--port", type=int)
    parser.add_argument("--runs", type=int, default=32)
    add_arguments(parser)
    return hosting(parser.parse_args(arguments), environment)


def test_on_ones_own_machine_nothing_is_limited() -> None:
    own = plan("--left", "demo-thinking")
    assert own.models == {"left": "demo-thinking", "right": "demo-thinking"}
    assert (own.limits, own.in_public, own.offer, own.host) == (UNLIMITED, False, None, "127.0.0.1")


def test_python_tests_are_run_for_nobody_but_the_operator() -> None:
    assert not plan().python_tests
    assert plan("--allow-python-tests").python_tests
    with pytest.raises(BadRequest, match="--allow-python-tests"):
        plan("--allow-python-tests", "--public")


def test_in_public_only_the_lanes_models_are_offered_within_limits() -> None:
    public = plan("--public", "--limit", "cells=7", "--limit", "visitor_runs=1")
    assert public.offer == ("demo-instruct", "demo-thinking")
    assert public.limits == PUBLIC.with_values({"cells": 7, "visitor_runs": 1})
    assert public.in_public and not public.login and public.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--public", "--notebook", "a.ipynb"), "--notebook is one person's"),
        (("--limit", "cells=7"), "--limit is for a public page"),
        (("--public", "--limit", "cells"), "is not NAME=N"),
        (("--public", "--limit", "cell=7"), "Unknown limit 'cell'"),
    ],
)
def test_what_does_not_go_together_is_said(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        plan(*arguments)


def test_a_space_is_public_by_itself_and_the_default_one_if_it_has_no_name() -> None:
    zero = plan(SPACE_ID="me/copy")
    assert zero.models == pair("qwen3-4b") and zero.in_public
    assert zero.gpu is not None and zero.limits.max_new_tokens == 2048
    assert (zero.host, zero.port) == ("0.0.0.0", 7860)
    assert zero.origins == ("https://huggingface.co",)


def test_a_space_offers_more_and_a_login_where_the_hub_has_set_one_up() -> None:
    cpu = plan(SPACE_ID="me/x", PLAYGROUND_SPACE="cpu", OAUTH_CLIENT_ID="id")
    assert cpu.login and cpu.gpu is None
    assert cpu.offer is not None and cpu.offer[:2] == ("demo-instruct", "demo-thinking")
    assert all(name.startswith("https://router.huggingface.co/") for name in cpu.offer[2:])
    assert not plan(SPACE_ID="me/x", PLAYGROUND_SPACE="cpu").login


def test_a_space_before_servers_has_its_lanes_from_the_environment() -> None:
    lanes = {"PLAYGROUND_LEFT": "https://a/v1?model=l", "PLAYGROUND_RIGHT": "https://a/v1?model=r"}
    front = plan(SPACE_ID="me/x", PLAYGROUND_SPACE="front", **lanes)
    assert list(front.models.values()) == list(lanes.values())
    assert front.runs == 16
    with pytest.raises(BadRequest, match=r"PLAYGROUND_LEFT is not set: .*variable of the Space"):
        plan(SPACE_ID="me/x", PLAYGROUND_SPACE="front")


def test_nothing_of_a_visitor_is_kept_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_KEPT_GIB", raising=False)
    log = logging.getLogger("playground")
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "level", log.level)
    get_ready(plan())
    assert "PLAYGROUND_KEPT_GIB" not in os.environ and not log.handlers
    get_ready(plan("--public"))
    monkeypatch.setenv("PLAYGROUND_KEPT_GIB", os.environ["PLAYGROUND_KEPT_GIB"])
    assert os.environ["PLAYGROUND_KEPT_GIB"] == "0" and log.handlers
