"""Which thinking is to stay in a conversation, and how it is counted in words."""

from __future__ import annotations

from playground.domain.request import Message
from playground.engines.kept import size_of, thought_of, thoughts_of


def test_a_thought_is_kept_without_the_line_breaks_around_it() -> None:
    assert thought_of(Message("assistant", "4", "\n\nLet me see.\n\nTwo.\n")) == (
        "Let me see.\n\nTwo."
    )


def test_only_an_assistants_turn_with_a_trace_has_one() -> None:
    history = (
        Message("user", "a", "not an assistant's"),
        Message("assistant", "b"),
        Message("assistant", "c", ""),
        Message("assistant", "d", "\n\n"),
        Message("assistant", "e", " one "),
    )
    assert thoughts_of(history) == (" one ",)


def test_sizes_are_said_in_words() -> None:
    assert size_of(("a" * 1000, "b" * 234)) == "1,234 characters in 2 turns"
    assert size_of(("abc",)) == "3 characters in 1 turn"
