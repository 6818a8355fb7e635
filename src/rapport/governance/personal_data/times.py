"""Dates, times of day, birth dates and ages, in the six languages."""

# ruff: noqa: E501 - forms and telling words of six languages read better in one line
from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan

_MONTHS = (
    r"jan(?:uary|uar|ner)?|feb(?:ruary|ruar|ner)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|"
    r"o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    r"ledna|leden|února|únor|března|březen|dubna|duben|května|květen|června|červen|července|červenec|srpna|srpen|září|října|říjen|listopadu?|prosinec|prosince|"
    r"января|январь|февраля|февраль|марта|март|апреля|апрель|мая|май|июня|июнь|июля|июль|августа|август|сентября|сентябрь|октября|октябрь|ноября|ноябрь|декабря|декабрь"
)
_DAYS = r"mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?[ap]\.?m\b\.?)?(?:Z|[+\-]\d{2}:?\d{2})?"
_DATE = re.compile(
    rf"(?i)(?<![\w.\-/])(?:"
    rf"\d{{4}}[\-./]\d{{1,2}}[\-./]\d{{1,2}}(?:[T ,]{{1,2}}{_CLOCK})?"
    rf"|\d{{1,2}}([\-./])\d{{1,2}}\1(?:\d{{4}}|\d{{2}})(?:[ ,]{{1,2}}{_CLOCK})?"
    rf"|\d{{1,2}}\. ?\d{{1,2}}\. ?(?:19|20)\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of |de )?(?:{_MONTHS})\.?(?:,? (?:de |del )?(?:19|20)\d{{2}}| '\d{{2}})?"
    rf"|(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:19|20)\d{{2}})?"
    rf"|(?:{_MONTHS}),? (?:de )?(?:19|20)\d{{2}}"
    rf"|\d{{1,2}}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}-\d{{2,4}}"
    rf")(?!\w|[\-/]\d|\.\d)|\d{{4}}\s?年\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?[日号])?|(?<!\d)\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号]"
)
_TIME = re.compile(rf"(?i)(?<![\w:.]){_CLOCK}(?![\w:])|(?<![\w:.])\d{{1,2}} ?[ap]\.?m\b\.?")
_YEAR = re.compile(
    r"(?i)(?<![\w#№$€£¥.,/:+\-])(?<![№#$€£] )((?:19[0-9]|20[0-4])\d)(?!\w)(?! ?(?:€|\$|kč|eur|usd|czk|руб|items?|pieces?|units?|mah|watts?|w\b|ml|mm|cm|kg|g\b|%))(?![.,:/\-]\d)"
)
_NOT_YEAR = re.compile(
    r"(?i)(?:order|model|no\.?|number|code|zip|plz|psč|box|apt\.?|suite|unit|room|street|st\.?|road|card|pin|sku|ref|id|art\.?|price|total|item|[:=]|\d)\s*$"
)
_DAY = re.compile(rf"(?i)(?<!\w)(?:{_DAYS})(?!\w)")
_BIRTH = re.compile(
    r"(?i)(?:\bborn\b|birth|\bdob\b|d\.o\.b|narozen|nar\.|geboren|geb\.|geburt|\bnac(?:í|i|ido|ida|imiento)|fecha de nac|родил|рожден|г\.р|出生|生日)[^\n]{0,25}$"
)
_AGE = re.compile(
    r"(?i)(?<![\w.,$€£\-])(\d{1,3})(?=(?:[ \-]?(?:years?|yrs?|y)[ \-]?(?:old\b|of age)|[ \-]?y/?o\b|\s?(?:years? young)| ?let\b(?: star)?| ?jahre? alt| años de edad|-?jährig|-?letá|-?letý| лет\b| года\b| год\b|\s?岁|\s?周岁))"
)
_AGE_LED = re.compile(
    r"(?i)(?:\bage[ds]?:? (?:is |of )?|\bturn(?:ed|s|ing)? |(?:he|she|they|i|who) (?:is|was|am|were|['’]m) |(?:he|she|i)['’](?:s|m) |\bi am |"
    r"\bvěk:? |\bje mi |bude mi |\balter:? |\bich bin |\btengo |\bedad:? |\bcumpl(?:o|í|ió) |мне |возраст:? |年龄[:：是]?\s?|今年\s?)(?:just |now |only |already |about )?(\d{1,3})"
    r"(?= ?(?:[.,;!?)\n]|$|and\b|years?\b|let\b|jahre?\b|años\b|лет\b|岁|when\b|now\b|today\b))(?!\.\d|,\d)"
)
_WARRANTY = re.compile(r"(?i)^(?: ?let\b(?! star)| лет\b| года\b| год\b)")
_PERSONAL = re.compile(
    r"(?i)(?:je|mi|mně|jí|jemu|мне|ему|ей|сыну|дочери|исполнилось|věk|возраст)\b[^.\n]{0,15}$"
)


def find_times(text: str) -> Iterator[PersonalSpan]:
    """Dates (birth dates apart), times of day, years, English weekdays, ages."""
    dates = []
    for match in _DATE.finditer(text):
        dates.append(match.span())
        is_birth = _BIRTH.search(text, max(0, match.start() - 60), match.start())
        kind = PersonalKind.BIRTH_DATE if is_birth else PersonalKind.DATE_TIME
        yield PersonalSpan(*match.span(), kind, match[0], 0.95, "date")
    for match in _YEAR.finditer(text):
        if _NOT_YEAR.search(text, max(0, match.start() - 12), match.start()):
            continue
        yield PersonalSpan(*match.span(1), PersonalKind.DATE_TIME, match[1], 0.4, "year")
    for pattern, rule, score in ((_TIME, "time", 0.6), (_DAY, "weekday", 0.5)):
        for match in pattern.finditer(text):
            if not any(a <= match.start() < b for a, b in dates):
                yield PersonalSpan(*match.span(), PersonalKind.DATE_TIME, match[0], score, rule)


def find_ages(text: str) -> Iterator[PersonalSpan]:
    """Ages of people: the number alone."""
    for match in _AGE.finditer(text):
        if _WARRANTY.match(text[match.end() : match.end() + 8]) and not _PERSONAL.search(
            text, max(0, match.start() - 30), match.start()
        ):
            continue  # "záruka 2 let", "гарантия 2 года"
        if 0 < int(match[1]) <= 125:
            yield PersonalSpan(*match.span(1), PersonalKind.AGE, match[1], 0.9, "age")
    for match in _AGE_LED.finditer(text):
        if 2 <= int(match[1]) <= 125:
            yield PersonalSpan(*match.span(1), PersonalKind.AGE, match[1], 0.8, "age_led")
