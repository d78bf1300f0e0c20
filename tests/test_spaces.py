"""The Spaces as data, and the README's head that the Hub reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from playground.catalog import PAIRS

ROOT = Path(__file__).resolve().parent.parent


def spaces() -> list[dict[str, Any]]:
    data = yaml.safe_load((ROOT / "spaces.yml").read_text("utf-8"))
    assert data["schema"] == 1
    found: list[dict[str, Any]] = data["spaces"]
    return found


def head() -> dict[str, Any]:
    _, block, _ = (ROOT / "README.md").read_text("utf-8").split("---\n", 2)
    found: dict[str, Any] = yaml.safe_load(block)
    return found


def test_the_readmes_head_is_that_of_the_first_space() -> None:
    assert head() == spaces()[0]["front_matter"]


def test_a_space_names_a_pair_that_exists() -> None:
    assert {space["pair"] for space in spaces()} <= set(PAIRS)


def test_the_short_description_fits_the_hub() -> None:
    assert len(head()["short_description"]) <= 60


def test_the_head_names_files_and_models_that_are_here() -> None:
    assert (ROOT / head()["app_file"]).exists()
    known = {model for pair in PAIRS.values() for model in pair}
    assert set(head()["models"]) <= known


def test_the_spaces_gradio_is_the_oldest_that_the_requirements_allow() -> None:
    version = head()["sdk_version"]
    assert f"gradio>={version.removesuffix('.0')},<7" in (ROOT / "requirements.txt").read_text(
        "utf-8"
    )
