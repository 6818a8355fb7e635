"""Values in a text: order ids, e-mails, phones, money, quantities, dates, postal codes, one-time codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import phonenumbers

from rapport.kernel.clock import now
from rapport.understanding.contracts import Context, Entity
from rapport.understanding.logic.cleaning import fold
from rapport.understanding.logic.dates import find_dates

_CLIP = 4000
_ORDER = re.compile(r"(?<!\w)(?:#\s?)?[Ww]\s?(\d{7})(?!\d)")
_ORDER_WORD = re.compile(
    r"(?:order|objednavk\w{0,2}|bestellung|bestellnummer|auftrag|pedido|заказ\w{0,2}|订单号?)"
    r"(?:\s?(?:number|no|nr|num|cislo|c|n\.?o?|numero|номер|编号))?\.?\s?[:#№º°是]{0,2}\s?#?[w]?(\d{7})(?!\d)"
)
_BARE_ORDER = re.compile(r"(?<![\w#])#?(\d{7})(?!\w)")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_NUMBER = r"\d{1,3}(?:[ .,\u00a0']\d{3})*(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_CURRENCIES = {
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "us$": "USD", "dolaru": "USD",
    "dolares": "USD", "долларов": "USD", "доллара": "USD", "美元": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR",
    "euros": "EUR", "евро": "EUR", "欧元": "EUR", "£": "GBP", "gbp": "GBP", "pounds": "GBP", "kc": "CZK",
    "czk": "CZK", "korun": "CZK", "koruny": "CZK", "₽": "RUB", "rub": "RUB", "руб": "RUB", "рублеи": "RUB",
    "рубля": "RUB", "рубль": "RUB", "¥": "CNY", "cny": "CNY", "rmb": "CNY", "元": "CNY", "块": "CNY", "chf": "CHF",
    "pln": "PLN",
}  # fmt: skip
_SIGN = "|".join(sorted(map(re.escape, _CURRENCIES), key=len, reverse=True))
_MONEY = re.compile(
    rf"(?<![\w])({_SIGN})\s?({_NUMBER})(?![\d])|(?<![\w.,])({_NUMBER})\s?({_SIGN})(?![a-zа-я])"
)
_QUANTITY = re.compile(
    r"(?<![\w.,])(\d{1,3})\s?(?:x|×|pcs|pieces?|items?|units?|ks|kus[uy]?|kusy|stuck|stk|mal|unidad(?:es)?|piezas?|uds?"
    r"|шт|штук[иа]?|件|个|只|双|条|台|本|套)(?![a-zа-я])"
)
_CODE = re.compile(r"(?<![\w#.+\-])(\d{6}|\d{3}[ \-]\d{3})(?![\w\-])(?![.,]\d)")
_CODE_WORD = re.compile(r"code|kod|codigo|pin|otp|verif|overov|bestatig|код|验证码|校验码")
_POSTAL_WORD = re.compile(r"zip|postcode|postal|psc|plz|postleitzahl|codigo postal|индекс|邮编|邮政编码")
_POSTAL = re.compile(r"(?<![\w#])(\d{5}(?:-\d{4})?|\d{3} \d{2}|\d{6}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?!\w)")
_PHONE_HINT = re.compile(r"\+?\d(?:[\s().\-/]{0,3}\d){6,14}")


def find_entities(text: str, context: Context, language: str) -> tuple[Entity, ...]:
    """Entities in cleaned text, in reading order, none overlapping another."""
    text = text[:_CLIP]
    if not any(char.isdigit() for char in text) and "@" not in text:
        found: list[Entity] = []
        return tuple(_add(found, _dates(text, context, language)))
    found = []
    for entities in (
        _emails(text),
        _orders(text, context),
        _codes(text, context),
        _money(text),
        _dates(text, context, language),
        _phones(text, context),
        _postal_codes(text, context),
        _quantities(text),
    ):
        _add(found, entities)
    return tuple(sorted(found, key=lambda entity: entity.start))


def _add(found: list[Entity], entities: Iterator[Entity]) -> list[Entity]:
    for entity in entities:
        if not any(entity.start < other.end and other.start < entity.end for other in found):
            found.append(entity)
    return found


def _emails(text: str) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        yield Entity("email", match.group().rstrip(".-").lower(), match.group(), match.start(), match.end())


def _orders(text: str, context: Context) -> Iterator[Entity]:
    for match in _ORDER.finditer(text):
        yield _order(text, match, match.start(), 1.0)
    for match in _ORDER_WORD.finditer(fold(text)):
        yield _order(text, match, match.start(1), 0.9)
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


def _money(text: str) -> Iterator[Entity]:
    for match in _MONEY.finditer(fold(text)):
        amount = _amount(match[2] or match[3])
        if amount is not None:
            value = {"amount": str(amount), "currency": _CURRENCIES[match[1] or match[4]]}
            yield Entity("money", value, text[match.start() : match.end()], match.start(), match.end())


def _amount(written: str) -> Decimal | None:
    """The number in either notation: a last group of one or two digits are decimals."""
    bare = written.replace(" ", "").replace("\u00a0", "").replace("'", "")
    head, _, tail = bare.replace(",", ".").rpartition(".")
    bare = (
        f"{head.replace('.', '')}.{tail}"
        if head and len(tail) < 3
        else bare.replace(",", "").replace(".", "")
    )
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def _dates(text: str, context: Context, language: str) -> Iterator[Entity]:
    today = (context.now or now()).date()
    yield from find_dates(text, today=today, language=language, country=context.country)


def _phones(text: str, context: Context) -> Iterator[Entity]:
    if not _PHONE_HINT.search(text):
        return
    for match in phonenumbers.PhoneNumberMatcher(text[:1000], context.country, max_tries=20):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield Entity("phone", number, match.raw_string, match.start, match.end)


def _postal_codes(text: str, context: Context) -> Iterator[Entity]:
    is_expected = (context.expects or "").endswith("address")
    if not is_expected and not _POSTAL_WORD.search(fold(text)):
        return
    for match in _POSTAL.finditer(text):
        yield Entity(
            "postal_code", match[1], match.group(), match.start(), match.end(), 0.9 if is_expected else 0.8
        )


def _quantities(text: str) -> Iterator[Entity]:
    for match in _QUANTITY.finditer(fold(text)):
        yield Entity(
            "quantity", int(match[1]), text[match.start() : match.end()], match.start(), match.end(), 0.8
        )
