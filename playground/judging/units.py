"""Units of measure, money and count, by their names in English, Portuguese and Chinese.

A small table of exact factors: enough to see that 5 km are 5000 m, and to never mistake one unit
for another. Temperatures are not converted. Knows no numbers but factors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

Dimension = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What it measures, as powers of base units, and how many of these one of it is."""

    dimension: Dimension
    factor: Fraction = Fraction(1)


# base unit: factor of it = names
_TABLE: dict[str, dict[str, str]] = {
    "m": {
        "1": "m meter meters metre metres metro metros 米",
        "1000": "km kilometer kilometers kilometre kilometres quilômetro quilômetros 公里 千米",
        "1/100": "cm centimeter centimeters centimetre centimetres centímetro centímetros 厘米",
        "1/1000": "mm millimeter millimeters millimetre millimetres milímetro milímetros 毫米",
        "0.0254": "inch inches polegada polegadas",
        "0.3048": "ft foot feet pé pés",
        "0.9144": "yd yard yards jarda jardas",
        "1609.344": "mi mile miles milha milhas",
    },
    "g": {
        "1": "g gram grams grama gramas 克",
        "1000": "kg kilogram kilograms quilo quilos quilograma quilogramas 千克 公斤",
        "1/1000": "mg milligram milligrams miligrama miligramas",
        "1000000": "tonne tonnes tonelada toneladas",
        "453.59237": "lb lbs",
        "28.349523125": "oz ounce ounces onça onças",
    },
    "s": {
        "1": "s sec secs second seconds segundo segundos 秒",
        "1/1000": "ms millisecond milliseconds milissegundo milissegundos",
        "60": "min mins minute minutes minuto minutos 分钟",
        "3600": "h hr hrs hour hours hora horas 小时",
        "86400": "day days dia dias 天",
        "604800": "week weeks semana semanas",
    },
    "month": {
        "1": "month months mês meses",
        "12": "year years ano anos 年",
        "120": "decade decades década décadas",
        "1200": "century centuries século séculos",
    },
    "L": {
        "1": "L l liter liters litre litres litro litros 升",
        "1/1000": "mL ml milliliter milliliters mililitro mililitros 毫升",
    },
    "byte": {
        "1": "byte bytes",
        "1000": "kB",
        "1000000": "MB",
        "1000000000": "GB",
        "1024": "KiB",
        "1048576": "MiB",
        "1073741824": "GiB",
        "1/8": "bit bits",
    },
    "N": {"1": "N newton newtons", "1000": "kN"},
    "J": {"1": "J joule joules", "1000": "kJ"},
    "W": {"1": "W watt watts", "1000": "kW"},
    "V": {"1": "V volt volts"},
    "Hz": {"1": "Hz hertz", "1000": "kHz", "1000000": "MHz"},
    "°": {"1": "° deg degree degrees grau graus 度"},
    "rad": {"1": "rad radian radians radiano radianos"},
    "°C": {"1": "°C ℃ celsius"},
    "°F": {"1": "°F ℉ fahrenheit"},
    "K": {"1": "kelvin kelvins"},
    "%": {"1/100": "% percent por_cento percentage_points"},
    "USD": {"1": "USD US$ dollar dollars dólar dólares 美元"},
    "$": {"1": "$"},
    "¢": {"1/100": "cent cents ¢"},
    "BRL": {"1": "BRL R$ real reais", "1/100": "centavo centavos"},
    "EUR": {"1": "EUR € euro euros 欧元"},
    "GBP": {"1": "GBP £"},
    "JPY": {"1": "JPY yen"},
    "CNY": {"1": "CNY RMB yuan 元"},
    "¥": {"1": "¥"},
}
DOLLARS = frozenset({(("$", 1),), (("USD", 1),), (("¢", 1),)})
"""The dimensions of what may be the same money."""
MONEY_SIGNS = ("US$", "R$", "$", "€", "£", "¥")
_UNITS = {
    name.replace("_", " "): Unit(((base, 1),) if base != "%" else (("%", 1),), Fraction(factor))
    for base, rows in _TABLE.items()
    for factor, names in rows.items()
    for name in names.split()
}
_UNITS["mph"] = Unit((("m", 1), ("s", -1)), Fraction("1609.344") / 3600)
_UNITS["kmh"] = Unit((("m", 1), ("s", -1)), Fraction(1000, 3600))
_FACTORS = {base: frozenset(Fraction(factor) for factor in rows) for base, rows in _TABLE.items()}
MULTIPLES = {
    "十": 10, "tens": 10, "dozen": 12, "dozens": 12, "dúzia": 12, "dúzias": 12,
    "hundred": 100, "hundreds": 100, "cem": 100, "百": 100,
    "thousand": 10**3, "thousands": 10**3, "mil": 10**3, "千": 10**3, "万": 10**4,
    "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7, "亿": 10**8,
    "million": 10**6, "millions": 10**6, "milhão": 10**6, "milhões": 10**6,
    "billion": 10**9, "billions": 10**9, "bilhão": 10**9, "bilhões": 10**9,
    "trillion": 10**12, "trillions": 10**12, "trilhão": 10**12, "trilhões": 10**12,
}  # fmt: skip
# Words that count several at once, or a part: no bare number can be held against them.
_COLLECTIVE_WORDS = """
    dezena dezenas centena centenas milhar milhares couple couples décimas centésimas milésimas
    twos threes fours fives sixes sevens eights nines pair pairs par pares score scores half
    third quarter metade terço quarto fortnight fortnights gallon gallons cup cups ton tons acre
    acres hectare hectares
"""
COLLECTIVE = frozenset(_COLLECTIVE_WORDS.split())
_PART = re.compile(r"(.+?)\^?\(?(-?\d)?\)?")
_POWERS = {"square": 2, "sq": 2, "cubic": 3}
_POWERS_AFTER = {"quadrado": 2, "quadrados": 2, "cúbico": 3, "cúbicos": 3}


def unit_of(words: str) -> Unit | None:
    """The unit that these words name, such as "km/h" or "square meters"; null for others."""
    named = re.sub(r"\s+(?:per|por|a cada)\s+|\s*/\s*", "/", words.strip().rstrip("."))
    powers: dict[str, int] = {}
    factor = Fraction(1)
    if len(named) > 60:
        return None
    for index, part in enumerate(named.split("/")):
        for each in re.split(r"\s*[·*]\s*", part):
            found = _simple(each)
            if found is None:
                return None
            for base, power in found.dimension:
                powers[base] = powers.get(base, 0) + (-power if index else power)
            factor = factor / found.factor if index else factor * found.factor
    return Unit(tuple(sorted((base, power) for base, power in powers.items() if power)), factor)


def _simple(words: str) -> Unit | None:
    first, _, rest = words.partition(" ")
    if rest and first.lower() in _POWERS:
        return _raised(_named(rest), _POWERS[first.lower()])
    before, _, last = words.rpartition(" ")
    if before and last.lower() in _POWERS_AFTER:
        return _raised(_named(before), _POWERS_AFTER[last.lower()])
    if unit := _named(words):
        return unit
    found = _PART.fullmatch(words.replace(" ", ""))
    return _raised(_named(found[1]), int(found[2])) if found and found[2] else None


def _named(name: str) -> Unit | None:
    if name in _UNITS:
        return _UNITS[name]
    # Case tells short signs apart (mW, MW), and means nothing in a long name.
    return _UNITS.get(name.lower()) if len(name) > 3 else None


def _raised(unit: Unit | None, power: int) -> Unit | None:
    if unit is None or not -4 <= power <= 4:
        return None
    return Unit(tuple((base, each * power) for base, each in unit.dimension), unit.factor**power)


def may_be_meant(dimension: Dimension, factor: Fraction) -> bool:
    """Whether there is a unit of this dimension that is so many base units."""
    if len(dimension) != 1:
        return True
    base, power = dimension[0]
    return any(each**power == factor for each in _FACTORS[base])
