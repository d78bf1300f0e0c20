"""Bytes as text, in the encodings that files come in."""

from __future__ import annotations

import random

import pytest

from playground.attachments.decoding import decoded

PORTUGUESE = "A ação não é útil; coração, você, avó. "
RUSSIAN = "Привет, как дела? Это текст на русском языке. "
JAPANESE = "これは日本語のテキストです。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_known_by_its_mark_or_as_utf_8(encoding: str) -> None:
    text = PORTUGUESE + RUSSIAN + JAPANESE + "\U0001f600"
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PORTUGUESE, "latin-1"),
        (PORTUGUESE * 20, "cp1252"),
        ("He said “hello” – it’s fine", "cp1252"),
        ("Grüße aus Köln, schöne Straße", "cp1252"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy. " * 5, "cp1250"),
        ("Γειά σου Κόσμε, τι κάνεις σήμερα; " * 5, "cp1253"),
        ("这是中文文本，用于测试编码。" * 5, "gb18030"),
        (RUSSIAN * 5, "koi8_r"),
        (RUSSIAN * 5, "cp1251"),
        (JAPANESE * 5, "shift_jis"),
        ("Zażółć gęślą jaźń, dziękuję bardzo. " * 5, "cp1250"),
    ],
)
def test_older_encodings_are_guessed(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "text",
    ["It’s 5 €", "5 €", "€5", "“Hi”", "Ação", "não", "maçã", "São Paulo", "über", "20 °C", "año",
     "¿Qué?", "Ça va", "à la carte: 5 €", "É ótimo", "café", "R$ 5 – 10", "Ångström", "Größe"],
)  # fmt: skip
def test_a_few_words_of_western_europe_are_enough(text: str) -> None:
    assert decoded(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "text",
    ["да", "нет", "привет", "Привет, мир!", "Я и ты", "ещё", "5 рублей", "Он сказал: «да»",
     "Москва – столица", "Hello мир", "Peace is “мир” in Russian.", "IT-отдел", "СССР, 1961",
     "цена 5 €", RUSSIAN, RUSSIAN * 50],
)  # fmt: skip
def test_a_few_words_of_russian_are_enough(text: str) -> None:
    assert decoded(text.encode("cp1251")) == text


def test_what_is_no_text_is_null() -> None:
    assert decoded(random.Random(1).randbytes(5000)) is None
    assert decoded(b"text\0text") is None
    assert decoded(b"words " * 100 + b"\0") is None
    assert decoded(b"\xff\xfe\x00") is None, "half a character"
    assert decoded(b"\x01\x02\x03" * 20) is None


def test_nothing_is_an_empty_text() -> None:
    assert decoded(b"") == ""
