"""Whether Python tests can fail at all: something that asserts runs when they do.

Read as a tree, never run. Functions count where what runs speaks of them: whether they are really
called, and whether what they assert says anything, is for people to see.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

ASSERTING = ("assert", "raises", "fail", "exit")
"""How calls begin that end a program where something is wrong: unittest's, numpy's, pytest's."""
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def asserts(tests: ast.Module) -> bool:
    """Whether anything in these tests that runs could fail them."""
    defined: dict[str, list[_Definition]] = {}
    for node in ast.walk(tests):
        if isinstance(node, _Definition):
            defined.setdefault(node.name, []).append(node)
    waiting: list[ast.AST] = [tests]
    while waiting:
        for node in _run_with(waiting.pop()):
            if isinstance(node, ast.Assert | ast.Raise) or _name_of_call(node).startswith(
                ASSERTING
            ):
                return True
            waiting += defined.pop(_name_spoken_of(node), [])
    return False


def _run_with(part: ast.AST) -> Iterator[ast.AST]:
    """What runs when this does: all but the bodies of what is only defined in it."""
    nodes = list(ast.iter_child_nodes(part))
    while nodes:
        node = nodes.pop()
        yield node
        if isinstance(node, _Definition):
            nodes += node.decorator_list
        else:
            nodes += ast.iter_child_nodes(node)


def _name_of_call(node: ast.AST) -> str:
    return _name_spoken_of(node.func) if isinstance(node, ast.Call) else ""


def _name_spoken_of(node: ast.AST) -> str:
    """The name that stands here, if one does; a test is called by its name alone."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.FunctionDef(name=name) if name.startswith("test_"):
            return name
        case _:
            return ""
