"""Starts the page's web server; translates its failures. Knows nothing of what the page does."""

from __future__ import annotations

import warnings

from starlette.middleware import Middleware

from playground.domain.errors import BadRequest
from playground.ui.language import OneLanguage
from playground.ui.layout import CSS, theme
from playground.ui.page import Page

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def launch(page: Page, host: str, port: int | None, auth: str | None) -> str:
    """Serve the page in background threads; its address. Raises BadRequest."""
    user, _, password = (auth or "").partition(":")
    if auth is not None and not (user and password):
        raise BadRequest("--auth needs USER:PASSWORD, both not empty. Give both.")
    page.blocks.queue(default_concurrency_limit=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            _, url, _ = page.blocks.launch(
                server_name=host,
                server_port=port,
                auth=(user, password) if auth else None,
                theme=theme(),
                css=CSS,
                app_kwargs={"middleware": [Middleware(OneLanguage)]},
                i18n=page.layout.labels.translations(),
                ssr_mode=False,
                run_history=False,
                enable_monitoring=False,
                footer_links=["api"],
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
