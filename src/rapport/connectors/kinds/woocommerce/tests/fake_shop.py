"""A small WooCommerce in memory: the calls Rapport makes, answered in the shape the REST API documents."""

from __future__ import annotations

import copy
import json
from decimal import Decimal

import httpx2

SHIP = {"first_name": "Ada", "last_name": "Young", "address_1": "5 Mill Lane", "address_2": "", "city": "York",
        "state": "", "postcode": "YO1 7", "country": "GB"}  # fmt: skip


def line(id_, name, quantity, total, tax, ids=(31, 0)):
    return {
        "id": id_, "name": name, "product_id": ids[0], "variation_id": ids[1], "quantity": quantity,
        "total": total, "total_tax": tax, "taxes": [{"id": 9, "total": tax, "subtotal": tax}],
        "meta_data": [{"id": 1, "key": "pa_colour", "value": "black", "display_key": "Colour", "display_value": "black"},
                      {"id": 2, "key": "_hidden", "value": "x", "display_key": "_hidden", "display_value": "x"}],
        "sku": "", "price": 1,
    }  # fmt: skip


def order(id_, customer_id, email, status, *lines):
    total = sum((Decimal(i["total"]) + Decimal(i["total_tax"]) for i in lines), Decimal(0))
    return {
        "id": id_, "number": str(id_), "status": status, "currency": "GBP", "customer_id": customer_id,
        "date_created_gmt": "2026-03-01T10:00:00", "total": str(total),
        "date_completed_gmt": "2026-03-04T10:00:00" if status == "completed" else None,
        "billing": {**SHIP, "email": email, "phone": ""}, "shipping": dict(SHIP), "payment_method": "stripe",
        "payment_method_title": "Card", "line_items": list(lines), "shipping_lines": [], "refunds": [],
        "meta_data": [{"id": 5, "key": "_wc_shipment_tracking_items",
                       "value": [{"tracking_provider": "parcel-post", "tracking_number": "PP7"}]}]
        if status == "completed" else [],
    }  # fmt: skip


class FakeWoo:
    """State by path; `trouble` answers instead of the shop when it is set."""

    secret_header = ("authorization", "Basic Y2tfYTpjc19i")

    def __init__(self):
        self.orders = {
            501: order(501, 7, "ada@shop.example", "processing", line(11, "Pan", 1, "20.00", "4.00")),
            502: order(
                502, 7, "ada@shop.example", "completed", line(12, "Lamp", 3, "10.00", "2.00", (30, 301))
            ),
            503: order(503, 8, "ben@shop.example", "processing", line(13, "Pan", 1, "20.00", "4.00")),
            504: order(504, 0, "Gus@Guest.example", "processing", line(14, "Pan", 1, "20.00", "4.00")),
        }
        self.customers = {
            7: {"id": 7, "email": "ada@shop.example", "first_name": "Ada", "last_name": "Young", "billing": {}, "shipping": dict(SHIP)},
            8: {"id": 8, "email": "ben@shop.example", "first_name": "Ben", "last_name": "Fox", "billing": {}, "shipping": dict(SHIP)},
        }  # fmt: skip
        self.refunds = {}
        self.writes, self.reads, self.trouble, self.lose_answers = [], [], None, 0

    def __call__(self, request):
        assert request.headers[self.secret_header[0]] == self.secret_header[1]
        path = request.url.path.removeprefix("/wp-json/wc/v3/")
        if self.trouble is not None and (answer := self.trouble(request)) is not None:
            return answer
        if request.method == "GET":
            self.reads.append(path)
            return self._read(path.split("/"), dict(request.url.params))
        self.writes.append((request.method, path, json.loads(request.content)))
        answer = self._write(path.split("/"), json.loads(request.content))
        if self.lose_answers:
            self.lose_answers -= 1
            raise httpx2.ReadTimeout("lost")
        return answer

    def _read(self, parts, query):
        match parts:
            case ["customers"]:
                return _page([c for c in self.customers.values() if c["email"] == query["email"]])
            case ["customers", id_]:
                return _one(self.customers.get(int(id_)))
            case ["orders"] if "customer" in query:
                return _page([o for o in self.orders.values() if o["customer_id"] == int(query["customer"])])
            case ["orders"]:
                return _page(
                    [o for o in self.orders.values() if query["search"].lower() in json.dumps(o).lower()]
                )
            case ["orders", id_]:
                return _one(self.orders.get(int(id_)))
            case ["orders", id_, "refunds"]:
                return _page(self.refunds.get(int(id_), []))
            case ["products"]:
                return _page([_product()])
            case ["products", "30"]:
                return _one(_product())
            case ["products", "30", "variations"]:
                return _page([_variation(301, "black", "instock"), _variation(302, "red", "outofstock")])
        return _one(None)

    def _write(self, parts, body):
        match parts:
            case ["orders", id_]:
                kept = self.orders[int(id_)]
                marks = body.pop("meta_data", [])
                kept["meta_data"] = [*kept["meta_data"], *marks]
                kept["shipping"] |= body.get("shipping", {})
                kept["status"] = body.get("status", kept["status"])
                return _one(kept)
            case ["customers", id_]:
                self.customers[int(id_)]["shipping"] |= body["shipping"]
                return _one(self.customers[int(id_)])
            case ["orders", id_, "refunds"]:
                return self._refund(int(id_), body)
        return _one(None)

    def _refund(self, id_, body):
        kept = self.orders[id_]
        lines = [
            {
                "id": 90 + n,
                "quantity": -i["quantity"],
                "meta_data": [{"key": "_refunded_item_id", "value": str(i["id"])}],
            }
            for n, i in enumerate(body["line_items"])
        ]
        refund = {"id": 70 + len(kept["refunds"]), "amount": body["amount"], "date_created_gmt": "2026-03-05T10:00:00",
                  "line_items": lines, "meta_data": body["meta_data"]}  # fmt: skip
        self.refunds.setdefault(id_, []).append(refund)
        kept["refunds"].append({"id": refund["id"], "total": f"-{body['amount']}"})
        return _one(refund, 201)


def _product():
    return {"id": 30, "name": "Lamp", "price": "4.00", "categories": [{"id": 1, "name": "Light"}], "attributes": [],
            "variations": [301, 302], "stock_status": "instock", "purchasable": True}  # fmt: skip


def _variation(id_, colour, stock):
    return {"id": id_, "price": "4.00", "stock_status": stock, "purchasable": True,
            "attributes": [{"id": 1, "name": "Colour", "option": colour}]}  # fmt: skip


def _one(found, status=200):
    if found is None:
        return httpx2.Response(
            404,
            json={"code": "woocommerce_rest_invalid_id", "message": "Invalid ID.", "data": {"status": 404}},
        )
    return httpx2.Response(status, json=copy.deepcopy(found))


def _page(found):
    return httpx2.Response(200, json=copy.deepcopy(found), headers={"X-WP-Total": str(len(found))})
