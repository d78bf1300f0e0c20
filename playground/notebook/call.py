"""What a prompt cell is in Python: one call of `compare`, with what differs from the defaults.

From a cell under its settings to a call, and from a call that was changed back to what the cell
sets itself. Knows no syntax (`source` does) and no file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from playground.catalog import DEFAULT_PAIR, PAIRS, known, pair, parse_name
from playground.domain.attachment import Attachment
from playground.domain.errors import PlaygroundError
from playground.domain.expected import Expected
from playground.domain.request import LANES, SCHEDULES, Lane
from playground.domain.sampling import FIELD_BY_NAME
from playground.notebook.asking import Describe as Describe
from playground.notebook.checking import typed
from playground.notebook.document import PromptCell
from playground.notebook.packing_settings import plain
from playground.notebook.problems import Problem
from playground.notebook.settings import Overrides, Settings
from playground.notebook.variables import Variables

Sampling = Mapping[str, Any]
Defaults = Callable[[str], Sampling]
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `compare`, of `compare_each` where there are variables, or of `compare_list`.

    `options` are its keyword arguments as JSON-ready data, without those that are fields here.
    """

    prompt: str
    variables: Variables = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    continues: bool = False
    attachments: tuple[Attachment, ...] = ()
    expected: Expected | None = None
    repeats: int = 1
    problems: tuple[Problem, ...] = ()
    budgets: tuple[int | None, ...] = ()


def defaults_by(describe: Describe | None = None) -> Defaults:
    """A model's own sampling as JSON-ready data, by its card or else the catalog; empty if unknown.

    Each model is asked once.
    """
    seen: dict[str, Sampling] = {}

    def defaults(name: str) -> Sampling:
        if name not in seen:
            seen[name] = _defaults(name, describe)
        return seen[name]

    return defaults


def _defaults(name: str, describe: Describe | None) -> Sampling:
    sampling = None
    try:
        entry = known(parse_name(name))
        sampling = None if entry is None else entry.sampling
        sampling = sampling if describe is None else describe(name).defaults
    except PlaygroundError:
        pass  # a model that cannot be opened here may still be in the catalog
    if sampling is None:
        return {}
    return {key: plain(value) for key, value in asdict(sampling).items()}


def call_of(cell: PromptCell, settings: Settings, defaults: Defaults) -> Call:
    """The call that asks what the cell would ask now; a seed only where it is fixed."""
    system, schedule = _common(settings, cell.overrides)
    models, sampling = {}, {}
    for lane in LANES:
        models[lane], explicit = _lane(settings, cell.overrides, lane)
        usual = defaults(models[lane])
        sampling[lane] = {k: v for k, v in explicit.items() if usual.get(k, _NOTHING) != v}
    left, right = sampling.values()
    both = {name: value for name, value in left.items() if right.get(name, _NOTHING) == value}
    named = next((name for name in PAIRS if pair(name) == models), DEFAULT_PAIR)
    keep = [lane for lane in LANES if settings.keeps_thinking(lane, cell.overrides)]
    options: dict[str, Any] = {
        "keep_thinking": keep if cell.continues else None,
        "system": system,
        "sampling": both,
        "pair": named if named != DEFAULT_PAIR else None,
    }
    for lane, usual_model in pair(named).items():
        own = {name: value for name, value in sampling[lane].items() if name not in both}
        model = models[lane] if models[lane] != usual_model else None
        options[lane] = {"model": model, "sampling": own} if model and own else model
        if own and not model:
            options[lane] = {"sampling": own}
    options["schedule"] = schedule if schedule != SCHEDULES[0] else None
    return Call(
        cell.prompt,
        tuple(dict(cell.variables).items()),
        {name: value for name, value in options.items() if value},
        cell.continues,
        cell.attachments,
        cell.expected,
        cell.repeats,
        cell.problems,
        cell.budgets,
    )


def overrides_after(
    own: Overrides,
    settings: Settings,
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    defaults: Defaults,
) -> Overrides:
    """What a cell sets itself after its call's options were changed from `before` to `now`."""
    was, given = _Asked.by(before), _Asked.by(now)
    if given.system != was.system:
        own = replace(own, system=None if given.system == settings.system else given.system)
    if given.schedule != was.schedule:
        same = given.schedule == settings.schedule
        own = replace(own, schedule=None if same else given.schedule)
    for lane in LANES:
        keeps = lane in given.keep_thinking
        if keeps != (lane in was.keep_thinking):
            keep = {key: value for key, value in own.keep_thinking.items() if key != lane}
            same = keeps == settings.keeps_thinking(lane)
            own = replace(own, keep_thinking=keep if same else {**keep, lane: keeps})
        if (given.models[lane], given.sampling[lane]) != (was.models[lane], was.sampling[lane]):
            own = _with_lane(own, settings, lane, given, defaults)
    return own


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call's options, by lane."""

    system: str
    schedule: str
    models: Mapping[Lane, str]
    sampling: Mapping[Lane, Sampling]
    keep_thinking: tuple[Lane, ...]

    @classmethod
    def by(cls, options: Mapping[str, Any]) -> _Asked:
        models, sampling = pair(options.get("pair", DEFAULT_PAIR)), {}
        for lane in LANES:
            own = options.get(lane, {})
            own = {"model": own} if isinstance(own, str) else own
            models[lane] = own.get("model", models[lane])
            sampling[lane] = {**options.get("sampling", {}), **own.get("sampling", {})}
        schedule = options.get("schedule", SCHEDULES[0])
        keep = tuple(options.get("keep_thinking", ()))
        return cls(options.get("system", ""), schedule, models, sampling, keep)


def _with_lane(
    own: Overrides, settings: Settings, lane: Lane, given: _Asked, defaults: Defaults
) -> Overrides:
    """The overrides under which this lane is asked as given."""
    name, wanted = given.models[lane], given.sampling[lane]
    models = {key: model for key, model in own.models.items() if key != lane}
    if name != settings.models[lane]:
        models[lane] = name
    sampling = {key: values for key, values in own.sampling.items() if key != lane}
    own = replace(own, models=models, sampling=sampling)
    notebooks, usual = _lane(settings, own, lane)[1], defaults(name)
    values = {k: v for k, v in wanted.items() if notebooks.get(k, _NOTHING) != v}
    # What was taken out of the call is the model's own again, whatever the notebook says.
    for key, value in notebooks.items():
        if key not in wanted and usual.get(key, value) != value:
            values[key] = usual[key]
    if not values:
        return own
    checked = {key: typed(key, value) for key, value in values.items()}
    return replace(own, sampling={**sampling, lane: checked})


def _common(settings: Settings, own: Overrides) -> tuple[str, str]:
    options = _random(settings).options((), own)
    return options["system"], options["schedule"]


def _lane(settings: Settings, own: Overrides, lane: Lane) -> tuple[str, dict[str, Any]]:
    """The lane's model, and the sampling that is set, as JSON-ready data."""
    options = _random(settings).options((), own)[lane]
    sampling = options["sampling"]
    return options["model"], {
        name: plain(sampling[name]) for name in FIELD_BY_NAME if name in sampling
    }


def _random(settings: Settings) -> Settings:
    """An empty fixed seed is no error here: nothing runs."""
    empty = settings.seed_mode == "fixed" and settings.seed is None
    return replace(settings, seed_mode="random") if empty else settings
