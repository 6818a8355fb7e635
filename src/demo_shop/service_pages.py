"""Two pages one reaches by a link only: a copy of an invoice, and paying for an order once more."""

from html import escape

from demo_shop.models import Customer, Order
from demo_shop.page import Visit
from demo_shop.pages import moment, money
from demo_shop.payment_attempts import OpenLink
from demo_shop.vocabulary import say


def invoice_content(visit: Visit, customer: Customer, order: Order, number: str) -> str:
    """What was bought, by whom, for how much."""
    options = [escape(" · ".join(item.display_options.values())) for item in order.items]
    rows = "".join(
        f"<tr><td>{escape(item.display_name)}<br><small>{text}</small></td>"
        f'<td class="number">{money(item.price, order.currency, visit.language)}</td></tr>'
        for item, text in zip(order.items, options, strict=True)
    )
    country = say("countries", customer.address.country, visit.language)
    lines = (
        customer.name.full,
        customer.address.address1,
        f"{customer.address.zip} {customer.address.city}",
        country,
    )
    to = "<br>".join(escape(line) for line in lines if line)
    return f"""<section class="narrow"><h1>{visit.say("title", "invoice")} {escape(number)}</h1>
<dl class="facts"><div><dt>{visit.say("order")}</dt><dd>{escape(order.order_id)}</dd></div>
<div><dt>{visit.say("date", "invoice")}</dt><dd>{moment(order.placed_at, visit.language)}</dd></div></dl>
<h2>{visit.say("to", "invoice")}</h2><address>{to}</address>
<table><thead><tr><th>{visit.say("items")}</th><th class="number">{visit.say("price")}</th></tr></thead>
<tbody>{rows}<tr><td><strong>{visit.say("total")}</strong></td>
<td class="number"><strong>{money(order.total, order.currency, visit.language)}</strong></td></tr></tbody></table>
</section>"""


def pay_content(visit: Visit, link: OpenLink) -> str:
    """The open amount, and one button; when it is paid, only that it is."""
    title = f"{visit.say('order')} {escape(link.order_id)}"
    if not link.is_open:
        return f'<section class="narrow"><h1>{title}</h1><p>{visit.say("paid")}</p></section>'
    amount = money(link.amount, link.currency, visit.language)
    return f"""<section class="narrow"><h1>{title}</h1><p class="price">{amount}</p>
<form method="post" action="{visit.link(f"/pay/{link.token}")}"><button>{visit.say("pay now")}</button></form>
<p class="note">{visit.say("demo note")}</p></section>"""
