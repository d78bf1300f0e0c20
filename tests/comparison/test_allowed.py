"""On a public page only the operator's models exist."""

from __future__ import annotations

import pytest

from playground.comparison.allowed import only
from playground.domain.engine import Engine
from playground.domain.errors import BadRequest
from tests.played import demo_pair

OWN = "http://127.0.0.1:8000/v1?model=qwen3"


def test_another_model_is_refused_before_anything_is_opened() -> None:
    opened: list[str] = []

    def open_engine(name: str) -> Engine:
        opened.append(name)
        return demo_pair()[0]

    allowed = only(open_engine, ["demo-instruct", OWN])
    for name in ("demo-thinking", "http://evil.example/v1", "./folder", OWN + "2"):
        with pytest.raises(BadRequest, match=r"is not offered on this page\. Use one of: demo-"):
            allowed(name)
    assert opened == []
    for name in ("demo-instruct", OWN, OWN.replace("/v1", "/v1/")):
        allowed(name)
    assert len(opened) == 3
