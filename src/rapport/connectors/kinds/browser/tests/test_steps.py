"""Robotic steps as they are written: what is refused, with its place."""

from __future__ import annotations

import pytest

from rapport.connectors.contracts import ActionEffect
from rapport.connectors.declared import declared_actions
from rapport.connectors.kinds.browser.steps import Step, read_routines, read_sign_in
from rapport.connectors.kinds.browser.system import compose
from rapport.connectors.kinds.browser.walking import address_of
from rapport.kernel.errors import InvalidInput

ACTIONS = """
book_return:
  title: Book a return
  find: find_return
  found: number
  steps:
    - open: "/returns/new?order={order_id}"
    - fill: {label: Order, with: "{order_id}"}
    - choose: {label: Reason, option: "{reason}"}
    - refuse_if: {text: already returned, code: already_returned}
    - click: {button: Book}
      commits: true
      dialog: accept
    - expect: {text: Thank you}
    - read: {css: "#number", into: number}
find_return:
  effect: read
  owner: customer_number
  steps:
    - open: "/returns?order={order_id}"
    - read: {css: "#number", into: number}
    - read: {field: customer, into: customer_number}
"""
GIVEN = {"base_url": "https://erp.example/app", "user": "robot"}


def test_steps_are_read():
    routine = read_routines(
        ACTIONS.replace("find: find_return\n  found: number", "personal: false"), can_sign_in=True
    )["book_return"]
    assert (routine.effect, routine.is_personal, routine.signs_in) == (ActionEffect.WRITE, False, True)
    assert (routine.arguments, routine.results) == (("order_id", "reason"), ("number",))
    assert routine.steps[4] == Step("click", "button", "Book", commits=True, accepts_dialog=True)
    assert routine.steps[1].words == "fill label 'Order'"


def test_a_change_is_declared_with_approval_and_what_finds_it():
    text = ACTIONS.replace(
        '"/returns/new?order={order_id}"', '"/returns/new?order={order_id}&for={customer}"'
    )
    settings = compose("erp", {**GIVEN, "actions": text})
    actions = declared_actions(settings)
    book, find = actions["erp.book_return"], actions["erp.find_return"]
    assert (book.needs_approval, book.find, book.found, book.arguments) == (
        True, "erp.find_return", "number", ("order_id", "reason"),
    )  # fmt: skip
    assert (find.needs_approval, find.owner, find.effect) == (False, "customer_number", ActionEffect.READ)
    assert book.as_action().needs_approval
    assert settings["timeout_s"] == 30
    free = declared_actions(compose("erp", {**GIVEN, "actions": text, "approval": "never"}))
    assert not free["erp.book_return"].needs_approval


def test_a_personal_change_must_keep_to_the_customer():
    with pytest.raises(InvalidInput, match="own records"):
        compose("erp", {**GIVEN, "actions": ACTIONS})
    guarded = ACTIONS.replace("find: find_return", "find: find_return\n  guard: find_return")
    assert (
        declared_actions(compose("erp", {**GIVEN, "actions": guarded}))["erp.book_return"].guard
        == "erp.find_return"
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("commits: true", "commits: false", "book_return.steps"),
        ("- expect: {text: Thank you}", "- expect: {text: Thank you}\n      commits: true", "only click or press"),
        ('{css: "#number", into: number}\n    - read: {field', "{css: '#{order_id}', into: number}\n    - read: {field",
         "could become another selector"),
        ("{button: Book}", "{button: Book, label: Book}", "book_return.steps[4].click"),
        ("{button: Book}", "{}", "book_return.steps[4].click"),
        ("{button: Book}", "{key: Enter}", "book_return.steps[4].click"),
        ('{label: Order, with: "{order_id}"}', "{label: Order}", "book_return.steps[1].fill"),
        ('with: "{order_id}"', 'with: "{secret}"', "only for signing in"),
        ("into: number}\n    - read", "into: Number}\n    - read", "`into`"),
        ("into: number}\n    - read", "into: file}\n    - read", "`file`"),
        ('"/returns/new?order={order_id}"', '"//evil.example/"', "book_return.steps[0]"),
        ('"/returns/new?order={order_id}"', '"https://{order_id}/x"', "book_return.steps[0]"),
        ('"/returns/new?order={order_id}"', '"file:///etc/passwd"', "book_return.steps[0]"),
        ("- expect: {text: Thank you}", "- run: rm", "one of open"),
        ("effect: read", "effect: delete", "find_return.effect"),
        ("  effect: read\n", "  effect: read\n  colour: red\n", "find_return"),
        ("field: customer", "field: 'a\"]'", "the name of a field"),
        ("code: already_returned", "code: 'Already!'", "`code`"),
        ("dialog: accept", "dialog: maybe", "`dialog`"),
        ("dialog: accept", "frame: 'x\"]'", "frame"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(old, new, place):
    assert old in ACTIONS
    with pytest.raises(InvalidInput) as refusal:
        read_routines(ACTIONS.replace(old, new, 1), can_sign_in=False)
    assert place in str(refusal.value)


def test_keys_are_pressed_with_and_without_a_field():
    text = "go: {effect: read, personal: false, steps: [{press: Enter}, {press: {key: Tab, label: Order}}]}"
    steps = read_routines(text, can_sign_in=False)["go"].steps
    assert steps == (Step("press", value="Enter"), Step("press", "label", "Order", "Tab"))
    with pytest.raises(InvalidInput):
        read_routines(text.replace("Tab", "Control+O"), can_sign_in=False)


@pytest.mark.parametrize(
    "text",
    [
        "- fill: {label: Name, with: '{order_id}'}",
        "- open: '/login?p={secret}'",
        "- click: {button: In}\n  commits: true",
        "- read: {css: b, into: name}",
        "{",
        "x",
    ],
)
def test_signing_in_is_bounded(text):
    with pytest.raises(InvalidInput):
        read_sign_in(text)


def test_no_sign_in_is_fine():
    assert read_sign_in(" ") == ()
    assert read_sign_in("- fill: {label: Password, with: '{secret}'}")[0].value == "{secret}"


@pytest.mark.parametrize(
    "change",
    [
        {"base_url": "ftp://x"},
        {"base_url": "https://user:pass@erp.example"},
        {"hosts": "https://a.example"},
        {"timeout_s": "600"},
        {"timeout_s": "x"},
        {"approval": "sometimes"},
        {"actions": "x"},
    ],
)
def test_what_cannot_work_is_refused_when_entered(change):
    text = ACTIONS.replace("find: find_return\n  found: number", "personal: false")
    with pytest.raises(InvalidInput):
        compose("erp", {**GIVEN, "actions": text, **change})


@pytest.mark.parametrize(
    ("order", "address"),
    [
        ("#W1", "/orders/%23W1?x=1"),
        ("../admin", "/orders/..%2Fadmin?x=1"),
        ("a?b=c&d", "/orders/a%3Fb%3Dc%26d?x=1"),
        ("..", "/orders/-?x=1"),
        (5.0, "/orders/5?x=1"),
        (None, "/orders/-?x=1"),
    ],
)
def test_a_value_never_becomes_another_part_of_an_address(order, address):
    assert address_of("/orders/{order_id}?x=1", {"order_id": order}) == address
