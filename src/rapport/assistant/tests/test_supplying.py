"""What procedures need beside the records of a shop: members of staff find customers, and find them again."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.assistant.supplying import Supplier
from rapport.connectors import api as connectors
from rapport.customers import api as customers
from rapport.procedures.contracts import Need

pytestmark = pytest.mark.django_db

SHOP = {"id": "bo_2", "name": "Bo Old", "email": "bo@example.com"}


@pytest.fixture(autouse=True)
def _shop(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(*, email: str = "", order_id: str = "", customer_ref: str = "") -> dict[str, Any] | None:
        return SHOP if not order_id and (email or customer_ref) in (SHOP["email"], SHOP["id"]) else None

    monkeypatch.setattr(connectors, "find_shop_customer", find)


@pytest.fixture
def numbers() -> dict[str, str]:
    ada = customers.create_customer(
        name="Ada Young", email="ada@example.com", phone_number="+420 123 000 001"
    )
    eva = customers.create_customer(name="Eva Young")
    customers.attach_identity(eva, "shop", "eva_7", verified_by="test")
    return {"Ada": str(ada), "Eva": "eva_7"}


def find(query: str, actor: str = "staff:1") -> list[str]:
    need = Need("k", "rapport.customer", {"query": query})
    return [option.value for option in Supplier(1, actor).look_up(need, None, "en")]


def test_customers_are_found_by_name_address_and_number(numbers: dict[str, str]) -> None:
    assert sorted(find("young")) == sorted(numbers.values())
    assert find("ada@example.com") == [numbers["Ada"]]
    assert find("bo@example.com") == ["bo_2"], "whom only the shop knows"
    assert (find("nobody"), find("two words"), find(""), find("x")) == ([], [], [], [])


def test_what_was_found_is_found_again_by_its_value(numbers: dict[str, str]) -> None:
    for value in (*numbers.values(), "bo_2"):
        assert value in find(value)
        assert len(find(value)) == len(set(find(value)))


def test_nobody_but_staff_finds_anyone(numbers: dict[str, str]) -> None:
    assert (find("young", "assistant"), find(numbers["Ada"], "assistant")) == ([], [])
