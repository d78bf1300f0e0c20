"""Options of a comparison as the settings of a notebook that asks the same.

Values are taken as they are: whoever builds requests checks them. Knows no cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from playground.domain.request import LANES, Lane
from playground.notebook.settings import NO_OVERRIDES, Overrides, Settings


def settings_of(
    options: Mapping[str, Any], models: Mapping[Lane, str]
) -> tuple[Settings, Overrides]:
    """Settings that ask as these options do; `models` are used where they name none. A seed that
    is one lane's alone is what a cell sets itself."""
    named = dict(models)
    common = dict(options.get("sampling") or {})
    seed = common.pop("seed", None)
    sampling: dict[Lane, Mapping[str, object]] = {}
    own_seeds: dict[Lane, Mapping[str, object]] = {}
    for lane in LANES:
        given = options.get(lane) or {}
        given = {"model": given} if isinstance(given, str) else given
        named[lane] = given.get("model", named[lane])
        own = dict(given.get("sampling") or {})
        if (own_seed := own.pop("seed", None)) is not None:
            own_seeds[lane] = {"seed": own_seed}
        sampling[lane] = {**common, **own}
    settings = Settings(
        named,
        sampling,
        schedule=options.get("schedule", "in_turn"),
        seed_mode="random" if seed is None else "fixed",
        seed=0 if seed is None else seed,
        system=options.get("system", ""),
    )
    return settings, replace(NO_OVERRIDES, sampling=own_seeds) if own_seeds else NO_OVERRIDES
