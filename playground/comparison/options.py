"""From a prompt and options to one frozen request a lane: the same for page, API, script, terminal.

Knows what is allowed and says so; does not run anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import NotRequired, TypedDict

from playground.catalog import KnownModel, known, parse_name
from playground.domain.attachment import Attached, attachments_from, with_attachments
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.events import Origin
from playground.domain.limits import UNLIMITED, Limits
from playground.domain.request import (
    LANES,
    SCHEDULES,
    Lane,
    Message,
    Request,
    RunId,
    check_prompt,
    check_text,
)
from playground.domain.sampling import Sampling, draw_seed, parse_sampling


class SamplingOptions(TypedDict, total=False):
    """Sampling parameters; what is left out is the model's own default."""

    temperature: float
    top_p: float
    top_k: int
    min_p: float
    presence_penalty: float
    repetition_penalty: float
    max_new_tokens: int
    seed: int | None
    stop: list[str]
    thinking_budget: int | None


class HistoryMessage(TypedDict):
    """An earlier turn; `role` is user or assistant.

    `thinking` is for an assistant's trace that is to stay in the conversation.
    """

    role: str
    content: str
    thinking: NotRequired[str]


class LaneOptions(TypedDict, total=False):
    """One lane's model; sampling and history that win over the common ones."""

    model: str
    sampling: SamplingOptions
    history: list[HistoryMessage]


class AttachmentOptions(TypedDict):
    """A document that is put before the prompt: its name and its text."""

    name: str
    text: str


class ExpectedOptions(TypedDict, total=False):
    """An expected answer and how answers are held against it: `value`, or `values` any of which
    is right."""

    kind: str
    value: str | float
    values: list[str]
    tolerance: float


GivenExpected = str | float | ExpectedOptions
"""A text or number is compared by value."""


class CompareOptions(TypedDict, total=False):
    """Everything but the prompt; all of it may be left out."""

    system: str
    history: list[HistoryMessage]
    attachments: list[AttachmentOptions]
    sampling: SamplingOptions
    left: LaneOptions
    right: LaneOptions
    schedule: str
    expected: GivenExpected


class ListOptions(CompareOptions, total=False):
    """What a list is asked with: `template` is the prompt that its problems fill, `{{prompt}}` if
    it is left out."""

    template: str
    repeats: int
    budgets: list[int | None]


class ProblemOptions(TypedDict, total=False):
    """One problem: `prompt`, or `variables` of the template, and what is expected of it."""

    prompt: str
    variables: dict[str, str]
    expected: GivenExpected
    tags: list[str]


class JudgeOptions(TypedDict, total=False):
    """Two answers to compare, or one or two to hold against what is expected."""

    left: str
    right: str
    expected: GivenExpected


def build_requests(
    prompt: object,
    options: Mapping[str, object] | None,
    models: Mapping[Lane, str],
    describe: Callable[[str], ModelCard],
    limits: Limits = UNLIMITED,
) -> tuple[Request, ...]:
    """One request a lane. `models` are used where the options name none; what is expected of the
    answers is for whoever judges them.

    Raises:
        BadRequest: names the key, the value and what is allowed. A model that cannot be found or
            used is not a bad request: its lane fails when it runs.
    """
    given = section("options", options, CompareOptions)
    files = given.get("attachments")
    attachments = attachments_from("attachments", () if files is None else files)
    text = with_attachments(attachments, check_prompt(prompt))
    system = check_text("system", given.get("system", ""))
    history = _history("history", given.get("history", ()))
    schedule = given.get("schedule", "in_turn")
    if schedule not in SCHEDULES:
        raise BadRequest(f"schedule is {schedule!r}, but must be one of: {', '.join(SCHEDULES)}.")
    common = section("sampling", given.get("sampling"), SamplingOptions)
    run_id, created_at = new_run()
    drawn = draw_seed()
    requests = []
    for lane in LANES:
        own = section(lane, given.get(lane), LaneOptions)
        name = check_text(f"{lane}.model", own.get("model", models[lane]))
        card = describe_or_guess(name, describe)
        earlier = own.get("history")
        changes = section(f"{lane}.sampling", own.get("sampling"), SamplingOptions)
        try:
            sampling = parse_sampling({**common, **changes}, card.defaults)
        except BadRequest as exc:
            raise BadRequest(f"{lane.capitalize()} lane: {exc}") from exc
        requests.append(
            Request(
                id=run_id,
                created_at=created_at,
                lane=lane,
                model=card.name,
                prompt=text,
                system=system,
                history=history if earlier is None else _history(f"{lane}.history", earlier),
                sampling=with_seed(sampling, drawn),
                schedule=schedule,
                attached=tuple(map(Attached.of, attachments)),
            )
        )
    for request in requests:
        limits.check_request(request)
    return tuple(requests)


def describe_or_guess(name: str, describe: Callable[[str], ModelCard]) -> ModelCard:
    """The model's card, or what little is known of one that cannot be opened.

    Raises BadRequest for a name that is none.
    """
    try:
        return describe(name)
    except BadRequest:
        raise
    except PlaygroundError:
        parse_name(name)  # raises what is wrong with it
        return guessed(name)


def guessed(name: str) -> ModelCard:
    """What little is known of a model by its name, which may be none."""
    try:
        parsed = parse_name(name)
    except BadRequest:
        return ModelCard(name, name, False, None, Sampling(), Origin("none"))
    entry = known(parsed) or KnownModel(False, Sampling(), None)
    return ModelCard(
        name=str(parsed),
        label=parsed.label,
        thinks=entry.thinks,
        context=entry.context,
        defaults=entry.sampling,
        origin=Origin("none"),
    )


def new_run() -> tuple[RunId, str]:
    """A fresh id, unguessable, so that it may serve as an address; and the time now."""
    return RunId(uuid.uuid4().hex), datetime.now(UTC).isoformat(timespec="milliseconds")


def with_seed(sampling: Sampling, drawn: int) -> Sampling:
    """`sampling` with `drawn` in the place of a random seed."""
    return sampling if sampling.seed is not None else replace(sampling, seed=drawn)


def after_history(
    options: Mapping[str, object],
) -> Callable[[tuple[Request, ...]], tuple[Request, ...]]:
    """Puts the conversation that options give before requests that know none. Raises
    BadRequest."""
    turns = {lane: _history_of(options, lane) for lane in LANES}
    return lambda requests: tuple(
        replace(request, history=turns[request.lane]) if turns[request.lane] else request
        for request in requests
    )


def _history_of(options: Mapping[str, object], lane: Lane) -> tuple[Message, ...]:
    own = options.get(lane)
    if isinstance(own, Mapping) and own.get("history") is not None:
        return _history(f"{lane}.history", own["history"])
    return _history("history", options.get("history") or ())


def section(name: str, value: object, shape: type) -> dict[str, object]:
    """An object with no keys but this shape's; nothing is an empty one. Raises BadRequest."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadRequest(f"{name} is {value!r}, but must be an object. Send a JSON object.")
    known = shape.__annotations__
    for key in value:
        if key not in known:
            raise BadRequest(f"Unknown key {key!r} in {name}. Use one of: {', '.join(known)}.")
    return dict(value)


def _history(name: str, value: object) -> tuple[Message, ...]:
    if not isinstance(value, list | tuple):
        raise BadRequest(f"{name} is {value!r}, but must be a list of messages. Send a list.")
    messages = []
    for position, item in enumerate(value):
        where = f"{name}[{position}]"
        message = section(where, item, HistoryMessage)
        role = message.get("role")
        if role not in ("user", "assistant"):
            raise BadRequest(f"{where}.role is {role!r}; use 'user' or 'assistant'.")
        content = check_text(f"{where}.content", message.get("content"))
        thinking = message.get("thinking")
        if thinking is not None:
            thinking = check_text(f"{where}.thinking", thinking)
            if role == "user":
                raise BadRequest(f"{where}.thinking is for an assistant's turn. Leave it out.")
        messages.append(Message(role, content, thinking))
    return tuple(messages)
