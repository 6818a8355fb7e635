"""Names of people, organisations and places, nationalities and addresses: the tagger, and what form forbids."""

# ruff: noqa: E501 - word lists
from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan
from rapport.governance.personal_data.tagging.lexicon import BIT
from rapport.governance.personal_data.tagging.tagger import Tagger, load
from rapport.governance.personal_data.tagging.tokens import Token, tokenize

FILE = Path(__file__).parent / "data" / "tagger.npz"
SHA256: str | None = "54fa2afa6887080d1bfad4fca368b4dd4b353926e63e51b186bf1201447b8abd"
"""Of the weights that are published; another file is refused."""
_KINDS = {
    "PER": PersonalKind.PERSON,
    "ORG": PersonalKind.ORGANIZATION,
    "LOC": PersonalKind.LOCATION,
    "ADR": PersonalKind.ADDRESS,
    "NRP": PersonalKind.NATIONALITY,
}
_CHUNK = 2_000
"""Tokens read at once: bounds memory."""
_LOWEST = 0.25
"""Finds below this score are dropped."""
_NAMES = BIT["given"] | BIT["surname"]
_PLACES = BIT["city"] | BIT["country"] | BIT["part"]
_LISTED = {
    "PER": _NAMES,
    "LOC": _PLACES,
    "ORG": BIT["org"] | BIT["known"] | _NAMES,
    "NRP": BIT["nationality"],
}
_DIRECTIONS = frozenset("southern northern eastern western central".split())
_INTRODUCING = frozenset(
    "mr mrs ms miss dr hi hello hey dear named called pan paní herr frau señor señora hola hallo ahoj привет".split()
)
_LINKING = frozenset("se is : = je ist es".split())
_CAMEL = re.compile(r"(?!Mc|Mac|De|Di|Da|La|Le|Van|Fitz|O['’]|D['’])[A-Z][a-z]+(?:[A-Z][a-z]+)+")
_HOMOGRAPHS = frozenset(
    "bill chase grant drew pat rob sue art gene dawn may will mark rose grace hope faith joy robin frank jack penny rich max guy".split()
)
"""Names that are ordinary words in small letters."""
_BEFORE_PEOPLE = _INTRODUCING | frozenset(
    "i'm jmenuji jmenuje heiße heißt llamo llama зовут herrn paní pane pana wife husband brother sister son daughter mother father boss "
    "manžel manželka syn dcera soused nachbar nachbarin kollege kollegin mann frau sohn tochter marido mujer hijo hija vecino муж жена сын дочь сосед "
    "miss sir judge professor prof captain rev".split()
)
_LOCATIVE = frozenset(
    "in from at near of through around via into toward v ve z ze do u aus nach bei en desde hacia hasta во из на до около".split()
)
"""Words before a place; "to", "с" and the like stand before people as well."""
_MONEY = frozenset(
    "kč czk € eur euro euros $ usd dollars £ gbp pounds руб рублей ₽ rub % ks pcs pieces mah w ml mm cm kg g gb tb".split()
)
_PARTICLES = frozenset(
    "and of the de del la las los le du des van der den von zu y e i da do dos di al el ul st".split()
)
_NAME_WORDS = frozenset("name surname firstname lastname jméno příjmení nombre apellido имя фамилия".split())
_NEVER = frozenset(
    "i he she it we you they me him her us them my his its our your their mine who what where when why how this that these those there here "
    "traceback error warning exception info debug bearer token password authorization login the a an and or but if so not no yes ok okay hi hello hey dear thanks thank please sorry cool great good bad well then now today tomorrow "
    "yesterday sir madam mr mrs ms miss dr bot agent user customer name phone fax mobile desk office email mail address order item "
    "ich du er sie es wir ihr mein meine sein ihre und oder aber nicht danke bitte hallo guten herr frau kunde der die das ein eine "
    "já ty on ona my vy oni můj moje jeho její a ale ne ano dobrý den děkuji prosím ahoj pan paní "
    "yo tú él ella usted nosotros ellos mi su hola gracias por favor señor señora el la los las un una "
    "я ты он она мы вы они мой моя его её и но не да нет спасибо пожалуйста здравствуйте привет добрый день".split()
)


def find_names(text: str, known: Sequence[tuple[int, int, str]] = ()) -> Iterator[PersonalSpan]:
    """Spans of the tagger over a text whose `known` stretches were recognised before."""
    tokens = tokenize(text, known)
    has_case = _has_case(tokens)
    for first in range(0, len(tokens), _CHUNK):
        chunk = tokens[first : first + _CHUNK]
        yield from _spans(text, chunk, has_case=has_case)
        yield from _find_listed(text, chunk)


def is_given_name(word: str, *, begins: bool) -> bool:
    """Whether a capitalised word is a given name; one that is an ordinary word too not at a sentence's beginning."""
    tagger = _tagger()
    folded = word.casefold()
    bits = tagger.bits_of(word)
    if folded in _NEVER or not bits & BIT["given"] or bits & (BIT["title"] | BIT["calendar"] | BIT["brand"]):
        return False
    return not (begins and folded in _HOMOGRAPHS)


def introduces_people(word: str) -> bool:
    """Whether a person's name is what usually follows a word: Mr, named, brother."""
    return word.casefold() in _BEFORE_PEOPLE


def is_hardly_ordinary(word: str, *, may_be_place: bool = False) -> bool:
    """Whether a word stands in no list but those of names, and is not known to be written small."""
    allowed = _NAMES | (_PLACES if may_be_place else BIT["part"])
    listed, spelling = _tagger().lexicon.describe(word)
    return len(word) > 2 and spelling < 3 and not listed & ~allowed


def _has_case(tokens: list[Token]) -> bool:
    """Whether capitals tell something: some words have them, not all."""
    words = [t.word for t in tokens if t.word[0].isalpha()]
    return any(w[0].isupper() and not w.isupper() for w in words)


def _find_listed(text: str, tokens: list[Token]) -> Iterator[PersonalSpan]:
    """Single words that only stand in the list of nationalities or countries, whatever the tagger says."""
    tagger = _tagger()
    for token in tokens:
        if len(token.word) < 4 or not token.word[0].isalpha():
            continue
        bits = tagger.bits_of(token.word)
        if bits & (BIT["nationality"] | BIT["country"]) and not bits & _NAMES:
            if token.word[0].islower() and tagger.is_ordinary(token.word):
                continue
            kind = PersonalKind.LOCATION if bits & BIT["country"] else PersonalKind.NATIONALITY
            yield PersonalSpan(token.start, token.end, kind, text[token.start : token.end], 0.2, "listed")


def _spans(text: str, tokens: list[Token], *, has_case: bool) -> Iterator[PersonalSpan]:
    tagger = _tagger()
    for start, last, found, score in tagger.tag(tokens):
        end = next((i for i in range(start, last) if tokens[i].word[0] == "§"), last)
        end = _first_break(tokens, start, end) if has_case else end
        if score < _LOWEST or start == end:
            continue
        if any("\u4e00" <= tokens[i].word[0] <= "\u9fff" for i in range(start, end)):
            continue
        kind = _kind_of(tokens[start:end], found, tagger)
        if kind == "ADR" and _is_amount(tokens, start, end, tagger):
            continue
        if kind != "ADR" and all(tagger.is_calendar(t.word) for t in tokens[start:end]):
            continue
        if kind in ("PER", "LOC") and any(tagger.is_brand(t.word) for t in tokens[max(0, start - 1) : end]):
            continue
        cut = (
            _cut_address(tokens, start, end, tagger, has_case=has_case)
            if kind == "ADR"
            else _cut(tokens, start, end, kind, tagger, has_case=has_case)
        )
        if cut is None:
            continue
        if kind in ("LOC", "ORG") and _is_rather_person(tokens, *cut, kind, tagger):
            kind = "PER"
        first, after = tokens[cut[0]].start, tokens[cut[1] - 1].end
        yield PersonalSpan(first, after, _KINDS[kind], text[first:after], round(score * 0.84, 3), "tagger")


def _is_amount(tokens: list[Token], start: int, end: int, tagger: Tagger) -> bool:
    """Whether a supposed address is a price or a product: money follows, or a brand without any street."""
    if end < len(tokens) and tokens[end].word.casefold() in _MONEY:
        return True
    inside = tokens[start:end]
    return any(tagger.is_brand(t.word) for t in inside) and not any(tagger.is_street(t.word) for t in inside)


def _first_break(tokens: list[Token], start: int, end: int) -> int:
    """Where a stretch runs into prose: three small words in a row, or the end of a sentence."""
    small = 0
    for place in range(start, end):
        word = tokens[place].word
        small = small + 1 if word.islower() and word not in _PARTICLES else 0
        if small == 3:
            return place - 2
        if word in ".!?" and small and place > start and len(tokens[place - 1].word) > 3:
            return place
    return end


def _cut(
    tokens: list[Token], start: int, end: int, kind: str, tagger: Tagger, *, has_case: bool
) -> tuple[int, int] | None:
    """A stretch without what cannot stand at its edge; None if nothing remains."""

    def may_stand(token: Token) -> bool:
        word = token.word
        if not word[0].isalpha() or word.casefold() in _NEVER or word.casefold() in _DIRECTIONS:
            return False
        if has_case and not word[0].isupper() and word.lower() != word.upper():
            return kind == "NRP" and tagger.is_listed(word, _LISTED[kind])
        return has_case or tagger.may_be_name(word, _LISTED[kind])

    while start < end and not may_stand(tokens[start]):
        start += 1
    while end > start and not may_stand(tokens[end - 1]) and not _ends(tokens, end - 1, kind):
        end -= 1
    if not has_case and not any(_is_sure_small(tokens, i, kind, tagger) for i in range(start, end)):
        return None
    if start >= end or (
        end - start == 1 and not _is_name_alone(tokens, start, kind, tagger, has_case=has_case)
    ):
        return None
    follower = tokens[end].word if end < len(tokens) else ""
    return (
        None if follower[:1] in ("'", "’") and follower[1:] in ("t", "m", "re", "ll", "ve") else (start, end)
    )


def _is_name_alone(tokens: list[Token], place: int, kind: str, tagger: Tagger, *, has_case: bool) -> bool:
    """Whether one word may be a find by itself: no single letter, no code, no common word that begins a sentence."""
    word = tokens[place].word
    if kind == "NRP":
        return True
    if _is_short_code(word, kind, tagger, has_case=has_case):
        return False
    if not has_case and word.casefold() in _HOMOGRAPHS and not _is_told(tokens, place):
        return False
    follower = tokens[place + 1].word if place + 1 < len(tokens) else "."
    is_called = follower[0] in ",:!.\n"  # "Grace, can you", "Ella: yes"
    is_small = tagger.is_common(word) or (tagger.is_ordinary(word) and not is_called)
    return not (is_small and _begins(tokens, place))


def _is_sure_small(tokens: list[Token], place: int, kind: str, tagger: Tagger) -> bool:
    """Whether a word in a text without capitals is a name and nothing else, or is introduced as one."""
    word = tokens[place].word
    if kind in ("LOC", "ORG") and len(word) > 2 and word[0].isalpha() and not tagger.is_ordinary(word):
        return True
    is_listed = tagger.is_listed(word, _LISTED[kind] & ~BIT["part"])
    return (is_listed and not tagger.is_ordinary(word) and len(word) > 2) or _is_told(tokens, place)


def _is_told(tokens: list[Token], place: int) -> bool:
    """Whether the words before introduce a name: "my name is rose", "hi mark"."""
    before = [t.word.casefold() for t in tokens[max(0, place - 2) : place]]
    return bool(before) and (
        before[-1] in _INTRODUCING or (before[-1] in _LINKING and before[0] in _NAME_WORDS)
    )


def _is_short_code(word: str, kind: str, tagger: Tagger, *, has_case: bool) -> bool:
    """One letter, an abbreviation that no list of names knows (SKU, USB-C), or a name in a program (KeyError)."""
    if len(word) < 2 or (_CAMEL.fullmatch(word) and kind != "ORG"):
        return True
    return (
        has_case
        and word.isupper()
        and len(word) <= 5
        and not tagger.is_listed(word, _LISTED["ORG"] | _PLACES)
    )


def _kind_of(tokens: list[Token], found: str, tagger: Tagger) -> str:
    """The kind, put right by the lists: an address without number or street is a place, a country is no person."""
    if found == "ADR":
        is_postal = any(t.word[0].isdigit() or t.word[0] == "§" or tagger.is_street(t.word) for t in tokens)
        return found if is_postal else "LOC"
    words = [t.word for t in tokens if t.word[0].isalpha()]
    if found in ("LOC", "ORG") and len(words) > 1 and _is_full_name(words, tagger):
        return "PER"
    if found == "PER" and words and not any(tagger.is_listed(w, _NAMES) for w in words):
        if all(tagger.is_listed(w, BIT["country"]) for w in words):
            return "LOC"
        if tagger.is_listed(words[0], BIT["nationality"]):
            return "NRP"
    return found


def _is_rather_person(tokens: list[Token], start: int, end: int, kind: str, tagger: Tagger) -> bool:
    """Whether a place or body is introduced as a person, or is a listed name that stands where no place would."""
    if _is_introduced(tokens, start):
        return True
    names = [t.word for t in tokens[start:end] if t.word[0].isalpha()]
    if kind == "ORG" or not names or any(tagger.is_listed(w, BIT["country"] | BIT["org"]) for w in names):
        return False
    is_named = (
        tagger.is_listed(names[0], BIT["given"]) if len(names) > 1 else tagger.is_listed(names[0], _NAMES)
    )
    before = tokens[start - 1].word.casefold() if start else ""
    return is_named and before not in _LOCATIVE


def _is_introduced(tokens: list[Token], start: int) -> bool:
    """Whether the words before say that a person's name follows: "my name is", "Dear", a line under the greeting."""
    before = [t.word.casefold() for t in tokens[max(0, start - 3) : start]]
    if not before:
        return False
    if before[-1] == "\n":
        return before[-2:-1] == [","]
    if before[-1] == "." and len(before) > 1:
        before = before[:-1]
    return before[-1] in _BEFORE_PEOPLE or (before[-1] in _LINKING and bool(_NAME_WORDS & set(before)))


def _is_full_name(words: list[str], tagger: Tagger) -> bool:
    """Whether words are a listed given name and listed surnames or initials, and none of them a place or a body."""
    if not tagger.is_listed(words[0], BIT["given"]) or tagger.is_listed(
        words[-1], BIT["org"] | BIT["country"]
    ):
        return False
    return all(len(w) == 1 or tagger.is_listed(w, _NAMES) for w in words[1:])


def _begins(tokens: list[Token], place: int) -> bool:
    """Whether a token begins a sentence or a line, where capitals say nothing."""
    return place == 0 or tokens[place - 1].word[0] in '.!?\n:…"“'


def _ends(tokens: list[Token], place: int, kind: str) -> bool:
    """A full stop after an initial or a short form, a closing bracket, a number of a company."""
    word = tokens[place].word
    if word == ".":
        return (
            place > 0
            and len(tokens[place - 1].word) <= 4
            and tokens[place - 1].end == tokens[place].start
            and kind == "ORG"
        )
    return word == ")" and kind == "LOC"


def _cut_address(
    tokens: list[Token], start: int, end: int, tagger: Tagger, *, has_case: bool
) -> tuple[int, int] | None:
    """An address without signs at its edges; it needs a capitalised word, a kind of street or a postal code."""
    while start < end and not tokens[start].word[0].isalnum() and tokens[start].word[0] != "§":
        start += 1
    while end > start and not _ends_address(tokens, end - 1, tagger, has_case=has_case):
        end -= 1
    inside = tokens[start:end]
    if any(tagger.is_street(t.word) for t in inside):
        return start, end
    has_word = any(t.word[0].isalpha() and len(t.word) > 1 for t in inside)
    if any(_is_telling(t.word, tagger, has_case=has_case) for t in inside) and (has_case or has_word):
        return start, end
    return None


def _ends_address(tokens: list[Token], place: int, tagger: Tagger, *, has_case: bool) -> bool:
    """Whether an address may end here: no sign but the dot of a short form, no small word but a kind of street."""
    word = tokens[place].word
    if word == ".":
        return (
            place > 0
            and tokens[place - 1].end == tokens[place].start
            and tagger.is_street(tokens[place - 1].word)
        )
    if not word[0].isalnum():
        return word == ")"
    return not (has_case and word.islower() and len(word) > 1) or tagger.is_street(word)


def _is_telling(word: str, tagger: Tagger, *, has_case: bool) -> bool:
    """A capitalised word, capitals longer than an abbreviation, or a postal code; no SKU, no tracking number."""
    if word.isdigit():
        return 4 <= len(word) <= 6
    if tagger.is_common(word) or tagger.is_calendar(word) or word.casefold() in _NEVER:
        return False
    return (
        has_case
        and word[0].isupper()
        and word.isalpha()
        and (not word.isupper() or len(word) > 4)
        and len(word) > 1
    )


@functools.cache
def _tagger() -> Tagger:
    return load(FILE, SHA256)
