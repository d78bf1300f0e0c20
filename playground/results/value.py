"""One lane's outcome as a frozen value, and its JSON (`schema: 1`), the same everywhere.

The JSON goes through the API, into the notebook file and the exports. Knows nothing of how a
result comes about (`fold`) or of how it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from playground.domain.errors import BadRequest, ErrorValue
from playground.domain.events import CountBasis, Ending, Notice, Origin
from playground.domain.request import Message, Request
from playground.domain.sampling import Sampling

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
    """One lane's run: what was asked, what came, what it took."""

    request: Request
    phase: Phase = "waiting"
    ending: Ending | None = None
    output: Output = field(default_factory=Output)
    numbers: Numbers = field(default_factory=Numbers)
    origin: Origin | None = None
    notices: tuple[Notice, ...] = ()
    server_numbers: tuple[tuple[str, float], ...] = ()
    error: ErrorValue | None = None

    @property
    def has_answer(self) -> bool:
        return bool(self.output.answer.strip())


def to_json(result: Result) -> dict[str, Any]:
    """The result as JSON-ready dicts and lists."""
    data = asdict(result)
    data["server_numbers"] = dict(result.server_numbers)
    if result.origin is not None:
        data["origin"]["versions"] = dict(result.origin.versions)
    data["notices"] = list(data["notices"])
    request = data["request"]
    request["history"] = list(request["history"])
    request["sampling"]["stop"] = list(request["sampling"]["stop"])
    return {"schema": SCHEMA, **data}


def from_json(data: Mapping[str, Any]) -> Result:
    """The result that `to_json` wrote. Raises BadRequest for another schema or shape."""
    if data.get("schema") != SCHEMA:
        raise BadRequest(
            f"This result has schema {data.get('schema')!r}, but this version reads {SCHEMA}."
            " Update the playground."
        )
    try:
        return Result(
            request=_request(data["request"]),
            phase=data["phase"],
            ending=data["ending"],
            output=Output(**data["output"]),
            numbers=Numbers(**data["numbers"]),
            origin=_origin(data["origin"]),
            notices=tuple(Notice(**notice) for notice in data["notices"]),
            server_numbers=tuple(data["server_numbers"].items()),
            error=None if data["error"] is None else ErrorValue(**data["error"]),
        )
    except (KeyError, TypeError, AttributeError) as exc:
        raise BadRequest(
            f"This is not a result of schema {SCHEMA}: {exc!r}. Save it anew."
        ) from exc


def _request(data: Mapping[str, Any]) -> Request:
    known = {f.name for f in fields(Request)}
    request = Request(**{key: value for key, value in data.items() if key in known})
    sampling = dict(data["sampling"])
    return replace(
        request,
        history=tuple(Message(**message) for message in data["history"]),
        sampling=Sampling(**{**sampling, "stop": tuple(sampling["stop"])}),
    )


def _origin(data: Mapping[str, Any] | None) -> Origin | None:
    if data is None:
        return None
    return Origin(**{**data, "versions": tuple(data["versions"].items())})
