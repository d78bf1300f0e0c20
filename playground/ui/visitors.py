"""Who stands behind a request of the web: told apart by address, or by a login with Hugging Face.

Behind a proxy the peer is the proxy; the proxy's header then tells the visitor. What stands there
can be made up but for its last public address, which the outermost proxy of ours has seen. The
access token of a login stays in the signed cookie and in the context of a run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from playground.domain.visitor import OPERATOR, Visitor


def visitor_of(request: Any, in_public: bool) -> Visitor:
    """The visitor behind a `gr.Request`; on a page of one's own that is nobody in particular."""
    if not in_public:
        return OPERATOR
    login = login_of(request)
    name = login.get("userinfo", {}).get("preferred_username") if login else None
    key = f"user {name}" if name else address_of(request)
    return Visitor(key, pays=True, token=login.get("access_token") if login else None)


def address_of(request: Any) -> str:
    """The visitor's network address, as far as it can be trusted; all of one IPv6 network alike."""
    peer = str(getattr(getattr(request, "client", None), "host", "") or "")
    if _is_public(peer):
        return _network(peer)
    forwarded = str(request.headers.get("x-forwarded-for") or "")
    for entry in reversed(forwarded.split(",")):
        if _is_public(entry.strip()):
            return _network(entry.strip())
    return peer


def page_address(request: Any) -> str:
    """The page's own address as the visitor's browser has it; "" where it does not say."""
    parts = urlsplit(str(request.headers.get("referer", "")))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return urlunsplit(
        (parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", "")
    )


def login_of(request: Any) -> Mapping[str, Any] | None:
    """What Gradio's login keeps in the visitor's signed cookie; null without one that is valid."""
    web = getattr(request, "request", request)
    scope = getattr(web, "scope", None)
    session = scope.get("session") if isinstance(scope, dict) else None
    login = session.get("oauth_info") if isinstance(session, Mapping) else None
    if not isinstance(login, Mapping) or login.get("expires_at", 0) < time.time():
        return None
    return login


def _is_public(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def _network(address: str) -> str:
    parsed = ip_address(address)
    if parsed.version == 4:
        return str(parsed)
    # One household has a whole /64 of these.
    return str(ip_address(int(parsed) >> 64 << 64))
