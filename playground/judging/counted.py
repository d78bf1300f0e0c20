"""The words after a number: whether they only name what is counted, so that "5 apples" may be 5.

English, Portuguese and the commonest Chinese measure words. Cautious: what is not known to be such
a name may change the number ("5 max", "5 ppm", "5 too many"). Knows no numbers.
"""

from __future__ import annotations

import re

from playground.judging.units import COLLECTIVE, MULTIPLES

_MOST_WORDS, _MOST_WORDS_LOOSELY = 2, 8
# Words that make another number of it, or more than one: "5 or more", "5 tenths".
CHANGES = re.compile(
    r"^(?:or|ou|and|e|out|to|a|of|de|st|nd|rd|th|º|ª)\b|ths?\b|halves|thirds|quarters|fifths"
    r"|\b(?:below|above|abaixo|acima|less|more|menos|mais|not|não|minus|plus|negative|over|under"
    r"|squared|cubed|quadrado|cubo|factorial|fatorial|remainder|resto|short|terços|quartos|meios"
    r"|décimos|oitavos|sextos|sétimos|nonos|avos|centésimos|milésimos|negativ\w+|remaining|missing"
    r"|min|max|minimum|maximum|mínimo|máximo|at\s+(?:least|most)|pelo|ao|fewer|tops|gross|times"
    r"|vezes\s+(?:mais|menos)|too|per|cada|each|fois|by|pi|base|mod|bin\w+|hex\w*|oct\w+|primeir\w+"
    r"|is|are|was|were|isn|aren|wasn|never|wrong|incorrect|false|é|são|nunca|errad\w+|incorret\w+"
    r"|fals[oa]|only\s+if|if|unless|se|except|exceto|but|mas)\b",
    re.IGNORECASE,
)
_PLURAL_WORDS = "people children men women feet mice fish sheep deer geese teeth oxen"
_PLURALS = frozenset(_PLURAL_WORDS.split())
_MEASURE_WORDS = frozenset("个只名人岁本次条张件块位头颗杯支辆棵枚种")
_NAME = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


def names_counted(words: str, one: bool, loosely: bool = False) -> bool:
    """Whether the words after a number only name what is counted; `one` where that number is 1.

    `loosely` lets more words follow, as when a person's expected number is looked for.
    """
    found = words.split()
    if len(found) > (_MOST_WORDS_LOOSELY if loosely else _MOST_WORDS) or CHANGES.search(words):
        return False
    if all(each in _MEASURE_WORDS for each in words[:1]):
        return True
    if not found or not all(_NAME.fullmatch(each) for each in found[:_MOST_WORDS]):
        return False
    names = [each.casefold() for each in found]
    if COLLECTIVE & set(names) or set(MULTIPLES) & set(names):
        return False
    return one or any(each.endswith("s") or each in _PLURALS for each in names[:_MOST_WORDS])
