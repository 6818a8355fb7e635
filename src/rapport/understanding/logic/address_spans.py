"""Where a postal address stands inside a message, by the ways streets are written in the six languages' countries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.understanding.contracts import Entity
from rapport.understanding.logic.addresses import parse_address

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-Ž]"
_WORD = rf"{_CAPITAL}[\w'’.-]{{0,24}}"
_PLACE = rf"{_CAPITAL}[^\W\d_]{{1,24}}(?!\w)\.?"
_CITY = rf"{_PLACE}(?:[ -](?:(?:nad|pod|am|an der|im|de|del|la|u)\s)?{_PLACE}){{0,3}}(?:\s\d{{1,2}}(?![\w]))?"
_UNIT = r"(?:,?\s(?:[Aa]pt|[Aa]partment|[Ss]uite|[Uu]nit|[Ff]lat|[Ff]loor|[Bb]yt|[Ww]ohnung|[Pp]iso|#)\.?\s?#?\w{1,6}|,\s\d{1,2}\s?[ºª°](?:\s?\w{1,4})?)?"
_COUNTRY = r"(?:,\s(?:USA|United States|UK|United Kingdom|Germany|Deutschland|Austria|Österreich|Switzerland|Schweiz|Spain|España|México|Mexico|Czech Republic|Czechia|Česká republika|Česko|Slovensko))?"
_ENGLISH = (
    rf"\d{{1,6}}[A-Z]?\s(?:(?:[NSEW]\.?|North|South|East|West)\s)?(?:{_WORD}\s){{1,4}}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close|Crescent|Parkway|Pkwy|Highway|Hwy|Circle|Cir)\b\.?"
    rf"{_UNIT}(?:,\s{_CITY}(?:,?\s[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}}(?!\w)|(?:,?\s(?:[A-Z]{{2}}(?!\w)|{_PLACE}))?(?:,?\s\d{{5}}(?:-\d{{4}})?)?))?{_COUNTRY}"
)
_GERMAN = (
    rf"(?:(?:{_WORD}[ -]){{0,2}}{_CAPITAL}?[\wäöüß-]{{0,30}}(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|weg|platz|allee|gasse|ring|ufer|damm)|(?:Am|Im|An der|Auf der|Zum|Unter den)\s{_WORD})"
    rf"\s\d{{1,4}}\s?[a-z]?(?![\w:]){_UNIT}(?:,?\s(?:D-|A-|CH-)?\d{{4,5}}\s{_CITY})?(?:,\s{_CITY})?{_COUNTRY}"
)
_SPANISH = (
    rf"(?:Calle|C/|Avenida|Avda\.?|Av\.|Plaza|Pza\.?|Paseo|Pº|Carrer|Camino|Ronda|Travesía|calle|avenida|plaza|paseo)\s(?:(?:de|del|la|las|los|el)\s){{0,3}}{_WORD}(?:\s(?:(?:de|del|la|las|los|y)\s){{0,2}}{_WORD}){{0,4}}"
    rf",?\s(?:n[.º°o]{{1,2}}\s?)?\d{{1,4}}(?:-\d{{1,3}})?(?:\s?[A-Z](?!\w))?{_UNIT}(?:,?\s\d{{5}}\s{_CITY})?(?:,\s{_CITY})?{_COUNTRY}"
)
_CZECH = (
    rf"(?:(?:[Uu]l\.|[Uu]lice|[Nn]ám\.|[Nn]áměstí|[Tt]řída|Na|U|V|Ve|Pod|Za)\s)?{_WORD}(?:\s[\w.]{{2,20}}){{0,2}}\s\d{{1,5}}(?:/\d{{1,4}}[a-z]?)?[a-z]?"
    rf"{_UNIT},?\s(?:(?:PSČ\s)?\d{{3}}\s?\d{{2}}[,]?\s{_CITY}|{_CITY}(?:,?\s(?:PSČ\s)?\d{{3}}\s?\d{{2}})){_COUNTRY}"
)
_RU_WORD = r"[\u0400-\u042f][\u0400-\u04ff-]{1,24}"
_RUSSIAN = (
    rf"(?:(?:\d{{6}},?\s)?(?:(?:г\.|город|в)\s?)?{_RU_WORD}(?:\s{_RU_WORD})?,\s)?(?:ул\.|улица|пр\.|пр-т|просп\.|проспект|пер\.|переулок|бул\.|бульвар|ш\.|шоссе|наб\.|набережная|пл\.|площадь)\s?"
    rf"(?:{_RU_WORD}|\d{{1,3}}-?(?:я|й|го)?)(?:\s[\u0400-\u04ff-]{{2,24}}){{0,2}},?\s(?:д\.|дом)?\s?\d{{1,4}}(?:[/-]\d{{1,3}})?[а-яА-Я]?(?![а-я])"
    rf"(?:,\s(?:корп\.?|стр\.?|к\.)\s?\d{{1,3}})?(?:,\s(?:кв\.|квартира|офис|оф\.)\s?\d{{1,4}})?(?:,\s(?:г\.\s?)?{_RU_WORD})?(?:,?\s\d{{6}})?"
)
_HAN = "(?:(?![是到寄送址在给为成住])[\u4e00-\u9fff])"
_CHINESE = (
    rf"(?:中国)?(?:{_HAN}{{2,7}}(?:省|自治区))?(?:{_HAN}{{2,6}}市)?(?:{_HAN}{{1,6}}[区县])?(?:(?!区){_HAN}){{1,9}}(?:路|街|大道|巷|胡同|弄)(?:{_HAN}{{1,3}}段)?"
    r"\d{1,5}号(?:[\u4e00-\u9fff\w]{1,12}?(?:栋|幢|楼|单元|室|座|层|号)){0,3}"
)
_ADDRESSES = (
    ("en", re.compile(rf"(?<![\w#]){_ENGLISH}")),
    ("de", re.compile(rf"(?<!\w){_GERMAN}")),
    ("es", re.compile(rf"(?<!\w){_SPANISH}")),
    ("cs", re.compile(rf"(?<!\w){_CZECH}")),
    ("ru", re.compile(rf"(?<!\w){_RUSSIAN}")),
    ("zh", re.compile(_CHINESE)),
)
_DEFAULT_COUNTRY = {"de": "DE", "es": "ES", "cs": "CZ", "ru": "RU", "zh": "CN"}
_STREET = re.compile(r"(?i)str|weg|platz|allee|gasse|ring|ufer|damm|\b(?:am|im|an|auf|zum|unter)\b")
_DIGIT = re.compile(r"\d")
_CLIP = 1500


def find_addresses(text: str, country: str | None) -> Iterator[Entity]:
    """Addresses with their parts as value (see `parse_address`)."""
    text = text[:_CLIP]
    if not _DIGIT.search(text):
        return
    for kind, pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "de" and not _STREET.search(match.group()):
                continue
            written = text[start:end].rstrip(" ,.")
            parts = parse_address(written, country or _DEFAULT_COUNTRY.get(kind))
            yield Entity("address", parts, written, start, start + len(written), 0.8)


def read_address(text: str, country: str | None) -> dict[str, str]:
    """Parts of the address a text holds, as `parse_address`; a sentence around it stays out of the street."""
    parts = parse_address(text, country)
    for found in find_addresses(text, country):
        street = str(found.value["address1"])
        if street and parts["address1"].endswith(street):
            before = parts["address1"].removesuffix(street).split()
            return parts | {"address1": street} if before and before[-1].islower() else parts
    return parts
