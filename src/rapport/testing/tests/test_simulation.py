"""A simulated customer against messages put together by hand."""

import datetime as dt
import random
from pathlib import Path

import pytest

from rapport.conversations.contracts import MessageInfo, MessageType, Sender
from rapport.testing.personas import load_phrasebook
from rapport.testing.simulation import MAX_MOVES, Click, Goal, SimulatedCustomer, Words

DEMO = Path(__file__).resolve().parents[4] / "demo"
RETURN = Goal("return_items", order_id="#W1", email="ada@example.com", is_change=True)
MENU = [
    {"title": "Return items", "value": "start:return_items"},
    {"title": "Person", "value": "talk_to_person"},
]
ORDERS = [{"title": "#W2 lamp", "value": "#W2"}, {"title": "#W1 pan", "value": "#W1"}]
YES_NO = [{"title": "Yes", "value": "confirm:yes"}, {"title": "No", "value": "confirm:no"}]


@pytest.fixture(scope="module")
def book():
    return load_phrasebook(DEMO / "personas.yaml")


def customer(book, persona, goal=RETURN, seed=5):
    found = next(p for p in book.personas if p.id == persona)
    return SimulatedCustomer(found, book, goal, "en", random.Random(seed))


def message(content_type="text", **attributes):
    at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    who = Sender("assistant", None, "Rapport")
    return MessageInfo(
        1, 1, 1, MessageType.OUTGOING, "…", content_type, attributes, False, who, None, None, at
    )


def test_who_only_clicks_goes_from_the_menu_to_the_confirmation(book):
    ada = customer(book, "clicks_only")
    assert ada.open(message("input_select", items=MENU)) == Click(
        [{"value": "start:return_items"}], "Return items"
    )
    assert ada.respond(message("input_select", slot="order", items=ORDERS)) == Click(
        [{"value": "#W1"}], "#W1 pan"
    )
    done = ada.respond(message("input_select", confirm=["one pan"], items=YES_NO))
    assert done == Click([{"value": "confirm:yes"}], "Yes")
    assert not ada.memory.is_reached
    assert ada.respond(message()) is None
    assert ada.memory.is_reached


def test_who_only_writes_names_the_order_and_the_proof_of_identity(book):
    ada = customer(book, "text_only")
    assert isinstance(ada.open(message("input_select", items=MENU)), Words)
    form = [{"name": "order_number"}, {"name": "email"}]
    assert ada.respond(message("form", slot="identify:order_email", items=form)) == Words(
        "#W1, ada@example.com"
    )
    assert ada.respond(message("input_select", slot="order", items=ORDERS)) == Words("#W1")


def test_a_change_that_was_not_confirmed_is_not_reached(book):
    ada = customer(book, "polite")
    ada.open(None)
    ada.respond(message("input_select", slot="order", items=ORDERS))
    ada.respond(message())
    assert not ada.memory.is_reached


def test_a_question_is_reached_when_an_article_is_cited(book):
    ada = customer(book, "terse", Goal(words="how much is delivery?"))
    assert ada.open(None) == Words("how much is delivery?")
    ada.respond(message(sources=[{"title": "Delivery"}]))
    assert ada.memory.is_reached


@pytest.mark.parametrize(
    "persona", ["confused", "changes_mind", "angry", "chatty", "wants_person", "non_native"]
)
def test_nobody_talks_for_ever(book, persona):
    for seed in range(20):
        ada, asked = customer(book, persona, seed=seed), message("input_select", slot="order", items=ORDERS)
        ada.open(message("input_select", items=MENU))
        moves = [ada.respond(asked) for _ in range(MAX_MOVES + 1)]
        assert moves[-1] is None


def test_the_same_seed_says_the_same(book):
    def talk(seed):
        ada = customer(book, "changes_mind", seed=seed)
        shown = [
            message("input_select", slot="order", items=ORDERS),
            message("input_select", confirm=["x"], items=YES_NO),
        ]
        return [ada.open(None), *(ada.respond(m) for m in shown * 3)]

    assert talk(8) == talk(8)
    assert len({repr(talk(seed)) for seed in range(10)}) > 3
