"""Sentences of a trace that turn back, in both languages."""

from __future__ import annotations

import pytest

from playground.results.turn_backs import turn_backs


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Wait, that is wrong.", 1),
        ("It is 4. Wait. But is it? Hmm, yes.", 3),
        ("So 4.\n\nActually 5.\nAlternatively 6.", 2),
        ("It is 4. Let me double-check: 2 + 2. Let me double check. Let me see.", 2),
        ("But wait, actually no.", 1),
        ("We wait. They said but. Butter. Waiter! Butler?", 0),
        ('He said: "No." "But why?" (Actually, *Wait*.)', 2),
        ("- Wait, an item\n* But another", 2),
        ("São 4. Espera, não. Mas sim! Na verdade, 5.\nHum… Massa.", 4),
        ("Espere. Deixe-me verificar de novo. Vou conferir.", 3),
        ("I have 3.But no", 0),
    ],
)
def test_only_starts_of_sentences_count(text: str, count: int) -> None:
    assert len(turn_backs(text)) == count


def test_each_is_found_where_it_begins() -> None:
    text = "Four. **Wait**, no.\n  But yes."
    assert [text[at:].split()[0].strip("*,") for at in turn_backs(text)] == ["Wait", "But"]


def test_a_long_text_of_white_space_and_stops_is_no_trap() -> None:
    assert turn_backs(".  \n" * 100_000 + " " * 300_000) == ()
