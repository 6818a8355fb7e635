"""Why the shop says no: one exception, one table of codes.

A refusal is raised inside the write transaction, so whatever had been done is rolled back.
"""

from dataclasses import dataclass
from typing import Final

CODES: Final[dict[str, tuple[int, str]]] = {
    "unauthorized": (401, "A valid bearer token is needed."),
    "not_owner": (403, "The order belongs to another customer."),
    "not_found": (404, "There is nothing at this address."),
    "customer_not_found": (404, "There is no such customer."),
    "order_not_found": (404, "There is no such order."),
    "product_not_found": (404, "There is no such product."),
    "operation_not_found": (404, "No write with this idempotency key has happened."),
    "method_not_allowed": (405, "This address does not take this method."),
    "idempotency_key_reused": (409, "This idempotency key was used for another request."),
    "order_not_pending": (409, "Only a pending order can be changed or cancelled."),
    "order_not_delivered": (409, "Only a delivered order can be returned or exchanged."),
    "already_modified": (409, "The items of this order were modified; it can no longer be changed."),
    "payment_already_modified": (409, "The payment method of this order was already changed once."),
    "already_requested": (409, "A return or an exchange of this order was already requested."),
    "variant_unavailable": (409, "The wanted variant is not available."),
    "gift_card_insufficient": (409, "The balance of the gift card does not cover the amount."),
    "claim_too_early": (409, "The order was not sent yet, so nothing can be claimed."),
    "carrier_event_not_possible": (409, "The order has no parcel with this tracking id on its way."),
    "invoice_not_ready": (409, "The invoice is made when the order is sent."),
    "payment_not_due": (409, "No payment of this order is open."),
    "payment_too_late": (409, "The order was kept for a payment long enough."),
    "too_many_attempts": (409, "Three attempts to pay have failed; wait an hour."),
    "warranty_expired": (409, "The warranty of this piece has ended."),
    "warranty_already_claimed": (409, "A claim for this piece is open already."),
    "appointment_not_possible": (409, "Only an order that is under way has a delivery appointment."),
    "appointment_too_close": (409, "The appointment begins within a day and stays."),
    "window_not_free": (409, "This time is not free any more."),
    "variant_in_stock": (409, "The variant is in stock."),
    "notice_exists": (409, "The customer is told about this variant already."),
    "points_not_enough": (409, "There are not so many points."),
    "subscription_not_active": (409, "The subscription is not active."),
    "subscription_not_paused": (409, "The subscription is not paused."),
    "delivery_too_close": (409, "The next delivery is being packed."),
    "email_taken": (409, "Another account has this e-mail address."),
    "email_unchanged": (409, "The account has this e-mail address already."),
    "data_request_open": (409, "A request of this kind is being worked on."),
    "orders_under_way": (409, "Orders or returns are under way."),
    "callback_planned": (409, "A call is planned already."),
    "subscription_not_found": (404, "There is no such subscription."),
    "email_change_not_found": (404, "There is no such change, or its link is no longer valid."),
    "email_not_valid": (422, "This is no e-mail address."),
    "phone_not_valid": (422, "This is no telephone number."),
    "points_not_allowed": (422, "Points are redeemed by the hundred."),
    "other_product": (422, "The new item belongs to another product."),
    "variant_not_found": (422, "There is no such variant."),
    "same_variant": (422, "The new item equals the present one."),
    "items_not_in_order": (422, "The order does not hold these items in this number."),
    "items_do_not_match": (422, "The list of new items must be as long as the list of items."),
    "payment_method_not_found": (422, "The customer has no such payment method."),
    "payment_method_not_allowed": (422, "This payment method is not allowed here."),
    "payment_method_unchanged": (422, "The order is already paid with this payment method."),
    "reason_not_allowed": (422, "The reason must be 'no longer needed' or 'ordered by mistake'."),
    "invalid_request": (422, "The request does not have the expected form."),
    "backdating_not_allowed": (422, "X-Occurred-At is not accepted by this shop."),
}


@dataclass(slots=True)
class Refusal(Exception):
    """The shop refuses a request; ``code`` names the rule and ``detail`` the case."""

    code: str
    detail: str = ""

    @property
    def status_code(self) -> int:
        """HTTP status of the answer."""
        return CODES[self.code][0]

    @property
    def message(self) -> str:
        """Sentence for people."""
        return " ".join(part for part in (CODES[self.code][1], self.detail) if part)

    def body(self) -> dict[str, dict[str, str]]:
        """JSON body of the answer."""
        return {"error": {"code": self.code, "message": self.message}}
