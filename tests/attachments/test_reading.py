"""Files of every kind become a name and a text, or an error that says what to do instead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from playground.attachments import LIMITS, read_content, read_path
from playground.attachments.reading import plain_name
from playground.domain.errors import BadRequest
from playground.words import speaking
from tests.attachments.pdfs import page_of, pdf

WEB_PAGE = b"""<!doctype html><html><head><title>T</title><style>p {color: red}</style>
<script>alert("ran")</script></head><body><h1>Fish &amp; chips</h1><!-- a remark -->
<p hidden>hidden</p><p style="display:none">unseen</p><template>kept back</template>
<p>one<br>two</p><table><tr><td>1</td><td>2</td></tr></table>
<img src="http://127.0.0.1:9/pixel.png" onerror="alert(1)"><pre>  as
    written</pre></body></html>"""


@pytest.mark.parametrize("name", ["a.txt", "main.rs", "data.csv", "t.tsv", "x.json", "Makefile"])
def test_text_and_source_code_of_any_language_is_taken_as_it_is(name: str) -> None:
    text = 'fn main() {\n\tprintln!("é, {}", 1);\n}\n'
    assert read_content(name, text.encode()).text == text


def test_line_ends_are_made_one_kind() -> None:
    assert read_content("a.txt", b"one\r\ntwo\rthree\n").text == "one\ntwo\nthree\n"


def test_a_web_page_is_what_its_reader_sees() -> None:
    text = read_content("page.html", WEB_PAGE).text
    assert "Fish & chips" in text and "one\ntwo" in text and "1  2" in text
    assert "  as\n    written" in text
    for unseen in ("alert", "color", "remark", "hidden", "unseen", "kept back", "<", "pixel"):
        assert unseen not in text


def test_a_power_and_an_index_keep_their_place() -> None:
    page = b"""<!doctype html>x<sup>2</sup> + H<sub>2</sub>O, a<sup> n+1 </sup>, 10<sup>-3</sup>,
        a<sub>i,<i>j</i></sub>, word<sup>[1]</sup>, empty<sup> </sup>"""
    text = read_content("page.html", page).text
    assert text == "x^2 + H_2O, a^(n+1), 10^-3, a_(i,j), word[1], empty"


def test_deeply_nested_text_is_not_lost() -> None:
    page = b"<p>hi</p>" + b"<div>" * 500 + b"deep" + b"</div>" * 500 + b"<p>after</p>"
    assert read_content("deep.html", page).text.split() == ["hi", "deep", "after"]


def test_a_web_page_is_known_without_its_ending_and_in_its_own_encoding() -> None:
    assert read_content("saved", b"\n <!DOCTYPE HTML><p>hi").text == "hi"
    assert read_content("a.htm", "<html><p>à é</p></html>".encode("utf-16")).text == "à é"


def test_a_pdf_is_its_text_page_by_page() -> None:
    content = pdf(page_of("First page"), b"q Q", page_of("Third page"))
    text = read_content("report.pdf", content).text
    assert text == "[page 1]\nFirst page\n\n[page 2]\n\n\n[page 3]\nThird page"
    assert read_content("report", content).text == text, "by its first bytes, too"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("scan.pdf", pdf(b"q Q", b"q Q"), r"its pages \(2\) are pictures.*OCR"),
        ("many.pdf", pdf(*[page_of("x")] * 6), "has 6 pages, but 5 is the most"),
        ("long.pdf", pdf(page_of("x" * 60), page_of("y" * 60)), "at least 120 characters"),
        ("broken.pdf", b"%PDF-1.4 and nothing else", "is damaged"),
        ("not.pdf", b"only text", "is damaged"),
        ("letter.docx", b"PK\x03\x04", "office program.*PDF or as text"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0", "is no text.*read text only"),
        ("zeros", b"\0" * 99, "is no text"),
        ("empty.txt", b" \n\t", "is empty"),
        ("deep.html", b"<p>hi</p>" + b"<div>" * 9000 + b"x", "is damaged"),
        ("empty.html", b"<html><script>1</script></html>", "is empty"),
        ("large.txt", b"x" * 50_001, "is larger than 0.05 MB"),
        ("long.txt", b"x" * 101, "has at least 101 characters of text, but 100 is the most"),
    ],
)
def test_what_cannot_be_attached_says_why_and_what_to_do(
    name: str, content: bytes, words: str
) -> None:
    limits = replace(LIMITS, file_bytes=50_000, characters=100, pages=5)
    with pytest.raises(BadRequest, match=words) as caught:
        read_content(name, content, limits)
    assert repr(name) in str(caught.value)


def test_an_encrypted_pdf_says_so() -> None:
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%b>/U<%b>>>/ID[<00><00>]" % (
        b"11" * 32,
        b"22" * 32,
    )
    with pytest.raises(BadRequest, match="is encrypted"):
        read_content("locked.pdf", pdf(page_of("secret"), trailer=locked))


def test_a_decompression_bomb_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"bomb\.pdf"):
        read_content("bomb.pdf", pdf(b"q Q " * 25_000_000))


def test_errors_are_told_in_the_readers_language() -> None:
    with speaking("pt-BR"), pytest.raises(BadRequest, match="está vazio"):
        read_content("a.txt", b"")


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("/home/me/report.txt", "report.txt"),
        ("C:\\papers\\report.txt", "report.txt"),
        ("../../etc/passwd", "passwd"),
        ("two\nlines\u202e.txt", "two lines .txt"),
        ("", "file"),
        ("x" * 300 + ".md", "x" * 100 + "…" + "x" * 96 + ".md"),
    ],
)
def test_a_name_is_the_last_of_a_path_on_one_line(given: str, plain: str) -> None:
    assert plain_name(given) == plain


def test_a_path_is_read_by_whoever_may(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Notes\n", encoding="utf-8")
    found = read_path(path)
    assert (found.name, found.text) == ("notes.md", "# Notes\n")
    with pytest.raises(BadRequest, match=r"gone.md' could not be read: No such file"):
        read_path(tmp_path / "gone.md")
    with pytest.raises(BadRequest, match="could not be read"):
        read_path(tmp_path)
