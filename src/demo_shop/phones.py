"""Telephone numbers as customers write them, brought into international form."""

from demo_shop.refusals import Refusal

_CODES = {"CZ": "420", "DE": "49", "ES": "34", "GB": "44", "RU": "7", "CN": "86", "US": "1", "USA": "1"}
_LONGEST = 15
_SHORTEST = 8


def read_phone(text: str, country: str) -> str:
    """The number with ``+`` and country code, or refuse with ``phone_not_valid``."""
    if any(c.isalpha() for c in text):
        raise Refusal("phone_not_valid")
    digits = "".join(c for c in text.replace("(0)", "") if c.isdigit())
    plain = text.replace("(0)", "").strip()
    if plain.startswith("+"):
        number = digits
    elif plain.startswith("00"):
        number = digits[2:]
    elif country == "RU" and len(digits) == 11 and digits[0] == "8":
        number = "7" + digits[1:]
    else:
        number = _CODES.get(country, "") + (digits if country == "ES" else digits.removeprefix("0"))
    if not _SHORTEST <= len(number) <= _LONGEST:
        raise Refusal("phone_not_valid")
    return f"+{number}"
