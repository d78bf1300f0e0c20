"""Choosing models, in words: what fits this machine and what a download takes.

Markdown from plain values. Knows no engine and no component.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from playground.catalog import PAIR_LABELS, PAIRS, KnownModel, known, parse_name
from playground.catalog.fit import LEAST_CONTEXT, Fit
from playground.catalog.fit_words import arithmetic, in_short, verdict_sentence
from playground.catalog.judging import Chosen, pair_of
from playground.domain.request import Lane
from playground.domain.text import as_markdown_text
from playground.said_errors import said
from playground.words import say, size

REAL_PAIR = "qwen3-4b"
"""The pair that the page is for, and offers where another one is open."""
Choice = tuple[str, str]
"""What is shown of a model, and its name."""


def status(chosen: Chosen, loaded: bool) -> str:
    """What is to be known before it is loaded, or run, in a few sentences of Markdown."""
    if not chosen.local:
        return say("Both models run on servers: nothing is loaded here.")
    if chosen.obstacle:
        return as_markdown_text(said(chosen.obstacle))
    lines = [_fit_line(chosen), _disk_line(chosen, loaded), *_dequantized(chosen), _licence(chosen)]
    return " ".join(line for line in lines if line)


def _fit_line(chosen: Chosen) -> str:
    if chosen.fit is None:
        return say("What it takes is not known before its files are here.")
    return verdict_sentence(chosen.fit)


def _disk_line(chosen: Chosen, loaded: bool) -> str:
    if loaded or not chosen.has_files:
        return say("Loaded.") if loaded else ""
    if chosen.whole:
        return say("On disk; loaded when a cell first runs.")
    if chosen.missing_bytes is None:
        return say("Not on disk.")
    missing = size(chosen.missing_bytes)
    if not chosen.have_bytes:
        return say("{size} to download.", size=missing)
    return say("{have} are here, {size} to download.", have=size(chosen.have_bytes), size=missing)


def _entries(names: Sequence[str]) -> list[KnownModel]:
    found = (known(parse_name(name)) for name in names if parse_name(name).place != "server")
    return [entry for entry in found if entry is not None]


def _dequantized(chosen: Chosen) -> list[str]:
    if chosen.fit is None or chosen.fit.machine.computes_fp8:
        return []
    if all(entry.quantized != "fp8" for entry in _entries(chosen.names)):
        return []
    return [
        say("Its FP8 weights are made 16 bits wide here: this machine does not compute in FP8.")
    ]


def _licence(chosen: Chosen) -> str:
    licences = dict.fromkeys(entry.licence for entry in _entries(chosen.names) if entry.card)
    return say("Licence: {names}.", names=", ".join(licences)) if licences else ""


def load_text(chosen: Chosen) -> str:
    """What the button that loads says."""
    if chosen.whole:
        return say("Load now")
    if chosen.missing_bytes is None:
        return say("Download and load")
    return say("Download and load ({size})", size=size(chosen.missing_bytes))


def offer_text(chosen: Chosen) -> str:
    """What the button that chooses and loads the real pair says; empty where it is too large."""
    if chosen.fit is None or chosen.fit.verdict == "too_large":
        return ""
    needed = size(least_bytes(chosen.fit))
    if chosen.whole:
        return say("Load Qwen3-4B (needs {memory} of memory)", memory=needed)
    return say(
        "Load Qwen3-4B ({size} to download, needs {memory} of memory)",
        size=size(chosen.missing_bytes or 0),
        memory=needed,
    )


def least_bytes(fit: Fit) -> int:
    """The memory with which a pair is of use: with the shortest context that is."""
    return fit.weight_bytes + LEAST_CONTEXT * fit.token_bytes + fit.spare_bytes


def sums(names: Sequence[str], chosen: Chosen, pairs: Mapping[str, Chosen]) -> str:
    """The arithmetic of what is chosen and of all pairs, as Markdown."""
    blocks = []
    if pair_of(names) is None and chosen.fit is not None:
        blocks.append(_sum(say("These two"), chosen))
    blocks += [_sum(say(PAIR_LABELS[name]), one) for name, one in pairs.items()]
    both = say("One lane at a time has this context; run together, each has half of it.")
    return "\n\n".join([*blocks, both])


def _sum(label: str, chosen: Chosen) -> str:
    said = f"**{as_markdown_text(label)}** · {in_short(chosen)}"
    sums = [arithmetic(chosen.fit)] if chosen.fit else []
    return "  \n".join([said, *sums, *_dequantized(chosen)])


def offered(models: Mapping[Lane, str], more: Iterable[str] = ()) -> list[Choice]:
    """What stands in the models' lists: the lanes' own, those found, then the catalog's pairs."""
    pairs = (name for pair in PAIRS.values() for name in pair)
    # Enter takes the first name that holds what was typed: the shorter ones come first.
    return choices_of([*models.values(), *more, *sorted(pairs, key=len)])


def choices_of(names: Iterable[str]) -> list[Choice]:
    """Each name once, as it is shown and as it is: of a server's model first the model."""
    return [(_shown(name), name) for name in dict.fromkeys(names)]


def _shown(name: str) -> str:
    parsed = parse_name(name)
    if parsed.place != "server":
        return name
    return " · ".join(dict.fromkeys([parsed.label, urlsplit(parsed.where).netloc]))
