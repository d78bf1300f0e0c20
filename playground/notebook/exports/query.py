"""An address's `?prompt=…&temperature=…` as a cell: for links that are written by hand.

Only a prompt and sampling, of both lanes; every value is checked as everywhere. What else stands in
an address is another program's (a Space's own `__theme`, `__sign`) and is passed over. Nothing runs
by itself.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, check_prompt
from playground.domain.sampling import FIELD_BY_NAME, Field, parse_value
from playground.notebook.document import PromptCell
from playground.notebook.exports.link import LONGEST
from playground.notebook.settings import Overrides

MOST_PARTS = 64


def from_query(text: str) -> PromptCell:
    """The cell that an address asks for. Raises BadRequest."""
    if len(text) > LONGEST:
        raise BadRequest(
            f"This link has {len(text):,} characters, but {LONGEST:,} is the most. Ask for the"
            " notebook as a file instead."
        )
    try:
        parts = parse_qsl(text.removeprefix("?"), keep_blank_values=True, max_num_fields=MOST_PARTS)
    except ValueError as exc:
        raise BadRequest(f"This link cannot be read ({exc}). Copy the whole link again.") from exc
    given: dict[str, list[str]] = {}
    for name, value in parts:
        given.setdefault(name, []).append(value)
    prompt = check_prompt(given.get("prompt", [""])[-1])
    sampling = {
        name: parse_value(name, _typed(FIELD_BY_NAME[name], values))
        for name, values in given.items()
        if name in FIELD_BY_NAME
    }
    own = {lane: dict(sampling) for lane in LANES} if sampling else {}
    return PromptCell(prompt=prompt, overrides=Overrides(sampling=own))


def _typed(field: Field, values: list[str]) -> object:
    """A field's text as a value; what is none is left for the check to refuse."""
    if field.kind == "strings":
        return values
    text = values[-1].strip()
    if text in ("", "null", "none"):
        return None
    try:
        return int(text) if field.kind == "integer" else float(text)
    except ValueError:
        return text
