"""Numbers said as words, in six languages, written in figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
    "cs": "nula jedna dva tři čtyři pět šest sedm osm devět deset jedenáct dvanáct třináct čtrnáct patnáct šestnáct"
    " sedmnáct osmnáct devatenáct",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn"
    " siebzehn achtzehn neunzehn",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis"
    " diecisiete dieciocho diecinueve",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать"
    " четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "cs": "dvacet třicet čtyřicet padesát šedesát sedmdesát osmdesát devadesát",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "ru": "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
}
_OTHERS = {
    "en": {"oh": "0", "o": "0", "nought": "0", "niner": "9"},
    "cs": dict(
        zip(
            "jednička dvojka trojka čtyřka pětka šestka sedmička osmička devítka".split(),
            "123456789",
            strict=True,
        )
    )
    | {"jeden": "1", "jedno": "1", "dvě": "2", "čtyry": "4", "sedum": "7", "osum": "8"},
    "de": {"zwo": "2", "ein": "1", "eine": "1", "dreissig": "30"},
    "es": {"una": "1", "un": "1", "dieciseis": "16", "veintiún": "21", "veintidós": "22", "veintitrés": "23"},
    "ru": {"нуль": "0", "одна": "1", "две": "2", "раз": "1"},
}
_JOINING = {"es": "y", "en": "and", "cs": "a"}
_ORDINALS = {
    "en": "first second third fourth fifth",
    "cs": "první druhá třetí čtvrtá pátá",
    "de": "erste zweite dritte vierte fünfte",
    "es": "primera segunda tercera cuarta quinta",
    "ru": "первая вторая третья четвёртая пятая",
}
_MORE_ORDINALS = {
    "cs": {"druhý": 2, "druhé": 2, "čtvrtý": 4, "čtvrté": 4, "pátý": 5, "páté": 5},
    "de": {"erster": 1, "erstes": 1, "zweites": 2, "zweiter": 2, "drittes": 3, "dritter": 3},
    "es": {"primero": 1, "primer": 1, "segundo": 2, "tercero": 3, "tercer": 3, "cuarto": 4, "quinto": 5},
    "ru": {"первый": 1, "первое": 1, "второй": 2, "второе": 2, "третий": 3, "третье": 3, "четвёртый": 4},
}
_AROUND = {
    "en": {"the", "number", "option", "please", "press", "one"},
    "cs": {"číslo", "možnost", "prosím", "ta", "ten", "to"},
    "de": {"die", "der", "das", "nummer", "option", "bitte"},
    "es": {"la", "el", "número", "opción", "por", "favor"},
    "ru": {"номер", "вариант", "пожалуйста"},
    "zh": {"第", "个", "请", "选", "选项", "号"},
}
"""Words beside the number of a choice that say nothing more."""
_HAN = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2", "幺": "1"}
_HAN_RUN = re.compile(f"[{''.join(_HAN)}十]+")
_DOUBLE = {"double": 2, "triple": 3, "doppelt": 2}
_WORD = re.compile(r"\w+|[^\w\s]+|\s+")


def _table(language: str) -> dict[str, str]:
    """Word → figures, of one language."""
    table = {word: str(n) for n, word in enumerate(_UNITS[language].split())}
    tens = _TENS[language].split()
    table |= {word: str(10 * n) for n, word in enumerate(tens, start=2)}
    units = _UNITS[language].split()
    if language == "de":
        units[1] = "ein"
        table |= {
            f"{u}und{t}": str(10 * n + k)
            for n, t in enumerate(tens, start=2)
            for k, u in enumerate(units[1:10], start=1)
        }
    if language == "es":
        table |= {f"veinti{u}": str(20 + k) for k, u in enumerate(units[1:10], start=1)}
    return table | _OTHERS[language]


_TABLES = {language: _table(language) for language in _UNITS}


def in_figures(text: str, language: str) -> str:
    """The text with number words written as figures: ``twenty five`` → ``25``, ``五六`` → ``56``."""
    if language == "zh":
        return _HAN_RUN.sub(lambda found: _han(found[0]), text)
    table = _TABLES.get(language, _TABLES["en"])
    return "".join(_joined(_tokens(text, table, language)))


def _tokens(text: str, table: dict[str, str], language: str) -> list[tuple[str, bool]]:
    """Tokens, each with whether it was a number word."""
    found: list[tuple[str, bool]] = []
    times = 1
    for token in _WORD.findall(text):
        word = token.casefold()
        if language in {"en", "de"} and word in _DOUBLE:
            times = _DOUBLE[word]
            continue
        if times > 1 and token.isspace():
            continue
        if word in table:
            found.append((table[word] * times, True))
        else:
            found.append((token, False))
        times = 1
    return found


def _joined(tokens: list[tuple[str, bool]]) -> Iterator[str]:
    """Tens and the unit after them, if both were words, as one number; "and" between them goes."""
    place = 0
    while place < len(tokens):
        text, is_word = tokens[place]
        if is_word and len(text) == 2 and text[1] == "0" and text != "10":
            unit, after = _unit_after(tokens, place + 1)
            if unit:
                yield text[0] + unit
                place = after
                continue
        yield text
        place += 1


def _unit_after(tokens: list[tuple[str, bool]], place: int) -> tuple[str, int]:
    between = [" ", "-", *_JOINING.values()]
    while (
        place < len(tokens)
        and not tokens[place][1]
        and tokens[place][0].strip("-").strip()
        in {
            "",
            *between,
        }
    ):
        place += 1
    if place < len(tokens) and tokens[place][1] and len(tokens[place][0]) == 1 and tokens[place][0] != "0":
        return tokens[place][0], place + 1
    return "", place


def _han(run: str) -> str:
    """Digits one by one; a number with ten in it as people count."""
    if "十" not in run:
        return "".join(_HAN[c] for c in run)
    tens, _, unit = run.partition("十")
    if len(tens) > 1 or len(unit) > 1 or "十" in unit:
        return "".join(_HAN.get(c, "10") for c in run)
    return str((int(_HAN[tens]) if tens else 1) * 10 + (int(_HAN[unit]) if unit else 0))


def spoken_choice(text: str, language: str) -> int | None:
    """The number of a choice, if the words are nothing but one: "two", "the second", "číslo tři", "第二个"."""
    words = re.findall(r"\w+", text.casefold())
    if language == "zh":
        bare = re.sub("|".join(_AROUND["zh"]), "", "".join(words))
        figures = in_figures(bare, language)
        return int(figures) if figures.isascii() and figures.isdecimal() and len(figures) < 3 else None
    ordinals = {w: n for n, w in enumerate(_ORDINALS.get(language, "").split(), start=1)}
    ordinals |= _MORE_ORDINALS.get(language, {})
    around = _AROUND.get(language, set())
    left = [w for w in words if w not in around]
    if not left and words[-1:] == ["one"]:
        left = ["one"]
    if len(left) != 1:
        return None
    if left[0] in ordinals:
        return ordinals[left[0]]
    figures = in_figures(left[0], language)
    return int(figures) if figures.isascii() and figures.isdecimal() and len(figures) < 3 else None
