"""What is found in customers' messages of six languages, and what is left alone."""

from __future__ import annotations

import itertools

import pytest

from rapport.governance.personal_data.finding import find_personal_data
from rapport.governance.personal_data.redacting import REDACTED


def found(text):
    return {(s.kind.value, s.value) for s in find_personal_data(text) if s.kind in REDACTED}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Oluwaseun Adeyemi, order #W4478121.", {("person", "Oluwaseun Adeyemi")}),
        ("My SSN is 536-22-8726", {("national_id", "536-22-8726")}),
        ("routing number 021000021 please", {("bank_account", "021000021")}),
        ("Call me on +44 7700 900123.", {("phone", "+44 7700 900123")}),
        ("my phone is 777123456 by the way", {("phone", "777123456")}),
        ("phone: 0301 23456 Thanks", {("phone", "0301 23456")}),
        ("My password is hunter22!", {("secret", "hunter22")}),
        ("The code from the SMS: one-time code 482910", {("secret", "482910")}),
        ("Authorization: Bearer abcDEF123456ghi", {("secret", "abcDEF123456ghi")}),
        ("I was born on 12 March 1984.", {("birth_date", "12 March 1984")}),
        ("from 192.168.10.14 and 00:1A:2B:3C:4D:5E", {("ip", "192.168.10.14"), ("mac", "00:1A:2B:3C:4D:5E")}),
        ("fe80::1ff:fe23:4567:890a", {("ip", "fe80::1ff:fe23:4567:890a")}),
        ("my driver's license number is D1234-56789-01", {("driver_licence", "D1234-56789-01")}),
        ("My passport number is X4571983", {("passport", "X4571983")}),
        ("Jmenuji se Květoslava Hrdličková.", {("person", "Květoslava Hrdličková")}),
        ("rodné číslo 780123/3540", {("national_id", "780123/3540")}),
        ("mein Name ist Wolfhard Steinbrecher", {("person", "Wolfhard Steinbrecher")}),
        ("meine Steuer-ID 86095742719", {("national_id", "86095742719")}),
        ("me llamo Itziar Goñi y mi DNI es 12345678Z", {("person", "Itziar Goñi"), ("national_id", "12345678Z")}),
        ("меня зовут Аделаида Крестовникова", {("person", "Аделаида Крестовникова")}),
        ("Мой ИНН 500100732259, СНИЛС 112-233-445 95", {("national_id", "500100732259"), ("national_id", "112-233-445 95")}),
        ("我叫欧阳振华，电话13912345678。", {("person", "欧阳振华"), ("phone", "13912345678")}),
        ("身份证号是11010519491231002X", {("national_id", "11010519491231002X")}),
        (
            "请寄到上海市浦东新区世纪大道1168号5楼。",
            {("address", "上海市浦东新区世纪大道1168号5楼")},
        ),
    ],
)  # fmt: skip
def test_found_exactly(text, expected):
    assert found(text) == expected


def test_an_address_over_lines():
    text = "Please send it to:\n118 Whittier Ave, Apt 4B\nDayton, OH 45402"
    assert found(text) == {("address", "118 Whittier Ave, Apt 4B\nDayton, OH 45402")}


@pytest.mark.parametrize(
    "text",
    [
        "The Philips Hue bulbs keep disconnecting. Order #W1234567, paid $129.99.",
        "tracking 1Z999AA10123456784, SKU 8472639105, order 100200300",
        "Where is the nearest store? Do you open on Sunday? I need a Model X charger, size M.",
        "Can I pay by PayPal, Apple Pay or Visa? The total is 1,299.00 EUR.",
        "Please cancel my order and send a new invoice by e-mail.",
        "Kdy dorazí objednávka 100200300? Platil jsem kartou Visa 1 299 Kč.",
        "Máte kávovar DeLonghi Magnifica S skladem? Kolik stojí doprava?",
        "Kann ich mit Lastschrift bezahlen? Die Rechnung stimmt nicht.",
        "Die Sendungsnummer lautet 00340434161094042557.",
        "¿Puedo devolver los zapatos de la talla 42? El pedido W7788990 no llega.",
        "Можно ли оплатить заказ через СБП? Наушники Sony за 7 990 руб.",
        "我的飞利浦电动牙刷坏了，能换一个新的吗？订单号202311050087。",
        "送餐特别快，态度好，辛苦啦，谢谢！",
        "GET /api/v1/orders/100200300 200 12ms",
        "job 4711 of kind send_mail done in 0.482 s, attempt 1 of 5",
        "",
        "a",
        "👍👍👍",
    ],
)
def test_ordinary_messages_are_left_alone(text):
    assert found(text) == set()


def test_spans_are_in_order_apart_and_true_to_the_text():
    text = "Jane Doe, jane@example.com, +1 212 555 0147, 4111 1111 1111 1111"
    spans = find_personal_data(text)
    assert [text[s.start : s.end] for s in spans] == [s.value for s in spans]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
