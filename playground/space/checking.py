"""Is a Space ready to go up? Offline: its data against the files that it would be made of.

Yields findings as plain values; asks no Hub. The pairs that exist are told by whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playground.space import requirements
from playground.space.contents import contents, problems
from playground.space.front_matter import front_matter_of, written
from playground.space.reading import ROOT
from playground.space.value import Space, Spaces

# ZeroGPU books a call so many times its length, and a visitor without an account has so much a day.
BOOKED_TIMES = 1.5
ANONYMOUS_S = 120
LARGEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report, and what to do about it ("" when nothing)."""

    level: Literal["ok", "failed"]
    text: str
    fix: str = ""


def check(
    space: Space, spaces: Spaces, pairs: Collection[str], root: Path = ROOT
) -> Iterator[Finding]:
    """The report on one Space. Raises BadRequest where its files cannot be read at all."""
    where = space.pair or " and ".join(variable for _, variable in space.lanes)
    yield Finding("ok", f"{space.name}: {space.about} {where} on {space.hardware}.")
    if space.pair is not None and space.pair not in pairs:
        yield Finding(
            "failed", f"There is no pair {space.pair!r}.", f"Use one of: {', '.join(pairs)}."
        )
    text = (root / requirements.FILE).read_text("utf-8")
    oldest, sdk = requirements.oldest_gradio(text), space.front_matter["sdk_version"]
    if oldest == sdk:
        yield Finding(
            "ok", f"sdk_version {sdk} is the Gradio that {requirements.FILE} starts with."
        )
    else:
        yield Finding(
            "failed",
            f"sdk_version is {sdk}, but {requirements.FILE} starts with Gradio {oldest}.",
            "Give both the same.",
        )
    if space.gpu is not None:
        yield _quota(space.gpu.longest_s)
    readme = (root / "README.md").read_text("utf-8")
    if space.name == spaces.default and dict(front_matter_of(readme)) != dict(space.front_matter):
        yield Finding(
            "failed",
            "The head of README.md is not that of the default Space.",
            "Run: python -m playground space readme",
        )
    yield from _files(space, root)
    yield Finding("ok", "README.md begins with:\n" + written(space.front_matter).rstrip())
    rendered = requirements.for_space(text, space).rstrip()
    yield Finding("ok", f"{requirements.FILE} there:\n{rendered}")
    if space.secrets:
        yield Finding("ok", f"Secrets, from your environment: {', '.join(space.secrets)}.")


def _quota(longest_s: int) -> Finding:
    booked = longest_s * BOOKED_TIMES
    if booked <= ANONYMOUS_S:
        return Finding(
            "ok",
            f"A GPU call is {longest_s} s at most, booked as {booked:g} s: within the"
            f" {ANONYMOUS_S} s a day of a visitor without an account.",
        )
    return Finding(
        "failed",
        f"A GPU call of {longest_s} s is booked as {booked:g} s, but a visitor without an account"
        f" has {ANONYMOUS_S} s a day.",
        f"Set gpu.longest_s to {int(ANONYMOUS_S / BOOKED_TIMES)} or less.",
    )


def _files(space: Space, root: Path) -> Iterator[Finding]:
    uploads = contents(space, root)
    total = sum(len(upload.content) for upload in uploads)
    largest = sorted(uploads, key=lambda upload: -len(upload.content))[:LARGEST_SHOWN]
    shown = "\n".join(f"  {len(each.content):>12,}  {each.path}" for each in largest)
    yield Finding("ok", f"{len(uploads)} files, {total:,} bytes; the largest:\n{shown}")
    found = False
    for words in problems(uploads, space, root):
        found = True
        yield Finding("failed", words)
    if not found:
        yield Finding("ok", "No key, no password and nothing over 10 MB is among them.")
