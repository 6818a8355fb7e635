"""Numbers and codes that stand for a person, an account or a card: a form, a check, and words that must be near."""

# ruff: noqa: E501 - forms and telling words of six languages read better in one line
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapport.governance.personal_data import checksums
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan

_BEFORE, _AFTER = 60, 25
_SEPARATORS = str.maketrans("", "", " -/.\u00a0")


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of number."""

    name: str
    kind: PersonalKind
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None
    cues: re.Pattern[str] | None = None
    """Words before (or shortly after) that tell what the number is."""
    needs_cue: bool = False
    """Whether the form is too common to believe without such a word."""
    score: float = 1.0


def _cues(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![^\W\d_])(?:{words})")


def _rule(
    name: str, kind: PersonalKind, pattern: str, check: Callable[[str], bool] | None, cues: str = "!"
) -> Rule:
    """`cues` starts with ``!`` where the form may stand alone."""
    words = cues.removeprefix("!")
    alone = cues.startswith("!")
    score = 1.0 if check and not words else 0.97
    return Rule(name, kind, re.compile(pattern), check, _cues(words) if words else None, not alone, score)


_ID = PersonalKind.NATIONAL_ID
_CARD_WORDS = (
    r"card|visa|master|amex|maestro|cc\b|credit|debit|kart|kreditkart|tarjeta|карт|卡号|卡|信用卡|银行卡|pay"
)
_IDENTITY_WORDS = r"passport|pas\b|pasu|cestovn|reisepass|pasaporte|паспорт|护照|identity card|občansk|op\b|ausweis|perso\b|id card|identity|证件"
_LICENCE_WORDS = r"driv\w*['’]?s? licen[cs]e|licen[cs]e|dl\b|řidič\w*|führerschein\w*|permiso de conducir|carn[eé] de conducir|licencia de conducir|водительск\w+|в/у|驾照|驾驶证"
_TAX_WORDS = r"tax|tin\b|itin|steuer\w*|idnr|id-nr|identifikationsnummer|hacienda|nif|dič|daňov|инн|налог"

RULES: tuple[Rule, ...] = (
    _rule("iban", PersonalKind.IBAN, r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])", None),
    _rule("chinese_resident_id", _ID, r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", checksums.is_chinese_resident_id),
    _rule("card", PersonalKind.CARD, r"(?<![A-Za-z0-9_\u00c0-\u052f#.\-])\d(?:[ \-]?\d){12,18}(?![A-Za-z0-9_\u00c0-\u052f\-])(?!\.\d)", checksums.is_card),
    _rule("card_short", PersonalKind.CARD, r"(?<![A-Za-z0-9_\u00c0-\u052f#.\-])\d{4}(?:[ \-]?\d{4}){2}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_card, _CARD_WORDS),
    _rule("card_maestro", PersonalKind.CARD, r"(?<![A-Za-z0-9_#.\-])(?<!# )(?:50|5[6-8]|6[0-9])\d{10}(?![A-Za-z0-9_\-])", checksums.is_card),
    _rule("card_unchecked", PersonalKind.CARD, r"(?<![A-Za-z0-9_\u00c0-\u052f#.\-])[2-6]\d{3}(?:[ \-]?\d{4}){3}(?![A-Za-z0-9_\u00c0-\u052f\-])", None, _CARD_WORDS),
    _rule("us_ssn", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{3}([\- ])\d{2}\1\d{4}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_us_ssn),
    _rule("us_ssn_plain", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{9}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_us_ssn, r"ssn|social sec|itin|taxpayer"),
    _rule("aba_routing", PersonalKind.BANK_ACCOUNT, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{4}-?\d{4}-?\d(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_aba_routing, r"aba|routing|rtn|transit"),
    _rule("czech_birth_number", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f/\-])\d{6}/\d{3,4}(?![A-Za-z0-9_\u00c0-\u052f/\-])", checksums.is_czech_birth_number),
    _rule("czech_birth_number_plain", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f/\-])\d{9,10}(?![A-Za-z0-9_\u00c0-\u052f/\-])", checksums.is_czech_birth_number, r"rodn\w+|r\. ?č|rč\b|birth num"),
    _rule("czech_account", PersonalKind.BANK_ACCOUNT, r"(?<![A-Za-z0-9_\u00c0-\u052f/\-])(?:\d{1,6}-)?\d{4,10}/\d{4}(?![A-Za-z0-9_\u00c0-\u052f/\-])", None, r"účt|účet|ucet|uctu|č\. ?ú|account|konto"),
    _rule("german_tax_id", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_german_tax_id, _TAX_WORDS),
    _rule("german_identity_card", PersonalKind.PASSPORT, r"(?<![A-Za-z0-9])[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\dD?(?![A-Za-z0-9])", checksums.is_german_identity_card, "!" + _IDENTITY_WORDS),
    _rule("german_social_number", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{2} ?\d{6} ?[A-Z] ?\d{3}(?![A-Za-z0-9_\u00c0-\u052f\-])", None, r"sozialvers|rentenvers|sv-?n|versicherungsn"),
    _rule("spanish_dni", _ID, r"(?<![A-Za-z0-9])(?:\d{8}|\d{2}\.\d{3}\.\d{3}|[XYZxyz][\- ]?\d{7})[\- ]?[A-HJ-NP-TV-Za-hj-np-tv-z](?![A-Za-z0-9])", checksums.is_spanish_dni),
    _rule("spanish_social_number", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f])\d{2}[/ \-]?\d{8}[/ \-]?\d{2}(?![A-Za-z0-9_\u00c0-\u052f])", None, r"seguridad social|nuss|nss\b|afiliaci"),
    _rule("russian_snils", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{3}-\d{3}-\d{3}[ \-]\d{2}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_russian_snils),
    _rule("russian_snils_plain", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{11}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_russian_snils, r"снилс|snils|страхов"),
    _rule("russian_inn", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])(?:\d{12}|\d{10})(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_russian_inn, r"инн|inn\b|налог"),
    _rule("russian_passport", PersonalKind.PASSPORT, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{2} ?\d{2}[ №]{0,3}\d{6}(?![A-Za-z0-9_\u00c0-\u052f\-])", None, r"паспорт|passport|сери"),
    _rule("nhs_number", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{3}[ \-]?\d{3}[ \-]?\d{4}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_nhs_number, r"nhs|national health|health num|patient"),
    _rule("nino", _ID, r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d](?![A-Za-z0-9])", None),
    _rule("pesel", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{11}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_polish_pesel, r"pesel"),
    _rule("bsn", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{4}\.?\d{2}\.?\d{3}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_dutch_bsn, r"bsn|burgerservice|sofinummer"),
    _rule("italian_tax_code", _ID, r"(?<![A-Za-z0-9])[A-Za-z]{6}\d{2}[A-EHLMPR-Ta-ehlmpr-t]\d{2}[A-Za-z]\d{3}[A-Za-z](?![A-Za-z0-9])", checksums.is_italian_tax_code),
    _rule("french_social_number", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![A-Za-z0-9_\u00c0-\u052f\-])", checksums.is_french_social_number),
    _rule("vat_id", PersonalKind.VAT_ID, r"(?<![A-Za-z0-9])(?:AT|BE|CZ|DE|DK|EL|ES|FI|FR|GB|HU|IE|IT|LU|NL|PL|PT|RO|SE|SK)[ \-]?[A-Z0-9]{0,3}\d{5,11}[A-Z0-9]{0,3}(?![A-Za-z0-9])", checksums.is_vat_id, r"!vat|dič|ust|umsatzsteuer|nif|cif|iva|mwst|tax|ндс|税号"),
    _rule("crypto_base58", PersonalKind.CRYPTO, r"(?<![A-Za-z0-9])(?:[13LMDTn2m][1-9A-HJ-NP-Za-km-z]{25,34})(?![A-Za-z0-9])", checksums.is_bitcoin_address),
    _rule("crypto_bech32", PersonalKind.CRYPTO, r"(?<![A-Za-z0-9])(?:bc1|BC1|ltc1)[02-9AC-HJ-NP-Zac-hj-np-z]{11,71}(?![A-Za-z0-9])", checksums.is_bitcoin_address),
    _rule("ethereum", PersonalKind.CRYPTO, r"(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])", None),
    _rule("bic", PersonalKind.BANK_ACCOUNT, r"(?<![A-Za-z0-9])[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])", None, r"bic\b|swift"),
    _rule("us_account", PersonalKind.BANK_ACCOUNT, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])\d{7,17}(?![A-Za-z0-9_\u00c0-\u052f\-])", None, r"(?:bank |checking |savings |deposit )account(?: num\w*| no\.?| #)?|account number is|kontonummer|číslo účtu|número de cuenta|номер сч[её]та|расч[её]тн\w+ сч[её]т|р/с|银行账号|银行账户|账号"),
    _rule("driver_licence", PersonalKind.DRIVER_LICENCE, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])(?=[A-Za-z \-]{0,6}\d)(?:[A-Za-z]{1,5}[\- ]?)?\d(?:[\- ]?[A-Za-z0-9]){5,16}(?![A-Za-z0-9_\u00c0-\u052f\-])", None, _LICENCE_WORDS),
    _rule("passport", PersonalKind.PASSPORT, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])(?:[A-Za-z]{1,2}[ \-]?\d{6,9}|\d{7,9}|[A-Z0-9]{8,9}(?<=\d))(?![A-Za-z0-9_\u00c0-\u052f\-])", None, _IDENTITY_WORDS),
    _rule("medical_licence", _ID, r"(?<![A-Za-z0-9_\u00c0-\u052f])[A-Za-z]{2}\d{7}(?![A-Za-z0-9_\u00c0-\u052f])", None, r"dea\b|medical licen|prescriber"),
)  # fmt: skip
POSTAL_RULES: tuple[Rule, ...] = (
    _rule("postal_code", PersonalKind.POSTAL_CODE, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])(?:[A-Z]{1,3}-?\d{3,6}|\d{3} \d{2,3}|\d{2}-\d{3}|\d{4} ?[A-Z]{2}|\d{3,7}(?:-\d{3,4})?|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d)(?![A-Za-z0-9_\u00c0-\u052f\-])", None, r"zip\b|zip ?code|pin ?code|area code|cap\b|post(?:al)? ?code|psč|plz|postleitzahl|código postal|c\.p\.|code postal|codice postale|kod pocztowy|postn(?:ummer|r)|postinumero|irányítószám|postal num|индекс|邮编|邮政编码"),
    _rule("british_postcode", PersonalKind.POSTAL_CODE, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d(?!GB|TB|MB|HZ)[ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9_\u00c0-\u052f\-])", None),
    _rule("canadian_postcode", PersonalKind.POSTAL_CODE, r"(?<![A-Za-z0-9_\u00c0-\u052f\-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d(?![A-Za-z0-9_\u00c0-\u052f\-])", None),
)  # fmt: skip
"""Postal codes, which need not hold four digits."""
_PLAIN = {"iban"}
_FORM_ALONE = {PersonalKind.POSTAL_CODE: 0.5}
"""Less sure than an address, which holds the code too."""


def find_identifiers(text: str, rules: tuple[Rule, ...] = RULES) -> Iterator[PersonalSpan]:
    """Spans of numbers and codes whose check digits hold, or that a telling word announces."""
    for rule in rules:
        for match in rule.pattern.finditer(text):
            if rule.name in _PLAIN:
                yield from _iban(text, match)
                continue
            value = match[0]
            if rule.check and not rule.check(value.translate(_SEPARATORS)):
                continue
            is_told = rule.cues is not None and is_near(rule.cues, text, match.start(), match.end())
            if rule.needs_cue and not is_told:
                continue
            yield PersonalSpan(*match.span(), rule.kind, value, _score(rule), rule.name)


def _score(rule: Rule) -> float:
    if rule.check:
        return rule.score
    return 0.9 if rule.cues else _FORM_ALONE.get(rule.kind, 0.9)


def is_near(cues: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether a telling word stands in the 60 characters before, or the 25 after."""
    return bool(cues.search(text, max(0, start - _BEFORE), start) or cues.search(text, end, end + _AFTER))


def _iban(text: str, match: re.Match[str]) -> Iterator[PersonalSpan]:
    """The longest beginning of a match that passes: a word after an IBAN may look like its next group."""
    start, value = match.start(), match[0]
    while len(value) >= 15:
        if checksums.is_iban(value.translate(_SEPARATORS)):
            yield PersonalSpan(start, start + len(value), PersonalKind.IBAN, value, 1.0, "iban")
            return
        shorter = max(value.rfind(" "), value.rfind("-"))
        if shorter < 0:
            break
        value = value[:shorter]
    compact = match[0].translate(_SEPARATORS)
    if re.search(r"(?i)iban", text[max(0, start - 30) : start]) and sum(c.isdigit() for c in compact) >= 10:
        yield PersonalSpan(start, match.end(), PersonalKind.IBAN, match[0], 0.8, "iban_unchecked")
