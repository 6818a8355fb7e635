"""Reads what happened in conversations and keeps what reports count; a chunk at a time, each in one transaction."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db import transaction

from rapport.assistant import api as assistant
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.governance import api as governance
from rapport.kernel.clock import now
from rapport.procedures import api as procedures
from rapport.reports.logic.cases import QUIET, REOPENING, read_case
from rapport.reports.logic.facts import MEASURES, CaseTraces, ContactFacts, RunFacts
from rapport.reports.models import Contact, ProcedureRun, Progress

if TYPE_CHECKING:
    from rapport.conversations.api import ConversationTrace

CHUNK = 250
"""Conversations read at once; few enough that writing them holds the database for a moment only."""
SETTLING = dt.timedelta(seconds=10)
"""Activity younger than this may not be committed in its order yet; it comes with the next reading."""

UNTELLING = ("none", "unclear", "person")
"""Reasons that do not say that two contacts were about the same."""


class _OfConversation(Protocol):
    @property
    def conversation_id(self) -> int: ...


T = TypeVar("T", bound=_OfConversation)


def gather(*, limit: int | None = None) -> int:
    """Read what is new or has come of age; returns how many conversations were read. With a limit, about so many."""
    read = 0
    while limit is None or read < limit:
        found = _changed() or _numbered_late() or _come_of_age()
        if not found:
            break
        read += found
    return read


def count_behind() -> int:
    """How many conversations are still to be read, counted no further than a thousand."""
    progress = _progress()
    after = (progress.activity_at, progress.activity_id) if progress.activity_at else None
    return len(conversations.list_changed(after, now() - SETTLING, limit=1000))


def _progress() -> Progress:
    return Progress.objects.get_or_create(pk=1)[0]


def _changed() -> int:
    progress = _progress()
    after = (progress.activity_at, progress.activity_id) if progress.activity_at else None
    found = conversations.list_changed(after, now() - SETTLING, limit=CHUNK)
    if found:
        _keep(found, {"activity_at": found[-1].last_activity_at, "activity_id": found[-1].id})
    return len(found)


def _numbered_late() -> int:
    """Conversations stored since the last look and dated before it, as an import writes them."""
    reached = _progress().newest_id
    while found := conversations.list_numbered_after(reached, limit=2000):
        known = set(Contact.objects.filter(pk__in=[c.id for c in found]).values_list("pk", flat=True))
        late = [c for c in found if c.id not in known and c.channel_kind != conversations.INTERNAL][:CHUNK]
        reached = (late or found)[-1].id
        _keep(late, {"newest_id": reached})
        if late:
            return len(late)
    return 0


def _come_of_age() -> int:
    due = Contact.objects.filter(recheck_at__lte=now()).order_by("recheck_at")
    found = conversations.list_traces(list(due.values_list("pk", flat=True)[:CHUNK]))
    if found:
        _keep(found, {})
    return len(found)


def _keep(found: Collection[ConversationTrace], progress: dict[str, Any]) -> None:
    """Read these conversations and store their facts, with the place reached, in one transaction."""
    at = now()
    cases = _read_cases([c for c in found if c.channel_kind != conversations.INTERNAL])
    changes = functools.cache(procedures.changes_something)
    read = [(case.conversation, *read_case(case, changes, at)) for case in cases]
    facts = [(of, contact, runs) for of, contact, runs in read if contact.bursts]  # else nobody wrote
    with transaction.atomic():
        ids = [of.id for of, _, _ in facts]
        there = {c.id for c in conversations.list_traces(ids)}  # an erasure may have come between
        kept = [(of, contact, runs) for of, contact, runs in facts if of.id in there]
        _store(kept)
        _mark_returns({of.customer_id for of, _, _ in kept})
        if progress:
            Progress.objects.filter(pk=1).update(**progress)


def _read_cases(found: Collection[ConversationTrace]) -> list[CaseTraces]:
    ids = [c.id for c in found]
    messages = _by_conversation(conversations.list_message_traces(ids))
    decisions = _by_conversation(governance.list_decision_traces(ids))
    runs = _by_conversation(procedures.list_run_traces(ids))
    waits = _by_conversation(procedures.list_wait_traces(ids))
    calls = _by_conversation(connectors.list_call_traces(ids))
    frames = assistant.list_frame_traces(ids)
    refused = {of for of, ended in runs.items() if any(r.outcome == "refused" for r in ended)}
    broken = governance.list_broken_rules([d.id for of in refused for d in decisions[of]])
    return [
        CaseTraces(
            c,
            messages[c.id],
            decisions[c.id],
            runs[c.id],
            frames.get(c.id, []),
            waits[c.id],
            calls[c.id],
            broken,
        )
        for c in found
    ]


def _by_conversation(traces: Iterable[T]) -> defaultdict[int, list[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for trace in traces:
        found[trace.conversation_id].append(trace)
    return found


_STORED = (
    "inbox", "customer", "began_at", "reason", "outcome", "is_answered", "is_confirmed", "is_reopened", "bursts",
    "recheck_at",
)  # fmt: skip


def _store(facts: Iterable[tuple[ConversationTrace, ContactFacts, list[RunFacts]]]) -> None:
    kept = list(facts)
    contacts = [_contact(of, contact) for of, contact, _ in kept]
    Contact.objects.bulk_create(
        contacts, update_conflicts=True, unique_fields=["conversation"], update_fields=_STORED
    )
    ProcedureRun.objects.filter(contact_id__in=[of.id for of, _, _ in kept]).delete()
    ProcedureRun.objects.bulk_create([_run(of, run) for of, _, runs in kept for run in runs])


def _contact(of: ConversationTrace, facts: ContactFacts) -> Contact:
    return Contact(
        conversation_id=of.id,
        inbox_id=of.inbox_id,
        customer_id=of.customer_id,
        began_at=of.created_at,
        reason=facts.reason[:60],
        outcome=facts.outcome.value,
        is_answered=facts.is_answered,
        is_confirmed=facts.is_confirmed,
        is_reopened=facts.is_reopened,
        bursts=facts.bursts,
        recheck_at=None if facts.is_settled else of.last_activity_at + QUIET,
    )


def _run(of: ConversationTrace, run: RunFacts) -> ProcedureRun:
    return ProcedureRun(
        contact_id=of.id,
        inbox_id=of.inbox_id,
        instance=run.instance,
        procedure=run.procedure,
        version=run.version,
        changes=run.changes,
        outcome=run.outcome.value,
        reason=run.reason,
        began_at=run.began_at,
        ended_at=run.ended_at,
        **{name: getattr(run.effort, name) for name in MEASURES},
    )


def _mark_returns(customer_ids: Collection[int]) -> None:
    """Mark the contacts whose customer began another one about the same within seven days."""
    rows = Contact.objects.filter(customer_id__in=customer_ids).exclude(reason__in=UNTELLING)
    ordered = list(rows.order_by("customer_id", "reason", "began_at", "pk"))
    changed = []
    for this, following in itertools.zip_longest(ordered, ordered[1:]):
        same = following and (this.customer_id, this.reason) == (following.customer_id, following.reason)
        came_back = bool(same and following.began_at - this.began_at <= REOPENING)
        if came_back != this.came_back:
            this.came_back = came_back
            changed.append(this)
    Contact.objects.bulk_update(changed, ["came_back"])
