"""What text may enter."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.domain.text import check_text


@pytest.mark.parametrize(
    "text",
    ["", "Olá", "数学", "😀", "\x00", "</think>", "<|im_end|>", "<script>", "${a}", "{{v}}"],
)
def test_any_unicode_text_enters_as_it_is(text: str) -> None:
    assert check_text("prompt", text) == text


@pytest.mark.parametrize(
    ("text", "position"), [("\ud800", 0), ("ab\udfff", 2), ("\udc00\ud800", 0)]
)
def test_a_lone_surrogate_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(BadRequest) as caught:
        check_text("system", text)
    message = str(caught.value)
    assert message.startswith("system has a character")
    assert f"position {position}" in message
    message.encode()  # the message itself can be shown


@pytest.mark.parametrize("value", [None, 5, b"bytes", ["text"], {"text": 1}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(BadRequest) as caught:
        check_text("system", value)
    assert str(caught.value).startswith(f"system is {value!r}, but must be a string")
