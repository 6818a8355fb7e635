"""All recognisers over one text, their finds settled against each other."""

from __future__ import annotations

import re

from rapport.governance.personal_data.contacts import find_contacts, find_phones
from rapport.governance.personal_data.credentials import find_credentials
from rapport.governance.personal_data.identifiers import find_identifiers
from rapport.governance.personal_data.spans import PersonalSpan, settle
from rapport.governance.personal_data.times import find_ages, find_times

MAX_CHARS = 200_000
"""Longer texts are read this far; callers cut what lies behind."""

_DIGIT = re.compile(r"\d")
_FIVE_DIGITS = re.compile(r"\d(?:[^\d\n]{0,6}\d){4}")


def find_personal_data(text: str) -> list[PersonalSpan]:
    """Every piece of personal data in a text, in order, without overlaps. Linear in the text's length."""
    text = text[:MAX_CHARS]
    found = [*find_contacts(text), *find_credentials(text)]
    if _DIGIT.search(text):
        if _FIVE_DIGITS.search(text):
            found += find_identifiers(text)
            found += find_phones(text)
        found += find_ages(text)
    found += find_times(text)
    return settle(found)
