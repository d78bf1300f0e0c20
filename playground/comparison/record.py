"""One line a lane for the operator's log: what ran and how it ended, never what was said.

Prompts, answers, visitors and tokens of access are not in it. Knows no page.
"""

from __future__ import annotations

import json
import logging

from playground.domain.events import Ended, Event, Failed, Notice, Started
from playground.domain.request import Lane, Request

LOG = logging.getLogger("playground.runs")


class LaneRecord:
    """Gathers a lane's figures from its events; `write` logs them once, at its end."""

    def __init__(self, request: Request, asked_at_s: float) -> None:
        self._asked_at_s = asked_at_s
        self._started: Started | None = None
        self._fields: dict[str, object] = {
            "run": request.id,
            "lane": request.lane,
            "model": request.model,
            "schedule": request.schedule,
            "max_new_tokens": request.sampling.max_new_tokens,
        }

    def take(self, event: Event) -> None:
        """Note what this event tells; the last one is written."""
        match event:
            case Started():
                self._started = event
                self._fields |= {
                    "prompt_tokens": event.prompt_tokens,
                    "cached_tokens": event.cached_tokens,
                    "device": event.origin.device,
                    "before_start_s": round(event.at_s - self._asked_at_s, 3),
                }
            case Notice(kind):
                self._fields.setdefault("notices", [])
                notices = self._fields["notices"]
                assert isinstance(notices, list)
                notices.append(kind)
            case Ended():
                self._write(event.at_s, ending=event.ending, tokens=event.counts.generated)
            case Failed():
                self._write(event.at_s, ending="error", error=event.error.kind)
            case _:
                pass

    def _write(self, at_s: float, **end: object) -> None:
        begun_s = self._asked_at_s if self._started is None else self._started.at_s
        line = {**self._fields, **end, "total_s": round(at_s - begun_s, 3)}
        LOG.info(json.dumps({"event": "lane_ended", **line}))


def records(requests: tuple[Request, ...], asked_at_s: float) -> dict[Lane, LaneRecord]:
    """A record for each lane."""
    return {request.lane: LaneRecord(request, asked_at_s) for request in requests}
