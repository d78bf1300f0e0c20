"""A visitor is told by the address that our own proxy has seen, or by a login."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from playground.domain.visitor import OPERATOR
from playground.ui.visitors import page_address, visitor_of

PROXY = "10.0.0.7"


def asked(peer: str = PROXY, forwarded: str = "", login: Any = None) -> Any:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    scope = {"session": {"oauth_info": login} if login else {}}
    web = SimpleNamespace(scope=scope)
    return SimpleNamespace(client=SimpleNamespace(host=peer), headers=headers, request=web)


@pytest.mark.parametrize(
    ("peer", "forwarded", "key"),
    [
        ("8.8.4.4", "", "8.8.4.4"),
        ("8.8.4.4", "1.1.1.1", "8.8.4.4"),  # no proxy: the header is the visitor's own
        (PROXY, "1.1.1.1", "1.1.1.1"),
        (PROXY, "6.6.6.6, 1.1.1.1", "1.1.1.1"),  # what stands before it was made up
        (PROXY, "1.1.1.1, 10.2.3.4, 192.168.0.1", "1.1.1.1"),
        (PROXY, "nonsense, <script>", PROXY),
        ("127.0.0.1", "", "127.0.0.1"),
        ("2600:1:2:3:4:5:6:7", "", "2600:1:2:3::"),
        ("2600:1:2:3:8:9:a:b", "", "2600:1:2:3::"),
    ],
)
def test_the_address_is_the_last_public_one(peer: str, forwarded: str, key: str) -> None:
    assert visitor_of(asked(peer, forwarded), in_public=True).key == key


def test_on_ones_own_page_nobody_is_told_apart() -> None:
    assert visitor_of(asked("8.8.4.4"), in_public=False) is OPERATOR


def test_a_login_is_the_visitor_and_pays() -> None:
    login = {
        "access_token": "t",
        "expires_at": 9e12,
        "userinfo": {"preferred_username": "ana"},
    }
    visitor = visitor_of(asked("8.8.4.4", login=login), in_public=True)
    assert (visitor.key, visitor.pays, visitor.token) == ("user ana", True, "t")
    over = visitor_of(asked("8.8.4.4", login={**login, "expires_at": 1}), in_public=True)
    assert (over.key, over.pays, over.token) == ("8.8.4.4", True, None)


@pytest.mark.parametrize(
    ("referer", "address"),
    [
        ("http://127.0.0.1:7841/?x=1", "http://127.0.0.1:7841"),
        ("https://a.example/under/here/", "https://a.example/under/here"),
        ("https://name:secret@a.example/", "https://a.example"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_the_pages_address_is_what_the_browser_has(referer: str, address: str) -> None:
    request = SimpleNamespace(headers={"referer": referer})
    assert page_address(request) == address
