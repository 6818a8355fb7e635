"""What a customer takes back and what they put in its place: "not the red one, the blue one", "no, the other order"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.understanding.contracts import Entity
from rapport.understanding.logic.cleaning import fold

_THING = r"[^,;.!?，。；！？\n]{1,60}?"
_END = r"(?=\s*(?:[,;.!?，。；！？\n]|$))"
_PAIRS = re.compile(
    rf"(?:(?<!\w)(?:not|nicht|ne|neni to|no(?! (?:puedo|quiero|me|se|ha|he|hay|es(?! el| la)))|не|nechci|i don't (?:want|mean)|ich meine nicht)\s(?P<old>{_THING})\s?(?:,\s?(?:but|sondern|ale|nybrz|sino|а|но|pero)\s|\s(?:but|sondern|ale|nybrz|sino|а)\s|,\s(?:i meant|i mean|ich meine|myslel jsem|mam na mysli|quiero|chci|ich will)?\s?)(?P<new>{_THING}){_END})"
    rf"|(?:不是|不要)(?P<old_zh>{_THING})[,，]?\s?(?:而是|是|要)(?P<new_zh>{_THING}){_END}"
)
_INSTEAD = re.compile(
    rf"(?<!\w)(?P<new>(?:the|den|die|das|ten|tu|to|el|la|los|las|тот|ту|то)?\s?[^\s,;.!?]{{1,20}}(?:\s[^\s,;.!?]{{1,20}}){{0,3}}?)\s(?:instead of|statt|anstatt|misto|en lugar de|en vez de|вместо)\s(?P<old>{_THING}){_END}"
)
_MEANT = re.compile(
    rf"(?:^|[\s,.!])(?:no,?\s|ne,?\s|nein,?\s|нет,?\s|sorry,?\s|pardon,?\s|perdon,?\s|promin\w{{0,3}},?\s|entschuldigung,?\s|извините,?\s)?(?:actually,?\s)?(?:i meant?|i was talking about|myslel[ai]? jsem|mel[ai]? jsem na mysli|mam na mysli|ich meinte|ich meine|gemeint war|quise decir|quiero decir|me refiero a|me referia a|я имел[аи]? в виду|имею в виду|я про|我是说|我说的是|我指的是|我的意思是)\s?(?P<new>{_THING}){_END}"
    rf"|(?:^|(?<=[.!?\n]\s))(?:no|nope|ne|nein|no no|нет|не)[,.!]\s(?P<other>(?:not that,?\s)?(?:the|to the|that|ten|tu|ta|to|tento|die|der|das|den|el|la|los|las|другои|другую|другое|тот|ту|second|first)\s{_THING}|other {_THING}|другои {_THING}|другую {_THING}){_END}"
    rf"|(?:不|不对|错了)[,，。!！]\s?(?P<zh>(?:是|要)?(?:另|那|第|这){_THING}){_END}"
)


_AGAINST = re.compile(r"(?<!\w)(?:sondern|sino|nybrz|i meant?|ich meine|myslel jsem|mam na mysli)(?!\w)")
_BUT = re.compile(r"(?<!\w)(?:ale|а)(?!\w)")
_ARTICLES = frozenset(
    "the a an this that my to den die das der dem dieses diese ten ta tu to toho te tento tuto el la los las un una ese esa тот та "
    "то ту те этот эту в на for zu fur para size velikost grosse talla размер two three dva tri zwei drei dos tres два три".split()
)
_MOST_WORDS, _MOST_MEANT = 4, 7


def find_corrections(text: str) -> Iterator[Entity]:
    """Corrections; value ``{"not": …, "but": …}`` as written, ``not`` empty where only the new is said."""
    folded = fold(text)
    for match in _PAIRS.finditer(folded):
        parts = match.groupdict()
        if not parts["old_zh"] and not _is_pair(match):
            continue
        kind = "old_zh" if parts["old_zh"] else "old"
        yield _correction(text, match, kind, "new_zh" if kind == "old_zh" else "new")
    for match in _INSTEAD.finditer(folded):
        if max(len(match[name].split()) for name in ("old", "new")) > _MOST_WORDS:
            continue
        yield _correction(text, match, "old", "new")
    for match in _MEANT.finditer(folded):
        name = next(group for group in ("new", "other", "zh") if match[group])
        if len(match[name].split()) <= _MOST_MEANT:
            yield _correction(text, match, None, name)


def _is_pair(match: re.Match[str]) -> bool:
    """Two short things set against each other, by a word that does so or both with an article."""
    old, new = match["old"].split(), match["new"].split()
    if not old or not new or max(len(old), len(new)) > _MOST_WORDS:
        return False
    between = match.string[match.end("old") : match.start("new")]
    if _AGAINST.search(between) or (old[0] in _ARTICLES and new[0] in _ARTICLES):
        return True
    if len(old) != 1 or len(new) != 1:
        return False
    return _BUT.search(between) is not None or ("but" in between and "," not in between)


def _correction(text: str, match: re.Match[str], old: str | None, new: str) -> Entity:
    start = match.start() + len(match.group()) - len(match.group().lstrip(" ,.!"))
    value = {
        "not": text[match.start(old) : match.end(old)].strip() if old else "",
        "but": text[match.start(new) : match.end(new)].strip(),
    }
    return Entity("correction", value, text[start : match.end()], start, match.end(), 0.7)
