"""How far a model's loading is, from its events: a download's bytes, files, pace and time left.

One wording for page and terminal. Knows neither.
"""

from __future__ import annotations

from collections import deque

from playground.domain.events import Loading, Notice
from playground.results import wording
from playground.words import number, say, size

# The pace is that of the last seconds; a shorter time than the second tells nothing yet.
WINDOW_S = 10.0
TELLING_S = 1.0
# No byte for so long is worth a word.
SILENT_S = 5.0
KEPT = "What has come of the download is kept: the next one goes on from there."


class LoadProgress:
    """Takes in one load's events; says what they mean."""

    def __init__(self) -> None:
        self.latest: Loading | None = None
        self._seen: deque[tuple[float, int]] = deque()
        self._grew_at_s = 0.0

    def see(self, event: Loading) -> None:
        """Take an event in; those of a download must come in order."""
        if event.unit == "bytes":
            self._see_bytes(event)
        self.latest = event

    def _see_bytes(self, event: Loading) -> None:
        seen = self._seen
        if not seen or event.done > seen[-1][1]:
            self._grew_at_s = event.at_s
        if seen and event.done < seen[-1][1]:  # a damaged file begins again
            seen.clear()
        seen.append((event.at_s, event.done))
        while seen[0][0] < event.at_s - WINDOW_S:
            seen.popleft()

    @property
    def bytes_per_s(self) -> float | None:
        """The download's pace, what was resumed left out; null while unknown or silent."""
        if len(self._seen) < 2:
            return None
        (first_s, first), (last_s, last) = self._seen[0], self._seen[-1]
        if last_s - first_s < TELLING_S or last == first or self._silent_s >= SILENT_S:
            return None
        return (last - first) / (last_s - first_s)

    @property
    def _silent_s(self) -> float:
        return self._seen[-1][0] - self._grew_at_s if self._seen else 0.0

    @property
    def share(self) -> float | None:
        """How much of the download is done, 0 to 1; null while nothing is downloaded."""
        latest = self.latest
        if latest is None or latest.unit != "bytes" or not latest.total:
            return None
        return latest.done / latest.total

    def state(self) -> str:
        """What is done now, in a few words."""
        if self.latest is None:
            return say("loading the model") + "…"
        done, total, unit = self.latest.done, self.latest.total, self.latest.unit
        if unit == "bytes" and total and done >= total:
            return say("checking what came") + "…"
        what = say("downloading" if unit == "bytes" else "loading the model") + "…"
        if total:
            return f"{what} {100 * done // total} %"
        return what + (number(f" {done:,} ") + unit if done else "")

    def details(self) -> str:
        """A download's bytes, shards, pace and time left; empty while nothing is downloaded."""
        return " · ".join(self._details().values())

    def _details(self) -> dict[str, str]:
        latest = self.latest
        if self.share is None or latest is None or latest.total is None:
            return {}
        size_of = say("{done} of {total}", done=size(latest.done), total=size(latest.total))
        parts = {"bytes": size_of}
        if latest.files is not None and latest.files[1] > 1:
            done, total = latest.files
            parts["shards"] = say("{done} of {total} shards", done=done, total=total)
        pace = self.bytes_per_s
        if pace is not None:
            parts["pace"] = f"{size(pace)}/s"
            left = wording.about((latest.total - latest.done) / pace)
            parts["left"] = say("about {time} left", time=left)
        elif self._silent_s >= SILENT_S and latest.done < latest.total:
            parts["left"] = say("waiting for the network")
        return parts

    def words(self, most: int | None = None) -> str:
        """All of it in one line; what tells least is left out of more than `most` characters."""
        parts = {"state": self.state(), **self._details()}
        for name in ("shards", "pace", "bytes"):
            if most is None or len(" · ".join(parts.values())) <= most:
                break
            parts.pop(name, None)
        return " · ".join(parts.values())

    def kept(self) -> tuple[Notice, ...]:
        """What is to be said when it is left off here."""
        return () if self.share is None else (Notice("kept", KEPT),)
