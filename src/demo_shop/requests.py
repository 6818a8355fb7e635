"""Bodies of the API's writes."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from demo_shop.models import Address

ItemIds = Annotated[list[str], Field(min_length=1, max_length=100, description="Duplicates are allowed.")]


class Body(BaseModel):
    """Base of the request bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class OrderWrite(Body):
    """What every write to an order may carry."""

    customer_id: str | None = Field(None, description="When given, the order must belong to this customer.")


class CancelOrder(OrderWrite):
    """Cancel a pending order."""

    reason: str = Field(description="'no longer needed' or 'ordered by mistake'.")


class ChangeOrderAddress(OrderWrite, Address):
    """Send a pending order elsewhere."""


class ChangeCustomerAddress(Body, Address):
    """Replace the customer's default address."""


class ChangeOrderItems(OrderWrite):
    """Replace items by other variants of their products, position by position."""

    item_ids: ItemIds
    new_item_ids: ItemIds
    payment_method_id: str = Field(description="Pays or receives the price difference.")


class ChangeOrderPayment(OrderWrite):
    """Pay a pending order with another method."""

    payment_method_id: str


class ReturnItems(OrderWrite):
    """Ask to return items of a delivered order."""

    item_ids: ItemIds
    payment_method_id: str = Field(description="Receives the refund: the original method or a gift card.")


class ExchangeItems(ChangeOrderItems):
    """Ask to exchange items of a delivered order."""


class ReportClaim(OrderWrite):
    """Report a damaged, wrong, incomplete or missing delivery."""

    kind: Literal["damaged", "wrong_item", "missing_item", "not_received", "defective", "other"]
    item_ids: list[str] = Field(default_factory=list, max_length=100)
    description: str = Field(min_length=1, max_length=4000)
    wanted_remedy: Literal["refund", "replacement", "discount", "repair", "undecided"] = "undecided"
    photos: list[str] = Field(
        default_factory=list, max_length=20, description="Names of photos kept elsewhere."
    )


class GiveVoucher(Body):
    """Give a customer a gift card as goodwill."""

    amount: float = Field(gt=0, le=100)
    reason: str = Field(min_length=1, max_length=400)


class ReportCarrierEvent(Body):
    """A carrier's scan; moves the order to 'shipped' or 'delivered' where it says so."""

    tracking_id: str
    code: Literal[
        "picked_up", "in_transit", "arrived_at_depot", "delayed", "customs_hold", "out_for_delivery",
        "delivery_failed", "damaged", "delivered", "returned_to_sender",
    ]  # fmt: skip
    place: str = Field(min_length=1, max_length=120)
