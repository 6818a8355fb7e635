"""The storefront: pages, sign-in by choosing a demonstration customer, language, pictures."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from demo_shop import catalogue_reads, invoices, pages, payment_attempts, reads, service_pages
from demo_shop.database import Database, read_meta
from demo_shop.models import Customer
from demo_shop.page import Visit, WidgetSnippet, render_page
from demo_shop.pictures import draw_picture
from demo_shop.refusals import Refusal
from demo_shop.session import open_customer, seal_customer
from demo_shop.text import iso, utc_now
from demo_shop.vocabulary import LANGUAGES
from demo_shop.writes import Write

__all__ = ["Storefront", "WidgetSnippet", "storefront_routes"]

_CUSTOMER_COOKIE = "lumen_oak_customer"
_LANGUAGE_COOKIE = "lumen_oak_language"
_SIGNED_OUT_COOKIE = "lumen_oak_signed_out"
_MAX_FORM_BYTES = 4096
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Storefront:
    """What every page needs."""

    database: Database
    secret: str
    widget: WidgetSnippet | None

    def visit_of(self, request: Request) -> Visit:
        """Work out who is looking, in which language, and under which prefix."""
        root = str(request.scope.get("root_path", "")).rstrip("/")
        customer = self.customer_of(request)
        path = request.url.path.removeprefix(root) or "/"
        if request.url.query:
            path += f"?{request.url.query}"
        return Visit(
            root=root,
            path=path,
            language=_language_of(request, customer),
            customer=customer,
            widget=self.widget,
            was_signed_out=_SIGNED_OUT_COOKIE in request.cookies,
        )

    def customer_of(self, request: Request) -> Customer | None:
        """Find the signed-in customer; a cookie of a customer long gone counts for nothing."""
        cookie = request.cookies.get(_CUSTOMER_COOKIE, "")
        customer_id = open_customer(self.secret, cookie) if cookie else None
        if customer_id is None:
            return None
        with self.database.reading() as connection:
            try:
                return reads.find_customer(connection, customer_id)
            except Refusal:
                return None

    def demo_customers(self) -> list[Customer]:
        """Find the people one can sign in as: the showcase ones, or the first six of an imported shop."""
        with self.database.reading() as connection:
            ids = json.loads(read_meta(connection, "showcase", "[]"))
            if not ids:
                rows = connection.execute("SELECT customer_id FROM customer ORDER BY position LIMIT 6")
                ids = [row["customer_id"] for row in rows]
            found = [reads.find_customer(connection, customer_id) for customer_id in ids]
        order = list(LANGUAGES)
        return sorted(found, key=lambda c: order.index(c.language) if c.language else 0)


def _language_of(request: Request, customer: Customer | None) -> str:
    """The chosen language, else the customer's, else the browser's, else English."""
    accepted = [
        part.split(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")
    ]
    wishes = [request.query_params.get("lang"), request.cookies.get(_LANGUAGE_COOKIE)]
    wishes += [customer.language if customer else None, *accepted]
    return next((wish for wish in wishes if wish in LANGUAGES), None) or "en"


def _page(
    visit: Visit, title: str, content: str, *, order_id: str | None = None, status: int = 200
) -> Response:
    response = HTMLResponse(render_page(visit, title, content, order_id=order_id), status)
    if visit.was_signed_out:
        response.delete_cookie(_SIGNED_OUT_COOKIE, path=visit.root or "/")
    return response


Handler = Callable[[Storefront, Request], Awaitable[Response]]


async def _home(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    query, category = request.query_params.get("query", ""), request.query_params.get("category", "")
    with shop.database.reading() as connection:
        products = catalogue_reads.list_products(connection, catalogue_reads.Wish(query), visit.language)
    return _page(visit, "", pages.home_content(visit, products, query, category))


async def _product(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    with shop.database.reading() as connection:
        product = catalogue_reads.find_product(connection, request.path_params["product_id"], visit.language)
    return _page(visit, product.display_name, pages.product_content(visit, product))


async def _account(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    if visit.customer is None:
        return _page(visit, visit.say("sign in"), pages.sign_in_content(visit, shop.demo_customers()))
    with shop.database.reading() as connection:
        orders = reads.list_customer_orders(connection, visit.customer.customer_id, visit.language)
    return _page(visit, visit.say("account"), pages.account_content(visit, visit.customer, orders))


async def _order(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    if visit.customer is None:
        return RedirectResponse(f"{visit.root}/account", 303)
    with shop.database.reading() as connection:
        order = reads.find_order(connection, request.path_params["number"], visit.language)
        shipments = reads.list_shipments(connection, order.order_id, visit.language)
    if order.customer_id != visit.customer.customer_id:
        raise Refusal("order_not_found")
    content = pages.order_content(visit, visit.customer, order, shipments)
    return _page(visit, order.order_id, content, order_id=order.order_id)


async def _invoice(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    with shop.database.reading() as connection:
        order, number = invoices.find_copy(connection, request.path_params["token"], utc_now())
        order = reads.find_order(connection, order.order_id, visit.language)
        customer = reads.find_customer(connection, order.customer_id)
    return _page(visit, number, service_pages.invoice_content(visit, customer, order, number))


async def _pay(shop: Storefront, request: Request) -> Response:
    visit, token, at = shop.visit_of(request), request.path_params["token"], iso(utc_now())
    if request.method == "POST":
        with shop.database.writing() as connection:
            payment_attempts.pay_link(Write(connection, at), token)
        return RedirectResponse(f"{visit.root}/pay/{token}", 303)
    with shop.database.reading() as connection:
        link = payment_attempts.find_link(connection, token, at)
    return _page(visit, link.order_id, service_pages.pay_content(visit, link))


async def _form(request: Request) -> dict[str, str]:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _MAX_FORM_BYTES:
            raise Refusal("invalid_request")
    return {key: values[0] for key, values in parse_qs(raw.decode("utf-8", "replace")).items()}


def _cookie(response: Response, visit: Visit, name: str, value: str, days: int) -> None:
    response.set_cookie(
        name, value, max_age=days * _DAY_S, path=visit.root or "/", httponly=True, samesite="lax"
    )


async def _sign_in(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    wanted = (await _form(request)).get("customer_id", "")
    if wanted not in {customer.customer_id for customer in shop.demo_customers()}:
        raise Refusal("customer_not_found")
    response = RedirectResponse(f"{visit.root}/account", 303)
    _cookie(response, visit, _CUSTOMER_COOKIE, seal_customer(shop.secret, wanted), days=7)
    response.delete_cookie(_LANGUAGE_COOKIE, path=visit.root or "/")
    return response


async def _sign_out(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    response = RedirectResponse(f"{visit.root}/", 303)
    response.delete_cookie(_CUSTOMER_COOKIE, path=visit.root or "/")
    _cookie(response, visit, _SIGNED_OUT_COOKIE, "1", days=1)
    return response


async def _set_language(shop: Storefront, request: Request) -> Response:
    visit = shop.visit_of(request)
    form = await _form(request)
    goal = form.get("next", "/")
    # Only an address inside the shop: a second slash or backslash would lead to another host.
    is_inside = goal.startswith("/") and goal[1:2] not in ("/", "\\")
    response = RedirectResponse(visit.root + (goal if is_inside else "/"), 303)
    if form.get("language") in LANGUAGES:
        _cookie(response, visit, _LANGUAGE_COOKIE, form["language"], days=365)
    return response


async def _picture_of(shop: Storefront, request: Request) -> Response:
    with shop.database.reading() as connection:
        row = connection.execute(
            "SELECT picture FROM product WHERE product_id = ?", (request.path_params["product_id"],)
        ).fetchone()
    return _svg(row["picture"] if row else "")


async def _picture(_shop: Storefront, request: Request) -> Response:
    return _svg(request.path_params["name"])


def _svg(name: str) -> Response:
    return Response(
        draw_picture(name), media_type="image/svg+xml", headers={"Cache-Control": f"public, max-age={_DAY_S}"}
    )


def _style_handler() -> Handler:
    css = (Path(__file__).parent / "static" / "shop.css").read_bytes()
    tag = f'"{hashlib.sha256(css).hexdigest()[:16]}"'

    async def style(_shop: Storefront, request: Request) -> Response:
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(css, media_type="text/css", headers=headers)

    return style


def _bound(shop: Storefront, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            return await handler(shop, request)
        except Refusal as refusal:
            visit = shop.visit_of(request)
            status = refusal.status_code
            return _page(visit, visit.say("not found"), pages.missing_content(visit), status=status)

    return handle


async def _missing(_shop: Storefront, _request: Request) -> Response:
    raise Refusal("not_found")


def storefront_routes(shop: Storefront) -> list[Route]:
    """Make the routes of the pages."""
    table: list[tuple[str, Handler, str]] = [
        ("/", _home, "GET"),
        ("/products/{product_id}", _product, "GET"),
        ("/account", _account, "GET"),
        ("/account/sign-in", _sign_in, "POST"),
        ("/account/sign-out", _sign_out, "POST"),
        ("/orders/{number}", _order, "GET"),
        ("/invoices/{token}", _invoice, "GET"),
        ("/pay/{token}", _pay, "GET"),
        ("/pay/{token}", _pay, "POST"),
        ("/language", _set_language, "POST"),
        ("/pictures/of/{product_id}.svg", _picture_of, "GET"),
        ("/pictures/{name}.svg", _picture, "GET"),
        ("/static/shop.css", _style_handler(), "GET"),
        ("/{rest:path}", _missing, "GET"),
    ]
    return [Route(path, _bound(shop, handler), methods=[method]) for path, handler, method in table]
