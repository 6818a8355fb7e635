"""An article is quoted in the approved form that fits the customer, the channel and the moment."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from tests.acceptance.support.customer import Customer, items, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import DEMO, System, make_system

from rapport.accounts import api as accounts
from rapport.governance import api as governance
from rapport.knowledge import api as knowledge
from rapport.knowledge.contracts import Fits, VariantDraft, VariantInfo

QUESTION = "How much is delivery?"
SLUG = "delivery-costs"


@pytest.fixture
def system(db: None, shop: RunningShop, tmp_path: Path) -> System:
    shutil.copy(DEMO / "articles" / "delivery" / f"{SLUG}.yaml", tmp_path)
    knowledge.import_articles(tmp_path)
    return make_system(shop, knowledge.open_searcher(None))


def approved(text: str, picture_id: int | None = None, **fits: str) -> VariantInfo:
    staff_id = next(int(s.id) for s in accounts.list_staff())
    draft = VariantDraft(Fits(**fits), text, picture_id=picture_id, picture_alt="A map" if picture_id else "")
    info = knowledge.add_variant(SLUG, "en", draft, staff_id=staff_id)
    return knowledge.approve_variant(info.id, staff_id=staff_id, seen_version=1, seen_text=info.text)


def test_given_an_approved_variant_then_it_is_quoted_and_the_decision_says_which_and_why(
    system: System,
) -> None:
    used = approved("**Delivery** costs EUR 4.90.", channel="web", length="short")
    other = approved("Delivery costs four euros ninety.", channel="voice")
    customer = Customer(system)
    reply = customer.say(QUESTION)
    assert reply["content"].startswith("Delivery costs EUR 4.90.\n\n")
    assert reply["content_attributes"]["sources"][0]["link"] == f"/help/en/articles/{SLUG}"
    (decision,) = system.decisions(customer.id)
    found = [e for e in decision.evidence if e["kind"].startswith("variant")]
    assert found == [
        {
            "kind": "variant",
            "ref": f"variant:{used.id}",
            "title": reply["content_attributes"]["sources"][0]["title"],
            "score": None,
            "article": SLUG,
            "language": "en",
            "version": 1,
            "message": "most specific that fits: for web, short",
        },
        {
            "kind": "variants_passed_over",
            "ref": f"article:{SLUG}",
            "title": reply["content_attributes"]["sources"][0]["title"],
            "score": None,
            "version": 1,
            "message": f"variant {other.id}: for voice only",
        },
    ]
    assert "You see its short version, which a member of our staff approved." in decision.explanation["text"]


def test_given_a_variant_nobody_approved_then_the_passage_is_quoted(system: System) -> None:
    knowledge.add_variant(SLUG, "en", VariantDraft(Fits(), "Delivery is free."), staff_id=None)
    customer = Customer(system)
    assert "Delivery is free." not in customer.say(QUESTION)["content"]
    (decision,) = system.decisions(customer.id)
    assert [e["kind"] for e in decision.evidence] == ["message", "passage"]


@pytest.mark.parametrize("is_given", [True, False])
def test_given_a_condition_on_the_profile_then_it_is_read_only_with_consent(
    system: System, shop: RunningShop, is_given: bool
) -> None:
    used = approved("For you delivery costs nothing.", condition="customer.email != ''")
    customer = signed_in(system, shop.shopper(having="delivered"))
    if is_given:
        profile = int(customer.info.customer_id)
        governance.record_consent(
            profile, "profiling", is_given=True, wording_version="1", language="en", source="test"
        )
    reply = customer.say(QUESTION)
    assert reply["content"].startswith("For you delivery costs nothing.") is is_given
    decision = system.decisions(customer.id)[-1]
    assert decision.consent_basis == ("service + consent: profiling" if is_given else "service")
    evidence = decision.evidence
    said = "given" if is_given else "not given: the profile was not looked at"
    assert [e["message"] for e in evidence if e["kind"] == "consent"] == [said]
    assert [e["ref"] for e in evidence if e["kind"] == "variant"] == [f"variant:{used.id}"][:is_given]
    reasons = [e["message"] for e in evidence if e["kind"] == "variants_passed_over"]
    why_not = f"variant {used.id}: no consent to a look at the profile"
    assert reasons == ([] if is_given else [why_not])
    assert ("You agreed that we look at your profile" in decision.explanation["text"]) is is_given


def test_given_a_visitor_then_what_is_for_signed_in_customers_or_about_their_record_is_passed_over(
    system: System,
) -> None:
    first = approved("For you delivery costs nothing.", condition="customer.email != ''")
    second = approved("Delivery, as you know, costs EUR 4.90.", audience="customer")
    customer = Customer(system)
    assert "For you" not in customer.say(QUESTION)["content"]
    evidence = system.decisions(customer.id)[-1].evidence
    assert [e["message"] for e in evidence if e["kind"] == "variants_passed_over"] == [
        f"variant {first.id}: no customer at hand; variant {second.id}: for signed-in customers only"
    ]
    assert [e for e in evidence if e["kind"] == "consent"] == []


def test_given_an_order_at_hand_then_a_condition_on_it_needs_no_consent(
    system: System, shop: RunningShop
) -> None:
    approved("Delivery of this order is paid.", condition="order.status == 'delivered'")
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"))
    customer.command("start:return_items")
    customer.click(items(customer.last)[0])
    reply = customer.say(QUESTION)
    assert "Delivery of this order is paid." in reply["content"]
    evidence = system.decisions(customer.id)[-1].evidence
    assert [e for e in evidence if e["kind"] == "consent"] == []


def test_given_a_picture_then_it_goes_with_the_message(system: System) -> None:
    content = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(content, "PNG")
    approved("Delivery costs EUR 4.90.", knowledge.add_picture(content.getvalue(), staff_id=None))
    customer = Customer(system)
    reply = customer.say(QUESTION)
    (file,) = reply["attachments"]
    assert (file["file_type"], file["file_name"]) == ("image", "A map.png")
    (decision,) = system.decisions(customer.id)
    assert next(e["picture"] for e in decision.evidence if e["kind"] == "variant") == "A map"


def test_given_a_procedure_under_way_then_the_short_variant_is_quoted(
    system: System, shop: RunningShop
) -> None:
    approved("Delivery costs EUR 4.90. The long story.")
    approved("Delivery: EUR 4.90.", length="short")
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"))
    assert customer.say(QUESTION)["content"].startswith("Delivery costs EUR 4.90. The long story.")
    customer.command("start:return_items")
    assert customer.say(QUESTION)["content"].startswith("Delivery: EUR 4.90.")
