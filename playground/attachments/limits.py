"""How much may be attached: the one place for these bounds. Knows no file."""

from __future__ import annotations

from dataclasses import dataclass

from playground.domain.attachment import MOST_ATTACHMENTS


@dataclass(frozen=True, slots=True)
class Limits:
    """`file_bytes` is a file as it comes, `characters` the text in it, `cell_characters` all that
    is attached to one prompt. The last two bound the process that takes a file apart."""

    file_bytes: int = 20_000_000
    characters: int = 4_000_000
    cell_characters: int = 8_000_000
    files: int = MOST_ATTACHMENTS
    pages: int = 3000
    seconds: float = 60.0
    memory_bytes: int = 1_500_000_000


LIMITS = Limits()
"""What one person's own page, script and terminal take: several times any model's context."""
