"""The table of results: one row each, every number in its own type."""

from __future__ import annotations

import pandas as pd

from playground.domain.sampling import SEED_MAXIMUM, Sampling
from playground.results.fold import fold
from playground.results.table import COLUMNS, results_table
from tests.results.runs import WHOLE
from tests.samples import request

SEEDED = fold(request("right", sampling=Sampling(seed=SEED_MAXIMUM, stop=("a", "b"))), WHOLE)
NOT_STARTED = fold(request("left"), [])


def test_a_row_has_place_run_lane_and_everything_of_the_result() -> None:
    table = results_table([(1, 3, SEEDED)])
    assert tuple(table.columns) == COLUMNS
    row = table.iloc[0]
    assert (row["cell"], row["run"], row["lane"], row["answer"]) == (1, 3, "right", "Hié")
    assert (row["stop"], row["thinking_tokens"], row["total_s"]) == ("a\nb", 3, 9.0)


def test_a_gap_makes_no_other_number_of_its_column() -> None:
    table = results_table([(1, 1, SEEDED), (1, 1, NOT_STARTED)])
    assert table["seed"][0] == SEED_MAXIMUM
    assert pd.isna(table["seed"][1]) and pd.isna(table["thinking_tokens"][1])
    assert pd.isna(table["total_s"][1])
    assert [str(table[name].dtype) for name in ("seed", "total_s")] == ["Int64", "float64"]


def test_no_results_are_no_rows() -> None:
    assert results_table([]).empty
