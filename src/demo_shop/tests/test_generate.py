"""The generated shop is complete, consistent and repeatable."""

import json
from datetime import UTC, date, datetime

import pytest

from demo_shop.catalogue import build_catalogue
from demo_shop.database import Database
from demo_shop.generate import generate
from demo_shop.rules import AFTER_DELIVERY
from demo_shop.snapshot import dump_snapshot
from demo_shop.vocabulary import LANGUAGES, load_data, words_of


@pytest.fixture(scope="module")
def rows(generated):
    def fetch(sql: str) -> list[tuple]:
        with Database(generated).reading() as connection:
            return [tuple(row) for row in connection.execute(sql)]

    return fetch


def test_sizes(rows) -> None:
    assert rows("SELECT (SELECT COUNT(*) FROM customer), (SELECT COUNT(*) FROM orders)") == [(500, 2000)]
    assert rows("SELECT COUNT(*) FROM product")[0][0] >= 40
    assert rows("SELECT COUNT(DISTINCT email_key), COUNT(DISTINCT phone) FROM customer") == [(500, 500)]
    countries = rows("SELECT json_extract(address, '$.country'), language FROM customer GROUP BY 1, 2")
    assert sorted(countries) == [
        ("CN", "zh"), ("CZ", "cs"), ("DE", "de"), ("ES", "es"), ("GB", "en"), ("RU", "ru"),
    ]  # fmt: skip
    assert rows("SELECT COUNT(*) FROM customer WHERE email NOT LIKE '%@example.com'") == [(0,)]


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 5, 20), date(2027, 2, 28)])
def test_every_status_is_present_on_any_day(tmp_path, day) -> None:
    generate(tmp_path / "shop.db", seed=day.month, today=day)
    with Database(tmp_path / "shop.db").reading() as connection:
        found = {row["status"] for row in connection.execute("SELECT DISTINCT status FROM orders")}
    assert found == set(words_of("statuses"))


def test_money_adds_up(rows) -> None:
    """What was paid and not refunded equals the items less those returned; cancelled orders hold nothing."""
    sums = rows(
        "SELECT status, (SELECT SUM(price_cents) FROM order_item i WHERE i.order_id = o.order_id),"
        " (SELECT SUM(CASE transaction_type WHEN 'payment' THEN amount_cents ELSE -amount_cents END)"
        "  FROM payment p WHERE p.order_id = o.order_id), order_id, return_items FROM orders o"
    )
    prices = dict(rows("SELECT item_id, price_cents FROM variant"))
    for status, items, net, order_id, return_items in sums:
        expected = items
        if status == "cancelled":
            expected = 0
        elif status == "refunded":
            expected = items - sum(prices[item] for item in json.loads(return_items))
        assert net == expected, order_id
    assert rows("SELECT COUNT(*) FROM payment_method WHERE balance_cents < 0") == [(0,)]


def test_nothing_happens_in_the_future_and_everything_in_order(rows) -> None:
    now = datetime(2026, 5, 20, 8, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for table, column in (
        ("event", "at"),
        ("carrier_event", "at"),
        ("payment", "at"),
        ("orders", "placed_at"),
    ):
        assert rows(f"SELECT COUNT(*) FROM {table} WHERE {column} > '{now}'") == [(0,)]
    assert rows("SELECT COUNT(*) FROM event a JOIN event b ON b.id = a.id + 1 WHERE b.at < a.at") == [(0,)]
    assert rows("SELECT COUNT(*) FROM orders WHERE delivered_at < placed_at") == [(0,)]


def test_status_and_parcel_agree(rows) -> None:
    marks = ", ".join(f"'{status}'" for status in AFTER_DELIVERY)
    wrong = rows(f"SELECT order_id FROM orders WHERE (delivered_at IS NOT NULL) <> (status IN ({marks}))")
    assert wrong == []
    late = "SELECT COUNT(DISTINCT order_id) FROM carrier_event WHERE code = 'delayed'"
    assert 50 < rows(late)[0][0] < 400


def test_showcase_customers_have_every_situation(generated, rows) -> None:
    (text,) = rows("SELECT value FROM meta WHERE key = 'showcase'")[0]
    for customer_id in json.loads(text):
        found = {row[0] for row in rows(f"SELECT status FROM orders WHERE customer_id = '{customer_id}'")}
        assert found >= {
            "pending",
            "processed",
            "shipped",
            "delivered",
            "cancelled",
            "return requested",
            "refunded",
        }
    assert len(json.loads(text)) == 6


def test_same_seed_and_day_give_the_same_shop(tmp_path, generated) -> None:
    generate(tmp_path / "again.db", seed=7, today=date(2026, 5, 20))
    assert dump_snapshot(tmp_path / "again.db") == dump_snapshot(generated)


def test_every_name_and_option_is_said_in_every_language() -> None:
    """Numbers, sizes and proper names may stay; words may not."""
    import random

    spoken = set(words_of("values"))
    for product in build_catalogue(random.Random(1)):
        assert set(product.names) == set(LANGUAGES)
        for variant in product.variants:
            for name, value in variant.options.items():
                assert name in words_of("options")
                is_measure = any(c.isdigit() for c in value)
                assert value in spoken or is_measure or not value.islower(), value
    for forms in load_data("vocabulary").values():
        assert all(len(words) == len(LANGUAGES) and all(words) for words in forms.values())


def test_every_product_has_a_picture() -> None:
    drawn = set(load_data("pictures"))
    assert {product["picture"] for product in load_data("catalogue")["products"]} <= drawn
