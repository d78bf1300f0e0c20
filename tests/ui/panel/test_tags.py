"""The table of tags: a row a tag, in words, unknown as such."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.notebook.document import PromptCell
from playground.ui.panel.tags import has_tags, tags_shown
from playground.ui.panel.weighed import Weighing
from playground.ui.session import Session
from playground.verdict.value import Verdict
from playground.words import speaking
from tests.judged import book, listed


@pytest.fixture
def weigh(session: Session) -> object:
    def verdict(cell: PromptCell) -> Verdict:
        session.install(book(cell), session.settings)
        found = Weighing(False).weigh(session).verdict
        assert found is not None
        return found

    return verdict


def one_tag(cell: PromptCell) -> PromptCell:
    return replace(cell, problems=tuple(replace(each, tags=("sums",)) for each in cell.problems))


def test_there_is_a_row_a_tag(weigh: object) -> None:
    shown = tags_shown(weigh(listed(90)))  # type: ignore[operator]
    assert list(shown.data["Tag"]) == ["sums", "letters", "equations"]
    assert list(shown.data["Problems"]) == [30, 30, 30]
    assert set(shown.data["Does it pay?"]) <= {"pays", "does not pay", "cannot say"}
    html = shown.to_html()
    assert " %<" in html and "×<" in html and ">+" in html


def test_a_tag_of_few_problems_says_that_they_are_too_few(weigh: object) -> None:
    shown = tags_shown(weigh(listed(9)))  # type: ignore[operator]
    assert set(shown.data["Interval"]) == {"too few to say"}


def test_one_tag_on_every_problem_tells_nothing_apart(weigh: object) -> None:
    assert has_tags(weigh(listed(9)))  # type: ignore[operator]
    assert not has_tags(weigh(one_tag(listed(9))))  # type: ignore[operator]
    assert not has_tags(None)


def test_the_table_keeps_its_language_until_it_is_drawn(weigh: object) -> None:
    verdict = weigh(listed(90))  # type: ignore[operator]
    with speaking("pt-BR"):
        shown = tags_shown(verdict)
    assert "Compensa?" in shown.data.columns
    assert "Instruct acerta" in shown.to_html()
