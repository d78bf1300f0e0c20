"""What cells run under: models, sampling, schedule, seed, system prompt; and what one sets itself.

Knows how settings become options of a comparison and how they differ from an earlier run's; knows
no control of any page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, TypeVar, get_args

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, Request, Schedule
from playground.domain.sampling import FIELD_BY_NAME, Field, Sampling
from playground.words import number, say

SeedMode = Literal["random", "same", "fixed"]
T = TypeVar("T")
SEED_MODES: tuple[SeedMode, ...] = get_args(SeedMode)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What one cell sets otherwise than its notebook; what is null or missing is the notebook's.

    A lane with another model starts from that model's own sampling.
    """

    system: str | None = None
    schedule: str | None = None
    models: Mapping[Lane, str] = field(default_factory=dict)
    sampling: Mapping[Lane, Mapping[str, object]] = field(default_factory=dict)
    keep_thinking: Mapping[Lane, bool] = field(default_factory=dict)

    def swapped(self) -> Overrides:
        """The same with the lanes exchanged."""
        return replace(
            self,
            models=swapped(self.models),
            sampling=swapped(self.sampling),
            keep_thinking=swapped(self.keep_thinking),
        )


NO_OVERRIDES = Overrides()


@dataclass(frozen=True, slots=True)
class Settings:
    """`sampling` is by lane, its seed ignored: `seed_mode` and `seed` decide for both lanes.

    A sampling value may be what a user typed, of any type; it is checked when requests are built.
    `keep_thinking`: a lane's earlier traces stay in its conversation (the cards say: leave them
    out).
    """

    models: Mapping[Lane, str]
    sampling: Mapping[Lane, Mapping[str, object]] = field(default_factory=dict)
    schedule: Schedule = "in_turn"
    seed_mode: SeedMode = "random"
    seed: object = 0
    system: str = ""
    keep_thinking: Mapping[Lane, bool] = field(default_factory=dict)

    def options(
        self, earlier: tuple[Request, ...] = (), own: Overrides = NO_OVERRIDES
    ) -> dict[str, Any]:
        """Options for `build_requests`; `earlier` is the run whose seed "same again" repeats,
        `own` what the cell sets itself.

        Raises BadRequest where a fixed seed is missing.
        """
        seeds = {request.lane: request.sampling.seed for request in earlier}
        options: dict[str, Any] = {
            "system": self.system if own.system is None else own.system,
            "schedule": self.schedule if own.schedule is None else own.schedule,
        }
        for lane in LANES:
            model = own.models.get(lane, self.models[lane])
            sampling = dict(self.sampling.get(lane, {})) if model == self.models[lane] else {}
            sampling.pop("seed", None)
            if self.seed_mode == "fixed":
                if self.seed is None:
                    raise BadRequest("The fixed seed is empty. Type a number, or choose Random.")
                sampling["seed"] = self.seed
            elif self.seed_mode == "same" and seeds.get(lane) is not None:
                sampling["seed"] = seeds[lane]
            sampling.update(own.sampling.get(lane, {}))
            options[lane] = {"model": model, "sampling": sampling}
        return options

    def keeps_thinking(self, lane: Lane, own: Overrides = NO_OVERRIDES) -> bool:
        """Whether this lane's earlier traces stay in its conversation."""
        return own.keep_thinking.get(lane, self.keep_thinking.get(lane, False))

    def swapped(self) -> Settings:
        """The same with the lanes exchanged."""
        return replace(
            self,
            models=swapped(self.models),
            sampling=swapped(self.sampling),
            keep_thinking=swapped(self.keep_thinking),
        )


def swapped(by_lane: Mapping[Lane, T]) -> dict[Lane, T]:
    """What is the left lane's as the right one's, and the reverse."""
    other: dict[Lane, Lane] = {"left": "right", "right": "left"}
    return {other[lane]: value for lane, value in by_lane.items()}


def differences(then: Request, now: Request, *, seed: bool) -> tuple[str, ...]:
    """Why `now` is not what ran `then`, each as "temperature was 0.7"; `seed` says if it counts.

    How many tokens more a run was given that went on with an earlier one is no setting.
    """
    found = []
    goes_on = then.continuing is not None or now.continuing is not None
    passed_over = {"seed"} if not seed else set()
    passed_over |= {"max_new_tokens"} if goes_on else set()
    if then.attachments != now.attachments:
        found.append(
            say("the attached files were different")
            if then.attached
            else say("there were no attached files")
        )
    if then.question != now.question:
        found.append(say("the prompt was different"))
    if then.system != now.system:
        found.append(
            say("the system prompt was different")
            if then.system
            else say("there was no system prompt")
        )
    if then.history != now.history:
        found.append(
            say("the conversation before it was different")
            if then.history
            else say("it did not continue a conversation")
        )
    if then.model != now.model:
        found.append(say("the model was {model}", model=then.model))
        return tuple(found)  # the rest is that model's own, as a rule
    if then.schedule != now.schedule:
        found.append(
            say("the lanes ran together")
            if then.schedule == "together"
            else say("the lanes ran in turn")
        )
    for name in (f.name for f in fields(Sampling)):
        before, after = getattr(then.sampling, name), getattr(now.sampling, name)
        if before != after and name not in passed_over:
            found.append(_was(FIELD_BY_NAME[name], before))
    return tuple(found)


def _was(sampled: Field, value: object) -> str:
    label = say(sampled.label)
    name = label[0].lower() + label[1:]
    if sampled.kind == "strings":
        return say("{name} were {value}", name=name, value=_plain(sampled.name, value))
    return say("{name} was {value}", name=name, value=_plain(sampled.name, value))


def _plain(name: str, value: object) -> str:
    if value is None:
        return say("no limit") if name == "thinking_budget" else say("none")
    if isinstance(value, tuple):
        return ", ".join(map(repr, value)) or say("none")
    return number(f"{value:g}" if isinstance(value, float) else f"{value:,}")


def sampling_values(sampling: Sampling) -> dict[str, object]:
    """A model's defaults as the values that a settings' lane starts with."""
    return asdict(sampling)
