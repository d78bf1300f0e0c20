"""Stop signals for tests."""

from __future__ import annotations

from playground.domain.engine import StopReason


class Never:
    """Never stops."""

    def reason(self) -> StopReason | None:
        return None

    def closes_thought(self) -> bool:
        return False


class StopAfter:
    """Says nothing `checks` times, then stops."""

    def __init__(self, checks: int, reason: StopReason = "user") -> None:
        self.left = checks
        self._reason: StopReason = reason

    def reason(self) -> StopReason | None:
        self.left -= 1
        return self._reason if self.left < 0 else None

    def closes_thought(self) -> bool:
        return False
