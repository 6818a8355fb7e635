"""Stretches of days in six languages: "from Monday to Wednesday", "last 30 days", "na příští týden", "上个月".

A period is an ISO 8601 interval of two days, both belonging to it: ``2026-05-03/2026-05-05``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapport.understanding.contracts import Entity
from rapport.understanding.logic import calendar_words as words
from rapport.understanding.logic.calendar_words import either
from rapport.understanding.logic.cleaning import fold
from rapport.understanding.logic.dates import Calendar, Point, add_months, find_points, make_day, near, shift

_OPEN = r"from|between|von|vom|zwischen|od|mezi|del|de|desde|entre|с|со|между|от|从|自|在"
_OPENED = re.compile(rf"(?:(?<!\w)(?:{_OPEN})(?:\s(?:the|dem|den|el|dne|la))?\s|(?:从|自))$")
_BETWEEN = re.compile(r"(?:(?<!\w)(?:between|zwischen|mezi|entre|между)(?:\s(?:the|dem|den|el|dne))?\s|在)$")
_TO = re.compile(
    r"\s*(?:to|until|till|through|thru|bis|bis zum|do|az do|al|a|hasta|hasta el|по|до|[-–—]|到|至)\s*(?:the\s|el\s|den\s|dem\s)?"
)
_AND = re.compile(r"\s*(?:and|und|a|y|y el|и|和)\s*(?:the\s|el\s|den\s|dem\s)?")
_BARE_DAY = re.compile(
    r"(?<![\d.:/\w])(?:the\s|el\s)?(\d{1,2})(?:\.|st|nd|rd|th|-?го|[日号])?(?=\s*(?:to|until|till|through|and|bis|und|do|a|al|y el|y|hasta el|и|по|до|[-–—]|到|至)\s)"
    r"|(?<![\d.:/])(\d{1,2})\.?(?=\s?[-–—]\s?\d)|(?<![\d.:/])(\d{1,2})(?:st|nd|rd|th|[日号])?(?=\s*[到至])"
)
_MONTH_RANGE = re.compile(
    rf"(?<!\w)({either(words.MONTH)})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?\s?(?:[-–—]|to|through)\s?(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(\d{{4}}))?(?!\w)"
)
_HAN_RANGE = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?[到至\-–](\d{1,2})[日号]")
_UNIT_WORDS = either(words.UNIT)
_DIRECTED = re.compile(
    rf"(?<!\w)({either({*words.LAST, *words.THIS, *words.NEXT})})\s({_UNIT_WORDS})(?!\w)|(?<!\w)({_UNIT_WORDS})\s(pasad[oa]|anterior|que viene|proxim[oa])(?!\w)"
)
_COUNTED = re.compile(
    rf"(?<!\w)({either({*words.LAST, *words.NEXT})})\s(\d{{1,3}}|{either(words.NUMBER)})\s({_UNIT_WORDS})(?!\w)"
)
_HAN_DIRECTED = re.compile(
    r"(上|这|本|下)(?:个)?(周末|星期(?![一二三四五六日天])|周(?![一二三四五六日天末])|礼拜(?![一二三四五六日天])|月(?!\d|[一二三四五六七八九十]))|(今年|去年|明年)"
)
_HAN_COUNTED = re.compile(
    rf"(?:过去|最近|近|未来|接下来)的?(\d{{1,3}}|{words.HAN_NUMBER})(天|日|周|个?星期|个月|年)"
)
_IN_MONTH = re.compile(
    rf"(?<!\w)(?:in|during|im|v|ve|behem|en|в|за|since|seit)\s({either(m for m in words.MONTH if len(m) > 3 or m in ('may', 'mai', 'май', 'мае'))})(?:\s(?:de\s|del\s)?(\d{{4}}))?(?!\w)(?!\s\d{{1,2}}(?!\d))"
)
_WEEKEND = re.compile(
    r"(?<!\w)(this|next|last|pristi|minuly|tento|o|dieses|nachstes|letztes|am|este|proximo|el|pasado|эти|эти|на|в|прошлые|следующие)\s(weekend|vikend\w{0,2}|wochenende|fin de semana|выходн\w{2,3})(?!\w)"
)
_PLURALS = frozenset(
    "weeks months years wochen monate monaten jahre jahren semanas meses anos tydny mesice roky".split()
)
_FUTURE = set(words.NEXT)


def find_periods(text: str, *, today: dt.date, language: str, country: str | None) -> list[Entity]:
    """Periods and, where no period covers them, single dates, in reading order."""
    folded = fold(text)
    by = Calendar(today, country == "US" or (country is None and language == "en"))
    points = find_points(folded, by)
    spans = [*_month_ranges(folded, by), *_joined(folded, points)]
    for span in (*_directed(folded, by), *_han(folded, by), *_months(folded, by), *_weekends(folded, by)):
        if not _overlaps(span, spans) and not any(_covers(p, span) for p in points):
            spans.append(span)
    found = [_entity(text, *span) for span in spans]
    found += [
        Entity("date", p.day.isoformat(), text[p.start : p.end], p.start, p.end)
        for p in points
        if not any(p.start < end and start < p.end for start, end, _, _ in spans)
    ]
    return sorted(found, key=lambda entity: entity.start)


_Span = tuple[int, int, dt.date, dt.date]


def _entity(text: str, start: int, end: int, first: dt.date, last: dt.date) -> Entity:
    return Entity("period", f"{first.isoformat()}/{last.isoformat()}", text[start:end], start, end)


def _overlaps(span: _Span, others: Sequence[_Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end, _, _ in others)


def _covers(point: Point, span: _Span) -> bool:
    return point.start < span[1] and span[0] < point.end


def _joined(text: str, points: Sequence[Point]) -> list[_Span]:
    """Two days with a word of range between them; the first may be a bare number of the same month."""
    ordered = sorted([*points, *_bare_days(text, points)], key=lambda point: point.start)
    found: list[_Span] = []
    for first, last in pairwise(ordered):
        between = text[first.end : last.start]
        is_range = _TO.fullmatch(between) or (
            _AND.fullmatch(between) and _BETWEEN.search(text[: first.start])
        )
        if not is_range or (found and first.start < found[-1][1]):
            continue
        opened = _OPENED.search(text[: first.start])
        start = opened.start() if opened else first.start
        start += len(text[start : first.start]) - len(text[start : first.start].lstrip())
        day = last.day if last.day >= first.day else last.day + dt.timedelta(days=7)
        if first.day <= day:
            found.append((start, last.end, first.day, day))
    return found


def _bare_days(text: str, points: Sequence[Point]) -> Iterator[Point]:
    """Numbers that open a range whose end is a full date: the "3" of "3 to 5 May"."""
    for match in _BARE_DAY.finditer(text):
        if any(point.start < match.end() and match.start() < point.end for point in points):
            continue
        following = min((p for p in points if p.start >= match.end()), key=lambda p: p.start, default=None)
        if following is None or following.start - match.end() > 12:
            continue
        number = int(match[1] or match[2] or match[3])
        day = make_day(following.day.year, following.day.month, number)
        if day and day <= following.day:
            yield Point(match.start(), match.end(), day)


def _month_ranges(text: str, by: Calendar) -> Iterator[_Span]:
    for match in _MONTH_RANGE.finditer(text):
        first, last = (near(by.today, words.MONTH[match[1]], match[i], match[4]) for i in (2, 3))
        if first and last and first <= last:
            yield match.start(), match.end(), first, last
    for match in _HAN_RANGE.finditer(text):
        first, last = (near(by.today, match[1], match[i], None) for i in (2, 3))
        if first and last and first <= last:
            start = match.start() - (1 if match.start() and text[match.start() - 1] in "从自" else 0)
            yield start, match.end(), first, last


def _directed(text: str, by: Calendar) -> Iterator[_Span]:
    for match in _COUNTED.finditer(text):
        number = words.number_of(match[2]) or 1
        sign = 1 if match[1] in _FUTURE else -1
        end = shift(by.today, words.UNIT[match[3]], sign * number)
        if end:
            yield match.start(), match.end(), *((by.today, end) if sign > 0 else (end, by.today))
    for match in _DIRECTED.finditer(text):
        said, unit = (match[1], match[2]) if match[1] else (match[4], match[3])
        offset = 0 if said in words.THIS else 1 if said in _FUTURE or said == "que viene" else -1
        name = words.UNIT[unit]
        if name != "day" and unit not in _PLURALS:
            yield match.start(), match.end(), *_whole(by.today, name, offset)


def _whole(today: dt.date, unit: str, offset: int) -> tuple[dt.date, dt.date]:
    """The calendar week (from Monday), month or year so many on from today's."""
    if unit == "week":
        monday = today + dt.timedelta(days=7 * offset - today.weekday())
        return monday, monday + dt.timedelta(days=6)
    if unit == "month":
        first = add_months(today.replace(day=1), offset)
        return first, add_months(first, 1) - dt.timedelta(days=1)
    year = today.year + offset
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _han(text: str, by: Calendar) -> Iterator[_Span]:
    for match in _HAN_COUNTED.finditer(text):
        number = words.number_of(match[1]) or 1
        unit = words.HAN_UNIT.get(match[2]) or words.HAN_UNIT[match[2].lstrip("个")]
        sign = 1 if match.group()[0] in "未接" else -1
        end = shift(by.today, unit, sign * number)
        if end:
            yield match.start(), match.end(), *((by.today, end) if sign > 0 else (end, by.today))
    for match in _HAN_DIRECTED.finditer(text):
        if match[3]:
            offset = {"去年": -1, "今年": 0, "明年": 1}[match[3]]
            yield match.start(), match.end(), *_whole(by.today, "year", offset)
            continue
        offset = {"上": -1, "下": 1}.get(match[1], 0)
        if match[2] == "周末":
            yield match.start(), match.end(), *_weekend(by.today, offset)
        else:
            unit = "month" if match[2] == "月" else "week"
            yield match.start(), match.end(), *_whole(by.today, unit, offset)


def _months(text: str, by: Calendar) -> Iterator[_Span]:
    """A month named after a preposition: that month, of the year in which it lies nearest."""
    for match in _IN_MONTH.finditer(text):
        month = words.MONTH[match[1]]
        years = [int(match[2])] if match[2] else [by.today.year + offset for offset in (-1, 0, 1)]
        firsts = [day for year in years if (day := make_day(year, month, 1))]
        if firsts:
            first = min(firsts, key=lambda day: abs((day - by.today).days + 14))
            yield match.start(1), match.end(), first, add_months(first, 1) - dt.timedelta(days=1)


def _weekends(text: str, by: Calendar) -> Iterator[_Span]:
    for match in _WEEKEND.finditer(text):
        said = match[1]
        offset = (
            1 if said in _FUTURE or said == "следующие" else -1 if said in (*words.LAST, "прошлые") else 0
        )
        start = match.start(2) if said in ("o", "am", "el", "на", "в") else match.start()
        yield start, match.end(), *_weekend(by.today, offset)


def _weekend(today: dt.date, offset: int) -> tuple[dt.date, dt.date]:
    saturday = today + dt.timedelta(days=5 - today.weekday() + 7 * offset)
    return saturday, saturday + dt.timedelta(days=1)
