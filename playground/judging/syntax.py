"""A formula, plain or LaTeX, as a tree: read by a small grammar, never evaluated as code.

Bounded in length and depth, so that no text can keep it busy. What the grammar does not know is
unreadable; nothing is guessed. Knows no values.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NoReturn

from playground.judging.tokens import Token, Unreadable, tokens_of

__all__ = ["Tree", "Unreadable", "tree_of"]

LONGEST = 400
DEEPEST = 24
MOST_NODES = 120
MOST_DIGITS = 60
MOST_EXPONENT = 300

Operator = Literal["+", "-", "*", "/", "^"]


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written; `step` is what one more in its last decimal place would add."""

    value: Fraction
    step: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or a constant (`pi`, `e`, `i`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two trees and what is done with them."""

    operator: Operator
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Application:
    """A function of one tree."""

    function: str
    argument: Tree


Tree = Numeral | Name | Operation | Application


def tree_of(text: str) -> Tree:
    """The tree of a formula whose decimals have points. Raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable
    reader = _Reader(tokens_of(text))
    tree = reader.sum()
    if reader.token is not None:
        raise Unreadable
    return tree


class _Reader:
    """A recursive descent: sum → product → signed → power → factor."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.nodes = 0

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sign(self, *signs: str) -> str | None:
        """Take the next token if it is one of these signs."""
        token = self.token
        if token is not None and token.kind == "sign" and token.text in signs:
            self.at += 1
            return token.text
        return None

    def made(self, tree: Tree) -> Tree:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise Unreadable
        return tree

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable
        tree = self.product()
        while sign := self.sign("+", "-"):
            tree = self.made(Operation("+" if sign == "+" else "-", tree, self.product()))
        self.depth -= 1
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        divided = False
        while True:
            if sign := self.sign("*", "/"):
                divided = sign == "/"
                tree = self.made(Operation("*" if sign == "*" else "/", tree, self.signed()))
            elif self.starts_factor():
                if divided or (self.token is not None and self.token.kind == "number"):
                    raise Unreadable  # "2 3" is no product; 1/2x may be x/2 and may be 1/(2x)
                tree = self.made(Operation("*", tree, self.power()))
            else:
                return tree

    def starts_factor(self) -> bool:
        token = self.token
        return token is not None and (token.kind != "sign" or token.text in ("(", "{", "["))

    def signed(self) -> Tree:
        minus = False
        while sign := self.sign("+", "-"):
            minus ^= sign == "-"
        tree = self.power()
        return self.made(Operation("*", Numeral(Fraction(-1)), tree)) if minus else tree

    def power(self) -> Tree:
        tree = self.factor()
        if self.sign("!"):
            tree = self.made(Application("factorial", tree))
            if self.sign("!"):
                raise Unreadable  # 5!! is 15 to some, and (5!)! to others
        if self.sign("^"):
            tree = self.made(Operation("^", tree, self.exponent()))
        return tree

    def exponent(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable
        tree = self.signed()
        self.depth -= 1
        return tree

    def factor(self) -> Tree:
        token = self.token
        if token is None:
            raise Unreadable
        self.at += 1
        match token.kind:
            case "number":
                return self.made(numeral(token.text))
            case "name":
                name = Name(token.text + self.index())
                if self.is_applied():
                    raise Unreadable
                return self.made(name)
            case "function":
                return self.application(token.text)
            case "command":
                return self.fraction() if token.text == "frac" else self.logarithm()
            case "sign":
                return self.bracketed(token.text)

    def bracketed(self, opening: str) -> Tree:
        closing = {"(": ")", "{": "}", "[": "]", "|": "|"}.get(opening)
        if closing is None:
            raise Unreadable
        tree = self.sum()
        if not self.sign(closing):
            raise Unreadable
        return self.made(Application("abs", tree)) if opening == "|" else tree

    def is_applied(self) -> bool:
        """P(A) and f(2) are no products; x(x + 1) is one."""
        signs = [each.text for each in self.tokens[self.at : self.at + 3]]
        return len(signs) == 3 and signs[0] == "(" and signs[2] == ")"

    def index(self) -> str:
        """A variable's index, as part of its name."""
        if not self.sign("_"):
            return ""
        braced = self.sign("{")
        token = self.token
        if token is None or token.kind not in ("number", "name"):
            self.unreadable()
        self.at += 1
        if braced and not self.sign("}"):
            self.unreadable()
        return f"_{token.text}"

    def unreadable(self) -> NoReturn:
        raise Unreadable

    def group(self) -> Tree:
        """What a command takes: something in braces, or one digit or letter."""
        token = self.token
        if token is not None and token.kind == "number" and len(token.text) > 1:
            if not token.text.isdigit():
                raise Unreadable
            self.tokens[self.at] = Token("number", token.text[1:])
            return self.made(numeral(token.text[0]))
        return self.factor()

    def fraction(self) -> Tree:
        above = self.group()
        return self.made(Operation("/", above, self.group()))

    def logarithm(self) -> Tree:
        """Only with its base: without one it is 10 to some, e to others."""
        if not self.sign("_"):
            raise Unreadable
        base = self.group()
        of = self.argument()
        return self.made(Operation("/", Application("ln", of), Application("ln", base)))

    def application(self, function: str) -> Tree:
        root: Tree | None = None
        power: Tree | None = None
        if function == "sqrt" and self.sign("["):
            root = self.sum()
            if not self.sign("]"):
                raise Unreadable
        elif function != "sqrt" and self.sign("^"):
            power = self.group()
            if _is_minus_one(power):
                raise Unreadable
        argument = self.group() if function == "sqrt" else self.argument()
        if root is not None:
            return self.made(Operation("^", argument, Operation("/", Numeral(Fraction(1)), root)))
        tree = self.made(Application(function, argument))
        return tree if power is None else self.made(Operation("^", tree, power))

    def argument(self) -> Tree:
        """In brackets, or digits and letters side by side: `sin 2x`."""
        if self.token is not None and self.token.text in ("(", "{", "[", "|"):
            return self.factor()
        tree = self.power()
        while self.token is not None and self.token.kind == "name":
            tree = self.made(Operation("*", tree, self.power()))
        return tree


def numeral(text: str) -> Numeral:
    """A number with a decimal point, digits and perhaps a power of ten. Raises Unreadable."""
    digits, _, exponent = text.lower().partition("e")
    if len(digits) > MOST_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MOST_EXPONENT:
        raise Unreadable
    places = len(digits.partition(".")[2])
    power = Fraction(10) ** int(exponent or 0)
    step = power / 10**places if places else None
    return Numeral(Fraction(digits if digits[0] != "." else f"0{digits}") * power, step)


def _is_minus_one(tree: Tree) -> bool:
    one, minus = Numeral(Fraction(1)), Numeral(Fraction(-1))
    return tree in (minus, Operation("*", minus, one))
