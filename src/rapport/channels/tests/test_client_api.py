"""The client API in Chatwoot's shapes."""

from __future__ import annotations

from rapport.channels.tests.conftest import MENU, Api, Visitor, sign
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo, MessageDraft, MessageType, Sender
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.jobs.models import Job

ASSISTANT = Sender("assistant", None, "Assistant")


def number_of(address: str) -> int:
    return int(address.rsplit("/", 1)[1])


def conversation_at(address: str):
    found = conversations.find_conversation_by_number(number_of(address))
    assert found is not None
    return found


def test_inbox_tells_front_ends_what_they_need(api: Api, inbox: InboxInfo) -> None:
    answer = api("GET", f"/public/api/v1/inboxes/{inbox.identifier}")
    assert answer.status == 200
    assert answer.data["identifier"] == inbox.identifier
    assert answer.data["identity_validation_enabled"] is False
    assert inbox.hmac_token not in str(answer.data)


def test_contact_gets_a_secret_source_id(visitor: Visitor) -> None:
    assert len(visitor.contact["source_id"]) == 36
    assert visitor.contact["pubsub_token"]
    assert visitor.contact["name"] == "Vera"
    assert visitor.contact["is_verified"] is False
    shown = visitor.api("GET", visitor.base).data
    assert shown["name"] == "Vera"
    assert "source_id" not in shown


def test_signed_identifier_is_recognised(api: Api, inbox: InboxInfo) -> None:
    signed = Visitor(api, inbox, identifier="C-7", identifier_hash=sign(inbox, "C-7"), name="Vera")
    assert signed.contact["is_verified"] is True
    address = signed.start()
    verification = conversation_at(address).verification
    assert verification is not None
    assert (verification.customer_ref, verification.method) == ("C-7", "hmac")


def test_conversation_is_greeted_unless_a_message_comes_along(visitor: Visitor) -> None:
    silent, spoken = visitor.start(language="cs"), visitor.start(message={"content": "Dobrý den"})
    kinds = [(j.kind, j.payload["conversation_id"]) for j in Job.objects.order_by("id")]
    assert kinds == [
        ("assistant.greet", conversation_at(silent).id),
        ("assistant.turn", conversation_at(spoken).id),
    ]
    assert conversation_at(silent).language == "cs"
    assert visitor.api("GET", spoken).data["messages"][0]["content"] == "Dobrý den"


def test_customers_see_no_staff_fields(visitor: Visitor) -> None:
    address = visitor.start()
    conversations.update_conversation(
        conversation_at(address).id, {"labels": ["vip"], "sentiment": "negative"}
    )
    shown = visitor.api("GET", address).data
    assert not {"labels", "sentiment", "briefing", "meta", "custom_attributes", "priority"} & set(shown)


def test_message_is_stored_once_per_echo_id(visitor: Visitor) -> None:
    address = visitor.start()
    first = visitor.api("POST", f"{address}/messages", {"content": "Where is my order?", "echo_id": "e1"})
    second = visitor.api("POST", f"{address}/messages", {"content": "Where is my order?", "echo_id": "e1"})
    assert first.status == 200
    assert first.data["message_type"] == 0
    assert first.data["conversation_id"] == number_of(address)
    assert first.data["sender"]["type"] == "contact"
    assert (second.data["id"], second.data["echo_id"]) == (first.data["id"], "e1")
    assert len(visitor.api("GET", f"{address}/messages").data) == 1


def test_messages_before_and_after_an_id(visitor: Visitor) -> None:
    address = visitor.start()
    ids = [visitor.api("POST", f"{address}/messages", {"content": c}).data["id"] for c in "abc"]
    after = visitor.api("GET", f"{address}/messages?after={ids[0]}").data
    before = visitor.api("GET", f"{address}/messages?before={ids[2]}").data
    assert [m["content"] for m in after] == ["b", "c"]
    assert [m["content"] for m in before] == ["a", "b"]


def test_private_notes_stay_private(visitor: Visitor) -> None:
    address = visitor.start()
    note = MessageDraft(MessageType.OUTGOING, "secret", Sender("user", 1, "Ada"), is_private=True)
    stored = conversations.add_message(conversation_at(address).id, note)
    line = MessageDraft(MessageType.ACTIVITY, "Handed over: not_understood", Sender("system", None, ""))
    activity = conversations.add_message(conversation_at(address).id, line)
    assert visitor.api("GET", f"{address}/messages?after={activity.id}").status == 404
    assert visitor.api("GET", f"{address}/messages").data == []
    assert visitor.api("GET", address).data["messages"] == []
    assert visitor.api("GET", f"{address}/messages?after={stored.id}").status == 404
    assert visitor.api("GET", f"{address}/messages/{stored.id}/explanation").status == 404


def ask(address: str) -> int:
    items = [{"title": "Return items", "value": "start:return_items"}]
    draft = MessageDraft(
        MessageType.OUTGOING,
        "How can I help?",
        ASSISTANT,
        content_type="input_select",
        content_attributes={"items": items},
    )
    return conversations.add_message(conversation_at(address).id, draft).id


def test_choice_is_answered_by_patch_or_by_message(visitor: Visitor) -> None:
    address = visitor.start()
    asked = ask(address)
    values = [{"value": "start:return_items"}]
    patched = visitor.api("PATCH", f"{address}/messages/{asked}", {"submitted_values": values})
    assert patched.status == 200
    assert patched.data["content_attributes"]["submitted_values"][0]["value"] == "start:return_items"
    posted = visitor.api(
        "POST", f"{address}/messages", {"submitted_values": values, "in_reply_to": ask(address)}
    )
    assert posted.data["content"] == "Return items"
    assert posted.data["content_attributes"]["submitted_values"][0]["title"] == "Return items"


def test_choice_that_was_not_offered_is_refused(visitor: Visitor) -> None:
    address = visitor.start()
    asked = ask(address)
    refused = visitor.api(
        "PATCH", f"{address}/messages/{asked}", {"submitted_values": [{"value": "start:refund"}]}
    )
    assert refused.status == 422
    assert refused.data["error"]["code"] == "not_answerable"
    assert len(visitor.api("GET", f"{address}/messages").data) == 1


def test_closing_typing_and_seeing(visitor: Visitor) -> None:
    address = visitor.start()
    assert visitor.api("POST", f"{address}/toggle_typing", {"typing_status": "on"}).status == 200
    assert visitor.api("POST", f"{address}/update_last_seen").status == 200
    assert conversation_at(address).contact_last_seen_at is not None
    assert visitor.api("POST", f"{address}/toggle_status").data["status"] == "resolved"
    assert visitor.api("POST", f"{address}/toggle_status").data["status"] == "resolved"
    visitor.api("POST", f"{address}/messages", {"content": "One more thing"})
    assert visitor.api("GET", address).data["status"] == "pending"


def test_talking_to_a_person_is_a_command(visitor: Visitor) -> None:
    address = visitor.start()
    asked = visitor.api("POST", f"{address}/handover", {"title": "Mluvit s člověkem"})
    assert asked.status == 200
    assert asked.data["content"] == "Mluvit s člověkem"
    assert asked.data["content_attributes"]["command"] == "talk_to_person"
    assert Job.objects.filter(kind="assistant.turn").count() == 1


def test_queue_and_email(visitor: Visitor) -> None:
    address = visitor.start()
    state = visitor.api("GET", f"{address}/queue").data
    assert state == {"is_waiting": False, "position": 0, "expected_wait_s": None, "owner": "assistant"}
    assert visitor.api("POST", f"{address}/email", {"email": "Vera@Example.com"}).status == 200
    assert visitor.api("GET", visitor.base).data["email"] == "vera@example.com"
    assert visitor.api("POST", f"{address}/email", {"email": "no address"}).status == 422


def test_explanation_and_appeal(visitor: Visitor) -> None:
    address = visitor.start()
    conversation = conversation_at(address)
    decision = DecisionDraft(
        "turn",
        "answer:delivery-times",
        conversation_id=conversation.id,
        model_name="intents",
        model_version="3",
        explanation={
            "language": "en",
            "text": "You asked when it comes.",
            "points": ["article: Delivery times"],
        },
    )
    decision_id = governance.record_decision(decision)
    draft = MessageDraft(MessageType.OUTGOING, "Three days.", ASSISTANT, decision_id=decision_id)
    message = f"{address}/messages/{conversations.add_message(conversation.id, draft).id}"
    why = visitor.api("GET", f"{message}/explanation").data
    assert why["text"] == "You asked when it comes."
    assert why["points"] == ["article: Delivery times"]
    assert why["is_ai"] is True
    assert why["model"] == {"name": "intents", "version": "3"}
    opened = visitor.api("POST", f"{message}/appeal", {"reason": "It took nine."})
    assert (opened.status, opened.data["state"], opened.data["decision_id"]) == (200, "open", decision_id)
    assert visitor.api("GET", f"{message}/explanation").data["appeals"][0]["state"] == "open"


def test_menu(api: Api, inbox: InboxInfo) -> None:
    assert api("GET", f"/public/api/v1/inboxes/{inbox.identifier}/menu?language=de").data == MENU


def test_any_website_may_call_the_client_api(api: Api, inbox: InboxInfo) -> None:
    path = f"/public/api/v1/inboxes/{inbox.identifier}/contacts"
    preflight = api("OPTIONS", path)
    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    answer = api("POST", path, {})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
