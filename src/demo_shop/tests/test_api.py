"""Authentication, lookups, and an OpenAPI document that tells the truth."""

import json

import pytest
from starlette.testclient import TestClient

from demo_shop.api import Api, api_routes
from demo_shop.app import create_app
from demo_shop.database import Database
from demo_shop.refusals import CODES
from demo_shop.routes import READS, WRITES

from .conftest import SECRET, Shop

EVERY = [("GET", read.path) for read in READS] + [(write.method, write.path) for write in WRITES]


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic " + SECRET, "Bearer", "Bearer ž"])
@pytest.mark.parametrize(("method", "path"), EVERY)
def test_every_operation_needs_the_token(shop, snapshot, method, path, header) -> None:
    browser = TestClient(create_app(shop.database, secret=SECRET))
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = browser.request(method, f"/api/v1{path}", headers=headers, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert shop.dump() == snapshot


def test_an_app_without_a_secret_does_not_start(tmp_path) -> None:
    with pytest.raises(ValueError, match="secret"):
        create_app(tmp_path / "shop.db", secret="")


def test_openapi_covers_each_route(shop) -> None:
    document = shop.get("/openapi.json").json()
    described = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    assert document["openapi"] == "3.1.0"
    assert described == {(f"/api/v1{path}", method) for method, path in EVERY}
    routes = {
        route.path for route in api_routes(Api(Database(shop.database), SECRET, allow_backdating=False))
    }
    assert routes == {path for path, _ in described} | {"/api/v1/openapi.json", "/api/v1/{rest:path}"}


def test_openapi_references_and_codes_exist(shop) -> None:
    document = shop.get("/openapi.json").json()
    text = json.dumps(document)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(document["components"]["schemas"])
    identifiers = [op["operationId"] for methods in document["paths"].values() for op in methods.values()]
    assert len(identifiers) == len(set(identifiers))
    assert {code for write in WRITES for code in write.refusals} <= set(CODES)


def test_a_customer_is_found_by_email_in_any_case(shop) -> None:
    (found,) = shop.get("/customers", email="ADA.Miller1001@example.com").json()
    assert found["customer_id"] == "ada_miller_1001"
    assert [method["id"] for method in found["payment_methods"]] == [
        "credit_card_1",
        "gift_card_1",
        "paypal_1",
    ]
    assert shop.get("/customers", email="nobody@example.com").json() == []


def test_a_customer_is_found_by_name_and_postal_code(shop) -> None:
    (found,) = shop.get("/customers", first_name="ada", last_name="Muller", zip="10001").json()
    assert found["customer_id"] == "ada_miller_1001"
    assert shop.get("/customers", first_name="ada", last_name="Muller", zip="10002").json() == []
    answer = shop.get("/customers", first_name="ada")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")


def test_one_call_gives_the_orders_with_all_contents(generated) -> None:
    shop = Shop(generated)
    (customer,) = shop.get("/customers", phone="+420 700 000 000").json()
    orders = shop.get(f"/customers/{customer['customer_id']}/orders", language="cs").json()
    assert {order["order_id"] for order in orders} == set(customer["orders"])
    assert [order["placed_at"] for order in orders] == sorted((o["placed_at"] for o in orders), reverse=True)
    delayed = next(o for o in orders if (o["latest_carrier_event"] or {}).get("code") == "delayed")
    assert delayed["display_status"] == "Na cestě"
    assert delayed["items"][0]["display_name"] == "Bluetooth reproduktor Drift"
    assert "barva" in delayed["items"][0]["display_options"]
    assert delayed["items"][0]["options"].keys() >= {"color"}


def test_products_are_searched_in_every_language(generated) -> None:
    shop = Shop(generated)
    for query in ("desk lamp", "stolni LAMPA", "Schreibtischlampe", "台灯"):
        (found,) = shop.get("/products", query=query).json()
        assert found["name"] == "Desk Lamp Lumen"
    product = shop.get(f"/products/{found['product_id']}", language="de").json()
    assert (product["display_name"], product["currency"]) == ("Schreibtischlampe Lumen", "EUR")
    assert len(product["variants"]) == product["variant_count"] == 9


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/orders/W9", 404, "order_not_found"),
        ("/orders/W9/shipments", 404, "order_not_found"),
        ("/customers/nobody", 404, "customer_not_found"),
        ("/customers/nobody/orders", 404, "customer_not_found"),
        ("/customers/nobody/payment-methods", 404, "customer_not_found"),
        ("/products/none", 404, "product_not_found"),
        ("/products?language=fr", 422, "invalid_request"),
        ("/events?after_id=x", 422, "invalid_request"),
        ("/nothing", 404, "not_found"),
        ("/orders/W1000001/cancel", 405, "method_not_allowed"),
    ],
)
def test_errors_have_one_shape(shop, path, status, code) -> None:
    answer = shop.client.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}
    assert answer.json()["error"]["code"] == code


def test_events_are_read_from_where_one_stopped(shop) -> None:
    shop.post("/orders/W1000001/cancel", {"reason": "no longer needed"})
    shop.post("/orders/W1000004/return", {"item_ids": ["pan-24"], "payment_method_id": "credit_card_1"})
    first, second = shop.get("/events").json()
    assert (first["kind"], first["data"]) == ("order_cancelled", {"reason": "no longer needed"})
    assert shop.get("/events", after_id=str(first["id"])).json() == [second]
    assert shop.get("/events", limit="1").json() == [first]


def test_backdating_is_refused_unless_allowed(shop, snapshot) -> None:
    body = {"reason": "no longer needed"}
    answer = shop.post("/orders/W1000001/cancel", body, **{"X-Occurred-At": "2026-01-02T03:04:05+01:00"})
    assert answer.json()["error"]["code"] == "backdating_not_allowed"
    assert shop.dump() == snapshot
    seeding = Shop(shop.database, allow_backdating=True)
    for wrong in ("yesterday", "2026-01-02T03:04:05"):
        answer = seeding.post("/orders/W1000001/cancel", body, **{"X-Occurred-At": wrong})
        assert answer.json()["error"]["code"] == "invalid_request"
    answer = seeding.post("/orders/W1000001/cancel", body, **{"X-Occurred-At": "2026-01-02T03:04:05+01:00"})
    assert answer.json()["status_at"] == "2026-01-02T02:04:05Z"
    assert seeding.get("/events").json()[0]["at"] == "2026-01-02T02:04:05Z"
