"""A small Shopify in memory: the calls Rapport makes, answered in the shape the REST Admin API documents."""

from __future__ import annotations

import copy
import json
from decimal import Decimal

import httpx2

SHIP = {"first_name": "Ada", "last_name": "Young", "address1": "5 Mill Lane", "address2": "", "city": "York",
        "province": "", "province_code": None, "zip": "YO1 7", "country": "United Kingdom", "country_code": "GB"}  # fmt: skip


def line(id_, title, quantity, price, product_id=31, variant_id=311):
    return {"id": id_, "title": title, "variant_title": "black", "quantity": quantity, "price": price, "sku": "",
            "product_id": product_id, "variant_id": variant_id, "discount_allocations": []}  # fmt: skip


def order(id_, number, customer, *lines, delivered=False):
    total = sum((Decimal(i["price"]) * i["quantity"] for i in lines), Decimal(0))
    sent = {"id": 1, "status": "success", "shipment_status": "delivered", "tracking_company": "Parcel Post",
            "tracking_numbers": ["PP7"], "updated_at": "2026-03-04T10:00:00+00:00"}  # fmt: skip
    return {
        "id": id_, "name": f"#{number}", "order_number": number, "currency": "GBP", "total_price": str(total),
        "current_total_price": str(total), "created_at": "2026-03-01T10:00:00+00:00", "cancelled_at": None,
        "financial_status": "paid", "fulfillment_status": "fulfilled" if delivered else None,
        "fulfillments": [sent] if delivered else [], "line_items": list(lines), "shipping_address": dict(SHIP),
        "customer": {"id": customer}, "payment_gateway_names": ["shopify_payments"], "refunds": [],
        "note_attributes": [{"name": "gift", "value": "yes"}],
    }  # fmt: skip


class FakeShopify:
    """State by path; `trouble` answers instead of the shop when it is set."""

    secret_header = ("x-shopify-access-token", "shpat_b")

    def __init__(self):
        self.orders = {
            9501: order(9501, 501, 7, line(11, "Pan", 1, "24.00")),
            9502: order(9502, 502, 7, line(12, "Lamp", 3, "4.00", 30, 301), delivered=True),
            9503: order(9503, 503, 8, line(13, "Pan", 1, "24.00")),
        }
        self.customers = {
            id_: {"id": id_, "email": email, "first_name": name, "last_name": last, "default_address": {**SHIP, "id": id_ * 10}}
            for id_, email, name, last in ((7, "ada@shop.example", "Ada", "Young"), (8, "ben@shop.example", "Ben", "Fox"))
        }  # fmt: skip
        self.writes, self.reads, self.trouble, self.lose_answers = [], [], None, 0
        self.bucket = "1/40"

    def __call__(self, request):
        assert request.headers[self.secret_header[0]] == self.secret_header[1]
        path = request.url.path.removeprefix("/admin/api/2025-01/").removesuffix(".json")
        if self.trouble is not None and (answer := self.trouble(request)) is not None:
            return answer
        if request.method == "GET":
            self.reads.append(path)
            return self._read(path.split("/"), dict(request.url.params))
        body = json.loads(request.content)
        if path.endswith("calculate"):
            return self._answer({"refund": {"transactions": self._suggest(path, body["refund"])}})
        self.writes.append((request.method, path, body))
        answer = self._write(path.split("/"), body)
        if self.lose_answers:
            self.lose_answers -= 1
            raise httpx2.ReadTimeout("lost")
        return answer

    def _read(self, parts, query):
        match parts:
            case ["customers", "search"]:
                wanted = query["query"].removeprefix('email:"').removesuffix('"')
                return self._answer(
                    {"customers": [c for c in self.customers.values() if wanted in c["email"]]}
                )
            case ["customers", id_]:
                return self._answer({"customer": self.customers.get(int(id_))})
            case ["orders"] if "customer_id" in query:
                mine = [o for o in self.orders.values() if o["customer"]["id"] == int(query["customer_id"])]
                return self._answer({"orders": mine})
            case ["orders"]:
                return self._answer(
                    {"orders": [o for o in self.orders.values() if query["name"] in o["name"]]}
                )
            case ["products"]:
                return self._answer({"products": [_product()]})
            case ["products", "30"]:
                return self._answer({"product": _product()})
        return httpx2.Response(404, json={"errors": "Not Found"})

    def _answer(self, body, status=200):
        if None in body.values():
            return httpx2.Response(404, json={"errors": "Not Found"})
        headers = {"X-Shopify-Shop-Api-Call-Limit": self.bucket}
        return httpx2.Response(status, json=copy.deepcopy(body), headers=headers)

    def _suggest(self, path, refund):
        kept = self.orders[int(path.split("/")[1])]
        price = {i["id"]: Decimal(i["price"]) for i in kept["line_items"]}
        total = sum(
            (price[i["line_item_id"]] * i["quantity"] for i in refund["refund_line_items"]), Decimal(0)
        )
        if not total:
            return []
        return [
            {
                "kind": "suggested_refund",
                "gateway": "shopify_payments",
                "parent_id": 66,
                "amount": f"{total:.2f}",
            }
        ]

    def _write(self, parts, body):
        match parts:
            case ["orders", id_]:
                kept = self.orders[int(id_)]
                new = body["order"]["shipping_address"]
                kept["shipping_address"] |= new
                kept["note_attributes"] = body["order"]["note_attributes"]
                return self._answer({"order": kept})
            case ["orders", id_, "cancel"]:
                self.orders[int(id_)]["cancelled_at"] = "2026-03-02T10:00:00+00:00"
                return self._answer({"order": self.orders[int(id_)]})
            case ["customers", id_, "addresses", _]:
                self.customers[int(id_)]["default_address"] |= body["address"]
                return self._answer({"customer_address": body["address"]})
            case ["orders", id_, "refunds"]:
                given = body["refund"]
                paid = [{**t, "status": "success"} for t in given["transactions"]]
                refund = {"id": 70, "note": given["note"], "created_at": "2026-03-05T10:00:00+00:00",
                          "processed_at": "2026-03-05T10:00:00+00:00", "transactions": paid,
                          "refund_line_items": given["refund_line_items"]}  # fmt: skip
                self.orders[int(id_)]["refunds"].append(refund)
                return self._answer({"refund": refund}, 201)
        return self._answer({"x": None})


def _product():
    variants = [
        {"id": id_, "price": "4.00", "option1": colour, "option2": None, "option3": None,
         "inventory_management": "shopify", "inventory_policy": "deny", "inventory_quantity": held}
        for id_, colour, held in ((301, "black", 3), (302, "red", 0))
    ]  # fmt: skip
    return {
        "id": 30,
        "title": "Lamp",
        "product_type": "Light",
        "options": [{"name": "Colour"}],
        "variants": variants,
    }
