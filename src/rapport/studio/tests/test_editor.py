"""The editor's pages: the draft is changed, taken back, tried, tested and published; nothing reaches customers before."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import User
from rapport.procedures import api as procedures
from rapport.studio.models import Draft
from rapport.studio.queries import find_draft

pytestmark = pytest.mark.django_db

EDIT = "/settings/procedures/cancel_order/edit"


@pytest.fixture(autouse=True)
def published() -> None:
    for template in procedures.list_templates():
        if template.name in ("cancel_order", "order_status", "refund_status", "return_items"):
            procedures.publish(template.source, cases=template.cases)
    procedures.forget_book()


def _client(role: str, name: str = "Robin Keller") -> tuple[Client, User]:
    user = accounts.create_staff(f"{role}-{name[0]}@example.com".lower(), name, role, "a-long-enough-secret")
    client = Client()
    client.force_login(user)
    return client, user


@pytest.fixture
def admin() -> tuple[Client, User]:
    return _client("administrator")


def _draft(user: User):
    found = find_draft(user.pk, "cancel_order")
    assert found is not None
    return found


def test_the_flow_shows_every_card_in_plain_words(admin):
    browser, _user = admin
    page = browser.get(EDIT).content.decode()
    assert "Which order would you like to cancel?" in page
    assert "only where order › status is “pending”" in page
    assert "Go on only if reason is not “other”" in page
    assert "Draft saved" not in page
    assert Draft.objects.count() == 0


def test_every_card_has_a_form(admin):
    browser, _user = admin
    for path in (
        "",
        "slots/order",
        "slots/reason",
        "let/item_titles",
        "rules/0",
        "confirm",
        "do/0",
        "done/0",
        "done/1",
    ):
        answer = browser.get(f"{EDIT}/form?card={path}")
        assert answer.status_code == 200, path
        assert 'id="card-form"' in answer.content.decode(), path


def test_a_changed_text_is_kept_as_a_draft_and_can_be_taken_back(admin):
    browser, user = admin
    before = _draft(user).source
    form = {"card": "slots/order", "#form": "1", "ask/en": "Which one shall go?"}
    answer = browser.post(f"{EDIT}/change", form)
    assert answer["HX-Trigger"] == "draft-changed"
    assert "Which one shall go?" in answer.content.decode()
    assert "HX-Trigger" not in browser.post(f"{EDIT}/change", form), "nothing new: the preview stays as it is"
    changed = _draft(user).source
    assert changed == before.replace("Which order would you like to cancel?", "Which one shall go?", 1)
    assert (
        procedures.load_book()["cancel_order"].slot("order").ask["en"]
        == "Which order would you like to cancel?"
    )
    browser.post(f"{EDIT}/step", {"do": "undo"})
    assert _draft(user).source == before
    browser.post(f"{EDIT}/step", {"do": "redo"})
    assert _draft(user).source == changed


def test_saving_a_form_as_it_is_shown_changes_nothing(admin):
    """Whatever a card's form shows is what the document says: sent back untouched, no byte changes."""
    browser, user = admin
    before = _draft(user).source
    for path in (
        "",
        "slots/order",
        "slots/reason",
        "let/item_titles",
        "rules/0",
        "confirm",
        "do/0",
        "done/0",
        "done/1",
        "offer",
    ):
        page = browser.get(f"{EDIT}/form?card={path}").content.decode()
        browser.post(f"{EDIT}/change", _fields(page))
        assert _draft(user).source == before, path


def _fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form."""
    from html.parser import HTMLParser

    found: dict[str, list[str]] = {}

    class Reader(HTMLParser):
        area: str | None = None
        select: str | None = None

        def handle_starttag(self, tag, attributes):
            given = dict(attributes)
            name = given.get("name")
            if tag == "input" and name:
                is_box = given.get("type") == "checkbox"
                if not is_box or "checked" in given:
                    found.setdefault(name, []).append(given.get("value") or "")
            elif tag == "textarea":
                self.area = name
                found.setdefault(name, []).append("")
            elif tag == "select":
                self.select = name
            elif tag == "option" and self.select and ("selected" in given or self.select not in found):
                found[self.select] = [given.get("value") or ""]

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.area = None
            elif tag == "select":
                self.select = None

        def handle_data(self, data):
            if self.area:
                found[self.area][-1] += data

    Reader().feed(page)
    return found


# ── changes ─────────────────────────────────────────────────────────────────────────────────────────


def _change(browser, status=200, **form):
    answer = browser.post(f"{EDIT}/change", {k.replace("__", "#"): v for k, v in form.items()})
    assert answer.status_code == status, answer.content[:300]
    return answer


def _document(user):
    import yaml

    return yaml.safe_load(_draft(user).source)


KINDS = ["action", "say", "if", "wait", "approve", "run", "person"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_step_can_be_added_and_opened(admin, kind):
    browser, user = admin
    _change(browser, do="add", kind=kind, into="do", index="1")
    added = _document(user)["do"][1]
    assert kind in added
    page = browser.get(f"{EDIT}/form?card=do/1").content.decode()
    assert 'id="card-form"' in page
    before = _draft(user).source
    browser.post(f"{EDIT}/change", _fields(page))
    assert _draft(user).source == before, "the form as shown says what the document says"
    problems = procedures.check_definition(before)
    assert [p.path for p in problems if not p.path.startswith("do.1")] == []


@pytest.mark.parametrize(
    ("kind", "into"),
    [
        ("slot", "slots"), ("lookup", "lookups"), ("value", "let"), ("limit", "limits"), ("rule", "rules"),
        ("human_rule", "human_when"), ("line", "done"), ("undo", ""), ("offer", ""),
    ],
)  # fmt: skip
def test_everything_else_can_be_added_to_a_procedure_that_only_says_something(admin, kind, into):
    browser, user = admin
    browser.post("/settings/procedures/new-procedure", {"title": "Opening hours"})
    draft = find_draft(user.pk, "opening_hours")
    assert procedures.check_definition(draft.source) == ()
    answer = browser.post(
        "/settings/procedures/opening_hours/edit/change",
        {"do": "add", "kind": kind, "into": into, "index": "0"},
    )
    assert answer.status_code == 200
    after = find_draft(user.pk, "opening_hours").source
    problems = procedures.check_definition(after)
    assert problems == () or kind in ("lookup", "undo", "limit"), problems
    assert procedures.format_definition(after) == after


def test_branches_hold_steps_that_can_be_moved_and_deleted(admin):
    browser, user = admin
    _change(browser, do="add", kind="if", into="do", index="0")
    _change(browser, do="add", kind="say", into="do/0/else", index="0")
    _change(browser, do="add", kind="person", into="do/0/then", index="1")
    assert [next(iter(s)) for s in _document(user)["do"][0]["then"]] == ["say", "person"]
    _change(browser, do="up", at="do/0/then/1")
    assert [next(iter(s)) for s in _document(user)["do"][0]["then"]] == ["person", "say"]
    page = browser.get(EDIT).content.decode()
    assert "Otherwise" in page
    _change(browser, do="delete", at="do/0/else/0", count="1")
    assert "else" not in _document(user)["do"][0]


def test_cards_are_moved_duplicated_and_deleted(admin):
    browser, user = admin
    _change(browser, do="down", at="slots/order")
    assert list(_document(user)["slots"]) == ["reason", "order"]
    _change(browser, do="up", at="slots/order")
    answer = _change(browser, do="duplicate", at="rules/0")
    assert [r["name"] for r in _document(user)["rules"]] == ["reason_is_accepted", "reason_is_accepted_2"]
    assert 'value="rules/1"' in answer.content.decode()
    _change(browser, 422, do="delete", at="rules/0", count="9")
    _change(browser, do="delete", at="rules/0", count="2")
    assert [r["name"] for r in _document(user)["rules"]] == ["reason_is_accepted_2"]


def test_another_name_is_changed_wherever_it_is_used(admin):
    browser, user = admin
    _change(browser, card="slots/order", **{"#form": "1", "@name": "purchase"})
    source = _draft(user).source
    assert procedures.check_definition(source) == ()
    assert list(_document(user)["slots"]) == ["purchase", "reason"]
    assert "order.status" in _document(user)["slots"]["purchase"]["where"] or "purchase.status" in source
    assert "{purchase.id}" in source
    assert "shop.cancel_order" in source
    _change(browser, 422, card="slots/purchase", **{"#form": "1", "@name": "reason"})


def test_a_condition_is_changed_in_rows(admin):
    browser, user = admin
    rows = {
        "card": "slots/order", "#form": "1", "where#mode": "any",
        "where#0#field": "order.status", "where#0#comparison": "one_of", "where#0#value": "pending, processed",
        "where#1#field": "order.total", "where#1#comparison": "less", "where#1#value": "500", "where#1#kind": "number",
    }  # fmt: skip
    browser.post(f"{EDIT}/change", rows)
    assert (
        _document(user)["slots"]["order"]["where"]
        == "order.status in ['pending', 'processed'] || order.total < 500"
    )
    browser.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "where#mode": "always"})
    assert "where" not in _document(user)["slots"]["order"]


def test_options_are_added_and_removed_with_the_form(admin):
    browser, user = admin
    _change(browser, card="slots/reason", do="add_part:options", part="option", **{"#form": "1"})
    values = [o["value"] for o in _document(user)["slots"]["reason"]["options"]]
    assert values == ["no_longer_needed", "ordered_by_mistake", "other", "answer"]
    _change(browser, card="slots/reason", do="up:options/3")
    _change(browser, card="slots/reason", do="delete:options/0")
    values = [o["value"] for o in _document(user)["slots"]["reason"]["options"]]
    assert values == ["ordered_by_mistake", "answer", "other"]


def test_a_wrong_expression_stands_on_its_card_and_keeps_it_from_being_published(admin):
    browser, user = admin
    form = {"card": "rules/0", "#form": "1", "check#mode": "free", "check": "reason =="}
    shown = browser.post(f"{EDIT}/change", form).content.decode()
    assert "not a valid expression" in shown
    assert 'id="e-f-check"' in shown
    assert _document(user)["rules"][0]["check"] == "reason =="
    assert browser.post(f"{EDIT}/publish", {"note": "x"})["Location"] == EDIT
    assert len(procedures.list_versions("cancel_order")) == 1
    assert "It cannot be tried while it has mistakes" in browser.post(f"{EDIT}/preview").content.decode()


def test_english_is_copied_and_tones_are_kept_apart(admin):
    browser, user = admin
    _change(browser, card="slots/order", do="copy_en:ask/cs")
    assert _document(user)["slots"]["order"]["ask"]["cs"] == "Which order would you like to cancel?"
    _change(browser, card="slots/order", do="tones:ask/de")
    tones = {
        "formal": "Welche Bestellung möchten Sie stornieren?",
        "informal": "Welche Bestellung möchten Sie stornieren?",
    }
    assert _document(user)["slots"]["order"]["ask"]["de"] == tones
    form = {
        "card": "slots/order",
        "#form": "1",
        "ask/de/formal": tones["formal"],
        "ask/de/informal": "Welche willst du stornieren?",
    }
    browser.post(f"{EDIT}/change", form)
    assert _document(user)["slots"]["order"]["ask"]["de"]["informal"] == "Welche willst du stornieren?"


# ── who ─────────────────────────────────────────────────────────────────────────────────────────────


def test_who_drafts_may_not_publish_and_sees_why():
    browser, _user = _client("supervisor", "Sam Novak")
    browser.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "ask/en": "Which?"})
    page = browser.get(EDIT).content.decode()
    assert "an administrator publishes" in page
    assert browser.post(f"{EDIT}/publish").status_code == 403
    assert browser.get("/settings/procedures/").status_code == 200
    agent, _agent = _client("agent", "Alex Berger")
    for path in ("", "/form?card=", "/cases", "/source", "/versions"):
        assert agent.get(f"{EDIT}{path}").status_code == 403
    assert agent.post(f"{EDIT}/change", {"do": "delete", "at": "rules/0"}).status_code == 403


def test_two_people_who_edit_are_told(admin):
    browser, user = admin
    other, _other = _client("supervisor", "Sam Novak")
    other.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "ask/en": "Which?"})
    page = browser.get(EDIT).content.decode()
    assert "Sam Novak is changing this procedure too" in page
    assert "Which?" not in page
    procedures.publish(_draft(user).source.replace("Which order would", "Which one would"))
    assert "Version 2 was published after you began" in other.get(EDIT).content.decode()


# ── preview and test cases ──────────────────────────────────────────────────────────────────────────


def _try(browser, moves="[]", **more):
    return browser.post(f"{EDIT}/preview", {"moves": moves, **more}).content.decode()


def test_the_preview_runs_the_draft_and_is_kept_as_a_test_case(admin):
    browser, user = admin
    browser.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "ask/en": "Which one shall go?"})
    page = _try(browser)
    assert "Which one shall go?" in page
    assert 'data-active="slots/order"' in page
    moves = '[{"click": "#W1735502"}, {"say": "ordered by mistake"}]'
    page = _try(browser, moves)
    assert "Cancel the whole order #W1735502" in page
    page = _try(browser, moves, send="say", write="yes please")
    assert "shop.cancel_order" in page
    done = '[{"click": "#W1735502"}, {"say": "ordered by mistake"}, {"do": "yes"}]'
    kept = browser.post(f"{EDIT}/keep", {"moves": done, "name": "by mistake, in words"})
    assert kept.status_code == 204
    assert '"cases-changed"' in kept["HX-Trigger"]
    cases = browser.get(f"{EDIT}/cases").content.decode()
    assert "All 11 pass" in cases
    import yaml

    case = yaml.safe_load(_draft(user).cases)["cases"][-1]
    assert case == {
        "name": "by mistake, in words",
        "steps": [
            {"click": "#W1735502", "asks": "reason"},
            {"say": "ordered by mistake", "asks": "confirm"},
            {"do": "yes"},
        ],
        "expect": {
            "ends": "done",
            "calls": [
                {
                    "action": "shop.cancel_order",
                    "with": {"order_id": "#W1735502", "reason": "ordered by mistake"},
                }
            ],
        },
    }


def test_a_case_is_changed_in_a_form_and_deleted(admin):
    browser, _user = admin
    page = browser.get(f"{EDIT}/cases?open=2").content.decode()
    form = _fields(page)
    form["ends"] = ["done"]
    answer = browser.post(f"{EDIT}/cases/change", {**form, "do": "save"}).content.decode()
    assert "1 of 10 fail" in answer
    assert "expected the end" in answer
    answer = browser.post(f"{EDIT}/cases/change", {"index": "2", "do": "delete"}).content.decode()
    assert "All 9 pass" in answer


def test_other_customers_can_be_played(admin):
    browser, _user = admin
    assert "You have no order that could still be cancelled" in _try(browser, customer="empty")
    assert "I&#x27;ll go on here as soon as it does; or ask for a person." in _try(browser, customer="down")
    assert "Kterou objednávku chcete zrušit?" in _try(browser, language="cs")


def test_choosing_none_of_several_is_answered(admin):
    browser, _user = admin
    several = "/settings/procedures/return_items/edit/preview"
    moves = '[{"click": "#W4168835"}]'
    page = browser.post(several, {"moves": moves}).content.decode()
    assert "Choose these" in page
    assert "Choose at least one" not in page
    assert "Choose at least one" in browser.post(several, {"moves": moves, "send": "many"}).content.decode()


@pytest.mark.parametrize(
    "moves", ["x", "{}", "[1]", '[{"click": 5}]', '[{"fly": 1}]', '[{"form": {"a": "b"}}]', '[{"wake": "x"}]']
)
def test_moves_that_make_no_sense_break_nothing(admin, moves):
    browser, _user = admin
    assert browser.post(f"{EDIT}/preview", {"moves": moves}).status_code == 200


# ── beginnings and ends ─────────────────────────────────────────────────────────────────────────────


def test_a_procedure_begins_from_a_template_with_its_cases(admin):
    browser, user = admin
    page = browser.get("/settings/procedures/new-procedure").content.decode()
    assert page.count('name="template"') == len(procedures.list_templates())
    answer = browser.post("/settings/procedures/new-procedure", {"template": "cancel_order"})
    assert answer["Location"] == "/settings/procedures/cancel_order_2/edit"
    draft = find_draft(user.pk, "cancel_order_2")
    assert procedures.check_definition(draft.source) == ()
    assert "All 10 pass" in browser.get("/settings/procedures/cancel_order_2/edit/cases").content.decode()
    assert "cancel_order_2" in browser.get("/settings/procedures/").content.decode()
    browser.post("/settings/procedures/cancel_order_2/edit/discard")
    assert find_draft(user.pk, "cancel_order_2") is None


def test_templates_say_what_is_in_force_already(admin):
    browser, _user = admin
    page = browser.get("/settings/procedures/new-procedure").content.decode()
    assert page.count("You have it in force") == 4


def test_source_and_flow_are_one_document(admin):
    browser, user = admin
    text = _draft(user).source.replace("Which order would you like to cancel?", "Which of them?")
    browser.post(f"{EDIT}/source", {"source": text})
    assert "Which of them?" in browser.get(EDIT).content.decode()
    browser.post(f"{EDIT}/source", {"source": "a: ["})
    assert "The text cannot be read as cards" in browser.get(EDIT).content.decode()
    _change(browser, 422, do="delete", at="rules/0")
    browser.post(f"{EDIT}/step", {"do": "undo"})
    assert _draft(user).source == text


def test_versions_are_compared_by_meaning(admin):
    browser, _user = admin
    browser.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "ask/en": "Which?"})
    page = browser.get(f"{EDIT}/versions").content.decode()
    assert "slots.order.ask [en]" in page
    assert browser.get(f"{EDIT}/versions?from=9&to=x").status_code == 200


@pytest.mark.parametrize("name", sorted(t.name for t in procedures.list_templates()))
def test_every_template_can_be_opened(admin, name):
    browser, user = admin
    if procedures.list_versions(name):
        return
    browser.post("/settings/procedures/new-procedure", {"template": name})
    path = f"/settings/procedures/{name}/edit"
    page = browser.get(path).content.decode()
    assert 'class="card-problem"' not in page or "there is no" in page
    before = find_draft(user.pk, name).source
    import re

    cards = list(dict.fromkeys(re.findall(r'data-card="([^"]*)"', page)))
    for card in cards[1::3]:
        form = browser.get(f"{path}/form?card={card}").content.decode()
        assert 'id="card-form"' in form, card
        browser.post(f"{path}/change", _fields(form))
        assert find_draft(user.pk, name).source == before, card


def test_a_question_of_another_kind_has_what_that_kind_needs(admin):
    browser, user = admin
    browser.post(f"{EDIT}/change", {"card": "slots/reason", "#form": "1", "type": "shop.order_item"})
    slot = _document(user)["slots"]["reason"]
    assert (slot["of"], "options" in slot) == (["order"], False)
    browser.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "type": "choice"})
    slot = _document(user)["slots"]["order"]
    assert [o["value"] for o in slot["options"]] == ["first", "second"]
    assert not {"where", "none", "refused"} & slot.keys()
    browser.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "type": "shop.product"})
    browser.post(f"{EDIT}/change", {"card": "slots/reason", "#form": "1", "type": "text"})
    browser.post(f"{EDIT}/change", {"card": "slots/reason", "#form": "1", "type": "shop.variant"})
    assert _document(user)["slots"]["reason"]["of"] == ["order"]


@pytest.mark.parametrize(
    "card", ["do/9", "slots/none", "slots/order/ask", "x", "rules", "done/0/say", "title"]
)
def test_what_is_no_card_has_no_form_and_cannot_be_saved(admin, card):
    browser, user = admin
    before = _draft(user).source
    assert 'id="card-form"' not in browser.get(f"{EDIT}/form?card={card}").content.decode()
    answer = _change(browser, 422, card=card, **{"#form": "1", "ask/en": "x"})
    assert answer["X-Problem"].startswith("This%20card%20is%20gone")
    assert _draft(user).source == before
