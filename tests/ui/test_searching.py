"""Search finds words in prompts, notes, answers and traces of every run."""

from playground.notebook.document import Document, NoteCell
from playground.ui.searching import AROUND, MOST_HITS, search
from playground.ui.session import Session
from tests.ui.fake import first, play, write


def test_prompts_answers_and_traces_are_found_in_any_case(session: Session) -> None:
    write(session, "Why HM?")
    play(session)
    hits, more = search(session, "hm")
    assert [(hit["part"], hit["lane"], hit["match"]) for hit in hits] == [
        ("text", "", "HM"),
        ("answer", "left", "HM"),
        ("answer", "right", "HM"),
        ("thinking", "right", "hm"),
    ]
    assert not more
    assert {hit["cell"] for hit in hits} == {first(session)}
    assert hits[1]["run"] == session.document.prompts[0].runs[0].id
    assert [hit["where"] for hit in hits] == ["cell 1", *["cell 1 · run 1"] * 3]


def test_words_are_found_across_a_line_break_with_what_stands_around_them(session: Session) -> None:
    write(session, "x" * 100 + " two\n words " + "y" * 100)
    hit = search(session, "two words")[0][0]
    assert hit["match"] == "two\n words"
    assert hit["before"] == "…" + "x" * (AROUND - 1) + " "
    assert hit["after"] == " " + "y" * (AROUND - 1) + "…"


def test_what_looks_like_a_pattern_is_text(session: Session) -> None:
    write(session, "a.c (")
    assert search(session, ".c (")[0]
    assert search(session, "a*")[0] == []
    assert search(session, "  ") == ([], False)


def test_notes_are_found_and_a_flood_is_cut(session: Session) -> None:
    notes = tuple(NoteCell(text="same") for _ in range(MOST_HITS + 5))
    session.install(Document(notes), session.settings)
    hits, more = search(session, "same")
    assert (len(hits), more, hits[0]["place"]) == (MOST_HITS, True, "note")
