"""How documents stand before a question, and come out of the prompt again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.domain.attachment import (
    Attached,
    Attachment,
    attachments_from,
    taken_apart,
    with_attachments,
)
from playground.domain.errors import BadRequest

ONE, TWO = Attachment("a.txt", "first"), Attachment("b.md", "second\n")
TEXTS = st.lists(
    st.sampled_from(["word ", "\n", "[file content end]\n", "[file name]: a.txt\n", "é", "{name}"])
).map("".join)
ATTACHMENTS = st.lists(
    st.builds(Attachment, st.sampled_from(["a.txt", "{x} y"]), TEXTS), max_size=3
)


def test_each_document_has_its_name_its_begin_and_its_end_and_the_question_is_last() -> None:
    assert with_attachments((ONE, TWO), "Why?") == (
        "[file name]: a.txt\n[file content begin]\nfirst\n[file content end]\n"
        "[file name]: b.md\n[file content begin]\nsecond\n\n[file content end]\n"
        "Why?"
    )
    assert with_attachments((), "Why?") == "Why?"


@given(ATTACHMENTS, TEXTS)
def test_they_come_out_again_whatever_is_written_in_them(
    attachments: list[Attachment], question: str
) -> None:
    prompt = with_attachments(attachments, question)
    assert taken_apart(prompt, map(Attached.of, attachments)) == (tuple(attachments), question)


@pytest.mark.parametrize(
    "attached",
    [Attached("b.txt", 5), Attached("a.txt", 4), Attached("a.txt", -5), Attached("a.txt", 10**9)],
)
def test_a_prompt_that_does_not_begin_with_them_is_all_question(attached: Attached) -> None:
    prompt = with_attachments((ONE,), "Why?")
    assert taken_apart(prompt, (attached,)) == ((), prompt)


def test_two_questions_on_the_same_documents_begin_with_the_same_text() -> None:
    first, second = (with_attachments((ONE, TWO), question) for question in ("Why?", "How?"))
    assert first.removesuffix("Why?") == second.removesuffix("How?")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a.txt", "must be a list"),
        (["a.txt"], r"attachments\[0\] is 'a.txt'.*a path is never read"),
        ([{"name": "a.txt"}], "must be an object with name and text"),
        ([{"name": "a.txt", "text": "x", "path": "/etc/passwd"}], "must be an object with name"),
        ([{"name": "a\nb", "text": "x"}], "must be one line"),
        ([{"name": "", "text": "x"}], "must be one line"),
        ([{"name": "a.txt", "text": "\ud800"}], "not valid Unicode"),
        ([{"name": "a.txt", "text": " \n"}], r"attachments\[0\].text is empty"),
        ([{"name": "a.txt", "text": "x"}] * 21, "20 is the most"),
    ],
)
def test_what_is_no_document_is_refused_by_its_place(given: Any, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        attachments_from("attachments", given)


def test_documents_are_taken_as_data_and_as_values() -> None:
    assert attachments_from("x", [{"name": "a.txt", "text": "first"}, TWO]) == (ONE, TWO)


def test_a_saved_notebook_with_more_documents_than_may_be_asked_or_an_empty_one_still_opens() -> (
    None
):
    kept = attachments_from("attachments", [{"name": "a.txt", "text": ""}] * 50, kept=True)
    assert len(kept) == 50
    with pytest.raises(BadRequest, match="50 is the most"):
        attachments_from("attachments", [{"name": "a.txt", "text": "x"}] * 51, kept=True)
