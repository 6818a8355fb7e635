"""Capitals that begin what describes something: "Světová zdravotnická organizace", "Олимпийских игр", "Vědci tvrdí"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LEAST = 4
"""Letters of a word that can be told by its ending."""
_LITTLE = frozenset(
    (
        "jej jeho její jim nás vás mně mne nám vám vše ale pro při "
        "для или что как уже мне нас вас нам вам они она ему его"
    ).split()
)
"""Words that may follow a surname as well."""
_NEXT = re.compile(r"\s([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How a language's words end."""

    agreeing: Mapping[str, re.Pattern[str]]
    """Ending of an adjective → how the noun or adjective after it may end; the longest ending is meant."""
    verbs: re.Pattern[str]
    """How words end that say what somebody did."""
    surnames: tuple[str, ...]
    """Endings that women's surnames share with adjectives: only another adjective after them tells."""
    people: tuple[str, ...]
    """Endings of nouns for several people."""
    things: tuple[str, ...]
    """Endings of nouns for what is done or thought."""


def _endings(table: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {
        ending: re.compile(f"(?:{after})$")
        for endings, after in sorted(table.items())
        for ending in endings.split()
    }


_GRAMMARS = {
    "cs": _Grammar(
        _endings(
            {
                "ý": "[^aáeéěiíoóuúůyý]|[ýí]",
                "á": "a|[nvkt]á|[bčcžšz]e|ie|st",
                "é": "[eěyéoíiu]",
                "ého": "[uaeěí]|[éí]ho",
                "ému": "[uieě]|ovi|[éí]mu",
                "ém": "[uieěí]|[éí]m",
                "ým": "em|[íůáý]m",
                "ých": "ů|[bcčdďfghjklmnňprřsštťvzž]|í|ch",
                "ými": "y|mi",
                "ou": "ou|[uií]|st",
                "ní ního nímu ním ních ními": ".",
            }
        ),
        re.compile("(?:l|la|lo|li)$"),
        ("ová", "ové", "ovou"),
        ("ci", "ři", "ané", "isté"),
        (
            "ství",
            "ctví",
            "ace",
            "aci",
            "ací",
            "ost",
            "osti",
            "ostí",
            "ismus",
            "ismu",
            "ání",
            "ení",
            "ění",
            "ije",
            "uje",
        ),
    ),
    "ru": _Grammar(
        _endings(
            {
                "ый ий": "[бвгджзйклмнпрстфхцчшщь]",
                "ой ей": "[бвгджзйклмнпрстфхцчшщьыие]",
                "ая яя": "[аяь]",
                "ое ее": "[оеё]",
                "ые ие": "[ыияа]|ие|ые",
                "ого его": "[ауяо]",
                "ому ему": "[ую]",
                "ым им": "м",
                "ых их": "[бвгджзйклмнпрстфхцчшщь]",
                "ую юю": "[уюь]",
                "ыми ими": "ми",
                "ом ем": "[еиу]|ом|ем",
            }
        ),
        re.compile("(?:л|ла|ло|ли|лся|лась|лось|лись)$"),
        ("ова", "ева"),
        ("цы", "ели", "яне", "ане", "щиеся", "ики", "ёные", "еные"),
        (
            "ство",
            "ства",
            "стве",
            "ция",
            "ции",
            "цию",
            "ссии",
            "ость",
            "ости",
            "ание",
            "ания",
            "ение",
            "ения",
            "ению",
            "изм",
            "изма",
        ),
    ),
}


def describes(text: str, start: int, end: int, language: str) -> bool:
    """Whether a capitalised word is an adjective that the noun after it agrees with, and so nobody's name.

    Args:
        text: where it stands.
        start: of the word.
        end: of the word.
        language: of the text; in languages with other grammar it never is.
    """
    grammar = _GRAMMARS.get(language.partition("-")[0])
    after = _NEXT.match(text, end)
    word = text[start:end]
    if grammar is None or after is None or len(word) < _LEAST or len(after[1]) < _LEAST - 1:
        return False
    ending = next((word[-size:] for size in (4, 3, 2, 1) if word[-size:] in grammar.agreeing), None)
    following = after[1]
    if ending is None or following in _LITTLE or not following.islower() or grammar.verbs.search(following):
        return False
    if word.endswith(grammar.surnames) and not following.endswith(ending):
        return False
    return grammar.agreeing[ending].search(following) is not None


def is_thing(word: str, language: str) -> bool:
    """Whether a word ends as nouns for what is done or thought do: "Mistrovství", "Ассоциации"."""
    grammar = _GRAMMARS.get(language.partition("-")[0])
    return grammar is not None and len(word) > _LEAST and word.endswith(grammar.things)


def is_about_several(word: str, language: str) -> bool:
    """Whether a word ends as nouns for several people do: "Lékaři", "Исследователи"."""
    grammar = _GRAMMARS.get(language.partition("-")[0])
    return grammar is not None and len(word) > _LEAST and word.endswith(grammar.people)
