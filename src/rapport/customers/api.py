"""What other packages may ask of customers."""

from __future__ import annotations

from rapport.customers.erasing import erase as erase_customer
from rapport.customers.erasing import list_customers_with_email, list_rows_of
from rapport.customers.queries import (
    find_customer,
    find_customer_by_identity,
    list_timeline,
    search_customers,
)
from rapport.customers.services import (
    add_timeline,
    attach_identity,
    create_customer,
    update_customer,
)

__all__ = [
    "add_timeline",
    "attach_identity",
    "create_customer",
    "erase_customer",
    "find_customer",
    "find_customer_by_identity",
    "list_customers_with_email",
    "list_rows_of",
    "list_timeline",
    "search_customers",
    "update_customer",
]
