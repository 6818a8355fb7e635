"""Sums of money and counts of things in six languages, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from rapport.understanding.contracts import Entity
from rapport.understanding.logic.calendar_words import HAN_NUMBER, NUMBER, UNIT, either, number_of
from rapport.understanding.logic.cleaning import fold

_CURRENCIES = {
    "USD": "$ usd us$ dollar dollars bucks dolaru dolary dolar dolares dolar долларов доллара доллар баксов 美元 美金",
    "EUR": "€ eur euro euros eura eur. евро 欧元",
    "GBP": "£ gbp pound pounds quid libra libras liber pfund фунтов фунта фунт 英镑",
    "CZK": "kc kč czk korun koruny korunu koruna kronen coronas крон",
    "RUB": "₽ rub руб р. рублеи рубля рубль rubel rublos rubles rublu 卢布",
    "CNY": "cny rmb yuan yuanes 元 块 块钱 人民币 юанеи юань",
    "JPY": "jpy yen 日元 иен", "CHF": "chf franken sfr fr. франков", "PLN": "pln zl zloty zlotych zlote злотых", "HUF": "huf ft forint",
    "UAH": "uah ₴ hryven гривен", "INR": "inr ₹ rupees", "TRY": "₺ try lira", "KRW": "₩ krw won", "SEK": "sek", "NOK": "nok", "DKK": "dkk",
    "AUD": "aud a$", "CAD": "cad c$ ca$", "MXN": "mxn pesos peso", "BRL": "brl r$ reais", "RON": "ron lei", "HKD": "hkd hk$ 港币 港元",
}  # fmt: skip
CURRENCY = {fold(word): code for code, names in _CURRENCIES.items() for word in names.split()} | {
    "¥": "CNY",
    "￥": "CNY",
}
_SIGN = either(CURRENCY)
_DIGITS = r"\d{1,3}(?:[ .,\u00a0\u202f']\d{3})+(?:[.,]\d{1,2}(?!\d))?|\d{1,9}(?:[.,]\d{1,2}(?!\d))?"
_SCALE = r"k|tis\.?|tisic|tausend|mil|thousand|тыс\.?|тысяч\w?|万|千|百|million|millones|millionen|mio\.?|миллион\w{0,2}"
_SCALES = {
    "k": 1000,
    "tis": 1000,
    "tisic": 1000,
    "tausend": 1000,
    "mil": 1000,
    "thousand": 1000,
    "тыс": 1000,
    "万": 10_000,
    "千": 1000,
    "百": 100,
}
_WORDED = rf"(?:(?:{either(NUMBER)})[\s-](?:and\s|y\s|und\s|a\s)?){{1,4}}"
_MONEY = re.compile(
    rf"(?<![a-zа-я0-9_$€£])(?P<sign>{_SIGN})\s?(?P<after>{_DIGITS})(?:\s?(?P<scale1>{_SCALE})(?![\w]))?(?:,-|\.-|,–)?(?![\d])"
    rf"|(?<![a-zа-я0-9_.,])(?P<before>{_DIGITS})(?:,-|\.-|,–)?(?:\s?(?P<scale2>{_SCALE})(?=[\s{''.join(c for c in '元块$€')}]))?\s?(?P<sign2>{_SIGN})(?![a-zа-я])(?:\s?(?P<cents>\d{{2}})(?!\d|\s?[{re.escape('€$')}]))?"
    rf"|(?P<han>{HAN_NUMBER})(?P<sign3>块钱|元|块|美元|欧元)"
    rf"|(?<!\w)(?P<worded>{_WORDED})(?P<sign4>{either(w for w in CURRENCY if w.isalpha() and len(w) > 2)})(?!\w)"
    r"|(?<![\w.,])(?P<bare>\d{1,6}),[-–](?!\w)"
)
_PIECES = (
    r"x|×|pcs|pieces?|items?|units?|pairs?|sets?|packs?|bottles?|boxes|ks|kus|kusy|kusu|kusů|pary|paru|baleni|stuck|stueck|stk|mal|paar|packung(?:en)?"
    r"|unidad(?:es)?|piezas?|uds?|pares|cajas?|paquetes?|шт|штук[иа]?|пар[ыау]?|упаков\w{1,3}|коробк\w{1,2}"
)
_HAN_PIECES = "件|个(?!月|星期|礼拜|小时)|只|双|条|台|本|套|张|瓶|盒|箱|把|部|辆|副|包"
_QUANTITY = re.compile(
    rf"(?<![a-zа-я0-9_.,/:#-])(?P<digits>\d{{1,3}})\s?(?:{_PIECES})(?![a-zа-я])|(?<![\w.,])(?P<times>[x×])\s?(?P<digits2>\d{{1,3}})(?!\w)"
    rf"|(?P<han>\d{{1,4}}|{HAN_NUMBER})(?:{_HAN_PIECES})|(?<!\w)(?P<worded>{either(w for w, n in NUMBER.items() if 2 <= n <= 20)}|one)\s(?!mal|stuck|x)(?:{_PIECES})(?!\w)"
    r"|(?<!\w)(?:(?P<dozen>half a dozen|a dozen|one dozen|dozen|tucet|ein dutzend|dutzend|una docena|docena|дюжин[ауы])|(?P<pair>a pair of|a couple of|un par de|пару))(?!\w)"
)
_UNITS_OF_MEASURE = (
    "kg g mg km m cm mm l ml gb mb tb w kw v mah inch inches zoll palcu pulgadas hz uhr hodin hodiny hours hour minutes minuten "
    "minut minutos horas hora stunden stunde percent prozent procent por percento stars star estrellas hvezdicek am pm a.m p.m "
    "times time mal krat veces раз раза часов часа час минут минуты процентов кг г см мм л мл градусов weeks months more or of and "
    "lidi people personen personas человек or to and bis do a y и или nebo oder o no weitere der den die das dieser of my our your"
).split()
_COUNTED = re.compile(
    rf"(?<![\w.,/:#№°-])(?<!size )(?<!no )(?<!nr )(?<!model )(?<!step )(?<!page )(?<!version )(?<!iphone )(?<!galaxy )(?<!velikost )(?<!grosse )(?<!talla )(?<!размер )(?P<number>\d{{1,2}}|{either(w for w, n in NUMBER.items() if 2 <= n <= 12)})\s(?=[a-zа-я]{{3}})(?P<noun>[a-zа-я]{{3,}})"
)
_BEFORE_COUNT = re.compile(
    r"(?:^|(?<!\w)(?:ordered|order|bought|buy|need|want|wanted|got|received|return|returned|send|sent|add|only|get|have|had|cancel|missing|for|with|and|und|y|и|the|these|those|my|take|paid for"
    r"|objednal\w?(?: jsem)?(?: si)?|objednat|koupil\w?(?: jsem)?(?: si)?|jsem|si|chci|chtel\w? bych|potrebuj\w|prisl[yoa]|dostal\w?|vratit|jen|jenom|pridat|mam|misto|bestellt|habe|hatte|will|mochte|brauche|nur|gekauft|kaufe|die|statt|erhalten|zuruckgeben"
    r"|pedi|compre|quiero|necesito|quise|recibi|devolver|solo|llegaron|he pedido|tengo|los|las|faltan|заказал[аи]?|заказать|купил[аи]?|хочу|нужно|нужны|получил[аи]?|вернуть|пришли|пришло|только|есть|верните|добавьте))\s?$"
)


def find_money(text: str) -> Iterator[Entity]:
    """Sums with a currency; the amount as decimal text, the currency as ISO 4217."""
    for match in _MONEY.finditer(fold(text)):
        parts = match.groupdict()
        sign = parts["sign"] or parts["sign2"] or parts["sign3"] or parts["sign4"]
        currency = CURRENCY[sign] if sign else "CZK"
        amount = _amount_of(parts)
        if amount is not None:
            end = match.start() + len(match.group().rstrip())
            value = {"amount": format(amount, "f"), "currency": currency}
            yield Entity("money", value, text[match.start() : end], match.start(), end)


def read_amount(text: str) -> float | None:
    """The first sum of money a text names, in whatever currency."""
    found = next(find_money(text), None)
    return float(found.value["amount"]) if found else None


def read_only_amount(text: str) -> float | None:
    """The one sum of money a text names; None where it names none, or several different ones."""
    found = {str(entity.value["amount"]) for entity in find_money(text)}
    return float(found.pop()) if len(found) == 1 else None


def _amount_of(parts: dict[str, str | None]) -> Decimal | None:
    if parts["worded"]:
        number = _spelled(parts["worded"])
        return Decimal(number) if number else None
    if parts["han"]:
        number = number_of(parts["han"])
        return Decimal(number) if number else None
    amount = parse_amount(parts["after"] or parts["before"] or parts["bare"] or "")
    scale = (parts["scale1"] or parts["scale2"] or "").rstrip(".")
    if amount is not None and scale:
        amount *= _SCALES.get(scale, 1000 if scale.startswith("тыс") else 1_000_000)
    if amount is not None and parts["cents"] and amount == amount.to_integral_value():
        amount += Decimal(parts["cents"]) / 100
    return amount


def _spelled(written: str) -> int | None:
    """A number in words up to thousands: "two hundred and fifty"."""
    total, section = 0, 0
    for word in re.split(r"[\s-]+", written.strip()):
        number = NUMBER.get(word)
        if number is None:
            continue
        if number == 1000:
            total, section = total + max(1, section) * 1000, 0
        elif number == 100 and section:
            section *= 100
        else:
            section += number
    return (total + section) or None


def parse_amount(written: str) -> Decimal | None:
    """The number in any notation: a last group of one or two digits after a separator are decimals."""
    bare = re.sub(r"[\s\u00a0\u202f']", "", written)
    head, _, tail = bare.replace(",", ".").rpartition(".")
    bare = f"{head.replace('.', '')}.{tail}" if head and len(tail) < 3 else re.sub(r"[.,]", "", bare)
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def find_quantities(text: str) -> Iterator[Entity]:
    """Counts: with a word of counting ("2x", "3 ks", 两件), then number and noun where things are bought or returned."""
    folded = fold(text)
    for match in _QUANTITY.finditer(folded):
        parts = match.groupdict()
        written = parts["digits"] or parts["digits2"] or parts["han"] or parts["worded"]
        number = (
            number_of(written) if written else 2 if parts["pair"] else 6 if "half" in match.group() else 12
        )
        if number and text[match.start()] != "X" and match.group() != "一个":
            yield Entity(
                "quantity", number, text[match.start() : match.end()], match.start(), match.end(), 0.8
            )
    for match in _COUNTED.finditer(folded):
        noun = match["noun"]
        if noun in UNIT or noun in _UNITS_OF_MEASURE or noun in CURRENCY or noun in NUMBER:
            continue
        if not _BEFORE_COUNT.search(folded[max(0, match.start() - 24) : match.start()]):
            continue
        number = number_of(match["number"])
        if number:
            start, end = match.start("number"), match.end("number")
            yield Entity("quantity", number, text[start:end], start, end, 0.6)
