"""The checklist of a release: facts gathered, items judged, people's answers, and the record kept with the version."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.languages import pick
from rapport.procedures.logic.checklist import Answer, Checked, Facts, Item, check
from rapport.procedures.logic.definition import Definition
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.models import Procedure, ProcedureVersion, Rehearsal

JsonDict = dict[str, Any]
ITEMS = Path(__file__).parent / "data" / "checklist.yaml"
NOTE_CHARS = 3
"""An answer says something, in at least so many characters."""


@dataclass(frozen=True, slots=True)
class StoredChecklist:
    """What was looked at before a version was released."""

    procedure: str
    version: int
    data: JsonDict
    """As `as_json` writes it; with ``by``, ``at``, ``rehearsal`` and the ``override`` if there was one."""


@functools.lru_cache(maxsize=1)
def load_items() -> tuple[Item, ...]:
    """The items, in their order."""
    data = yaml.safe_load(ITEMS.read_text(encoding="utf-8"))
    return tuple(
        Item(
            item["key"],
            item["judge"],
            item["title"],
            bool(item.get("required")),
            bool(item.get("may_answer")),
            item.get("ask", {}),
            bool(item.get("each_time")),
        )
        for item in data["items"]
    )


def check_text(source: str, report: JsonDict, threshold: float, answers: JsonDict) -> tuple[Checked, ...]:
    """Every item of a text that is to go live; what was said for the version in force stands where nothing changed."""
    definition = parse_definition(source)
    facts = gather_facts(definition, report, threshold)
    return check(load_items(), facts, read_answers(answers), _said_before(definition.name))


def _said_before(name: str) -> dict[str, tuple[tuple[str, ...], Answer]]:
    kept = find_checklist(name)
    items = kept.data["items"] if kept else []
    answers = read_answers({item["key"]: item["answer"] for item in items if item["answer"]})
    return {i["key"]: (tuple(i["evidence"]), answers[i["key"]]) for i in items if i["key"] in answers}


def gather_facts(definition: Definition, report: JsonDict, threshold: float) -> Facts:
    """What is known of a procedure, of the systems it calls and of those who are told."""
    names = {step.action for step in definition.actions} | {k.action for k in definition.lookups}
    found = {name: connectors.find_action(name) for name in names}
    known = connectors.list_limits()
    version = (
        Procedure.objects.filter(name=definition.name).values_list("published_version", flat=True).first()
    )
    return Facts(
        definition=definition,
        actions={name: action for name, action in found.items() if action is not None},
        limits={name: known[name] for name in names if name in known},
        report=report,
        threshold=threshold,
        version_in_force=version,
        supervisors=sum(Permission.SUPERVISE in s.permissions for s in accounts.list_staff()),
        teams=frozenset(team.key for team in accounts.list_teams()),
    )


def read_answers(data: JsonDict) -> dict[str, Answer]:
    """Answers as they are kept."""
    return {
        key: Answer(bool(a["answer"]), str(a["note"]), a.get("by"), str(a.get("at", "")))
        for key, a in data.items()
    }


def make_answers(given: Mapping[str, str]) -> JsonDict:
    """Answers given on the command line. Raises InvalidInput."""
    return {key: _answer(key, note, None, is_yes=True) for key, note in given.items()}


@transaction.atomic
def answer_item(number: int, key: str, *, is_yes: bool, note: str, actor_id: int) -> None:
    """A person's word on one item of a rehearsal that is not published yet. Raises NotFound, InvalidInput."""
    row = Rehearsal.objects.select_for_update().filter(pk=number, published_version=None).first()
    if row is None:
        raise NotFound
    row.answers = {**row.answers, key: _answer(key, note, actor_id, is_yes=is_yes)}
    row.save(update_fields=["answers"])


def _answer(key: str, note: str, actor_id: int | None, *, is_yes: bool) -> JsonDict:
    item = next((item for item in load_items() if item.key == key), None)
    if item is None or not item.is_answerable:
        raise InvalidInput(f"The checklist has no item {key!r} that a person answers.", field=key)
    if len(note.strip()) < NOTE_CHARS:
        raise InvalidInput("Say why, in a few words.", field=key)
    return {"answer": is_yes, "note": note.strip()[:500], "by": actor_id, "at": now().isoformat()}


# ── the record ──────────────────────────────────────────────────────────────────────────────────────


def as_json(checked: tuple[Checked, ...]) -> list[JsonDict]:
    """The items as plain JSON values."""
    return [
        {
            "key": c.item.key,
            "title": dict(c.item.title),
            "judge": c.item.judge,
            "required": c.item.is_required,
            "state": c.state,
            "evidence": list(c.evidence),
            "answer": None
            if c.answer is None
            else {"answer": c.answer.is_yes, "note": c.answer.note, "by": c.answer.by, "at": c.answer.at},
        }
        for c in checked
    ]


def store(name: str, version: int, checked: tuple[Checked, ...], about: JsonDict) -> None:
    """Keep what was looked at with the version; in the transaction that publishes it."""
    data = {"items": as_json(checked), "at": now().isoformat(), **about}
    ProcedureVersion.objects.filter(procedure__name=name, version=version).update(checklist=data)


def record_answers(name: str, version: int, answers: Mapping[str, str], override: str) -> None:
    """Keep a checklist with a version that was put into force without a rehearsal. Raises InvalidInput."""
    source = ProcedureVersion.objects.values_list("source", flat=True).get(
        procedure__name=name, version=version
    )
    threshold = float(Procedure.objects.values_list("threshold", flat=True).get(name=name))
    checked = check_text(source, {}, threshold, make_answers(answers))
    store(name, version, checked, {"by": None, "rehearsal": None, "override": override})


def find_checklist(name: str, version: int | None = None) -> StoredChecklist | None:
    """What was looked at before a version (that in force, unless one is named) was released; None if nothing was."""
    rows = ProcedureVersion.objects.filter(procedure__name=name)
    if version is None:
        wanted = Procedure.objects.filter(name=name).values_list("published_version", flat=True).first()
        version = wanted if wanted is not None else -1
    row = rows.filter(version=version).values_list("version", "checklist").first()
    return StoredChecklist(name, row[0], row[1]) if row and row[1] else None


def make_checklist(name: str, version: int | None = None) -> JsonDict:
    """What was looked at before a version was released, or, where nothing was, what would be found now.

    Raises NotFound.
    """
    found = find_checklist(name, version)
    if found is not None:
        return {"procedure": name, "version": found.version, **found.data}
    version = (
        version or Procedure.objects.filter(name=name).values_list("published_version", flat=True).first()
    )
    rows = ProcedureVersion.objects.filter(procedure__name=name)
    row = rows.filter(version=version).first() if version else rows.order_by("-version").first()
    if row is None:
        raise NotFound(f"There is no procedure {name!r}, or no such version of it.")
    ended = Rehearsal.objects.filter(procedure=name, source=row.source).exclude(finished_at=None)
    rehearsed = ended.order_by("-id").first()
    threshold = float(Procedure.objects.values_list("threshold", flat=True).get(name=name))
    report, answers = (rehearsed.report, rehearsed.answers) if rehearsed else ({}, {})
    items = as_json(check_text(row.source, report, threshold, answers))
    return {
        "procedure": name,
        "version": row.version,
        "items": items,
        "at": now().isoformat(),
        "is_stored": False,
    }


def as_markdown(title: str, data: JsonDict, language: str = "en") -> str:
    """A checklist to be read or printed."""
    marks = {"passed": "x", "answered": "x", "open": " ", "not_needed": "-"}
    lines = [f"# {title}", ""]
    for item in data["items"]:
        required = "" if item["required"] else " (not required)"
        lines.append(
            f"- [{marks[item['state']]}] **{pick(item['title'], language)}**{required}: {item['state']}"
        )
        lines += [f"  - {text}" for text in item["evidence"]]
        if item["answer"]:
            said = item["answer"]
            who = f"staff {said['by']}" if said["by"] else "command line"
            lines.append(
                f"  - {'yes' if said['answer'] else 'no'}: {said['note']} ({who}, {said['at'][:16]})"
            )
    lines += ["", f"Published in spite of what is open: {data['override']}"] if data.get("override") else []
    return "\n".join(lines) + "\n"
