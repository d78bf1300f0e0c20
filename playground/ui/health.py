"""What `/healthz` tells whoever watches over the app: its models, and how much is under way.

Knows no web server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.comparison.options import describe_or_guess
from playground.comparison.run import Comparison
from playground.domain.request import Lane


def health(comparison: Comparison, models: Mapping[Lane, str]) -> dict[str, Any]:
    """The lanes' first models, whether each is loaded and where; runs under way and waiting."""
    known = []
    for name in dict.fromkeys(models.values()):
        card = describe_or_guess(name, lambda asked: comparison.open_engine(asked).card)
        known.append({"label": card.label, "loaded": card.loaded, "device": card.origin.device})
    gate = comparison.gate
    return {"status": "ending" if gate.closed else "ok", "models": known, "runs": gate.inside}
