"""The adapter in a model's name, as a name of its own: where its files come from.

Knows no files.
"""

from __future__ import annotations

from dataclasses import replace

from playground.catalog import ModelName, parse_name
from playground.domain.errors import BadRequest


def adapter_of(name: ModelName) -> ModelName | None:
    """The adapter's own name; null without one. Raises BadRequest."""
    if name.adapter is None:
        return None
    try:
        parsed = parse_name(name.adapter)
    except BadRequest:
        parsed = None
    if parsed is None or parsed.place not in ("hub", "folder") or parsed.adapter is not None:
        raise BadRequest(
            f"{name.adapter!r} is not an adapter. Behind the '+' in {str(name)!r} stands a Hub id"
            " such as you/your-lora, or a folder such as ./my-lora."
        )
    if parsed.place == "folder":
        return ModelName(name.adapter, "folder")
    # It comes from where its base comes from.
    hub = tuple(option for option in name.options if option[0] == "hub")
    return replace(parsed, options=hub)
