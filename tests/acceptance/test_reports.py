"""What reports tell of conversations that really took place: the customer's, the assistant's and the shop's doings."""

from __future__ import annotations

import datetime as dt

from tests.acceptance.support.customer import is_confirmation, items, options, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.kernel.clock import now, use_clock
from rapport.reports import api as reports
from rapport.reports.contracts import SelfService


def report_of_tomorrow() -> SelfService:
    """The figures when everybody has left."""
    later = now() + dt.timedelta(hours=30)
    with use_clock(lambda: later):
        reports.gather()
        return reports.self_service(reports.last_days(3, later, "UTC"))


def test_given_a_return_done_by_clicks_when_counted_then_it_went_straight_through_at_its_cost(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"))
    customer.say("I want to return something")
    clicks, fields = 0, 0
    while not is_confirmation(customer.last):
        is_many = customer.last["content_attributes"].get("expects") == "many"
        if is_many:
            customer.choose(options(customer.last)[0])
        else:
            customer.click(items(customer.last)[0])
        clicks, fields = clicks + 1, fields + is_many
    customer.click("confirm:yes")
    customer.say("thank you")
    report = report_of_tomorrow()
    line = next(p for p in report.procedures if p.name == "return_items")
    assert (line.changes, dict(line.outcomes), line.share.count) == (True, {"done": 1}, 1)
    what = reports.CaseFilter(metric="straight_through")
    (case,) = reports.list_cases(what, report.period, None).lines
    assert case.number == customer.info.display_id
    assert case.version == 1
    turns, clicked, filled, words, questions, repeats, identifications, waits, _ = case.effort
    assert (turns, clicked, filled, words) == (clicks + 2, clicks + 1, fields, 5)
    assert (questions, repeats, identifications, waits) == (clicks + 1, 0, 0, 0)
    assert dict(report.outcomes) == {"solved": 1}
    confirmed = next(f.share for f in report.figures if f.metric.id == "confirmed")
    assert (confirmed.count, confirmed.of) == (1, 1)


def test_given_a_return_left_at_a_question_when_counted_then_it_names_the_question(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"))
    customer.say("I want to return something")
    slot = customer.last["content_attributes"]["slot"]
    line = next(p for p in report_of_tomorrow().procedures if p.name == "return_items")
    assert line.reasons == (("abandoned", slot, 1),)


def test_given_a_customer_who_asks_for_a_person_when_counted_then_a_person_took_part(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"))
    customer.say("I want to return something")
    customer.command("talk_to_person", "Talk to a person")
    report = report_of_tomorrow()
    line = next(p for p in report.procedures if p.name == "return_items")
    assert (line.reasons, dict(report.outcomes)) == ((("person", "customer_asked", 1),), {"person": 1})
