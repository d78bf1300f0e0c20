"""spaces.yml is read whole or refused with what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from playground.catalog import PAIRS, parse_name
from playground.domain.errors import BadRequest
from playground.domain.limits import PUBLIC
from playground.space.reading import ROOT, named, read_spaces


def data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "spaces.yml").read_text("utf-8"))
    return found


def read(place: Path, changed: Any) -> Any:
    (place / "spaces.yml").write_text(yaml.dump(changed, allow_unicode=True), "utf-8")
    return read_spaces(place)


def test_three_spaces_are_described_and_the_default_is_zero_gpu() -> None:
    spaces = read_spaces()
    assert set(spaces.by_name) == {"zero", "cpu", "front"}
    assert named(spaces, None).on_zero_gpu
    assert {space.pair for space in spaces.by_name.values()} - {None} <= set(PAIRS)
    for space in spaces.by_name.values():
        assert all(parse_name(name).place == "server" for name in space.offer)


def test_a_space_has_the_public_limits_but_for_those_it_sets() -> None:
    zero = named(read_spaces(), "zero")
    assert zero.limits.max_new_tokens == 2048
    assert zero.limits.body_bytes == PUBLIC.body_bytes


def test_a_space_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(BadRequest, match=r"no Space 'gpu'.*zero, cpu, front"):
        named(read_spaces(), "gpu")


def changed(path: str, value: Any) -> dict[str, Any]:
    """The data with one value changed; null takes it away."""
    made = data()
    *way, last = path.split(".")
    place = made
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("schema", 2, "schema is 2, but must be 1"),
        ("default", "gpu", "default is 'gpu', but must be one of: "),
        ("spaces", [], r"spaces is \[\], but must be an object"),
        ("more", 1, "Unknown key 'more' in spaces.yml"),
        ("spaces.zero.gpus", 1, "Unknown key 'gpus' in zero. Use one of"),
        ("spaces.zero.hardware", "a100", "zero.hardware is 'a100', but must be one of: cpu-basic"),
        ("spaces.zero.gpu", None, "zero.gpu belongs to zero-a10g"),
        ("spaces.cpu.gpu", {"tokens_per_s": 1, "longest_s": 1}, "cpu.gpu belongs to zero-a10g"),
        ("spaces.zero.gpu.longest_s", "75", "zero.gpu.longest_s is '75', but must be an integer"),
        ("spaces.cpu.pair", None, "cpu needs either a pair or lanes"),
        ("spaces.front.lanes", {"left": "A"}, "front.lanes has .* needs left and right"),
        ("spaces.front.lanes.left", "https://a", "must be the name of an environment variable"),
        ("spaces.front.secrets", {"TOKEN": "hf_x"}, "holds values, but only names"),
        ("spaces.front.variables", {"A": 1}, "front.variables.A is 1, but must be text"),
        ("spaces.cpu.limits", {"cell": 1}, "Unknown limit 'cell'"),
        ("spaces.cpu.limits", {"cells": 0}, "The limit cells is 0"),
        ("spaces.cpu.repository", "me/x", "must be a repository's name without its owner"),
        ("front_matter.colour", "red", "Unknown key 'colour' .*the Hub would ignore it"),
        ("front_matter.colorTo", "orange", "colorTo is 'orange', but must be one of: red"),
        ("front_matter.short_description", "x" * 61, "must be text of at most 60 characters"),
        ("front_matter.python_version", "3.10", "python_version is '3.10'.* 3.11, 3.12"),
        ("front_matter.sdk_version", 6.31, "sdk_version is 6.31.* in quotes"),
        ("front_matter.emoji", "brain", "must be an emoji"),
        ("front_matter.title", None, "lacks 'title'"),
    ],
)
def test_what_is_not_as_it_must_be_is_named(
    tmp_path: Path, path: str, value: Any, words: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        read(tmp_path, changed(path, value))


def test_a_file_that_is_no_yaml_or_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"spaces\.yml cannot be read"):
        read_spaces(tmp_path)
    (tmp_path / "spaces.yml").write_text("a: [", "utf-8")
    with pytest.raises(BadRequest, match=r"spaces\.yml is no YAML.*line"):
        read_spaces(tmp_path)
