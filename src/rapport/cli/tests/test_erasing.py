"""`rapport erase`: says what it would remove, and removes it only when told to."""

from __future__ import annotations

import pytest

from rapport import bootstrap
from rapport.cli import main
from rapport.conversations import api as conversations
from rapport.customers import api as customers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "set_up_django", lambda: None)


def _customer(email: str) -> int:
    inbox = conversations.create_inbox("API", "api")
    contact = conversations.create_contact(inbox, {"name": "Vera", "email": email})
    conversations.receive_message(conversations.create_conversation(contact).id, "hello")
    return int(contact.customer_id)


def test_nothing_goes_before_yes_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    vera = _customer("vera@example.com")
    assert main(["erase", "Vera@example.com"]) == 0
    said = capsys.readouterr().out
    assert f"Would be erased, customer {vera}:" in said
    assert "     1  conversations_message" in said
    assert "Nothing was changed." in said
    assert customers.find_customer(vera).name == "Vera"

    assert main(["erase", str(vera), "--yes"]) == 0
    assert f"Erased, customer {vera}:" in capsys.readouterr().out
    assert (customers.find_customer(vera).name, customers.find_customer(vera).email) == ("", "")
    assert conversations.list_customer_conversations(vera, limit=9) == []


def test_an_address_nobody_or_several_gave_erases_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", "vera@example.com", "--yes"]) == 2
    both = sorted((_customer("vera@example.com"), _customer("vera@example.com")))
    assert main(["erase", "vera@example.com", "--yes"]) == 2
    assert f"{both[0]}, {both[1]}" in capsys.readouterr().err
    assert all(customers.find_customer(number).name == "Vera" for number in both)
