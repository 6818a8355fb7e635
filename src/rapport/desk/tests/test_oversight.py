"""Data protection: who may see what, objections answered once, the ledger only grows, the log only reads."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from rapport.accounts.api import create_staff, record_audit
from rapport.accounts.models import AuditEntry, User
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.desk.oversight.answers import REJECTED, UPHELD, answer_text
from rapport.desk.tests.conftest import Desk
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.governance.models import Appeal
from rapport.kernel.clock import now
from rapport.kernel.languages import LANGUAGES

PROTECTED = ("/governance/appeals/decided", "/governance/consents/", "/governance/audit/")
SUPERVISED = ("/governance/decisions/", "/governance/models/")


@pytest.fixture
def dpo(desk: Desk) -> User:
    return create_staff("dpo@example.com", "Dana Volkova", "dpo")


@pytest.fixture
def office(dpo: User) -> Client:
    """The data-protection officer's browser."""
    client = Client()
    client.force_login(dpo)
    return client


def _objection(desk: Desk, name: str = "Mia Hoffmann") -> tuple[ConversationInfo, int]:
    info = desk.conversation(name)
    decision = governance.record_decision(
        DecisionDraft("turn", "refuse:return_items", conversation_id=info.id, customer_id=info.customer_id)
    )
    desk.says(info, "The return period is over.", decision_id=decision)
    return info, governance.open_appeal(decision, conversation_id=info.id, reason="It came broken!")


def test_roles(desk: Desk, browser: Client, office: Client) -> None:
    info, appeal = _objection(desk)
    supervisor = Client()
    supervisor.force_login(desk.colleague)
    protected = (*PROTECTED, f"/governance/appeals/{appeal}", f"/governance/consents/{info.customer_id}")
    for path in (*protected, *SUPERVISED, "/governance/"):
        assert Client().get(path)["Location"].startswith("/sign-in?next=/governance/"), path
        assert browser.get(path).status_code == 403, path
        assert office.get(path).status_code == 200, path
    for path in protected:
        assert supervisor.get(path).status_code == 403, path
    for path in SUPERVISED:
        assert supervisor.get(path).status_code == 200, path
    assert supervisor.get("/governance/")["Location"] == "/governance/decisions/"


@pytest.mark.parametrize("who", ["anonymous", "agent", "supervisor"])
def test_nothing_changes_for_those_who_may_not(desk: Desk, who: str) -> None:
    info, appeal = _objection(desk)
    client = Client()
    if who != "anonymous":
        client.force_login(desk.agent if who == "agent" else desk.colleague)
    expected = 302 if who == "anonymous" else 403
    answers = [
        client.post(f"/governance/appeals/{appeal}", {"outcome": "upheld", "answer": "Yes."}),
        client.post(
            f"/governance/consents/{info.customer_id}",
            {"purpose": "profiling", "wording_version": "1", "language": "de", "do": "give"},
        ),
    ]
    assert [a.status_code for a in answers] == [expected, expected]
    assert [a.state for a in governance.list_open_appeals()] == ["open"]
    assert governance.list_consents(info.customer_id) == []
    assert desk.fresh(info).message_count == 2


def test_open_objections_are_listed_by_due_date_and_overdue_ones_are_marked(
    desk: Desk, office: Client
) -> None:
    _, late = _objection(desk)
    _, soon = _objection(desk, "Otto Novak")
    Appeal.objects.filter(pk=late).update(due_at=now() + dt.timedelta(days=3))
    Appeal.objects.filter(pk=soon).update(due_at=now() - dt.timedelta(days=1))
    text = office.get("/governance/").content.decode()
    assert text.index(f"/governance/appeals/{soon}") < text.index(f"/governance/appeals/{late}")
    assert text.count("is-overdue") == 1
    assert "1 objection is overdue." in text


@pytest.mark.parametrize(("outcome", "opening"), [("upheld", UPHELD), ("rejected", REJECTED)])
def test_an_answer_reaches_the_customer_in_their_language(
    desk: Desk, dpo: User, office: Client, outcome: str, opening: dict[str, str]
) -> None:
    info, appeal = _objection(desk)
    page = office.get(f"/governance/appeals/{appeal}").content.decode()
    for part in ("It came broken!", "The return period is over.", "Objected to", "Deutsch"):
        assert part in page, part
    given = {"outcome": outcome, "answer": "Wir erstatten alles."}
    assert office.post(f"/governance/appeals/{appeal}", given)["Location"] == "/governance/"
    said = conversations.list_latest_messages(info.id)[-1]
    assert said.type.value == "template"
    assert (said.sender.kind, said.sender.name) == ("user", "Dana Volkova")
    assert said.content.startswith(opening["de"].split("{")[0])
    assert said.content.endswith("\n\nWir erstatten alles.")
    closed = governance.find_appeal(appeal)
    assert closed is not None
    assert (closed.state, closed.answer) == (outcome, "Wir erstatten alles.")
    entry = AuditEntry.objects.get(kind="appeal_closed")
    assert (entry.actor, entry.subject, entry.detail["state"]) == (dpo, f"appeal:{appeal}", outcome)
    assert "Wir erstatten alles." in office.get("/governance/appeals/decided").content.decode()
    assert "No open objections" in office.get("/governance/").content.decode()


def test_an_objection_is_answered_once(desk: Desk, office: Client) -> None:
    info, appeal = _objection(desk)
    path = f"/governance/appeals/{appeal}"
    assert office.post(path, {"outcome": "upheld", "answer": "  "}).status_code == 422
    assert office.post(path, {"outcome": "perhaps", "answer": "Yes."}).status_code == 422
    assert desk.fresh(info).message_count == 2
    office.post(path, {"outcome": "upheld", "answer": "Yes."})
    assert office.post(path, {"outcome": "rejected", "answer": "No."}).status_code == 422
    found = governance.find_appeal(appeal)
    assert found is not None
    assert (found.state, found.answer) == ("upheld", "Yes.")
    assert desk.fresh(info).message_count == 3
    assert office.get("/governance/appeals/999").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_open_in_every_language(language: str) -> None:
    at = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    texts = {answer_text(language, "A.", objected_at=at, is_upheld=u) for u in (True, False)}
    assert len(texts) == 2
    assert all("2026" in t and "{" not in t and t.endswith("\n\nA.") for t in texts)


def test_decisions_are_found_by_the_number_of_the_conversation(desk: Desk, office: Client) -> None:
    info, _ = _objection(desk)
    other = desk.conversation("Otto Novak")
    governance.record_decision(DecisionDraft("turn", "answer:delivery", conversation_id=other.id))
    everything = office.get("/governance/decisions/").content.decode()
    assert ("Refuse: return items" in everything, "Answer: delivery" in everything) == (True, True)
    for asked in (str(info.display_id), f"#{info.display_id}"):
        text = office.get("/governance/decisions/", {"number": asked}).content.decode()
        assert ("Refuse: return items" in text, "Answer: delivery" in text) == (True, False)
    for asked in ("99999", "x", "²"):
        assert "No decision found" in office.get("/governance/decisions/", {"number": asked}).content.decode()


def test_the_list_of_decisions_has_pages(desk: Desk, office: Client) -> None:
    ids = [governance.record_decision(DecisionDraft("turn", f"step:{n}")) for n in range(31)]
    first = office.get("/governance/decisions/").content.decode()
    assert f'href="?before={ids[1]}"' in first
    second = office.get(f"/governance/decisions/?before={ids[1]}").content.decode()
    assert second.count("/governance/decisions/" + str(ids[0])) == 1
    assert 'rel="next"' not in second


def test_a_decision_shows_its_full_record(desk: Desk, office: Client) -> None:
    number = governance.record_decision(
        DecisionDraft("turn", "answer:returns", counterfactual="An order number", confidence=0.91)
    )
    text = office.get(f"/governance/decisions/{number}").content.decode()
    assert "&quot;counterfactual&quot;: &quot;An order number&quot;" in text
    assert "91 %" in text
    assert office.get("/governance/decisions/999999").status_code == 404


def test_models_show_the_figures_of_their_report(office: Client) -> None:
    assert "No model yet" in office.get("/governance/models/").content.decode()
    governance.record_model("intents", "v1", {"rows": 10, "accuracy": 0.5})
    report = {"rows": 1234, "accuracy": 0.913, "coverage": 0.87, "threshold": 0.61, "labels": ["returns"]}
    governance.record_model("intents", "v2", {**report, "problems": ["2 texts stand twice"]})
    text = office.get("/governance/models/").content.decode()
    for part in ("1234", "91 %", "87 %", "61 %", "2 texts stand twice", "Earlier versions"):
        assert part in text, part


def test_consents_are_appended_with_the_wording_and_on_record(desk: Desk, dpo: User, office: Client) -> None:
    customer = desk.conversation().customer_id
    path = f"/governance/consents/{customer}"
    form = {"purpose": "marketing", "wording_version": "2026-03", "language": "de"}
    assert office.post(path, {**form, "do": "give"})["Location"] == path
    assert office.post(path, {**form, "do": "withdraw", "wording_version": "2026-04"})["Location"] == path
    history = governance.list_consent_history(customer)
    assert [(c.is_given, c.wording_version, c.language) for c in history] == [
        (False, "2026-04", "de"),
        (True, "2026-03", "de"),
    ]
    assert not governance.has_consent(customer, "marketing")
    kinds = (
        AuditEntry.objects.filter(kind__startswith="consent_").order_by("id").values_list("kind", flat=True)
    )
    assert list(kinds) == ["consent_given", "consent_withdrawn"]
    text = office.get(path).content.decode()
    assert ("2026-03" in text, "2026-04" in text) == (True, True)
    assert AuditEntry.objects.filter(kind="customer_viewed", actor=dpo).count() == 1


@pytest.mark.parametrize(
    "wrong", [{"purpose": "spying"}, {"wording_version": ""}, {"language": "tlh"}, {"do": "maybe"}]
)
def test_a_consent_that_is_incomplete_is_refused(desk: Desk, office: Client, wrong: dict[str, str]) -> None:
    customer = desk.conversation().customer_id
    form = {"purpose": "marketing", "wording_version": "1", "language": "de", "do": "give", **wrong}
    assert office.post(f"/governance/consents/{customer}", form).status_code == 422
    assert governance.list_consents(customer) == []


def test_consents_are_found_by_customer(desk: Desk, office: Client) -> None:
    customer = desk.conversation("Mia Hoffmann").customer_id
    text = office.get("/governance/consents/", {"q": "hoffm"}).content.decode()
    assert f"/governance/consents/{customer}" in text
    assert "Nobody found" in office.get("/governance/consents/", {"q": "zeppelin"}).content.decode()


def test_the_audit_log_is_filtered_and_read_only(desk: Desk, dpo: User, office: Client) -> None:
    AuditEntry.objects.all().delete()
    record_audit("inbox_created", actor_id=desk.agent.pk, subject="inbox:1")
    record_audit("settings_changed", actor_id=dpo.pk, subject="inbox:2", detail={"after": {"brand": "Oak"}})
    old = now() - dt.timedelta(days=40)
    AuditEntry.objects.filter(subject="inbox:1").update(at=old)

    def subjects(**parameters: object) -> set[str]:
        text = office.get("/governance/audit/", parameters).content.decode()
        return {s for s in ("inbox:1", "inbox:2") if s in text}

    assert subjects() == {"inbox:1", "inbox:2"}
    assert subjects(kind="settings_changed") == {"inbox:2"}
    assert subjects(actor=desk.agent.pk) == {"inbox:1"}
    assert subjects(since=(now() - dt.timedelta(days=1)).date().isoformat()) == {"inbox:2"}
    assert subjects(until=old.date().isoformat()) == {"inbox:1"}
    assert subjects(since="yesterday", actor="me", before="x") == {"inbox:1", "inbox:2"}
    assert office.post("/governance/audit/").status_code == 405


def test_the_audit_log_has_pages(office: Client) -> None:
    AuditEntry.objects.all().delete()
    for number in range(51):
        record_audit("sign_in", actor_id=None, subject=f"entry:{number:02d}")
    oldest = AuditEntry.objects.earliest("id").pk
    first = office.get("/governance/audit/?kind=sign_in").content.decode()
    assert f"kind=sign_in&amp;before={oldest + 1}" in first
    assert "entry:00" not in first
    second = office.get(f"/governance/audit/?kind=sign_in&before={oldest + 1}").content.decode()
    assert ("entry:00" in second, "entry:01" in second) == (True, False)
