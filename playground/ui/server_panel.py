"""The sidebar's panel of model servers: its events.

Found servers join the lists of models; a check examines those that the lanes name. Nothing here
holds the page up: both are asked for by events of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from playground.domain.errors import PlaygroundError
from playground.domain.request import Lane
from playground.said_errors import said
from playground.ui.choices import offered
from playground.ui.controls import Controls
from playground.ui.layout import QUIET
from playground.ui.servers import Finding, ServerTools, found_text, report_text
from playground.words import Language, preferred, say, speaking


def wire_servers(
    blocks: gr.Blocks, controls: Controls, tools: ServerTools, models: Mapping[Lane, str]
) -> None:
    """Connect the panel's components; inside the Blocks."""
    panel, lists = controls.servers, list(controls.models.values())

    def look(request: gr.Request) -> list[Any]:
        found = tools.find()
        names = [name for server in found for name in server.models]
        choices = gr.update(choices=offered(models, names))
        with speaking(_language(request)):
            return [found_text(found, tools.start), *(choices for _ in lists)]

    def check(left: str, right: str, request: gr.Request) -> Iterator[str]:
        language = _language(request)
        # Not around a yield: each step of an event may run in another context.
        with speaking(language):
            asking = say("Asking…")
            no_server = say(
                "Neither lane has a model on a server. Choose one above, or type its address there."
            )
        servers = dict.fromkeys(name for name in (left, right) if "://" in (name or ""))
        if not servers:
            yield no_server
            return
        reports: list[str] = []
        for name in servers:
            findings: list[Finding] = []
            reports.append("")
            yield asking
            try:
                for finding in tools.examine(name):
                    findings.append(finding)
                    with speaking(language):
                        reports[-1] = report_text(findings)
                    yield "\n\n".join([*reports, "…"])
            except PlaygroundError as exc:
                with speaking(language):
                    reports[-1] = said(exc)
        yield "\n\n".join(reports)

    blocks.load(look, None, [panel.found, *lists], **QUIET)
    panel.look.click(look, None, [panel.found, *lists], **QUIET)
    panel.check.click(check, lists, panel.report, **QUIET)


def _language(request: gr.Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))
