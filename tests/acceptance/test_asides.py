"""A message that asks for something to be done and asks a question besides: one reply to both."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.acceptance.support.customer import Customer, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import DEMO, System, make_system

from rapport.assistant import api as assistant
from rapport.conversations.jobs import KINDS as CONVERSATION_KINDS
from rapport.desk import jobs as desk
from rapport.jobs import api as jobs
from rapport.knowledge import api as knowledge
from rapport.testing.scripted_engine import DEMO_WORDS, ScriptedEngine

WORDS = {**DEMO_WORDS, "question": ("how much is", "was kostet")}


@pytest.fixture
def system(db: None, shop: RunningShop, tmp_path: Path) -> System:
    for name in ("delivery-costs", "pickup-points"):
        shutil.copy(DEMO / "articles" / "delivery" / f"{name}.yaml", tmp_path)
    knowledge.import_articles(tmp_path)
    made = make_system(shop)
    runner = assistant.TurnRunner(ScriptedEngine(WORDS), knowledge.open_searcher(None))
    kinds = (*assistant.job_kinds(runner), *CONVERSATION_KINDS, *desk.KINDS, *knowledge.job_kinds(None))
    return replace(made, registry=jobs.Registry(kinds), runner=runner)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I want to return something. How much is delivery?"),
        ("en", "How much is delivery? And I want to return something."),
        ("de", "Ich möchte etwas zurückgeben. Was kostet die Lieferung?"),
    ],
)
def test_given_a_known_customer_then_the_question_is_answered_and_the_request_goes_on(
    system: System, shop: RunningShop, language: str, text: str
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"), language=language)
    before = len(customer.replies)
    reply = customer.say(text)
    assert customer.replies[before:] == [reply]
    assert "4" in reply["content"]
    (source,) = reply["content_attributes"]["sources"]
    assert source["link"] == f"/help/{language}/articles/delivery-costs"
    assert reply["content_attributes"]["items"]
    assert reply["content_type"] in {"input_select", "form"}
    (decision,) = system.decisions(customer.id)
    assert decision.chosen == "start:return_items + answer:delivery-costs"


def test_given_nobody_is_signed_in_then_the_question_is_answered_and_identity_asked(system: System) -> None:
    customer = Customer(system)
    reply = customer.say("I want to return something. How much is delivery?")
    assert "€4.90" in reply["content"]
    assert reply["content_attributes"]["sources"][0]["link"] == "/help/en/articles/delivery-costs"
    assert reply["content_type"] == "form"
