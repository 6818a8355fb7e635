"""Order numbers and addresses as they are said."""

from __future__ import annotations

import pytest

from rapport.channels.kinds.voice.logic.values import (
    spoken_amount,
    spoken_digits,
    spoken_email,
    spoken_name,
    spoken_zip,
    typed_date,
    written_codes,
)


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("en", "hash W one two three four five six seven", "#W1234567"),
        ("en", "W 1 2 3 4 5 6 7", "W1234567"),
        ("en", "my order is double you double five three oh one twenty five", "my order is W5530125"),
        ("en", "pound sign w 123 4567 please", "#W1234567 please"),
        ("cs", "křížek W jedna dva tři čtyři pět šest sedm", "#W1234567"),
        ("cs", "objednávka dvojité vé 123 456 7", "objednávka W1234567"),
        ("de", "Raute W eins zwei drei vier fünf", "#W12345"),
        ("es", "almohadilla uve doble uno dos tres cuatro", "#W1234"),
        ("ru", "решётка дабл ю один два три четыре", "#W1234"),
        ("zh", "井号W一二三四五六七", "#W1234567"),
        ("en", "it's 1234567", "it's 1234567"),
        ("en", "it’s W 1 2 3 4", "it’s W1234"),
        ("en", "I want to return two shirts", "I want to return two shirts"),
        ("en", "I ordered 2 lamps on 3 May", "I ordered 2 lamps on 3 May"),
        ("en", "one of them is broken", "one of them is broken"),
        ("zh", "我要退两件衣服", "我要退两件衣服"),
    ],
)
def test_only_long_numbers_are_put_together(language: str, said: str, written: str) -> None:
    assert written_codes(said, language) == written


@pytest.mark.parametrize(
    ("language", "said", "email"),
    [
        ("en", "vera dot novak at example dot com", "vera.novak@example.com"),
        (
            "en",
            "it's vera underscore one at mail dash box dot example dot com.",
            "vera_1@mail-box.example.com",
        ),
        ("en", "my email is v e r a at example dot com", "vera@example.com"),
        ("en", "james dot wright two five three five at example dot com", "james.wright2535@example.com"),
        ("en", "Vera.Novak@example.com", "vera.novak@example.com"),
        ("cs", "vera tečka novak zavináč example tečka cz", "vera.novak@example.cz"),
        ("de", "vera Klammeraffe example Punkt de", "vera@example.de"),
        ("es", "vera guion bajo uno arroba example punto com", "vera_1@example.com"),
        ("ru", "vera собака example точка com", "vera@example.com"),
        ("zh", "vera艾特example点com", "vera@example.com"),
        ("en", "I am at home", ""),
        ("en", "at", ""),
        ("en", "@", ""),
        ("en", "", ""),
    ],
)
def test_addresses_are_written(language: str, said: str, email: str) -> None:
    assert spoken_email(said, language) == email


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("it is 12 34 56", "123456"),
        ("it's 1234567", "1234567"),
        ("W 1234567", "W1234567"),
        ("no idea", ""),
        ("six oh two double zero", "60200"),
    ],
)
def test_an_answer_that_is_one_number(said: str, number: str) -> None:
    assert spoken_digits(said, "en") == number


@pytest.mark.parametrize(
    ("language", "said", "code"),
    [
        ("en", "my zip is 11000", "11000"),
        ("en", "11000 please", "11000"),
        ("en", "it's six oh two double zero", "60200"),
        ("en", "60200-1234", "602001234"),
        ("en", "SW1A 1AA", "SW1A1AA"),
        ("en", "s w 1 a 1 a a", "SW1A1AA"),
        ("en", "S W 1 A 1 A A", "SW1A1AA"),
        ("en", "K1A 0B1", "K1A0B1"),
        ("en", "it is M1 1AE", "M11AE"),
        ("cs", "PSČ je 110 00", "11000"),
        ("cs", "110 00 Praha", "11000"),
        ("cs", "jedna jedna nula nula nula", "11000"),
        ("cs", "šedesát dva nula nula nula", "62000"),
        ("de", "1011 AB", "1011AB"),
        ("de", "D-10115", "D10115"),
        ("de", "die Postleitzahl ist 10115", "10115"),
        ("es", "el código es 28013", "28013"),
        ("ru", "индекс 101000", "101000"),
        ("zh", "邮编是一零零零零零", "100000"),
        ("en", "no idea", ""),
    ],
)
def test_a_postal_code_without_what_is_said_around_it(language: str, said: str, code: str) -> None:
    assert spoken_zip(said, language) == code


@pytest.mark.parametrize(
    ("language", "said", "amount"),
    [
        ("en", "49.90", "49.90"),
        ("cs", "49,90 korun", "49.90"),
        ("de", "12,50", "12.50"),
        ("en", "two pieces", "2"),
        ("en", "fifty euros", "50"),
        ("en", "twenty five", "25"),
        ("en", "one two three", "123"),
        ("en", "1,234.50 dollars", "1234.50"),
        ("cs", "1 234 korun", "1234"),
        ("de", "1.234,50", "1234.50"),
        ("zh", "五十块", "50"),
        ("ru", "двадцать пять рублей", "25"),
        ("en", "1,000", "1000"),
        ("en", "0,125", "0.125"),
        ("en", "forty nine ninety", ""),
        ("en", "two or three", ""),
        ("en", "two hundred", ""),
        ("cs", "dvě stě", ""),
        ("de", "zwei tausend", ""),
        ("es", "dos mil", ""),
        ("ru", "пять тысяч", ""),
        ("zh", "五百", ""),
        ("en", "two and a half", ""),
        ("en", "twelve point five", ""),
        ("en", "no idea", ""),
    ],
)
def test_an_amount_is_one_number_or_none(language: str, said: str, amount: str) -> None:
    assert spoken_amount(said, language) == amount


@pytest.mark.parametrize(
    ("language", "said", "name"),
    [
        ("en", "my last name is Novak.", "Novak"),
        ("en", "it's mary ann", "Mary Ann"),
        ("en", "N o v a k", "Novak"),
        ("cs", "Jmenuji se Věra", "Věra"),
        ("de", "ich heiße Jürgen", "Jürgen"),
        ("es", "me llamo María José", "María José"),
        ("ru", "меня зовут Анна", "Анна"),
        ("zh", "我叫小明", "小明"),
        ("en", "McDonald", "McDonald"),
        ("en", "I don't want to tell you that", ""),
        ("en", "route 66", ""),
        ("en", "", ""),
    ],
)
def test_a_name_without_what_is_said_around_it(language: str, said: str, name: str) -> None:
    assert spoken_name(said, language) == name


@pytest.mark.parametrize(
    ("typed", "day"), [("24122026", "2026-12-24"), ("29022027", ""), ("2412", ""), ("", ""), ("32012026", "")]
)
def test_a_day_typed_on_the_keys(typed: str, day: str) -> None:
    assert typed_date(typed) == day
