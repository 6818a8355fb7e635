"""E-mail addresses, web addresses, IP and MAC addresses, telephone numbers."""

# ruff: noqa: E501 - forms and telling words of six languages read better in one line
from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from rapport.governance.personal_data.identifiers import is_near
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_\u00c0-\u052f.+\-])[\w][\w.%+'\-]{0,63}@(?:[\w](?:[\w\-]{0,62})\.){1,8}[^\W\d_]{2,24}(?![A-Za-z0-9_\u00c0-\u052f@])",
    re.UNICODE,
)
_SPOKEN_EMAIL = re.compile(
    r"(?i)(?<![A-Za-z0-9_\u00c0-\u052f.])[\w][\w.+\-]{0,63} ?(?:\(at\)|\[at\]|\{at\}| at ) ?[\w\-]{2,63}(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot ) ?[a-z]{2,10}){1,3}\b"
)
_URL = re.compile(r"(?i)(?<![A-Za-z0-9_\u00c0-\u052f@])(?:https?://|ftp://|www\.)[^\s<>\"'`，。）（]{2,2000}")
_TOP = (
    "com|org|net|edu|gov|mil|info|biz|name|io|ai|app|dev|shop|store|online|site|xyz|cloud|me|tv|co|eu|uk|us|ca|au|nz|ie|de|at|ch|"
    "cz|sk|es|mx|ar|cl|pe|ru|su|ua|by|kz|cn|hk|tw|jp|kr|in|fr|it|nl|be|lu|dk|se|no|fi|is|pl|hu|ro|bg|gr|pt|br|tr|il|za|ae|sg|рф"
)
_DOMAIN = re.compile(
    rf"(?i)(?<![A-Za-z0-9_\u00c0-\u052f@.\-/])(?:[a-z0-9](?:[a-z0-9\-]{{0,62}})\.){{1,6}}(?:{_TOP})(?![A-Za-z0-9_\u00c0-\u052f@\-])(?!\.\w)(?:/[^\s<>\"']{{0,500}})?"
)
_FILE_LIKE = re.compile(r"(?i)\.(?:me|is|at|in|no|it|be|us|co|name|so)$")
_IP4 = re.compile(
    r"(?<![A-Za-z0-9_\u00c0-\u052f.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d{1,2})?(?![A-Za-z0-9_\u00c0-\u052f]|\.\d)"
)
_VERSION = re.compile(r"(?i)(?:v|ver\.?|version|verze|versión|версия|firmware|版本|release|build)\s*:?\s*$")
_IP6 = re.compile(
    r"(?i)(?<![A-Za-z0-9_\u00c0-\u052f:.])(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{2,39}(?:%\w{1,10}|/\d{1,3})?(?![A-Za-z0-9_\u00c0-\u052f:])"
)
_MAC = re.compile(
    r"(?i)(?<![A-Za-z0-9_\u00c0-\u052f:\-])(?:[0-9a-f]{2}([:\-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![A-Za-z0-9_\u00c0-\u052f:\-])|(?<![A-Za-z0-9_\u00c0-\u052f.])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?![A-Za-z0-9_\u00c0-\u052f.])"
)

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_\u00c0-\u052f#№$€£¥@.,/:=\-])(?<![$€£¥#] )(?:\(?\+|00(?=[1-9]))?\(?\d{1,5}\)?(?:[ \u00a0]?[\-./ \u00a0()]{0,2}\(?\d{1,9}\)?){0,6}(?!(?!x\d)[A-Za-z0-9_\u00c0-\u052f€$£¥%])(?![.,:/\-]\d)"
)
_EXTENSION = re.compile(
    r"(?i)(?:[ ,]{0,2}(?:ext\.?|x|extension|доб\.?|linka|klappe|durchwahl|分机)\s?\d{1,6})(?![A-Za-z0-9_\u00c0-\u052f])"
)
_PHONE_WORDS = re.compile(
    r"(?i)(?<![^\W\d_])(?:tel|ph(?:one)?\b|call|dial|mobil|cell|fax|text me|text us|reach|ring|contact|number is|whatsapp|sms|viber|signal\b|desk|"
    r"hotline|landline|handset|caller|messages? to|answering at|"
    r"volejte|zavol|telefon|číslo je|linka|ruf|anruf|handy|rückruf|nummer|erreich|festnetz|llam|móvil|movil|celular|teléfono|"
    r"тел|звон|позвон|моб|номер|связат|факс|dzwon|numer|номер)|电话|手机|致电|拨打|联系|微信|号码|传真"
)
_NOT_PHONE = re.compile(
    r"(?i)(?:order|invoice|tracking|track|parcel|sku|ref(?:erence)?|ticket|case|item|article|art|model|serial|part|product|ean|imei|isbn|zip|"
    r"version|objednáv\w*|objednav\w*|zásilk\w*|faktur\w*|vs|variabiln\w*|bestell\w*|rechnung\w*|sendung\w*|artikel\w*|kundennummer|"
    r"pedido|factura|envío|seguimiento|referencia|заказ\w*|накладн\w*|сч[её]т\w*|трек\w*|артикул\w*|посылк\w*|订单|单号|货号|编号|发票|快递)"
    r"[\s.:#№\-]{0,4}(?:n[or°]\.?|num\w*|nummer|code|id|číslo|č\.|número|номер|号|号码|is|je|ist|es|:|#|№|是|为|\s){0,4}[\s.:#№\-：]{0,3}$"
)
_INTERNATIONAL = 0.96
"""The score of a valid number with its country."""
_GROUPED = 0.85
"""The score of digits that nothing but their grouping tells."""
_DOUBTFUL = 0.3
"""The score of an announced number that may belong to a street: an address around it is surer."""
_ANNOUNCED_WITHIN = 20
"""So many characters before a number the word stands that announces it."""
_STREET_AFTER = re.compile(
    r"(?i) (?:[^\W\d_]+\.? ){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl)\b"
)
_TWO_NUMBERS = re.compile(r"\d{4,5} \d{1,4}")
_DATE_LIKE = re.compile(
    r"^(?:\d{4}[\-./ ]\d{1,2}[\-./ ]\d{1,2}|\d{1,2}[\-./ ]{1,2}\d{1,2}[\-./ ]{1,2}(?:\d{4}|\d{2}))"
)


def find_contacts(text: str) -> Iterator[PersonalSpan]:
    """E-mail, web, IP and MAC addresses."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield PersonalSpan(*match.span(), PersonalKind.EMAIL, match[0], 1.0, "email")
    lowered = text.lower()
    if " dot " in lowered or "dot)" in lowered or "dot]" in lowered:
        for match in _SPOKEN_EMAIL.finditer(text):
            yield PersonalSpan(*match.span(), PersonalKind.EMAIL, match[0], 0.9, "email_spoken")
    if "://" in text or "www." in lowered:
        for match in _URL.finditer(text):
            yield _span(match.start(), match[0].rstrip(".,;:!?)]}»”"), PersonalKind.URL, 0.99)
    if "." in text:
        yield from _domains(text)
        for match in _IP4.finditer(text):
            if not _VERSION.search(text, max(0, match.start() - 16), match.start()):
                yield PersonalSpan(*match.span(), PersonalKind.IP, match[0], 0.99, "ip4")
    if text.count(":") > 1 or text.count("-") > 4 or text.count(".") > 1:
        yield from _hardware(text)


def _domains(text: str) -> Iterator[PersonalSpan]:
    for match in _DOMAIN.finditer(text):
        name = match[0].split("/")[0]
        if _FILE_LIKE.search(name) and name.count(".") == 1:
            continue  # "call.me", "again.It": a full stop without its space
        yield _span(match.start(), match[0].rstrip(".,;:!?)"), PersonalKind.URL, 0.95)


def _hardware(text: str) -> Iterator[PersonalSpan]:
    for match in _MAC.finditer(text):
        yield PersonalSpan(*match.span(), PersonalKind.MAC, match[0], 0.99, "mac")
    for match in _IP6.finditer(text):
        groups = match[0].partition("/")[0].partition("%")[0]
        if _is_ip6(groups):
            yield PersonalSpan(*match.span(), PersonalKind.IP, match[0], 0.98, "ip6")


def _is_ip6(text: str) -> bool:
    groups = text.split(":")
    if any(len(g) > 4 for g in groups) or not any(groups):
        return False
    if "::" in text:
        return (
            text.count("::") == 1
            and ":::" not in text
            and len(groups) <= 9
            and any(len(g) > 1 for g in groups)
        )
    return len(groups) == 8 and all(groups)


def find_phones(text: str) -> Iterator[PersonalSpan]:
    """Telephone numbers: international ones by phonenumbers, national ones by grouping or a telling word."""
    for match in _NUMBER.finditer(text):
        value = match[0].rstrip(" -./(\u00a0")
        if value.count(")") != value.count("("):
            value = value.lstrip("(").rstrip(")") if value.count("(") != value.count(")") else value
        start = text.find(value, match.start())
        digits = sum(c.isdigit() for c in value)
        if not 7 <= digits <= 15:
            continue
        score = _phone_score(text, start, value, digits)
        if score < _INTERNATIONAL and _is_before_street(text, value, start + len(value)):
            is_announced = _PHONE_WORDS.search(text, max(0, start - _ANNOUNCED_WITHIN), start)
            score = min(score, _DOUBTFUL) if is_announced else 0.0
        if score:
            more = _EXTENSION.match(text, start + len(value))
            value += more[0] if more else ""
            yield PersonalSpan(start, start + len(value), PersonalKind.PHONE, value, score, "phone")


def _is_before_street(text: str, value: str, end: int) -> bool:
    """Whether two numbers are a postal code and a house number: "03262 2437 Main St", "02444 198 Säffle terrasse"."""
    if _STREET_AFTER.match(text, end) and len(value) < 12:
        return True
    return (
        bool(_TWO_NUMBERS.fullmatch(value))
        and text[end : end + 1] == " "
        and text[end + 1 : end + 2].isupper()
    )


def _phone_score(text: str, start: int, value: str, digits: int) -> float:
    """How likely a run of digits is a telephone number, 0 for no."""
    if value.startswith(("+", "(+", "00")):
        return _INTERNATIONAL if _is_valid(value) else (0.9 if digits >= 8 else 0.0)
    if _NOT_PHONE.search(text, max(0, start - 40), start):
        return 0.0
    if _DATE_LIKE.fullmatch(value):
        return 0.0
    is_told = is_near(_PHONE_WORDS, text, start, start + len(value))
    groups = re.findall(r"\d+", value)
    if len(groups) == 1:
        return _plain_score(text, value, is_told=is_told)
    if max(map(len, groups)) <= 1 or len(set(re.findall(r"[^\d()]+", value))) > 3:
        return 0.0
    if is_told and digits >= 7:
        return 0.93
    return _GROUPED if _is_usual_grouping(groups, value, digits) else 0.0


def _plain_score(text: str, value: str, *, is_told: bool) -> float:
    if len(value) == 11 and value[0] == "1" and value[1] in "3456789":
        return 0.88 if is_told or any("\u4e00" <= c <= "\u9fff" for c in text) else 0.0
    if not is_told:
        return 0.0
    return 0.88 if 9 <= len(value) <= 12 or (len(value) in (7, 8)) else 0.0


def _is_usual_grouping(groups: list[str], value: str, digits: int) -> bool:
    """Whether digits are grouped as telephone numbers are: 3-3-4, 2-2-2-2, 3 3 3, 0xx yyy..."""
    sizes = tuple(map(len, groups))
    if sizes in {(3, 3, 4), (1, 3, 3, 4), (3, 4)} and (sizes != (3, 4) or "-" in value):
        return True
    if sizes in {(3, 3, 3), (3, 4, 4)} and "." not in value:
        return True
    if len(sizes) >= 4 and set(sizes) == {2}:
        return True
    if groups[0][0] == "0" and digits >= 8 and len(groups) <= 6:
        return True
    if groups[0] == "8" and digits == 11:
        return True
    return "(" in value and digits >= 8 and value.startswith("(")


def _is_valid(value: str) -> bool:
    text = "+" + value[2:] if value.startswith("00") else value
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text.replace("(0)", ""), None))
    except phonenumbers.NumberParseException:
        return False


def _span(start: int, value: str, kind: PersonalKind, score: float) -> PersonalSpan:
    return PersonalSpan(start, start + len(value), kind, value, score, str(kind))
