"""Canned responses: who may write for whom, placeholders, search, import."""

from __future__ import annotations

import pytest

from rapport.accounts import api as accounts
from rapport.accounts.models import AuditEntry, Team, User
from rapport.conversations import api as conversations
from rapport.conversations.api import CannedDraft, fill_placeholders, left_placeholders
from rapport.conversations.logic.placeholders import unknown_placeholders
from rapport.conversations.models import CannedResponse
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted

pytestmark = pytest.mark.django_db


def _staff(email, role):
    return accounts.find_staff(accounts.create_staff(email, email.partition("@")[0], role).pk)


@pytest.fixture
def boss():
    return _staff("boss@example.com", "supervisor")


@pytest.fixture
def agent():
    return _staff("agent@example.com", "agent")


def _codes(staff, query=""):
    return [info.short_code for info in conversations.list_canned(staff, query)]


def test_a_text_is_chosen_by_the_customers_language_and_falls_back(boss):
    made = conversations.save_canned(boss, CannedDraft("/Hello", {"cs": "Ahoj", "en": "Hi", "de": " "}))
    assert (made.short_code, dict(made.texts), made.scope) == ("hello", {"en": "Hi", "cs": "Ahoj"}, "shared")
    assert [made.text_in(x) for x in ("cs", "de")] == [("Ahoj", "cs"), ("Hi", "en")]
    only = conversations.save_canned(boss, CannedDraft("ru", {"ru": "Да"}))
    assert only.text_in("zh") == ("Да", "ru")


@pytest.mark.parametrize(
    ("code", "texts", "scope", "field"),
    [
        ("no space", {"en": "x"}, "shared", "short_code"),
        ("", {"en": "x"}, "shared", "short_code"),
        ("a", {"en": "  "}, "shared", "content"),
        ("a", {"fr": "x"}, "shared", "content"),
        ("a", {"en": "Dear {{contact.password}}"}, "shared", "content_en"),
        ("a", {"en": "Dear {{contact.name"}, "shared", "content_en"),
        ("a", {"en": "x" * 5001}, "shared", "content_en"),
        ("a", {"en": "x"}, "everywhere", "scope"),
        ("a", {"en": "x"}, "team", "team_id"),
    ],
)
def test_what_cannot_be_stored_names_its_field(boss, code, texts, scope, field):
    with pytest.raises(InvalidInput) as caught:
        conversations.save_canned(boss, CannedDraft(code, texts, scope, 999))
    assert caught.value.facts["field"] == field
    assert CannedResponse.objects.count() == 0


def test_an_agent_writes_for_themselves_only(boss, agent):
    shared = conversations.save_canned(boss, CannedDraft("shared", {"en": "x"}))
    with pytest.raises(NotPermitted):
        conversations.save_canned(agent, CannedDraft("mine", {"en": "x"}))
    with pytest.raises(NotPermitted):
        conversations.save_canned(agent, CannedDraft("shared", {"en": "y"}, "personal"), canned_id=shared.id)
    with pytest.raises(NotPermitted):
        conversations.delete_canned(agent, shared.id)
    own = conversations.save_canned(agent, CannedDraft("shared", {"en": "mine"}, "personal"))
    assert [(i.texts["en"], i.is_editable) for i in conversations.list_canned(agent)] == [
        ("x", False),
        ("mine", True),
    ]
    assert _codes(boss) == ["shared"]
    with pytest.raises(NotFound):
        conversations.delete_canned(boss, own.id)
    assert CannedResponse.objects.count() == 2


def test_a_teams_own_are_seen_by_its_members(boss, agent):
    team = accounts.create_team("care", "Care", (agent.id,))
    other = accounts.create_team("other", "Other", ())
    for code, found in (("of-care", team), ("of-other", other)):
        conversations.save_canned(boss, CannedDraft(code, {"en": "x"}, "team", found.pk))
    agent = accounts.find_staff(agent.id)
    assert (_codes(agent), sorted(_codes(boss))) == (["of-care"], ["of-care", "of-other"])
    Team.objects.all().delete()
    assert CannedResponse.objects.count() == 0


def test_a_short_code_is_taken_once_per_circle(boss):
    first = conversations.save_canned(boss, CannedDraft("a", {"en": "x"}))
    with pytest.raises(Conflict):
        conversations.save_canned(boss, CannedDraft("a", {"en": "y"}))
    conversations.save_canned(boss, CannedDraft("a", {"en": "y"}, "personal"))
    conversations.save_canned(boss, CannedDraft("a", {"en": "z"}), canned_id=first.id)
    assert sorted(t["en"] for t in CannedResponse.objects.values_list("texts", flat=True)) == ["y", "z"]


def test_the_search_finds_codes_first_and_texts_in_any_language(boss):
    for code, texts in (
        ("delay", {"en": "It is late", "cs": "Zásilka se zpozdila"}),
        ("sorry", {"en": "Sorry for the delay"}),
        ("other", {"en": "100% _sure_"}),
    ):
        conversations.save_canned(boss, CannedDraft(code, texts))
    conversations.count_use(boss, CannedResponse.objects.get(short_code="sorry").pk)
    assert _codes(boss) == ["sorry", "delay", "other"]
    assert _codes(boss, "del") == ["delay", "sorry"]
    assert _codes(boss, "ZÁSILKA zpoz") == ["delay"]
    assert (_codes(boss, "%"), _codes(boss, "_sure"), _codes(boss, "zzz")) == (["other"], ["other"], [])


def test_every_change_is_on_record(boss):
    made = conversations.save_canned(boss, CannedDraft("a", {"en": "x"}), ip_address="10.0.0.1")
    conversations.save_canned(boss, CannedDraft("a", {"en": "x"}), canned_id=made.id)
    conversations.save_canned(boss, CannedDraft("a", {"en": "y"}), canned_id=made.id)
    conversations.delete_canned(boss, made.id)
    entries = AuditEntry.objects.filter(subject=f"canned:{made.id}").order_by("id")
    assert [e.kind for e in entries] == [
        "canned_response_created",
        "canned_response_changed",
        "canned_response_deleted",
    ]
    assert entries[1].detail["before"]["texts"] == {"en": "x"}
    assert entries[0].ip_address == "10.0.0.1"


def test_personal_ones_go_with_their_owner(agent):
    conversations.save_canned(agent, CannedDraft("a", {"en": "x"}, "personal"))
    AuditEntry.objects.all().delete()
    User.objects.filter(pk=agent.id).delete()
    assert CannedResponse.objects.count() == 0


def test_placeholders_are_filled_once_and_gaps_are_named():
    text = "Dear {{ contact.name }}, #{{conversation.display_id}}: {{order.number}} {{order.number}}"
    values = {"contact.name": "{{agent.name}}", "conversation.id": "7"}
    assert fill_placeholders(text, values) == (
        "Dear {{agent.name}}, #7: {{order.number}} {{order.number}}",
        ("order.number",),
    )
    assert left_placeholders("a {{order.number}} {{x}} {{conversation.display_id}}") == (
        "order.number",
        "conversation.id",
    )
    assert unknown_placeholders("{{agent.name}} {{x}} }} {{") == ("x", "{{", "}}")


def test_a_table_is_imported_whole_or_not_at_all(boss, agent):
    accounts.create_team("care", "Care", ())
    table = '\ufeffshort_code;en;cs;team\r\nhello;"Hi, ""you""\nthere";Ahoj;\r\n;;;\r\nbye;Bye;;care\r\n'
    assert conversations.import_canned(boss, table.encode()) == (2, 0)
    assert conversations.import_canned(boss, table.encode()) == (0, 2)
    rows = conversations.list_canned(boss)
    assert [(r.short_code, dict(r.texts), r.scope) for r in rows] == [
        ("bye", {"en": "Bye"}, "team"),
        ("hello", {"en": 'Hi, "you"\nthere', "cs": "Ahoj"}, "shared"),
    ]
    written = conversations.export_canned(rows)
    assert conversations.import_canned(boss, written.encode()) == (0, 2)
    assert [dict(r.texts) for r in conversations.list_canned(boss)] == [dict(r.texts) for r in rows]
    bad = {
        b"short_code,content\nnew,x\nno code,x\n": "Line 3: A short code",
        b"short_code,content\nnew,{{x}}\n": "Line 2: Unknown placeholder",
        b"short_code,content,team\nnew,x,nobody\n": "Line 2: there is no team",
        b"name,text\na,b\n": "The first line",
        b"short_code,content\n": "0 rows",
        b"short_code,content\n\xff,x\n": "UTF-8",
        b"x" * 1_000_001: "1 MB",
    }
    for content, said in bad.items():
        with pytest.raises(InvalidInput, match=said):
            conversations.import_canned(boss, content)
    with pytest.raises(InvalidInput, match="Line 2: you may import for yourself only"):
        conversations.import_canned(agent, b"short_code,content\nmine,x\n")
    assert conversations.import_canned(agent, b"short_code,content,scope\nmine,x,personal\n") == (1, 0)
    assert CannedResponse.objects.count() == 3
