"""Names in their other cases: "do Iráku", "в Германии", "Petrovi". Lists hold them as they stand by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

_LEAST = 3
"""Letters that must be left of a word."""
_Endings = Mapping[str, tuple[str, ...]]
_PLACES: Mapping[str, _Endings] = {
    "cs": {
        "u": ("", "o", "a"), "a": ("", "o"), "y": ("a",), "ě": ("a", "o", ""), "e": ("a", "o", ""), "ou": ("a",),
        "em": ("", "o"), "ii": ("ie",), "ií": ("ie",), "ce": ("ka",), "ze": ("ha", "ga"), "ře": ("r", "ra"),
        "i": ("", "e"), "í": ("e",), "ích": ("y",), "ům": ("y",), "ech": ("y",), "ách": ("y",),
    },
    "ru": {
        "ии": ("ия",), "ию": ("ия",), "ией": ("ия",), "а": ("", "е"), "е": ("", "а", "я"), "у": ("", "а", "е"),
        "ом": ("",), "ы": ("а",), "и": ("а", "ь", "я"), "ой": ("а", "ая"), "ую": ("ая",), "ей": ("я",), "ёй": ("я",),
        "ю": ("я", "ь", "й"),
        "я": ("ь", "й"), "ем": ("ь", "й", "е"), "ах": ("ы",), "ами": ("ы",),
    },
}  # fmt: skip
"""Language → ending of a case → endings of the first case."""
_ONLY_PEOPLE = "ovi"
"""The ending of a case that Czech keeps for people."""
_PEOPLE: Mapping[str, _Endings] = {
    "cs": {
        "a": ("",), "ovi": ("", "a", "o"), "u": ("", "a"), "em": ("", "ek"), "e": ("", "a"), "i": ("", "e", "a"),
        "y": ("a", ""), "ě": ("a",), "ou": ("a",), "o": ("a",), "í": ("e", ""), "ův": ("", "a"),
        "ova": ("", "a"), "ovo": ("", "a"), "ovu": ("", "a"), "ovy": ("", "a"), "ka": ("ek",),
        "kovi": ("ek",), "kem": ("ek",), "ku": ("ek",),
        "la": ("el",), "lovi": ("el",), "lem": ("el",), "le": ("el", "la"), "ce": ("ka", "ec"), "ze": ("ha", "ga"),
        "ře": ("ra", "r"), "ho": ("",), "mu": ("",), "m": ("",),
    },
    "ru": {
        "а": ("",), "у": ("", "а"), "ом": ("",), "е": ("", "а", "я"), "ем": ("й", "ь"), "я": ("й", "ь"),
        "ю": ("й", "ь", "я"),
        "ы": ("а",), "и": ("а", "я", "ь"), "ой": ("а",), "ей": ("я",), "ин": ("а", "я"), "ина": ("а", "я"),
        "ла": ("ел",), "лу": ("ел",), "лом": ("ел",),
    },
}  # fmt: skip
_KNOWN = frozenset(
    (
        "evropa asie afrika amerika antarktida arktida oceánie eurasie polynésie skandinávie balkán atlantik "
        "pacifik anglie británie korea tasmánie palestina kalifornie texas florida karolína havaj aljaška filipíny "
        "maledivy kanáry galapágy malta amazonka londýn paříž řím atény brusel mnichov vídeň kodaň záhřeb bělehrad "
        "bukurešť budapešť varšava krakov drážďany lipsko norimberk benátky milán curych ženeva petrohrad kyjev "
        "lvov peking šanghaj hongkong tokio istanbul slunce měsíc mars saturn internet европа азия африка америка "
        "антарктида арктика океания евразия полинезия скандинавия балканы атлантика англия британия корея зеландия "
        "сингапур таиланд вьетнам калифорния техас флорида аризона каролина аляска гавайи филиппины мальдивы канары "
        "палестина тасмания амазонка гонконг пекин шанхай токио стамбул берлин мюнхен вена прага брно брюссель "
        "лондон париж копенгаген загреб белград бухарест будапешт варшава краков женева цюрих венеция милан рим "
        "ванкувер сатурн марс юпитер луна солнце земля вселенная галактика интернет kabinet komise podkomise výbor "
        "rada ministerstvo sněmovna senát parlament unie ústav soud policie fakulta spojenci правительство кабинет "
        "комиссия подкомиссия комитет совет министерство палата сенат парламент союз суд полиция университет "
        "факультет чемпионат кубок "
    ).split()
)
"""Places, heavenly bodies and bodies of a state in everyday texts that the lists lack, written small."""


def is_inflected_place(word: str, language: str, is_place: Callable[[str], bool]) -> bool:
    """Whether a word is a place's name in another case, or one that lists lack.

    Args:
        word: as written.
        language: of the text; words of languages without such endings never are.
        is_place: whether a list knows a name, as it stands by itself, as a place.
    """
    endings = _PLACES.get(language.partition("-")[0])
    if endings is None or word.endswith(_ONLY_PEOPLE):
        return False
    return word.casefold() in _KNOWN or any(
        is_place(first) or first.casefold() in _KNOWN for first in _firsts(word, endings)
    )


def is_case_of_name(word: str, language: str, is_name: Callable[[str], bool]) -> bool:
    """Whether a word is a person's name in another case, where the language has cases; else it may always be.

    Args:
        word: as written.
        language: of the text.
        is_name: whether a list knows a name as it stands by itself.
    """
    endings = _PEOPLE.get(language.partition("-")[0])
    return endings is None or "-" in word or any(map(is_name, _firsts(word, endings)))


def _firsts(word: str, endings: _Endings) -> Iterator[str]:
    """What a word may be in its first case."""
    for ending, firsts in endings.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST:
            yield from (stem + first for first in firsts)
