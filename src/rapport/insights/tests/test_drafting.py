"""What a draft holds, by what the conversations have in common."""

from __future__ import annotations

import pytest
import yaml

from rapport.insights import wording
from rapport.insights.contracts import ActionUse, Evidence
from rapport.insights.logic.definition_text import write_definition
from rapport.insights.logic.drafting import House, Wish, compose, name_of
from rapport.procedures import api as procedures

TEXTS = {name: wording.text(name) for name in ("confirm", "done", "person")}
SHOP = House(
    types=("shop.order", "shop.order_item", "shop.payment_method"),
    actions={
        "shop.wrap": ("order_id", "item_ids", "is_gift", "note"),
        "shop.refund": ("order_id", "payment_method_id"),
    },
    personal_actions=("shop.wrap", "shop.refund"),
    kinds=wording.kinds(),
    texts=TEXTS,
)
BARE = House((), {}, (), wording.kinds(), TEXTS)


def _wish(**fields):
    return Wish("wrap", {"de": "Geschenk einpacken", "en": "Gift wrap"}, Evidence(10, **fields))


def _check(document, house=SHOP):
    source = write_definition(document, ["head"], {("title",): "note"})
    assert yaml.safe_load(source) == document
    actions = [*house.actions]
    assert procedures.check_definition(source, actions=actions, types=tuple(house.types)) == ()
    return document


def test_an_action_that_most_colleagues_carried_out_is_done_after_a_yes():
    use = ActionUse("shop.wrap", 8, ("order_id", "item_ids", "is_gift", "note"), {"is_gift": True})
    document = _check(compose(_wish(actions=(use,), facts=(("order", 9),)), SHOP).document)
    assert list(document["slots"]) == ["order", "items", "reason"]
    assert document["do"] == [
        {
            "action": "shop.wrap",
            "with": {
                "order_id": "order.id",
                "item_ids": "items.map(i, i.id)",
                "is_gift": "true",
                "note": "reason",
            },
        }
    ]
    assert document["confirm"]["question"]["cs"] == "Mám to provést?"
    assert document["identify"] == "verified_customer"


def test_an_argument_that_nothing_known_gives_is_asked_for_as_a_record_where_there_is_one():
    use = ActionUse("shop.refund", 10, ("order_id", "payment_method_id"), {})
    document = _check(compose(_wish(actions=(use,)), SHOP).document)
    assert document["slots"]["payment_method"]["type"] == "shop.payment_method"
    assert document["do"][0]["with"]["payment_method_id"] == "payment_method.id"


def test_what_is_asked_for_an_argument_follows_the_values_it_had():
    use = ActionUse("shop.wrap", 10, ("is_gift", "note"), {}, {"is_gift": "yes_no"})
    document = _check(compose(_wish(actions=(use,)), SHOP).document)
    assert document["slots"]["is_gift"]["type"] == "yes_no"


def test_an_action_of_a_minority_is_not_taken_over_and_one_that_is_gone_is_named():
    rare = ActionUse("shop.wrap", 4, ("order_id",), {})
    gone = ActionUse("crm.note", 9, ("text",), {})
    found = compose(_wish(actions=(gone, rare)), SHOP)
    assert found.dropped == ("crm.note",)
    assert "person" in found.document["do"][0]


def test_without_actions_a_person_of_the_right_team_gets_everything_collected():
    wish = Wish("wrap", {"en": "Gift wrap"}, Evidence(10, facts=(("order", 5), ("date", 4))), team="care")
    document = _check(compose(wish, SHOP).document)
    assert list(document["slots"]) == ["order"]
    assert document["do"] == [{"person": {"say": TEXTS["person"], "team": "care"}}]
    assert "done" not in document


def test_a_reply_that_promises_something_is_not_said_where_nothing_is_done():
    """Colleagues wrote "it is on its way" because they had sent it; the draft does not send anything."""
    answers = {"en": ("It is on its way.", 8)}
    wish = Wish("send", {"en": "Send"}, Evidence(10, facts=(("order", 9),)), answers)
    found = compose(wish, SHOP)
    assert "done" not in found.document
    assert [part.what for part in found.parts] == ["slot", "suggestion", "person"]


def test_a_reply_to_a_plain_question_is_the_whole_procedure_and_holds_no_braces():
    wish = Wish("hours", {"cs": "Otevírací doba"}, Evidence(6), {"cs": ("Máme {stále} otevřeno.", 6)})
    document = _check(compose(wish, BARE).document, BARE)
    assert document["title"] == {"en": "Otevírací doba", "cs": "Otevírací doba"}
    assert document["done"]["cs"] == "Máme (stále) otevřeno."
    assert document["identify"] == "none"


def test_without_a_shop_an_order_is_a_text():
    document = _check(compose(_wish(facts=(("order", 9), ("items", 9))), BARE).document, BARE)
    assert {name: slot["type"] for name, slot in document["slots"].items()} == {
        "order": "text",
        "items": "text",
    }


@pytest.mark.parametrize(
    ("title", "name"),
    [("Gift wrap!", "gift_wrap"), ("礼品包装", "new_request"), ("24 hours", "new_request"), ("Čas", "cas")],
)
def test_names_are_plain(title, name):
    assert name_of(title, ()) == name


def test_a_taken_name_gets_a_number():
    assert name_of("Gift wrap", {"gift_wrap", "gift_wrap_2"}) == "gift_wrap_3"
