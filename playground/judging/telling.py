"""Whether a sentence tells a number as its result: by what stands directly before and behind it,
and whether it tells no other one beside it.

A closed list of ways to tell, in English, Portuguese and Chinese: what is not one of them ("half of
10", "Python 3", "all except 5") is no result. Knows no rules and no values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]

_ENGLISH = """
    is are was were be been equal equals become becomes give gives gave giving totaling
    totalling get gets got getting obtain obtains obtained yield yields find found has have had
    having contain contains hold holds need needs take takes took cost costs earn earns earned
    pay pays paid make makes made making spend spends spent save saves saved sell sells sold buy
    buys bought read reads write writes run runs ran walk walks travel travels drive drives eat
    eats ate use uses used bring brings weigh weighs measure measures last lasts leave leaves
    left leaving remain remains total totals therefore thus hence so then answer result receive
    receives received carries fits lost loses gained gains
"""
_PORTUGUESE = """
    é são foi foram era será serão há tem têm tinha dá dão fica ficam resta restam sobra sobram
    perde custa custam leva levam demora demoram precisa precisam gasta gastam ganha ganham
    recebe recebem recebeu receber pagou gastou ganhou comprou vendeu custou levou demorou
    sobrou sobraram restou restaram vale valem totaliza totalizam obtemos temos aparece aparecem
    existem contém pesa mede dura portanto logo então assim resposta resultado vende come paga
    faz fazem somam
"""
_TO = """
    comes? amounts? add(?:s|ed)?\\s+up sums? rounds? rounded rounded\\s+up equals? reduces?
    simplifies evaluates? converges increased? increases? decreased? decreases? dropped drops?
    rose rises? grew grows? fell falls? igual chega resulta
"""
_MEASURES = """
    total area volume length width height perimeter distance speed cost price probability average
    mean median age weight mass value result answer score profit number amount
    área volume comprimento largura altura perímetro distância velocidade custo preço média idade
    massa valor resultado
"""
_DETERMINERS = r"""(?:a|an|the|exactly|only|just|about|approximately|around|roughly|now|then|also
    |still|thus|therefore|not\ only|not\ just|another|additional|precisely|altogether|exatamente
    |apenas|só|cerca\ de|aproximadamente|por\ volta\ de|um\ total\ de|o\ total\ de|total\ of
    |≈|~|\\approx)"""


def _any(words: str) -> str:
    return "|".join(words.split())


_TELLS = re.compile(
    rf"""(?:
        ^ | [=:：→⇒≈] | [是为有得共用花需约等计了剩] | \b\w+['’]s | \b(?:é|são|foi|era)\s+de
        | \b(?:fic\w+|sobr\w+)\s+com
        | \b(?:takes?|took|costs?|leaves?|gives?|gave)
            \s+(?:her|him|them|it|me|us|you|(?-i:[A-Z])\w+)
        | \b(?:increas|decreas|reduc|improv|ris|grow|rose|grew|fell|fall|drop)\w*\s+by
        | \b(?:{_any(_ENGLISH)}|{_any(_PORTUGUESE)})\b
        | \b(?:{_any(_TO)})\s+(?:to|a|em)\b
        | \b(?:{_any(_MEASURES)})\s+(?:of|de)\b
        | \b(?:so|therefore|thus|hence|end|total|all|result|answer|finally|is|isto\ é|ou\ seja
            |i\.e\.|logo|portanto|então|assim|todo|fim|resumo)\s*,
        | \b(?:but|mas|instead|actually|rather)\b
    )[\s*_$(\\]*(?:{_DETERMINERS}[\s*_$(\\]+){{0,3}}(?:US\$|R\$|[$€£¥])?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_LEADING = re.compile(r"^[^\w$€£¥.-]+")
_WHEN = re.compile(r"\b(?:in|em|on|at|às|by|since|until|desde|até)\s+$", re.IGNORECASE)
_MOMENT = re.compile(
    r"\d{1,2}[:h]\d{2}|1\d{3}$|20\d\d$|\d+[-/]\d|.*\b(?:jan|fe[bv]|mar|a[pb]r|ma[yi]|ju[nl]|a[ug]g"
    r"|ago|sep|set|oct|out|nov|de[cz])",
    re.IGNORECASE | re.DOTALL,
)
_CHANGES_IT = re.compile(
    r"[²³⁰¹⁴⁵⁶⁷⁸⁹½¼¾^]|!(?=\s*[a-z])|[kKMB]\b|\s*[*_$]*\s*(?:\+|(?:[^\W\d_]+\s+){0,2}?(?:or\s+(?:more|fewer|less|so|greater|later|earlier)"
    r"|ou\s+(?:mais|menos)|and\s+a\s+(?:half|quarter)|e\s+mei[ao]|below|above|under\b|negativ\w+"
    r"|at\s+(?:least|most|minimum|maximum)|minimum|maximum|no\s+m[íá]\w+|pelo\s+menos|fewer|remainder"
    r"|resto|times|vezes\s+mais|out\s+of|abaixo|acima)\b)",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"[→⇒]|\b(?:so|therefore|thus|hence|giving|makes|making|total|altogether|in\s+all|then|finally"
    r"|logo|portanto|então|assim|ao\s+todo|isto\s+é|ou\s+seja|i\.e|but|actually|mas|instead)\b|所以|因此|共",
    re.IGNORECASE,
)
# 15 % of 240 is 36; the 10th number is 55; 2^5 ways.
_OF_ANOTHER = re.compile(
    r"\s*(?:%|percent|por\s+cento)?\s*(?:of|de)\b|(?:st|nd|rd|th|º)\b|\s*[\^*/+×÷]", re.IGNORECASE
)
_ANOTHER_NAME = re.compile(r"[,;]\s*[^\W\d_][\w ()θ]*=\s*$")
_NAMED = re.compile(r"(?<![\w)])[A-Za-z](?:_\w+)?\s*=\s*$")
_APART = re.compile(
    r"\b(?:except|exceto|than|for|when|if|at|where|without|excluding|se|quando|para|of|de|unless"
    r"|between|whether)\b[^,;:.]{0,12}$",
    re.IGNORECASE,
)


def tells(sentence: str, spans: Sequence[Span], chosen: Span) -> bool:
    """Whether the sentence tells the chosen one of its numbers, and no other beside it."""
    start, end = chosen
    if not _is_told(sentence, start) and not _is_moment(sentence, start, end):
        return False
    if _CHANGES_IT.match(sentence, end):
        return False
    return not told_beside(sentence, spans, chosen)


def told_beside(sentence: str, spans: Sequence[Span], chosen: Span) -> list[Span]:
    """Those before the chosen one that are told as well, and are no steps on the way to it."""
    start = chosen[0]
    if not _is_told(sentence, start):
        return []
    told = [
        span
        for span in spans
        if span[1] <= start
        and _is_told(sentence, span[0])
        and not _OF_ANOTHER.match(sentence, span[1])
    ]
    return [span for span in told if not _is_step(sentence, span, start)]


def is_apart(sentence: str, start: int) -> bool:
    """Whether a formula that says something itself is only a condition or an exception there."""
    return _APART.search(sentence[max(0, start - 40) : start]) is not None


def _is_told(sentence: str, start: int) -> bool:
    before = sentence[max(0, start - 120) : start]
    name = _NAMED.search(before)
    if name is not None:
        return not is_apart(sentence, start - len(before) + name.start())
    return _TELLS.search(before if start > 120 else _LEADING.sub("", before)) is not None


def _is_moment(sentence: str, start: int, end: int) -> bool:
    """A year, a date or a time of day may stand behind its preposition."""
    when = _WHEN.search(sentence[:start])
    return when is not None and _MOMENT.match(sentence[start:end]) is not None


def _is_step(sentence: str, span: Span, start: int) -> bool:
    """Whether a number that was told before is only a step on the way to the one at `start`."""
    between = sentence[span[1] : start]
    if _CONCLUDES.search(between):
        return True
    names = [_NAMED.search(sentence[:at]) for at in (span[0], start)]
    if all(names):
        return False  # x = 3 or x = -2
    if _ANOTHER_NAME.search(between):
        return False  # area = 12, perimeter = 14
    equation = sentence[: span[0]].rstrip(" *_$").endswith("=")
    return equation or between.rstrip(" *_$").endswith("=")
