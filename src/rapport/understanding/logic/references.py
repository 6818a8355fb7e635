"""Which of several options a text refers to: ids, positions, names, attributes, prices, all but one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import Stemmer  # type: ignore[import-not-found]

from rapport.understanding.contracts import Candidate, Reference
from rapport.understanding.logic import ordinals
from rapport.understanding.logic.cleaning import clean, fold, is_han
from rapport.understanding.logic.distance import is_within, slips_allowed
from rapport.understanding.logic.facets import facet_of

_CLIP = 1000
_STEMMED = {"en": "english", "de": "german", "es": "spanish", "ru": "russian"}
_TOKEN = re.compile("[\u3400-\u9fff]|[^\\W_\u3400-\u9fff]+")
_EMPTY_WORDS = frozenset(
    (
        "the a an of my to in for and or with one ones it i that this is want please would like me size "
        "color colour only just also order item items option same but from not no ten ta to tu toho te "
        "ty ja chci prosim a i v na s z od je jsem bych mi velikost barva barvu jen stejny ale ne "
        "objednavka polozka der die das den dem ein eine einen und oder ich mochte will bitte mit von "
        "fur im in grosse farbe nur gleiche aber nicht bestellung el la los las un una de del y o con "
        "para por quiero favor mi en talla color solo mismo pero no pedido que и в на с из от я мне хочу "
        "пожалуиста для размер цвет только то же но не заказ этот эту это тот ту 的 我 要 是 那 个 件 款 色 码 了 吧 "
        "请 这 和 在 就 给 把 都 "
        "be been is are was were am its they them we he she have has had do does did so if as at by can will "
        "was meant you know your "
        "je jsou byl byla bylo byt byli mam mame ma mel mela melo meli jako aby kdyz bude budu po do u k ve se si vite "
        "es sie wir ihr er ist sind war habe hat haben hatte wurde wird soll sollte kann mir mich uns als am zu zum "
        "zur auf aus bei nach wissen "
        "es esta estan era fue ha he han me se lo le te su al como "
        "был была было быть были у мне меня он она оно они как что за по к бы знаете "
        "对 没 有 很 也 还 你 您 他 它 们 一 样 办 会"
    ).split()
)
"""Words that point at nothing, folded, in the six languages."""
_AFTER_EXCEPTION = re.compile("以外|之外|[，,。]?(?:都|全部|其他|其余)")
_EXACT, _CLEAR = 1.0, 0.5
_Known: TypeAlias = tuple[str, str]
"""A word of a candidate's names, folded, and its stem."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the text with its place."""

    text: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Match:
    """How well one candidate fits."""

    score: float
    spans: tuple[tuple[int, int], ...]


def resolve(text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
    """Which candidates a text refers to; pure, never raises.

    Args:
        text: what the customer wrote; positions in the result count in it.
        candidates: in the order in which they were shown.
        many: whether several may be chosen; if not, several fitting ones are reported as ambiguous.
        language: for word stems.
    """
    folded = fold(text[:_CLIP])
    if not candidates or not folded.strip():
        return _nothing()
    excluded = ordinals.EXCEPT.search(folded)
    if many and excluded:
        return _all_but(text, candidates, excluded, language)
    if ordinals.NEITHER.search(folded) and len(folded.split()) <= 4:
        return _nothing()
    found = (
        _by_id(folded, candidates)
        or _by_whole_name(folded, candidates)
        or _by_price(folded, candidates, language)
        or _sweeping(folded, candidates, many=many, language=language)
        or _by_position_and_name(folded, candidates, language)
    )
    return _report(found if many else _best_named(found), candidates, many=many)


def _best_named(found: dict[int, _Match]) -> dict[int, _Match]:
    """Where one is wanted, those that more of the words speak for; a stray word does not make a choice unclear."""
    most = max((len(match.spans) for match in found.values()), default=0)
    return {i: match for i, match in found.items() if len(match.spans) == most}


def _nothing() -> Reference:
    return Reference((), is_ambiguous=False, score=0.0)


def _report(found: dict[int, _Match], candidates: Sequence[Candidate], *, many: bool) -> Reference:
    if not found:
        return _nothing()
    chosen = sorted(found)
    spans = tuple(sorted({span for match in found.values() for span in match.spans}))
    score = min(match.score for match in found.values())
    is_ambiguous = len(chosen) > 1 and not many
    return Reference(tuple(candidates[i].value for i in chosen), is_ambiguous, round(score, 3), spans)


def _all_but(text: str, candidates: Sequence[Candidate], excluded: re.Match[str], language: str) -> Reference:
    """Everything except what the words after (in Chinese: between) the exception name."""
    around = _AFTER_EXCEPTION.split(text[excluded.end() :])
    named = around[0] if excluded.group() not in ("以外", "之外") else text[: excluded.start()]
    left_out = resolve(named, candidates, many=True, language=language)
    if not left_out.values or len(left_out.values) == len(candidates):
        return _nothing()
    kept = tuple(candidate.value for candidate in candidates if candidate.value not in left_out.values)
    return Reference(kept, is_ambiguous=False, score=left_out.score, spans=(excluded.span(),))


def _by_id(folded: str, candidates: Sequence[Candidate]) -> dict[int, _Match]:
    """Candidates whose value or alias is an identifier (it holds a digit) written in the text."""
    found: dict[int, _Match] = {}
    for i, candidate in enumerate(candidates):
        for bare, digits in _identifiers((candidate.value, *candidate.aliases)):
            if digits not in folded:
                continue
            match = re.search(rf"(?<!\w)#?(?:{re.escape(bare)}|{re.escape(digits)})(?!\w)", folded)
            if match:
                found[i] = _Match(_EXACT, (match.span(),))
    return found


@lru_cache(maxsize=2048)
def _identifiers(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those names that are identifiers, folded, each with the form people write who leave the letter out."""
    bare = [fold(name).lstrip("#") for name in names]
    kept = [n for n in bare if len(n) >= 4 and any(char.isdigit() for char in n) and " " not in n]
    return tuple((n, n[1:] if n[0] == "w" and n[1:].isdigit() else n) for n in kept)


def _by_whole_name(folded: str, candidates: Sequence[Candidate]) -> dict[int, _Match]:
    """The text is nothing but a candidate's name."""
    bare = " ".join(_TOKEN.findall(folded))
    return (
        {
            i: _Match(_EXACT, ((0, len(folded)),))
            for i, candidate in enumerate(candidates)
            if any(bare == _bare_name(name) for name in (candidate.title, *candidate.aliases))
        }
        if bare
        else {}
    )


@lru_cache(maxsize=8192)
def _bare_name(name: str) -> str:
    return " ".join(_TOKEN.findall(fold(name)))


def _by_price(folded: str, candidates: Sequence[Candidate], language: str) -> dict[int, _Match]:
    """The cheapest or dearest one, among those whose name is also said."""
    for pattern, sign in ((ordinals.CHEAPEST, 1), (ordinals.DEAREST, -1)):
        match = pattern.search(folded)
        if not match:
            continue
        prices = {
            i: price for i, candidate in enumerate(candidates) if (price := _price(candidate)) is not None
        }
        named = _by_name(
            folded[: match.start()] + " " * (match.end() - match.start()) + folded[match.end() :],
            candidates,
            language,
        )
        pool = {i: prices[i] for i in named or prices if i in prices}
        if pool:
            best = min(sign * price for price in pool.values())
            return {i: _Match(0.95, (match.span(),)) for i, price in pool.items() if sign * price == best}
    return {}


def _price(candidate: Candidate) -> float | None:
    match = re.search(r"\d+(?:[.,]\d+)?", candidate.attributes.get("price", "").replace(" ", ""))
    return float(match.group().replace(",", ".")) if match else None


def _sweeping(
    folded: str, candidates: Sequence[Candidate], *, many: bool, language: str
) -> dict[int, _Match]:
    """Both, all, or all that carry the name said with it."""
    if not many:
        return {}
    for pattern, applies in ((ordinals.BOTH, len(candidates) == 2), (ordinals.ALL, True)):
        match = pattern.search(folded)
        if match and applies:
            named = _by_name(folded, candidates, language)
            return dict.fromkeys(named or range(len(candidates)), _Match(0.95, (match.span(),)))
    return {}


def _by_position_and_name(folded: str, candidates: Sequence[Candidate], language: str) -> dict[int, _Match]:
    """Names first; positions when no name fits clearly or together with it ("the second lamp")."""
    named = _by_name(folded, candidates, language)
    positions = {
        i: _Match(0.9, ((start, end),)) for i, start, end in ordinals.find_positions(folded, len(candidates))
    }
    if not positions:
        return named
    if not named:
        return positions
    common = {i: match for i, match in named.items() if i in positions}
    if common:
        return common
    rank = next(iter(ordinals.find_positions(folded, len(named))), None)
    ranked = sorted(named)
    if rank and len(named) > 1:
        return {ranked[rank[0]]: _Match(0.85, (rank[1:],))}
    return named if len(named) < len(candidates) else positions


def _by_name(folded: str, candidates: Sequence[Candidate], language: str) -> dict[int, _Match]:
    """Candidates whose names and attributes cover the words said best.

    Words that fit every candidate tell nothing apart; attributes that contradict ("blue" said, "red" one)
    count against. Distinct named things ("the mug and the lamp") are all returned.
    """
    spoken = content_words(folded, language)
    if not spoken:
        return {}
    vocabularies = [_vocabulary(candidate, language) for candidate in candidates]
    alike = _alike_words(spoken, frozenset().union(*vocabularies))
    hits = [
        {word for word in spoken if not alike[word].isdisjoint(vocabulary)} for vocabulary in vocabularies
    ]
    rarity = {word: 1.0 / max(1, sum(word in hit for hit in hits)) for word in spoken}
    scores = [sum(rarity[word] for word in hit) for hit in hits]
    meant = [word for word in spoken if any(word in hit for hit in hits)]
    if not meant:
        return {}
    fitting = _cover(meant, hits, scores)
    share = len(meant) / len(spoken)
    return {
        i: _Match(
            round(_CLEAR + 0.45 * share, 3),
            tuple((word.start, word.end) for word in spoken if word in hits[i]),
        )
        for i in fitting
    }


def _cover(meant: list[Word], hits: list[set[Word]], scores: list[float]) -> list[int]:
    """The best candidates, then the best for each thing said that they leave uncovered."""
    chosen: list[int] = []
    left = set(meant)
    while left:
        gains = [len(hit & left) for hit in hits]
        top = max(gains)
        if top == 0 or (chosen and top < 1):
            break
        best = max(scores[i] for i, gain in enumerate(gains) if gain == top)
        group = [i for i, gain in enumerate(gains) if gain == top and scores[i] >= best - 1e-9]
        if chosen and any(hits[i] & set(meant) - left for i in group):
            break
        chosen += group
        left -= set().union(*(hits[i] for i in group))
    return chosen


_EMPTY_HAN = re.compile("订单|订购|包裹|商品|产品|东西|快递|物流|取消|退货|换货|退款|地址|付款")
"""Words about buying in general; their single characters would otherwise meet those of product names."""


def content_words(folded: str, language: str) -> list[Word]:
    """Words of folded text that may name a thing, with places and stems."""
    words = []
    for match in _TOKEN.finditer(_EMPTY_HAN.sub(lambda found: " " * len(found[0]), folded)):
        word = match.group()
        if word not in _EMPTY_WORDS:
            words.append(Word(word, stem_of(word, language), match.start(), match.end()))
    return words


def _vocabulary(candidate: Candidate, language: str) -> frozenset[_Known]:
    return _known_words((candidate.title, *candidate.aliases, *candidate.attributes.values()), language)


@lru_cache(maxsize=2048)
def _known_words(names: tuple[str, ...], language: str) -> frozenset[_Known]:
    tokens = {token for name in names for token in _TOKEN.findall(fold(clean(name)))}
    return frozenset((token, stem_of(token, language)) for token in tokens - _EMPTY_WORDS)


def _alike_words(spoken: Sequence[Word], known: Iterable[_Known]) -> dict[Word, set[_Known]]:
    """For each word the known ones it is alike; only those that begin or stem alike are looked at."""
    by_letter: defaultdict[str, list[_Known]] = defaultdict(list)
    by_stem: defaultdict[str, list[_Known]] = defaultdict(list)
    for one in known:
        by_letter[one[0][0]].append(one)
        by_stem[one[1]].append(one)
    return {
        word: {one for one in by_letter.get(word.text[0], ()) if _alike(word, one)}.union(
            by_stem.get(word.stem, ())
        )
        for word in spoken
    }


def _alike(word: Word, known: _Known) -> bool:
    """The same word, the same stem, or within the slips its length allows."""
    text, stem = known
    if word.text == text or word.stem == stem:
        return True
    if is_han(word.text) or word.text[0] != text[0]:
        return False
    shortest = min(len(word.text), len(text))
    if (
        shortest >= 4
        and word.text[: shortest - 1] == text[: shortest - 1]
        and abs(len(word.text) - len(text)) <= 3
        and shortest >= 5
    ):
        return True
    return is_within(word.text, text, min(slips_allowed(word.text), slips_allowed(text)))


@lru_cache(maxsize=8192)
def stem_of(word: str, language: str) -> str:
    """What the forms of a folded word have in common; colours and sizes share theirs across languages."""
    facet = facet_of(word)
    if facet:
        return facet
    if word.isdigit() or is_han(word):
        return word
    name = _STEMMED.get(language)
    stemmed: str = _stemmer(name).stemWord(word) if name else _czech(word)
    return stemmed


@lru_cache(maxsize=8)
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


def _czech(word: str) -> str:
    """Czech endings cut lightly: the stemmer library has none for it."""
    for ending in (
        "ovou",
        "ovym",
        "ami",
        "emi",
        "ymi",
        "imi",
        "eho",
        "emu",
        "ich",
        "ych",
        "ach",
        "ech",
        "ou",
        "em",
        "ym",
        "im",
        "um",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word.rstrip("aeiouy") if len(word) > 4 else word
