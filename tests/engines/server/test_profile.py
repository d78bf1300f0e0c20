"""A profile that says nothing of a field, or two things, is refused at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.sampling import FIELD_BY_NAME
from playground.engines.server.profile import Parameter, Profile
from tests.engines.server.test_body import profile


def test_a_field_in_neither_table_is_an_error_at_once() -> None:
    with pytest.raises(AssertionError, match="made"):
        Profile("made", "Made", {}, {})


def test_a_field_in_both_tables_is_an_error_at_once() -> None:
    with pytest.raises(AssertionError):
        Profile("made", "Made", {"seed": Parameter("seed")}, dict.fromkeys(FIELD_BY_NAME, ""))


def test_a_profile_has_a_switch_or_says_why_not() -> None:
    assert replace(profile(), off_body={"o": 1}).switches
    assert not replace(profile(), no_switch="none.").switches
    with pytest.raises(AssertionError, match="made"):
        replace(profile(), plain_body={"p": 1}, no_switch="none.")
