"""Canned responses in the reply: the list in the customer's language, and what is not known."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.assistant.models import Dialogue
from rapport.conversations import api as conversations
from rapport.conversations.api import CannedDraft
from rapport.conversations.models import CannedResponse, Conversation
from rapport.desk.canned import filling
from rapport.desk.canned.filling import latest_order
from rapport.desk.tests.conftest import Desk
from rapport.procedures.contracts import DialogueState, Frame, Option, SlotValue
from rapport.procedures.logic.state import state_to_json


@pytest.fixture
def texts(desk: Desk) -> None:
    boss = accounts.find_staff(desk.colleague.pk)
    assert boss is not None
    for code, written in (
        ("hello", {"en": "Hello {{contact.name}}", "de": "Guten Tag {{contact.name}}, hier {{agent.name}}"}),
        ("order", {"en": "About {{order.number}} (#{{conversation.id}})"}),
        ("markup", {"de": '<script>alert("x")</script>'}),
    ):
        conversations.save_canned(boss, CannedDraft(code, written))


def _page(browser: Client, number: int, query: str = "") -> str:
    answer = browser.get(f"/desk/conversations/{number}/canned", {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("texts")
def test_the_list_is_filled_in_and_in_the_customers_language(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent, '<b>Mia "M" Hoffmann</b>')
    assert info.language == "de"
    page = _page(browser, info.display_id, "/hello")
    assert page.count('role="option"') == 1
    assert "Guten Tag &lt;b&gt;Mia &quot;M&quot; Hoffmann&lt;/b&gt;, hier Alex Berger" in page
    assert "<b>Mia" not in page
    assert "In English" not in page
    fallen = _page(browser, info.display_id, "order")
    assert "In English" in fallen
    assert f"(#{info.display_id})" in fallen
    assert 'data-gap="{{order.number}}"' in fallen
    escaped = _page(browser, info.display_id, "markup")
    assert "<script>" not in escaped
    assert "&lt;script&gt;alert(&quot;x&quot;)" in escaped
    assert _page(browser, info.display_id).count('role="option"') == 3
    assert "Nothing found" in _page(browser, info.display_id, "zzz")


@pytest.mark.usefixtures("texts")
def test_the_order_is_the_one_the_latest_procedure_is_about(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    chosen = SlotValue((Option("#W7", "Order #W7"),), "chosen")
    older = SlotValue((Option("#W1", "Order #W1"),), "chosen")
    frames = (
        Frame("s-1", "order_status", 1, "done", {"order": older}),
        Frame("s-2", "return_items", 1, "done", {"order": chosen}),
        Frame("s-3", "small", 1, "done"),
    )
    state = state_to_json(DialogueState(finished=frames))
    Dialogue.objects.create(conversation_id=info.id, role="customer", state=state)
    assert latest_order(int(info.id)) == "#W7"
    assert "About #W7 " in _page(browser, info.display_id, "order")


@pytest.mark.usefixtures("texts")
def test_an_insertion_is_counted(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    row = CannedResponse.objects.get(short_code="hello")
    path = f"/desk/conversations/{info.display_id}/canned/{row.pk}/used"
    assert browser.get(path).status_code == 405
    assert [browser.post(path).status_code for _ in range(2)] == [204, 204]
    assert CannedResponse.objects.get(pk=row.pk).use_count == 2
    assert 'id="canned-query"' in browser.get(f"/desk/conversations/{info.display_id}").content.decode()


@pytest.mark.usefixtures("texts")
def test_only_those_who_answer_see_them(desk: Desk) -> None:
    info = desk.taken(desk.agent)
    analyst = Client()
    analyst.force_login(desk.analyst)
    assert analyst.get(f"/desk/conversations/{info.display_id}/canned").status_code == 403
    assert Client().get(f"/desk/conversations/{info.display_id}/canned").status_code == 302


def test_a_reply_with_a_gap_is_not_sent(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    path = f"/desk/conversations/{info.display_id}/messages"
    before = Conversation.objects.get(pk=info.id).message_count
    answer = browser.post(path, {"content": "About {{order.number}}", "kind": "reply"})
    assert (answer.status_code, unquote(answer["X-Problem"])) == (409, "Fill in {{order.number}} first.")
    assert Conversation.objects.get(pk=info.id).message_count == before
    assert browser.post(path, {"content": "{{order.number}}?", "kind": "note"}).status_code == 302
    assert browser.post(path, {"content": "Braces {{ are }} fine", "kind": "reply"}).status_code == 302


@pytest.mark.usefixtures("texts")
def test_the_dialogue_is_read_only_for_a_text_that_names_an_order(
    desk: Desk, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(filling, "latest_order", lambda row: asked.append(row) or "#W7")
    info = desk.taken(desk.agent)
    assert "Guten Tag" in _page(browser, info.display_id, "hello")
    assert asked == []
    assert "About #W7 (" in _page(browser, info.display_id, "order")
    assert asked == [int(info.id)]
