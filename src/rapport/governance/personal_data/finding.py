"""All recognisers over one text, their finds settled against each other."""

from __future__ import annotations

import re

from rapport.governance.personal_data.chinese import find_chinese
from rapport.governance.personal_data.contacts import find_contacts, find_phones
from rapport.governance.personal_data.credentials import find_credentials
from rapport.governance.personal_data.identifiers import POSTAL_RULES, find_identifiers
from rapport.governance.personal_data.names import find_names
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan, settle
from rapport.governance.personal_data.times import find_ages, find_times

MAX_CHARS = 200_000
"""Longer texts are read this far; callers cut what lies behind."""

_FOUR_DIGITS = re.compile(r"\d(?:[^\d\n]{0,6}\d){3}")
_DIGIT = re.compile(r"\d")
_CERTAIN = 0.85
_MASKED = frozenset(PersonalKind) - {PersonalKind.AGE, PersonalKind.DATE_TIME, PersonalKind.POSTAL_CODE}


def find_personal_data(text: str) -> list[PersonalSpan]:
    """Every piece of personal data in a text, in order, without overlaps. Linear in the text's length."""
    text = text[:MAX_CHARS]
    found = find_forms(text)
    found += find_names(text, known_stretches(found))
    found += find_chinese(text)
    return settle(found)


def find_forms(text: str) -> list[PersonalSpan]:
    """What has a checkable form; finds may overlap."""
    found = [*find_contacts(text), *find_credentials(text)]
    if _DIGIT.search(text):
        if _FOUR_DIGITS.search(text):
            found += find_identifiers(text)
            found += find_phones(text)
        found += find_identifiers(text, POSTAL_RULES)
        found += find_ages(text)
    found += find_times(text)
    return found


def known_stretches(found: list[PersonalSpan]) -> list[tuple[int, int, str]]:
    """What the tagger sees as one token: start, end and kind of certain finds, in order and apart."""
    certain = [s for s in found if s.score >= _CERTAIN and (s.kind in _MASKED or s.rule == "date")]
    return [(s.start, s.end, s.kind.value) for s in settle(certain)]
