"""`rapport erase`: forget a customer, after saying what that removes."""

from __future__ import annotations

import argparse
import sys

from rapport.cli.contracts import Commands
from rapport.kernel.errors import InvalidInput


def add_parsers(commands: Commands) -> None:
    """`erase`."""
    erase = commands.add_parser(
        "erase", help="say what is held of a customer, and with --yes erase it for good"
    )
    erase.add_argument("who", help="e-mail address, or the customer's number")
    erase.add_argument("--yes", action="store_true", help="erase; without it nothing is changed")
    erase.set_defaults(run=run_erase)


def run_erase(options: argparse.Namespace) -> int:
    """Print what goes, and erase it where that was asked for."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.desk import api as desk

    customer_id = _find(options.who)
    if options.yes:
        found = desk.erase_customer(customer_id, actor_id=None)
    else:
        found = desk.plan_erasure(customer_id)
    verb = "Erased" if options.yes else "Would be erased"
    sys.stdout.write(f"{verb}, customer {found.customer_id}:\n")
    for table, count in sorted(found.rows.items()):
        sys.stdout.write(f"  {count:6d}  {table}\n")
    if not options.yes:
        sys.stdout.write("Nothing was changed. Say --yes to erase.\n")
    return 0


def _find(who: str) -> int:
    from rapport.customers import api as customers

    if who.isdecimal():
        return int(who)
    found = customers.list_customers_with_email(who)
    if not found:
        raise InvalidInput("No customer has this e-mail address.", field="who")
    if len(found) > 1:
        numbers = ", ".join(map(str, found))
        raise InvalidInput(
            f"Several customers gave this address: {numbers}. Name one by its number.", field="who"
        )
    return found[0]
