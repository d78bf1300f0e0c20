"""Settings and a cell's overrides as JSON-ready dicts, and back; what is the default is left out.

Values that a person typed go as they are; they are checked when requests are built. Knows no file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from playground.catalog import parse_name
from playground.domain.request import LANES, SCHEDULES, Lane
from playground.domain.sampling import FIELD_BY_NAME
from playground.notebook import checking
from playground.notebook.settings import SEED_MODES, Overrides, Settings

Value = TypeVar("Value")
Sampling = Mapping[Lane, Mapping[str, object]]


def settings_data(settings: Settings) -> dict[str, Any]:
    """The settings as JSON-ready data."""
    data: dict[str, Any] = {"models": dict(settings.models)}
    data |= _sampling_data(settings.sampling)
    if settings.schedule != SCHEDULES[0]:
        data["schedule"] = settings.schedule
    if settings.seed_mode != SEED_MODES[0]:
        data["seed_mode"] = settings.seed_mode
    if settings.seed != 0:
        data["seed"] = plain(settings.seed)
    if settings.system:
        data["system"] = settings.system
    if settings.keep_thinking:
        data["keep_thinking"] = dict(settings.keep_thinking)
    return data


def settings_from(data: object) -> Settings:
    """The settings that `settings_data` packed. Raises BadRequest."""
    given = checking.mapping("settings", data)
    names = checking.mapping("settings.models", given.get("models"))
    return Settings(
        models={lane: _model(f"settings.models.{lane}", names.get(lane)) for lane in LANES},
        sampling=_sampling("settings", given),
        schedule=checking.choice(
            "settings.schedule", given.get("schedule", SCHEDULES[0]), SCHEDULES
        ),
        seed_mode=checking.choice(
            "settings.seed_mode", given.get("seed_mode", SEED_MODES[0]), SEED_MODES
        ),
        seed=checking.typed("settings.seed", given.get("seed", 0)),
        system=checking.text("settings.system", given.get("system", "")),
        keep_thinking=_by_lane("settings", given, "keep_thinking", checking.boolean),
    )


def overrides_data(own: Overrides) -> dict[str, Any]:
    """What a cell sets itself as JSON-ready data; empty when it sets nothing."""
    data: dict[str, Any] = {}
    if own.system is not None:
        data["system"] = own.system
    if own.schedule is not None:
        data["schedule"] = own.schedule
    if own.models:
        data["models"] = dict(own.models)
    data |= _sampling_data(own.sampling)
    if own.keep_thinking:
        data["keep_thinking"] = dict(own.keep_thinking)
    return data


def overrides_from(data: object) -> Overrides:
    """The overrides that `overrides_data` packed. Raises BadRequest."""
    given = checking.mapping("overrides", data)
    system, schedule = given.get("system"), given.get("schedule")
    return Overrides(
        system=None if system is None else checking.text("overrides.system", system),
        schedule=None
        if schedule is None
        else checking.choice("overrides.schedule", schedule, SCHEDULES),
        models=_by_lane("overrides", given, "models", _model),
        sampling=_sampling("overrides", given),
        keep_thinking=_by_lane("overrides", given, "keep_thinking", checking.boolean),
    )


def plain(value: object) -> object:
    """What was typed, as JSON can say it; what it cannot say becomes text, to be refused later."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _sampling_data(sampling: Sampling) -> dict[str, Any]:
    by_lane = {
        lane: {name: plain(value) for name, value in sampling[lane].items()}
        for lane in LANES
        if sampling.get(lane)
    }
    return {"sampling": by_lane} if by_lane else {}


def _sampling(where: str, given: Mapping[str, Any]) -> dict[Lane, dict[str, object]]:
    """By lane; a field that another version may know is passed over."""

    def values(place: str, fields: object) -> dict[str, object]:
        return {
            name: checking.typed(f"{place}.{name}", value)
            for name, value in checking.mapping(place, fields).items()
            if name in FIELD_BY_NAME
        }

    by_lane = _by_lane(where, given, "sampling", values)
    return {lane: sampling for lane, sampling in by_lane.items() if sampling}


def _by_lane(
    where: str, given: Mapping[str, Any], key: str, check: Callable[[str, object], Value]
) -> dict[Lane, Value]:
    section = checking.mapping(f"{where}.{key}", given.get(key, {}))
    return {
        lane: check(f"{where}.{key}.{lane}", section[lane]) for lane in LANES if lane in section
    }


def _model(where: str, value: object) -> str:
    name = checking.text(where, value)
    parse_name(name)
    return name
