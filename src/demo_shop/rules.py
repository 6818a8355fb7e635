"""The shop's policy as checks: each returns nothing and refuses with a code when a rule is broken."""

from collections import Counter
from collections.abc import Sequence

from demo_shop.models import Order, PaymentMethod
from demo_shop.refusals import Refusal
from demo_shop.text import to_cents

CANCEL_REASONS = ("no longer needed", "ordered by mistake")
MODIFIED = "pending (item modified)"
AFTER_DELIVERY = ("delivered", "return requested", "exchange requested", "refunded", "exchanged")
_SENT = ("shipped", *AFTER_DELIVERY)


def check_owner(order: Order, customer_id: str | None) -> None:
    """A caller that names a customer may touch only this customer's orders."""
    if customer_id is not None and order.customer_id != customer_id:
        raise Refusal("not_owner")


def check_pending(order: Order) -> None:
    """Only a pending order whose items were not modified may be changed or cancelled."""
    if order.status == MODIFIED:
        raise Refusal("already_modified")
    if order.status != "pending":
        raise Refusal("order_not_pending", f"The status is '{order.status}'.")


def check_delivered(order: Order) -> None:
    """Only a delivered order may be returned or exchanged, and only once."""
    if order.status in AFTER_DELIVERY[1:]:
        raise Refusal("already_requested", f"The status is '{order.status}'.")
    if order.status != "delivered":
        raise Refusal("order_not_delivered", f"The status is '{order.status}'.")


def check_reason(reason: str) -> None:
    """An order is cancelled for one of two reasons."""
    if reason not in CANCEL_REASONS:
        raise Refusal("reason_not_allowed")


def check_items_in_order(order: Order, item_ids: Sequence[str]) -> None:
    """Each item must be in the order at least as often as it is named."""
    held = Counter(item.item_id for item in order.items)
    if any(count > held[item_id] for item_id, count in Counter(item_ids).items()):
        raise Refusal("items_not_in_order")


def check_same_length(item_ids: Sequence[str], new_item_ids: Sequence[str]) -> None:
    """Old and new items are matched by position."""
    if len(item_ids) != len(new_item_ids):
        raise Refusal("items_do_not_match")


def check_covers(method: PaymentMethod, cents: int) -> None:
    """A gift card must hold what is taken from it."""
    if method.balance is not None and to_cents(method.balance) < cents:
        raise Refusal("gift_card_insufficient", f"The balance is {method.balance:.2f}.")


def check_refund_target(order: Order, method: PaymentMethod) -> None:
    """A refund goes to the method that paid or to a gift card the customer has."""
    if method.source != "gift_card" and method.id != order.payment_method_id:
        raise Refusal("payment_method_not_allowed", "Use the original payment method or a gift card.")


def check_new_payment(order: Order, method: PaymentMethod) -> None:
    """The payment method of a pending order changes once, to a different one that can pay."""
    if len(order.payment_history) != 1:
        raise Refusal("payment_already_modified")
    if method.id == order.payment_method_id:
        raise Refusal("payment_method_unchanged")
    check_covers(method, to_cents(order.payment_history[0].amount))


def check_claimable(order: Order, kind: str) -> None:
    """What did not arrive can be claimed once sent; anything else once delivered."""
    statuses = _SENT if kind in ("not_received", "other") else AFTER_DELIVERY
    if order.status not in statuses:
        raise Refusal("claim_too_early", f"The status is '{order.status}'.")
