"""A worker, or a producer, as a process of its own; used by `test_worker_processes`.

python -m rapport.jobs.tests.worker_process migrate | work | add KIND,… COUNT [PRIORITY]
"""

from __future__ import annotations

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.jobs.tests.settings_jobs")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from rapport.jobs.api import JobContext, JobKind, Registry, ScheduleSpec, Worker, enqueue  # noqa: E402

LEASE_S = 1.0


def record(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect (job, pid) VALUES (%s, %s)", [job_id, os.getpid()])


def atomic_effect(_payload: object, context: JobContext) -> None:
    record(context.job_id)
    time.sleep(0.004)


def outside_effect(_payload: object, context: JobContext) -> None:
    time.sleep(0.01)
    with transaction.atomic():
        record(context.job_id)
        context.complete()


def long_outside(_payload: object, context: JobContext) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO begun (job, pid) VALUES (%s, %s)", [context.job_id, os.getpid()])
    time.sleep(1.5)
    with transaction.atomic():
        record(context.job_id)
        context.complete()


REGISTRY = Registry(
    [
        JobKind("atomic", atomic_effect, lease_s=LEASE_S, tries=50),
        JobKind("outside", outside_effect, lease_s=LEASE_S, tries=50, is_atomic=False),
        JobKind("long", long_outside, lease_s=LEASE_S, tries=50, is_atomic=False),
    ]
)


def main() -> None:
    if sys.argv[1] == "migrate":
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            for table in ("effect", "begun"):
                cursor.execute(f"CREATE TABLE {table} (job bigint, pid bigint)")
    elif sys.argv[1] == "add":
        priority = int(sys.argv[4]) if len(sys.argv) > 4 else 5
        for kind in sys.argv[2].split(",") * int(sys.argv[3]):
            enqueue(kind, {}, priority=priority)
    else:
        tick_s = float(os.environ.get("TICK_S", "3600"))
        Worker(REGISTRY, [ScheduleSpec("tick", "atomic", every_s=tick_s)], threads=2).run()


if __name__ == "__main__":
    main()
