"""Shapes of the HTTP API, in both directions."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Money = Annotated[float, Field(description="Amount in the shop's currency, two decimals.")]
Language = Literal["en", "cs", "de", "es", "ru", "zh"]
Moment = Annotated[str, Field(description="UTC time, ISO 8601.", examples=["2026-05-04T09:30:00Z"])]


class Shape(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(frozen=True)


class Address(Shape):
    """Postal address."""

    address1: str
    address2: str
    city: str
    country: str
    state: str
    zip: str


class Name(Shape):
    """Name of a person."""

    first_name: str
    last_name: str

    @property
    def full(self) -> str:
        """The name as it is written: Chinese names family first and without a space."""
        if "\u4e00" <= self.last_name[:1] <= "\u9fff":
            return f"{self.last_name}{self.first_name}"
        return f"{self.first_name} {self.last_name}"


class PaymentMethod(Shape):
    """A way to pay; ``balance`` only for gift cards, ``brand`` and ``last_four`` only for cards."""

    id: str
    source: str
    brand: str | None = None
    last_four: str | None = None
    balance: Money | None = None


class Customer(Shape):
    """A customer; language, phone and created_at are missing for imported customers."""

    customer_id: str
    name: Name
    email: str
    phone: str | None
    language: Language | None
    address: Address
    payment_methods: list[PaymentMethod]
    orders: list[str]
    created_at: Moment | None


class Variant(Shape):
    """One sellable item of a product."""

    item_id: str
    options: dict[str, str]
    display_options: dict[str, str] = Field(description="Options in the asked language.")
    available: bool
    price: Money
    stock: int | None


class ProductSummary(Shape):
    """A product without its variants."""

    product_id: str
    name: str
    names: dict[str, str] = Field(description="Name by language code.")
    display_name: str = Field(description="Name in the asked language.")
    category: str
    is_consumable: bool
    currency: str
    price_from: Money
    variant_count: int
    available_count: int


class Product(ProductSummary):
    """A product with its variants."""

    variants: list[Variant]


class Category(Shape):
    """A category with what can be bought in it."""

    category: str
    display_name: str = Field(description="Name in the asked language.")
    names: dict[str, str] = Field(description="Name by language code.")
    product_count: int
    price_from: Money
    price_to: Money
    currency: str


class OrderItem(Shape):
    """One piece in an order; two pieces of one variant are two entries."""

    name: str
    product_id: str
    item_id: str
    price: Money
    options: dict[str, str]
    display_name: str
    display_options: dict[str, str]


class Payment(Shape):
    """A payment or refund; ``settled_at`` is when the money arrived, or null while it is on its way."""

    transaction_type: Literal["payment", "refund"]
    amount: Money
    payment_method_id: str
    at: Moment | None
    settled_at: Moment | None


class Fulfillment(Shape):
    """A parcel: its tracking ids and what is in it."""

    tracking_id: list[str]
    item_ids: list[str]
    carrier: str | None


class CarrierEvent(Shape):
    """One scan of a parcel."""

    at: Moment
    place: str
    code: str
    text: str = Field(description="The code as a sentence in the asked language.")


class Shipment(Fulfillment):
    """A parcel with its scans, oldest first."""

    events: list[CarrierEvent]
    promised_at: Moment | None
    delivered_at: Moment | None


class Claim(Shape):
    """A report of something wrong with an order."""

    claim_id: str
    order_id: str
    customer_id: str
    kind: str
    item_ids: list[str]
    description: str
    wanted_remedy: str
    status: str
    created_at: Moment
    photos: list[str] = Field([], description="Names of the customer's photos, kept where they were sent.")


class Order(Shape):
    """An order with everything a person asks about it."""

    order_id: str
    customer_id: str
    status: str
    display_status: str
    currency: str
    total: Money
    address: Address
    items: list[OrderItem]
    fulfillments: list[Fulfillment]
    payment_history: list[Payment]
    payment_method_id: str | None = Field(description="The method that pays for the order now.")
    latest_carrier_event: CarrierEvent | None
    claims: list[Claim]
    placed_at: Moment | None
    status_at: Moment | None
    promised_at: Moment | None
    delivered_at: Moment | None
    cancel_reason: str | None
    return_items: list[str] | None
    return_payment_method_id: str | None
    exchange_items: list[str] | None
    exchange_new_items: list[str] | None
    exchange_payment_method_id: str | None
    exchange_price_difference: Money | None


class Event(Shape):
    """Something that happened in the shop; ids grow, so a reader asks for those after the last seen."""

    id: int
    at: Moment
    customer_id: str
    order_id: str | None
    kind: str
    data: dict[str, object]


class ErrorDetail(Shape):
    """Machine code and sentence."""

    code: str
    message: str


class Error(Shape):
    """Body of every answer that is not a success."""

    error: ErrorDetail
