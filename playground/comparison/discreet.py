"""Errors as a stranger may read them: no paths of this machine, no words of foreign libraries.

What is left out is in the operator's log. Knows events only.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from playground.domain.errors import ErrorValue
from playground.domain.events import Event, Failed

LOG = logging.getLogger("playground.errors")
BROKE = "Something broke on this page's machine. Run it again; its operator's log says what it was."
# Two folders deep at least: a slash in a sentence, a web address and a Hub id are no paths.
_PATH = re.compile(r"(?<![\w:/.])(?:~|/[\w.@+-]+)(?:/[\w.@+-]+)+/?|\b[A-Za-z]:\\[^\s'\"]+")
_FOREIGN = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit|Interrupt|Lost)\b: ")


def discreet(event: Event) -> Event:
    """The event as visitors see it."""
    if not isinstance(event, Failed):
        return event
    message = without_paths(event.error.message)
    if _FOREIGN.search(message):
        message = BROKE
    if message == event.error.message:
        return event
    LOG.warning("A lane failed: %s", event.error.message)
    return replace(event, error=ErrorValue(event.error.kind, message))


def without_paths(words: str) -> str:
    """`words` with paths of this machine blotted out."""
    return _PATH.sub("…", words)
