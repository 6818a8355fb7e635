"""Published and constructed numbers of each kind, and the same with one digit changed."""

from __future__ import annotations

import pytest

from rapport.governance.personal_data import checksums

GOOD = [
    (checksums.is_card, "4111111111111111"),
    (checksums.is_card, "378282246310005"),
    (checksums.is_iban, "DE89370400440532013000"),
    (checksums.is_iban, "GB29NWBK60161331926819"),
    (checksums.is_iban, "CZ6508000000192000145399"),
    (checksums.is_aba_routing, "021000021"),
    (checksums.is_czech_birth_number, "7801233540"),
    (checksums.is_german_tax_id, "86095742719"),
    (checksums.is_german_identity_card, "T220001293"),
    (checksums.is_spanish_dni, "12345678Z"),
    (checksums.is_spanish_dni, "X1234567L"),
    (checksums.is_russian_inn, "7707083893"),
    (checksums.is_russian_inn, "500100732259"),
    (checksums.is_russian_snils, "11223344595"),
    (checksums.is_chinese_resident_id, "11010519491231002X"),
    (checksums.is_nhs_number, "9434765919"),
    (checksums.is_polish_pesel, "44051401359"),
    (checksums.is_italian_tax_code, "RSSMRA85T10A562S"),
    (checksums.is_dutch_bsn, "111222333"),
    (checksums.is_vat_id, "DE136695976"),
    (checksums.is_bitcoin_address, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    (checksums.is_bitcoin_address, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
]


@pytest.mark.parametrize(("check", "number"), GOOD, ids=lambda v: getattr(v, "__name__", v))
def test_the_check_digits_hold(check, number):
    assert check(number)


@pytest.mark.parametrize(("check", "number"), GOOD, ids=lambda v: getattr(v, "__name__", v))
def test_a_changed_digit_breaks_them(check, number):
    place = max(i for i, c in enumerate(number[:-2]) if c.isdigit())
    changed = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert not check(changed)


def test_social_security_rules():
    assert checksums.is_us_ssn("536228726")
    assert not checksums.is_us_ssn("000228726")
    assert not checksums.is_us_ssn("666228726")
    assert not checksums.is_us_ssn("536008726")
