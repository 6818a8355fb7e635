"""Files, amounts and customers: what this system itself holds, or writes with a currency."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.procedures.contracts import (
    SKIP,
    Affirm,
    Ask,
    Cancel,
    Confirm,
    Deny,
    Fill,
    Identify,
    Option,
    Resume,
    Say,
    StartProcedure,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import check_definition, parse_definition
from rapport.procedures.logic.policy import judge
from rapport.procedures.logic.proposals import Proposal
from rapport.procedures.tests.shop import CUSTOMER, Driver

COMPLAINT = """
procedure: complaint
version: 1
identify: none
title: {en: Complain}
slots:
  photos: {type: file, many: true, accept: [image], label: {en: Photos}, ask: {en: "Show us."}}
  receipt: {type: file, accept: pdf, optional: true, where: "file.size < 1000", ask: {en: "The receipt?"}}
  what: {type: text, ask: {en: "What is wrong?"}}
  worth: {type: money, label: {en: Worth}, where: "worth > 0", ask: {en: "What is it worth?"}}
confirm:
  lines: [{en: "{photos}; {receipt}; {worth}; {worth|money}"}]
do:
  - action: desk.complain
    with: {photos: "photos.map(p, p.id)", receipt: "receipt.id", worth: worth}
    when: "receipt != null"
  - {action: desk.note, with: {photos: "photos.map(p, p.id)", worth: worth, what: what}, when: "receipt == null"}
done: {en: "Noted."}
"""


def sent(number: str, name: str, media_type: str, size: int = 10) -> Option:
    data = {
        "id": int(number),
        "name": name,
        "media_type": media_type,
        "size": size,
        "url": f"/files/{number}",
    }
    return Option(number, name, data=data)


PHOTO, PHOTO_2 = sent("1", "crack.jpg", "image/jpeg"), sent("2", "box.png", "image/png")
BILL, BIG_BILL = sent("3", "bill.pdf", "application/pdf"), sent("4", "all.pdf", "application/pdf", 5000)


def complaint(*files: Option, text: str = "") -> Driver:
    driver = Driver(ProcedureBook([parse_definition(COMPLAINT)]), files=files)
    driver.send(StartProcedure("complaint", text))
    return driver


def test_a_file_is_asked_with_the_kinds_that_do() -> None:
    driver = complaint()
    asked = driver.asked
    assert (asked.slot, asked.kind, asked.accept, asked.is_many) == ("photos", "file", ("image",), True)
    assert asked.options == ()


def test_files_sent_with_words_or_after_the_question_fill_it() -> None:
    driver = complaint()
    driver.files = (PHOTO, PHOTO_2)
    driver.send(Say("here they are"))
    assert driver.values("photos") == ("1", "2")
    asked = driver.asked
    assert (asked.slot, asked.accept, asked.is_many) == ("receipt", ("pdf",), False)
    assert [option.value for option in asked.options] == [SKIP]
    driver.files = (*driver.files, BILL)
    driver.send(Resume())
    assert driver.values("receipt") == ("3",)
    assert driver.asked.slot == "what"


def test_a_file_sent_before_is_not_asked_for_and_fills_one_slot_only() -> None:
    driver = complaint(PHOTO, BILL, text="it is broken")
    assert (driver.values("photos"), driver.values("receipt")) == (("1",), ("3",))
    assert driver.filled == ["complaint.photos=1 (said)", "complaint.receipt=3 (said)"]
    driver.send(Cancel())
    driver.send(StartProcedure("complaint"))
    assert driver.asked.slot == "photos", "what an earlier procedure took is not taken again unasked"
    assert [option.value for option in driver.asked.options] == ["1"]


def test_a_form_names_files_of_the_conversation() -> None:
    driver = complaint(BILL)
    driver.files = (BILL, PHOTO)
    driver.send(Fill({"photos": ("9",)}))
    assert driver.asked.problem == "I couldn't find that among the choices."
    driver = complaint(BILL)
    driver.files = (BILL, PHOTO, PHOTO_2)
    driver.send(Fill({"photos": ("1", "2")}))
    assert driver.values("photos") == ("1", "2")


@pytest.mark.parametrize(
    ("given", "files", "problem"),
    [
        (Say(""), (BILL,), "That is not a picture. I need a photo here."),
        (Say(""), (), ""),
        (Say("here"), (BILL,), "That is not a picture. I need a photo here."),
        (Fill({"photos": ("3",)}), (BILL,), "That is not a picture. I need a photo here."),
        (Say("it is broken"), (), "I need a photo or a document here. Please attach it."),
    ],
)
def test_what_is_no_such_file_is_told(given: Any, files: tuple[Option, ...], problem: str) -> None:
    driver = complaint()
    driver.files = files
    driver.send(given)
    assert (driver.asked.slot, driver.asked.problem) == ("photos", problem)


def test_an_old_file_of_another_kind_is_not_complained_about_twice() -> None:
    driver = complaint()
    driver.files = (BILL,)
    driver.send(Say("here"))
    driver.send(Say("wait"))
    assert driver.asked.problem == "I need a photo or a document here. Please attach it."


def test_of_two_new_files_for_one_slot_the_customer_chooses() -> None:
    driver = complaint(PHOTO)
    driver.files = (PHOTO, BILL, sent("5", "other.pdf", "application/pdf"), BIG_BILL)
    driver.send(Say("these"))
    assert [option.title for option in driver.asked.options] == ["bill.pdf", "other.pdf", "Skip"]
    driver.send(Fill({"receipt": ("4",)}))
    assert driver.asked.problem == "That one isn't possible here."
    driver.send(Say("other.pdf"))
    assert driver.values("receipt") == ("5",)


def test_an_optional_file_is_skipped() -> None:
    for given in (Fill({"receipt": (SKIP,)}), Deny()):
        driver = complaint(PHOTO)
        driver.send(given)
        assert driver.asked.slot == "what"


def test_an_amount_is_shown_with_its_currency() -> None:
    driver = complaint(PHOTO, BILL)
    driver.send(Say("cracked"))
    field = driver.asked.fields[0]
    assert (field.kind, field.label) == ("number", "Worth (EUR)")
    driver.send(Say("no idea"))
    assert driver.asked.problem == "I need an amount here, for example 49.90."
    driver.send(Fill({"worth": ("-3",)}))
    assert driver.asked.problem == "That one isn't possible here."
    driver.send(Fill({"worth": ("49,90",)}))
    assert driver.one(Confirm).lines == ("crack.jpg; bill.pdf; €49.90; €49.90",)
    driver.send(Say("no, it is 12 euros", is_correction=True))
    assert driver.one(Confirm).lines == ("crack.jpg; bill.pdf; €12.00; €12.00",)
    driver.send(Affirm())
    assert driver.calls[0].arguments == {"photos": ["1"], "receipt": "3", "worth": 12.0}


def test_another_photo_is_asked_for_by_its_label() -> None:
    driver = complaint(PHOTO, BILL, text="")
    for given in (Say("cracked"), Fill({"worth": ("5",)}), Say("the photos are wrong", is_correction=True)):
        driver.send(given)
    assert (driver.asked.slot, [o.value for o in driver.asked.options]) == ("photos", ["1"])
    driver.files = (PHOTO, BILL, PHOTO_2)
    driver.send(Say("this one"))
    assert driver.values("photos") == ("2",)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"photos": ["1"], "receipt": "3", "worth": 5}, ""),
        ({"photos": ["9"], "receipt": "3", "worth": 5}, "photos.listed"),
        ({"photos": ["3"], "receipt": "3", "worth": 5}, "photos.where"),
        ({"photos": ["1"], "receipt": "4", "worth": 5}, "receipt.where"),
        ({"photos": ["1"], "receipt": "3", "worth": -5}, "worth.where"),
    ],
)
def test_the_policy_takes_only_files_of_the_conversation(arguments: dict[str, Any], rule: str) -> None:
    driver = complaint(PHOTO, BILL, BIG_BILL)
    proposal = Proposal("desk.complain", arguments, True, facts={"what": ("cracked",)})
    assert judge(driver.book, proposal, driver.world, driver.look_up).rule == rule


GUIDE = """
procedure: change_email
version: 1
identify: none
audience: staff
title: {en: Change an e-mail address}
slots:
  who: {type: customer, where: "customer.active", ask: {en: "Whose?"}}
  email: {type: email, ask: {en: "The new address of {who.name}, now {who.email}?"}}
confirm: {lines: [{en: "{who}: {email}"}]}
do:
  - {action: crm.set_email, with: {customer_id: who.id, email: email}}
done: {en: "Changed."}
"""


def person(number: str, name: str, *, active: bool = True) -> Option:
    email = f"{name.split(maxsplit=1)[0].lower()}@example.com"
    return Option(number, f"{name}, {email}", data={"name": name, "email": email, "active": active})


PEOPLE = (person("7", "Ada Young"), person("8", "Ada Old"), person("9", "Bo Young", active=False))


def guide() -> Driver:
    driver = Driver(ProcedureBook([parse_definition(GUIDE)]), customers=PEOPLE, customer=None)
    driver.send(StartProcedure("change_email"))
    return driver


def test_a_member_of_staff_finds_the_customer_by_words() -> None:
    driver = guide()
    assert (driver.asked.slot, driver.asked.kind, driver.needs) == ("who", "text", [])
    driver.send(Say("Ada"))
    assert (driver.asked.kind, [o.value for o in driver.asked.options]) == ("choice", ["7", "8"])
    driver.send(Fill({"who": ("8",)}))
    assert driver.asked.prompt == "The new address of Ada Old, now ada@example.com?"
    driver.send(Say("old@example.com"))
    assert driver.one(Confirm).lines == ("Ada Old, ada@example.com: old@example.com",)
    driver.send(Affirm())
    assert driver.calls[0].arguments == {"customer_id": "8", "email": "old@example.com"}


@pytest.mark.parametrize("given", [Say("8"), Fill({"who": ("8",)}), Say("Old")])
def test_the_only_one_found_is_taken(given: Any) -> None:
    driver = guide()
    driver.send(given)
    assert (driver.values("who"), driver.asked.slot) == (("8",), "email")


@pytest.mark.parametrize("words", ["Nobody", "Bo"])
def test_who_is_not_found_or_does_not_pass_is_asked_again(words: str) -> None:
    driver = guide()
    driver.send(Say(words))
    assert (driver.asked.slot, driver.asked.kind, driver.asked.options) == ("who", "text", ())
    assert driver.asked.problem == "I don't find this customer. Try a name, an e-mail address or a number."
    driver.send(Say("Young"))
    assert driver.values("who") == ("7",)


def test_words_that_name_none_of_those_shown_search_again() -> None:
    driver = guide()
    driver.send(Say("Ada"))
    driver.send(Say("Old"))
    assert driver.values("who") == ("8",)
    driver = guide()
    driver.send(Say("Ada"))
    driver.send(Say("Nobody"))
    assert (driver.asked.kind, driver.asked.problem[:6]) == ("text", "I don'")


def test_a_guide_that_another_one_runs_is_given_the_customer() -> None:
    outer = """
procedure: moved
version: 1
identify: none
audience: staff
title: {en: Moved}
slots: {who: {type: customer, ask: {en: "Who moved?"}}}
do:
  - {run: change_email, with: {who: who.id}}
done: {en: "All done."}
"""
    book = ProcedureBook([parse_definition(outer), parse_definition(GUIDE)])
    driver = Driver(book, customers=PEOPLE, customer=None)
    driver.send(StartProcedure("moved"))
    driver.send(Say("Old"))
    assert (driver.asked.slot, driver.values("who")) == ("email", ("8",))


def test_the_policy_finds_the_customer_by_number() -> None:
    driver = guide()
    arguments = {"customer_id": "8", "email": "new@example.com"}
    assert judge(
        driver.book, Proposal("crm.set_email", arguments, True), driver.world, driver.look_up
    ).is_permitted
    arguments["customer_id"] = "9"
    assert judge(
        driver.book, Proposal("crm.set_email", arguments, True), driver.world, driver.look_up
    ).rule == ("who.where")


def test_a_customers_own_procedure_never_asks_who_they_are() -> None:
    own = GUIDE.replace("audience: staff\n", "").replace("identify: none", "identify: verified_customer")
    own = own.replace(', where: "customer.active"', "")
    driver = Driver(ProcedureBook([parse_definition(own)]), customer=None)
    driver.send(StartProcedure("change_email"))
    assert driver.resting() == [Identify]
    driver.customer = dict(CUSTOMER)
    driver.send(Resume())
    assert (driver.values("who"), driver.asked.prompt) == (
        ("c1",),
        "The new address of Ada Novak, now ada@example.com?",
    )
    assert not any(isinstance(effect, Ask) and effect.slot == "who" for effect in driver.effects)


def test_customers_do_not_see_what_is_meant_for_staff() -> None:
    staff = parse_definition(GUIDE.replace("audience: staff", "audience: staff\nmenu: 1"))
    both = parse_definition(COMPLAINT.replace("identify", "menu: 2\nidentify"))
    book = ProcedureBook([staff, both])
    assert (book.menu(), book.menu("staff")) == ((both,), (staff, both))
    assert (set(book.seen_by("customer")), set(book.seen_by("staff"))) == (
        {"complaint"},
        {"complaint", "change_email"},
    )
    assert book.seen_by("customer").at("change_email", 1) == staff, "what runs is still found"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "accept: [image]",
            "accept: [film]",
            "slots.photos.accept: unknown kind 'film'; allowed: image, pdf",
        ),
        (
            "what: {type: text,",
            "what: {type: text, accept: image,",
            "slots.what.accept: only a slot of type file accepts kinds of files",
        ),
        (
            "accept: pdf,",
            "default: photos, accept: pdf,",
            "slots.receipt.default: does not go with the type file",
        ),
        (
            "worth: {type: money,",
            "worth: {type: money, many: true,",
            "slots.worth.many: a slot of type money holds one",
        ),
        (
            "what: {type: text",
            "who: {type: customer, ask: {en: Who}}\n  what: {type: text",
            "slots.who.type: a slot of type customer needs 'audience: staff' (it is looked up) or",
        ),
        (
            "identify: none",
            "identify: none\naudience: all",
            "audience: unknown 'all'; allowed: customer, staff, both",
        ),
        (
            "type: file, many: true",
            "type: photo, many: true",
            "slots.photos.type: unknown type 'photo'; allowed: text, number, money, date, email, address, choice, "
            "yes_no, file, customer, or a kind of record of a connected system, as shop.order",
        ),
    ],
)
def test_what_does_not_fit_the_type_is_told(old: str, new: str, problem: str) -> None:
    assert old in COMPLAINT
    found = [f"{p.path}: {p.message}" for p in check_definition(COMPLAINT.replace(old, new))]
    assert any(text.startswith(problem) for text in found), found
