"""The pages, the API and who may see them."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.api import create_staff, create_token
from rapport.accounts.models import AuditEntry
from rapport.reports.models import Target

from .conftest import Shop, signed_in
from .test_figures import fill

PAGES = (
    "/reports/self-service",
    "/reports/self-service.csv",
    "/reports/self-service/cases?metric=digital",
    "/reports/self-service/procedures/send_back",
)
API = "/api/v2/accounts/1/reports/self-service"


@pytest.fixture
def filled(shop: Shop) -> Shop:
    fill(shop)
    return shop


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("", 302),
        ("agent", 403),
        ("supervisor", 200),
        ("administrator", 200),
        ("analyst", 200),
        ("dpo", 200),
        ("marketer", 200),
    ],
)
def test_who_reads_reports(filled, path, role, status):
    client = Client()
    if role:
        client.force_login(create_staff("new@example.com", "New", role))
    assert client.get(path).status_code == status


def test_reports_begin_with_self_service(filled):
    answer = signed_in(filled.analyst).get("/reports/")
    assert (answer.status_code, answer["Location"]) == (302, "/reports/self-service")


def test_the_page_tells_the_figures_and_where_it_stands(filled):
    text = page(signed_in(filled.supervisor), "/reports/self-service")
    assert "64 %" in text
    assert "About half of the contacts are solved without a person." in text
    assert "7 of 11" in text
    assert "Send goods back" in text


def test_nothing_yet_says_so(shop):
    assert "No contacts in this period" in page(signed_in(shop.analyst), "/reports/self-service")


def test_too_few_cases_are_no_share(shop):
    shop.talk().say("hours?", "answer:hours").wait(hours=25)
    from rapport.reports.gathering import gather

    gather()
    text = page(signed_in(shop.analyst), "/reports/self-service")
    assert "too few" in text
    assert "100 %</" not in text.replace("<span>100 %</span>", "")


def test_conversations_not_counted_yet_are_told(shop):
    shop.talk().say("hours?", "answer:hours").wait(minutes=1)
    assert "1 conversation is still being counted." in page(signed_in(shop.analyst), "/reports/self-service")


@pytest.mark.parametrize(
    ("who", "has_desk", "has_decisions"),
    [("admin", True, True), ("supervisor", True, True), ("analyst", False, True)],
)
def test_rows_lead_where_the_reader_may_go(filled, who, has_desk, has_decisions):
    text = page(
        signed_in(getattr(filled, who)), "/reports/self-service/cases?metric=straight_through&part=others"
    )
    assert ("/desk/conversations/" in text, "/governance/decisions/?number=" in text) == (
        has_desk,
        has_decisions,
    )
    assert "3 rows" in text
    assert "Mia" not in text


@pytest.mark.parametrize(
    "query",
    ["from=x&to=y&inbox=z", "from=2026-03-15&to=2026-03-02", "from=0001-01-01&to=9999-12-31", "inbox=99999999999999",
     "metric=nonsense&part=all&of=x&version=-1&after=1.x", "after=99999999999999999.1"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/reports/self-service", "/reports/self-service/cases"])
def test_what_cannot_be_read_is_as_if_not_given(filled, path, query):
    assert signed_in(filled.analyst).get(f"{path}?{query}").status_code == 200


def test_an_unknown_procedure_is_not_found(filled):
    assert signed_in(filled.analyst).get("/reports/self-service/procedures/nonsense").status_code == 404


def test_a_target_is_set_shown_and_taken_away(filled):
    admin = signed_in(filled.admin)
    admin.post("/reports/self-service/target", {"metric": "digital", "percent": "80 %"})
    assert Target.objects.get().share == 0.8
    assert "below the target" in page(admin, "/reports/self-service")
    assert AuditEntry.objects.filter(kind="settings_changed", subject="target:digital").count() == 1
    admin.post("/reports/self-service/target", {"metric": "digital", "percent": ""})
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    "given", [("digital", "0"), ("digital", "101"), ("digital", "many"), ("reopened", "5"), ("x", "5")]
)
def test_what_is_no_target_is_refused(filled, given):
    metric, percent = given
    admin = signed_in(filled.admin)
    admin.post("/reports/self-service/target", {"metric": metric, "percent": percent})
    assert not Target.objects.exists()


@pytest.mark.parametrize("who", ["supervisor", "analyst", "agent"])
def test_only_who_configures_sets_targets(filled, who):
    client = signed_in(getattr(filled, who))
    answer = client.post("/reports/self-service/target", {"metric": "digital", "percent": "80"})
    assert (answer.status_code, Target.objects.count()) == (403, 0)


def test_programs_read_the_same_figures(filled):
    token = create_token(filled.analyst, "report")
    answer = Client().get(f"{API}?from=2026-03-02&to=2026-03-15", headers={"api_access_token": token})
    assert answer.status_code == 200
    assert answer.json()["figures"]["digital"]["share"] == 0.6364


def test_programs_need_a_token_and_the_permission(filled):
    agents = create_token(filled.agent, "desk")
    assert Client().get(API).status_code == 401
    assert Client().get(API, headers={"api_access_token": agents}).status_code == 403
    analysts = create_token(filled.analyst, "report")
    elsewhere = API.replace("accounts/1", "accounts/2")
    assert Client().get(elsewhere, headers={"api_access_token": analysts}).status_code == 404


@pytest.mark.parametrize("language", ["cs", "de", "es", "ru", "zh-hans"])
def test_numbers_of_the_drawing_are_the_same_in_every_language(filled, language):
    client = signed_in(filled.analyst)
    client.cookies["django_language"] = language
    text = page(client, "/reports/self-service?from=2026-03-02&to=2026-03-22")
    drawing = text.partition('preserveAspectRatio="none" role="img"')[2].partition("</svg>")[0]
    assert 'x1="166.67"' in drawing
