"""A second module tree on the same tensors: what is changed in it, the first does not see.

For a fine-tune beside its base, or the same weights with other positions. Knows no model.
"""

from __future__ import annotations

import copy
from itertools import chain
from typing import Any


def twin(model: Any) -> Any:
    """`model` again, its parameters and buffers being the very same tensors."""
    tensors = chain(model.parameters(), model.buffers())
    return copy.deepcopy(model, {id(tensor): tensor for tensor in tensors})
