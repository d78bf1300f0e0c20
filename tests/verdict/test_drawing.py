"""The verdict's picture: an SVG that stands alone."""

from __future__ import annotations

from xml.etree import ElementTree

from playground.verdict.drawing import BAR_AT, BAR_END, WIDTH, picture
from playground.verdict.weighing import verdict
from playground.verdict.words import verdict_words
from playground.words import speaking
from tests.verdict.attempts import lists, marked

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [(each.text or "").replace("\u00a0", " ") for each in drawn(svg).iter(f"{SVG}text")]


def test_the_picture_says_the_verdict_and_draws_a_bar_a_number() -> None:
    found = verdict(lists("+" * 30 + "-" * 20, "+" * 45 + "-" * 5))
    svg = picture(found)
    title = drawn(svg).find(f"{SVG}title")
    assert title is not None and title.text == verdict_words(found)
    said = texts(svg)
    assert " ".join(said).startswith(verdict_words(found))
    for words in ("60 % (46–72)", "90 % (79–96)", "+30 points (15–42)", "8.0×", "400", "30.0 s"):
        assert words in said
    assert (
        len([path for path in drawn(svg).iter(f"{SVG}path") if path.get("class") == "whisker"]) == 2
    )


def test_a_bar_is_as_long_as_its_share_and_nothing_leaves_the_card() -> None:
    root = drawn(picture(verdict(lists("++++-----", "+++++++++"))))
    bars = {rect.get("class"): rect for rect in list(root.iter(f"{SVG}rect"))[:5]}
    assert float(bars["left"].get("width", 0)) == round((BAR_END - BAR_AT) * 4 / 9, 1)
    assert float(bars["right"].get("width", 0)) == BAR_END - BAR_AT
    height = float(root.get("height", 0))
    for text in root.iter(f"{SVG}text"):
        assert 0 < float(text.get("y", 0)) < height and 0 < float(text.get("x", 0)) < WIDTH


def test_light_and_dark_are_in_one_file_that_needs_no_other() -> None:
    svg = picture(verdict(lists("++++++", "++++++")))
    assert "prefers-color-scheme: dark" in svg
    assert "href" not in svg and "url(" not in svg


def test_names_are_text_and_long_ones_are_cut() -> None:
    attempts = [
        *marked("left", "+" * 6, label="<b>&"),
        *marked("right", "-" * 6, label="a-very-long-name-of-a-fine-tune"),
    ]
    said = texts(picture(verdict(attempts)))
    assert "<b>&" in said and "a-very-long-name-…" in said


def test_what_is_unknown_is_not_drawn() -> None:
    bare = {"generated_tokens": None, "first_answer_s": None}
    assert "tokens a run" not in texts(picture(verdict(lists("+++", "+++", **bare))))
    assert "right answers" not in texts(picture(verdict(lists("???", "???"))))
    assert texts(picture(verdict([]))) == ["No run has come to its end here yet."]


def test_the_picture_speaks_portuguese() -> None:
    with speaking("pt-BR"):
        assert "respostas certas" in texts(picture(verdict(lists("+++++", "++++-"))))
