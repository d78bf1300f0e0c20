"""A text that runs in circles is noticed soon; one that only looks alike is left alone."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from playground.demo_pair import conversations
from playground.results.repetition import (
    ALARM_TOKENS,
    Repetition,
    RepetitionWatch,
    loop_notice,
)
from playground.said_errors import said
from playground.words import speaking

ROOT = Path(__file__).resolve().parents[2]
PIECE = re.compile(r"\s?\w{1,6}|[^\w\s]|\s+")
ORDINARY = (
    "Let me see. First I take the number apart, and then I look at each of its digits. "
    "So far so good."
)


def watched(text: str) -> RepetitionWatch:
    """A watch that saw the text, about a token at a time."""
    watch = RepetitionWatch()
    for piece in PIECE.findall(text):
        watch.append(piece, 1)
    return watch


def tokens(text: str) -> int:
    return len(PIECE.findall(text))


def words(count: int, seed: int = 0) -> str:
    """A passage of so many tokens that does not repeat itself."""
    made = random.Random(seed)
    return "".join(f" w{made.randrange(10**5)}" for _ in range(count))


@pytest.mark.parametrize("period", [1, 2, 3, 7, 20, 64, 133, 200])
def test_a_loop_of_any_period_is_noticed_within_a_few_hundred_tokens(period: int) -> None:
    passage = words(period)
    before = words(500, seed=1)
    watch = watched(before + passage)
    assert watch.now is None
    copies = passage * (600 // period)
    seen = 0
    for piece in PIECE.findall(copies):
        watch.append(piece, 1)
        seen += 1
        if watch.now is not None:
            break
    assert watch.now is not None
    assert watch.now.characters == len(passage)
    assert seen <= max(ALARM_TOKENS, 2 * period) + 64
    assert abs(watch.now.since - 500 - period) <= 1
    assert abs(watch.now.tokens - seen) <= 1


@pytest.mark.parametrize(
    "loop", ["the ", "a", "哈", "Wait, no.\n", "So 2 + 2 = 4, and 4 - 2 = 2. ", "\n\n", "😀 "]
)
def test_a_loop_of_any_letters_is_noticed(loop: str) -> None:
    watch = RepetitionWatch()
    for piece in [*PIECE.findall(ORDINARY), *([loop] * 700)]:
        watch.append(piece, 1)
    assert watch.now is not None
    assert watch.now.tokens > ALARM_TOKENS


def test_what_goes_on_is_counted_and_what_ends_is_remembered() -> None:
    watch = watched(ORDINARY + "Again and again. " * 200)
    first = watch.now
    assert first is not None
    for piece in PIECE.findall("Again and again. " * 100):
        watch.append(piece, 1)
    assert watch.now is not None
    assert watch.now.tokens > first.tokens + 200
    assert watch.now.since == first.since
    longest = watch.now
    for piece in PIECE.findall(words(100)):
        watch.append(piece, 1)
    assert watch.now is None
    assert watch.found == longest


def test_a_passage_that_comes_back_later_is_no_loop() -> None:
    passage = words(150)
    assert watched(passage + words(300, 1) + passage + words(300, 2) + passage).found is None


def test_counting_up_is_no_loop() -> None:
    steps = "".join(f"Step {number}: take the next one and look at it.\n" for number in range(900))
    assert watched(steps).found is None


def fine() -> dict[str, str]:
    """Long texts that repeat much and are as they should be."""
    rows = "".join(f"| {n} | {n * n} | yes | |\n" for n in range(1, 200))
    zeros = "[" + ",\n ".join(["[" + ", ".join(["0"] * 8) + "]"] * 8) + "]"
    table = "\n".join(" ".join(f"{a} × {b} = {a * b};" for b in range(1, 11)) for a in range(1, 31))
    binary = "\n".join(f"{n:08b}" for n in range(256))
    columns = "".join(f"  <td>{'x' if n % 7 else 'o'}</td>\n" for n in range(40))
    html = "".join(f'<li class="item"><a href="#">Item {n}</a></li>\n' for n in range(300))
    dashes = "".join(f"{'-' * 80}\nPart {n}\n{'=' * 80}\n\n{words(40, n)}\n" for n in range(40))
    poem = "".join(
        f"{words(30, n)}\nRow, row, row your boat\nGently down the stream\n" for n in range(40)
    )
    return {
        "rows": "| n | n² | ok | note |\n|---|---|---|---|\n" + rows,
        "a matrix of zeros": zeros,
        "a multiplication table": table,
        "binary numbers": binary,
        "a board": columns,
        "a list in HTML": html,
        "rules": dashes,
        "a refrain": poem,
        "digits of a fraction": "0." + "142857" * 25,
    }


@pytest.mark.parametrize("name", list(fine()))
def test_ordinary_repetition_is_no_loop(name: str) -> None:
    assert watched(fine()[name]).found is None


@pytest.mark.parametrize("name", ["argparse", "_pydecimal", "turtle", "mimetypes", "this"])
def test_code_is_no_loop(name: str) -> None:
    path = Path(random.__file__).with_name(f"{name}.py")
    assert watched(path.read_text("utf-8")).found is None


@pytest.mark.parametrize("mode", conversations.MODES)
def test_what_the_built_in_pair_was_taught_is_no_loop(mode: conversations.Mode) -> None:
    rng = random.Random(5)
    for _ in range(1500):
        watch = RepetitionWatch()
        for piece in conversations.sample_conversation(rng, mode):
            for character in piece.text:  # its tokens are short
                watch.append(character, 1)
        assert watch.found is None


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "playground/portuguese.json"])
def test_prose_and_data_are_no_loop(name: str) -> None:
    assert watched((ROOT / name).read_text("utf-8")).found is None


def test_a_long_text_is_looked_at_a_little_at_a_time() -> None:
    watch = watched(words(20_000))
    assert len(watch._tail) + sum(map(len, watch._fresh)) < 30_000
    assert len(watch._ends) < 30_000


@pytest.mark.parametrize(
    ("characters", "english", "portuguese"),
    [
        (1, "the same character over and over.", "o mesmo caractere várias vezes."),
        (1200, "the same 1,200 characters over", "os mesmos 1.200 caracteres várias vezes."),
    ],
)
def test_the_notice_says_what_is_repeated(characters: int, english: str, portuguese: str) -> None:
    notice = loop_notice("trace", Repetition(characters, 20, 400))
    assert f"for 400 tokens: {english}" in notice.text
    with speaking("pt-BR"):
        assert f"durante 400 tokens: {portuguese}" in said(notice.text)
