"""Sets of problems by name: a file, the built-in one, or a public one on the Hugging Face Hub.

Nothing is downloaded but by naming it. Knows problems; does not know who runs them.
"""

from __future__ import annotations

from playground.sets.known import known_names
from playground.sets.opening import ProblemSet, check_limit, open_set

__all__ = ["ProblemSet", "check_limit", "known_names", "open_set"]
