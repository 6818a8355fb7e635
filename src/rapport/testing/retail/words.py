"""What the scripted customer says: short, plain English, a few ways for each thing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from rapport.testing.retail.tasks import Proof
from rapport.testing.retail.wishes import Wish


@dataclass(frozen=True, slots=True)
class Opening:
    """First words for a wish, and what they tell."""

    text: str
    told: frozenset[str]


PLAIN: dict[str, tuple[str, ...]] = {
    "cancel_order": ("I want to cancel an order.", "Please cancel my order.", "I need an order cancelled"),
    "return_items": ("I'd like to return something.", "I want to return items I received", "return please"),
    "exchange_items": (
        "I'd like to exchange something I received.",
        "I want to exchange a delivered item",
        "Can I swap a delivered item for another variant?",
    ),
    "change_items": (
        "I'd like to change items in a pending order.",
        "I want a different variant in an order that hasn't shipped yet",
        "Please change an item in my open order",
    ),
    "change_payment": (
        "I want to change the payment method of my order.",
        "I'd like to pay for my order with something else",
        "change how my order is paid",
    ),
    "change_address": (
        "I need to change the delivery address of my order.",
        "Please send my order to another address",
        "wrong shipping address on my order",
    ),
    "update_profile_address": (
        "I want to change the address in my account.",
        "Please update my saved address",
        "I have moved, change my default address",
    ),
    "order_details": ("What is in my order?", "Show me the details of my order", "order details please"),
}
PRECISE: dict[str, tuple[str, ...]] = {
    "cancel_order": ("Please cancel order {order}.", "I want to cancel my order {order}", "cancel {order}"),
    "return_items": (
        "I'd like to return the {items} from order {order}.",
        "I want to return my {items}, order {order}",
        "Return the {items} from {order}, please",
    ),
    "exchange_items": (
        "I'd like to exchange the {items} from order {order}, which was delivered.",
        "I received order {order} and want to exchange the {items}",
        "Please exchange the {items} of my delivered order {order}",
    ),
    "change_items": (
        "I'd like to change the {items} in my pending order {order} to another variant.",
        "Please change the {items} in order {order} before it ships",
        "Order {order} has not shipped yet: I want another variant of the {items}",
    ),
    "change_payment": (
        "I want to change the payment method of order {order}.",
        "Please change how order {order} is paid",
        "I'd like to pay order {order} with another payment method",
    ),
    "change_address": (
        "I need to change the delivery address of order {order}.",
        "Please send order {order} to another address",
        "The shipping address of {order} is wrong, please change it",
    ),
    "update_profile_address": PLAIN["update_profile_address"],
    "order_details": (
        "What is in order {order}?",
        "Show me the details of order {order}",
        "details of {order}",
    ),
}
STOP = "Never mind, cancel that."
YES = ("yes", "Yes, please.", "yes, go ahead", "That's right, yes")
REASON_SHOWN = {"no longer needed": "I no longer need it", "ordered by mistake": "I ordered it by mistake"}
"""How a summary names the reasons."""
REASONS = {"no longer needed": ("I no longer need it", "no longer needed", "I don't need it any more")}
REASONS["ordered by mistake"] = ("I ordered it by mistake", "ordered by mistake", "it was a mistake")


def opening(wish: Wish, rng: random.Random, *, is_precise: bool) -> Opening:
    """First words for a wish."""
    if is_precise and wish.order_id:
        names = joined(list(dict.fromkeys(p.name for p in wish.pieces)))
        text = rng.choice(PRECISE[wish.procedure]).format(order=wish.order_id, items=names)
        has_twin = any(other.startswith(f"{p.name} (") for other in wish.others for p in wish.pieces)
        told = {"order", "items"} if wish.pieces and not has_twin else {"order"}
        return Opening(text, frozenset(told))
    return Opening(rng.choice(PLAIN[wish.procedure]), frozenset())


def joined(names: Sequence[str]) -> str:
    """A list as people write it."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def stated(proof: Proof, rng: random.Random) -> str:
    """Who one is, in words."""
    if proof.email:
        return rng.choice(("My e-mail is {e}", "{e}", "It's {e}")).format(e=proof.email)
    name = f"{proof.first_name} {proof.last_name}"
    forms = ("My name is {n}, zip code {z}", "{n}, {z}", "I'm {n} and my zip is {z}")
    return rng.choice(forms).format(n=name, z=proof.zip)


def address_line(address: dict[str, str]) -> str:
    """An address as people write it in one line."""
    city = f"{address.get('city', '')}, {address.get('state', '')} {address.get('zip', '')}"
    parts = [address.get("address1", ""), address.get("address2", ""), city, address.get("country", "")]
    return ", ".join(part for part in parts if part)
