"""Who sees frequent issues, and what they make of them."""

from __future__ import annotations

import pytest
import yaml
from django.test import Client

from rapport.accounts.api import create_staff, list_audit
from rapport.accounts.contracts import AuditFilter
from rapport.insights.jobs import Surveyor, job_kinds
from rapport.insights.models import IssueDraft
from rapport.insights.preparing import prepare
from rapport.insights.queries import find_issue, latest_survey, list_issues
from rapport.insights.stories import unread
from rapport.insights.tests.conftest import wrapping
from rapport.insights.vectors import Space
from rapport.jobs import api as jobs
from rapport.procedures import api as procedures
from rapport.studio import api as studio
from rapport.understanding.api import learning


def _as(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def issue(shop):
    shop.play(*wrapping(asks="Which order is it, please?", closes="I have asked the warehouse to wrap it."))
    shop.look()
    return list_issues()[0]


ADDRESSES = ("/insights/", "/insights/issues/{}")
MOVES = ("draft", "wordings", "dismiss", "restore")


@pytest.mark.parametrize("role", ["agent", "analyst", "marketer", "dpo"])
def test_who_does_not_draft_procedures_sees_nothing(issue, role):
    client = _as(create_staff(f"{role}@example.net", role, role))
    for address in ADDRESSES:
        assert client.get(address.format(issue.id)).status_code == 403
    for move in MOVES:
        assert client.post(f"/insights/issues/{issue.id}/{move}", {"reason": "x"}).status_code == 403
    assert client.post("/insights/look").status_code == 403
    assert not list_issues()[0].is_dismissed
    assert IssueDraft.objects.count() == 0


def test_visitors_are_sent_to_the_sign_in_page(issue):
    assert Client().get("/insights/").status_code == 302


def test_the_list_shows_title_count_and_a_request(shop, issue):
    page = _as(shop.supervisor).get("/insights/").content.decode()
    assert issue.titles["en"] in page
    assert "No procedure yet" in page
    assert "gift" in page


def test_an_issue_shows_its_draft_and_links_to_the_conversations(shop, issue):
    page = _as(shop.supervisor).get(f"/insights/issues/{issue.id}").content.decode()
    assert "Which order is it about?" in page
    assert "/desk/conversations/" in page
    assert "6 / 6" in page


def test_opening_the_draft_puts_it_into_the_editor_with_its_origin(shop, issue):
    answer = _as(shop.supervisor).post(f"/insights/issues/{issue.id}/draft")
    name = prepare(issue).name
    assert answer.headers["Location"] == f"/settings/procedures/{name}/edit"
    draft = studio.find_draft(shop.supervisor.pk, name)
    assert studio.find_problems(draft.source, name) == ()
    assert f"issue {issue.id}" in draft.source
    assert procedures.list_versions(name) == []
    (case,) = yaml.safe_load(draft.cases)["cases"]
    assert (case["language"], case["expect"]) == ("en", {"asks": "order"})
    origin = IssueDraft.objects.get()
    assert (origin.procedure, origin.staff_id, len(origin.conversation_ids)) == (name, shop.supervisor.pk, 6)
    entry = list_audit(AuditFilter(kind="issue_draft_begun"))[0][0]
    assert (entry.actor_name, entry.subject) == ("Sam Novak", f"procedure:{name}")


def test_whoever_began_a_draft_goes_on_with_it(shop, issue):
    client = _as(shop.supervisor)
    client.post(f"/insights/issues/{issue.id}/draft")
    page = client.get(f"/insights/issues/{issue.id}").content.decode()
    assert "Go on with your draft" in page
    assert "draft begun" in client.get("/insights/").content.decode()
    other = create_staff("kim@example.com", "Kim", "supervisor")
    assert "Open in the editor" in _as(other).get(f"/insights/issues/{issue.id}").content.decode()


def test_looking_again_is_a_job(shop):
    assert _as(shop.supervisor).post("/insights/look").status_code == 302
    assert jobs.run_due(jobs.Registry(job_kinds(Surveyor(Space(None), unread)))) == 1
    assert latest_survey().conversations == 0


def test_wordings_wait_for_a_person_before_anything_is_learned(shop, issue):
    _as(shop.supervisor).post(f"/insights/issues/{issue.id}/draft")
    assert sum(learning.count_queue().values()) == 6
    assert learning.training_rows() == []


def test_wordings_of_a_failing_procedure_are_proposed_once(shop):
    shop.play(*wrapping(chosen="clarify:return_items", unfinished={"return_items": {}}, closes="Done."))
    shop.look()
    issue = list_issues()[0]
    client = _as(shop.supervisor)
    for _ in range(2):
        client.post(f"/insights/issues/{issue.id}/wordings")
    assert sum(learning.count_queue().values()) == 6


def test_an_issue_with_a_procedure_offers_no_new_draft(shop):
    shop.play(*wrapping(chosen="clarify:return_items", unfinished={"return_items": {}}, closes="Done."))
    shop.look()
    issue = list_issues()[0]
    client = _as(shop.supervisor)
    assert client.post(f"/insights/issues/{issue.id}/draft").status_code == 409
    assert "Their first words" in client.get(f"/insights/issues/{issue.id}").content.decode()


def test_dismissing_without_a_reason_says_so(shop, issue):
    answer = _as(shop.supervisor).post(f"/insights/issues/{issue.id}/dismiss", {"reason": " "})
    assert answer.status_code == 422
    assert not find_issue(issue.id).is_dismissed


def test_a_dismissed_issue_can_be_put_back(shop, issue):
    client = _as(shop.supervisor)
    client.post(f"/insights/issues/{issue.id}/dismiss", {"reason": "We do not wrap."})
    assert issue.titles["en"] not in client.get("/insights/").content.decode()
    assert "We do not wrap." in client.get("/insights/?show=dismissed").content.decode()
    client.post(f"/insights/issues/{issue.id}/restore")
    assert [i.id for i in list_issues()] == [issue.id]


def test_what_is_gone_is_not_found(shop):
    client = _as(shop.supervisor)
    assert client.get("/insights/issues/4711").status_code == 404
    for move in MOVES:
        assert client.post(f"/insights/issues/4711/{move}", {"reason": "x"}).status_code == 404


def test_an_empty_house_says_what_will_come(shop):
    assert "Not looked yet" in _as(shop.supervisor).get("/insights/").content.decode()
