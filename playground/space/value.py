"""A Space as a frozen value: where it runs, what it runs, what it allows.

Knows no file and no Hub.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.domain.limits import Limits
from playground.domain.request import Lane

ZERO = "zero-a10g"


@dataclass(frozen=True, slots=True)
class Gpu:
    """What a call on ZeroGPU is planned with: `tokens_per_s` a lane, `longest_s` a call."""

    tokens_per_s: float
    longest_s: int


@dataclass(frozen=True, slots=True)
class Space:
    """One entry of spaces.yml.

    Its models are a `pair`, or those that the environment variables in `lanes` name; `offer` are
    more, for visitors to choose. `secrets` are names of environment variables, never values. `runs`
    is how many runs go at a time on servers.
    """

    name: str
    about: str
    repository: str
    hardware: str
    limits: Limits
    front_matter: Mapping[str, Any]
    pair: str | None = None
    lanes: tuple[tuple[Lane, str], ...] = ()
    offer: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()
    gpu: Gpu | None = None
    runs: int = 32

    @property
    def on_zero_gpu(self) -> bool:
        return self.hardware == ZERO

    @property
    def in_process(self) -> bool:
        """Whether models run in the Space itself."""
        return not self.lanes

    @property
    def login(self) -> bool:
        """Whether visitors may log in with Hugging Face."""
        return bool(self.front_matter.get("hf_oauth"))


@dataclass(frozen=True, slots=True)
class Spaces:
    """All Spaces by name, and the one that is meant where none is named."""

    default: str
    by_name: Mapping[str, Space]
