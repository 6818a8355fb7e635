"""Addresses as people of six languages write them."""

from __future__ import annotations

import pytest

from rapport.understanding.api import read_address


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("123 Main St Apt 4, Denver, CO 80202", None, "123 Main St|Apt 4|Denver|CO||80202"),
        ("My new address is 4421 Oak Avenue, Suite 210, Austin, Texas 78701, USA", None,
         "4421 Oak Avenue|Suite 210|Austin|TX|US|78701"),
        ("please send it to 55 Elm Street Boston MA 02110", None, "55 Elm Street||Boston|MA||02110"),
        ("10 High Street, London SW1A 1AA, UK", None, "10 High Street||London||GB|SW1A 1AA"),
        ("Hauptstraße 5, 10115 Berlin", "DE", "Hauptstraße 5||Berlin||DE|10115"),
        ("Dlouhá 12, 110 00 Praha 1", "CZ", "Dlouhá 12||Praha 1||CZ|110 00"),
        ("Dlouhá 12 Praha", "CZ", "Dlouhá 12||Praha||CZ|"),
        ("Calle Mayor 5, 3º B, 28013 Madrid, España", None, "Calle Mayor 5|3º B|Madrid||ES|28013"),
        ("ул. Ленина, д. 5, кв. 12, Москва, 101000", "RU", "ул. Ленина, д. 5|кв. 12|Москва||RU|101000"),
        ("北京市朝阳区建国路88号1号楼101室 100022", None, "朝阳区建国路88号1号楼101室||北京市||CN|100022"),
        ("Bitte ändern Sie die Lieferadresse der Bestellung mit dem Telefon auf Lindenstr. 5, 10969 Berlin", "DE",
         "Lindenstr. 5||Berlin||DE|10969"),
        ("please change the address of order #W16 to 12 Elm Street, Leeds LS1 4AB", "GB",
         "12 Elm Street||Leeds||GB|LS1 4AB"),
        ("Změňte adresu objednávky s telefonem na Dlouhá 12, 110 00 Praha 1", "CZ", "Dlouhá 12||Praha 1||CZ|110 00"),
        ("cambia la dirección del pedido a Calle de los Reyes 5, 28013 Madrid", "ES",
         "Calle de los Reyes 5||Madrid||ES|28013"),
        ("измените адрес заказа с телефоном на ул. Ленина, д. 5, кв. 12, Москва, 101000", "RU",
         "ул. Ленина, д. 5|кв. 12|Москва||RU|101000"),
        ("Calle de los Reyes Católicos 5, 28013 Madrid", "ES", "Calle de los Reyes Católicos 5||Madrid||ES|28013"),
        ("广东省深圳市南山区科技路1号", None, "南山区科技路1号||深圳市|广东省|CN|"),
    ],
)  # fmt: skip
def test_parts_find_their_place(text: str, country: str | None, expected: str) -> None:
    names = ("address1", "address2", "city", "state", "country", "zip")
    assert read_address(text, country) == dict(zip(names, expected.split("|"), strict=True))


@pytest.mark.parametrize("text", ["", "   ", ",,,", "\0", "x" * 10_000, "12345", "USA", "你好"])
def test_anything_is_answered(text: str) -> None:
    assert set(read_address(text, "US")) == {"address1", "address2", "city", "state", "country", "zip"}
