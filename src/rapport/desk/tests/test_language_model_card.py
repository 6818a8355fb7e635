"""The register of models shows the language model outside: what it did, what it cost, what is allowed."""

from __future__ import annotations

import dataclasses

import pytest
from django.conf import LazySettings
from django.test import Client

from rapport.accounts.api import create_staff
from rapport.desk.tests.conftest import Desk
from rapport.understanding.language_model.contracts import CallRecord
from rapport.understanding.language_model.ledger import DatabaseLedger
from rapport.understanding.language_model.settings import LanguageModelSettings, Limits, Prices, Server


@pytest.fixture
def office(desk: Desk) -> Client:
    client = Client()
    client.force_login(create_staff("lead@example.com", "Lena Lead", "supervisor"))
    return client


def _call(outcome: str, cost_micros: int) -> CallRecord:
    return CallRecord(
        "understand",
        "models.example",
        "m-1",
        "c-1",
        "0" * 64,
        "secret words",
        "{}",
        outcome,
        cost_micros=cost_micros,
    )


def test_without_a_server_the_page_says_that_nothing_leaves(office: Client) -> None:
    assert "no text leaves this installation" in office.get("/governance/models/").content.decode()


def test_calls_and_money_of_today_stand_beside_what_is_allowed(
    office: Client, settings: LazySettings
) -> None:
    configured = LanguageModelSettings(
        Server("https://models.example/v1", "m-1", "the-key"),
        prices=Prices(1.0, 2.0, "CZK"),
        limits=Limits(daily_calls=50, daily_cost=3.0),
    )
    settings.CONFIG = dataclasses.replace(settings.CONFIG, language_model=configured)
    DatabaseLedger().record(_call("answered", 12_500))
    DatabaseLedger().record(_call("timeout", 0))
    text = office.get("/governance/models/").content.decode()
    for part in ("m-1", "models.example", "2 / 50", "0.0125 / 3.00 CZK", "Timeout"):
        assert part in text, part
    assert "the-key" not in text
    assert "secret words" not in text
