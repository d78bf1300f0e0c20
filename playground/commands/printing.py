"""What commands write: results to standard output, progress to standard error."""

from __future__ import annotations

import sys


def write_progress(text: str) -> None:
    """Show at once."""
    sys.stderr.write(text)
    sys.stderr.flush()


def print_safely(text: str) -> None:
    """Print what the terminal's encoding can; a question mark for the rest."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
