"""Which models may be run at all: on a public page, the operator's alone.

Knows names only. A name that is not allowed is refused before anything is opened or fetched.
"""

from __future__ import annotations

from collections.abc import Sequence

from playground.catalog import parse_name
from playground.comparison.run import OpenEngine
from playground.domain.engine import Engine
from playground.domain.errors import BadRequest


def only(open_engine: OpenEngine, names: Sequence[str]) -> OpenEngine:
    """`open_engine` for these models; BadRequest for any other."""
    allowed = {str(parse_name(name)): name for name in names}

    def open_allowed(name: str) -> Engine:
        if str(parse_name(name)) not in allowed:
            raise BadRequest(
                f"{name!r} is not offered on this page. Use one of: {', '.join(allowed)}."
            )
        return open_engine(name)

    return open_allowed
