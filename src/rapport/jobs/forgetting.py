"""Erasing news and finished jobs before they are pruned."""

from __future__ import annotations

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from rapport.jobs.models import FeedEvent, Job


def forget(topics: list[str], words: list[str]) -> dict[str, int]:
    """Delete news on any of these topics, and news and finished jobs that hold any of these words.

    Within the caller's transaction.
    """
    news = Q()
    for topic in topics:
        news |= Q(topics__contains=f" {topic} ")
    held = Q()
    for word in words:
        news |= Q(body__contains=word)
        held |= Q(text__contains=word)
    if not news:
        return {"jobs_feedevent": 0, "jobs_job": 0}
    jobs = (
        Job.objects.annotate(text=Cast("payload", TextField())).filter(held) if held else Job.objects.none()
    )
    ids = list(jobs.exclude(state="ready").values_list("pk", flat=True))
    return {
        "jobs_feedevent": FeedEvent.objects.filter(news).delete()[0],
        "jobs_job": Job.objects.filter(pk__in=ids).delete()[0],
    }
