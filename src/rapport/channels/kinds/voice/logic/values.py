"""Values said aloud as they are written: order numbers, e-mail addresses, postal codes."""

from __future__ import annotations

import datetime as dt
import re

from rapport.channels.kinds.voice.logic.number_words import in_figures

_HASH = {
    "en": "hash|pound sign|number sign|hashtag",
    "cs": "mřížka|křížek|hashtag",
    "de": "raute|rautezeichen|hashtag",
    "es": "almohadilla|numeral",
    "ru": "решётка|решетка|хештег",
    "zh": "井号|井",
}
_W = {
    "en": "double you|double u|double-u",
    "cs": "dvojité vé|dvojité v",
    "es": "uve doble|doble uve|doble u|doble ve",
    "ru": "дабл ю|дабл-ю|дубль вэ|дубль-вэ|дубль ве",
    "zh": "达不溜|大不六",
}
_AT = {
    "en": "at sign|at",
    "cs": "zavináč|zavinač",
    "de": "klammeraffe|at-zeichen|at|ät",
    "es": "arroba",
    "ru": "собака|собачка|эт",
    "zh": "艾特|圈a|at",
}
_DOT = {
    "en": "dot|point|period",
    "cs": "tečka",
    "de": "punkt|dot",
    "es": "punto",
    "ru": "точка",
    "zh": "点",
}
_DASH = {
    "en": "dash|hyphen",
    "cs": "pomlčka",
    "de": "bindestrich|minus",
    "es": "guion|guión",
    "ru": "дефис|тире",
}
_UNDER = {
    "en": "underscore",
    "cs": "podtržítko",
    "de": "unterstrich",
    "es": "guion bajo|guión bajo",
    "ru": "подчёркивание|нижнее подчёркивание",
    "zh": "下划线",
}
_NAME_LEADS = re.compile(
    r"^.*?\b(?:name is|name's|i am|i'm|it is|it's|this is|called|jmenuji se|jmenuju se|jméno je"
    r"|příjmení je|jsem|je to|name ist|nachname ist|vorname ist|ich heiße|ich bin|me llamo|nombre es|apellido es|soy|es"
    r"|меня зовут|зовут|имя|фамилия|это)\s+",
    re.IGNORECASE,
)
_HAN_LEADS = re.compile("^.*?(?:我叫|名字是|我姓|姓|我是|叫)")
MAX_NAME_WORDS = 3
_SPOKEN_RUN = re.compile(r"(?<![\w@.'’])(#?\s*[A-Za-z]?)((?:[\s,.-]*\d){4,})(?![\w@])")
_IN_CODE = re.compile(
    r"(?:(?<=\d)|(?<=\d[A-Za-z])|(?<=\b[A-Z])|(?<=\b[A-Z]{2}))[\s,]+(?=[A-Z]{0,2}\d)"
    r"|(?<=\d)[\s,]+(?=[A-Z]{1,2}\b)|(?<=\b[A-Z])[\s,]+(?=[A-Z]\b)"
)
"""What separates the figures and letters of one postal code; other words are no part of it."""
_ZIP = re.compile(r"(?<![A-Z0-9])[A-Z]{0,2}\d[\dA-Z-]{2,9}")
_GROUPED = re.compile(r"(?<!\d)\d(?:\s\d)+(?!\d)|(?<![\d.,])\d{1,3}(?:\s\d{3})+(?!\d)")
"""Figures said one by one, or in thousands."""
_SCALED = re.compile(
    r"\b(?:hundreds?|thousands?|millions?|half|stě|sta|set|sto|tisíc\w*|milion\w*|půl\w*|hundert\w*|tausend\w*|million\w*"
    r"|halb\w*|cien\w*|mil|mill\w*|medi[ao]|сто|сот\w*|тысяч\w*|миллион\w*|полтора|половин\w*)\b|[百千万亿半]",
    re.IGNORECASE,
)
"""Words that make another number of the figures beside them."""
_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII)


def _swap(text: str, words: str | None, sign: str, language: str) -> str:
    """Words for a sign as the sign; Chinese has no spaces around them."""
    if not words:
        return text
    if language == "zh":
        return re.sub(words, sign, text)
    return re.sub(rf"(?<!\w)(?:{words})(?!\w)", sign, text, flags=re.IGNORECASE)


def written_codes(text: str, language: str) -> str:
    """The text with its spelled numbers together: ``hash W one two three four`` → ``#W1234``.

    Runs of fewer than four figures stay apart: they may be amounts, days or choices.
    """
    said = text
    for words, sign in ((_W.get(language), "W"), (_HASH.get(language), "#")):
        said = _swap(said, words, sign, language)
    figures = in_figures(said, language)
    joined = _SPOKEN_RUN.sub(_together, figures)
    return joined if joined != figures or _is_number(figures) else text


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[#\w\s,.-]*\d[\s\d,.-]*", text))


def _together(found: re.Match[str]) -> str:
    lead = found[1]
    blank = lead[: len(lead) - len(lead.lstrip())]
    return blank + lead.strip().replace(" ", "").upper() + re.sub(r"\D", "", found[2])


def spoken_email(text: str, language: str) -> str:
    """The e-mail address said; empty when there is none."""
    said = in_figures(f" {text.lower().strip().rstrip('.')} ", language)
    for words, sign in (
        (_UNDER.get(language), "_"),
        (_AT.get(language), "@"),
        (_DOT.get(language), "."),
        (_DASH.get(language), "-"),
    ):
        said = _swap(said, words, sign, language)
    said = re.sub(r"\s*([@._-])\s*", r"\1", said)
    name, at, host = said.partition("@")
    if not at or not name.split() or not host.split():
        return ""
    found = _EMAIL.fullmatch(f"{_last_name(name.split())}@{host.split()[0]}")
    return found[0] if found else ""


def _last_name(pieces: list[str]) -> str:
    """What stands before the @: the last word, with letters spelled or figures said one by one joined."""
    place = len(pieces) - 1
    while place >= 0 and (len(pieces[place]) == 1 or pieces[place].isdecimal()):
        place -= 1
    run = pieces[place + 1 :]
    if place >= 0 and (not run or run[0].isdecimal()):
        run = [pieces[place], *run]
    return "".join(run)


def spoken_name(text: str, language: str) -> str:
    """The name in an answer, without what people say around it; empty when it holds figures or is a whole sentence."""
    said = text.strip(" .!,。")
    said = (_HAN_LEADS if language == "zh" else _NAME_LEADS).sub("", said)
    words = said.split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    if not words or len(words) > MAX_NAME_WORDS or re.search(r"\d", said):
        return ""
    return " ".join(word if word[:1].isupper() else word.capitalize() for word in words)


def typed_date(digits: str) -> str:
    """A day typed as day, month and year (``24122026``), in ISO form; empty when there is no such day."""
    if not re.fullmatch(r"\d{8}", digits, re.ASCII):
        return ""
    try:
        return dt.date(int(digits[4:]), int(digits[2:4]), int(digits[:2])).isoformat()
    except ValueError:
        return ""


def spoken_digits(text: str, language: str) -> str:
    """The figures of an answer that is one number, with a letter before them if there is one; else empty."""
    written = written_codes(text, language)
    found = re.findall(r"#?[A-Za-z]?\d+", re.sub(r"(?<=\d)[\s,.-]+(?=\d)", "", written))
    return max(found, key=len) if found else ""


def spoken_zip(text: str, language: str) -> str:
    """A postal code: its figures and letters together, in capitals; empty when there is none."""
    written = written_codes(text, language).strip(" .")
    if all(len(piece) == 1 for piece in written.split()):
        written = written.upper()
    found = _ZIP.search(_IN_CODE.sub("", written).upper())
    return found[0] if found else ""


def spoken_amount(text: str, language: str) -> str:
    """The one number of an answer, with a point before its decimals; empty where there is none, or not surely one."""
    figures = in_figures(text, language)
    if _SCALED.search(figures):
        return ""
    joined = _GROUPED.sub(lambda run: re.sub(r"\s", "", run[0]), figures)
    found = re.findall(r"\d+(?:[.,]\d+)*", joined)
    return _with_point(found[0]) if len(found) == 1 else ""


def _with_point(number: str) -> str:
    """A last group of three figures is thousands, any other is decimals."""
    *groups, last = re.split(r"[.,]", number)
    if not groups:
        return last
    whole = "".join(groups)
    return whole + last if len(last) == 3 and not whole.startswith("0") else f"{whole}.{last}"
