"""Settings › Actions: what is declared is shown, what is allowed is set and put on record."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import AuditEntry
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionLimits

pytestmark = pytest.mark.django_db

PAGE = "/settings/actions/shop.cancel_order"
LIMITS = {
    "max_amount": "500",
    "approve_above": "99,50",
    "approve_team": "care",
    "per_customer_per_day": "2",
    "per_day": "",
    "is_revoked": "",
}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(accounts.create_staff("admin@example.com", "Robin Keller", "administrator"))
    accounts.create_team("care", "Customer care")
    connectors.save_connector("shop", "shop", "http://127.0.0.1:9", "s")
    return client


def test_administrators_alone(admin: Client) -> None:
    boss = Client()
    boss.force_login(accounts.create_staff("boss@example.com", "Sam", "supervisor"))
    for path in ("/settings/actions/", PAGE):
        assert boss.get(path).status_code == 403
        assert admin.get(path).status_code == 200
    assert boss.post(PAGE, LIMITS).status_code == 403
    assert connectors.list_limits() == {}


def test_what_is_allowed_is_set_and_put_on_record(admin: Client) -> None:
    assert admin.post(PAGE, LIMITS)["Location"] == "/settings/actions/"
    name = "shop.cancel_order"
    assert connectors.find_limits(name) == ActionLimits(
        name, False, Decimal(500), 2, None, Decimal("99.50"), "care"
    )
    entry = AuditEntry.objects.get(kind="settings_changed")
    assert (entry.subject, entry.detail["after"]["approve_above"]) == (f"action:{name}", "99.50")
    assert "approval above 99.50" in admin.get("/settings/actions/").content.decode()
    assert 'value="99.50"' in admin.get(PAGE).content.decode()


def test_an_action_is_switched_off_and_on(admin: Client) -> None:
    admin.post(PAGE, {"is_revoked": "1"})
    assert connectors.find_limits("shop.cancel_order").is_revoked
    admin.post(PAGE, {})
    assert not connectors.find_limits("shop.cancel_order").is_revoked


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_amount": "much"}, {"max_amount": "-1"}, {"approve_above": "NaN"}, {"approve_above": "1e12"},
        {"per_day": "2.5"}, {"per_day": "-1"}, {"per_customer_per_day": "９"}, {"approve_team": "nobody"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(admin: Client, wrong: dict[str, str]) -> None:
    assert admin.post(PAGE, {**LIMITS, **wrong}).status_code == 422
    assert connectors.list_limits() == {}


def test_an_unknown_action_has_no_page(admin: Client) -> None:
    assert admin.get("/settings/actions/shop.fly").status_code == 404
    assert admin.post("/settings/actions/shop.fly", LIMITS).status_code == 404


def test_a_reading_action_can_only_be_switched_off(admin: Client) -> None:
    page = admin.get("/settings/actions/shop.get_order").content.decode()
    assert 'name="is_revoked"' in page
    assert 'name="max_amount"' not in page
