"""The contents of the storefront's pages, as HTML."""

from datetime import datetime
from html import escape
from urllib.parse import quote

from demo_shop.models import Customer, Order, OrderItem, Product, ProductSummary, Shipment
from demo_shop.page import Visit
from demo_shop.vocabulary import LANGUAGES, say

_CURRENCY_SIGNS = {"EUR": "€", "USD": "$"}
_STATUS_TONES = {
    "pending": "wait", "pending (item modified)": "wait", "processed": "wait", "shipped": "move",
    "delivered": "good", "cancelled": "off", "return requested": "move", "exchange requested": "move",
    "refunded": "off", "exchanged": "good",
}  # fmt: skip
_COLORS = {
    "black": "#23241f", "white": "#ffffff", "sand": "#d9c3a0", "forest green": "#35523f", "navy": "#24364f",
    "terracotta": "#c4633f", "silver": "#c3c7c9", "charcoal": "#474a4d", "cream": "#f3e9d4",
    "sage": "#a9bcab",
    "red": "#b3392f", "oak": "#c99a63", "walnut": "#6b4630", "ash": "#dcc9a8", "brass": "#c3a04a",
    "blue": "#3b6ea8", "green": "#4b8b5a", "gold": "#d4af37", "purple": "#76519c", "yellow": "#e3c141",
    "pink": "#d98ba3", "grey": "#8b8f92", "gray": "#8b8f92", "brown": "#6d4a33", "orange": "#d98236",
}  # fmt: skip


def money(amount: float, currency: str, language: str) -> str:
    """Write a price the way readers of the language write it."""
    sign = _CURRENCY_SIGNS.get(currency, currency)
    if language in ("en", "zh"):
        return f"{sign}{amount:,.2f}"
    whole, cents = f"{amount:,.2f}".split(".")
    separator = "." if language in ("de", "es") else "\N{NO-BREAK SPACE}"
    return f"{whole.replace(',', separator)},{cents}\N{NO-BREAK SPACE}{sign}"


def moment(text: str | None, language: str, *, with_time: bool = False) -> str:
    """Write a moment as a date in numbers; nothing for a missing one."""
    if text is None:
        return ""
    at = datetime.fromisoformat(text)
    forms = {"en": "{d} {b} {y}", "de": "{d}.{m:02d}.{y}", "cs": "{d}. {m}. {y}", "es": "{d}/{m:02d}/{y}"}
    forms |= {"ru": "{d:02d}.{m:02d}.{y}", "zh": "{y}年{m}月{d}日"}
    date = forms[language].format(d=at.day, m=at.month, y=at.year, b=at.strftime("%b"))
    return f"{date}, {at:%H:%M}" if with_time else date


def _picture(visit: Visit, product_id: str, alt: str = "") -> str:
    source = visit.link(f"/pictures/of/{product_id}.svg")
    return f'<img src="{source}" alt="{escape(alt)}" width="200" height="200" loading="lazy">'


def _status(visit: Visit, order: Order) -> str:
    tone = _STATUS_TONES.get(order.status, "wait")
    return f'<span class="status {tone}">{escape(say("statuses", order.status, visit.language))}</span>'


def _options(item: OrderItem) -> str:
    return escape(" · ".join(f"{name}: {value}" for name, value in item.display_options.items()))


def home_content(visit: Visit, products: list[ProductSummary], query: str, category: str) -> str:
    """The catalogue, with a greeting when nothing was searched."""
    categories = list(dict.fromkeys(p.category for p in products if p.category))
    shown = [p for p in products if not category or p.category == category]
    hero = ""
    if not query and not category:
        featured = "".join(
            f'<a href="{visit.link(f"/products/{p.product_id}")}">'
            f"{_picture(visit, p.product_id, p.display_name)}</a>"
            for p in _featured(products)
        )
        hero = f"""<section class="hero"><div><h1>{visit.say("tagline")}</h1><p>{visit.say("intro")}</p></div>
<div class="still">{featured}</div></section>"""
    chips = [("", visit.say("all products")), *((c, visit.say(c, "categories")) for c in categories)]
    links = "".join(_chip(visit, key, label, is_current=key == category) for key, label in chips)
    bar = f'<nav class="chips" aria-label="{visit.say("all products")}">{links}</nav>' if categories else ""
    cards = "".join(_card(visit, product) for product in shown)
    grid = f'<ul class="grid">{cards}</ul>' if cards else f'<p class="empty">{visit.say("nothing found")}</p>'
    heading = f'<h1 class="plain">{escape(query)}</h1>' if query else ""
    return f"{hero}{bar}{heading}{grid}"


def _chip(visit: Visit, category: str, label: str, *, is_current: bool) -> str:
    address = visit.link("/") + (f"?category={quote(category)}" if category else "")
    current = ' aria-current="true"' if is_current else ""
    return f'<a href="{address}"{current}>{label}</a>'


def _featured(products: list[ProductSummary]) -> list[ProductSummary]:
    wanted = ("desk-lamp", "Desk Lamp", "Record Player", "Planter", "Espresso Machine")
    return [p for p in products if p.name.startswith(wanted)][:4]


def _card(visit: Visit, product: ProductSummary) -> str:
    state = "" if product.available_count else f'<span class="status off">{visit.say("sold out")}</span>'
    price = money(product.price_from, product.currency, visit.language)
    if product.variant_count > 1:
        price = visit.say("from").format(price=price)
    return f"""<li><a class="card" href="{visit.link(f"/products/{product.product_id}")}">
<span class="frame">{_picture(visit, product.product_id)}{state}</span>
<span class="name">{escape(product.display_name)}</span>
<span class="price">{price}</span></a></li>"""


def product_content(visit: Visit, product: Product) -> str:
    """One product with all its variants."""
    rows = []
    for variant in product.variants:
        dot = next((_COLORS[value] for value in variant.options.values() if value in _COLORS), None)
        swatch = f'<i class="dot" style="background:{dot}"></i>' if dot else '<i class="dot none"></i>'
        label = escape(" · ".join(variant.display_options.values()))
        state = ("good", "in stock") if variant.available else ("off", "sold out")
        rows.append(
            f"<tr><td>{swatch}<span>{label}</span></td>"
            f'<td><span class="status {state[0]}">{visit.say(state[1])}</span></td>'
            f'<td class="number">{money(variant.price, product.currency, visit.language)}</td></tr>'
        )
    category = visit.say(product.category, "categories") if product.category else ""
    price = money(product.price_from, product.currency, visit.language)
    return f"""<article class="product">
<div class="frame large">{_picture(visit, product.product_id, product.display_name)}</div>
<div><p class="kicker">{category}</p><h1>{escape(product.display_name)}</h1>
<p class="price">{visit.say("from").format(price=price)}</p>
<table><thead><tr><th>{visit.say("choose")}</th><th>{visit.say("availability")}</th>
<th class="number">{visit.say("price")}</th></tr></thead><tbody>{"".join(rows)}</tbody></table></div>
</article>"""


def sign_in_content(visit: Visit, customers: list[Customer]) -> str:
    """The list of people one can sign in as."""
    buttons = []
    for customer in customers:
        name = escape(customer.name.full)
        place = ", ".join((customer.address.city, say("countries", customer.address.country, visit.language)))
        language = LANGUAGES.get(customer.language or "", "")
        buttons.append(
            f'<li><button name="customer_id" value="{escape(customer.customer_id)}">'
            f'<span class="initial" aria-hidden="true">{escape(customer.name.full[:1])}</span>'
            f"<span><strong>{name}</strong><br><small>{escape(place)}"
            f"{' · ' if language else ''}{language}</small>"
            f'</span><small class="count">{visit.say("orders")}: {len(customer.orders)}</small></button></li>'
        )
    return f"""<section class="narrow"><h1>{visit.say("sign in")}</h1><p>{visit.say("demo sign in")}</p>
<form method="post" action="{visit.link("/account/sign-in")}">
<ul class="people">{"".join(buttons)}</ul></form>
</section>"""


def account_content(visit: Visit, customer: Customer, orders: list[Order]) -> str:
    """The signed-in customer's orders and payment methods."""
    rows = "".join(_order_row(visit, order) for order in orders)
    listing = f'<ul class="orders">{rows}</ul>' if rows else f'<p class="empty">{visit.say("no orders")}</p>'
    currency = orders[0].currency if orders else "EUR"
    methods = "".join(
        f"<li><strong>{visit.say(m.source)}</strong> <span>{_method_detail(m.brand, m.last_four)}"
        f"{_balance(visit, m.balance, currency)}"
        "</span></li>"
        for m in customer.payment_methods
    )
    name = escape(customer.name.full)
    return f"""<div class="top"><div><p class="kicker">{visit.say("account")}</p>
<h1>{visit.say("hello").format(name=name)}</h1></div>
<form method="post" action="{visit.link("/account/sign-out")}">
<button class="quiet">{visit.say("sign out")}</button></form></div>
<div class="columns"><section><h2>{visit.say("my orders")}</h2>{listing}</section>
<aside><h2>{visit.say("payment methods")}</h2><ul class="plain-list">{methods}</ul>
<h2>{visit.say("address")}</h2>{_address(visit, customer.address.model_dump())}</aside></div>"""


def _balance(visit: Visit, balance: float | None, currency: str) -> str:
    return "" if balance is None else f"{visit.say('balance')} {money(balance, currency, visit.language)}"


def _method_detail(brand: str | None, last_four: str | None) -> str:
    return escape(f"{brand or ''} ···· {last_four}") if last_four else ""


def _address(visit: Visit, address: dict[str, str]) -> str:
    country = say("countries", address["country"], visit.language)
    lines = [address["address1"], address["address2"], f"{address['zip']} {address['city']}", country]
    return f"<address>{'<br>'.join(escape(line) for line in lines if line)}</address>"


def _order_row(visit: Visit, order: Order) -> str:
    pictures = "".join(_picture(visit, item.product_id) for item in order.items[:4])
    names = escape(", ".join(dict.fromkeys(item.display_name for item in order.items)))
    placed = moment(order.placed_at, visit.language)
    return f"""<li><a href="{visit.link(f"/orders/{order.order_id.removeprefix('#')}")}">
<span class="thumbs">{pictures}</span>
<span class="what"><strong>{escape(order.order_id)}</strong> {_status(visit, order)}<br>
<small>{names}</small></span>
<span class="when"><strong>{money(order.total, order.currency, visit.language)}</strong><br>
<small>{placed}</small></span></a></li>"""


def order_content(visit: Visit, customer: Customer, order: Order, shipments: list[Shipment]) -> str:
    """One order: what, where to, how paid, and where the parcel is."""
    items = "".join(
        f"""<li>{_picture(visit, item.product_id)}<span class="what">
<a href="{visit.link(f"/products/{item.product_id}")}">{escape(item.display_name)}</a><br>
<small>{_options(item)}</small></span>
<strong>{money(item.price, order.currency, visit.language)}</strong></li>"""
        for item in order.items
    )
    dates = [
        ("placed", order.placed_at),
        ("promised", order.promised_at),
        ("delivered on", order.delivered_at),
    ]
    if order.delivered_at or order.status == "cancelled":
        dates.pop(1)
    facts = "".join(
        f"<div><dt>{visit.say(key)}</dt><dd>{moment(at, visit.language)}</dd></div>"
        for key, at in dates
        if at
    )
    claims = "".join(
        f"<li><strong>{escape(claim.claim_id)}</strong> {escape(claim.description)}</li>"
        for claim in order.claims
    )
    reports = f'<h2>{visit.say("claims")}</h2><ul class="plain-list">{claims}</ul>' if claims else ""
    total = money(order.total, order.currency, visit.language)
    return f"""<p class="kicker"><a href="{visit.link("/account")}">← {visit.say("my orders")}</a></p>
<div class="top"><h1>{visit.say("order")} {escape(order.order_id)}</h1>{_status(visit, order)}</div>
<dl class="facts">{facts}</dl>
<div class="columns"><section><h2>{visit.say("items")}</h2><ul class="lines">{items}
<li class="sum"><span class="what">{visit.say("total")}</span><strong>{total}</strong></li></ul>
<h2>{visit.say("tracking")}</h2>{_tracking(visit, shipments)}</section>
<aside><h2>{visit.say("address")}</h2>{_address(visit, order.address.model_dump())}
<h2>{visit.say("payment")}</h2>{_payments(visit, customer, order)}{reports}
<p class="note">{visit.say("help")}</p></aside></div>"""


def _payments(visit: Visit, customer: Customer, order: Order) -> str:
    methods = {method.id: method for method in customer.payment_methods}
    rows = []
    for payment in order.payment_history:
        method = methods.get(payment.payment_method_id)
        label = visit.say(method.source) if method else escape(payment.payment_method_id)
        detail = _method_detail(None, method.last_four) if method else ""
        is_open = payment.transaction_type == "refund" and payment.at and not payment.settled_at
        note = f"<br><small>{visit.say('on its way')}</small>" if is_open else ""
        amount = money(payment.amount, order.currency, visit.language)
        rows.append(
            f"<li><span>{visit.say(payment.transaction_type)} · {label} {detail}{note}</span>"
            f"<strong>{amount}</strong></li>"
        )
    return f'<ul class="plain-list split">{"".join(rows)}</ul>'


def _tracking(visit: Visit, shipments: list[Shipment]) -> str:
    if not shipments:
        return f'<p class="empty">{visit.say("no tracking")}</p>'
    parts = []
    for shipment in shipments:
        scans = "".join(
            f'<li class="scan {event.code}"><strong>{escape(event.text)}</strong><br>'
            f"<small>{escape(event.place)} · "
            f"{moment(event.at, visit.language, with_time=True)}</small></li>"
            for event in reversed(shipment.events)
        )
        numbers = escape(", ".join(shipment.tracking_id))
        parts.append(
            f'<p class="carrier">{escape(shipment.carrier or "")} <code>{numbers}</code></p>'
            f'<ol class="scans">{scans}</ol>'
        )
    return "".join(parts)


def missing_content(visit: Visit) -> str:
    """Nothing here."""
    return f"""<section class="narrow"><h1>{visit.say("not found")}</h1>
<p><a href="{visit.link("/")}">{visit.say("back home")}</a></p></section>"""
