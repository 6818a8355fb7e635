"""Signing in and out."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.api import create_staff
from rapport.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from rapport.accounts.models import AuditEntry, User

PASSWORD = "correct horse battery"


@pytest.fixture
def agent(db: None) -> User:
    return create_staff("agent@example.com", "Alex Berger", "agent", PASSWORD)


def _sign_in(client: Client, **changes: str) -> object:
    return client.post("/sign-in", {"email": "agent@example.com", "password": PASSWORD, **changes})


def test_the_right_password_opens_the_desk_and_is_on_record(agent: User) -> None:
    client = Client()
    answer = _sign_in(client, email=" Agent@Example.com ")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert AuditEntry.objects.filter(kind="sign_in", actor=agent).count() == 1


@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"email": "nobody@example.com"}])
def test_a_wrong_password_and_an_unknown_account_look_the_same(agent: User, changes: dict[str, str]) -> None:
    answer = _sign_in(Client(), **changes)
    assert answer.status_code == 422
    assert "E-mail or password is not right." in answer.content.decode()
    entry = AuditEntry.objects.get(kind="sign_in_failed")
    assert "example.com" not in entry.subject


def test_after_five_failures_even_the_right_password_waits(agent: User) -> None:
    for _ in range(5):
        _sign_in(Client(), password="wrong")
    answer = _sign_in(Client())
    assert answer.status_code == 422
    assert "Too many attempts" in answer.content.decode()


def test_an_account_that_was_ended_stays_out(agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert _sign_in(Client()).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/desk/conversations/3", "/desk/conversations/3"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_only_our_own_addresses_are_followed(agent: User, wanted: str, led_to: str) -> None:
    assert _sign_in(Client(), next=wanted)["Location"] == led_to


def test_signing_out_is_a_post_and_ends_the_session(agent: User) -> None:
    client = Client()
    _sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/desk/").status_code == 302


def test_demo_accounts_are_offered_only_in_a_demonstration(agent: User) -> None:
    create_staff(DEMO_ACCOUNTS[0].email, DEMO_ACCOUNTS[0].name, "agent", DEMO_PASSWORD)
    assert DEMO_PASSWORD not in Client().get("/sign-in").content.decode()


def test_the_language_is_kept_with_the_account(agent: User) -> None:
    client = Client()
    _sign_in(client)
    answer = client.post("/language", {"language": "cs", "next": "/desk/?view=all"})
    assert answer["Location"] == "/desk/?view=all"
    agent.refresh_from_db()
    assert agent.language == "cs"
    client.post("/language", {"language": "xx"})
    agent.refresh_from_db()
    assert agent.language == "cs"
