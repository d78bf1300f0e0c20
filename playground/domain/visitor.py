"""Who a run is for, while it lasts: whom its limits count against, and who pays hosted services.

A visitor's token is in no request, event, result, file or log: it lives in the context of the run
and goes with it. Knows no page and no service.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Visitor:
    """`key` tells visitors apart (empty: nobody in particular).

    With `pays`, hosted services are asked in the visitor's name with `token` or not at all; the
    operator's own keys are for the operator alone.
    """

    key: str = ""
    pays: bool = False
    token: str | None = field(default=None, repr=False)


OPERATOR = Visitor()
_current: ContextVar[Visitor] = ContextVar("visitor", default=OPERATOR)


def current_visitor() -> Visitor:
    """Whom the work in this context is for."""
    return _current.get()


def serve(visitor: Visitor) -> None:
    """Work for this visitor from now on: for a context that ends with the run."""
    _current.set(visitor)
