"""A sampling field's value and what a text field or number field shows for it, there and back.

Knows no component: the sidebar and the cells' own settings read and write alike.
"""

from __future__ import annotations

from typing import Any

from playground.domain.sampling import Field


def typed_value(field: Field, value: Any) -> object:
    """A control's value in the field's own terms; what does not fit is left for the check."""
    if field.kind == "strings":
        return [line for line in str(value or "").split("\n") if line]
    if isinstance(value, str):
        text = value.strip()
        return int(text) if text.isascii() and text.isdigit() else text or None
    if field.kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def control_value(field: Field, value: Any) -> Any:
    """The reverse of `typed_value`: what the control shows for a model's default."""
    return "\n".join(value) if field.kind == "strings" else value
