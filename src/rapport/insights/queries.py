"""Reads of groups: the list, one with its texts, the latest survey."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from rapport.insights.contracts import ActionUse, Cause, Evidence, Kind
from rapport.insights.models import Issue, IssueDraft, IssueStory, Survey
from rapport.kernel.errors import NotFound

_SHOWN_EXAMPLES = 12
_LISTED_EXAMPLES = 20
_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class SurveyInfo:
    """The latest look at the conversations."""

    at: dt.datetime
    since: dt.datetime
    days: int
    conversations: int
    unsolved: int
    without_request: int


@dataclass(frozen=True, slots=True)
class Example:
    """One request of a group, redacted."""

    conversation_id: int
    language: str
    text: str
    is_recent: bool
    answer: str
    answer_count: int
    was_sure: bool


@dataclass(frozen=True, slots=True)
class IssueInfo:
    """A group as stored."""

    id: int
    kind: Kind
    procedure: str
    titles: dict[str, str]
    count: int
    count_before: int
    share: float
    """Of all conversations of the period, 0..1."""
    languages: dict[str, int]
    agent_messages: int
    agent_minutes: float
    evidence: Evidence
    is_dismissed: bool
    dismissed_reason: str
    dismissed_at: dt.datetime | None
    dismissed_count: int
    examples: tuple[Example, ...] = ()
    """The most typical first."""
    drafts: tuple[tuple[str, int, dt.datetime], ...] = ()
    """(procedure, staff id, when), the latest first."""


def latest_survey() -> SurveyInfo | None:
    """None before the first."""
    row = Survey.objects.order_by("-at", "-id").first()
    if row is None:
        return None
    return SurveyInfo(row.at, row.since, row.days, row.conversations, row.unsolved, row.without_request)


def list_issues(*, dismissed: bool = False) -> list[IssueInfo]:
    """Groups of the latest survey, the largest first; their most typical requests come along."""
    state = "dismissed" if dismissed else "open"
    rows = Issue.objects.filter(state=state).select_related("survey").order_by("-count", "id")
    return [_info(row, limit=_LISTED_EXAMPLES) for row in rows]


def find_issue(issue_id: int) -> IssueInfo:
    """One group with all its requests. Raises NotFound."""
    row = Issue.objects.select_related("survey").filter(pk=issue_id).first()
    if row is None:
        raise NotFound("There is no such issue any more.")
    return _info(row, limit=None)


def _info(row: Issue, *, limit: int | None) -> IssueInfo:
    stories = IssueStory.objects.filter(issue=row).order_by("place")[:limit]
    drafts = IssueDraft.objects.filter(issue=row).order_by("-id")
    return IssueInfo(
        id=row.pk,
        kind=Kind(row.kind),
        procedure=row.procedure,
        titles=row.titles,
        count=row.count,
        count_before=row.count_before,
        share=row.count / max(1, row.survey.conversations),
        languages=row.languages,
        agent_messages=row.agent_messages,
        agent_minutes=row.agent_minutes,
        evidence=read_evidence(row.evidence),
        is_dismissed=row.state == "dismissed",
        dismissed_reason=row.dismissed_reason,
        dismissed_at=row.dismissed_at,
        dismissed_count=row.dismissed_count,
        examples=tuple(
            Example(
                s.conversation_id,
                s.language,
                s.text,
                s.is_recent,
                s.answer,
                s.answer_count,
                s.was_sure,
            )
            for s in stories
        ),
        drafts=tuple((d.procedure, d.staff_id, d.created_at) for d in drafts),
    )


def read_evidence(data: dict[str, Any]) -> Evidence:
    """Counts as they were stored."""
    return Evidence(
        conversations=int(data.get("conversations", 0)),
        facts=tuple((str(n), int(c)) for n, c in data.get("facts", ())),
        actions=tuple(
            ActionUse(
                a["action"],
                int(a["count"]),
                tuple(a["arguments"]),
                dict(a["constants"]),
                dict(a.get("types", {})),
            )
            for a in data.get("actions", ())
        ),
        runs=tuple((str(n), int(c)) for n, c in data.get("runs", ())),
        teams=tuple((int(n), int(c)) for n, c in data.get("teams", ())),
        causes=tuple(Cause(c["kind"], c["name"], int(c["count"])) for c in data.get("causes", ())),
        verified=int(data.get("verified", 0)),
    )


def distinct_examples(issue: IssueInfo, *, most: int = _SHOWN_EXAMPLES) -> dict[str, tuple[Example, ...]]:
    """Requests by language, the most typical first, each wording once."""
    seen: set[str] = set()
    found: dict[str, list[Example]] = {}
    for example in issue.examples:
        key = _WORDS.sub(" ", example.text.casefold()).strip()
        if key and key not in seen:
            seen.add(key)
            found.setdefault(example.language, []).append(example)
    ranked = sorted(found, key=lambda language: (-issue.languages.get(language, 0), language))
    return {language: tuple(found[language][:most]) for language in ranked}
