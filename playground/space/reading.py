"""spaces.yml as values. Everything that is not as it must be is named, with what is allowed.

Raises BadRequest only. Knows no Hub; what front matter may hold is in `front_matter`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from playground.domain.errors import BadRequest
from playground.domain.limits import PUBLIC
from playground.domain.request import LANES, Lane
from playground.space.front_matter import HARDWARE, check_front_matter
from playground.space.value import ZERO, Gpu, Space, Spaces

SCHEMA = 1
FILE = "spaces.yml"
ROOT = Path(__file__).resolve().parents[2]
_TOP = ("schema", "default", "front_matter", "spaces")
_KEYS = (
    "about",
    "repository",
    "hardware",
    "pair",
    "lanes",
    "offer",
    "runs",
    "gpu",
    "limits",
    "variables",
    "secrets",
    "front_matter",
)
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_REPOSITORY = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9][\w.-]{0,94}[A-Za-z0-9]", re.ASCII)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def read_spaces(root: Path = ROOT) -> Spaces:
    """The Spaces that are described in `root`. Raises BadRequest."""
    try:
        data = yaml.safe_load((root / FILE).read_text("utf-8"))
    except OSError as exc:
        raise BadRequest(
            f"{FILE} cannot be read: {exc.strerror}. Get the repository whole."
        ) from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        words = " ".join(str(exc).split())
        raise BadRequest(f"{FILE} is no YAML: {words}. Mend that line.") from exc
    top = _mapping(FILE, data, _TOP)
    if top.get("schema") != SCHEMA or isinstance(top.get("schema"), bool):
        raise _refused("schema", top.get("schema"), str(SCHEMA))
    given = _mapping("spaces", top.get("spaces"))
    shared = _mapping("front_matter", top.get("front_matter", {}))
    by_name = {}
    for name, entry in given.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _refused("A name of a Space", name, "lower-case letters, digits and hyphens")
        by_name[name] = _space(name, _mapping(name, entry, _KEYS), shared)
    default = top.get("default")
    if default not in by_name:
        raise _refused("default", default, f"one of: {', '.join(by_name)}")
    return Spaces(str(default), by_name)


def named(spaces: Spaces, name: str | None) -> Space:
    """The Space of this name, the default where none is given. Raises BadRequest."""
    wanted = name or spaces.default
    if wanted not in spaces.by_name:
        raise BadRequest(
            f"There is no Space {wanted!r} in {FILE}. Use one of: {', '.join(spaces.by_name)}."
        )
    return spaces.by_name[wanted]


def _space(name: str, entry: Mapping[str, Any], shared: Mapping[str, Any]) -> Space:
    hardware = entry.get("hardware")
    if hardware not in HARDWARE:
        raise _refused(f"{name}.hardware", hardware, f"one of: {', '.join(HARDWARE)}")
    pair, lanes = entry.get("pair"), _lanes(name, entry.get("lanes", {}))
    if (pair is None) == (not lanes):
        raise BadRequest(f"{name} needs either a pair or lanes. Give one of them.")
    if (hardware == ZERO) != ("gpu" in entry):
        raise BadRequest(
            f"{name}.gpu belongs to {ZERO}, and only to it. Give it there, or leave it out."
        )
    own = _mapping(f"{name}.front_matter", entry.get("front_matter", {}))
    front_matter = {**shared, **own}
    check_front_matter(f"{name}.front_matter", front_matter)
    limits = _mapping(f"{name}.limits", entry.get("limits", {}))
    return Space(
        name=name,
        about=_text(f"{name}.about", entry.get("about")),
        repository=_matching(f"{name}.repository", entry.get("repository"), _REPOSITORY),
        hardware=str(hardware),
        limits=PUBLIC.with_values(limits),
        front_matter=front_matter,
        pair=None if pair is None else _text(f"{name}.pair", pair),
        lanes=lanes,
        offer=_texts(f"{name}.offer", entry.get("offer", [])),
        variables=_variables(name, entry.get("variables", {})),
        secrets=_secrets(name, entry.get("secrets", [])),
        gpu=_gpu(name, entry["gpu"]) if "gpu" in entry else None,
        runs=_number(f"{name}.runs", entry.get("runs", 32)),
    )


def _lanes(name: str, data: Any) -> tuple[tuple[Lane, str], ...]:
    lanes = _mapping(f"{name}.lanes", data, LANES)
    if lanes and set(lanes) != set(LANES):
        raise BadRequest(f"{name}.lanes has {list(lanes)!r}, but needs left and right. Give both.")
    return tuple(
        (lane, _matching(f"{name}.lanes.{lane}", lanes[lane], _VARIABLE))
        for lane in (LANES if lanes else ())
    )


def _variables(name: str, data: Any) -> tuple[tuple[str, str], ...]:
    where = f"{name}.variables"
    return tuple(
        (_matching(f"A key of {where}", key, _VARIABLE), _text(f"{where}.{key}", value))
        for key, value in _mapping(where, data).items()
    )


def _secrets(name: str, data: Any) -> tuple[str, ...]:
    where = f"{name}.secrets"
    if isinstance(data, Mapping):
        raise BadRequest(
            f"{where} holds values, but only names of environment variables may stand in {FILE}."
            " Take the values out (and change them, if this file was ever shared)."
        )
    return tuple(_matching(where, secret, _VARIABLE) for secret in _texts(where, data))


def _gpu(name: str, data: Any) -> Gpu:
    given = _mapping(f"{name}.gpu", data, ("tokens_per_s", "longest_s"))
    return Gpu(
        tokens_per_s=_number(f"{name}.gpu.tokens_per_s", given.get("tokens_per_s")),
        longest_s=_number(f"{name}.gpu.longest_s", given.get("longest_s")),
    )


def _mapping(where: str, data: Any, known: Sequence[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise _refused(where, data, "an object of keys and values")
    for key in data:
        if known is not None and key not in known:
            raise BadRequest(f"Unknown key {key!r} in {where}. Use one of: {', '.join(known)}.")
    return data


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused(where, value, "text (in quotes, where it looks like a number)")
    return value


def _texts(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _refused(where, value, "a list of texts")
    return tuple(_text(where, item) for item in value)


def _matching(where: str, value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _refused(where, value, _ALLOWED[pattern])
    return value


def _number(where: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _refused(where, value, "an integer of 1 or more")
    return value


def _refused(where: str, value: Any, allowed: str) -> BadRequest:
    return BadRequest(f"{where} is {value!r}, but must be {allowed}. Change it in {FILE}.")


_ALLOWED: Mapping[re.Pattern[str], str] = {
    _REPOSITORY: "a repository's name without its owner: letters, digits, - _ .",
    _VARIABLE: "the name of an environment variable, such as HF_TOKEN",
}
