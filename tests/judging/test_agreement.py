"""Agreement of two runs, and the words for it."""

from __future__ import annotations

import pytest

from playground.judging import agreement, agreement_words, comparison_words, rule_words
from playground.words import speaking
from tests.judging.labelled import answered


@pytest.mark.parametrize(
    ("left", "right", "kind", "rule"),
    [
        ("47 × 86 = **4042**", r"$\boxed{4{,}042}$", "agree", "number"),
        ("47 × 86 = **4042**", r"$\boxed{4024}$", "disagree", "number"),
        ("**$x = 1$ and $x = 2$**", r"$\boxed{x = 2 \text{ or } x = 1}$", "agree", "list"),
        ("The capital is **Paris**.", "The capital is **Lyon**.", "cannot_tell", "text"),
        ("```python\nprint(1)\n```", "```python\nprint(2)\n```", "cannot_tell", "code"),
        ("```python\nprint(1)\n```", "```py\nprint(1)\n```", "agree", "code"),
        ("**4**", "", "cannot_tell", "missing"),
    ],
)
def test_two_runs_agree_by_the_value_of_their_final_answers(
    left: str, right: str, kind: str, rule: str
) -> None:
    found = agreement(answered(left), answered(right))
    assert (found.kind, found.rule) == (kind, rule)


def test_an_agreement_is_said_in_both_languages() -> None:
    found = agreement(answered("**4**"), answered("**4**"))
    assert found.left is not None
    words = agreement_words(found), comparison_words(found.rule), rule_words(found.left.rule)
    assert words == ("agree", "compared as numbers", "in bold at the end")
    with speaking("pt-BR"):
        assert agreement_words(found) == "concordam"
        assert rule_words(found.left.rule) == "em negrito no fim"
