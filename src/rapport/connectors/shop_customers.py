"""Customers as the connected shop knows them."""

from __future__ import annotations

from rapport.connectors import outages, services
from rapport.connectors.contracts import JsonDict


def find_shop_customer(
    *, email: str = "", order_id: str = "", customer_ref: str = "", zip_code: str = ""
) -> JsonDict | None:
    """A customer's record in the shop. Raises ConnectorDown."""
    given = {"email": email, "order_id": order_id, "customer_ref": customer_ref, "zip_code": zip_code}
    with outages.watched("shop"):
        return services.shop().find_customer(**given)


def find_shop_customer_by_name(first_name: str, last_name: str, zip_code: str) -> JsonDict | None:
    """The one customer of that name at that postal code. Raises ConnectorDown."""
    with outages.watched("shop"):
        return services.shop().find_customer_by_name(first_name, last_name, zip_code)
