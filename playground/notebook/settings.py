"""What a cell runs under: models, sampling, schedule, seed, system prompt.

Knows how settings become options of a comparison and how they differ from an earlier run's; knows
no control of any page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, Request, Schedule
from playground.domain.sampling import FIELD_BY_NAME, Sampling

SeedMode = Literal["random", "same", "fixed"]
SEED_MODES: tuple[SeedMode, ...] = get_args(SeedMode)


@dataclass(frozen=True, slots=True)
class Settings:
    """`sampling` is by lane, its seed ignored: `seed_mode` and `seed` decide for both lanes.

    A sampling value may be what a user typed, of any type; it is checked when requests are built.
    """

    models: Mapping[Lane, str]
    sampling: Mapping[Lane, Mapping[str, object]] = field(default_factory=dict)
    schedule: Schedule = "in_turn"
    seed_mode: SeedMode = "random"
    seed: object = 0
    system: str = ""

    def options(self, earlier: tuple[Request, ...] = ()) -> dict[str, Any]:
        """Options for `build_requests`; `earlier` is the run whose seed "same again" repeats.

        Raises BadRequest where a fixed seed is missing.
        """
        seeds = {request.lane: request.sampling.seed for request in earlier}
        options: dict[str, Any] = {"system": self.system, "schedule": self.schedule}
        for lane in LANES:
            sampling = dict(self.sampling.get(lane, {}))
            sampling.pop("seed", None)
            if self.seed_mode == "fixed":
                if self.seed is None:
                    raise BadRequest("The fixed seed is empty. Type a number, or choose Random.")
                sampling["seed"] = self.seed
            elif self.seed_mode == "same" and seeds.get(lane) is not None:
                sampling["seed"] = seeds[lane]
            options[lane] = {"model": self.models[lane], "sampling": sampling}
        return options


def differences(then: Request, now: Request, *, seed: bool) -> tuple[str, ...]:
    """Why `now` is not what ran `then`, each as "temperature was 0.7"; `seed` says if it counts."""
    found = []
    if then.prompt != now.prompt:
        found.append("the prompt was different")
    if then.system != now.system or then.history != now.history:
        found.append(
            "the system prompt was different" if then.system else "there was no system prompt"
        )
    if then.model != now.model:
        found.append(f"the model was {then.model}")
        return tuple(found)  # the rest is that model's own, as a rule
    if then.schedule != now.schedule:
        found.append(f"the lanes ran {then.schedule.replace('_', ' ')}")
    for name in (f.name for f in fields(Sampling)):
        before, after = getattr(then.sampling, name), getattr(now.sampling, name)
        if before != after and (seed or name != "seed"):
            label = FIELD_BY_NAME[name].label
            found.append(f"{label[0].lower()}{label[1:]} was {_plain(before)}")
    return tuple(found)


def _plain(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(map(repr, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else f"{value:,}"


def sampling_values(sampling: Sampling) -> dict[str, object]:
    """A model's defaults as the values that a settings' lane starts with."""
    return asdict(sampling)
