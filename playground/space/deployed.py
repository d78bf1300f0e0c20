"""Which of our Spaces this process is, if any, told by its environment.

Knows no Hub and no page.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from playground.domain.errors import BadRequest
from playground.domain.request import Lane
from playground.space.reading import ROOT, named, read_spaces
from playground.space.value import Space

NAME_VARIABLE = "PLAYGROUND_SPACE"
ON_A_SPACE = "SPACE_ID"


def deployed_space(environment: Mapping[str, str] = os.environ, root: Path = ROOT) -> Space | None:
    """The Space that this process runs as; null on any other machine. Raises BadRequest.

    A Space that was made by duplicating or by git has no name of ours: it is the default one.
    """
    if not environment.get(ON_A_SPACE):
        return None
    return named(read_spaces(root), environment.get(NAME_VARIABLE))


def lanes_of(space: Space, environment: Mapping[str, str] = os.environ) -> dict[Lane, str]:
    """The models that the environment names for the lanes. Raises BadRequest."""
    models: dict[Lane, str] = {}
    for lane, variable in space.lanes:
        if not environment.get(variable):
            raise BadRequest(
                f"{variable} is not set: it names the {lane} lane's model, such as"
                " https://gpu.example/v1?model=Qwen/Qwen3-4B-Thinking-2507. Set it as a variable of"
                " the Space, or before `space push`."
            )
        models[lane] = environment[variable]
    return models
