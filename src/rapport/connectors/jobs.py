"""Jobs of connected systems."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings

from rapport.connectors import outages
from rapport.connectors.alarming import tell_supervisors
from rapport.connectors.call_files import prune_files
from rapport.connectors.probing import probe
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec
from rapport.kernel.clock import now

PRUNE_FILES_JOB = "connectors.prune_files"
PROBE_JOB = "connectors.probe"
logger = logging.getLogger(__name__)


def run_prune_files(_: dict[str, Any], __: JobContext) -> None:
    """Delete what calls left longer ago than the settings keep it."""
    prune_files(now() - dt.timedelta(days=settings.CALL_FILES_DAYS))


def run_probe(_: dict[str, Any], __: JobContext) -> None:
    """Find out which systems that were away answer again, and raise an alarm for those that do not mend themselves."""
    for system in outages.due_for_probe():
        probe(system)
    for outage in outages.take_alarms():
        logger.error("%s has been away since %s: %s", outage.system, outage.began_at, outage.problem)
        tell_supervisors(outage)


KINDS = (
    JobKind(PRUNE_FILES_JOB, run_prune_files, is_atomic=False),
    JobKind(PROBE_JOB, run_probe, tries=1, is_atomic=False),
)
SCHEDULES = (
    ScheduleSpec("prune-call-files", PRUNE_FILES_JOB, daily_at=dt.time(3, 15)),
    ScheduleSpec("probe-systems", PROBE_JOB, every_s=10),
)
