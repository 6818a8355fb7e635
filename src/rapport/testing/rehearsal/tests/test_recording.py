"""What customers once did, read from what is stored; the records they chose are as they were then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rapport.assistant.models import Dialogue
from rapport.connectors import api as connectors
from rapport.connectors.contracts import Principal, Record
from rapport.conversations import api as conversations
from rapport.procedures import api as procedures
from rapport.procedures.contracts import DialogueState, Frame, Option, SlotValue
from rapport.testing.rehearsal import recording

CANCEL = Path(__file__).parents[3] / "procedures" / "templates" / "cancel_order.yaml"


def test_a_record_that_was_chosen_is_as_it_was(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    procedures.forget_book()
    procedures.publish(CANCEL.read_text(encoding="utf-8"))
    inbox = conversations.create_inbox("Shop", "api")
    contact = conversations.create_contact(inbox, {"name": "Vera"})
    info = conversations.create_conversation(contact, language="en")
    then = Option("#W1", "#W1", data={"id": "#W1", "status": "pending"})
    frame = Frame("s-1", "cancel_order", 1, "done", {"order": SlotValue((then,), "chosen")})
    state = procedures.state_to_json(DialogueState(finished=(frame,), seed="s"))
    Dialogue.objects.create(conversation_id=int(info.id), state=state)

    def look_up(_type: str, _principal: Principal, _of: dict[str, Any]) -> list[Record]:
        return [Record(i, i, data={"id": i, "status": "cancelled"}) for i in ("#W1", "#W2")]

    monkeypatch.setattr(connectors, "list_records", look_up)
    kept = recording._as_then(int(info.id), "cancel_order")
    found = recording._look_up(Principal("ada", "check"), kept, "shop.order", {})
    assert [(o.value, o.data["status"]) for o in found] == [("#W1", "pending"), ("#W2", "cancelled")]
    assert recording._as_then(int(info.id), "return_items") == {}
