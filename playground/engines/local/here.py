"""Whether a run can begin without a download; what is said where it cannot.

Knows names and what is on disk; downloads nothing.
"""

from __future__ import annotations

from playground.catalog import ModelName, missing_bytes, parse_name
from playground.domain.errors import ModelNotFound
from playground.engines.local.on_disk import on_disk
from playground.words import size


def check_here(name: ModelName) -> None:
    """Raise ModelNotFound for what would come from a hub and is not whole on this machine."""
    parts = [name, *([parse_name(name.adapter)] if name.adapter else [])]
    if all(part.place != "hub" for part in parts):
        return  # a folder that lacks something is refused when it is loaded
    here = on_disk(name)
    if here.state == "whole":
        return
    missing = missing_bytes(name, here)
    download = "" if missing is None else f" ({size(missing)} to download)"
    raise ModelNotFound(
        f"{str(name)!r} is not on this machine{download}, and nothing is downloaded unasked. Press"
        " Load under Models in the sidebar, or start the page with this model: --left or --right."
    )
