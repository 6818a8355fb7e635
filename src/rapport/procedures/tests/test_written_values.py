"""Slots whose value is written: e-mail, address, number, date, yes or no, text."""

import pytest

from rapport.procedures.contracts import (
    Affirm,
    Ask,
    Confirm,
    Deny,
    DialogueState,
    Fill,
    HandOver,
    Say,
    StartProcedure,
    World,
)
from rapport.procedures.logic.interpreter import advance
from rapport.procedures.logic.values import mentioned_address, read_address, read_date
from rapport.procedures.tests.procedures import book
from rapport.procedures.tests.shop import CUSTOMER, Driver, PlainReader

ADDRESS = {
    "address.address1": ("Short Street 9",),
    "address.address2": ("",),
    "address.city": ("Brno",),
    "address.country": ("CZ",),
    "address.zip": ("60200",),
}


def profile() -> Driver:
    driver = Driver(book())
    driver.send(StartProcedure("profile"))
    return driver


def test_an_address_is_asked_as_a_form_with_what_is_known() -> None:
    driver = profile()
    assert driver.filled == ["profile.mail=ada@example.com (known)"]
    assert (driver.asked.slot, driver.asked.kind) == ("address", "form")
    assert [(f.name, f.label, f.required, f.value) for f in driver.asked.fields] == [
        ("address.address1", "Street and number", True, "Long Street 1"),
        ("address.address2", "Flat, floor (optional)", False, "2B"),
        ("address.city", "City", True, "Brno"),
        ("address.state", "State or region (optional)", False, ""),
        ("address.country", "Country", True, "CZ"),
        ("address.zip", "Postal code", True, "60200"),
    ]


def test_a_form_gives_an_address_and_may_empty_a_field() -> None:
    driver = profile()
    driver.send(Fill(ADDRESS))
    assert driver.state.stack[-1].slots["address"].options[0].data == {
        "value": {"address1": "Short Street 9", "city": "Brno", "country": "CZ", "zip": "60200"}
    }
    assert driver.values("address") == ("Short Street 9, 60200 Brno, CZ",)


def test_a_part_of_an_address_is_completed_from_what_is_known() -> None:
    driver = profile()
    driver.send(Fill({"address.address1": ("Short Street 9",), "address.address2": ("",)}))
    assert driver.values("address") == ("Short Street 9, 60200 Brno, CZ",)
    driver = profile()
    driver.send(Say("please address1=Elm7"))
    assert driver.values("address") == ("Elm7, 60200 Brno, CZ",)


def test_missing_required_fields_are_named_and_the_rest_is_kept() -> None:
    driver = profile()
    driver.send(Fill({**ADDRESS, "address.city": (" ",), "address.zip": ("",)}))
    assert driver.asked.problem == "Please fill in: City, Postal code."
    assert [f.value for f in driver.asked.fields] == ["Short Street 9", "", "", "", "CZ", ""]
    assert driver.state.stack[-1].attempts == {"address": 1}


def test_an_address_said_in_full_before_needs_no_form() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("profile", "move to address1=Elm7 city=Praha country=CZ zip=11000"))
    assert driver.values("address") == ("Elm7, 11000 Praha, CZ",)
    assert driver.asked.slot == "guests"


def test_an_address_among_other_words_prefills_the_form_only() -> None:
    found = {"address1": "please send all of it to Elm 7", "city": "Praha", "zip": "11000", "country": "CZ"}
    assert mentioned_address("x", World("en", FixedAddress(found))) == found
    assert mentioned_address("x", World("en", FixedAddress({**found, "city": ""}))) == {}
    assert read_address("x", World("en", FixedAddress({"address1": "why do you ask", "country": "CZ"}))) == {}
    assert read_address("x", World("en", FixedAddress({"address1": "Elm 7"}))) == {"address1": "Elm 7"}
    step = advance(
        book(),
        DialogueState(),
        StartProcedure("profile", "x"),
        World("en", FixedAddress(found), dict(CUSTOMER)),
    )
    assert isinstance(step.effects[0], Ask)
    assert [field.value for field in step.effects[0].fields] == [
        "please send all of it to Elm 7", "", "Praha", "", "CZ", "11000",
    ]  # fmt: skip


class FixedAddress(PlainReader):
    def __init__(self, found: dict[str, str]) -> None:
        self.found = found

    def address(self, text: str) -> dict[str, str]:
        return self.found


def test_words_without_an_address_are_counted() -> None:
    driver = profile()
    for _ in range(3):
        driver.send(Say("dunno"))
    assert driver.one(HandOver).reason == "too_many_attempts"


def at(slot: str) -> Driver:
    driver = profile()
    driver.send(Fill(ADDRESS))
    answers = {"guests": "4", "day": "2026-05-31", "news": "yes", "about": "a talk"}
    for name, value in answers.items():
        if name == slot:
            break
        driver.send(Fill({name: (value,)}))
    return driver


@pytest.mark.parametrize(
    ("slot", "given", "value", "problem"),
    [
        ("guests", Say("there are 4 of us"), "4", ""),
        ("guests", Fill({"guests": ("4,5",)}), "4.5", ""),
        ("guests", Say("many"), None, "I need a number here."),
        ("guests", Fill({"guests": ("nan",)}), None, "I need a number here."),
        ("guests", Say("12"), None, "At most nine."),
        ("guests", Fill({"guests": ("0",)}), None, "That one isn't possible here."),
        ("day", Say("on 31. 5. 2026 please"), "2026-05-31", ""),
        ("day", Fill({"day": ("2026-05-31",)}), "2026-05-31", ""),
        ("day", Say("tomorrow"), None, "I need a date here, for example 2026-05-31."),
        ("news", Affirm(), "yes", ""),
        ("news", Deny(), "no", ""),
        ("news", Say("ano"), "yes", ""),
        ("news", Fill({"news": ("no",)}), "no", ""),
        ("news", Fill({"news": ("perhaps",)}), None, "I couldn't find that among the choices."),
        ("about", Fill({"about": ("",)}), None, "Please write a few words."),
        ("about", Say(" a talk "), "a talk", ""),
    ],
)
def test_values_by_words_and_forms(slot: str, given: object, value: str | None, problem: str) -> None:
    driver = at(slot)
    assert driver.asked.slot == slot
    driver.send(given)  # type: ignore[arg-type]
    if value is None:
        assert (driver.asked.slot, driver.asked.problem) == (slot, problem)
        assert driver.values(slot) == ()
    else:
        assert driver.values(slot) == (value,)


def test_forms_of_single_values_name_their_kind() -> None:
    kinds = {slot: at(slot).asked for slot in ("guests", "day", "news", "about")}
    assert [(f.name, f.kind) for f in kinds["guests"].fields] == [("guests", "number")]
    assert [(f.name, f.kind) for f in kinds["day"].fields] == [("day", "date")]
    assert [(o.value, o.title) for o in kinds["news"].options] == [("yes", "Yes"), ("no", "No")]
    assert (kinds["news"].kind, kinds["about"].kind) == ("choice", "text")


def test_values_reach_the_action_as_plain_data() -> None:
    driver = at("about")
    driver.send(Say("a talk"))
    assert driver.one(Confirm).lines == (
        "ada@example.com, Short Street 9, 60200 Brno, CZ, 4, May 31, 2026, Yes, a talk",
    )
    driver.send(Affirm())
    assert driver.calls[0].arguments == {
        "mail": "ada@example.com",
        "address": {"address1": "Short Street 9", "city": "Brno", "country": "CZ", "zip": "60200"},
        "guests": 4.0,
        "day": "2026-05-31",
        "news": True,
        "about": "a talk",
    }
    assert driver.told == ["Done."]


def test_written_values_are_corrected_by_explicit_words_only() -> None:
    driver = at("about")
    driver.send(Say("not 4 but in a room"))
    assert driver.values("about") == ("not 4 but in a room",)
    driver.send(Deny("no, write to bob@example.org"))
    assert driver.filled == ["profile.mail=bob@example.org (said)"]
    driver.send(Say("address1=Elm7", is_correction=True))
    assert driver.values("address") == ("Elm7, 60200 Brno, CZ",)


def test_an_email_in_the_words_is_taken_and_a_wrong_one_is_not() -> None:
    driver = Driver(book(), customer=None)
    driver.send(StartProcedure("profile", "I am eva@example.com."))
    assert driver.values("mail") == ("eva@example.com",)
    driver = Driver(book(), customer=None)
    driver.send(StartProcedure("profile"))
    assert [(f.name, f.kind) for f in driver.asked.fields] == [("mail", "email")]
    driver.send(Fill({"mail": ("eva at example",)}))
    assert driver.asked.problem == "That doesn't look like an e-mail address."
    driver.send(Say("it's Eva@Example.com"))
    assert driver.values("mail") == ("eva@example.com",)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-5-3", "2026-05-03"),
        ("3.5.2026", "2026-05-03"),
        ("am 3. 5. 2026", "2026-05-03"),
        ("3/5/2026", "2026-05-03"),
        ("31.2.2026", None),
        ("2026", None),
        ("", None),
    ],
)
def test_dates(text: str, day: str | None) -> None:
    assert read_date(text) == day


def test_the_customers_record_is_not_needed_to_ask() -> None:
    assert "address" in CUSTOMER
    driver = Driver(book(), customer={"id": "c2"})
    driver.send(StartProcedure("profile"))
    assert driver.asked.slot == "mail"
