"""What the product tells a reader, found in its source: errors, notices, notes and findings.

A text is given as the table of translations has it, `{0}` for its first value. Constants, and the
words that a text is filled with, are found by their names: in the same file, or where it has them
from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playground.domain import errors
from playground.domain.errors import PlaygroundError

PRODUCT = Path(__file__).resolve().parent.parent / "playground"
KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, PlaygroundError)
}
# Where a pair of a kind and a text stands for a notice until it becomes one.
NOTICE_KINDS = ("clamped", "unsupported", "doubtful", "history", "wrong_parser", "unknown_thinking")
# What turns words of its callers into an error.
MAKERS = ("_other_base", "_nothing", "_need", "NoProbability", "Wording")
NOTES = "notes"

Names = Mapping[str, tuple[ast.AST, ...]]


@dataclass(frozen=True)
class Source:
    """A file: its tree, and what its names may stand for."""

    path: str
    tree: ast.Module
    names: Names


@cache
def sources() -> tuple[Source, ...]:
    trees = {
        path.relative_to(PRODUCT).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PRODUCT.rglob("*.py"))
    }
    own = {path: _names(tree) for path, tree in trees.items()}
    return tuple(
        Source(path, tree, {**_imported(tree, own), **own[path]}) for path, tree in trees.items()
    )


def _names(tree: ast.Module) -> dict[str, tuple[ast.AST, ...]]:
    """What is assigned to a name anywhere in the file, and what a function returns."""
    found: dict[str, tuple[ast.AST, ...]] = {}

    def add(target: ast.AST, value: ast.AST | None) -> None:
        match target, value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values):
                for one, other in zip(targets, values, strict=False):
                    add(one, other)
            case ast.Name(id=name), ast.AST():
                found[name] = (*found.get(name, ()), value)

    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[target], value=value):
                add(target, value)
            case ast.FunctionDef(name=name):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return):
                        add(ast.Name(name), inner.value)
    return found


def _imported(tree: ast.Module, own: Mapping[str, Names]) -> dict[str, tuple[ast.AST, ...]]:
    found: dict[str, tuple[ast.AST, ...]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=aliases):
                path = module.removeprefix("playground.").replace(".", "/") + ".py"
                for alias in aliases:
                    if values := own.get(path, {}).get(alias.name):
                        found[alias.asname or alias.name] = values
    return found


def texts(node: ast.AST) -> Iterator[str]:
    """A literal as the table has it."""
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


def told(node: ast.AST | None, names: Names, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The texts that a value may be, and the words that it may be filled with."""
    match node:
        case ast.Constant(value=str(text)) if any(map(str.isalpha, text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield from texts(node)
            for part in parts:
                if isinstance(part, ast.FormattedValue) and part.conversion != ord("r"):
                    yield from told(part.value, names, seen)
        case ast.IfExp(body=one, orelse=other):
            yield from (*told(one, names, seen), *told(other, names, seen))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from told(part, names, seen)
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) if name not in seen:
            for value in names.get(name, ()):
                yield from told(value, names, seen | {name})


def errors_told(*under: str) -> Iterator[str]:
    """What errors say that are raised in files under these paths; all files without one."""
    derived = {
        node.name
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in KINDS for base in node.bases)
    }
    for source, node in _nodes(under):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[text, *_]) if name in KINDS | derived:
                yield from told(text, source.names)
            case ast.Call(func=ast.Name(id=name), args=given) if name in MAKERS:
                for each in given:
                    yield from (text for text in told(each, source.names) if " " in text)


def notices_told(*under: str) -> Iterator[str]:
    """The texts of notices, and those of pairs that become one."""
    for source, node in _nodes(under):
        match node:
            case ast.Call(func=ast.Name(id="Notice"), args=[_, text]):
                yield from told(text, source.names)
            case (
                ast.Call(args=[ast.Constant(value=kind), text])
                | ast.Tuple(elts=[ast.Constant(value=kind), text])
            ) if kind in NOTICE_KINDS:
                yield from told(text, source.names)


def notes_told(*under: str) -> Iterator[str]:
    """What is said beside the text that a model reads."""
    for source, node in _nodes(under):
        match node:
            case ast.Call(func=ast.Name(id="ExactPrompt" | "EncodedPrompt"), args=[*_, given]):
                yield from told(given, source.names)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="notes"), attr="append"), args=[text]
            ):
                yield from told(text, source.names)


def findings_told(*under: str) -> Iterator[str]:
    """What a doctor's report says, and its advice."""
    for source, node in _nodes(under):
        match node:
            case ast.Call(func=ast.Name(id="Finding"), args=[_, *given]):
                for text in given:
                    yield from told(text, source.names)


def all_texts() -> set[str]:
    return {text for source in sources() for node in ast.walk(source.tree) for text in texts(node)}


def _nodes(under: tuple[str, ...]) -> Iterator[tuple[Source, ast.AST]]:
    for source in sources():
        if not under or source.path.startswith(tuple(f"{path}/" for path in under)):
            yield from ((source, node) for node in ast.walk(source.tree))
