"""What an answer itself calls its answer: "the answer is …", "Answer: …", "Resposta: …", an option.

Knows the words for it in English, Portuguese and a few other languages; the last one counts.
"""

from __future__ import annotations

import re

from playground.judging.amounts import unit_end
from playground.judging.emphasis import bold_in
from playground.judging.last_number import last_number, result_of
from playground.judging.passages import on_one_line
from playground.judging.qualified import is_doubted, qualified
from playground.judging.readings import readings
from playground.judging.values import is_value

LONGEST = 160
_TAIL = 20_000
_MOST = 50
# ~ is what may stand between two words: spaces and the marks of bold. All repeats are bounded, so
# that no text keeps the search busy.
_ANNOUNCES = r"""
    \b(?:the|my|so|your|our|a)?~WORD(?:answer|choice|option|statement)
        ~(?:is|are|would be|must be|=)(?!\w)(?:[\ \t](?:therefore|thus|then|simply))?[\ \t]?:?
    |\bWORDanswer~[:：=]
    |^[#*>\ \t-]{0,8}(?:final\ )?answer~$
    |^[#*>\ \t-]{0,8}(?:therefore,?\ |thus,?\ )?WORD(?:result|solution|conclusion)~:
    |\b(?:a\ )?(?:resposta|alternativa|opção)(?:\ final|\ correta|\ certa){0,3}~(?:é|são|:|seria)
    |^[#*>\ \t-]{0,8}resposta(?:\ final)?~$
    |^[#*>\ \t-]{0,8}(?:resultado|conclusão|solução|gabarito)(?:\ final)?~:
    |\bla\ respuesta(?:\ correcta|\ final)?~(?:es|:)
    |(?:最终|正确)?答案~(?:应该)?(?:是|为)?[:：]?
    |^~\#\#\#\#(?=[ \t]{0,3}[^\s\#])
"""
_PHRASE = re.compile(
    _ANNOUNCES.replace("would be|must be", r"would\ be|must\ be")
    .replace("~", r"[\ \t]{0,3}\*{0,3}[\ \t]{0,3}")
    .replace("WORD", r"(?:final\ |correct\ |right\ |best\ |exact\ |resulting\ ){0,3}"),
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_FILLER = re.compile(
    r"(?i:\s*(?:therefore|thus|then|indeed|simply|approximately equal to|option|a letra"
    r"|a alternativa|letra|letter|alternativa|opção|choice)\b[\s:]*)"
)
_NOTHING = re.compile(
    r"(?i:\s*(?:wrong|incorrect|not \d|in the|as follows|below|above|given by|the following|to "
    r"|let |we |first|step|unclear|that\b|because|errad|incorret|dada por|a seguir|found|obtained))"
)
_CUT = re.compile(
    r"(?<=[^\s])[.!?](?=\s|$)|[。！？]|\n"
    r"|[,;]?\s+(?i:because|since|pois|porque|já que|but|mas|which|assuming|given|as shown)\b"
    r"|\s+[—–-]\s|,\s+(?i:so|i\.e\.|e não|not|que|isto é|ou seja)\b"
)
_MATHS = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$(?!\d)|\\\((.+?)\\\)|\\\[(.+?)\\\]")
_AND = re.compile(r"\s*(?:,|;|and|or|e|ou)\s")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_TELLS_MORE = re.compile(r"^(?:the|it|he|she|they|we|you|o|a|os|as|ele|ela)\s.*\d", re.IGNORECASE)
_ANOTHERS = re.compile(
    r"(?i:\w['’]s|\b(?:his|her|their|your|suppose|supose|assum\w+|if|se)\b)[^.,;\n]{0,25}$"
)
_TAKEN_BACK = re.compile(
    r"[^.\n]{0,60}(?:\.\s+|\s[—–-]\s*|,\s)(?:(?i:actually|no|wait|correction|sorry|hmm|aliás|espera"
    r"|na verdade)\b|(?i:which is (?:wrong|incorrect|false)))"
)
_DRESS = " \t*_:：=`>"
_AGAIN = re.compile(r"(?i:\b(?:sorry|wait|correction|actually|ou melhor|desculpe|digo)\b)")
_SUPPOSED = re.compile(r"(?i:\b(?:might|could|may|if)\b[^.;,]{0,30}$)")
_WITH_ANOTHER = re.compile(r"\b[A-J]\W{0,3}(?:,|and|or|e|ou|和|或|&)\W{0,3}\(?[A-J]\b|[A-J]和")
_AND_ANOTHER = re.compile(r"\W{0,3}(?:,|and|or|e|ou|和|或|&)\W{0,3}\(?[A-J]\b|\s*[和或、]?[A-J]")
_ONLY_WHERE = re.compile(r"\W*(?:only|under|if|when|unless|se|quando|só)\b", re.IGNORECASE)
_OPTIONS = re.compile(
    r"(?<!\w)(?:(?i:option|choice|letter|letra|alternativa|opção)\s+)?\(?\**([A-J])\**\)?"
    r"(?i:\s+(?:is|are|é|está)\s+(?:the\s+|a\s+)?(?:correct|right|best|true|corret|cert))"
    r"|(?i:\b(?:choose|pick|select|go with|escolho|escolheria|marco|marque)\s+"
    r"(?:the\s+|a\s+)?(?:option\s+|letra\s+|alternativa\s+|opção\s+)?\(?\**)([A-J])\b"
    r"|(?i:\bcorrect\s+(?:one|option|choice)\s+is|\bcorresponds\s+to|\bleft\s+with|\bmatches)"
    r"\s+(?i:option\s+)?\(?\**([A-J])\b"
    r"|选(?:择|项)?[:：]?\s*\**([A-J])|(?<!\w)([A-J])\s*(?:是)?正确"
)


def stated(text: str) -> str | None:
    """What follows the last phrase that announces an answer and is followed by one."""
    text = on_one_line(text[-_TAIL:])
    for found in reversed(list(_PHRASE.finditer(text))):
        before = text[max(0, found.start() - 60) : found.start()]
        if is_doubted(text, *found.span()) or _ANOTHERS.search(before):
            continue
        if _TAKEN_BACK.match(text, found.end()):
            continue
        if value := _after(text[found.end() : found.end() + 1000]):
            return value
    return None


def option(text: str) -> str | None:
    """The letter of the option that is said to be the right one."""
    text = text[-_TAIL:]
    letters = [
        next(filter(None, found.groups()))
        for found in list(_OPTIONS.finditer(text))[-_MOST:]
        if not qualified(text, *found.span()) and not _is_one_of_several(text, found)
    ]
    return letters[-1] if letters else None


def _is_one_of_several(text: str, found: re.Match[str]) -> bool:
    """Whether an option is only supposed, or another one is named with it."""
    before, behind = text[max(0, found.start() - 60) : found.start()], text[found.end() :][:40]
    joined = _WITH_ANOTHER.search(before + found.group()) or _AND_ANOTHER.match(behind)
    return bool(joined or _SUPPOSED.search(before) or _ONLY_WHERE.match(behind))


def _after(rest: str) -> str | None:
    lines = rest.split("\n")
    line = next((each for each in lines[:4] if each.strip(_DRESS)), "")
    if not lines[0].strip(_DRESS) and _ITEM.match(line):
        return _listed(lines)
    # A phrase inside bold leaves its closing marks behind.
    opened = _opened(line)
    cut = _CUT.search(opened)
    clause = opened[: cut.start()] if cut and bold_in(opened[: cut.start()]) else opened
    if bold := bold_in(clause):
        at = clause.find(bold)
        if words := qualified(clause, at, at + len(bold)):
            return words
        corrected = _AGAIN.search(clause)
        if corrected or at <= 60:
            return bold if len(bold) <= LONGEST else None
    value = opened.strip(_DRESS)
    while (filler := _FILLER.match(value)) and filler.end() < len(value):
        value = value[filler.end() :].lstrip(_DRESS)
    if not value or _NOTHING.match(value):
        return None
    maths = _MATHS.match(value)
    if maths and len(maths.group()) <= 2 * LONGEST and not _AND.match(value[maths.end() :]):
        unit = value[maths.end() : unit_end(value, maths.end())]
        formula = next(each for each in maths.groups() if each).strip()
        return (result_of(formula) or formula) + unit
    cut = _CUT.search(value)
    value = (value[: cut.start()] if cut else value).strip(_DRESS + ".")
    return _worked_out(value) if 0 < len(value) <= LONGEST else None


def _worked_out(value: str) -> str:
    """What a sum comes to, and what a sentence tells: "3 + 4 = 7", "the film lasts 90 minutes"."""
    before, equals, after = value.rpartition("=")
    if equals and after.strip() and not re.search(r"[^\W\d_]", before):
        return after.strip()
    long = len(value.split()) > 3 and value[:1].isupper() and re.search(r"\d", value)
    if (long or _TELLS_MORE.search(value)) and not is_value(readings(value)[0]):
        return last_number(value) or value
    return value


def _listed(lines: list[str]) -> str | None:
    """A short list under the phrase, side by side: none of its items is the answer alone."""
    items = [_ITEM.sub("", each).strip(_DRESS) for each in lines if _ITEM.match(each)]
    listed = ", ".join(items)
    return listed if all(items) and len(listed) <= LONGEST else None


def _opened(line: str) -> str:
    """The line without marks that close what was opened before it."""
    line = line.strip()
    for mark in ("**", "__"):
        if line.startswith(mark + " ") or line == mark:
            line = line.removeprefix(mark)
        if line.count(mark) % 2:
            line = line.removeprefix(mark) if line.startswith(mark) else _without_last(line, mark)
    return line.strip()


def _without_last(line: str, mark: str) -> str:
    before, _, after = line.partition(mark)
    return f"{before}\n{after}" if after.strip() else before
