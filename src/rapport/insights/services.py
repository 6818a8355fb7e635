"""What staff do with a group: begin a draft, put wordings up for review, dismiss it."""

from __future__ import annotations

import dataclasses

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.insights.casing import cases_for
from rapport.insights.contracts import Kind, ProcedureDraft
from rapport.insights.models import Issue, IssueDraft
from rapport.insights.preparing import prepare
from rapport.insights.queries import IssueInfo, distinct_examples, find_issue
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.studio import api as studio
from rapport.understanding.api import learning

PROPOSED = 10
"""Wordings of one language that are put up for review."""


def begin_draft(issue_id: int, staff_id: int) -> ProcedureDraft:
    """A draft in the editor of this member of staff, with its origin kept. Raises NotFound, Conflict."""
    issue = find_issue(issue_id)
    prepared = prepare(issue, taken=studio.list_drafts(staff_id))
    draft = dataclasses.replace(prepared, cases=cases_for(issue, prepared))
    with transaction.atomic():
        studio.create_draft(staff_id, draft.name, draft.source, draft.cases)
        _keep_origin(issue, draft, staff_id)
        _propose(issue, draft.name, staff_id)
    return draft


def _keep_origin(issue: IssueInfo, draft: ProcedureDraft, staff_id: int) -> None:
    numbers = sorted({example.conversation_id for example in issue.examples})
    IssueDraft.objects.create(
        issue_id=issue.id,
        issue_number=issue.id,
        procedure=draft.name,
        staff_id=staff_id,
        conversation_ids=numbers,
        parts=[dataclasses.asdict(part) for part in draft.parts],
    )
    accounts.record_audit(
        "issue_draft_begun",
        actor_id=staff_id,
        subject=f"procedure:{draft.name}",
        detail={"issue": issue.id, "conversations": len(numbers)},
    )


@transaction.atomic
def propose_wordings(issue_id: int, staff_id: int) -> int:
    """Put the wordings that were not read as their procedure up for review; how many. Raises NotFound, InvalidInput."""
    issue = find_issue(issue_id)
    if issue.kind is Kind.NEW:
        raise InvalidInput("No procedure is known to which these wordings would belong.", field="issue")
    count = _propose(issue, issue.procedure, staff_id)
    accounts.record_audit(
        "issue_wordings_proposed",
        actor_id=staff_id,
        subject=f"procedure:{issue.procedure}",
        detail={"issue": issue.id, "wordings": count},
    )
    return count


def _propose(issue: IssueInfo, label: str, staff_id: int) -> int:
    """As examples that wait for a person's yes; nothing is learned before it."""
    found = 0
    for language, examples in distinct_examples(issue, most=PROPOSED).items():
        for example in examples:
            if issue.kind is Kind.FAILING and example.was_sure:
                continue
            proposal = learning.Proposal(
                text=example.text,
                label=label,
                language=language,
                source="message",
                origin=f"issue:{label}:{example.conversation_id}",
                reason="abstained",
                conversation_id=example.conversation_id,
            )
            found += learning.propose_example(proposal, staff_id) is not None
    return found


@transaction.atomic
def dismiss(issue_id: int, staff_id: int, reason: str) -> None:
    """Out of the list until it has grown; the reason is kept. Raises NotFound, InvalidInput."""
    said = " ".join(reason.split())[:300]
    if not said:
        raise InvalidInput("Say why, in a few words.", field="reason")
    row = _locked(issue_id)
    row.state, row.dismissed_reason, row.dismissed_by = "dismissed", said, staff_id
    row.dismissed_at, row.dismissed_count = now(), row.count
    row.save()
    _audit("issue_dismissed", staff_id, row, {"reason": said})


@transaction.atomic
def restore(issue_id: int, staff_id: int) -> None:
    """Back in the list. Raises NotFound."""
    row = _locked(issue_id)
    row.state = "open"
    row.save(update_fields=["state"])
    _audit("issue_restored", staff_id, row, {})


def _locked(issue_id: int) -> Issue:
    row = Issue.objects.select_for_update().filter(pk=issue_id).first()
    if row is None:
        raise NotFound("There is no such issue any more.")
    return row


def _audit(kind: str, staff_id: int, row: Issue, detail: dict[str, str]) -> None:
    facts = {**detail, "conversations": row.count}
    accounts.record_audit(kind, actor_id=staff_id, subject=f"issue:{row.pk}", detail=facts)
