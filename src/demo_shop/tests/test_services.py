"""What the shop does beside orders keeps its own rules and says why it refuses."""

from datetime import UTC, datetime, timedelta

import pytest

from .conftest import Shop

ADA, BEN = "ada_miller_1001", "ben_fox_1002"
AT = "2026-05-20T09:00:00Z"


@pytest.fixture
def dated(tmp_path, snapshot_file) -> Shop:
    """The small shop at a moment of the test's choice."""
    from demo_shop.snapshot import load_snapshot

    load_snapshot(tmp_path / "dated.db", snapshot_file)
    return Shop(tmp_path / "dated.db", allow_backdating=True)


def post(shop: Shop, path: str, body: dict, at: str = AT):
    return shop.post(path, body, **{"X-Occurred-At": at})


def put(shop: Shop, path: str, body: dict, at: str = AT):
    return shop.client.put(f"/api/v1{path}", json=body, headers={"X-Occurred-At": at})


def code(answer) -> str:
    return answer.json()["error"]["code"]


def kinds(shop: Shop) -> list[str]:
    return [event["kind"] for event in shop.get("/events").json()]


def execute(shop: Shop, sql: str, *values: object) -> None:
    from demo_shop.database import Database

    with Database(shop.database).writing() as connection:
        connection.execute(sql, values)


def test_an_invoice_exists_once_the_order_is_sent(dated) -> None:
    found = {i["order_id"]: i["is_issued"] for i in dated.get(f"/customers/{ADA}/invoices").json()}
    assert found == {"#W1000001": False, "#W1000002": False, "#W1000003": True, "#W1000004": True}
    assert code(post(dated, "/orders/W1000001/invoice-copies", {})) == "invoice_not_ready"
    sent = post(dated, "/orders/W1000004/invoice-copies", {"customer_id": ADA}).json()
    assert (sent["number"], sent["sent_to"], sent["path"]) == ("F1000004", "ada.miller1001@example.com", "")
    assert code(post(dated, "/orders/W1000005/invoice-copies", {"customer_id": ADA})) == "not_owner"


def test_a_link_shows_the_invoice_for_a_week(shop) -> None:
    link = shop.post("/orders/W1000004/invoice-copies", {"delivery": "link"}).json()
    page = shop.client.get(link["path"])
    assert page.status_code == 200
    assert "F1000004" in page.text
    execute(shop, "UPDATE invoice_copy SET expires_at = '2020-01-01T00:00:00Z'")
    assert shop.client.get(link["path"]).status_code == 404
    assert shop.client.get("/invoices/0123456789").status_code == 404


def test_a_failed_payment_gets_a_link_and_is_paid_on_its_page(shop) -> None:
    assert code(shop.post("/orders/W1000001/payment-links", {})) == "payment_not_due"
    failed = shop.post("/orders/W1000001/payment-attempts", {"state": "failed", "reason": "expired_card"})
    assert failed.json()["display_reason"] == "The card has expired."
    link = shop.post("/orders/W1000001/payment-links", {"customer_id": ADA}).json()
    assert link["amount"] == 50.5
    assert shop.client.get(link["path"]).status_code == 200
    assert shop.client.post(link["path"], follow_redirects=False).status_code == 303
    shop.client.post(link["path"])
    states = shop.get(f"/customers/{ADA}/payment-states", language="cs").json()
    assert [(s["order_id"], s["state"], s["failures"]) for s in states] == [("#W1000001", "succeeded", 1)]
    assert kinds(shop) == ["payment_failed", "payment_link_sent", "payment_succeeded"]
    assert code(shop.post("/orders/W1000001/payment-links", {})) == "payment_not_due"


def test_three_failures_need_an_hour_and_the_order_waits_a_day(dated) -> None:
    for minute in ("00", "10", "20"):
        post(dated, "/orders/W1000001/payment-attempts", {"state": "failed"}, f"2026-05-20T09:{minute}:00Z")
    links = "/orders/W1000001/payment-links"
    assert code(post(dated, links, {}, "2026-05-20T10:00:00Z")) == "too_many_attempts"
    assert post(dated, links, {}, "2026-05-20T10:20:00Z").status_code == 201
    assert code(post(dated, links, {}, "2026-05-21T09:20:01Z")) == "payment_too_late"


def test_warranty_is_claimed_once_for_a_delivered_piece(dated) -> None:
    body = {"customer_id": ADA, "line": 1, "fault": "battery", "description": "Empty after an hour."}
    assert code(post(dated, "/orders/W1000003/warranty-claims", body)) == "order_not_delivered"
    claim = post(dated, "/orders/W1000004/warranty-claims", body).json()
    assert (claim["warranty_claim_id"], claim["ready_by"]) == ("R100001", "2026-06-19T09:00:00Z")
    assert code(post(dated, "/orders/W1000004/warranty-claims", body)) == "warranty_already_claimed"
    assert post(dated, "/orders/W1000004/warranty-claims", {**body, "line": 2}).status_code == 201
    assert code(post(dated, "/orders/W1000004/warranty-claims", {**body, "line": 9})) == "items_not_in_order"
    items = dated.get(f"/customers/{ADA}/warranty-items").json()
    assert [item["state"] for item in items] == ["claimed", "claimed", "covered"]


def test_warranty_lasts_longer_where_the_law_says_so(dated) -> None:
    execute(dated, "UPDATE orders SET delivered_at = '2024-01-31T00:00:00Z' WHERE order_id = '#W1000004'")
    body = {"line": 1, "fault": "noise", "description": "It rattles."}
    assert code(post(dated, "/orders/W1000004/warranty-claims", body)) == "warranty_expired"
    execute(dated, "UPDATE orders SET address = json_set(address, '$.country', 'ES')")
    assert post(dated, "/orders/W1000004/warranty-claims", body).status_code == 201


def test_an_appointment_is_booked_moved_and_fixed(dated) -> None:
    windows = dated.get("/orders/W1000003/delivery-windows", after=AT).json()
    first, second = windows[0]["starts_at"], windows[-1]["starts_at"]
    booked = put(dated, "/orders/W1000003/appointment", {"customer_id": ADA, "starts_at": first}).json()
    assert (booked["starts_at"], booked["state"]) == (first, "booked")
    moved = put(dated, "/orders/W1000003/appointment", {"starts_at": second}).json()
    assert moved["starts_at"] == second
    late = (datetime.fromisoformat(second) - timedelta(hours=23)).astimezone(UTC).isoformat()
    again = put(dated, "/orders/W1000003/appointment", {"starts_at": first}, late)
    assert code(again) == "appointment_too_close"
    assert (
        code(put(dated, "/orders/W1000004/appointment", {"starts_at": first})) == "appointment_not_possible"
    )
    assert code(put(dated, "/orders/W1000001/appointment", {"starts_at": "noon"})) == "window_not_free"
    assert dated.get("/orders/W1000004/delivery-windows", after=AT).json() == []
    assert kinds(dated) == ["appointment_booked", "appointment_moved"]


def test_a_window_holds_so_many_and_no_more(dated) -> None:
    start = dated.get("/orders/W1000001/delivery-windows", after=AT).json()[0]["starts_at"]
    for number in range(5):
        execute(
            dated,
            "INSERT INTO appointment VALUES (?, 'x', 'USA/Leeds', ?, ?, 0, ?)",
            f"#X{number}",
            start,
            start,
            AT,
        )
    assert code(put(dated, "/orders/W1000001/appointment", {"starts_at": start})) == "window_not_free"


def test_whoever_waits_is_told_once_when_a_variant_is_back(dated) -> None:
    path = f"/customers/{ADA}/stock-notices"
    assert code(post(dated, path, {"item_id": "lamp-red"})) == "variant_in_stock"
    assert code(post(dated, path, {"item_id": "nothing"})) == "variant_not_found"
    assert post(dated, path, {"item_id": "lamp-none"}).status_code == 201
    assert code(post(dated, path, {"item_id": "lamp-none"})) == "notice_exists"
    assert post(dated, "/variants/lamp-none/stock", {"pieces": 3}).json()["told"] == 1
    assert post(dated, "/variants/lamp-none/stock", {"pieces": 3}).json()["told"] == 0
    assert kinds(dated) == ["stock_notice_asked", "back_in_stock"]
    assert dated.get(path).json()[0]["notified_at"] == AT


def test_a_notice_ends_after_ninety_days(dated) -> None:
    post(dated, f"/customers/{ADA}/stock-notices", {"item_id": "lamp-none"})
    late = "2026-08-19T09:00:00Z"
    assert post(dated, "/variants/lamp-none/stock", {"pieces": 1}, late).json()["told"] == 0


def test_points_come_thirty_days_after_delivery_and_become_a_card(dated) -> None:
    execute(dated, "UPDATE orders SET delivered_at = '2026-05-01T00:00:00Z' WHERE order_id = '#W1000004'")
    execute(dated, "INSERT INTO points_bonus VALUES ('B1', ?, 270, 'campaign', '2026-04-01T00:00:00Z')", ADA)
    path = f"/customers/{ADA}/redemptions"
    assert code(post(dated, path, {"points": 150})) == "points_not_allowed"
    assert code(post(dated, path, {"points": 300})) == "points_not_enough"
    june = "2026-06-02T00:00:00Z"
    done = post(dated, path, {"points": 300}, june).json()
    assert (done["points_left"], done["amount"]) == (10, 15.0)
    cards = [
        m for m in dated.get(f"/customers/{ADA}").json()["payment_methods"] if m["source"] == "gift_card"
    ]
    assert [card["balance"] for card in cards] == [25.5, 15.0]
    assert code(post(dated, path, {"points": 100}, june)) == "points_not_enough"


def add_subscription(shop: Shop, next_at: str = "2026-06-01T08:00:00Z") -> str:
    execute(
        shop,
        "INSERT INTO subscription VALUES ('S1', ?, 'pan-24', 30, 'active', ?, NULL, '2026-01-01T00:00:00Z')",
        ADA,
        next_at,
    )
    return "/subscriptions/S1"


def test_a_subscription_is_skipped_paused_and_resumed(dated) -> None:
    path = add_subscription(dated)
    assert post(dated, f"{path}/skip", {"customer_id": ADA}).json()["next_at"] == "2026-07-01T08:00:00Z"
    paused = post(dated, f"{path}/pause", {"weeks": 8}).json()
    assert (paused["status"], paused["paused_until"]) == ("paused", "2026-07-15T09:00:00Z")
    assert paused["next_at"] == "2026-07-31T08:00:00Z"
    assert code(post(dated, f"{path}/skip", {})) == "subscription_not_active"
    resumed = post(dated, f"{path}/resume", {}).json()
    assert (resumed["status"], resumed["next_at"]) == ("active", "2026-05-23T09:00:00Z")
    assert code(post(dated, f"{path}/resume", {})) == "subscription_not_paused"
    assert code(post(dated, f"{path}/skip", {"customer_id": BEN})) == "not_owner"
    assert code(post(dated, "/subscriptions/S9/skip", {})) == "subscription_not_found"


def test_a_delivery_that_is_being_packed_stays(dated) -> None:
    path = add_subscription(dated, "2026-05-22T08:00:00Z")
    assert code(post(dated, f"{path}/skip", {})) == "delivery_too_close"
    assert code(post(dated, f"{path}/pause", {"weeks": 2})) == "delivery_too_close"
    assert code(post(dated, f"{path}/pause", {"weeks": 13})) == "invalid_request"


def test_a_new_address_counts_once_it_is_confirmed(dated) -> None:
    path = f"/customers/{ADA}/email-changes"
    refused = {"nonsense": "email_not_valid", "BEN.fox1002@example.com": "email_taken"}
    for email, expected in {**refused, "ada.miller1001@example.com": "email_unchanged"}.items():
        taken = dated.get(f"/customers/{BEN}").json()["email"] if expected == "email_taken" else email
        assert code(post(dated, path, {"email": taken})) == expected
    change = post(dated, path, {"email": "new@example.com"}).json()
    contact = f"/customers/{ADA}/contact-data"
    assert dated.get(contact).json()["email"] == "ada.miller1001@example.com"
    confirm = f"/email-changes/{change['email_change_id']}/confirm"
    assert code(post(dated, confirm, {}, "2026-05-21T09:00:01Z")) == "email_change_not_found"
    assert post(dated, confirm, {}).json()["email"] == "new@example.com"
    assert code(post(dated, confirm, {})) == "email_change_not_found"
    assert dated.get("/customers", email="NEW@example.com").json()[0]["customer_id"] == ADA


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+44 7700 900123", "+447700900123"),
        ("0044 (0)7700 900123", "+447700900123"),
        ("7700 900 123", "+17700900123"),
        ("call me", None),
        ("12345", None),
    ],
)
def test_a_telephone_number_is_brought_into_one_form(dated, text, number) -> None:
    answer = put(dated, f"/customers/{ADA}/phone", {"phone": text})
    if number is None:
        assert code(answer) == "phone_not_valid"
    else:
        assert answer.json()["phone"] == number


def test_the_newsletter_begins_and_stops(dated) -> None:
    path = f"/customers/{ADA}/newsletter"
    assert put(dated, path, {"is_subscribed": True}).json()["is_subscribed"] is True
    assert put(dated, path, {"is_subscribed": False}).json()["is_subscribed"] is False


def test_nothing_is_deleted_while_an_order_is_under_way(dated) -> None:
    asked = {"kind": "erasure"}
    assert code(post(dated, f"/customers/{ADA}/data-requests", asked)) == "orders_under_way"
    received = post(dated, f"/customers/{BEN}/data-requests", asked).json()
    assert (received["data_request_id"], received["due_at"]) == ("G100001", "2026-06-19T09:00:00Z")
    assert code(post(dated, f"/customers/{BEN}/data-requests", asked)) == "data_request_open"
    assert post(dated, f"/customers/{ADA}/data-requests", {"kind": "export"}).status_code == 201


def test_a_call_is_planned_one_at_a_time(dated) -> None:
    window = dated.get("/callback-windows", after=AT).json()[0]["starts_at"]
    body = {"phone": "+44 7700 900123", "starts_at": window, "topic": "the lamp"}
    assert (
        code(post(dated, f"/customers/{ADA}/callbacks", {**body, "starts_at": "soon"})) == "window_not_free"
    )
    call = post(dated, f"/customers/{ADA}/callbacks", body).json()
    assert (call["phone"], call["starts_at"]) == ("+447700900123", window)
    assert code(post(dated, f"/customers/{ADA}/callbacks", body)) == "callback_planned"


def test_a_report_becomes_a_case_and_names_own_orders_only(dated) -> None:
    body = {"topic": "website", "description": "The basket is empty."}
    report = post(dated, f"/customers/{ADA}/problem-reports", body).json()
    assert (report["report_id"], report["answer_by"]) == ("P100001", "2026-06-03T09:00:00Z")
    theirs = post(dated, f"/customers/{ADA}/problem-reports", {**body, "order_id": "W1000005"})
    assert code(theirs) == "not_owner"
    assert len(dated.get(f"/customers/{ADA}/problem-reports").json()) == 1


def test_products_are_searched_by_option_and_price(shop) -> None:
    def names(**query: str) -> list[str]:
        return [p["product_id"] for p in shop.get("/products", **query).json()]

    assert names(option="blue") == ["lamp"]
    assert names(option="black") == []
    assert names(max_price="15") == ["lamp"]
    assert names(max_price="100", query="pan") == ["pan"]
    assert code(shop.get("/products", max_price="cheap")) == "invalid_request"
    assert shop.get("/categories").json() == []


def test_what_is_there_beside_orders_comes_out_as_it_went_in(dated, tmp_path) -> None:
    import json

    from demo_shop.snapshot import dump_snapshot, load_snapshot

    add_subscription(dated)
    post(dated, f"/customers/{ADA}/stock-notices", {"item_id": "lamp-none"})
    before = dated.dump()
    assert set(before["services"]) == {"subscription", "stock_notice"}
    path = tmp_path / "again.json"
    path.write_text(json.dumps(before), encoding="utf-8")
    load_snapshot(tmp_path / "again.db", path)
    assert dump_snapshot(tmp_path / "again.db") == before


def test_a_write_with_a_key_happens_once(dated) -> None:
    path, body = f"/customers/{ADA}/problem-reports", {"topic": "other", "description": "Something."}
    first = dated.post(path, body, **{"Idempotency-Key": "r-1"})
    assert dated.post(path, body, **{"Idempotency-Key": "r-1"}).text == first.text
    assert dated.get("/operations/r-1").json()["response"]["report_id"] == "P100001"
    assert len(dated.get(path).json()) == 1


def test_a_generated_shop_has_some_of_everything(generated) -> None:
    from demo_shop.database import Database

    counts = {}
    with Database(generated).reading() as connection:
        for table in (
            "subscription",
            "payment_attempt",
            "warranty_claim",
            "appointment",
            "stock_notice",
            "newsletter",
        ):
            counts[table] = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        showcase = connection.execute("SELECT COUNT(*) FROM points_bonus").fetchone()[0]
    assert all(count > 4 for count in counts.values()), counts
    assert showcase == 6
