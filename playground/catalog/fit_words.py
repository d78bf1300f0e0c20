"""Sizes and fits in words, the same on the page and in the terminal.

Memory and downloads in GB (1000³ bytes), a token's share in KiB (1024 bytes): so they are named.
"""

from __future__ import annotations

from playground.catalog.fit import Fit
from playground.catalog.judging import Chosen
from playground.words import number, rounded, say, size


def verdict(fit: Fit) -> str:
    """In a few words, for a list."""
    match fit.verdict:
        case "fits":
            return say("fits")
        case "shorter":
            return say("fits up to {count} tokens", count=number(f"{fit.context:,}"))
        case "too_large":
            return say("too large for this machine")


def here_or_not(chosen: Chosen) -> str:
    """On disk, or what is to be downloaded; empty for what is built in or runs elsewhere."""
    if not chosen.has_files:
        return ""
    if chosen.whole:
        return say("on disk")
    if chosen.missing_bytes is None:
        return say("not on disk")
    return say("{size} to download", size=size(chosen.missing_bytes))


def in_short(chosen: Chosen) -> str:
    """For a list: whether it fits, and whether it is here."""
    fits = verdict(chosen.fit) if chosen.fit else ""
    parts = (say("cannot be loaded here") if chosen.obstacle else fits, here_or_not(chosen))
    return " · ".join(part for part in parts if part)


def verdict_sentence(fit: Fit) -> str:
    """In a sentence, with where."""
    where, count = fit.machine.label, number(f"{fit.context:,}")
    match fit.verdict:
        case "fits":
            return say(
                "Fits here ({machine}) with the whole context of {count} tokens.",
                machine=where,
                count=count,
            )
        case "shorter":
            return say(
                "Fits here ({machine}) with a context of up to {count} tokens.",
                machine=where,
                count=count,
            )
        case "too_large":
            return say("Too large for this machine ({machine}).", machine=where)


def arithmetic(fit: Fit) -> str:
    """The sum behind the verdict."""
    parts = (fit.weight_bytes, fit.context_bytes, fit.spare_bytes)
    values = {
        "weights": size(fit.weight_bytes),
        "context": size(fit.context_bytes),
        "count": number(f"{fit.context:,}"),
        "each": each(fit.token_bytes),
        "spare": size(fit.spare_bytes),
        "needed": size(sum(map(rounded, parts))),
        "free": size(fit.machine.available_bytes),
    }
    return say(
        "{weights} weights + {context} for {count} tokens of context ({each} each)"
        " + {spare} to spare = {needed}; {free} are free.",
        **values,
    )


def each(token_bytes: int) -> str:
    """One token's share of the KV cache: "144 KiB"."""
    return number(f"{token_bytes / 1024:,.4g}") + " KiB"
