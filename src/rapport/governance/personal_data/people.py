"""Names of people, also where redaction would not be sure: for readings that a name must not move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rapport.governance.personal_data.chinese import find_chinese
from rapport.governance.personal_data.describing import describes, is_about_several, is_thing
from rapport.governance.personal_data.inflected import is_case_of_name, is_inflected_place
from rapport.governance.personal_data.names import (
    find_names,
    introduces_people,
    is_country,
    is_given_name,
    is_hardly_ordinary,
    is_listed_given_name,
    is_place,
)
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan, settle

MAX_CHARS = 6_000
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"(?<![^\W_\u4e00-\u9fff])[^\W\d_\u4e00-\u9fff]+(?:['’\-‐][^\W\d_\u4e00-\u9fff]+)*")
_GAP = re.compile(r"\W*$")
_MOST_GAP = 6
_STOPS = re.compile(r"[.!?。！？\n]|:\W*[\"'„“”«‘’]|^\W{4}|(?:^|[\s(])[\"„“«]+$")
"""What stands between two sentences, or before one that is quoted, or a title."""
_INITIAL = re.compile(r"(?<!\w)\w\.\s?$")
_BEFORE = re.compile(r"([^\W\d_]+)\W{1,3}$")
_TOLD = re.compile(
    r"(?:我叫|名叫|名字是|名字叫)([\u4e00-\u9fff]{2,6})(?=[，。,.!！\s]|$)|我是([\u4e00-\u9fff]{2,5})(?=[，,]我)"
)
_ONLY_PEOPLE = re.compile(
    r" (?:feels|felt|says|said|told|wants|wanted|made me|loves|hates|asked|wrote|ordered|bought|thinks|promised|helped"
    r"|waits|waited|received|complained|was (?:treated|angry|furious|upset|happy|glad)|is (?:angry|furious|upset|happy)"
    r"|and I|cried|writes|und ich|schreibt|y yo|escribe|a já|píše|и я|пишет"
    r"|sagt|sagte|meint|meinte|möchte|wollte|schrieb|fragte|bestellte|versprach|wartet|wartete|bekam|erhielt"
    r"|freut sich|ärgert sich|beschwert sich|ist (?:sehr |so )?(?:wütend|sauer|zufrieden|unzufrieden|enttäuscht)"
    r"|říká|řekla?|tvrdí|chce|čeká|čekala?|se zlobí|psala?|slíbila?|objednala?|dostala?|vrátila?"
    r"|je (?:moc |velmi )?(?:spokojen|nespokojen|naštvan|zklaman)[ýá]?"
    r"|dice|dijo|quiere|quería|me ayudó|pidió|compró|recibió|espera|esperaba|devolvió"
    r"|está (?:muy |tan )?(?:enfadad[oa]|enojad[oa]|content[oa]|hart[oa]|triste)"
    r"|говорит|сказала?|хочет|хотела?|ждёт|ждет|ждала?|сердится|(?:не ?)?доволен|(?:не ?)?довольна|очень рада?"
    r"|разочарована?|обещала?|получила?|купила?|заказала?)(?![^\W_])"
)
"""What people do and things do not."""
_FRIENDS = frozenset(
    "friend colleague freund freundin přítel přítelkyně kamarád kamarádka kolega kolegyně amigo amiga "
    "soy bin hier schreibt spricht tady aquí "
    "друг подруга коллега".split()
)
_CAPITALS_SAY_LITTLE = "de"
_OTHERS = frozenset({PersonalKind.LOCATION, PersonalKind.ORGANIZATION, PersonalKind.NATIONALITY})
_SHORT = re.compile(r"['’](?:s|t|d|m|ve|re|ll)$")
"""Ends of what is said short: it's, they've; a name that owns something is told by its list."""
_FOREIGN = "nrt"
"""The segmenter's class of foreign names written in Han characters."""
_DOES = re.compile("[对很想说要]|非常|特别|已经|还没")
"""What somebody does or is, right after the name."""
_CARRIED = "对很想说要"
"""What the segmenter takes for the end of a name."""
_NOBODY = frozenset({"谢谢", "感谢", "顾客", "客服", "明白", "高兴", "方便", "支付宝"})
_RULE = "people"


def find_people(text: str, language: str, ordinary: AbstractSet[str] = frozenset()) -> list[PersonalSpan]:
    """Names of people in a text, in order and apart, also at its beginning and in a foreign script.

    Args:
        text: read as far as `MAX_CHARS`.
        language: of the text; in German a capital says little.
        ordinary: words, written small, that are no names here unless a list of names says so.
    """
    text = text[:MAX_CHARS]
    named = () if _HAN.search(text) and not any(map(str.isupper, text)) else find_names(text)
    others = [(s.start, s.end) for s in named if s.kind in _OTHERS and " " in s.value]
    shown = _Shown(language, ordinary, others)
    found = list(_by_capital(text, shown))
    found += [span for span in named if _is_likely(text, span, shown)]
    if _HAN.search(text):
        found += [span for span in find_chinese(text) if span.kind is PersonalKind.PERSON]
        found += _by_chinese_words(text)
    return settle(found)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a capital says here."""

    language: str
    ordinary: AbstractSet[str]
    others: Sequence[tuple[int, int]]
    """Where places and bodies are named in several words; one unknown word may as well be somebody's name."""

    def is_apart(self, start: int, end: int) -> bool:
        """Whether no other name covers a place."""
        return not any(first < end and start < last for first, last in self.others)

    def is_strange(self, word: str) -> bool:
        """Whether a word no list knows is a name of nothing else."""
        return (
            word.casefold() not in self.ordinary
            and _SHORT.search(word) is None
            and is_hardly_ordinary(word)
            and not is_thing(word, self.language)
            and not is_inflected_place(word, self.language, is_place)
        )

    def is_given(self, word: str, *, begins: bool) -> bool:
        """Whether a word is a given name, as lists hold it or in another case; a country's cases are nobody's."""
        if not is_given_name(word, begins=begins):
            return False
        if is_listed_given_name(word):
            return True
        return is_case_of_name(word, self.language, is_listed_given_name) and not is_inflected_place(
            word, self.language, is_country
        )


def _by_capital(text: str, shown: _Shown) -> Iterator[PersonalSpan]:
    """Capitalised words that are given names, or that no list knows and that do not begin a sentence."""
    for match in _WORD.finditer(text):
        word = match[0]
        if (
            len(word) < 3
            or word[1] in "'’"
            or not word[0].isupper()
            or not word[1:].replace("-", "").islower()
        ):
            continue
        if describes(text, *match.span(), shown.language) and not _is_introduced(text, match.start()):
            continue
        begins = _begins(text, match.start())
        touches_han = _HAN.match(text, match.end()) or (match.start() and _HAN.match(text[match.start() - 1]))
        if (
            shown.is_given(word, begins=begins)
            or (
                _shows_names(shown.language)
                and (touches_han or not begins)
                and shown.is_apart(*match.span())
                and shown.is_strange(word)
            )
            or (
                is_hardly_ordinary(word, may_be_place=True)
                and not is_about_several(word, shown.language)
                and _acts(text, match.start(), match.end())
            )
        ):
            yield _span(text, match.start(), match.end())


def _is_likely(text: str, span: PersonalSpan, shown: _Shown) -> bool:
    """Whether what the tagger took for a person has a sign of it besides: a given name, or an introduction."""
    if span.kind is not PersonalKind.PERSON or _HAN.search(span.value):
        return False
    if _is_introduced(text, span.start):
        return True
    words = [word for word in _WORD.findall(span.value) if word[0].isupper()]
    if len(words) == 1 and describes(text, span.start, span.end, shown.language):
        return False
    if any(shown.is_given(word, begins=False) for word in words):
        return True
    if not _shows_names(shown.language) or (len(words) < 2 and _begins(text, span.start)):
        return False  # any word may begin a sentence: "Hiking is allowed"
    return any(map(shown.is_strange, words))


def _acts(text: str, start: int, end: int) -> bool:
    """Whether a word is introduced as a person, or does what only people do."""
    return _ONLY_PEOPLE.match(text, end) is not None or _is_introduced(text, start)


def _is_introduced(text: str, place: int) -> bool:
    """Whether a name is what usually follows the word before a place."""
    before = _BEFORE.search(text, max(0, place - 40), place)
    return before is not None and (introduces_people(before[1]) or before[1].casefold() in _FRIENDS)


def _begins(text: str, place: int) -> bool:
    """Whether a sentence begins here; a single letter with a stop before it is an initial."""
    first = max(0, place - _MOST_GAP)
    gap = text[_GAP.search(text, first, place).start() : place]  # type: ignore[union-attr]  # it may be empty
    if len(gap) == place - first:
        return True
    return _STOPS.search(gap) is not None and _INITIAL.search(text, first, place) is None


def _shows_names(language: str) -> bool:
    return language.partition("-")[0] != _CAPITALS_SAY_LITTLE


def _by_chinese_words(text: str) -> Iterator[PersonalSpan]:
    import rjieba  # noqa: PLC0415 - reads its dictionary when it is imported

    for match in _TOLD.finditer(text):
        yield _span(text, *match.span(match.lastindex or 0))
    place = 0
    for word, kind in rjieba.tag(text):
        place = text.find(word, place)
        if place < 0:
            return
        name = word.rstrip(_CARRIED)
        end = place + len(name)
        is_person = kind[:2] == "nr" and name not in _NOBODY and 1 < len(name) < 5 and _HAN.match(name)
        if is_person and (_DOES.match(text, end) or (kind == _FOREIGN and len(name) > 2)):
            yield _span(text, place, end)
        place += len(word)


def _span(text: str, start: int, end: int) -> PersonalSpan:
    return PersonalSpan(start, end, PersonalKind.PERSON, text[start:end], 0.5, _RULE)
