"""Whose mail may continue a conversation, and whose proof counts in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.channels.kinds.email.accounts import mailbox_of, save_mailbox
from rapport.channels.kinds.email.collecting import take_news
from rapport.channels.kinds.email.models import IncomingMail, OutgoingMail
from rapport.channels.kinds.email.receiving import receive_mail
from rapport.channels.kinds.email.tests.conftest import raw_mail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Owner, Sender
from rapport.conversations.models import Conversation
from rapport.jobs import api as jobs
from rapport.kernel.clock import now

ASSISTANT = Sender("assistant", None, "")
PERSON = Sender("user", 1, "Ada")


def take(inbox, number, **headers):
    return receive_mail(inbox, raw_mail(Message_ID=f"<{number}@x.example>", **headers), "pipe")


def found(receipt):
    return conversations.find_conversation_by_number(receipt.conversation_number)


def say(conversation, sender=ASSISTANT, **attributes):
    """The mail that goes out with what is said."""
    draft = MessageDraft(MessageType.OUTGOING, "Hello", sender, content_attributes=attributes)
    message = conversations.add_message(conversation.id, draft)
    take_news([r for r in jobs.read_feed(0) if r.kind == "message_created" and r.data["id"] == message.id])
    return OutgoingMail.objects.get(message_ref_id=message.id)


def have_person_resolve(conversation, *, is_verified=True):
    known = (
        {"verified_ref": "c-1", "verified_method": "email_reply", "verified_at": now()} if is_verified else {}
    )
    Conversation.objects.filter(pk=conversation.id).update(owner="queue", status="open", **known)
    conversations.resolve(conversation.id, "Ada")


def test_a_guessed_mail_does_not_continue_what_a_person_resolved(inbox):
    """It would be the assistant's again, with its customer verified."""
    conversation = found(take(inbox, 1))
    sent = say(conversation)
    have_person_resolve(conversation)
    forged = take(inbox, 2, Subject=f"Lamp [#{conversation.display_id}]")
    assert (forged.rule, forged.conversation_number == conversation.display_id) == ("new", False)
    own = take(inbox, 3, In_Reply_To=f"<{sent.message_id}>")
    assert (own.rule, own.conversation_number) == ("in_reply_to", conversation.display_id)
    assert found(own).owner is Owner.ASSISTANT


def test_what_a_person_resolved_for_nobody_known_goes_on(inbox):
    conversation = found(take(inbox, 1))
    have_person_resolve(conversation, is_verified=False)
    again = take(inbox, 2, References="<1@x.example>")
    assert again.conversation_number == conversation.display_id


@pytest.mark.parametrize("address", ["ann@x.example", "bob@y.example"])
def test_the_proof_of_somebody_copied_is_not_the_customers(inbox, address):
    """A colleague's own mailbox is proven by their domain; it says nothing of whose conversation it is."""
    save_mailbox(replace(mailbox_of(inbox.id), trusted_server="mx.shop.example"))
    conversation = found(take(inbox, 1))
    Conversation.objects.filter(pk=conversation.id).update(owner="queue", status="open")
    sent = say(conversation, PERSON, cc_emails="bob@y.example")
    said = f"mx.shop.example; dkim=pass header.d={address.partition('@')[2]}"
    receipt = take(inbox, 2, From=address, In_Reply_To=f"<{sent.message_id}>", Authentication_Results=said)
    assert receipt.conversation_number == conversation.display_id
    facts = found(receipt).additional_attributes
    is_customer = address == "ann@x.example"
    assert facts.get("proven_email", "") == (address if is_customer else "")
    assert facts.get("proven_by", "") == ("email_authenticated" if is_customer else "")
    assert IncomingMail.objects.order_by("-pk")[0].proof == "email_authenticated"


def test_however_many_mails_one_names_few_questions_go_to_the_database(inbox, django_assert_max_num_queries):
    conversation = found(take(inbox, 1))
    many = " ".join(f"<{n}.{'x' * 9}@y.example>" for n in range(600))
    to = ", ".join(f"care+{n:032x}@shop.example" for n in range(150))
    with django_assert_max_num_queries(90):
        receipt = take(inbox, 2, In_Reply_To=many, References=f"{many} <1@x.example>", To=to)
    assert (receipt.rule, receipt.conversation_number) == ("references", conversation.display_id)


def test_an_id_that_others_read_in_a_mail_elsewhere_proves_nothing(inbox):
    """A customer writes anew to us and a friend, with the thread of another conversation in the headers."""
    conversation = found(take(inbox, 1))
    sent = say(conversation)
    other = found(take(inbox, 2))
    mixed = f"<{say(other).message_id}>"
    receipt = take(inbox, 3, In_Reply_To=mixed, References=f"<{sent.message_id}>", Cc="bob@y.example")
    assert receipt.conversation_number == other.display_id
    assert list(OutgoingMail.objects.values_list("is_exposed", flat=True)) == [True, True]
