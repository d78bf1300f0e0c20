"""What is found in short texts is kept, in long ones not."""

from __future__ import annotations

from playground.judging.kept import LONGEST_KEPT, kept_for_short_texts


def test_a_short_text_is_searched_once_and_a_long_one_is_not_kept() -> None:
    searched: list[int] = []

    @kept_for_short_texts
    def length(text: str, whole: bool) -> int:
        searched.append(len(text))
        return len(text)

    for text in ("short", "x" * (LONGEST_KEPT + 1)):
        assert [length(text, True) for _ in range(2)] == [len(text)] * 2
    assert searched == [5, LONGEST_KEPT + 1, LONGEST_KEPT + 1]
