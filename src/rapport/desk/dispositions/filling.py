"""Fills dispositions in when a conversation is resolved, and opens them again when it is reopened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction

from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, Disposition, ProposedValue, Status
from rapport.desk.dispositions.gathering import gather_facts
from rapport.desk.logic.disposing import propose
from rapport.jobs.api import JobContext, JobKind, Subscription

FILL_JOB = "desk.fill_disposition"


def propose_for(info: ConversationInfo, *, is_ended: bool | None = None) -> dict[str, ProposedValue]:
    """What the system would fill in now."""
    facts = gather_facts(info, is_ended=is_ended)
    return propose(facts, conversations.find_rules().causes, conversations.count_verdicts())


def propose_for_all(infos: Iterable[ConversationInfo]) -> Iterator[tuple[int, dict[str, ProposedValue]]]:
    """The same of many, by row id: the shop's list and people's verdicts are read once."""
    causes, verdicts = conversations.find_rules().causes, conversations.count_verdicts()
    for info in infos:
        yield int(info.id), propose(gather_facts(info), causes, verdicts)


def shown_disposition(
    info: ConversationInfo,
    *,
    is_ended: bool | None = None,
    proposals: Mapping[str, ProposedValue] | None = None,
) -> Disposition:
    """What is on record, and for what no person has said what the system would fill in now."""
    stored = conversations.find_disposition(int(info.id))
    found = propose_for(info, is_ended=is_ended) if proposals is None else proposals
    merged = conversations.merge_proposals(stored, found)
    return Disposition(int(info.id), merged, stored.updated_at if stored else None)


def run_fill(payload: dict[str, Any], _: JobContext) -> None:
    """A conversation was resolved: fill in; it was reopened: how it ended is open again."""
    data = payload["data"]
    info = conversations.find_conversation_by_number(int(data["id"]))
    if info is None:
        return
    if info.status is Status.RESOLVED:
        conversations.fill_disposition(int(info.id), propose_for(info))
    elif _was_resolved(data):
        conversations.reopen_disposition(int(info.id))


def fill_missing() -> int:
    """Fill in resolved conversations that have no disposition; how many there were."""
    count = 0
    while found := conversations.list_undisposed(limit=200):
        with transaction.atomic():
            infos = conversations.find_conversations(found).values()
            for conversation_id, proposals in propose_for_all(infos):
                conversations.fill_disposition(conversation_id, proposals)
        count += len(found)
    return count


def _was_resolved(data: dict[str, Any]) -> bool:
    changes = [c["status"] for c in data.get("changed_attributes", []) if "status" in c]
    return any(change["previous_value"] == Status.RESOLVED.value for change in changes)


KINDS = (JobKind(FILL_JOB, run_fill),)
SUBSCRIPTIONS = (Subscription("conversation_status_changed", FILL_JOB),)
