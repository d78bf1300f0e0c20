"""What fits a machine: the arithmetic, and its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.catalog import PAIRS, known, parse_name
from playground.catalog.checkpoint import Checkpoint, checkpoint_of, footprint
from playground.catalog.fit import LEAST_CONTEXT, LIBRARIES_BYTES, MARGIN_BYTES, Fit, Machine
from playground.catalog.fit import fit_of as fit_of_names
from playground.catalog.fit_words import arithmetic, each, verdict, verdict_sentence
from playground.words import speaking

GB = 10**9
INSTRUCT, THINKING = PAIRS["qwen3-4b"]
SERVER = "http://127.0.0.1:8000/v1?model=qwen3:4b"


def gpu(free: float, **more: object) -> Machine:
    """A GPU with so many GB free."""
    return Machine("cuda", "a GPU", int(free * GB), 500 * GB, **more)  # type: ignore[arg-type]


def sizes(name: str) -> Checkpoint | None:
    entry = known(parse_name(name))
    return None if entry is None else checkpoint_of(entry)


def fit_of(names: tuple[str, ...], machine: Machine) -> Fit:
    found = fit_of_names(names, sizes, machine)
    assert found is not None
    return found


def weights(name: str, computes_fp8: bool = False) -> int:
    checkpoint = sizes(name)
    assert checkpoint is not None
    return footprint(parse_name(name), checkpoint, computes_fp8).weight_bytes


def test_the_pair_fits_whole_where_weights_context_and_margin_are_free() -> None:
    found = fit_of((INSTRUCT, THINKING), gpu(80))
    assert (found.verdict, found.context) == ("fits", 262_144)
    assert found.weight_bytes == 2 * 8_044_936_192
    assert found.context_bytes == 262_144 * 147_456
    assert found.spare_bytes == MARGIN_BYTES + LIBRARIES_BYTES
    assert found.needed_bytes <= 80 * GB


def test_where_less_is_free_the_longest_context_is_told() -> None:
    found = fit_of((INSTRUCT, THINKING), gpu(24))
    assert (found.verdict, found.context) == ("shorter", 46_080)
    assert found.needed_bytes <= 24 * GB < found.needed_bytes + 1024 * found.token_bytes


def test_a_context_that_is_of_no_use_is_too_large_a_model() -> None:
    found = fit_of((INSTRUCT, THINKING), gpu(18))
    assert (found.verdict, found.context) == ("too_large", LEAST_CONTEXT)
    assert found.needed_bytes > 18 * GB


@pytest.mark.parametrize("more", [-1, 0])
def test_the_verdict_turns_at_the_byte(more: int) -> None:
    least = fit_of((INSTRUCT, THINKING), gpu(0)).needed_bytes
    machine = Machine("cuda", "a GPU", least + more, 500 * GB)
    assert (fit_of((INSTRUCT, THINKING), machine).verdict == "too_large") == (more < 0)


def test_a_hybrid_on_both_lanes_counts_once() -> None:
    found = fit_of(PAIRS["qwen3-4b-hybrid"], gpu(80))
    assert found.weight_bytes == 8_044_936_192


def test_the_same_weights_in_another_type_count_again() -> None:
    names = ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B?dtype=fp32")
    assert fit_of(names, gpu(80)).weight_bytes == 3 * 1_192_099_840


def test_an_adapter_shares_its_bases_weights() -> None:
    names = ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B+me/lora")
    assert fit_of(names, gpu(80)).weight_bytes == 1_192_099_840


def test_a_lane_on_a_server_takes_nothing_here() -> None:
    assert fit_of((INSTRUCT, SERVER), gpu(80)).weight_bytes == 8_044_936_192
    assert fit_of_names((SERVER, SERVER), sizes, gpu(80)) is None


def test_of_a_stranger_nothing_is_said() -> None:
    assert fit_of_names((INSTRUCT, "me/unknown"), sizes, gpu(80)) is None


def test_what_loaded_models_hold_is_free_for_others() -> None:
    assert fit_of((INSTRUCT, THINKING), gpu(4)).verdict == "too_large"
    assert fit_of((INSTRUCT, THINKING), gpu(4, held_bytes=76 * GB)).verdict == "fits"


def test_libraries_that_are_loaded_are_not_counted_again() -> None:
    found = fit_of((INSTRUCT,), gpu(80, libraries_loaded=True))
    assert found.spare_bytes == MARGIN_BYTES


def test_fp8_is_two_bytes_a_weight_where_it_is_not_computed() -> None:
    assert weights(f"{INSTRUCT}-FP8") == 8_044_936_192
    assert weights(f"{INSTRUCT}-FP8", computes_fp8=True) == 4_412_063_872


@pytest.mark.parametrize(
    ("dtype", "gigabytes"),
    [("bf16", 8.0), ("fp16", 8.0), ("fp32", 16.1), ("int8", 4.4), ("int4", 2.7)],
)
def test_the_names_type_decides(dtype: str, gigabytes: float) -> None:
    assert weights(f"{INSTRUCT}?dtype={dtype}") == pytest.approx(gigabytes * GB, rel=0.02)


def test_fp32_doubles_the_cache_too() -> None:
    found = fit_of((f"{INSTRUCT}?dtype=fp32",), gpu(400))
    assert found.token_bytes == 2 * 147_456


def test_a_shorter_context_in_the_name_is_all_that_must_fit() -> None:
    found = fit_of((f"{INSTRUCT}?context=32768", f"{THINKING}?context=32768"), gpu(24))
    assert (found.verdict, found.context) == ("fits", 32_768)


def test_the_arithmetic_is_said_in_words() -> None:
    found = fit_of((f"{THINKING}?context=32768",), gpu(24))
    assert arithmetic(found) == (
        "8.0 GB weights + 4.8 GB for 32,768 tokens of context (144 KiB each)"
        " + 1.1 GB to spare = 13.9 GB; 24.0 GB are free."
    )
    small = replace(found, weight_bytes=9_400_000, token_bytes=70, spare_bytes=537_400_000)
    assert "9 MB weights + 2 MB for" in arithmetic(small)
    assert "+ 537 MB to spare = 548 MB;" in arithmetic(small)
    with speaking("pt-BR"):
        assert "8,0 GB" in arithmetic(found) and "32.768" in arithmetic(found)


@pytest.mark.parametrize(
    ("free", "short", "sentence"),
    [
        (80, "fits", "Fits here (a GPU) with the whole context of 262,144 tokens."),
        (
            24,
            "fits up to 46,080 tokens",
            "Fits here (a GPU) with a context of up to 46,080 tokens.",
        ),
        (8, "too large for this machine", "Too large for this machine (a GPU)."),
    ],
)
def test_a_verdict_is_said_in_words(free: float, short: str, sentence: str) -> None:
    found = fit_of((INSTRUCT, THINKING), gpu(free))
    assert (verdict(found), verdict_sentence(found)) == (short, sentence)


@pytest.mark.parametrize(("count_bytes", "said"), [(147_456, "144 KiB"), (1280, "1.25 KiB")])
def test_a_tokens_share_is_in_kib(count_bytes: int, said: str) -> None:
    assert each(count_bytes) == said


def test_a_folders_name_may_ask_for_a_context_too() -> None:
    checkpoint = sizes("Qwen/Qwen3-4B")
    assert checkpoint is not None
    assert footprint(parse_name("./mine"), checkpoint, False).context == 40_960
    assert footprint(parse_name("./mine?context=131072"), checkpoint, False).context == 131_072
