"""Settings: administrators alone, each change done and on record without secrets, nothing done when refused."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport import bootstrap
from rapport.accounts import api as accounts
from rapport.accounts.models import ApiToken, AuditEntry, Team, User
from rapport.connectors import api as connectors
from rapport.connectors import services as connector_services
from rapport.connectors.contracts import ConnectorDown
from rapport.connectors.models import Connector
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.conversations.models import Inbox
from rapport.jobs import api as jobs
from rapport.procedures import api as procedures
from rapport.procedures.models import Procedure

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-enough-secret"
PROCEDURE = """procedure: opening_hours
version: 1
title: {en: Opening hours}
identify: none
done: {en: "We are here from nine to five."}
"""
INBOX_FORM = {
    "name": "Website",
    "brand": "Oak",
    "colour": "#aa3311",
    "welcome_title": "Hello",
    "languages": ["en", "de"],
    "allowed_origins": "https://shop.example\nhttps://*.shop.example/\n",
    "debounce_ms": "250",
    "custom_css": ".hello { color: red }",
    "is_enabled": "1",
    "is_hmac_mandatory": "1",
}


@pytest.fixture
def admin() -> User:
    return accounts.create_staff("admin@example.com", "Robin Keller", "administrator", PASSWORD)


@pytest.fixture
def agent() -> User:
    return accounts.create_staff("agent@example.com", "Alex Berger", "agent", PASSWORD)


@pytest.fixture
def browser(admin: User) -> Client:
    """The administrator's browser."""
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def inbox() -> InboxInfo:
    return conversations.create_inbox("Website", "web", settings={"timezone": "Europe/Prague"})


def _changes() -> list[tuple[str, object, object]]:
    rows = AuditEntry.objects.filter(kind="settings_changed").order_by("id")
    return [(r.subject, r.detail["before"], r.detail["after"]) for r in rows]


def _state() -> list[object]:
    """Everything the settings can change."""
    return [
        list(Inbox.objects.values()),
        list(User.objects.values("email", "name", "role", "is_active", "is_available", "password")),
        list(Team.objects.values()),
        list(ApiToken.objects.values()),
        list(Connector.objects.values()),
        list(Procedure.objects.values()),
        AuditEntry.objects.count(),
    ]


@pytest.mark.parametrize("who", ["anonymous", "agent", "supervisor", "dpo"])
def test_only_administrators_may_look_or_change(admin: User, agent: User, inbox: InboxInfo, who: str) -> None:
    procedures.publish(PROCEDURE)
    accounts.issue_token(agent.pk, "program", lifetime=None, actor_id=admin.pk)
    token = ApiToken.objects.get().pk
    connectors.save_connector("shop", "shop", "https://shop.example/api", "key-1")
    client = Client()
    if who != "anonymous":
        user = agent if who == "agent" else accounts.create_staff(f"{who}@example.com", who, who)
        client.force_login(user)
    pages = ["", "inboxes/1", "staff/", "tokens/", "systems/"]
    if who != "supervisor":  # who drafts procedures
        pages += ["procedures/", "procedures/opening_hours", "procedures/opening_hours/edit"]
    pages = [p.replace("inboxes/1", f"inboxes/{inbox.id}") for p in pages]
    posts: dict[str, dict[str, object]] = {
        f"inboxes/{inbox.id}": INBOX_FORM,
        f"inboxes/{inbox.id}/rotate": {},
        "inboxes/new": {"name": "Mine", "kind": "web"},
        "staff/new": {"email": "x@example.com", "name": "X", "role": "administrator", "password": PASSWORD},
        f"staff/{agent.pk}": {"name": "Alex", "role": "administrator", "is_active": "1"},
        "teams/new": {"name": "Mine", "key": "mine"},
        "tokens/": {"name": "mine", "staff_id": admin.pk, "lifetime": ""},
        f"tokens/{token}/revoke": {},
        "systems/shop": {"base_url": "https://evil.example", "secret": "k", "currency": "EUR"},
        "systems/shop/test": {},
        "procedures/opening_hours/edit/publish": {"note": ""},
        "procedures/opening_hours/change": {"do": "withdraw"},
    }
    if who != "supervisor":
        posts |= {
            "procedures/new-procedure": {"source": PROCEDURE.replace("opening_hours", "mine")},
            "procedures/check-text": {"source": PROCEDURE},
            "procedures/opening_hours/edit/source": {"source": PROCEDURE.replace("nine", "ten")},
        }
    before = _state()
    expected = 302 if who == "anonymous" else 403
    for path in pages:
        answer = client.get(f"/settings/{path}")
        assert answer.status_code == expected, path
    for path, form in posts.items():
        answer = client.post(f"/settings/{path}", form)
        assert answer.status_code == expected, path
        if who == "anonymous":
            assert answer["Location"].startswith("/sign-in?next="), path
    assert _state() == before


@pytest.mark.parametrize(
    "path", ["", "staff/", "tokens/", "systems/", "procedures/", "procedures/new-procedure"]
)
def test_an_administrator_may_look(browser: Client, path: str) -> None:
    assert browser.get(f"/settings/{path}").status_code == 200


def test_the_navigation_leads_here_for_administrators_only(browser: Client, agent: User) -> None:
    assert 'href="/settings/"' in browser.get("/desk/").content.decode()
    client = Client()
    client.force_login(agent)
    text = client.get("/desk/").content.decode()
    assert ('href="/customers/"' in text, 'href="/settings/"' in text) == (True, False)


# ── inboxes ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_inbox_is_made_and_shows_its_snippet(browser: Client) -> None:
    made = browser.post("/settings/inboxes/new", {"name": "Shop", "kind": "web"})
    found = conversations.list_inboxes()[0]
    assert made["Location"] == f"/settings/inboxes/{found.id}"
    text = browser.get(made["Location"]).content.decode()
    assert "window.chatwootSDK.run" in text
    assert found.identifier in text
    assert AuditEntry.objects.get(kind="inbox_created").subject == f"inbox:{found.id}"
    browser.post("/settings/inboxes/new", {"name": "App", "kind": "api"})
    app = conversations.list_inboxes()[0]
    text = browser.get(f"/settings/inboxes/{app.id}").content.decode()
    assert f"/public/api/v1/inboxes/{app.identifier}/contacts" in text
    assert "chatwootSDK" not in text


@pytest.mark.parametrize("form", [{"name": "", "kind": "web"}, {"name": "X", "kind": "telegram"}])
def test_an_inbox_needs_a_name_and_a_kind(browser: Client, form: dict[str, str]) -> None:
    browser.post("/settings/inboxes/new", form)
    assert conversations.list_inboxes() == []


def test_an_inbox_is_changed_and_the_change_is_on_record(browser: Client, inbox: InboxInfo) -> None:
    path = f"/settings/inboxes/{inbox.id}"
    assert browser.post(path, INBOX_FORM)["Location"] == path
    found = conversations.find_inbox_by_id(inbox.id)
    assert found is not None
    assert (found.is_enabled, found.is_hmac_mandatory) == (True, True)
    assert found.settings == {
        "timezone": "Europe/Prague",
        "brand": "Oak",
        "colour": "#aa3311",
        "welcome_title": "Hello",
        "languages": ["en", "de"],
        "allowed_origins": ["https://shop.example", "https://*.shop.example"],
        "debounce_ms": 250,
        "custom_css": ".hello { color: red }",
    }
    [(subject, before, after)] = _changes()
    assert subject == f"inbox:{inbox.id}"
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["brand"], after["brand"]) == (None, "Oak")
    assert (before["is_hmac_mandatory"], after["is_hmac_mandatory"]) == (False, True)
    assert "timezone" not in after
    assert inbox.hmac_token not in str(AuditEntry.objects.last().detail)  # type: ignore[union-attr]
    browser.post(path, INBOX_FORM)
    assert len(_changes()) == 1


def test_emptied_fields_go_back_to_the_default(browser: Client, inbox: InboxInfo) -> None:
    path = f"/settings/inboxes/{inbox.id}"
    browser.post(path, INBOX_FORM)
    every = ["en", "cs", "de", "es", "ru", "zh"]
    browser.post(path, {"name": "Website", "is_enabled": "1", "languages": every})
    found = conversations.find_inbox_by_id(inbox.id)
    assert found is not None
    assert (found.settings, found.is_hmac_mandatory) == ({"timezone": "Europe/Prague"}, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("colour", "red"),
        ("allowed_origins", "javascript:alert(1)"),
        ("allowed_origins", "https://shop.example; script-src *"),
        ("debounce_ms", "soon"),
        ("debounce_ms", "10001"),
        ("privacy_url", "javascript:alert(1)"),
        ("custom_css", "x" * 20_001),
        ("brand", "x" * 81),
    ],
)
def test_what_is_not_valid_is_not_saved(browser: Client, inbox: InboxInfo, field: str, value: str) -> None:
    answer = browser.post(f"/settings/inboxes/{inbox.id}", {**INBOX_FORM, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert conversations.find_inbox_by_id(inbox.id) == inbox
    assert _changes() == []


def test_a_new_signing_secret_ends_the_old_one(browser: Client, inbox: InboxInfo) -> None:
    browser.post(f"/settings/inboxes/{inbox.id}/rotate")
    found = conversations.find_inbox_by_id(inbox.id)
    assert found is not None
    assert found.hmac_token != inbox.hmac_token
    assert _changes() == [
        (f"inbox:{inbox.id}", {"signing_secret": None}, {"signing_secret": "rotated"}),
    ]
    assert browser.get("/settings/inboxes/999").status_code == 404
    assert browser.post("/settings/inboxes/999/rotate").status_code == 404


# ── staff ───────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_new_may_sign_in(browser: Client, admin: User) -> None:
    form = {"email": "New@Example.com", "name": "Kim New", "role": "supervisor", "password": PASSWORD}
    made = browser.post("/settings/staff/new", form)
    user = User.objects.get(email="new@example.com")
    assert made["Location"] == f"/settings/staff/{user.pk}"
    assert (user.role, user.check_password(PASSWORD)) == ("supervisor", True)
    entry = AuditEntry.objects.get(kind="staff_created", subject=f"staff:{user.pk}")
    assert entry.actor == admin
    assert PASSWORD not in str(entry.detail)
    assert browser.post("/settings/staff/new", form).status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"name": " "}, {"role": "king"}, {"password": "short"}]
)
def test_an_account_that_is_not_valid_is_not_made(browser: Client, wrong: dict[str, str]) -> None:
    form = {"email": "n@example.com", "name": "N", "role": "agent", "password": PASSWORD, **wrong}
    assert browser.post("/settings/staff/new", form).status_code == 422
    assert not User.objects.filter(email="n@example.com").exists()


def test_an_account_is_changed_and_on_record(browser: Client, agent: User) -> None:
    browser.post("/settings/teams/new", {"name": "Returns", "key": "returns"})
    team = Team.objects.get()
    form = {"name": "Alex B.", "role": "supervisor", "is_active": "1", "teams": [team.pk]}
    assert browser.post(f"/settings/staff/{agent.pk}", form)["Location"] == "/settings/staff/"
    found = accounts.find_account(agent.pk)
    assert found is not None
    assert (found.staff.name, found.staff.role, found.is_available) == ("Alex B.", "supervisor", False)
    assert list(found.staff.team_ids) == [team.pk]
    assert _changes() == [
        (
            f"staff:{agent.pk}",
            {"name": "Alex Berger", "role": "agent", "is_available": True, "teams": []},
            {"name": "Alex B.", "role": "supervisor", "is_available": False, "teams": [team.pk]},
        )
    ]


def test_a_deactivated_account_is_out_at_once(browser: Client, admin: User, agent: User) -> None:
    token = accounts.issue_token(agent.pk, "program", lifetime=None, actor_id=admin.pk)
    theirs = Client()
    theirs.force_login(agent)
    assert theirs.get("/desk/").status_code == 200
    assert accounts.find_staff_by_token(token) is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda act, using=None: act())
        browser.post(f"/settings/staff/{agent.pk}", {"name": "Alex Berger", "role": "agent"})
    assert theirs.get("/desk/").status_code == 302
    assert accounts.find_staff_by_token(token) is None


def test_a_new_password_ends_sessions_and_is_never_on_record(browser: Client, agent: User) -> None:
    theirs = Client()
    theirs.force_login(agent)
    form = {"name": "Alex Berger", "role": "agent", "is_active": "1", "is_available": "1"}
    assert browser.post(f"/settings/staff/{agent.pk}", {**form, "password": "short"}).status_code == 422
    browser.post(f"/settings/staff/{agent.pk}", {**form, "password": "another-long-secret"})
    assert User.objects.get(pk=agent.pk).check_password("another-long-secret")
    assert theirs.get("/desk/").status_code == 302
    assert _changes() == [(f"staff:{agent.pk}", {"password": ""}, {"password": "changed"})]


@pytest.mark.parametrize("change", [{"role": "agent", "is_active": "1"}, {"role": "administrator"}])
def test_nobody_takes_their_own_access_away(browser: Client, admin: User, change: dict[str, str]) -> None:
    answer = browser.post(f"/settings/staff/{admin.pk}", {"name": "Robin Keller", **change})
    assert answer.status_code == 422
    found = User.objects.get(pk=admin.pk)
    assert (found.role, found.is_active) == ("administrator", True)


@pytest.mark.parametrize(
    "form", [{"name": "", "key": "a"}, {"name": "A", "key": "A b"}, {"name": "", "key": ""}]
)
def test_a_team_needs_a_name_and_a_key(browser: Client, form: dict[str, str]) -> None:
    browser.post("/settings/teams/new", form)
    assert not Team.objects.exists()


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_is_shown_once_and_works_until_revoked(browser: Client, agent: User) -> None:
    form = {"name": "reporting", "staff_id": agent.pk, "lifetime": "90"}
    answer = browser.post("/settings/tokens/", form)
    secret = str(answer.context["secret"])
    assert answer.content.decode().count(secret) == 1
    assert "no-store" in answer["Cache-Control"]
    assert secret not in browser.get("/settings/tokens/").content.decode()
    row = ApiToken.objects.get()
    assert row.expires_at is not None
    assert (row.expires_at - row.created_at).days in {89, 90}
    found = accounts.find_staff_by_token(secret)
    assert found is not None
    assert found.id == agent.pk
    browser.post(f"/settings/tokens/{row.pk}/revoke")
    assert accounts.find_staff_by_token(secret) is None
    kinds = AuditEntry.objects.filter(kind__startswith="token_").order_by("id")
    assert [e.kind for e in kinds] == ["token_created", "token_revoked"]
    assert secret not in "".join(str(e.detail) for e in kinds)
    browser.post(f"/settings/tokens/{row.pk}/revoke")
    assert AuditEntry.objects.filter(kind="token_revoked").count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"staff_id": "0"}, {"staff_id": "x"}, {"lifetime": "7"}])
def test_a_token_that_is_not_valid_is_not_made(browser: Client, agent: User, wrong: dict[str, str]) -> None:
    form = {"name": "reporting", "staff_id": str(agent.pk), "lifetime": "90", **wrong}
    assert browser.post("/settings/tokens/", form).status_code == 422
    assert not ApiToken.objects.exists()


# ── connected systems ───────────────────────────────────────────────────────────────────────────────

SYSTEM_FORM = {
    "base_url": "https://shop.example/api/",
    "secret": "key-1",
    "currency": "czk",
    "is_enabled": "1",
}


def test_a_system_is_connected_without_its_key_on_record(browser: Client) -> None:
    assert browser.post("/settings/systems/shop", SYSTEM_FORM)["Location"] == "/settings/systems/"
    row = Connector.objects.get()
    assert (row.base_url, row.settings) == ("https://shop.example/api", {"currency": "CZK"})
    assert connector_services.unseal(row.secret) == "key-1"
    [(subject, before, after)] = _changes()
    assert (subject, before) == (
        "connector:shop",
        {"base_url": None, "currency": None, "is_enabled": None, "key": None},
    )
    assert after == {
        "base_url": "https://shop.example/api",
        "currency": "CZK",
        "is_enabled": True,
        "key": "changed",
    }
    assert "key-1" not in browser.get("/settings/systems/").content.decode()


def test_the_key_stays_when_none_is_entered_and_goes_to_no_other_host(browser: Client) -> None:
    browser.post("/settings/systems/shop", SYSTEM_FORM)
    later = {"base_url": "https://shop.example/api/v2", "secret": "", "currency": "CZK"}
    browser.post("/settings/systems/shop", later)
    row = Connector.objects.get()
    assert (row.base_url, row.is_enabled) == ("https://shop.example/api/v2", False)
    assert connector_services.unseal(row.secret) == "key-1"
    other = {**later, "base_url": "https://other.example/api"}
    assert browser.post("/settings/systems/shop", other).status_code == 422
    assert Connector.objects.get().base_url == "https://shop.example/api/v2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "ftp://shop.example"},
        {"base_url": "https://user:pass@shop.example"},
        {"base_url": "https:///api"},
        {"secret": ""},
        {"currency": "euro"},
    ],
)
def test_a_connection_that_is_not_valid_is_not_saved(browser: Client, wrong: dict[str, str]) -> None:
    assert browser.post("/settings/systems/shop", {**SYSTEM_FORM, **wrong}).status_code == 422
    assert not Connector.objects.exists()
    assert browser.post("/settings/systems/moon", SYSTEM_FORM).status_code == 404


@pytest.mark.parametrize("is_up", [True, False])
def test_the_connection_can_be_tested(
    browser: Client, monkeypatch: pytest.MonkeyPatch, *, is_up: bool
) -> None:
    assert browser.post("/settings/systems/shop/test").status_code == 404
    browser.post("/settings/systems/shop", SYSTEM_FORM)

    class Shop:
        def list_records(self, *_: object) -> list[object]:
            if not is_up:
                raise ConnectorDown("HTTP 401")
            return [object()]

    monkeypatch.setattr(connector_services, "_open", lambda *_: Shop())
    answer = browser.post("/settings/systems/shop/test", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert ("It answers" if is_up else "It does not answer as a shop: HTTP 401.") in text
    plain = browser.post("/settings/systems/shop/test")
    assert plain["Location"] == "/settings/systems/"


# ── procedures ──────────────────────────────────────────────────────────────────────────────────────


def _rehearse() -> None:
    jobs.run_due(jobs.Registry(procedures.job_kinds(bootstrap.rehearse)))


EDITOR = "/settings/procedures/opening_hours/edit"


def _draft(browser: Client, source: str, note: str = "") -> str:
    """The text as a draft, sent to the gate; the page of its report, or of the editor."""
    browser.post("/settings/procedures/new-procedure", {"source": source})
    browser.post(f"{EDITOR}/source", {"source": source})
    return str(browser.post(f"{EDITOR}/publish", {"note": note})["Location"])


PASSING = """tests:
  cases:
    - {name: says when, steps: [], expect: {ends: done}}
"""


def _publish(browser: Client, source: str, note: str) -> str:
    """Through the gate: the text is rehearsed, its report read, then it is published."""
    page = _draft(browser, source, note)
    assert page.startswith("/settings/procedures/rehearsals/")
    assert "Waiting for the worker" in browser.get(page).content.decode()
    _rehearse()
    for item in ("languages", "wording"):
        assert "The gate is closed." in browser.get(page).content.decode()
        answer = {"item": item, "answer": "yes", "note": "English only for now"}
        assert browser.post(f"{page}/answer", answer)["Location"] == f"{page}#item-{item}"
    assert "Nothing stands against" in browser.get(page, headers={"HX-Request": "true"}).content.decode()
    return str(browser.post(f"{page}/publish")["Location"])


def test_a_procedure_is_published_changed_rolled_back_and_withdrawn(browser: Client, admin: User) -> None:
    path = "/settings/procedures/opening_hours"
    source = PROCEDURE + PASSING
    assert _publish(browser, source, "first") == EDITOR
    later = source.replace("nine", "ten")
    assert _publish(browser, later.replace("\n", "\r\n"), "later") == EDITOR
    assert _draft(browser, later) == EDITOR  # in force before: nothing to rehearse
    versions = procedures.list_versions("opening_hours")
    assert [(v.version, v.note, v.created_by, v.is_published) for v in versions] == [
        (2, "later", admin.pk, True),
        (1, "first", admin.pk, False),
    ]
    assert versions[0].source == later
    assert browser.get(path)["Location"] == EDITOR
    assert "from nine" in browser.get(f"{EDITOR}/versions?from=1&to=2").content.decode()
    assert "from ten" in browser.get(EDITOR).content.decode()
    browser.post(f"{path}/change", {"do": "roll_back", "version": "1"})
    assert procedures.load_book()["opening_hours"].version == 1
    browser.post(f"{path}/change", {"do": "withdraw"})
    assert "opening_hours" not in procedures.load_book()
    assert "Not in force" in browser.get("/settings/procedures/").content.decode()
    kinds = AuditEntry.objects.filter(subject="procedure:opening_hours").order_by("id")
    assert [(e.kind, e.actor) for e in kinds] == [
        ("procedure_published", admin),
        ("procedure_published", admin),
        ("procedure_published", admin),
        ("procedure_withdrawn", admin),
    ]
    assert browser.post(f"{path}/change", {"do": "roll_back", "version": "9"}).status_code == 400
    assert browser.post("/settings/procedures/nothing/change", {"do": "withdraw"}).status_code == 404
    assert browser.get("/settings/procedures/nothing").status_code == 404


def test_mistakes_are_named_with_line_and_column_and_nothing_is_published(browser: Client) -> None:
    wrong = PROCEDURE + "do: [{action: shop.fly, with: {}}]\noffer: [nowhere]\n"
    checked = browser.post("/settings/procedures/check-text", {"source": wrong}).content.decode()
    assert "line 6, column" in checked
    assert "shop.fly" in checked
    assert "nowhere" in checked
    assert _draft(browser, wrong) == EDITOR
    assert "shop.fly" in browser.get(EDITOR).content.decode()
    assert not Procedure.objects.exists()
    fine = browser.post("/settings/procedures/check-text", {"source": PROCEDURE}).content.decode()
    assert "it can be published" in fine


@pytest.mark.parametrize("source", ["", "- a\n- b", "{", "a: [", "x" * 200_001, "a: &a [*a]"])
def test_any_text_can_be_checked(browser: Client, source: str) -> None:
    answer = browser.post("/settings/procedures/check-text", {"source": source})
    assert answer.status_code == 200
    assert "nothing is published" in answer.content.decode()


def test_a_procedure_keeps_its_name_and_a_new_one_replaces_none(browser: Client) -> None:
    procedures.publish(PROCEDURE)
    renamed = PROCEDURE.replace("opening_hours", "closing_hours")
    browser.post(f"{EDITOR}/source", {"source": renamed})
    assert browser.post(f"{EDITOR}/publish")["Location"] == EDITOR
    again = PROCEDURE.replace("nine", "eight")
    assert browser.post("/settings/procedures/new-procedure", {"source": again}).status_code == 422
    assert [(p.name, p.versions) for p in procedures.list_procedures("en")] == [("opening_hours", 1)]


FAILING = """tests:
  cases:
    - {name: opens at noon, steps: [], expect: {ends: done, says: [from noon]}}
"""


def test_against_the_gate_only_with_a_reason_on_record(browser: Client, admin: User) -> None:
    page = _draft(browser, PROCEDURE + FAILING)
    assert browser.post(f"{page}/publish", {"reason": "not finished"})["Location"] == page
    _rehearse()
    shown = browser.get(page).content.decode()
    assert "1 of 1 test cases fail: opens at noon" in shown
    assert "Publish all the same" in shown
    assert browser.post(f"{page}/publish", {"reason": "short"}).status_code == 422
    assert not Procedure.objects.exists()
    answer = browser.post(f"{page}/publish", {"reason": "the owner wants it today"})
    assert answer["Location"] == EDITOR
    assert browser.post(f"{page}/publish", {"reason": "once is enough"})["Location"] == page
    entry = AuditEntry.objects.get(kind="procedure_gate_overridden")
    assert entry.actor == admin
    against = entry.detail.pop("stood_against")
    assert entry.detail == {"version": 1, "reason": "the owner wants it today", "threshold": 0.9}
    assert (against[0], against[-1]) == (
        "1 of 1 test cases fail: opens at noon",
        "Somebody has read the wording: 2 texts",
    )
    page = browser.get(f"{EDITOR}/versions/1").content.decode()
    assert "Published in spite of what was open: the owner wants it today" in page
    assert browser.get(f"{EDITOR}/versions/1?format=json").json()["override"] == "the owner wants it today"
    kept = browser.get(f"{EDITOR}/versions/1?format=markdown").content.decode()
    assert "- [ ] **Test cases are there and pass**: open" in kept
    assert browser.get("/settings/procedures/rehearsals/999").status_code == 404


def test_who_may_not_configure_sees_no_report(agent: User, browser: Client) -> None:
    page = _draft(browser, PROCEDURE)
    other = Client()
    other.force_login(agent)
    assert other.get(page).status_code == 403
    assert other.post(f"{page}/publish").status_code == 403


def test_a_rehearsal_that_breaks_off_keeps_the_gate_closed(browser: Client) -> None:
    def rehearse(*_: object, **__: object) -> dict[str, object]:
        raise RuntimeError("no sandbox")

    page = _draft(browser, PROCEDURE)
    (kind,) = procedures.job_kinds(rehearse)
    for attempt in (1, 2):
        with pytest.raises(RuntimeError):
            kind.run({"rehearsal_id": int(page.rsplit("/", 1)[-1])}, jobs.JobContext(1, None, attempt))
    shown = browser.get(page).content.decode()
    assert "the rehearsal broke off: RuntimeError: no sandbox" in shown
    assert browser.post(f"{page}/publish").status_code == 422


def test_the_schema_is_served_for_editors(browser: Client, agent: User) -> None:
    served = browser.get("/settings/procedures/schema.json")
    assert served["Content-Type"] == "application/schema+json"
    assert served.json() == procedures.make_schema()
    other = Client()
    other.force_login(agent)
    assert other.get("/settings/procedures/schema.json").status_code == 403
