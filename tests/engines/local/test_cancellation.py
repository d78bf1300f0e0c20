"""Giving up a load: only while it can be, and whoever is innermost is told."""

from __future__ import annotations

import pytest

from playground.domain.errors import LoadCancelled
from playground.engines.local.cancellation import Cancellation


def test_only_what_can_be_given_up_is_asked() -> None:
    cancellation = Cancellation()
    assert not cancellation.ask()
    cancellation.check()
    with cancellation.calling(lambda: None):
        assert cancellation.ask()
    assert not cancellation.ask()
    with pytest.raises(LoadCancelled, match="Load the model again"):
        cancellation.check()


def test_the_innermost_is_called_and_then_the_one_around_it_again() -> None:
    called: list[str] = []
    cancellation = Cancellation()
    with cancellation.calling(lambda: called.append("outer")):
        with cancellation.calling(lambda: called.append("inner")):
            cancellation.ask()
        cancellation.ask()
    assert called == ["inner", "outer"]


def test_who_comes_after_the_asking_is_called_at_once() -> None:
    called: list[str] = []
    cancellation = Cancellation()
    with cancellation.calling(lambda: None):
        cancellation.ask()
        with cancellation.calling(lambda: called.append("inner")):
            assert called == ["inner"]
