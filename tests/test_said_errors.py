"""What errors and notices say in Portuguese: each that a visitor can cause is in the table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.domain import errors
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.sampling import Sampling, parse_sampling
from playground.engines.local.continuing import RE_ENCODED
from playground.said_errors import PORTUGUESE_ERRORS, said
from playground.words import PORTUGUESE, speaking

PRODUCT = Path(__file__).resolve().parent.parent / "playground"
# Every error of these can come from the page; of the engines' only the common ones are translated.
ROOMS = ("attachments", "catalog", "comparison", "domain", "judging", "notebook", "results", "ui")
# What makes notices that a result shows; those of servers stay as they are made.
NOTICES = ("comparison", "domain", "engines/local", "results")
# A notice's words that are put together elsewhere.
NOTICE_MAKERS = ("_notes", "clamped_words", "notice", "loop_notice")
# A command line's, a pair's or a port's: said before there is a page.
NOT_ON_THE_PAGE = ("Unknown pair", "--auth needs", "{0} on {1} cannot be used")
KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, PlaygroundError)
}
# Words that stand within messages: each is somewhere in the code, or is the system's.
MADE = (ast.Return, ast.Assign)
SYSTEMS = {
    "File too large",
    "Is a directory",
    "No space left on device",
    "No such file or directory",
    "Permission denied",
}


def texts(node: ast.AST) -> Iterator[str]:
    """A literal as the table has it: `{0}` for the first value."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            values = iter(range(len(parts)))
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{next(values)}}}"
                for part in parts
            )
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one), *texts(other))


def calls(*under: str) -> Iterator[str]:
    for path in PRODUCT.rglob("*.py"):
        if path.relative_to(PRODUCT).parts[0] not in under and under:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                yield from texts(node.args[0]) if node.func.id in KINDS else ()


def notices(*under: str) -> Iterator[str]:
    """The texts of notices, and those that functions of these names make for them."""
    for path in PRODUCT.rglob("*.py"):
        if not path.relative_to(PRODUCT).as_posix().startswith(under):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Notice"), args=[_, text]):
                    yield from texts(text)
                case ast.FunctionDef(name=name) if name in NOTICE_MAKERS:
                    values = (each for each in ast.walk(node) if isinstance(each, MADE))
                    for made in values:
                        yield from made_texts(made.value)


def made_texts(node: ast.AST | None) -> Iterator[str]:
    """What is returned or named: a text, or each one of a tuple."""
    match node:
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from texts(part)
        case ast.AST():
            yield from texts(node)


def all_texts() -> set[str]:
    trees = (ast.parse(path.read_text("utf-8")) for path in PRODUCT.rglob("*.py"))
    return {text for tree in trees for node in ast.walk(tree) for text in texts(node)}


def test_every_error_that_the_page_can_show_has_its_portuguese() -> None:
    wanted = {text for text in calls(*ROOMS) if not text.startswith(NOT_ON_THE_PAGE)}
    assert len(wanted) > 50
    assert sorted(wanted - set(PORTUGUESE_ERRORS)) == []


def test_every_notice_of_a_model_here_has_its_portuguese() -> None:
    wanted = {*notices(*NOTICES), RE_ENCODED}
    assert len(wanted) > 10
    assert sorted(wanted - set(PORTUGUESE_ERRORS)) == []


def test_a_notice_is_said_whole_in_portuguese() -> None:
    message = (
        "The thought was closed on request, after 1,044 tokens: 'So.' was put in, 26 tokens that"
        " count as forced."
    )
    with speaking("pt-BR"):
        assert said(message) == (
            "O raciocínio foi encerrado a pedido, depois de 1.044 tokens: 'So.' foi inserido, 26"
            " tokens que contam como forçados."
        )


def test_the_table_has_nothing_that_no_error_says() -> None:
    assert sorted(set(PORTUGUESE_ERRORS) - all_texts() - SYSTEMS) == []


@pytest.mark.parametrize("english", PORTUGUESE_ERRORS)
def test_both_languages_name_the_same_values(english: str) -> None:
    portuguese = PORTUGUESE_ERRORS[english]
    assert sorted(re.findall(r"\{\d\}", english)) == sorted(re.findall(r"\{\d\}", portuguese))
    assert english.endswith(".") == portuguese.endswith(".")


@pytest.mark.parametrize("english", PORTUGUESE_ERRORS)
def test_a_message_is_found_by_its_fixed_words(english: str) -> None:
    filled = re.sub(r"\{(\d)\}", r"<\1>", english)
    with speaking("pt-BR"):
        assert said(filled) == re.sub(r"\{(\d)\}", r"<\1>", PORTUGUESE_ERRORS[english])


def test_a_bad_value_is_said_whole_in_portuguese() -> None:
    with pytest.raises(BadRequest) as refused:
        parse_sampling({"max_new_tokens": 2_000_000}, Sampling())
    with speaking("pt-BR"):
        assert said(refused.value) == (
            "max_new_tokens é 2000000, mas deve ser um inteiro de 1 a 1000000. Altere o valor."
        )


def test_an_error_within_an_error_and_large_numbers_are_said_too() -> None:
    message = (
        "Left lane: The prompt has 3,000 tokens, but 'a' has a context of 2,048, answer included."
        " Shorten the prompt by at least 953 tokens."
    )
    with speaking("pt-BR"):
        assert said(message) == (
            "Esquerda: O prompt tem 3.000 tokens, mas 'a' tem um contexto de 2.048, com a"
            " resposta. Encurte o prompt em pelo menos 953 tokens."
        )


@pytest.mark.parametrize("message", ["Nobody knows this.", "", "{0} {", "x" * 10_000])
def test_what_the_table_lacks_is_said_as_it_is(message: str) -> None:
    assert message not in PORTUGUESE
    for language in ("en", "pt-BR"):
        with speaking(language):
            assert said(message) == message


def test_english_is_said_as_it_was_raised() -> None:
    assert said(BadRequest("The prompt is empty. Write something to ask both models.")) == (
        "The prompt is empty. Write something to ask both models."
    )
