"""What a cell asks of both models, in the shape of `CompareOptions`: for links and for code."""

from __future__ import annotations

from typing import Any

from playground.domain.request import LANES, SCHEDULES
from playground.notebook.call import Describe, defaults_by
from playground.notebook.document import PromptCell
from playground.notebook.packing_settings import plain
from playground.notebook.settings import Settings


def options_of(
    cell: PromptCell, settings: Settings, describe: Describe | None = None
) -> dict[str, Any]:
    """Both models by name, and what differs from their own defaults, as JSON-ready data.

    A seed is in it only where it is fixed, a conversation never. Raises BadRequest where a fixed
    seed is missing.
    """
    given, usual = settings.options((), cell.overrides), defaults_by(describe)
    options: dict[str, Any] = {}
    if given["system"]:
        options["system"] = given["system"]
    if given["schedule"] != SCHEDULES[0]:
        options["schedule"] = given["schedule"]
    for lane in LANES:
        model = given[lane]["model"]
        own, default = given[lane]["sampling"].items(), usual(model)
        values = {name: plain(value) for name, value in own}
        changed = {
            name: value
            for name, value in values.items()
            if name not in default or default[name] != value
        }
        options[lane] = {"model": model, **({"sampling": changed} if changed else {})}
    return options
