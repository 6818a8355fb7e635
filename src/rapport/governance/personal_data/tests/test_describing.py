"""What describes, groups or names no person is left as it is; people's names are still found beside it."""

from __future__ import annotations

import pytest

from rapport.governance.personal_data.people import find_people


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Tiskárnu dodala Pražská firma", "cs"),
        ("Psal jsem na Český telekomunikační úřad", "cs"),
        ("Zboží jde přes Baltské moře", "cs"),
        ("Lékaři tvrdí, že je ten tlakoměr vadný", "cs"),
        ("Balík přišel. Rozbalte mi prosím reklamaci", "cs"),
        ("Byl jsem na Mistrovství v hokeji", "cs"),
        ("Poslali to do Afriky místo do Francie", "cs"),
        ("Мы ждали открытия Олимпийских игр", "ru"),
        ("Заказ застрял где-то у Балтийского моря", "ru"),
        ("Исследователи говорят, что прибор неисправен", "ru"),
        ("Посылку отправили в Африку, а не в Германию", "ru"),
        ("Píší o tom v knize „Lovci pokladů“", "cs"),
        ("Stížnost leží u Podkomise pro obchod", "cs"),
        ("Жалобу передали в Комитет по торговле", "ru"),
        ("The lamp broke. Gradually it went dark", "en"),
        ("(Dejte mi vědět.) Opětovně žádám o vrácení peněz", "cs"),
    ],
)
def test_nobody_is_named(text: str, language: str) -> None:
    assert find_people(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Reklamaci vyřizoval pan Novotný minulý týden", "cs", ["Novotný"]),
        ("Včera mi volala Petrželková kvůli vratce", "cs", ["Petrželková"]),
        ("Předejte to prosím Petrovi", "cs", ["Petrovi"]),
        ("Petrův balík nedorazil", "cs", ["Petrův"]),
        ("Dnes přišla Martinovi špatná velikost", "cs", ["Martinovi"]),
        ("Передайте это Марине", "ru", ["Марине"]),
        ("Мне ответила Щербакова вчера", "ru", ["Щербакова"]),
        ("I spoke to J. Xochitlan yesterday", "en", ["J. Xochitlan"]),
        ("We met Dr. Xochitlan there", "en", ["Xochitlan"]),
    ],
)
def test_people_are_still_found(text: str, language: str, expected: list[str]) -> None:
    assert [span.value for span in find_people(text, language)] == expected
