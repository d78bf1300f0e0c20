"""What the catalog knows of a model, by its name or by what a server calls it; the pairs.

Knows no disk, no network and no engine: whether a model fits is in `fit`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from playground.catalog.data import KNOWN, PAIRS, KnownModel
from playground.catalog.names import ModelName, parse_name
from playground.domain.engine import OnDisk
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane

DEFAULT_PAIR = "demo"
"""What `compare` in Python and in a notebook's cells means: the same on every machine."""
AUTO = "auto"
"""The pair that suits this machine; whoever wires the engines knows which one that is."""


def known(name: ModelName) -> KnownModel | None:
    """The catalog's entry for this name, its options applied; null for strangers."""
    entry = KNOWN.get(name.where)
    if entry is None:
        return None
    if entry.without_thinking and name.option("thinking") == "off":
        entry = replace(
            entry,
            thinks=False,
            sampling=entry.without_thinking,
            output_lengths=entry.output_lengths_without_thinking,
        )
    return replace(entry, context=context_of(entry, name.context))


def context_of(entry: KnownModel, asked: int | None) -> int | None:
    """The context, in tokens, that a model has when its name asks for one."""
    most = entry.yarn_context or entry.context
    return entry.context if asked is None or most is None else min(asked, most)


def missing_bytes(name: ModelName, here: OnDisk) -> int | None:
    """What a download of this model would bring, the catalog helping out; null while unknown."""
    if here.state == "whole":
        return 0
    entry = known(name)
    total = None if entry is None else entry.download_bytes or entry.weight_bytes
    if here.missing_bytes is not None or total is None:
        return here.missing_bytes
    return max(0, total - here.have_bytes)


def with_thinking(name: str, thinking: bool) -> str:
    """A hybrid's name with its thinking switched; any other name as it is. Raises BadRequest."""
    parsed = parse_name(name)
    entry = KNOWN.get(parsed.where) or served(parsed.option("model") or "")
    if entry is None or entry.without_thinking is None:
        return name
    rest = tuple(option for option in parsed.options if option[0] != "thinking")
    options = rest if thinking else (*rest, ("thinking", "off"))
    return str(replace(parsed, options=tuple(sorted(options))))


# How servers call these models; the first that matches. Ollama's qwen3:4b is Thinking-2507.
_SERVED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), where)
    for pattern, where in (
        (r"demo-instruct$", "demo-instruct"),
        (r"demo-thinking$", "demo-thinking"),
        (r"qwen3[-_:]?4b[-_:].*thinking", "Qwen/Qwen3-4B-Thinking-2507"),
        (r"qwen3[-_:]?4b[-_:].*instruct", "Qwen/Qwen3-4B-Instruct-2507"),
        (r"^qwen3:4b$", "Qwen/Qwen3-4B-Thinking-2507"),
        (r"qwen3-4b-2507", "Qwen/Qwen3-4B-Instruct-2507"),
        # The hybrids of April 2025 think unless told not to.
        (r"qwen3[-_:][\d.]+b(?!.*(instruct|coder|base|2507))", "Qwen/Qwen3-0.6B"),
    )
)


def served(model_id: str) -> KnownModel | None:
    """The catalog's entry for a model as a server calls it; null for strangers."""
    lower = model_id.lower()
    return next((KNOWN[where] for pattern, where in _SERVED if pattern.search(lower)), None)


def pair(name: str) -> dict[Lane, str]:
    """The two model names of a pair. Raises BadRequest."""
    if name not in PAIRS:
        raise BadRequest(f"Unknown pair {name!r}. Use one of: {', '.join(PAIRS)}.")
    return dict(zip(LANES, PAIRS[name], strict=True))
