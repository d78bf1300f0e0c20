"""Rows of a set as problems: options get letters, as far as there are any."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.sets.columns import lettered


def test_options_stand_under_letters() -> None:
    assert lettered(["one", "two"]) == "A) one\nB) two"


def test_more_options_than_letters_are_refused() -> None:
    assert lettered(["x"] * 26).endswith("Z) x")
    with pytest.raises(BadRequest, match="27 options"):
        lettered(["x"] * 27)
