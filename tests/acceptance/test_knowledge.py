"""Questions answered from the help centre, with their source."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.acceptance.support.customer import Customer, is_confirmation, items, options, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import DEMO, System, make_system

from rapport.kernel.languages import LANGUAGES
from rapport.knowledge import api as knowledge


@pytest.fixture
def system(db: None, shop: RunningShop, tmp_path: Path) -> System:
    for name in ("delivery-costs", "pickup-points"):
        shutil.copy(DEMO / "articles" / "delivery" / f"{name}.yaml", tmp_path)
    knowledge.import_articles(tmp_path)
    return make_system(shop, knowledge.open_searcher(None))


QUESTION = {
    "en": "How much is delivery?",
    "cs": "Kolik stojí doprava?",
    "de": "Was kostet die Lieferung?",
    "es": "¿Cuánto cuesta el envío?",
    "ru": "Сколько стоит доставка?",
    "zh": "运费是多少？",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_question_an_article_answers_then_it_is_answered_with_its_source(
    system: System, language: str
) -> None:
    customer = Customer(system, language=language)
    reply = customer.say(QUESTION[language])
    (source,) = reply["content_attributes"]["sources"]
    assert source["link"] == f"/help/{language}/articles/delivery-costs"
    assert source["title"] in reply["content"]
    assert (reply["content_type"], reply["content_attributes"]["items"]) == ("article", [source])
    assert "4" in reply["content"]
    assert customer.http.get(source["link"]).status_code == 200
    (decision,) = system.decisions(customer.id)
    assert decision.chosen == "answer:delivery-costs"
    assert next(e["ref"] for e in decision.evidence if e["kind"] == "passage") == source["link"]


def test_given_a_procedure_under_way_when_a_question_comes_then_it_is_answered_and_the_procedure_goes_on(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="delivered", lacking="pending")
    customer = signed_in(system, shopper)
    customer.command("start:return_items")
    while not is_confirmation(customer.last):
        asked = customer.last
        if asked["content_attributes"].get("expects") == "many":
            customer.choose(options(asked)[0])
        else:
            customer.click(items(asked)[0])
    reply = customer.say("How much is delivery?")
    assert "€4.90" in reply["content"]
    assert is_confirmation(reply)
    assert reply["content_attributes"]["sources"]
    customer.click("confirm:yes")
    assert shop.status(shopper.order("delivered").id) == "return requested"


def test_given_a_question_nobody_wrote_about_then_nothing_is_made_up(system: System) -> None:
    customer = Customer(system)
    reply = customer.say("Can you recommend a restaurant in Lisbon?")
    assert "sources" not in reply["content_attributes"]
    assert "talk_to_person" in items(reply)
