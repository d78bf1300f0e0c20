"""The block at a Space's README.md that the Hub reads: which keys it knows, and how it is written.

From the Hub's docs (spaces-config-reference.md at 242f4a1); the limit of 60 characters is enforced
by the Hub without being documented. Knows no Space but its mapping.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from playground.domain.errors import BadRequest

COLORS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
HARDWARE = (
    "cpu-basic",
    "cpu-upgrade",
    "zero-a10g",
    "t4-small",
    "t4-medium",
    "l4x1",
    "l4x4",
    "l40sx1",
    "l40sx4",
    "l40sx8",
    "a10g-small",
    "a10g-large",
    "a10g-largex2",
    "a10g-largex4",
    "a100-large",
    "a100x4",
    "a100x8",
    "rtx-pro-6000",
    "rtx-pro-6000x2",
    "rtx-pro-6000x4",
    "rtx-pro-6000x8",
)
LONGEST_DESCRIPTION = 60
# What this program needs: transformers 5 wants 3.11, ZeroGPU has 3.12 and 3.10.
PYTHONS = ("3.11", "3.12")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_PRELOAD = re.compile(r"[\w.-]+/[\w.-]+( [\w./*,-]+( [0-9a-f]{40})?)?", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_DURATION = re.compile(r"\d+[smhd]?")
_HEAD = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)

Rule = tuple[Callable[[Any], bool], str]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(*allowed: str) -> Rule:
    return (lambda value: value in allowed), f"one of: {', '.join(allowed)}"


def _matches(pattern: re.Pattern[str], words: str) -> Rule:
    return (lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))), words


def _list_of(pattern: re.Pattern[str], words: str) -> Rule:
    def holds(value: Any) -> bool:
        fits = pattern.fullmatch
        return isinstance(value, list) and all(isinstance(v, str) and fits(v) for v in value)

    return holds, f"a list of {words}"


_TEXT: Rule = (_is_text, "text")
_FLAG: Rule = (_is_flag, "true or false")
_IDS = _list_of(_REPOSITORY, "Hub ids such as Qwen/Qwen3-4B-Instruct-2507")
_WORDS = _list_of(re.compile(r"[\w:./ -]+"), "words")
KEYS: Mapping[str, Rule] = {
    "title": _TEXT,
    "emoji": (
        (lambda value: _is_text(value) and len(value) <= 8 and not value.isascii()),
        "an emoji",
    ),
    "colorFrom": _one_of(*COLORS),
    "colorTo": _one_of(*COLORS),
    "sdk": _one_of("gradio"),
    "sdk_version": _matches(_VERSION, 'a version of Gradio in quotes, such as "6.31.0"'),
    "python_version": _one_of(*PYTHONS),
    "app_file": _TEXT,
    "base_path": _TEXT,
    "fullWidth": _FLAG,
    "header": _one_of("default", "mini"),
    "short_description": (
        (lambda value: _is_text(value) and len(value) <= LONGEST_DESCRIPTION),
        f"text of at most {LONGEST_DESCRIPTION} characters",
    ),
    "models": _IDS,
    "datasets": _IDS,
    "tags": _WORDS,
    "thumbnail": _matches(re.compile(r"https://\S+"), "a picture's address (https://…)"),
    "pinned": _FLAG,
    "license": _TEXT,
    "suggested_hardware": _one_of(*HARDWARE),
    "startup_duration_timeout": _matches(_DURATION, "a duration such as 30m or 1h"),
    "preload_from_hub": _list_of(_PRELOAD, "Hub ids, each with files and a commit if need be"),
    "hf_oauth": _FLAG,
    "hf_oauth_scopes": _WORDS,
    "hf_oauth_expiration_minutes": (
        (lambda value: type(value) is int and 1 <= value <= 43_200),
        "minutes from 1 to 43200",
    ),
    "hf_oauth_authorized_org": (
        (lambda value: _is_text(value) or isinstance(value, list)),
        "an organization, or a list of them",
    ),
    "disable_embedding": _FLAG,
    "custom_headers": ((lambda value: isinstance(value, Mapping)), "an object of headers"),
}
"""Every key that the Hub knows for a Space of the Gradio SDK, and what it may be."""
NEEDED = (
    "title",
    "emoji",
    "colorFrom",
    "colorTo",
    "sdk",
    "sdk_version",
    "python_version",
    "app_file",
)


def check_front_matter(where: str, data: Mapping[str, Any]) -> None:
    """Refuse what the Hub would refuse or ignore. Raises BadRequest."""
    for key, value in data.items():
        if key not in KEYS:
            raise BadRequest(
                f"Unknown key {key!r} in {where}: the Hub would ignore it. Use one of:"
                f" {', '.join(KEYS)}."
            )
        fits, allowed = KEYS[key]
        if not fits(value):
            raise BadRequest(f"{where}.{key} is {value!r}, but must be {allowed}. Change it.")
    for key in NEEDED:
        if key not in data:
            raise BadRequest(f"{where} lacks {key!r}. Add it.")


def written(data: Mapping[str, Any]) -> str:
    """The block as it stands at the head of a README."""
    text = yaml.dump(dict(data), sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{text}---\n"


def with_front_matter(readme: str, data: Mapping[str, Any]) -> str:
    """The README with this block in the place of the one that it has."""
    return written(data) + "\n" + _HEAD.sub("", readme).lstrip("\n")


def front_matter_of(readme: str) -> Mapping[str, Any]:
    """What stands at the head of a README; empty for none."""
    found = _HEAD.match(readme)
    data = yaml.safe_load(found[0].strip("-\n")) if found else None
    return data if isinstance(data, Mapping) else {}
