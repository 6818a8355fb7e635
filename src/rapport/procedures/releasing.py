"""The release gate: a changed procedure goes live only after its test cases and simulated customers have passed.

Who rehearses is given from outside (`rapport.bootstrap`): a function of the text, its cases and the procedures in
force that returns a report. Here it is decided what a report permits, and put on record what was overridden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Max

from rapport.accounts.api import record_audit
from rapport.jobs.api import JobContext, JobKind, Priority, enqueue
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.procedures.checklists import check_text, store
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.checklist import Checked
from rapport.procedures.logic.gate import Verdict, judge_report
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.models import Procedure, ProcedureVersion, Rehearsal
from rapport.procedures.queries import load_book
from rapport.procedures.services import digest_of, publish

JsonDict = dict[str, Any]

REHEARSE_JOB = "procedures.rehearse"
TRIES = 2
THRESHOLD = 0.9
REASON_CHARS = 10
"""An override says why, in at least so many characters."""


class Rehearse(Protocol):
    """Test cases and simulated customers for a text."""

    def __call__(
        self, source: str, cases: str, book: ProcedureBook, progress: Callable[[int, int], None]
    ) -> JsonDict:
        """The report, as `testing.rehearsal.rehearsing` makes it."""
        ...


class GateClosed(InvalidInput):
    """The report does not permit publishing, and nobody overrode it with a reason."""

    code = "gate_closed"


@dataclass(frozen=True, slots=True)
class RehearsalInfo:
    """A rehearsal as pages show it."""

    id: int
    procedure: str
    source: str
    note: str
    done: int
    total: int
    report: JsonDict
    verdict: Verdict | None
    """None until finished."""
    threshold: float
    published_version: int | None
    checklist: tuple[Checked, ...] = ()
    """Judged as things are now; empty until finished."""
    against: tuple[str, ...] = ()
    """Why it may not be published without a reason."""


def needs_rehearsal(source: str) -> bool:
    """Whether this very text was never in force."""
    name = parse_definition(source).name
    return not ProcedureVersion.objects.filter(procedure__name=name, digest=digest_of(source)).exists()


def threshold_of(name: str) -> float:
    """The pass^1 a procedure must reach."""
    found = Procedure.objects.filter(name=name).values_list("threshold", flat=True).first()
    return THRESHOLD if found is None else float(found)


@transaction.atomic
def set_threshold(name: str, threshold: float, *, actor_id: int | None = None) -> None:
    """Change it; goes to the audit log. Raises NotFound, InvalidInput."""
    if not 0 <= threshold <= 1:
        raise InvalidInput("A threshold is a share between 0 and 1.", field="threshold")
    row = Procedure.objects.filter(name=name).first()
    if row is None:
        raise NotFound
    before, row.threshold = row.threshold, threshold
    row.save(update_fields=["threshold"])
    detail = {"from": before, "to": threshold}
    record_audit("procedure_threshold", actor_id=actor_id, subject=f"procedure:{name}", detail=detail)


def latest_cases(name: str) -> str:
    """The test cases kept with the newest version that has any."""
    rows = ProcedureVersion.objects.filter(procedure__name=name).exclude(cases="").order_by("-version")
    return str(rows.values_list("cases", flat=True).first() or "")


@transaction.atomic
def request_rehearsal(source: str, *, cases: str = "", actor_id: int | None = None, note: str = "") -> int:
    """Have a text rehearsed by the worker; returns the rehearsal. Raises InvalidDefinition."""
    name = parse_definition(source).name
    row = Rehearsal.objects.create(
        procedure=name, source=source, cases=cases or latest_cases(name), note=note, created_by=actor_id
    )
    enqueue(REHEARSE_JOB, {"rehearsal_id": row.pk}, key=f"rehearsal:{row.pk}", priority=Priority.NORMAL)
    return int(row.pk)


def find_rehearsal(number: int) -> RehearsalInfo | None:
    """A rehearsal and what it permits."""
    row = Rehearsal.objects.filter(pk=number).first()
    if row is None:
        return None
    threshold = threshold_of(row.procedure)
    verdict = judge_report(row.report, threshold) if row.finished_at else None
    checked = check_text(row.source, row.report, threshold, row.answers) if verdict else ()
    return RehearsalInfo(
        int(row.pk), row.procedure, row.source, row.note, row.done, row.total, row.report, verdict, threshold,
        row.published_version, checked, what_stands_against(verdict, checked) if verdict else (),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GateState:
    """What the gate said of a procedure's newest rehearsal."""

    rehearsal: int
    is_open: bool | None
    """None while it runs."""
    passed_share: float | None
    """Of simulated conversations, pass^1 [0..1]; None where nothing could be simulated."""


def latest_rehearsals() -> dict[str, GateState]:
    """Procedure → its newest rehearsal, of those that were ever rehearsed."""
    newest = Rehearsal.objects.values("procedure").annotate(number=Max("id")).values_list("number", flat=True)
    found = {}
    for row in Rehearsal.objects.filter(pk__in=list(newest)):
        verdict = judge_report(row.report, threshold_of(row.procedure)) if row.finished_at else None
        passed = (row.report.get("simulation") or {}).get("pass") or [None]
        found[row.procedure] = GateState(int(row.pk), verdict.is_open if verdict else None, passed[0])
    return found


@dataclass(frozen=True, slots=True)
class Release:
    """A text that somebody wants to publish, and what was found out about it."""

    source: str
    report: JsonDict
    """Of its rehearsal."""
    cases: str = ""
    note: str = ""
    answers: JsonDict = field(default_factory=dict)
    """What people said of the checklist."""
    rehearsal: int | None = None


def release(wanted: Release, *, actor_id: int | None = None, reason: str = "") -> int:
    """Publish what report and checklist permit, or what somebody answers for with a reason. Raises GateClosed."""
    name = parse_definition(wanted.source).name
    threshold = threshold_of(name)
    checked = check_text(wanted.source, wanted.report, threshold, wanted.answers)
    against = what_stands_against(judge_report(wanted.report, threshold), checked)
    if against and len(reason.strip()) < REASON_CHARS:
        raise GateClosed(
            f"{name}: {'; '.join(against)}. Publishing it all the same needs a reason.",
            field="reason",
        )
    with transaction.atomic():
        version = publish(wanted.source, actor_id=actor_id, note=wanted.note, cases=wanted.cases)
        about = {
            "by": actor_id,
            "rehearsal": wanted.rehearsal,
            "override": reason.strip()[:500] if against else "",
        }
        store(name, version, checked, about)
        if against:
            detail = {
                "version": version,
                "reason": reason.strip()[:500],
                "stood_against": list(against),
                "threshold": threshold,
            }
            subject = f"procedure:{name}"
            record_audit("procedure_gate_overridden", actor_id=actor_id, subject=subject, detail=detail)
    return version


def what_stands_against(verdict: Verdict, checked: tuple[Checked, ...]) -> tuple[str, ...]:
    """Why a text may not be published: the gate's reasons, and required items of the checklist that are open."""
    judged = {"tests", "simulation"} if verdict.reasons else set()
    return (
        *verdict.reasons,
        *(
            f"{c.item.title['en']}: {'; '.join(c.evidence)}"
            for c in checked
            if c.is_blocking and c.item.key not in judged
        ),
    )


@transaction.atomic
def release_rehearsed(number: int, *, actor_id: int | None = None, reason: str = "") -> int:
    """Publish a rehearsed text. Raises NotFound, GateClosed."""
    row = Rehearsal.objects.select_for_update().filter(pk=number).exclude(finished_at=None).first()
    if row is None:
        raise NotFound
    wanted = Release(row.source, row.report, row.cases, row.note, row.answers, int(row.pk))
    version = release(wanted, actor_id=actor_id, reason=reason)
    row.published_version = version
    row.save(update_fields=["published_version"])
    return version


def job_kinds(rehearse: Rehearse) -> tuple[JobKind, ...]:
    """What the worker can do for procedures."""

    def run(payload: JsonDict, context: JobContext) -> None:
        number = int(payload["rehearsal_id"])
        try:
            _rehearse(number, rehearse)
        except Exception as problem:
            if context.attempt >= TRIES:  # whoever waits at the page hears of it; the gate stays closed
                report = {"problem": f"the rehearsal broke off: {type(problem).__name__}: {problem}"[:500]}
                Rehearsal.objects.filter(pk=number).update(report=report, finished_at=now())
            raise

    return (JobKind(REHEARSE_JOB, run, tries=TRIES, lease_s=120, is_atomic=False),)


def _rehearse(number: int, rehearse: Rehearse) -> None:
    row = Rehearsal.objects.filter(pk=number, finished_at=None).first()
    if row is None:
        return

    def progress(done: int, total: int) -> None:
        if done % 16 == 0 or done == total:
            Rehearsal.objects.filter(pk=number).update(done=done, total=total)

    report = rehearse(row.source, row.cases, load_book(), progress)
    Rehearsal.objects.filter(pk=number).update(report=report, finished_at=now())
