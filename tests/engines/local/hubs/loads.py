"""Loads and runs of a model by its name, as tests of hubs do them."""

from __future__ import annotations

from playground.catalog import parse_name
from playground.domain.events import Text
from playground.domain.sampling import Sampling
from playground.engines.local.engine import LocalEngine
from tests.engines.signals import Never
from tests.samples import request

ASKED = request(prompt="Why?", sampling=Sampling(temperature=0.0, max_new_tokens=20, seed=1))


def engine(name: str) -> LocalEngine:
    """A new engine: what another one loaded is not known to it."""
    return LocalEngine(parse_name(name), may_download=True)


def text(one: LocalEngine) -> str:
    """What the model writes; it is loaded for that if need be."""
    return "".join(event.text for event in one.run(ASKED, Never()) if isinstance(event, Text))
