"""Values in a text: orders, contacts, money, dates, times, counts, addresses, names, reasons, corrections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import phonenumbers

from rapport.kernel.clock import now
from rapport.understanding.contracts import Context, Entity
from rapport.understanding.lexicons import read_words
from rapport.understanding.logic.address_spans import find_addresses
from rapport.understanding.logic.amounts import find_money, find_quantities
from rapport.understanding.logic.cleaning import fold
from rapport.understanding.logic.clock_times import find_times
from rapport.understanding.logic.corrections import find_corrections
from rapport.understanding.logic.people import find_names
from rapport.understanding.logic.periods import find_periods
from rapport.understanding.logic.phrases import compile_phrases

_CLIP = 4000
_WORDED_CLIP = 1500
"""Reasons, names and corrections stand near the beginning; what follows is quoted or boilerplate."""
_ORDER = re.compile(r"(?<![A-Za-zА-Яа-яÀ-ž0-9_])(?:#\s?)?[Ww]\s?(\d{7})(?!\d)")
_ORDER_NOUN = (
    r"(?:order|objednavk\w{0,2}|bestellung|bestellnummer|auftrag|auftragsnummer|pedido|заказ\w{0,2}|订单号?)"
)
_ORDER_LINK = (
    r"(?:\s?(?:number|no|nr|num|cislo|cislem|s cislem|pod cislem|c"
    r"|n\.?o?|numero|nummer|номер|номером|под номером|id|编号))?\.?\s?"
    r"(?:is|je|ist|es|это|lautet)?\s?[:#№º°是]{0,2}\s?"
)
_ORDER_WORD = re.compile(rf"{_ORDER_NOUN}{_ORDER_LINK}#?[w]?(\d{{7}})(?!\d)")
_OTHER_ORDER = re.compile(
    rf"(?<!\w){_ORDER_NOUN}{_ORDER_LINK}(?P<id>#?(?=[a-z\d-]*\d{{3}})[a-z]{{0,5}}-?\d[a-z\d]{{1,12}}(?:-[a-z\d]{{1,10}}){{0,3}})(?![\w]|[.,:]\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE_ORDER = re.compile(r"(?<![\w#])#?(\d{7})(?!\w)")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_CODE = re.compile(r"(?<![A-Za-zА-Яа-я0-9_#.+\-])(\d{6}|\d{3}[ \-]\d{3})(?![A-Za-zА-Яа-я0-9_\-])(?![.,]\d)")
_CODE_WORD = re.compile(r"code|kod|codigo|pin|otp|verif|overov|bestatig|код|验证码|校验码")
_POSTAL_WORD = re.compile(r"zip|postcode|postal|psc|plz|postleitzahl|codigo postal|индекс|邮编|邮政编码")
_POSTAL = re.compile(
    r"(?<![A-Za-zА-Яа-я0-9_#])(\d{5}(?:-\d{4})?|\d{3} \d{2}|\d{6}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?!\w)"
)
_PHONE_HINT = re.compile(r"\+?\d(?:[\s().\-/]{0,3}\d){6,14}")
_PHONE_WORD = re.compile(
    r"phone|call|tel|mobil|cell|reach|number|whatsapp|telefon|volej|cislo|handy|anruf|ruf|nummer|llam|numero|celular|movil"
    r"|звон|номер|тел|电话|手机|号码|打给|联系"
)
_REGIONS = {
    "en": ("US", "GB"),
    "cs": ("CZ", "SK"),
    "de": ("DE", "AT"),
    "es": ("ES", "MX"),
    "ru": ("RU",),
    "zh": ("CN",),
}


def find_entities(text: str, context: Context, language: str) -> tuple[Entity, ...]:
    """Entities in cleaned text, in reading order, none overlapping another; where two would, the surer kind stays."""
    text = text[:_CLIP]
    has_digit = any(char.isdigit() for char in text)
    found: list[Entity] = []
    if "@" in text:
        _add(found, _emails(text))
    if has_digit:
        for entities in (
            _orders(text, context),
            _codes(text, context),
            find_addresses(text, context.country),
        ):
            _add(found, entities)
    for entities in (find_money(text), find_times(text), _dates(text, context, language)):
        _add(found, entities)
    if has_digit:
        _add(found, _phones(text, context, language))
        _add(found, _postal_codes(text, context))
    start = text[:_WORDED_CLIP]
    for entities in (
        find_quantities(text),
        find_names(start),
        find_corrections(start),
        _reasons(start),
    ):
        _add(found, entities)
    return tuple(sorted(found, key=lambda entity: entity.start))


def _add(found: list[Entity], entities: Iterable[Entity]) -> None:
    for entity in entities:
        if not any(entity.start < other.end and other.start < entity.end for other in found):
            found.append(entity)


def _emails(text: str) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        written = match.group().rstrip(".-")
        yield Entity("email", written.lower(), written, match.start(), match.start() + len(written))


def _orders(text: str, context: Context) -> Iterator[Entity]:
    for match in _ORDER.finditer(text):
        yield _order(text, match, match.start(), 1.0)
    folded = fold(text)
    for match in _ORDER_WORD.finditer(folded):
        start = match.start(1)
        while start and text[start - 1] in "#Ww":
            start -= 1
        yield _order(text, match, start, 0.9)
    for match in _OTHER_ORDER.finditer(folded):
        start, end = match.span("id")
        if not _YEAR.fullmatch(match["id"]) and len(match["id"].lstrip("#")) >= 4:
            yield Entity("order_id", text[start:end].upper(), text[start:end], start, end, 0.6)
    if context.expects and "order" in context.expects:
        for match in _BARE_ORDER.finditer(text):
            yield _order(text, match, match.start(), 0.8)


def _order(text: str, match: re.Match[str], start: int, confidence: float) -> Entity:
    return Entity(
        "order_id", f"#W{match[1]}", text[start : match.end()].strip(), start, match.end(), confidence
    )


def _codes(text: str, context: Context) -> Iterator[Entity]:
    is_expected = context.expects == "code"
    is_postal = _POSTAL_WORD.search(fold(text)) or (context.expects or "").endswith("address")
    for match in _CODE.finditer(text):
        around = fold(text[max(0, match.start() - 40) : match.end() + 20])
        is_named = _CODE_WORD.search(around) is not None
        is_whole = match.group() == text.strip()
        if is_expected or (not is_postal and (is_named or is_whole)):
            value = match[1].replace(" ", "").replace("-", "")
            sure = 1.0 if is_expected or is_named else 0.7
            yield Entity("code", value, match.group(), match.start(), match.end(), sure)


def _dates(text: str, context: Context, language: str) -> Iterator[Entity]:
    today = (context.now or now()).date()
    yield from find_periods(text, today=today, language=language, country=context.country)


def _phones(text: str, context: Context, language: str) -> Iterator[Entity]:
    """Numbers that exist in the customer's country; by language only where the text speaks of phoning."""
    if not _PHONE_HINT.search(text):
        return
    regions: tuple[str | None, ...] = (context.country,)
    if context.country is None and _PHONE_WORD.search(fold(text)):
        regions = _REGIONS.get(language, (None,))
    seen: set[int] = set()
    for region in regions:
        for match in phonenumbers.PhoneNumberMatcher(text[:1000], region, max_tries=20):
            if match.start not in seen:
                seen.add(match.start)
                number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
                yield Entity("phone", number, match.raw_string, match.start, match.end)


def _postal_codes(text: str, context: Context) -> Iterator[Entity]:
    is_expected = (context.expects or "").endswith("address")
    if not is_expected and not _POSTAL_WORD.search(fold(text)):
        return
    for match in _POSTAL.finditer(text):
        sure = 0.9 if is_expected else 0.8
        yield Entity("postal_code", match[1], match.group(), match.start(), match.end(), sure)


def _reasons(text: str) -> Iterator[Entity]:
    """Reasons of returns and complaints; the value is one of the codes in ``data/reasons.yaml``."""
    pattern, codes = _reason_patterns()
    folded = fold(text)
    if not pattern.search(folded):
        return
    for code, one in codes:
        for match in one.finditer(folded):
            yield Entity("reason", code, text[match.start() : match.end()], match.start(), match.end(), 0.7)


@lru_cache(maxsize=1)
def _reason_patterns() -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    lists = read_words("reasons.yaml")
    phrases = {
        code: [phrase for by in languages.values() for phrase in by] for code, languages in lists.items()
    }
    together = compile_phrases(phrase for some in phrases.values() for phrase in some)
    return together, tuple((code, compile_phrases(some)) for code, some in phrases.items())
