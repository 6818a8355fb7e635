"""Erasing a customer: everything of theirs goes, what others have stays, and that it happened is on record."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from rapport.accounts.api import create_staff, list_audit
from rapport.accounts.contracts import AuditFilter
from rapport.accounts.models import AuditEntry
from rapport.connectors.call_files import has_file, keep_file
from rapport.connectors.kinds.case.fields import CaseFields
from rapport.connectors.kinds.case.tickets import open_ticket
from rapport.connectors.models import ActionCall
from rapport.conversations import api as conversations
from rapport.conversations import file_store
from rapport.conversations.contracts import ConversationInfo, NewFile, ProposedValue, Verification
from rapport.conversations.models import Attachment, Conversation, Disposition, DispositionChange
from rapport.customers.models import Customer
from rapport.desk.erasing import erase_customer, plan_erasure
from rapport.desk.tests.conftest import Desk
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.governance.models import ConsentEntry, Decision
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, NotFound
from rapport.understanding.models.calls import LanguageModelCall
from rapport.understanding.models.examples import TrainingExample

SECRETS = ("Zdenka", "zdenka@example.com", "shop_77", "secret lamp")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def talk(desk: Desk, name: str, email: str, ref: str, said: str) -> ConversationInfo:
    """A verified customer with a bit of everything."""
    info = desk.conversation(name, said)
    conversations.mark_verified(info.id, Verification(ref, "hmac", now()), name=name, email=email)
    info = desk.fresh(info)
    photo = conversations.add_attachment(info.id, NewFile(f"{said}.png", PNG), from_customer=True)
    conversations.receive_message(info.id, said, attachment_ids=(photo.id,))
    draft = DecisionDraft("turn", "answer:x", int(info.id), customer_id=int(info.customer_id))
    decision = governance.record_decision(draft)
    Decision.objects.filter(pk=decision).update(
        evidence=[{"title": said}],
        understanding={"name": name},
        explanation={"text": said},
        counterfactual=said,
    )
    governance.open_appeal(decision, conversation_id=int(info.id), reason=f"{name}: {said}")
    governance.record_consent(
        int(info.customer_id), "marketing", is_given=True, wording_version="1", language="en", source="widget"
    )
    ActionCall.objects.create(
        key=f"key-{email[:1]}", action="shop.cancel_order", arguments={"why": said}, result={"to": name},
        customer_ref=ref, conversation_id=info.id, state="done",
    )  # fmt: skip
    proposed = {"product": ProposedValue(said, "product_of_run", 0.9, ({"kind": "run", "title": name},))}
    conversations.fill_disposition(int(info.id), proposed)
    conversations.settle_disposition(int(info.id), {"order_ref": said}, proposed, actor_id=1)
    fields = CaseFields(said, "warranty", "high", "", said, "en", said, f"#{info.display_id}")
    open_ticket(fields, said, ref, "", f"case-{email[:1]}")
    keep_file(f"key-{email[:1]}", "label.pdf", "application/pdf", b"%PDF-1.4")
    TrainingExample.objects.create(text=said, source="message", key=ref, conversation_id=info.id)
    LanguageModelCall.objects.create(
        purpose="understand", server="s", model="m", conversation=info.uuid, prompt=said, output=said,
        outcome="answered",
    )  # fmt: skip
    return info


def everything() -> str:
    """Every row of every table but the audit log, as text."""
    rows = {m.__name__: list(m.objects.values_list()) for m in apps.get_models() if m is not AuditEntry}
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_nothing_of_an_erased_customer_is_left_and_others_keep_theirs(
    desk: Desk, django_capture_on_commit_callbacks: object
) -> None:
    info = talk(desk, "Zdenka", "zdenka@example.com", "shop_77", "secret lamp")
    other = talk(desk, "Ota", "ota@example.com", "shop_78", "plain chair")
    names = list(Attachment.objects.values_list("storage_name", flat=True).order_by("pk"))
    assert all(word in everything() for word in SECRETS)

    planned = plan_erasure(int(info.customer_id))
    assert all(word in everything() for word in SECRETS)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():  # type: ignore[operator]
        done = erase_customer(int(info.customer_id), actor_id=desk.agent.pk)

    assert done == planned
    assert [word for word in SECRETS if word in everything()] == []
    assert "plain chair" in everything()
    assert [file_store.path_of(name).exists() for name in names] == [False, True]
    assert (has_file("key-z", "label.pdf"), has_file("key-o", "label.pdf")) == (False, True)
    kept = Conversation.objects.order_by("pk")
    assert [(c.pk == other.id, c.custom_attributes.get("product")) for c in kept] == [
        (True, None),
        (False, "plain chair"),
    ]
    assert Disposition.objects.get().product == "plain chair"
    assert set(DispositionChange.objects.values_list("conversation_id", flat=True)) == {other.id}
    assert ActionCall.objects.get(key="key-z").state == "done"
    assert Decision.objects.get(conversation_id=info.id).chosen == "answer:x"
    assert ConsentEntry.objects.filter(customer_id=info.customer_id).count() == 1
    assert Customer.objects.get(pk=info.customer_id).name == ""
    ((entry,), _) = list_audit(AuditFilter(kind="customer_erased"))
    assert (entry.actor_name, entry.subject) == ("Alex Berger", f"customer:{info.customer_id}")
    assert entry.detail == done.rows
    assert (done.rows["conversations_conversation"], done.rows["conversations_attachment"]) == (2, 1)
    assert (done.rows["conversations_disposition"], done.rows["conversations_dispositionchange"]) == (1, 2)


def test_an_action_under_way_is_settled_first(desk: Desk) -> None:
    info = talk(desk, "Zdenka", "zdenka@example.com", "shop_77", "secret lamp")
    ActionCall.objects.update(state="intended")
    with pytest.raises(Conflict):
        erase_customer(int(info.customer_id), actor_id=None)
    assert Conversation.objects.filter(pk=info.id).exists()
    with pytest.raises(NotFound):
        plan_erasure(999_999)


def test_the_data_protection_officer_sees_what_goes_and_erases_after_ticking_the_box(
    desk: Desk, browser: Client
) -> None:
    info = talk(desk, "Zdenka", "zdenka@example.com", "shop_77", "secret lamp")
    page = f"/governance/consents/{info.customer_id}/erase"
    assert browser.get(page).status_code == 403
    officer = Client()
    officer.force_login(create_staff("dpo@example.com", "Dana Dvorak", "dpo"))
    shown = officer.get(page).content.decode()
    assert "conversations_message" in shown
    assert officer.post(page).status_code == 422
    assert Conversation.objects.count() == 2
    assert officer.post(page, {"is_checked": "1"}).status_code == 302
    assert Conversation.objects.count() == 0
    ((entry,), _) = list_audit(AuditFilter(kind="customer_erased"))
    assert entry.actor_name == "Dana Dvorak"
