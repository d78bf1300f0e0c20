"""A cell as the part of an address after "#", and back: its prompt and how it is asked.

No results, no conversation and no key are in it; a model's name cannot hold one. What comes back
may be anybody's: it becomes a cell, or a BadRequest that says what is wrong.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from playground.catalog import parse_name
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, SCHEDULES, Lane
from playground.domain.sampling import parse_value
from playground.notebook import checking
from playground.notebook.call import Describe
from playground.notebook.document import PromptCell
from playground.notebook.exports.asked import options_of
from playground.notebook.packing import variables_from
from playground.notebook.packing_lists import measures_data, measures_from
from playground.notebook.problems import problems_data, problems_from
from playground.notebook.settings import Overrides, Settings

LONGEST = 64 * 1024
PREFIX = "cell="
KEYS = ("prompt", "options", "variables", "expected", "repeats", "budgets", "problems")
_BASE64 = re.compile(r"[A-Za-z0-9_-]*")
_COPY_AGAIN = "Copy the whole link again."


def fragment(cell: PromptCell, settings: Settings, describe: Describe | None = None) -> str:
    """The cell as a link carries it. Raises BadRequest where it is too long."""
    options = options_of(cell, settings, describe)
    data: dict[str, Any] = {"prompt": cell.prompt, "options": options}
    if cell.variables:
        data["variables"] = {name: list(values) for name, values in cell.variables}
    data |= measures_data(cell)
    if cell.problems:
        data["problems"] = problems_data(cell.problems)
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text = PREFIX + urlsafe_b64encode(written).decode("ascii").rstrip("=")
    if len(text) > LONGEST:
        raise BadRequest(
            f"This cell makes a link of {len(text):,} characters, but {LONGEST:,} is the most."
            " Save the notebook as a file instead."
        )
    return text


def from_fragment(text: str) -> PromptCell:
    """The cell that a link holds; what it does not set is the notebook's. Raises BadRequest."""
    data = checking.mapping("The link", _data(text))
    _only("The link", data, KEYS)
    options = checking.mapping("options", data.get("options", {}))
    _only("options", options, ("system", "schedule", "sampling", *LANES))
    system, schedule = options.get("system"), options.get("schedule")
    models: dict[Lane, str] = {}
    sampling: dict[Lane, Mapping[str, object]] = {}
    for lane in LANES:
        own = checking.mapping(lane, options.get(lane, {}))
        _only(lane, own, ("model", "sampling"))
        if "model" in own:
            models[lane] = str(parse_name(checking.text(f"{lane}.model", own["model"])))
        values = {
            **checking.mapping("sampling", options.get("sampling", {})),
            **checking.mapping(f"{lane}.sampling", own.get("sampling", {})),
        }
        if values:
            sampling[lane] = {name: parse_value(name, value) for name, value in values.items()}
    return PromptCell(
        prompt=checking.text("prompt", data.get("prompt", "")),
        overrides=Overrides(
            system=None if system is None else checking.text("system", system),
            schedule=None if schedule is None else checking.choice("schedule", schedule, SCHEDULES),
            models=models,
            sampling=sampling,
        ),
        variables=variables_from("variables", data.get("variables", {})),
        problems=problems_from("problems", data.get("problems", [])),
        **measures_from("The link", data),
    )


def _data(text: str) -> object:
    """The JSON that a fragment holds."""
    if len(text) > LONGEST:
        raise BadRequest(
            f"This link has {len(text):,} characters, but {LONGEST:,} is the most. Ask for the"
            " notebook as a file instead."
        )
    written = text.removeprefix("#").removeprefix(PREFIX)
    if not written or not _BASE64.fullmatch(written):
        raise BadRequest(f"This link holds no cell: {written[:40]!r}. {_COPY_AGAIN}")
    try:
        decoded = urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as exc:
        raise BadRequest(f"This link is damaged ({exc}). {_COPY_AGAIN}") from exc
    return checking.parsed("The link", decoded)


def _only(where: str, given: Mapping[str, object], known: tuple[str, ...]) -> None:
    for key in given:
        if key not in known:
            raise BadRequest(f"Unknown key {key!r} in {where}. Use one of: {', '.join(known)}.")
