"""Starts the page's web server; translates its failures. Knows nothing of what the page does."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence

from starlette.middleware import Middleware

from playground.domain.errors import BadRequest
from playground.ui.guard import guarded
from playground.ui.health import health
from playground.ui.language import OneLanguage
from playground.ui.layout import CSS, theme
from playground.ui.page import Page
from playground.ui.sessions import CAPACITY

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Gradio keeps something of every session, also of each call of the endpoint: no more than we do.
# Its own queue is wide: runs wait at the device, where their place is known.
EVENTS = 1000
LARGEST_FILE = 50_000_000


def launch(
    page: Page,
    host: str,
    port: int | None,
    auth: str | None,
    origins: Sequence[str] = (),
    mcp: bool = False,
) -> str:
    """Serve the page in background threads; its address. Raises BadRequest.

    On a public page only pages of `origins` may call it beside its own; `mcp` serves the endpoint
    to agents, too.
    """
    user, _, password = (auth or "").partition(":")
    if auth is not None and not (user and password):
        raise BadRequest("--auth needs USER:PASSWORD, both not empty. Give both.")
    in_public, limits = page.comparison.in_public, page.comparison.limits
    guard = guarded(
        preview=preview(os.environ.get("SPACE_ID")),
        health=lambda: health(page.comparison, page.models),
        in_public=in_public,
        body_bytes=limits.body_bytes,
        origins=origins,
    )
    page.blocks.queue(default_concurrency_limit=None, max_size=EVENTS if in_public else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            _, url, _ = page.blocks.launch(
                server_name=host,
                server_port=port,
                auth=(user, password) if auth else None,
                theme=theme(),
                css=CSS,
                app_kwargs={"middleware": [Middleware(OneLanguage)], "lifespan": guard},
                i18n=page.layout.labels.translations(),
                ssr_mode=False,
                run_history=False,
                enable_monitoring=False,
                footer_links=["api"],
                mcp_server=mcp,
                state_session_capacity=min(limits.sessions, CAPACITY),
                max_file_size=min(limits.body_bytes, LARGEST_FILE),
                share=False,
                pwa=False,
                quiet=True,
                prevent_thread_lock=True,
            )
        except OSError as exc:
            wanted = f"Port {port}" if port is not None else "Every port from 7860 on"
            raise BadRequest(
                f"{wanted} on {host!r} cannot be used: it is taken, or not this machine's. Choose"
                " another with --port N, or another address with --host."
            ) from exc
    return str(url)


def preview(space: str | None) -> dict[str, str]:
    """What a link to the page shows elsewhere; a Space has its picture on the Hub."""
    shown = {"simple_description": "What thinking buys you, on your prompt, and what it costs."}
    if space:
        picture = "resolve/main/playground/ui/screenshot.png"
        shown["thumbnail"] = f"https://huggingface.co/spaces/{space}/{picture}"
    return shown
