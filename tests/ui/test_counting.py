"""The live token count: all that the models would read, against each one's context."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playground.domain.attachment import Attachment
from playground.notebook.changes import Attach
from playground.notebook.document import CellId
from playground.ui.counting import estimated_tokens, token_count
from playground.ui.session import Session
from playground.words import speaking
from tests.ui.fake import Fake, first, play, write

FILE = Attachment("a.txt", "one two three\nfour")  # its head, begin and end are eight words more


def count(session: Session, typed: str, cell: str | None = None) -> Any:
    return token_count(session, CellId(cell or first(session)), typed)


def put(session: Session, *attachments: Attachment) -> None:
    session.attach(CellId(first(session)), attachments)


def test_the_prompt_is_counted_against_the_context(session: Session) -> None:
    assert count(session, "one two") == {
        "text": "2 of 64 tokens",
        "tone": "plain",
        "attached": {},
    }
    assert count(session, "  ")["text"] == ""


def test_what_is_too_much_is_told_by_how_much(session: Session) -> None:
    counted = count(session, "word " * 64)
    assert counted["text"] == "64 of 64 tokens: 1 too many", "an answer needs one"
    assert counted["tone"] == "error"
    assert count(session, "word " * 63)["tone"] == "plain"


def test_attached_files_are_counted_along_and_each_by_itself(session: Session) -> None:
    put(session, FILE)
    counted = count(session, "Why is that?")
    assert counted["text"] == "16 of 64 tokens"
    assert list(counted["attached"].values()) == ["4"]
    assert count(session, "")["text"] == "13 of 64 tokens", "also before a question is typed"


def test_each_lane_is_told_apart_where_it_matters(
    session: Session, engines: dict[str, Fake]
) -> None:
    engines["demo-thinking"].card = replace(engines["demo-thinking"].card, context=8)
    assert count(session, "one two")["text"] == "Instruct: 2 of 64 tokens · Thinking: 2 of 8 tokens"
    assert count(session, "word " * 9)["text"] == (
        "Instruct: 9 of 64 tokens · Thinking: 9 of 8 tokens: 2 too many"
    )


def test_two_counts_against_one_context_have_their_lanes_names(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "count_tokens", lambda engine, *_: 2 + engine.card.thinks)
    assert count(session, "one two")["text"] == "Instruct 2 / Thinking 3 of 64 tokens"


def test_a_context_that_is_not_known_is_left_out(
    session: Session, engines: dict[str, Fake]
) -> None:
    for engine in engines.values():
        engine.card = replace(engine.card, context=None)
    assert count(session, "one two")["text"] == "2 tokens"


def test_a_continued_conversation_counts_along(
    session: Session, engines: dict[str, Fake], monkeypatch: pytest.MonkeyPatch
) -> None:
    def counting(engine: Fake, prompt: str, system: str, history: tuple[Any, ...]) -> int:
        return len(prompt.split()) + sum(len(turn.content.split()) for turn in history)

    monkeypatch.setattr(Fake, "count_tokens", counting)
    write(session, "one two three", "and four")
    play(session)
    second = session.document.cells[1].id
    session.change({"action": "configure", "cell": second, "continues": True, "own": {}})
    assert count(session, "and four", second)["text"] == "8 of 64 tokens"


def test_a_model_without_a_tokenizer_here_is_estimated(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "count_tokens", lambda *_: None)
    put(session, replace(FILE, text="word " * 40))
    counted = count(session, "Why?")
    assert counted["text"].startswith("≈") and "of 64 tokens" in counted["text"]
    assert [each[0] for each in counted["attached"].values()] == ["≈"]


def test_an_attachment_is_counted_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    counting = Fake.count_tokens

    def noted(engine: Fake, prompt: str, system: str, history: tuple[Any, ...]) -> int:
        asked.append(prompt)
        return counting(engine, prompt, system, history)

    monkeypatch.setattr(Fake, "count_tokens", noted)
    put(session, FILE)
    for typed in ("a", "a b", "a b c"):
        count(session, typed)
    assert asked.count(FILE.text) == 1


def test_what_cannot_be_asked_has_no_count(session: Session) -> None:
    assert count(session, "hello", "gone")["text"] == ""
    assert count(session, "hello /think /no_think")["text"] != ""


def test_the_words_are_the_visitors(session: Session) -> None:
    with speaking("pt-BR"):
        assert count(session, "word " * 70)["text"] == "70 de 64 tokens: 7 a mais"


def test_an_estimate_is_near_for_prose_digits_and_other_scripts() -> None:
    assert 85 <= estimated_tokens(["The quick brown fox jumps over the lazy dog. " * 10]) <= 115
    assert 100 <= estimated_tokens(["1" * 100]) <= 101
    assert estimated_tokens(["这是中文文本"]) == 4
    assert estimated_tokens([]) == 0


def test_a_change_of_the_files_is_one_change(session: Session) -> None:
    put(session, FILE)
    assert isinstance(session.history.back[-1], Attach)
