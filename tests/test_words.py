"""The page's languages: every text that is said has its Portuguese, and the table nothing else."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from playground.catalog import PAIR_LABELS
from playground.demo_pair import EXAMPLES
from playground.domain.request import LANES, SCHEDULES
from playground.domain.sampling import FIELDS
from playground.judging import wording as judgements
from playground.judging.grading import WHYS
from playground.notebook.judged import ANOTHER_PROMPT
from playground.results.value import Phase
from playground.results.wording import ENDINGS
from playground.ui.advice import LABELS as ADVICE
from playground.ui.judgements import JUDGED_BY
from playground.ui.present import ENDED_STATES
from playground.ui.summary import GRADES, SHOWN
from playground.welcome import GENERAL_EXAMPLES
from playground.words import PORTUGUESE, number, preferred, say, speak, speaking, spoken, whole

PRODUCT = Path(__file__).resolve().parent.parent / "playground"
SAYING = ("say", "labels")  # the second one is Gradio's own components'
SAID_BY_SCRIPT = re.compile(r"""(?<!function )\bt\(\s*(?:(['"])((?:\\.|(?!\1).)*)\1)?""")

# What is said by a name: `say(field.label)`.
BY_NAME = {
    *(text for field in FIELDS for text in (field.label, field.help)),
    *(lane for lane in LANES),
    *(lane.capitalize() for lane in LANES),
    *(schedule.replace("_", " ") for schedule in SCHEDULES),
    *get_args(Phase),
    *ENDINGS.values(),
    *ENDED_STATES.values(),
    *(head for head, _ in SHOWN.values()),
    *ADVICE.values(),
    *WHYS,
    ANOTHER_PROMPT,
    *JUDGED_BY.values(),
    *GRADES.values(),
    *judgements.RULE_WORDS.values(),
    *judgements.COMPARISON_WORDS.values(),
    *judgements.AGREEMENT_WORDS.values(),
    *judgements.GRADE_WORDS.values(),
    *EXAMPLES,
    *GENERAL_EXAMPLES,
    *PAIR_LABELS.values(),
}


def said_by_python() -> set[str]:
    """Every literal that is said, also as one branch of a condition."""
    found = set()
    for path in PRODUCT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                found |= set(literals(node.args[0])) if node.func.id in SAYING else set()
    return found


def literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))


def said_by_scripts() -> set[str]:
    """Every literal in a call of `t`; "" for a call without one."""
    sources = (path.read_text("utf-8") for path in (PRODUCT / "ui/notebook").glob("*.js"))
    calls = (call for source in sources for call in SAID_BY_SCRIPT.finditer(source))
    return {re.sub(r"\\(.)", r"\1", call[2] or "") for call in calls}


def names_in(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{(\w*)\}", text))


def test_every_text_that_is_said_has_its_portuguese() -> None:
    said = said_by_python() | said_by_scripts() | BY_NAME
    assert sorted(said - set(PORTUGUESE)) == []


def test_the_scripts_say_nothing_that_only_shows_when_they_run() -> None:
    assert "" not in said_by_scripts()
    assert len(said_by_scripts()) > 100


def test_the_table_has_nothing_that_is_not_said() -> None:
    said = said_by_python() | said_by_scripts() | BY_NAME
    assert sorted(set(PORTUGUESE) - said) == []


@pytest.mark.parametrize("text", PORTUGUESE)
def test_both_languages_have_the_same_names_bold_pieces_and_ends(text: str) -> None:
    portuguese = PORTUGUESE[text]
    assert names_in(portuguese) == names_in(text)
    assert portuguese.count("**") == text.count("**")
    assert portuguese.count("`") == text.count("`")
    assert portuguese.strip() == portuguese != ""
    for end in "….:?":
        assert portuguese.endswith(end) == text.endswith(end)


def test_english_is_spoken_unless_another_language_is_asked_for() -> None:
    assert say("Seed {seed}.", seed=7) == "Seed 7."
    with speaking("pt-BR"):
        assert say("Seed {seed}.", seed=7) == "Semente 7."
        assert spoken() == "pt-BR"
    assert say("Seed {seed}.", seed=7) == "Seed 7."


def test_a_language_holds_until_another_one_is_spoken() -> None:
    with speaking("en"):
        speak("pt-BR")
        assert say("Seed") == "Semente"
    assert say("Seed") == "Seed"


def test_a_text_that_the_table_lacks_is_said_as_it_is() -> None:
    with speaking("pt-BR"):
        assert say("No such text, {name}.", name="Ana") == "No such text, Ana."


@pytest.mark.parametrize("value", ["{value}", "{", "{0}", "{{x}}"])
def test_braces_in_a_value_are_not_looked_at_again(value: str) -> None:
    for language in ("en", "pt-BR"):
        with speaking(language):
            assert say("{name} was {value}", name="x", value=value).endswith(" " + value)


def test_braces_in_a_text_without_values_stay() -> None:
    assert say("{name} as it stands") == "{name} as it stands"


def test_a_number_has_the_separators_of_the_language() -> None:
    assert number("1,482.5 s") == "1,482.5 s"
    with speaking("pt-BR"):
        assert number("1,482.5 s") == "1.482,5 s"


@pytest.mark.parametrize(
    ("value", "nearest"),
    [(94.5, 95), (35.5, 36), (58.5, 59), (100 * 0.145, 15), (94.4999, 94), (0.5, 1), (0, 0)],
)
def test_a_half_is_rounded_up_and_below_zero_down(value: float, nearest: int) -> None:
    assert whole(value) == nearest
    assert whole(-value) == -nearest


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("en-US,en;q=0.9,pt;q=0.8", "en"),
        ("fr-FR, PT-br;q=0.8, en;q=0.7", "pt-BR"),
        ("de,fr;q=0.5", "en"),
        ("*", "en"),
    ],
)
def test_the_browsers_first_language_that_is_spoken_here_is_taken(
    header: str, language: str
) -> None:
    assert preferred(header) == language
