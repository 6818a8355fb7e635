"""What the desk shows, and at what cost."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation

from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.contracts import Briefing, MessageDraft, MessageType, Sender
from rapport.desk.tests.conftest import Desk
from rapport.desk.wording import reason_text
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.kernel.clock import now

HTMX = {"HX-Request": "true"}


def _text(browser: Client, path: str, **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_view_shows_its_conversations(desk: Desk, browser: Client) -> None:
    desk.queued("Queued Quinn")
    desk.taken(desk.agent, "Mine Mia")
    desk.taken(desk.colleague, "Other Otto")
    desk.conversation("Bot Bea")
    conversations.resolve(desk.taken(desk.agent, "Done Dora").id, "Alex")
    everybody = {"Queued Quinn", "Mine Mia", "Other Otto", "Bot Bea", "Done Dora"}
    expected = {
        "queue": {"Queued Quinn"},
        "mine": {"Mine Mia"},
        "assistant": {"Bot Bea"},
        "resolved": {"Done Dora"},
        "snoozed": set(),
        "all": everybody,
        "nonsense": {"Queued Quinn"},
    }
    for view, names in expected.items():
        page = _text(browser, f"/desk/list?view={view}")
        assert {n for n in everybody if n in page} == names, view


def test_search_looks_at_name_text_and_number(desk: Desk, browser: Client) -> None:
    mia, otto = desk.queued("Mia"), desk.queued("Otto")
    for query in ("Otto", str(otto.display_id)):
        page = _text(browser, f"/desk/list?view=all&q={query}")
        assert f'data-number="{otto.display_id}"' in page
        assert f'data-number="{mia.display_id}"' not in page
    assert "Nothing found" in _text(browser, "/desk/list?view=all&q=zzz")


def test_the_list_continues_without_repeating_or_losing_a_row(desk: Desk, browser: Client) -> None:
    numbers = {desk.queued(f"Customer {n}").display_id for n in range(30)}
    seen: list[int] = []
    cursor = ""
    for _ in range(3):
        path = f"/desk/list?view=queue&cursor={cursor}"
        page = _text(browser, path)
        seen += [int(part.split('"')[0]) for part in page.split('data-number="')[1:]]
        if "cursor=" not in page:
            break
        cursor = page.split("cursor=")[1].split('"')[0]
    assert len(seen) == 30
    assert set(seen) == numbers


def test_a_conversation_shows_its_messages_briefing_and_choices(desk: Desk, browser: Client) -> None:
    info = desk.conversation(text="<b>hello</b>")
    items = [{"title": "Order one", "value": "1"}, {"title": "Order two", "value": "2"}]
    asked = desk.says(
        info, "Which **order**?", content_type="input_select", content_attributes={"items": items}
    )
    assert "Not answered by a click yet" in _text(browser, f"/desk/conversations/{info.display_id}")
    conversations.receive_answer(info.id, asked, [{"value": "2"}])
    page = _text(browser, f"/desk/conversations/{info.display_id}/thread")
    assert "&lt;b&gt;hello&lt;/b&gt;" in page
    assert "<strong>order</strong>" in page
    assert 'class="offered-chosen"' in page
    assert "Not answered by a click yet" not in page
    queued = desk.queued()
    page = _text(browser, f"/desk/conversations/{queued.display_id}/thread")
    for line in ("It may be our mistake; a person decides", "Decide about the lamp", "Asked which order"):
        assert line in page


def test_htmx_gets_the_workspace_alone_and_history_the_whole_page(desk: Desk, browser: Client) -> None:
    number = desk.queued().display_id
    partial = _text(browser, f"/desk/conversations/{number}", **HTMX)
    assert "<html" not in partial
    assert 'id="thread"' in partial
    restored = _text(
        browser, f"/desk/conversations/{number}", **HTMX, **{"HX-History-Restore-Request": "true"}
    )
    assert "<html" in restored


def test_a_decision_is_explained_and_belongs_to_its_conversation(desk: Desk, browser: Client) -> None:
    info, other = desk.conversation(), desk.conversation()
    draft = DecisionDraft(
        kind="turn",
        chosen="start:return_items",
        conversation_id=info.id,
        candidates=({"step": "start:return_items", "score": 0.9, "allowed": True, "reason": "best"},),
        rules=({"name": "our_mistake", "expression": "reason == 'damaged'", "held": False, "values": {}},),
        counterfactual="Had the order not been delivered, cancelling would have been offered.",
        explanation={"text": "You asked to return something.", "points": ["You said so."]},
        confidence=0.9,
        threshold=0.7,
    )
    decision = governance.record_decision(draft)
    number = getattr(decision, "id", decision)
    page = _text(browser, f"/desk/conversations/{info.display_id}/decisions/{number}")
    for line in ("Start: return items", "90 %", "70 %", "Our mistake", draft.counterfactual, "You said so."):
        assert line in page
    assert browser.get(f"/desk/conversations/{other.display_id}/decisions/{number}").status_code == 404


def test_what_was_done_stands_with_its_arguments(
    desk: Desk, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = SimpleNamespace(
        action="shop.cancel_order",
        arguments={"order_id": "#W1", "items": [{"id": "i1", "title": "Lamp"}]},
        actor="assistant",
        state="done",
        intended_at=now(),
        files=(),
    )
    monkeypatch.setattr(connectors, "list_calls", lambda _conversation: [row])
    page = _text(browser, f"/desk/conversations/{desk.queued().display_id}")
    assert "Cancel an order" in page
    assert '<dt>Items</dt><dd class="breaks">i1, Lamp</dd>' in page


def test_orders_wait_for_verification(desk: Desk, browser: Client) -> None:
    number = desk.queued().display_id
    assert "once the customer is verified" in _text(browser, f"/desk/conversations/{number}/orders")


def test_opening_ones_own_conversation_clears_its_unread_mark_only(desk: Desk, browser: Client) -> None:
    mine, queued = desk.taken(desk.agent), desk.queued()
    for info in (mine, queued):
        _text(browser, f"/desk/conversations/{info.display_id}")
    assert desk.fresh(mine).unread_count == 0
    assert desk.fresh(queued) == queued


def test_pages_hold_no_inline_script_or_style(desk: Desk, browser: Client) -> None:
    page = _text(browser, f"/desk/conversations/{desk.queued().display_id}")
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=")


@pytest.mark.parametrize(("path", "most"), [("/desk/", 12), ("/desk/conversations/{number}", 24)])
def test_the_number_of_queries_does_not_grow_with_the_data(
    desk: Desk, browser: Client, path: str, most: int, django_assert_max_num_queries: object
) -> None:
    number = desk.queued().display_id
    for n in range(12):
        desk.queued(f"Customer {n}")
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        _text(browser, path.format(number=number))


def test_the_briefing_stands_open_until_a_person_answers(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    address = f"/desk/conversations/{info.display_id}/thread"
    assert '<details id="briefing-unanswered" open>' in _text(browser, address)
    conversations.add_message(
        info.id, MessageDraft(MessageType.OUTGOING, "Hello.", Sender("user", desk.agent.pk, "Alex"))
    )
    page = _text(browser, address)
    assert "Decide about the lamp" in page
    assert '<details id="briefing-answered">' in page


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("revoked", "An action it needs has been switched off"),
        ("not_identified", "The customer could not be identified"),
        ("customer_asked", "The customer asked for a person"),
        ("rule:over_limit", "Rule: over limit"),
    ],
)
def test_a_handover_has_its_reason_in_words(reason: str, text: str) -> None:
    with translation.override("en"):
        assert reason_text(reason) == text


def test_a_silent_queue_shows_what_was_asked_rather_than_the_assistants_goodbye(
    desk: Desk, browser: Client
) -> None:
    info = desk.conversation()
    desk.says(info, "I'm passing you to a colleague.")
    conversations.hand_over(info.id, Briefing("our_mistake", "Mia", ("Lamp is broken",), (), "", ()))
    assert "Lamp is broken" in _text(browser, "/desk/list?view=queue")
    conversations.receive_message(info.id, "Anybody there?")
    assert "Anybody there?" in _text(browser, "/desk/list?view=queue")


def test_a_long_menu_is_folded(desk: Desk, browser: Client) -> None:
    info = desk.conversation()
    items = [{"title": f"Topic {i}", "value": str(i)} for i in range(7)]
    desk.says(info, "What?", content_type="input_select", content_attributes={"items": items})
    assert "<summary>7 choices offered</summary>" in _text(
        browser, f"/desk/conversations/{info.display_id}/thread"
    )
