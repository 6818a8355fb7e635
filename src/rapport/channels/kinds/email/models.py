"""Rows about mails: what is set for an inbox, what came in, what goes out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.conversations.models import ContactInbox, Conversation, Inbox, Message
from rapport.kernel.clock import now
from rapport.kernel.ids import new_token
from rapport.kernel.pii import Pii


class MailAccount(models.Model):
    """The mail side of an inbox; passwords are sealed as credentials of connected systems are."""

    PII: ClassVar[Pii] = Pii.none("the shop's own address and servers")

    inbox = models.OneToOneField(Inbox, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=254, unique=True)
    settings = models.JSONField(default=dict)
    """What `contracts.Mailbox` lists, without passwords."""
    smtp_password = models.CharField(max_length=600, blank=True, default="")
    imap_password = models.CharField(max_length=600, blank=True, default="")
    receive_secret = models.CharField(max_length=300, default=new_token)
    imap_validity = models.CharField(max_length=20, blank=True, default="")
    """UIDVALIDITY of the folder as it was last read."""
    imap_last_uid = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    """When the mailbox was last looked into."""
    problem = models.CharField(max_length=200, blank=True, default="")
    """Why it could not be; empty after a success."""


class Correspondent(models.Model):
    """Who writes to an inbox from one address."""

    PII: ClassVar[Pii] = Pii(
        ("email",), "to know who wrote before", "as the customer", "deleted (channels.kinds.email.erasing)"
    )

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=254)
    contact = models.ForeignKey(ContactInbox, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "address"], name="correspondent_once")]


class IncomingMail(models.Model):
    """One mail that came in, whatever became of it."""

    PII: ClassVar[Pii] = Pii(
        ("email", "message_text"),
        "to find the thread of a mail, to take none twice, and to show what was not answered",
        "of a conversation: as the conversation; else 30 days",
        "deleted (channels.kinds.email.erasing)",
    )

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=500)
    sender = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    source = models.CharField(max_length=10)
    """``pipe``, ``http`` or ``imap``."""
    state = models.CharField(max_length=15)
    reason = models.CharField(max_length=60, blank=True, default="")
    rule = models.CharField(max_length=30, blank=True, default="")
    proof = models.CharField(max_length=30, blank=True, default="")
    """What proves that its sender holds the address; empty: nothing."""
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="+")
    message_ref = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="+")
    size = models.BigIntegerField(default=0)
    references = models.JSONField(default=list)
    """Message-IDs it names, oldest first, its own last."""
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "message_id"], name="incoming_mail_once")]
        indexes = [
            models.Index(fields=["inbox", "sender", "created_at"], name="incoming_mail_sender"),
            models.Index(fields=["message_id"], name="incoming_mail_by_id"),
            models.Index(fields=["state", "created_at"], name="incoming_mail_state"),
        ]


class OutgoingMail(models.Model):
    """One message of a conversation on its way to a mailbox."""

    PII: ClassVar[Pii] = Pii(
        ("email",),
        "to send each answer once, and to know its replies",
        "as the conversation",
        "deleted (channels.kinds.email.erasing)",
    )

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message_ref = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    to = models.CharField(max_length=254)
    copies = models.JSONField(default=list)
    """``[["cc"|"bcc", address]]``: only where a person wrote the message."""
    token = models.CharField(max_length=40, unique=True)
    """Unguessable; whoever has it could read what was sent to this address."""
    message_id = models.CharField(max_length=200, unique=True)
    is_exposed = models.BooleanField(default=False)
    """Others than `to` have seen its token, in copies or in the headers of later mails: it proves nothing any more."""
    is_automatic = models.BooleanField(default=True)
    state = models.CharField(max_length=10, default="unsent")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(default=now)
    lease_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["inbox", "state", "next_at"], name="outgoing_mail_due"),
            models.Index(fields=["conversation", "id"], name="outgoing_mail_thread"),
        ]
