"""Two models before anyone loads them: what fits, what is here, in short."""

from __future__ import annotations

import pytest

from playground.catalog import PAIRS
from playground.catalog.fit_words import in_short
from playground.catalog.judging import Chosen, all_pairs, judged, pair_of
from playground.domain.engine import OnDisk
from tests.tools import GB, WHOLE, a_gpu, tools

INSTRUCT, THINKING = PAIRS["qwen3-4b"]
SERVER = "http://127.0.0.1:8000/v1?model=qwen3:4b"


def judge(names: tuple[str, ...], disk: dict[str, OnDisk] | None = None) -> Chosen:
    return judged(names, tools(disk), a_gpu(24))


@pytest.mark.parametrize(
    ("names", "disk", "short"),
    [
        ((INSTRUCT, THINKING), {}, "fits up to 46,080 tokens · 16.1 GB to download"),
        ((INSTRUCT, THINKING), {INSTRUCT: WHOLE}, "fits up to 46,080 tokens · 8.0 GB to download"),
        (
            (INSTRUCT, THINKING),
            {INSTRUCT: WHOLE, THINKING: WHOLE},
            "fits up to 46,080 tokens · on disk",
        ),
        (PAIRS["qwen3-4b-hybrid"], {}, "fits · 8.0 GB to download"),
        (PAIRS["qwen3-0.6b"], {}, "fits · 1.5 GB to download"),
        (PAIRS["demo"], {}, "fits"),
        (("me/unknown", "demo-instruct"), {}, "not on disk"),
        ((SERVER, SERVER), {}, ""),
        ((SERVER, "demo-thinking"), {}, "fits"),
    ],
)
def test_a_choice_says_what_fits_and_what_is_here(
    names: tuple[str, ...], disk: dict[str, OnDisk], short: str
) -> None:
    assert in_short(judge(names, disk)) == short


def test_a_choice_that_cannot_be_loaded_says_so_in_short() -> None:
    found = judged(PAIRS["qwen3-4b"], tools(obstacles={THINKING: "no."}), a_gpu(24))
    assert found.obstacle == "no."
    assert in_short(found) == "cannot be loaded here · 16.1 GB to download"


def test_what_came_of_a_download_is_counted() -> None:
    found = judge((INSTRUCT, THINKING), {INSTRUCT: OnDisk("part", 3 * GB, 8 * GB), THINKING: WHOLE})
    assert (found.whole, found.have_bytes, found.missing_bytes) == (False, 3 * GB, 5 * GB)


def test_the_catalog_helps_out_where_the_hub_was_not_asked() -> None:
    found = judge((INSTRUCT, THINKING), {INSTRUCT: OnDisk("part", 3 * GB, None), THINKING: WHOLE})
    assert found.missing_bytes == 8_044_936_192 - 3 * GB


def test_models_on_servers_have_nothing_here() -> None:
    found = judge((SERVER, SERVER))
    assert not found.local and found.fit is None and found.missing_bytes == 0


def test_only_hub_and_folder_have_files_that_someone_brings() -> None:
    assert judge((INSTRUCT, "demo-thinking")).has_files
    assert not judge(PAIRS["demo"]).has_files


def test_a_pair_is_known_by_its_models_on_whichever_lanes() -> None:
    assert pair_of((INSTRUCT, THINKING)) == pair_of((THINKING, INSTRUCT)) == "qwen3-4b"
    assert pair_of((THINKING, THINKING)) is None


def test_every_pair_is_judged() -> None:
    assert list(all_pairs(tools(), a_gpu(24))) == list(PAIRS)
