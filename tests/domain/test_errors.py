"""Errors as values."""

from __future__ import annotations

import pickle

import pytest

from playground.domain import errors
from playground.domain.errors import BadRequest, Busy, ErrorValue, PlaygroundError, PromptTooLong

ALL = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, PlaygroundError)
]


@pytest.mark.parametrize("error", ALL)
def test_every_error_has_a_kind_of_its_own(error: type[PlaygroundError]) -> None:
    assert [other.kind for other in ALL].count(error.kind) == 1


@pytest.mark.parametrize("error", ALL)
def test_every_error_is_drawn_in_the_tree(error: type[PlaygroundError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("error", ALL)
def test_an_error_survives_pickling(error: type[PlaygroundError]) -> None:
    copy = pickle.loads(pickle.dumps(error("What. Next step.")))
    assert (type(copy), str(copy)) == (error, "What. Next step.")


def test_our_errors_become_values_as_they_are() -> None:
    assert ErrorValue.of(Busy("All taken.")) == ErrorValue("busy", "All taken.")


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit("no"), KeyError("no")])
def test_foreign_errors_keep_their_type(error: BaseException) -> None:
    assert ErrorValue.of(error) == ErrorValue("engine_failed", f"{type(error).__name__}: {error}")


def test_a_prompt_that_is_too_long_is_a_bad_request() -> None:
    assert issubclass(PromptTooLong, BadRequest)
