"""Check digits and date rules of the numbers that identify people, accounts and cards.

Each function takes the number without separators unless it says otherwise and answers whether it may exist.
"""

from __future__ import annotations

import hashlib

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_IBAN_LENGTHS = {
    pair[:2]: int(pair[2:])
    for pair in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 "
        "ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
        "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 "
        "QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 SD18 MN20 RU33"
    ).split()
}


def passes_luhn(digits: str) -> bool:
    """Payment cards and others (ISO/IEC 7812-1): doubled every second digit from the right, sum modulo 10."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        total += digit if place % 2 == 0 else (2 * digit - 9 if digit > 4 else 2 * digit)
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """A payment card: 12 to 19 digits, not all alike, Luhn; of those with a zero first only Maestro's 0604."""
    may_begin = digits[0] != "0" or digits.startswith("0604")
    return 12 <= len(digits) <= 19 and may_begin and len(set(digits)) > 1 and passes_luhn(digits)


def is_iban(text: str) -> bool:
    """ISO 13616: length of the country, and modulo 97 is 1 with the first four characters moved to the end."""
    code = text.upper()
    if _IBAN_LENGTHS.get(code[:2]) != len(code) or not code.isalnum() or not code.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def is_us_ssn(digits: str) -> bool:
    """US social security or taxpayer number: no group of zeros, area not 666."""
    return (
        len(digits) == 9 and digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"
    )


def is_aba_routing(digits: str) -> bool:
    """US bank routing number: weights 3, 7, 1, modulo 10, and a known first pair."""
    if len(digits) != 9:
        return False
    first = int(digits[:2])
    known = first <= 12 or 21 <= first <= 32 or 61 <= first <= 72 or first == 80
    return known and int(digits) > 0 and _weighted(digits, (3, 7, 1)) % 10 == 0


def is_czech_birth_number(digits: str) -> bool:
    """Rodné číslo: year, month (women +50, overflow +20), day; ten digits divide by 11."""
    if len(digits) not in (9, 10):
        return False
    month = int(digits[2:4]) % 50
    month = month - 20 if month > 20 else month
    if not (1 <= month <= 12 and 1 <= int(digits[4:6]) <= 31):
        return False
    if len(digits) == 9:
        return int(digits[:2]) < 54 and digits[6:] != "000"
    return int(digits) % 11 == 0 or (int(digits[:9]) % 11 == 10 and digits[9] == "0")


def is_czech_company_number(digits: str) -> bool:
    """IČO: eight digits, weights 8..2, modulo 11."""
    if len(digits) != 8:
        return False
    total = sum(int(d) * w for d, w in zip(digits, range(8, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(digits[7])


def is_german_tax_id(digits: str) -> bool:
    """Steueridentifikationsnummer: eleven digits, ISO 7064 mod 11,10, one digit repeated among the first ten."""
    if len(digits) != 11 or digits[0] == "0" or len(set(digits[:10])) not in (8, 9):
        return False
    return _mod_11_10(digits)


def is_german_identity_card(text: str) -> bool:
    """Personalausweis or Reisepass: nine characters and a check digit by weights 7, 3, 1."""
    code = text.upper()
    if len(code) not in (10, 11) or not code[9].isdigit():
        return False
    return sum(int(c, 36) * (7, 3, 1)[i % 3] for i, c in enumerate(code[:9])) % 10 == int(code[9])


def is_spanish_dni(text: str) -> bool:
    """DNI or NIE: the number modulo 23 gives the letter; X, Y, Z stand for 0, 1, 2."""
    code = text.upper()
    if len(code) != 9:
        return False
    number = code[:8].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == code[8]


def is_russian_inn(digits: str) -> bool:
    """ИНН: ten digits (firm) or twelve (person), weighted modulo 11 modulo 10."""
    if len(digits) == 10:
        return _inn_digit(digits[:9], (2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[9])
    if len(digits) == 12:
        first = _inn_digit(digits[:10], (7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
        second = _inn_digit(digits[:11], (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
        return (first, second) == (int(digits[10]), int(digits[11]))
    return False


def is_russian_snils(digits: str) -> bool:
    """СНИЛС: nine digits by weights 9..1 modulo 101, with 100 read as 00."""
    if len(digits) != 11:
        return False
    return sum(int(d) * (9 - i) for i, d in enumerate(digits[:9])) % 101 % 100 == int(digits[9:])


def is_chinese_resident_id(text: str) -> bool:
    """GB 11643: eighteen characters, a birth date inside, ISO 7064 mod 11-2."""
    code = text.upper()
    if len(code) != 18 or not code[:17].isdigit():
        return False
    if not (1850 <= int(code[6:10]) <= 2100 and 1 <= int(code[10:12]) <= 12 and 1 <= int(code[12:14]) <= 31):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(code, weights, strict=False)) % 11] == code[17]


def is_nhs_number(digits: str) -> bool:
    """UK health service: ten digits, weights 10..2, modulo 11."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    rest = 11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return rest % 11 == int(digits[9]) and rest != 10


def is_polish_pesel(digits: str) -> bool:
    """PESEL: eleven digits, a date, weights 1, 3, 7, 9."""
    if len(digits) != 11 or not 1 <= int(digits[2:4]) % 20 <= 12 or not 1 <= int(digits[4:6]) <= 31:
        return False
    return (10 - _weighted(digits[:10], (1, 3, 7, 9)) % 10) % 10 == int(digits[10])


def is_italian_tax_code(text: str) -> bool:
    """Codice fiscale: sixteen characters, odd and even places weighted apart, modulo 26."""
    code = text.upper()
    if len(code) != 16:
        return False
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    total = 0
    for place, char in enumerate(code[:15]):
        value = int(char) if char.isdigit() else ord(char) - 65
        total += odd[value] if place % 2 == 0 else value
    return chr(65 + total % 26) == code[15]


def is_french_social_number(digits: str) -> bool:
    """NIR: thirteen digits and a key, 97 minus the rest by 97."""
    return len(digits) == 15 and 97 - int(digits[:13]) % 97 == int(digits[13:])


def is_dutch_bsn(digits: str) -> bool:
    """BSN: nine digits, weights 9..2 and -1, modulo 11."""
    if len(digits) != 9 or not int(digits):
        return False
    return sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


def is_vat_id(text: str) -> bool:
    """EU VAT numbers: the country's length, and its check digits for DE, CZ, ES, AT, GB, PL and IT."""
    code = text.upper()
    country, rest = code[:2], code[2:]
    if country == "DE":
        return len(rest) == 9 and rest.isdigit() and _mod_11_10(rest)
    if country == "CZ":
        return is_czech_company_number(rest) or (rest.isdigit() and is_czech_birth_number(rest))
    if country == "IT":
        return len(rest) == 11 and rest.isdigit() and passes_luhn(rest)
    if country == "PL":
        return len(rest) == 10 and rest.isdigit() and _polish_nip(rest)
    if country == "AT":
        return len(rest) == 9 and rest[0] == "U" and rest[1:].isdigit()
    if country == "ES":
        return len(rest) == 9 and (is_spanish_dni(rest) or rest[1:8].isdigit())
    lengths = {"FR": (11,), "NL": (12,), "BE": (10,), "SK": (10,), "GB": (9, 12), "IE": (8, 9), "PT": (9,)}
    lengths |= {
        "SE": (12,),
        "DK": (8,),
        "FI": (8,),
        "HU": (8,),
        "RO": (6, 7, 8, 9, 10),
        "EL": (9,),
        "LU": (8,),
    }
    return len(rest) in lengths.get(country, ()) and sum(c.isdigit() for c in rest) >= 6


def is_bitcoin_address(text: str) -> bool:
    """Base58Check with a version of Bitcoin, Litecoin, Dogecoin or Tron; or bech32 and bech32m of bc1, ltc1."""
    if text[:3].lower() == "bc1" or text[:4].lower() == "ltc1":
        return _is_bech32(text.lower()) if text in (text.lower(), text.upper()) else False
    number = 0
    for char in text:
        place = _BASE58.find(char)
        if place < 0:
            return False
        number = number * 58 + place
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    double = hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()
    return double[:4] == raw[21:]


def _is_bech32(text: str) -> bool:
    prefix, _, data = text.rpartition("1")
    values = [_BECH32.find(c) for c in data]
    if len(values) < 6 or -1 in values:
        return False
    checksum = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, word in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= word if top >> bit & 1 else 0
    return checksum in (1, 0x2BC830A3)


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * weights[i % len(weights)] for i, d in enumerate(digits))


def _inn_digit(digits: str, weights: tuple[int, ...]) -> int:
    return _weighted(digits, weights) % 11 % 10


def _mod_11_10(digits: str) -> bool:
    product = 10
    for digit in digits[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def _polish_nip(digits: str) -> bool:
    return _weighted(digits[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(digits[9])
