"""One look at the conversations of a period: groups found, recognised from survey to survey, and stored."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from rapport.insights.answers import typical_answers
from rapport.insights.contracts import Group, Kind, Stories, Story
from rapport.insights.grouping import find_groups
from rapport.insights.logic.evidence import weigh
from rapport.insights.logic.naming import title_of, typical_words
from rapport.insights.models import Issue, IssueStory, Survey
from rapport.insights.vectors import Space
from rapport.insights.wording import plain_words
from rapport.kernel.clock import now

KEPT_OF_DISMISSED = 12
"""Texts by which a dismissed group is known again when it has not been found for a while."""
KEPT_DAYS = 365
_SHARED = 0.3
"""Share of the smaller one's conversations by which two groups are the same."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A group ready to be stored."""

    group: Group
    titles: dict[str, str]
    answers: dict[int, int]
    """Place among its stories → replies like that story's answer."""

    @property
    def conversations(self) -> frozenset[int]:
        """Row ids."""
        return frozenset(story.conversation_id for story in self.group.stories)


def survey(stories: Stories, space: Space) -> Survey:
    """Find groups and make the stored ones equal to them; dismissed ones stay dismissed unless they grew."""
    found = [
        Finding(group, _titles(group, stories.found), _answers(group, stories, space))
        for group in find_groups(stories.found, stories.window, space)
    ]
    known = _recognise(found, space)
    with transaction.atomic():
        row = _store(stories)
        for number, finding in enumerate(found):
            _save(row, finding, known.get(number), stories)
        _forget_unfound(row)
    return row


def _titles(group: Group, everybody: Sequence[Story]) -> dict[str, str]:
    """Typical words by language, the most frequent language first."""
    inside = {story.conversation_id for story in group.stories}
    titles: dict[str, str] = {}
    for language, _ in Counter(story.language for story in group.stories).most_common():
        mine = [s.text for s in group.stories if s.language == language]
        others = [s.text for s in everybody if s.language == language and s.conversation_id not in inside]
        words = typical_words(mine, others, plain_words(language))
        if words:
            titles[language] = title_of(words, language)
    return titles


def _answers(group: Group, stories: Stories, space: Space) -> dict[int, int]:
    if group.kind is not Kind.NEW:
        return {}
    recent = [p for p, story in enumerate(group.stories) if story.created_at >= stories.window.since]
    found = typical_answers([group.stories[place] for place in recent], space)
    return {recent[place]: count for place, count in found.items()}


def _recognise(found: Sequence[Finding], space: Space) -> dict[int, Issue]:
    """Which stored group each found one is: by procedure, by shared conversations, else by what is meant."""
    left = {issue.pk: issue for issue in Issue.objects.order_by("id")}
    stored = _stored_stories()
    members = {pk: frozenset(s.conversation_id for s in stored[pk]) for pk in left}
    known: dict[int, Issue] = {}
    for number, finding in enumerate(found):
        match = _same_procedure(finding, left) or _sharing(finding, left, members)
        if match is not None:
            known[number] = left.pop(match.pk)
    for number, finding in enumerate(found):
        if number not in known and finding.group.kind is not Kind.FAILING:
            alike = (i for i in left.values() if _means_same(finding, i, stored[i.pk], space))
            match = next(alike, None)
            if match is not None:
                known[number] = left.pop(match.pk)
    return known


def _stored_stories() -> defaultdict[int, list[IssueStory]]:
    """What every group was seen in, in one query."""
    found: defaultdict[int, list[IssueStory]] = defaultdict(list)
    for story in IssueStory.objects.only("issue_id", "conversation_id", "text", "language").order_by("id"):
        found[story.issue_id].append(story)
    return found


def _same_procedure(finding: Finding, left: dict[int, Issue]) -> Issue | None:
    if finding.group.kind is not Kind.FAILING:
        return None
    wanted = (Kind.FAILING.value, finding.group.procedure)
    return next((i for i in left.values() if (i.kind, i.procedure) == wanted), None)


def _sharing(finding: Finding, left: dict[int, Issue], members: dict[int, frozenset[int]]) -> Issue | None:
    """The group that most of the conversations were in."""
    if finding.group.kind is Kind.FAILING:
        return None
    best, most = None, 0
    for pk, issue in left.items():
        shared = len(members[pk] & finding.conversations)
        least = _SHARED * min(len(members[pk]), len(finding.conversations))
        if issue.kind != Kind.FAILING.value and shared > most and shared >= least:
            best, most = issue, shared
    return best


def _means_same(finding: Finding, issue: Issue, stories: Sequence[IssueStory], space: Space) -> bool:
    """Whether what is kept of a dismissed group says the same."""
    if issue.state != "dismissed" or issue.kind == Kind.FAILING.value:
        return False
    kept = [(s.text, s.language) for s in stories]
    mine = [(s.text, s.language) for s in finding.group.stories[:KEPT_OF_DISMISSED]]
    if not kept:
        return False
    vectors = space.vectors([t for t, _ in (*mine, *kept)], [lang for _, lang in (*mine, *kept)])
    between = vectors[: len(mine)] @ vectors[len(mine) :].T
    return float(np.mean(between)) >= space.threshold


def _store(stories: Stories) -> Survey:
    window = stories.window
    return Survey.objects.create(
        at=now(),
        since=window.since,
        days=window.days,
        conversations=stories.conversations,
        unsolved=sum(s.created_at >= window.since for s in stories.found) + stories.without_request,
        without_request=stories.without_request,
    )


def _save(row: Survey, finding: Finding, known: Issue | None, stories: Stories) -> None:
    group, since = finding.group, stories.window.since
    recent = [story for story in group.stories if story.created_at >= since]
    issue = known or Issue(first_found_at=now())
    issue.kind, issue.procedure, issue.survey = group.kind.value, group.procedure, row
    issue.titles, issue.tightness = finding.titles, group.tightness
    issue.count, issue.count_before = len(recent), len(group.stories) - len(recent)
    issue.languages = dict(Counter(story.language for story in recent).most_common())
    issue.agent_messages = sum(story.agent_messages for story in recent)
    issue.agent_minutes = round(sum(story.agent_minutes for story in recent), 1)
    issue.evidence = dataclasses.asdict(weigh(group, recent))
    if issue.state == "dismissed" and issue.count >= returns_at(issue.dismissed_count):
        issue.state = "open"
    issue.save()
    IssueStory.objects.filter(issue=issue).delete()
    IssueStory.objects.bulk_create(
        IssueStory(
            issue=issue,
            conversation_id=story.conversation_id,
            place=place,
            is_recent=story.created_at >= since,
            language=story.language[:10],
            text=story.text,
            answer=story.answer if place in finding.answers else "",
            answer_count=finding.answers.get(place, 0),
            was_sure=story.was_sure,
        )
        for place, story in enumerate(group.stories)
    )


def returns_at(count: int) -> int:
    """How many conversations bring a dismissed group back: half as many again, five at least."""
    return count + max(5, math.ceil(count / 2))


def _forget_unfound(row: Survey) -> None:
    """Groups that are no longer found go; of dismissed ones a few texts stay for a year, drafts keep their origin."""
    unfound = Issue.objects.exclude(survey=row)
    unfound.filter(state="open").delete()
    for issue in unfound.filter(state="dismissed"):
        if issue.dismissed_at is None or (now() - issue.dismissed_at).days > KEPT_DAYS:
            issue.delete()
            continue
        IssueStory.objects.filter(issue=issue, place__gte=KEPT_OF_DISMISSED).delete()
        Issue.objects.filter(pk=issue.pk).update(survey=row, count=0, count_before=0)
    Survey.objects.exclude(pk=row.pk).filter(issues__isnull=True).delete()
