"""Text that grows by pieces, each with the time it came; cheap to append and to read the tail.

Knows nothing of what the text means.
"""

from __future__ import annotations

from bisect import bisect_right


class GrowingText:
    """A string built from timed pieces. Offsets and `length` are in UTF-16 units, a browser's."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._at_s: list[float] = []
        self.length = 0

    def __bool__(self) -> bool:
        return self.length > 0

    def append(self, text: str, at_s: float) -> None:
        """Add a piece; an empty one is nothing."""
        if text:
            self._pieces.append(text)
            self._starts.append(self.length)
            self._at_s.append(at_s)
            self.length += _units(text)

    def whole(self) -> str:
        """All of it."""
        return "".join(self._pieces)

    def since(self, at_s: float) -> tuple[int, str]:
        """The offset and text of all pieces that came at or after `at_s`."""
        index = len(self._pieces)
        while index and self._at_s[index - 1] >= at_s:
            index -= 1
        if index == len(self._pieces):
            return self.length, ""
        return self._starts[index], "".join(self._pieces[index:])

    def beyond(self, offset: int) -> tuple[int, str]:
        """The text from `offset` on, with the offset where it begins: at a piece's start."""
        index = max(0, bisect_right(self._starts, offset) - 1)
        if index >= len(self._pieces) or offset >= self.length:
            return self.length, ""
        return self._starts[index], "".join(self._pieces[index:])

    def after_piece(self, index: int) -> tuple[int, str]:
        """The number of pieces so far, and the text of those from number `index` on."""
        return len(self._pieces), "".join(self._pieces[index:])

    def strip_end(self) -> None:
        """Take trailing newlines away."""
        while self._pieces:
            stripped = self._pieces[-1].rstrip("\n")
            self.length -= _units(self._pieces[-1]) - _units(stripped)
            if stripped:
                self._pieces[-1] = stripped
                return
            self._pieces.pop()
            self._starts.pop()
            self._at_s.pop()


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
