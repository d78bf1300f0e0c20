"""A session on two fake engines."""

from __future__ import annotations

import pytest

from playground.comparison.run import Comparison
from playground.domain.errors import ModelNotFound
from playground.domain.request import LANES
from playground.notebook.settings import Settings, sampling_values
from playground.ui.session import Session
from tests.ui.fake import DEFAULTS, Fake


@pytest.fixture
def engines() -> dict[str, Fake]:
    return {name: Fake(name) for name in ("demo-instruct", "demo-thinking")}


@pytest.fixture
def session(engines: dict[str, Fake]) -> Session:
    models = dict(zip(LANES, engines, strict=True))
    sampling = {lane: sampling_values(DEFAULTS) for lane in LANES}

    def open_engine(name: str) -> Fake:
        if name not in engines:
            raise ModelNotFound(f"There is no model {name!r}. Choose another.")
        return engines[name]

    return Session(Comparison(open_engine), Settings(models, sampling))
