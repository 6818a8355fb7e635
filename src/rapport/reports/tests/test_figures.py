"""Every figure of a handful of contacts, counted by hand."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any, get_args

import pytest

from rapport.reports import api as reports
from rapport.reports.cases import Part
from rapport.reports.contracts import METRICS, Period, SelfService
from rapport.reports.gathering import gather
from rapport.reports.models import Contact, ProcedureRun

from .conftest import Shop

PERIOD = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 15))


def fill(shop: Shop) -> None:
    """Six returns done, one refused, one left, one to a person; two questions, one confirmed, one reopened."""
    for _ in range(6):
        shop.talk().say("send it back", "start:send_back", slot="reason").wait(seconds=28).say(
            "too big", "continue:send_back"
        ).end("send_back", "done", call="done")
    shop.talk().say("send it back", "start:send_back").end("send_back", "refused")
    shop.talk(inbox=shop.mail).say("send it back", "start:send_back", slot="reason").leave_open("send_back")
    shop.talk(inbox=shop.mail).say("send it back", "start:send_back", slot="reason").leave_open(
        "send_back"
    ).say("a person", "hand_over:customer_asked").hand_over()
    shop.talk().say("hours?", "answer:hours").say("thank you", "reply:thanks")
    shop.talk().say("hi", "reply:greeting")
    again = shop.talk().say("hours?", "answer:hours")
    again.wait(days=2).say("and on Sunday?", "answer:hours")
    shop.clock.advance(dt.timedelta(days=3))
    gather()


@pytest.fixture
def report(shop: Shop) -> SelfService:
    fill(shop)
    return reports.self_service(PERIOD)


def figures(report: SelfService) -> dict[str, tuple[int, int]]:
    return {f.metric.id: (f.share.count, f.share.of) for f in report.figures}


def test_each_figure_is_what_the_rows_say(report):
    assert report.contacts == 12
    assert dict(report.outcomes) == {"solved": 8, "none": 1, "person": 1, "refused": 1, "unsolved": 1}
    assert figures(report) == {
        "digital": (7, 11),
        "straight_through": (6, 9),
        "involvement": (12, 12),
        "containment": (10, 11),
        "confirmed": (1, 11),
        "assumed": (6, 11),
        "resolution": (7, 11),
        "reopened": (1, 8),
        "first_contact": (7, 11),
        "informed": (0, 0),
    }
    assert report.automation == pytest.approx(7 / 11)
    assert report.interactions == pytest.approx((6 * 2 + 1 + 1 + 2 + 2) / 7)
    assert report.stage == "half"


def test_a_procedure_tells_how_its_runs_ended_and_what_they_cost(report):
    line = next(p for p in report.procedures if p.name == "send_back")
    assert (line.runs, line.share.count, line.share.of) == (9, 6, 9)
    assert line.reasons == (("abandoned", "reason", 1), ("person", "customer_asked", 1), ("refused", "", 1))
    assert (line.effort["turns"].median, line.effort["words"].p90, line.effort["seconds"].mean) == (2, 5, 30)
    assert [(v.version, v.share.of) for v in line.versions] == [(1, 9)]


def test_reasons_and_inboxes_add_up(report):
    assert {g.key: (g.contacts, g.digital.count, g.digital.of) for g in report.reasons} == {
        "send_back": (9, 6, 9),
        "question": (2, 1, 2),
        "none": (1, 0, 0),
    }
    assert {g.name: (g.contacts, g.digital.share) for g in report.inboxes} == {
        "Website": (10, 7 / 9),
        "Mail": (2, None),
    }


def test_weeks_add_up_to_the_period(report):
    for metric in METRICS:
        whole = figures(report)[metric.id]
        weekly = [w.shares[metric.id] for w in report.weeks]
        assert (sum(s.count for s in weekly), sum(s.of for s in weekly)) == whole


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.id)
def test_the_rows_behind_a_figure_are_as_many_as_it_counts(report, metric):
    share = next(f.share for f in report.figures if f.metric is metric)
    totals = {
        part: reports.list_cases(reports.CaseFilter(metric=metric.id, part=part), PERIOD, None).total
        for part in get_args(Part)
    }
    assert totals == {"counted": share.count, "others": share.of - share.count, "among": share.of}


def test_rows_come_page_by_page(report):
    seen: list[Any] = []
    cursor, pages = "", 0
    while True:
        page = reports.list_cases(reports.CaseFilter(), PERIOD, None, cursor=cursor, limit=5)
        seen += [line.number for line in page.lines]
        pages += 1
        cursor = page.following
        if not cursor:
            break
    assert (pages, len(seen), len(set(seen))) == (3, 12, 12)


def test_one_inbox_alone(shop, report):
    mail = reports.self_service(PERIOD, int(shop.mail.id))
    assert (mail.contacts, figures(mail)["straight_through"]) == (2, (0, 2))


def test_the_period_before_stands_beside(report):
    later = reports.self_service(Period(dt.date(2026, 3, 16), dt.date(2026, 3, 29)))
    digital = later.figures[0]
    assert ((digital.share.of, digital.share.share), (digital.before.count, digital.before.of)) == (
        (0, None),
        (7, 11),
    )
    assert (later.automation, later.automation_before) == (None, pytest.approx(7 / 11))


def test_a_contact_belongs_to_the_day_of_the_zone(shop):
    shop.clock.advance(dt.timedelta(hours=14, minutes=30))  # 23:30 UTC, half past midnight in Prague
    shop.talk().say("hours?", "answer:hours").wait(hours=25)
    gather()
    monday, tuesday = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
    found = {
        (day.isoformat(), zone): reports.self_service(Period(day, day, zone)).contacts
        for day in (monday, tuesday)
        for zone in ("UTC", "Europe/Prague")
    }
    assert found == {
        ("2026-03-02", "UTC"): 1,
        ("2026-03-02", "Europe/Prague"): 0,
        ("2026-03-03", "UTC"): 0,
        ("2026-03-03", "Europe/Prague"): 1,
    }


def test_one_click_fewer_shows_between_versions(shop):
    items = [{"title": "Big", "value": "big"}]
    for version, clicks in ((1, 2), (2, 1)):
        for _ in range(5):
            talk = shop.talk().say("send it back", "start:send_back", slot="reason", items=items)
            for _again in range(clicks):
                talk.click("big", "continue:send_back", slot=f"next{_again}", items=items)
            talk.end("send_back", "done", call="done", version=version)
    shop.clock.advance(dt.timedelta(days=2))
    gather()
    versions = reports.self_service(PERIOD).procedures[0].versions
    assert [(v.version, v.effort["clicks"].median, v.effort["turns"].median) for v in versions] == [
        (2, 1, 2),
        (1, 2, 3),
    ]


def test_a_report_costs_the_same_queries_however_many_rows(shop, django_assert_num_queries):
    fill(shop)
    with django_assert_num_queries(8):
        reports.self_service(PERIOD)


def test_nothing_written_nothing_told(db):
    report = reports.self_service(PERIOD)
    assert (report.contacts, report.stage, report.procedures) == (0, "unknown", ())
    assert all(f.share.share is None for f in report.figures)
    assert reports.as_json(report)["figures"]["digital"]["share"] is None
    assert gather() == 0


def test_json_holds_every_figure_with_its_formula(report):
    data = reports.as_json(report)
    assert data["figures"]["straight_through"] | {"formula": "", "before": {}} == {
        "name": "Straight through",
        "formula": "",
        "unit": "share",
        "target": None,
        "count": 6,
        "of": 9,
        "share": 0.6667,
        "low": 0.3542,
        "high": 0.8794,
        "before": {},
    }
    assert {f["formula"] != "" for f in data["figures"].values()} == {True}


def test_the_table_has_one_number_a_line_and_no_formulas(shop, report):
    text = reports.as_csv(report)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    digital = next(r for r in rows if r["section"] == "figure" and r["figure"] == "digital")
    assert (digital["count"], digital["of"], digital["value"]) == ("7", "11", "0.6364")
    median = next(
        r for r in rows if r["name"] == "send_back" and r["figure"] == "seconds_median" and not r["version"]
    )
    assert float(median["value"]) == 30


def test_a_name_that_a_spreadsheet_would_run_stays_text(shop, report):
    from rapport.conversations.models import Inbox

    Inbox.objects.filter(pk=int(shop.web.id)).update(name="=1+1")
    assert "'=1+1" in reports.as_csv(reports.self_service(PERIOD))


def test_facts_hold_no_words(report):
    texts = [
        str(v) for row in (*Contact.objects.values(), *ProcedureRun.objects.values()) for v in row.values()
    ]
    assert not [t for t in texts if "too big" in t or "Mia" in t]
