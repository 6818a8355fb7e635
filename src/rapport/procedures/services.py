"""Writes about procedures: publishing and rolling back."""

from __future__ import annotations

import hashlib

from django.db import transaction

from rapport.accounts.api import record_audit
from rapport.kernel.errors import NotFound
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.models import Procedure, ProcedureVersion


def digest_of(source: str) -> str:
    """What tells one text from another."""
    return hashlib.sha256(source.encode()).hexdigest()


@transaction.atomic
def publish(source: str, *, actor_id: int | None = None, note: str = "", cases: str = "") -> int:
    """Put a definition into force and return its version; an unchanged one keeps its version.

    This is what happens after the gate (`releasing.release`) has let it through; seeding and tests call it directly.

    Running instances keep the version they started with. Raises InvalidDefinition.
    """
    definition = parse_definition(source)
    digest = digest_of(source)
    row, _ = Procedure.objects.select_for_update().get_or_create(name=definition.name)
    same = ProcedureVersion.objects.filter(procedure=row, digest=digest).order_by("-version").first()
    if same is not None:
        version = same.version
        if cases and cases != same.cases:
            ProcedureVersion.objects.filter(pk=same.pk).update(cases=cases)
    else:
        latest = (
            ProcedureVersion.objects.filter(procedure=row)
            .order_by("-version")
            .values_list("version", flat=True)
            .first()
        )
        version = (latest or 0) + 1
        facts = {"source": source, "digest": digest, "note": note, "cases": cases}
        ProcedureVersion.objects.create(procedure=row, version=version, created_by=actor_id, **facts)
    if row.published_version != version:
        before = row.published_version
        row.published_version = version
        row.save(update_fields=["published_version"])
        detail = {"from": before, "to": version, "note": note}
        record_audit("procedure_published", actor_id=actor_id, subject=f"procedure:{row.name}", detail=detail)
    return version


@transaction.atomic
def withdraw(name: str, *, actor_id: int | None = None) -> None:
    """Take a procedure out of force; running instances finish. Raises NotFound."""
    if not Procedure.objects.filter(name=name).update(published_version=None):
        raise NotFound
    record_audit("procedure_withdrawn", actor_id=actor_id, subject=f"procedure:{name}")


@transaction.atomic
def roll_back(name: str, version: int, *, actor_id: int | None = None) -> None:
    """Put an earlier version into force again. Raises NotFound."""
    if not ProcedureVersion.objects.filter(procedure__name=name, version=version).exists():
        raise NotFound
    Procedure.objects.filter(name=name).update(published_version=version)
    record_audit(
        "procedure_published", actor_id=actor_id, subject=f"procedure:{name}", detail={"to": version}
    )
