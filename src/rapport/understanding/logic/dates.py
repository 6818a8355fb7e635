"""Dates as customers write them in six languages: ISO, numeric, month names and relative words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from rapport.understanding.contracts import Entity
from rapport.understanding.logic.cleaning import fold

_MONTHS = {
    1: "january jan leden ledna januar janner enero ene январь января янв",
    2: "february feb unor unora februar febrero февраль февраля фев",
    3: "march mar brezen brezna marz marzo март марта мар",
    4: "april apr duben dubna abril abr апрель апреля апр",
    5: "may kveten kvetna mai mayo май мая",
    6: "june jun cerven cervna juni junio июнь июня июн",
    7: "july jul cervenec cervence juli julio июль июля июл",
    8: "august aug srpen srpna agosto ago август августа авг",
    9: "september sept sep zari septiembre сентябрь сентября сен",
    10: "october oct rijen rijna oktober okt octubre октябрь октября окт",
    11: "november nov listopad listopadu noviembre ноябрь ноября ноя",
    12: "december dec prosinec prosince dezember dez diciembre dic декабрь декабря дек",
}
_MONTH = {fold(name): number for number, names in _MONTHS.items() for name in names.split()}
_DAYS = {
    0: "today dnes dneska heute hoy сегодня 今天 今日",
    1: "tomorrow zitra morgen manana завтра 明天 明日",
    -1: "yesterday vcera gestern ayer вчера 昨天 昨日",
    2: "pozitri ubermorgen послезавтра 后天",
    -2: "predevcirem vorgestern anteayer позавчера 前天",
}
_DAY = {fold(word): offset for offset, names in _DAYS.items() for word in names.split()}
_WEEKDAYS = (
    "monday pondeli montag lunes понедельник",
    "tuesday utery dienstag martes вторник",
    "wednesday streda stredu mittwoch miercoles среда среду",
    "thursday ctvrtek donnerstag jueves четверг",
    "friday patek freitag viernes пятница пятницу",
    "saturday sobota sobotu samstag sabado суббота субботу",
    "sunday nedele nedeli sonntag domingo воскресенье",
)
_WEEKDAY = {fold(word): number for number, names in enumerate(_WEEKDAYS) for word in names.split()}
_LAST = "last minuly minulou letzten letzte letzter pasado прошлый прошлую прошлое прошлой"
_UNIT = {
    **dict.fromkeys("day days den dny dnu dni tag tage tagen dia dias день дня дней 天".split(), 1),
    **dict.fromkeys(
        "week weeks tyden tydny tydnu woche wochen semana semanas неделя неделю недели недель 周 星期".split(),
        7,
    ),
}
_UNIT = {fold(word): days for word, days in _UNIT.items()}


def _either(names: object) -> str:
    assert isinstance(names, dict)
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_ISO = re.compile(r"(?<![\d.])(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)|(\d{4})年(\d{1,2})月(\d{1,2})[日号]")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})(?!\d))?")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")
_HAN_DATE = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]")
_DAY_MONTH = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:\.|st|nd|rd|th)?\s*(?:of|de)?\s*({_either(_MONTH)})\.?(?:\s*(?:de\s)?,?\s*(\d{{4}}))?(?!\w)"
)
_MONTH_DAY = re.compile(
    rf"(?<!\w)({_either(_MONTH)})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s*(\d{{4}}))?(?!\w)"
)
_LATIN_DAY = {word: offset for word, offset in _DAY.items() if not re.match("[\u3400-\u9fff]", word)}
_HAN_DAY = {word: offset for word, offset in _DAY.items() if word not in _LATIN_DAY}
_RELATIVE = re.compile(
    rf"(?<!\w)(day after tomorrow|pasado manana|{_either(_LATIN_DAY)})(?!\w)|({_either(_HAN_DAY)})"
)
_LATIN_WEEKDAY = {word: number for word, number in _WEEKDAY.items() if not re.match("[\u3400-\u9fff]", word)}
_ON_WEEKDAY = re.compile(
    rf"(?:(?<!\w)({'|'.join(fold(_LAST).split())})\s)?(?<!\w)({_either(_LATIN_WEEKDAY)})(?!\w)(?:\s(pasado))?"
)
_HAN_WEEKDAY = re.compile("(上)?个?(?:星期|周|礼拜)([一二三四五六日天])")
_COUNTED = re.compile(
    rf"(?<!\w)(in|za|en|dentro de|через|ago|pred|vor|hace)?\s?(\d{{1,3}})\s?({_either(_UNIT)})\s?(ago|назад|前|后|以后)?(?!\w)"
)
_PAST = {"ago", "pred", "vor", "hace", "назад", "前"}


def find_dates(text: str, *, today: dt.date, language: str, country: str | None) -> list[Entity]:
    """Dates in cleaned text, as ISO days; the ones without a year lie nearest to today."""
    folded = fold(text)
    found: list[Entity] = []
    readers = (_iso, _named, _numeric, _relative, _weekdays, _counted)
    for reader in readers:
        for start, end, day in reader(
            folded, today, country == "US" or (country is None and language == "en")
        ):
            if not any(start < entity.end and entity.start < end for entity in found):
                found.append(Entity("date", day.isoformat(), text[start:end], start, end))
    return found


_Found = Iterator[tuple[int, int, dt.date]]


def _iso(text: str, _today: dt.date, _month_first: bool) -> _Found:  # noqa: FBT001 - one shape for all readers
    for match in _ISO.finditer(text):
        year, month, day = (int(group) for group in match.groups() if group)
        yield from _span(match, _make(year, month, day))


def _numeric(text: str, today: dt.date, month_first: bool) -> _Found:  # noqa: FBT001
    for match in _DOTTED.finditer(text):
        yield from _span(match, _near(today, match[2], match[1], match[3]))
    for match in _SLASHED.finditer(text):
        first, second = int(match[1]), int(match[2])
        if (month_first and first <= 12) or second > 12:
            first, second = second, first
        yield from _span(match, _near(today, second, first, match[3]))
    for match in _HAN_DATE.finditer(text):
        yield from _span(match, _near(today, match[1], match[2], None))


def _named(text: str, today: dt.date, _month_first: bool) -> _Found:  # noqa: FBT001
    for match in _DAY_MONTH.finditer(text):
        yield from _span(match, _near(today, _MONTH[match[2]], match[1], match[3]))
    for match in _MONTH_DAY.finditer(text):
        yield from _span(match, _near(today, _MONTH[match[1]], match[2], match[3]))


def _relative(text: str, today: dt.date, _month_first: bool) -> _Found:  # noqa: FBT001
    for match in _RELATIVE.finditer(text):
        yield match.start(), match.end(), today + dt.timedelta(days=_DAY.get(match.group(), 2))


def _weekdays(text: str, today: dt.date, _month_first: bool) -> _Found:  # noqa: FBT001
    for match in _ON_WEEKDAY.finditer(text):
        yield (
            match.start(),
            match.end(),
            _weekday(today, _WEEKDAY[match[2]], is_past=bool(match[1] or match[3])),
        )
    for match in _HAN_WEEKDAY.finditer(text):
        number = 6 if match[2] == "天" else "一二三四五六日".index(match[2])
        yield match.start(), match.end(), _weekday(today, number, is_past=bool(match[1]))


def _weekday(today: dt.date, number: int, *, is_past: bool) -> dt.date:
    """The next such day after today, or the last one before it."""
    ahead = (number - today.weekday()) % 7
    return today + dt.timedelta(days=ahead - 7 if is_past else ahead or 7)


def _counted(text: str, today: dt.date, _month_first: bool) -> _Found:  # noqa: FBT001
    for match in _COUNTED.finditer(text):
        if not (match[1] or match[4]):
            continue
        days = int(match[2]) * _UNIT[match[3]]
        is_past = match[1] in _PAST or match[4] in _PAST
        yield match.start(), match.end(), today + dt.timedelta(days=-days if is_past else days)


def _span(match: re.Match[str], day: dt.date | None) -> _Found:
    if day is not None:
        yield match.start(), match.end(), day


def _near(today: dt.date, month: str | int, day: str | int, year: str | None) -> dt.date | None:
    if year:
        return _make(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    options = [made for offset in (-1, 0, 1) if (made := _make(today.year + offset, int(month), int(day)))]
    return min(options, key=lambda made: abs(made - today), default=None)


def _make(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
