"""What the columns of a table are, by their names: the prompt, the expected answer, tags.

Every other column is a variable. Names are known however they are written, in English and in
Portuguese; so are the words of a `kind` column. Knows names and cells, and makes no problem.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, ExpectedKind
from playground.notebook.problems import PROMPT
from playground.notebook.tables_of_text import Row, called_twice
from playground.notebook.variables import is_name

TakenFor = Literal["prompt", "expected", "kind", "tolerance", "tags", "variable"]

# The first of them that is there is taken; the others are variables.
PROMPTS = ("prompt", "question", "problem", "input", "pergunta", "problema", "enunciado")
ANSWERS = (
    *("expected", "expected_answer", "correct_answer", "final_answer", "answer", "target"),
    *("gabarito", "resposta_esperada", "resposta_correta", "resposta", "solution"),
)
KINDS, TOLERANCES = ("kind", "tipo"), ("tolerance", "tolerancia")
TAGS = (
    *("tags", "tag", "task", "category", "subject", "level"),
    *("categoria", "assunto", "tarefa", "nivel"),
)
KNOWN = frozenset({*PROMPTS, *ANSWERS, *KINDS, *TOLERANCES, *TAGS})
SEVERAL = ("tags", "tag")
_KIND_WORDS: dict[str, ExpectedKind] = {
    **{kind: kind for kind in EXPECTED_KINDS},
    **dict.fromkeys(("same_value", "valor", "mesmo_valor"), "value"),
    **dict.fromkeys(("exact_text", "exato", "texto_exato"), "exact"),
    **dict.fromkeys(("number_within", "numero", "numero_proximo"), "number"),
    **dict.fromkeys(("multiple_choice", "multipla_escolha", "escolha"), "choice"),
    **dict.fromkeys(("one_of_several", "uma_entre_varias"), "one_of"),
    **dict.fromkeys(("regex", "padrao"), "pattern"),
    **dict.fromkeys(("python_tests", "testes_em_python"), "python"),
}
_NO_WORD = re.compile(r"\W+")
_REMARK = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*[*:]?\s*\Z")


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it was taken for; `variable` is the name it has in the prompt."""

    name: str
    taken_for: TakenFor
    variable: str = ""


def folded(name: str) -> str:
    """A name without capitals, accents and marks; spaces are as good as `_`."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = (each for each in letters if unicodedata.category(each) not in ("Mn", "Cf"))
    return _NO_WORD.sub("_", "".join(kept)).strip("_")


def without_remark(name: str) -> str:
    """A column's name without what people put behind it in brackets."""
    return _REMARK.sub("", name).strip()


def is_known(name: str) -> bool:
    """Whether the name alone says what its column is, and so that its line is a head."""
    return folded(name) in KNOWN or folded(without_remark(name)) in KNOWN


def kind_of(word: str) -> ExpectedKind | None:
    """The kind that is meant, by its own name or the one it has on the page."""
    return _KIND_WORDS.get(folded(word))


def columns_of(rows: Sequence[Row]) -> tuple[Column, ...]:
    """What each column was taken for. Raises BadRequest."""
    names = list(dict.fromkeys(str(name) for row in rows for name in row.cells))
    known = _known(names)
    taken: dict[str, TakenFor] = {known[each]: "tags" for each in TAGS if each in known}
    if (prompt := _first(PROMPTS, known)) is not None:
        taken[prompt] = "prompt"
    if (answer := _first(ANSWERS, known)) is not None:
        taken[answer] = "expected"
        if (tolerance := _first(TOLERANCES, known)) is not None:
            taken[tolerance] = "tolerance"
        if (kind := _first(KINDS, known)) is not None and _has_kinds(rows, kind):
            taken[kind] = "kind"
    columns = tuple(_column(name, taken.get(name, "variable")) for name in names)
    variables = [column.variable for column in columns if column.variable]
    for name, count in Counter(variables).items():
        if count > 1:
            raise called_twice(name)
    if not variables:
        raise BadRequest(
            f"The table has no column with the problems: {', '.join(names)}. Call one prompt."
        )
    return columns


def _known(names: Sequence[str]) -> dict[str, str]:
    """The columns whose names are known. A name with a remark counts where no other one, with or
    without a remark, would be the same. Raises BadRequest for two of the same name."""
    known: dict[str, str] = {}
    for name in names:
        if (fold := folded(name)) in KNOWN:
            if fold in known:
                raise called_twice(name.strip())
            known[fold] = name
    others = [name for name in names if folded(name) not in KNOWN]
    counts = Counter(folded(without_remark(name)) for name in others)
    for name in others:
        fold = folded(without_remark(name))
        if fold in KNOWN and fold not in known and counts[fold] == 1:
            known[fold] = name
    return known


def _first(wanted: Sequence[str], known: dict[str, str]) -> str | None:
    return next((known[each] for each in wanted if each in known), None)


def _has_kinds(rows: Sequence[Row], name: str) -> bool:
    """Whether a column says how answers are compared: most of its words are known. Others such
    as a question's kind are the prompt's."""
    words = [word for row in rows for word in _words(row.cells.get(name))]
    return 2 * sum(kind_of(word) is not None for word in words) >= len(words)


def _words(cell: object) -> Iterator[str]:
    if cell is not None and (word := str(cell).strip()):
        yield word


def _column(name: str, taken_for: TakenFor) -> Column:
    if taken_for == "prompt":
        return Column(name, taken_for, PROMPT)
    return Column(name, taken_for, _variable(name) if taken_for == "variable" else "")


def _variable(name: str) -> str:
    """What a column is called in a prompt."""
    plain = _NO_WORD.sub("_", name.strip()).strip("_")
    plain = f"_{plain}" if plain[:1].isdigit() else plain
    if not is_name(plain):
        raise BadRequest(f"A column is called {name!r}. Give it a name of letters and digits.")
    return plain
