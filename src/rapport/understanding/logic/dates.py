"""Dates as customers write them in six languages: ISO, numeric, month names and relative words."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapport.understanding.logic import calendar_words as words
from rapport.understanding.logic.calendar_words import either

_NUM = rf"\d{{1,3}}|{either(words.NUMBER)}"
_ISO = re.compile(r"(?<![\d.])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|(\d{4})年(\d{1,2})月(\d{1,2})[日号]")
_DOTTED = re.compile(
    r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})(?!\d))?|(?<![\d.])(\d{1,2})\.(\d{1,2})\.?(\d{4})(?!\d)"
)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")
_DASHED = re.compile(r"(?<![\d-])(\d{1,2})-(\d{1,2})-(\d{4})(?![\d-])")
_HAN_DATE = re.compile(
    r"(?<!\d)(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]"
)
_HAN_DAY_OF_MONTH = re.compile(r"(上个?|这个?|本|下个?)月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]")
_DAY_MONTH = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:\.|-?го|st|nd|rd|th|º)?\s*(?:of|de)?\s*({either(words.MONTH)})\.?(?:\s*(?:de\s|del\s)?,?\s*(\d{{4}}))?(?!\w)"
)
_MONTH_DAY = re.compile(
    rf"(?<!\w)(?<!i )(?<!we )(?<!you )({either(words.MONTH)})\.?\s+(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d.:]*\d)(?:,?\s*(\d{{4}}))?(?!\w)"
)
_DAY_ONLY = re.compile(
    r"(?<!\w)(?<=the\s)(\d{1,2})(?:st|nd|rd|th)(?!\w)(?!\s(?:order|item|one|time|option|of|floor|product|message|parcel))"
    r"|(?<!\w)(?:(?<=am\s)|(?<=zum\s))(\d{1,2})\.(?=\s|$|[,!?])(?!\s?\d)|(?<!\w)el\sdia\s(\d{1,2})(?!\w)(?!\sde\s[a-z])"
    r"|(?<!\w)(\d{1,2})-?го\sчисла|(?<!\w)(?:(?<=do\s)|(?<=od\s)|(?<=dne\s))(\d{1,2})\.(?=\s|$|[,!?])(?!\s?\d)(?!\s(?:do|az do|bis|bis zum)\s\d)"
)
_LATIN_DAY = {word: offset for word, offset in words.DAY.items() if not re.match("[\u3400-\u9fff]", word)}
_HAN_DAY = {word: offset for word, offset in words.DAY.items() if word not in _LATIN_DAY}
_RELATIVE = re.compile(rf"(?<!\w)({either(words.LONG_DAYS)}|{either(_LATIN_DAY)})(?!\w)|({either(_HAN_DAY)})")
_NOT_MORNING = re.compile(r"(?:por la|de la|la|esta|am|guten|jeden|heute)\s$")
_ON_WEEKDAY = re.compile(
    rf"(?:(?<!\w)({either({*words.LAST, *words.THIS, *words.NEXT})})\s)?(?<!\w)({either(words.WEEKDAY)})(?!\w)"
    rf"(?:\s(pasado|pasada|que viene|proximo|next week|last week|pristi tyden|minuly tyden|nachste woche|letzte woche|на следующеи неделе|на прошлои неделе))?"
)
_HAN_WEEKDAY = re.compile("(上上|下下|上|下|这|本)?个?(?:星期|周|礼拜)([一二三四五六日天])")
_COUNTED = re.compile(
    rf"(?<!\w)(?:(in|within|za|en|dentro de|через|vor|hace|pred)\s)?(?:about\s|asi\s|etwa\s|ca\.?\s|unos\s|около\s)?(?:({_NUM}|a couple of|couple of)\s?)?(?:pracovnich\s|working\s|business\s|werk)?({either(words.UNIT)})"
    r"(?:\s(ago|from now|later|назад|tomu|zpatky|zpet|atras))?(?!\w)"
)
_HAN_COUNTED = re.compile(
    rf"(\d{{1,3}}|{words.HAN_NUMBER}|半)(个月|天|日|周|个?星期|个?礼拜|年)(之前|以前|前|之后|以后|后)"
)
_NUMBERED = ("ago", "from now", "later", "atras")
"""Follow a number; without one the words before them are vague ("a few days ago")."""
_PAST = {"ago", "pred", "vor", "hace", "назад", "tomu", "zpatky", "zpet", "atras"}


@dataclass(frozen=True, slots=True)
class Point:
    """One day named in a text."""

    start: int
    end: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a date without a year or with two small numbers is read by."""

    today: dt.date
    month_first: bool


_Found = Iterator[Point]


def find_points(folded: str, by: Calendar) -> list[Point]:
    """Days named in folded text, none overlapping another, the surest readings first."""
    found: list[Point] = []
    readers: tuple[Callable[[str, Calendar], _Found], ...] = (
        _iso, _named, _numeric, _day_only, _relative, _weekdays, _counted,
    )  # fmt: skip
    for reader in readers:
        for point in reader(folded, by):
            if not any(point.start < other.end and other.start < point.end for other in found):
                found.append(point)
    return found


def _iso(text: str, _by: Calendar) -> _Found:
    for match in _ISO.finditer(text):
        year, month, day = (int(group) for group in match.groups() if group)
        yield from _span(match, make_day(year, month, day))


def _numeric(text: str, by: Calendar) -> _Found:
    for match in _DOTTED.finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        yield from _span(match, near(by.today, month, day, year))
    for pattern in (_SLASHED, _DASHED):
        for match in pattern.finditer(text):
            first, second = int(match[1]), int(match[2])
            if (by.month_first and first <= 12) or second > 12:
                first, second = second, first
            yield from _span(match, near(by.today, second, first, match[3]))
    for match in _HAN_DATE.finditer(text):
        month, day = words.number_of(match[1]), words.number_of(match[2])
        if month and day:
            yield from _span(match, near(by.today, month, day, None))


def _named(text: str, by: Calendar) -> _Found:
    for match in _DAY_MONTH.finditer(text):
        yield from _span(match, near(by.today, words.MONTH[match[2]], match[1], match[3]))
    for match in _MONTH_DAY.finditer(text):
        yield from _span(match, near(by.today, words.MONTH[match[1]], match[2], match[3]))


def _day_only(text: str, by: Calendar) -> _Found:
    """A day of the month by itself: the nearest such day."""
    for match in _DAY_ONLY.finditer(text):
        number = int(next(group for group in match.groups() if group))
        first = by.today.replace(day=1)
        months = (add_months(first, offset) for offset in (-1, 0, 1))
        days = [day for month in months if (day := make_day(month.year, month.month, number))]
        yield from _span(match, min(days, key=lambda day: abs(day - by.today), default=None))
    for match in _HAN_DAY_OF_MONTH.finditer(text):
        offset = {"上": -1, "下": 1}.get(match[1][0], 0)
        month = add_months(by.today.replace(day=1), offset)
        yield from _span(match, make_day(month.year, month.month, words.number_of(match[2]) or 0))


def _relative(text: str, by: Calendar) -> _Found:
    for match in _RELATIVE.finditer(text):
        word = match.group()
        if word in ("manana", "morgen") and _NOT_MORNING.search(
            text[max(0, match.start() - 8) : match.start()]
        ):
            continue
        offset = words.LONG_DAYS.get(word, words.DAY.get(word, 0))
        yield Point(match.start(), match.end(), by.today + dt.timedelta(days=offset))


def _weekdays(text: str, by: Calendar) -> _Found:
    for match in _ON_WEEKDAY.finditer(text):
        said = match[1] or match[3] or ""
        is_past = said in words.LAST or said in (
            "last week",
            "minuly tyden",
            "letzte woche",
            "на прошлои неделе",
        )
        is_next = said in words.NEXT or said in (
            "que viene", "next week", "pristi tyden", "nachste woche", "на следующеи неделе",
        )  # fmt: skip
        day = _weekday(by.today, words.WEEKDAY[match[2]], is_past=is_past, is_next=is_next)
        yield Point(match.start(), match.end(), day)
    for match in _HAN_WEEKDAY.finditer(text):
        number = 6 if match[2] == "天" else "一二三四五六日".index(match[2])
        weeks = {"上": -1, "上上": -2, "下": 1, "下下": 2}.get(match[1] or "")
        monday = by.today - dt.timedelta(days=by.today.weekday())
        if weeks is not None:
            yield Point(match.start(), match.end(), monday + dt.timedelta(days=number + 7 * weeks))
        elif match[1]:
            yield Point(match.start(), match.end(), monday + dt.timedelta(days=number))
        else:
            yield Point(match.start(), match.end(), _weekday(by.today, number, is_past=False, is_next=False))


def _weekday(today: dt.date, number: int, *, is_past: bool, is_next: bool) -> dt.date:
    """The nearest such day after today; the last before it; or, "next" said, the one of next week."""
    if is_next:
        return today + dt.timedelta(days=7 - today.weekday() + number)
    ahead = (number - today.weekday()) % 7
    return today + dt.timedelta(days=ahead - 7 if is_past else ahead or 7)


def _counted(text: str, by: Calendar) -> _Found:
    """So many days, weeks, months or years ahead or ago; without a number one of them."""
    for match in _COUNTED.finditer(text):
        if not (match[1] or match[4]) or (match[1] == "in" and not match[2]):
            continue
        if not match[2] and (match[1] == "en" or match[4] in _NUMBERED):
            continue
        number = 2 if "couple" in (match[2] or "") else words.number_of(match[2]) if match[2] else 1
        if number:
            sign = -1 if match[1] in _PAST or match[4] in _PAST else 1
            yield from _span(match, shift(by.today, words.UNIT[match[3]], sign * number))
    for match in _HAN_COUNTED.finditer(text):
        number = words.number_of(match[1])
        unit = words.HAN_UNIT.get(match[2]) or words.HAN_UNIT[match[2].lstrip("个")]
        if number:
            sign = -1 if "前" in match[3] else 1
            yield from _span(match, shift(by.today, unit, sign * number))


def _span(match: re.Match[str], day: dt.date | None) -> _Found:
    if day is not None:
        lead = len(match.group()) - len(match.group().lstrip())
        yield Point(match.start() + lead, match.start() + len(match.group().rstrip()), day)


def shift(day: dt.date, unit: str, count: int) -> dt.date | None:
    """A day so many units on; None outside the calendar."""
    try:
        if unit in ("day", "week"):
            return day + dt.timedelta(days=count * (7 if unit == "week" else 1))
        return add_months(day, count * (12 if unit == "year" else 1))
    except (OverflowError, ValueError):
        return None


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day of another month, its last where that is shorter."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def near(today: dt.date, month: str | int, day: str | int, year: str | None) -> dt.date | None:
    """The day of that month in the year written, else in the year in which it lies nearest to today."""
    if year:
        return make_day(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    options = [made for offset in (-1, 0, 1) if (made := make_day(today.year + offset, int(month), int(day)))]
    return min(options, key=lambda made: abs(made - today), default=None)


def make_day(year: int, month: int, day: int) -> dt.date | None:
    """A day that exists in the calendar, or nothing."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
