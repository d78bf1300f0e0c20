"""One lane's outcome as a frozen value, and its JSON (`schema: 1`), the same everywhere.

The JSON goes through the API, into the notebook file and the exports. Knows nothing of how a
result comes about (`fold`) or of how it is shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from playground.domain.errors import BadRequest, ErrorValue
from playground.domain.events import CountBasis, Ending, Notice, Origin
from playground.domain.request import Request
from playground.results.paragraphs import Paragraphs
from playground.results.reading import read

SCHEMA = 1
Phase = Literal["waiting", "loading", "prompt", "thinking", "answering", "ended"]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Seconds and tokens; null is unknown, 0 is a known zero. Meanings: the README's table."""

    queue_s: float | None = None
    load_s: float | None = None
    first_token_s: float | None = None
    first_answer_s: float | None = None
    thinking_s: float | None = None
    last_token_s: float | None = None
    total_s: float | None = None
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    thinking_tokens: int | None = None
    answer_tokens: int | None = None
    marker_tokens: int | None = None
    forced_tokens: int | None = None
    generated_tokens: int | None = None
    tokens_per_s: float | None = None
    counts: CountBasis = "exact"


@dataclass(frozen=True, slots=True)
class Output:
    """The text; `thinking` is null when the model has no thinking part."""

    thinking: str | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One lane's run: what was asked, what came, what it took.

    `paragraphs` tell when those of the trace began; null where that is not known.
    """

    request: Request
    phase: Phase = "waiting"
    ending: Ending | None = None
    output: Output = field(default_factory=Output)
    numbers: Numbers = field(default_factory=Numbers)
    origin: Origin | None = None
    notices: tuple[Notice, ...] = ()
    server_numbers: tuple[tuple[str, float], ...] = ()
    error: ErrorValue | None = None
    paragraphs: Paragraphs | None = None

    @property
    def has_answer(self) -> bool:
        return visible(self.output.answer)


def visible(text: str) -> bool:
    """Whether there is anything to see: neither white space nor control or format characters."""
    return any(unicodedata.category(c) not in ("Cc", "Cf") for c in text if not c.isspace())


def to_json(result: Result) -> dict[str, Any]:
    """The result as JSON-ready dicts and lists."""
    data = asdict(result)
    data["server_numbers"] = dict(result.server_numbers)
    if result.origin is not None:
        data["origin"]["versions"] = dict(result.origin.versions)
    data["notices"] = list(data["notices"])
    if data["paragraphs"] is None:
        del data["paragraphs"]
    else:
        data["paragraphs"] = {name: list(column) for name, column in data["paragraphs"].items()}
    request = data["request"]
    request["history"] = [
        {key: value for key, value in turn.items() if key != "thinking" or value is not None}
        for turn in request["history"]
    ]
    request["sampling"]["stop"] = list(request["sampling"]["stop"])
    if request["continuing"] is None:
        del request["continuing"]
    else:
        request["continuing"]["segments"] = list(request["continuing"]["segments"])
    if request["attached"]:
        request["attached"] = list(request["attached"])
    else:
        del request["attached"]
    return {"schema": SCHEMA, **data}


def from_json(data: Mapping[str, Any]) -> Result:
    """The result that `to_json` wrote. Raises BadRequest for another schema or shape."""
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        schema = data.get("schema") if isinstance(data, Mapping) else None
        raise BadRequest(
            f"This result has schema {schema!r}, but this version reads {SCHEMA}."
            " Update the playground."
        )
    result: Result = read(Result, data, "result")
    return result
