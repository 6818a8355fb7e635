"""To which conversation a mail belongs, and what it proves about who sent it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from rapport.channels.kinds.email.contracts import Mail, Mailbox, SendState
from rapport.channels.kinds.email.logic.authentication import authenticated_address
from rapport.channels.kinds.email.logic.threads import named_ids, number_in, rule_key, tokens_in
from rapport.channels.kinds.email.models import IncomingMail, OutgoingMail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, Owner, Status
from rapport.kernel.clock import now

PROOF_LIFE = dt.timedelta(days=30)
"""So long after a mail of ours its answer proves that the mailbox is its sender's."""
RULE_SPAN = dt.timedelta(days=14)
"""So far back configured rules look."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a mail belongs."""

    conversation: ConversationInfo | None
    rule: str
    """``token``, ``in_reply_to``, ``references``, ``subject_number``, the configured rule's name, or ``new``."""
    proof: str = ""
    """``email_reply`` or ``email_authenticated``; empty: nothing proves that the sender holds the address."""
    beside: int | None = None
    """Number of a conversation it names and may not continue."""


def match(mail: Mail, mailbox: Mailbox) -> Match:
    """The conversation a mail continues; one it may not continue is named beside.

    A verified conversation that the assistant has, or would get, is continued only by a mail that proves its sender:
    whoever writes another's address into ``From`` would act in their name.
    """
    proof = _proof(mail, mailbox)
    beside = None
    for found, rule in _named(mail, mailbox):
        if not _is_participant(mail, found):
            beside = beside or found.display_id
            continue
        if _may_continue(mail, found, proof):
            return Match(found, rule, proof)
        beside = beside or found.display_id
    return Match(None, "new", proof, beside)


def _named(mail: Mail, mailbox: Mailbox) -> Iterator[tuple[ConversationInfo, str]]:
    """Conversations it names and by which sign, the surest first, each once."""
    seen: set[int] = set()
    for number, rule in _named_numbers(mail, mailbox):
        if number not in seen:
            seen.add(number)
            yield from _conversation(number, mailbox, rule)
    told = number_in(mail.subject)
    if told is not None:
        found = conversations.find_conversation_by_number(told)
        if found is not None and int(found.inbox.id) == mailbox.inbox_id:
            yield found, "subject_number"
    yield from _by_rules(mail, mailbox)


def _named_numbers(mail: Mail, mailbox: Mailbox) -> Iterator[tuple[int, str]]:
    own = OutgoingMail.objects.filter(inbox_id=mailbox.inbox_id)
    tokens, ids = tokens_in(mail), [one[:500] for one in named_ids(mail)]
    by_token = dict(own.filter(token__in=tokens).values_list("token", "conversation_id"))
    yield from ((by_token[token], "token") for token in tokens if token in by_token)
    incoming = IncomingMail.objects.filter(
        message_id__in=ids, inbox_id=mailbox.inbox_id, conversation__isnull=False
    )
    by_id = dict(incoming.values_list("message_id", "conversation_id"))
    by_id |= dict(own.filter(message_id__in=ids).values_list("message_id", "conversation_id"))
    for one in ids:
        number = by_id.get(one)
        if number is not None:
            yield number, "in_reply_to" if one in mail.in_reply_to else "references"


def _conversation(
    conversation_id: int, mailbox: Mailbox, rule: str
) -> Iterator[tuple[ConversationInfo, str]]:
    found = conversations.find_conversation(conversation_id)
    if found is not None and int(found.inbox.id) == mailbox.inbox_id:
        yield found, rule


def _by_rules(mail: Mail, mailbox: Mailbox) -> Iterator[tuple[ConversationInfo, str]]:
    keys = [(rule, key) for rule in mailbox.rules if (key := rule_key(rule, mail.subject))]
    if not keys:
        return
    rows = IncomingMail.objects.filter(
        inbox_id=mailbox.inbox_id,
        sender=mail.sender.address,
        conversation__isnull=False,
        created_at__gt=now() - RULE_SPAN,
    ).order_by("-pk")[:50]
    for row in rows:
        for rule, key in keys:
            if rule_key(rule, row.subject) == key and row.conversation_id is not None:
                name = "pattern" if rule.startswith("/") else rule
                yield from _conversation(row.conversation_id, mailbox, name)


def address_of(conversation: ConversationInfo) -> str:
    """The mailbox a conversation is held with."""
    return str(conversation.additional_attributes.get("mail_address") or "")


def _is_participant(mail: Mail, found: ConversationInfo) -> bool:
    """Whether its sender is whom the conversation is held with, or was written to in it by a person."""
    if mail.sender.address == address_of(found):
        return True
    for copies in OutgoingMail.objects.filter(conversation_id=found.id).values_list("copies", flat=True):
        if any(address == mail.sender.address for _, address in copies):
            return True
    return False


def _may_continue(mail: Mail, found: ConversationInfo, proof: str) -> bool:
    """Whether its sender may: what a person has, that person judges; what is resolved, the assistant would get."""
    if found.owner is not Owner.ASSISTANT and found.status is not Status.RESOLVED:
        return True
    if mail.sender.address != address_of(found):
        return False
    return found.verification is None or bool(proof)


def _proof(mail: Mail, mailbox: Mailbox) -> str:
    """What proves that the mail's sender holds its address: an answer to what only that mailbox got, or its domain."""
    rows = OutgoingMail.objects.filter(inbox_id=mailbox.inbox_id, created_at__gt=now() - PROOF_LIFE)
    tokens, ids = tokens_in(mail), named_ids(mail)
    for row in [*rows.filter(token__in=tokens), *rows.filter(message_id__in=ids[:200])]:
        if not row.is_exposed and row.state != SendState.FAILED and row.to == mail.sender.address:
            return "email_reply"
    if mailbox.trusted_server and authenticated_address(mail, mailbox.trusted_server) == mail.sender.address:
        return "email_authenticated"
    return ""
