"""Photos and documents: sent through the public API and the widget's, asked for, kept, refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from tests.acceptance.support.customer import (
    Customer,
    Message,
    buttons,
    is_confirmation,
    items,
    options,
    signed_in,
    transcript,
)
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.channels.tests.files import BOUNDARY, PDF, PNG, form
from rapport.connectors.contracts import CallOutcome
from rapport.connectors.kinds.shop.system import Shop
from rapport.conversations import api as conversations
from rapport.conversations.contracts import Owner
from rapport.conversations.models import Attachment
from rapport.governance.models import Decision
from rapport.jobs.models import Job
from rapport.kernel.clock import now, use_clock
from rapport.procedures.api import forget_book
from rapport.procedures.models import Procedure, ProcedureVersion

DAMAGE = """
procedure: damage
version: 1
identify: none
menu: 5
title: {en: Report damage, cs: Nahlásit škodu, de: Schaden melden, es: Avisar de un daño, ru: Сообщить о повреждении, zh: 反馈损坏}
slots:
  day: {type: date, label: {en: Day}, ask: {en: "When did it arrive?", de: "Wann kam es an?"}}
  photos: {type: file, many: true, accept: [image], label: {en: Photos}, ask: {en: "Show us the damage, please.", de: "Zeigen Sie uns bitte den Schaden."}}
  receipt: {type: file, accept: pdf, optional: true, label: {en: Receipt}, ask: {en: "The receipt?", de: "Der Beleg?"}}
confirm:
  lines: [{en: "Arrived {day}; {photos|list}"}]
  question: {en: "Send it?"}
do:
  - say: {en: "It is on its way."}
done: {en: "Reported."}
"""


@pytest.fixture
def damage(system: System) -> Iterator[System]:
    """A procedure that asks for a date, photos, and perhaps a receipt."""
    row = Procedure.objects.create(name="damage", published_version=1)
    ProcedureVersion.objects.create(procedure=row, version=1, source=DAMAGE, digest="damage")
    forget_book()
    yield system
    forget_book()


def send(customer: Customer, *files: tuple[str, bytes], **fields: str) -> Message:
    """Send files over the public API; returns the assistant's latest message."""
    response = customer.http.generic(
        "POST",
        f"{customer.url}/messages",
        form(list(files), **fields),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    assert response.status_code == 200, response.content
    customer.system.settle()
    return customer.last


def asks_for(message: Message, slot: str) -> bool:
    return message["content_attributes"].get("slot") == slot


def test_given_a_photo_and_a_receipt_then_the_damage_is_reported(damage: System) -> None:
    customer = Customer(damage)
    assert asks_for(customer.command("start:damage"), "day")
    asked = customer.fill(day="2026-03-01")
    assert asked["content_type"] == "input_file", transcript(customer)
    shown = asked["content_attributes"]
    assert (shown["expects"], shown["accept"], shown["many"], shown["items"]) == ("file", ["image"], True, [])
    receipt = send(customer, ("front.png", PNG), ("back.png", PNG), content="both sides")
    assert asks_for(receipt, "receipt"), transcript(customer)
    assert buttons(receipt) == ["__skip__"]
    confirmation = send(customer, ("bill.pdf", PDF), in_reply_to=str(receipt["id"]))
    assert is_confirmation(confirmation), transcript(customer)
    assert "front.png" in confirmation["content"]
    done = customer.click("confirm:yes")
    assert "Reported." in done["content"]
    sent = [a["file_name"] for m in customer.messages for a in m["attachments"]]
    assert sent == ["front.png", "back.png", "bill.pdf"]


def test_given_an_optional_file_then_it_can_be_skipped_by_click_or_word(damage: System) -> None:
    for skip in (lambda c: c.click("__skip__"), lambda c: c.say("skip")):
        customer = Customer(damage)
        customer.command("start:damage")
        customer.fill(day="2026-03-01")
        assert asks_for(send(customer, ("front.png", PNG)), "receipt")
        assert is_confirmation(skip(customer)), transcript(customer)


def test_given_a_photo_sent_before_then_it_is_not_asked_for_again(damage: System) -> None:
    customer = Customer(damage)
    about = send(customer, ("front.png", PNG))
    assert items(about)[-1] == "talk_to_person"
    assert "start:damage" in items(about)
    assert asks_for(customer.click("start:damage"), "day")
    assert asks_for(customer.fill(day="2026-03-01"), "receipt"), transcript(customer)


def test_given_a_file_of_another_kind_then_it_is_said_what_is_wanted(damage: System) -> None:
    customer = Customer(damage)
    customer.command("start:damage")
    customer.fill(day="2026-03-01")
    again = send(customer, ("bill.pdf", PDF))
    assert asks_for(again, "photos"), transcript(customer)
    assert "not a picture" in again["content"]
    assert asks_for(send(customer, ("front.png", PNG)), "receipt") or is_confirmation(customer.last)


def test_given_an_earlier_file_then_its_id_answers_the_question(damage: System) -> None:
    customer = Customer(damage)
    customer.command("start:damage")
    customer.fill(day="2026-03-01")
    send(customer, ("front.png", PNG))
    receipt = customer.last
    refused = send(customer, ("second.png", PNG))
    assert asks_for(refused, "receipt"), transcript(customer)
    number = customer.messages[-2]["attachments"][0]["id"]
    status, found = customer.request(
        "PATCH", f"{customer.url}/messages/{receipt['id']}", {"submitted_values": [{"value": number}]}
    )
    assert (status, found["error"]["code"]) == (422, "not_answerable")
    assert is_confirmation(send(customer, ("bill.pdf", PDF)))


def test_given_a_photo_instead_of_a_date_then_it_is_kept_and_the_date_asked_again(damage: System) -> None:
    customer = Customer(damage)
    customer.command("start:damage")
    again = send(customer, ("front.png", PNG))
    assert asks_for(again, "day"), transcript(customer)
    assert again["content"].startswith("Thank you, I've kept your file with this conversation.")
    assert "When did it arrive?" in again["content"]
    assert asks_for(customer.fill(day="2026-03-01"), "receipt"), transcript(customer)


def test_given_a_photo_with_words_then_the_words_decide_and_the_photo_is_kept(damage: System) -> None:
    customer = Customer(damage)
    customer.command("start:damage")
    answered = send(customer, ("front.png", PNG), content="2026-03-01")
    assert asks_for(answered, "receipt"), transcript(customer)
    person = send(Customer(damage), ("front.png", PNG), content="I want to talk to a person")
    assert person["content"]
    other = Customer(damage)
    send(other, ("front.png", PNG), content="talk to a human please")
    assert other.info.owner is Owner.QUEUE


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "What is it about?"),
        ("cs", "Čeho se týká?"),
        ("de", "Worum geht es?"),
        ("es", "¿De qué se trata?"),
        ("ru", "О чём речь?"),
        ("zh", "请问是关于什么的？"),
    ],
)
def test_given_only_a_file_then_it_is_acknowledged_and_asked_about(
    damage: System, language: str, words: str
) -> None:
    customer = Customer(damage, language=language)
    reply = send(customer, ("photo.png", PNG))
    assert words in reply["content"]
    assert reply["content_type"] == "input_select"
    assert items(reply)[-1] == "talk_to_person"
    assert customer.explanation(reply)["points"][1]
    assert Decision.objects.latest("id").chosen == "reply:file_about"


def test_given_a_file_while_identity_is_checked_then_it_is_kept_and_identity_asked_again(
    system: System,
) -> None:
    customer = Customer(system)
    before = customer.say("where is my order?")
    again = send(customer, ("bill.pdf", PDF))
    assert again["content"].startswith("Thank you, I've kept your file")
    assert again["content_attributes"].get("items") == before["content_attributes"].get("items")


def test_given_a_file_while_a_person_answers_then_the_assistant_is_silent(system: System) -> None:
    customer = Customer(system)
    customer.command("talk_to_person")
    before = len(customer.replies)
    send(customer, ("front.png", PNG))
    assert len(customer.replies) == before
    assert conversations.list_attachments(customer.id)[0].name == "front.png"


def test_given_thirty_megabytes_then_the_refusal_is_clear_and_nothing_is_kept(damage: System) -> None:
    customer = Customer(damage)
    asked, jobs = customer.last, Job.objects.count()
    large = form([("big.png", PNG + b"\0" * 12_000_000)])
    huge = f"--{BOUNDARY}\r\n".encode()
    for body, declared, code in ((large, len(large), "file_too_large"), (huge, 30_000_000, "too_large")):
        response = customer.http.generic(
            "POST",
            f"{customer.url}/messages",
            body,
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            headers={"Content-Length": str(declared)},
        )
        error = response.json()["error"]
        assert (response.status_code, error["code"], error["whose"]) == (413, code, "caller")
        assert error["facts"]["limit_bytes"] >= settings.CONFIG.file_max_bytes
    assert (customer.last, Job.objects.count(), Attachment.objects.count()) == (asked, jobs, 0)


class Widget:
    """The widget's page: a session token, forms and JSON."""

    def __init__(self, system: System) -> None:
        self.system, self.http = system, Client()
        web = conversations.create_inbox("Web", "web", settings={"debounce_ms": 0})
        session = self.call("POST", "/widget/sessions", {"website_token": web.identifier, "language": "de"})
        self.token = session["token"]

    def call(self, method: str, path: str, data: Any = None, *, body: bytes = b"") -> Any:
        kind = f"multipart/form-data; boundary={BOUNDARY}" if body else "application/json"
        sent = body or (json.dumps(data).encode() if data is not None else b"")
        token = getattr(self, "token", "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = self.http.generic(method, path, sent, content_type=kind, headers=headers)
        assert response.status_code == 200, response.content
        self.system.settle()
        return response.json()


def test_given_the_widget_then_a_conversation_begins_with_a_photo_and_ends_reported(damage: System) -> None:
    widget = Widget(damage)
    fields = {"message[content]": "", "message[echo_id]": "e1", "language": "de"}
    number = widget.call("POST", "/widget/conversations", body=form([("lampe.png", PNG)], **fields))["id"]
    base = f"/widget/conversations/{number}"
    asked = widget.call("GET", base)["messages"][-1]
    assert "Worum geht es?" in asked["content"]
    widget.call("PATCH", f"{base}/messages/{asked['id']}", {"submitted_values": [{"value": "start:damage"}]})
    asked = widget.call("GET", base)["messages"][-1]
    values = [{"name": "day", "value": "2026-03-01"}]
    widget.call("PATCH", f"{base}/messages/{asked['id']}", {"submitted_values": values})
    asked = widget.call("GET", base)["messages"][-1]
    assert (asked["content_type"], asked["content_attributes"]["slot"]) == ("input_file", "receipt")
    widget.call("POST", f"{base}/messages", body=form([("beleg.pdf", PDF)], in_reply_to=str(asked["id"])))
    confirmation = widget.call("GET", base)["messages"][-1]
    assert is_confirmation(confirmation)
    yes = {"submitted_values": [{"value": "confirm:yes"}]}
    widget.call("PATCH", f"{base}/messages/{confirmation['id']}", yes)
    messages = widget.call("GET", base)["messages"]
    assert "Reported." in messages[-1]["content"]
    photo = messages[0]["attachments"][0]
    shown = Client().get(urlsplit(photo["data_url"]).path)
    assert (shown.status_code, shown.getvalue()) == (200, PNG)
    stored = list(Path(settings.CONFIG.data_dir, "files").rglob("*lampe*"))
    assert stored == []


# ── two browser tabs ────────────────────────────────────────────────────────────────────────────────


def test_given_two_tabs_then_a_click_on_an_answered_question_does_nothing_and_the_present_one_is_asked(
    damage: System,
) -> None:
    customer = Customer(damage)
    stale = customer.command("start:damage")
    customer.fill(day="2026-03-01")
    send(customer, ("front.png", PNG))
    confirmation = customer.click("__skip__")
    assert is_confirmation(confirmation)
    again = customer.fill(stale, day="2026-04-02")
    assert again["content"].startswith("That choice belonged to an earlier step"), transcript(customer)
    assert is_confirmation(again)
    assert "04-02" not in again["content"]


def test_given_two_tabs_then_a_second_yes_does_nothing(damage: System) -> None:
    customer = Customer(damage)
    customer.command("start:damage")
    customer.fill(day="2026-03-01")
    send(customer, ("front.png", PNG))
    confirmation = customer.click("__skip__")
    assert "Reported." in customer.click("confirm:yes", confirmation)["content"]
    second = customer.click("confirm:yes", confirmation)
    assert second["content"].startswith("That choice belonged to an earlier step"), transcript(customer)
    assert sum("Reported." in m["content"] for m in customer.replies) == 1


def test_given_two_tabs_with_the_same_question_then_the_first_answer_counts(damage: System) -> None:
    customer = Customer(damage)
    asked = customer.command("start:damage")
    customer.fill(asked, day="2026-03-01")
    again = customer.fill(asked, day="2026-04-02")
    assert asks_for(again, "photos"), transcript(customer)
    assert again["content"].startswith("That choice belonged to an earlier step")


def test_given_hours_between_the_photo_and_the_call_then_the_connected_system_gets_an_address_that_works(
    damage: System, shop: RunningShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = DAMAGE.replace(
        """  - say: {en: "It is on its way."}""",
        """  - action: shop.report_problem
    with: {order_id: "'#W1'", item_ids: "[]", problem: "'damaged'", description: day, remedy: "'refund'", photos: "photos.map(p, p.url)"}""",
    ).replace("identify: none", "identify: verified_customer")
    ProcedureVersion.objects.filter(digest="damage").update(source=source)
    forget_book()
    sent: list[str] = []

    def call(_: Shop, name: str, arguments: dict[str, Any], *__: object) -> CallOutcome:
        sent.extend(arguments["photos"])
        return CallOutcome(ok=True, data={})

    monkeypatch.setattr(Shop, "call", call)
    customer = signed_in(damage, shop.shopper(having="delivered"))
    start = now()
    customer.command("start:damage")
    customer.fill(day="2026-03-01")
    send(customer, ("front.png", PNG))
    confirmation = customer.click("__skip__")
    with use_clock(lambda: start + dt.timedelta(hours=3)):
        said = customer.click("confirm:yes", confirmation)
        assert "Reported." in said["content"], transcript(customer)
        parts = urlsplit(sent[0])
        assert parts.path.startswith("/files/")
        answer = Client().get(parts.path)
        assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    (made,) = damage.calls(customer.id)
    assert made.arguments["photos"][0].startswith("rapport-file:")


# ── the demonstration's complaint ───────────────────────────────────────────────────────────────────


def test_given_a_delivery_that_arrived_damaged_then_the_claim_names_the_photo_and_a_person_sees_it(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    customer = signed_in(system, shopper)
    send(customer, ("dent.png", PNG), content="hello")
    customer.command("start:report_damage")
    while not is_confirmation(customer.last):
        asked = customer.last["content_attributes"]
        assert asked["slot"] != "photos", transcript(customer)
        if asked["expects"] == "many":
            customer.choose(options(customer.last)[0])
        elif asked["expects"] == "text":
            customer.say("The shade is dented.")
        else:
            customer.click(items(customer.last)[0])
        assert len(customer.messages) < 24, transcript(customer)
    assert "dent.png" in customer.last["content"]
    customer.click("confirm:yes")
    call, form = system.calls(customer.id)
    assert (call.action, call.arguments["photos"]) == ("shop.report_problem", ["dent.png"])
    assert (form.action, form.arguments["problem"]) == ("documents.complaint_form", "The shade is dented.")
    assert customer.info.owner is Owner.QUEUE
