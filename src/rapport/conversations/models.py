"""Rows about inboxes, conversations and messages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.accounts.models import Team, User
from rapport.customers.models import Customer
from rapport.kernel.clock import now
from rapport.kernel.ids import new_token, new_uuid
from rapport.kernel.pii import Pii


class Inbox(models.Model):
    """One address customers reach us at."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=80)
    channel_kind = models.CharField(max_length=20)
    """``web``, ``api``, ``email`` …"""
    identifier = models.CharField(max_length=60, unique=True, default=new_token)
    """Public: the website token of a widget, the inbox identifier of an API channel."""
    hmac_token = models.CharField(max_length=60, default=new_token)
    """Secret with which a host page signs its customers' identifiers."""
    is_hmac_mandatory = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    settings = models.JSONField(default=dict)
    """Brand, colour, languages, ``debounce_ms``, allowed origins, opening hours."""
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class ContactInbox(models.Model):
    """A customer as one inbox knows them."""

    PII: ClassVar[Pii] = Pii(
        ("source_id",), "to reach the customer", "as the customer", "deleted (conversations.erasing)"
    )

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    source_id = models.CharField(max_length=120)
    """Unguessable; whoever holds it speaks for this contact."""
    is_hmac_verified = models.BooleanField(default=False)
    identifier = models.CharField(max_length=200, blank=True, default="")
    """The host page's id of the customer; trusted only when `is_hmac_verified`."""
    session_epoch = models.IntegerField(default=0)
    """Grows on sign-out: older session tokens die."""
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "source_id"], name="source_id_once_per_inbox")
        ]


class Conversation(models.Model):
    """An episode with a number."""

    PII: ClassVar[Pii] = Pii(
        ("message_text", "name"),
        "to serve the customer",
        "retention policy conversations",
        "deleted (conversations.erasing)",
    )

    display_id = models.BigIntegerField(unique=True)
    uuid = models.CharField(max_length=36, unique=True, default=new_uuid)
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT)
    contact_inbox = models.ForeignKey(ContactInbox, on_delete=models.CASCADE, related_name="conversations")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="conversations")
    customer_name = models.CharField(max_length=200, blank=True, default="")
    """Copied so that a list needs one query."""
    status = models.CharField(max_length=10, default="pending")
    owner = models.CharField(max_length=10, default="assistant")
    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    priority = models.CharField(max_length=10, null=True)
    language = models.CharField(max_length=10, blank=True, default="")
    generation = models.IntegerField(default=0)
    answered_generation = models.IntegerField(default=0)
    """The newest generation the assistant has answered: no message is answered twice."""
    verified_ref = models.CharField(max_length=120, blank=True, default="")
    verified_method = models.CharField(max_length=30, blank=True, default="")
    verified_at = models.DateTimeField(null=True)
    labels = models.JSONField(default=list)
    custom_attributes = models.JSONField(default=dict)
    additional_attributes = models.JSONField(default=dict)
    briefing = models.JSONField(default=dict)
    sentiment = models.CharField(max_length=20, blank=True, default="")
    unread_count = models.IntegerField(default=0)
    message_count = models.IntegerField(default=0)
    preview = models.CharField(max_length=160, blank=True, default="")
    queued_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    contact_last_seen_at = models.DateTimeField(null=True)
    agent_last_seen_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField(default=now)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["-last_activity_at", "-id"], name="conversation_recent"),
            models.Index(fields=["status", "-last_activity_at", "-id"], name="conversation_status_recent"),
            models.Index(
                fields=["owner", "status", "-last_activity_at", "-id"], name="conversation_owner_recent"
            ),
            models.Index(
                fields=["assignee", "status", "-last_activity_at", "-id"], name="conversation_mine_recent"
            ),
            models.Index(fields=["queued_at"], condition=models.Q(owner="queue"), name="conversation_queue"),
        ]


class Message(models.Model):
    """One message; only erasure changes its text."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",),
        "to serve the customer",
        "retention policy conversations",
        "deleted with the conversation",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    sequence = models.IntegerField()
    """1, 2, 3 … within the conversation, without gaps."""
    message_type = models.CharField(max_length=10)
    content = models.TextField(blank=True, default="")
    content_type = models.CharField(max_length=20, default="text")
    content_attributes = models.JSONField(default=dict)
    is_private = models.BooleanField(default=False)
    sender_kind = models.CharField(max_length=12)
    sender_id = models.BigIntegerField(null=True)
    sender_name = models.CharField(max_length=200, blank=True, default="")
    source_id = models.CharField(max_length=120, null=True)
    decision_id = models.BigIntegerField(null=True)
    attachment_count = models.IntegerField(default=0)
    """Spares the look for files where there are none."""
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sequence"], name="message_sequence_once"),
            models.UniqueConstraint(fields=["conversation", "source_id"], name="message_source_once"),
        ]


class Attachment(models.Model):
    """A photo or document of a conversation; its content is a file below ``DATA_DIR/files``."""

    PII: ClassVar[Pii] = Pii(
        ("name", "photo or document"),
        "to serve the customer",
        "as the conversation",
        "conversations.delete_conversation deletes row and file; the daily job deletes files without a row",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="attachments")
    """None until a message carries it; forgotten after a day if none does."""
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    storage_name = models.CharField(max_length=40, unique=True)
    """Random; the path on disk follows from it alone."""
    from_customer = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)


class DisplayCounter(models.Model):
    """The next conversation number."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=20, primary_key=True)
    value = models.BigIntegerField(default=0)


class CannedResponse(models.Model):
    """A text that staff insert into replies by its short code."""

    PII: ClassVar[Pii] = Pii.none("written by staff about cases, not persons")

    short_code = models.CharField(max_length=60)
    """What is typed after ``/``: small letters, digits, ``-`` and ``_``."""
    texts = models.JSONField(default=dict)
    """Language → text with placeholders."""
    search_text = models.TextField(blank=True, default="")
    """Short code and texts in small letters, for the search."""
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    """Set: for this team only."""
    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    """Set: for this member of staff only. Neither: for everybody."""
    use_count = models.IntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["short_code"],
                condition=models.Q(team__isnull=True, owner__isnull=True),
                name="canned_once_shared",
            ),
            models.UniqueConstraint(
                fields=["team", "short_code"],
                condition=models.Q(team__isnull=False),
                name="canned_once_per_team",
            ),
            models.UniqueConstraint(
                fields=["owner", "short_code"],
                condition=models.Q(owner__isnull=False),
                name="canned_once_per_owner",
            ),
        ]


class Disposition(models.Model):
    """What a conversation was about and how it ended: filled in by the system, corrected by people."""

    PII: ClassVar[Pii] = Pii(
        ("transaction",), "to count and prevent reasons for contact", "as the conversation", "deleted with it"
    )

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="disposition")
    reason = models.CharField(max_length=120, blank=True, default="", db_index=True)
    """Name of a procedure or intent; empty while nothing shows it."""
    outcome = models.CharField(max_length=30, blank=True, default="", db_index=True)
    """One of `contracts.Outcome`; empty while the conversation goes on."""
    order_ref = models.CharField(max_length=120, blank=True, default="")
    product = models.CharField(max_length=300, blank=True, default="")
    actions = models.CharField(max_length=600, blank=True, default="")
    """Names of the actions that were done, separated by commas."""
    root_cause = models.CharField(max_length=60, blank=True, default="")
    """A key of the shop's own list."""
    details: models.JSONField[dict[str, dict[str, object]], dict[str, dict[str, object]]] = models.JSONField(
        default=dict
    )
    """Field → ``{"rule", "confidence", "state", "evidence", "by"}``; nothing of empty fields that nobody has judged."""
    updated_at = models.DateTimeField(default=now)


class DispositionChange(models.Model):
    """One value proposed, confirmed or changed; only appended."""

    PII: ClassVar[Pii] = Pii(
        ("transaction",),
        "to learn which proposals are right",
        "as the conversation",
        "deleted with it",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)
    field = models.CharField(max_length=20)
    action = models.CharField(max_length=12)
    """``proposed``, ``confirmed``, ``changed`` or ``cleared``."""
    rule = models.CharField(max_length=40, blank=True, default="")
    """Which rule had proposed the value before."""
    before = models.CharField(max_length=600, blank=True, default="")
    after = models.CharField(max_length=600, blank=True, default="")
    actor_id = models.BigIntegerField(null=True)
    """Staff; null for the system."""

    class Meta:
        indexes = [models.Index(fields=["rule", "action"], name="disposition_verdicts")]


class DispositionPolicy(models.Model):
    """The shop's list of root causes, and whether a person must say what a conversation was about."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=20, primary_key=True, default="default")
    is_required = models.BooleanField(default=False)
    """A person confirms reason and outcome before resolving."""
    causes = models.JSONField(default=list)
    """``[{"key", "title", "when": [...]}]``."""
