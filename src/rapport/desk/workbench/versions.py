"""Versions: what each one was trained on, what got better and worse, publishing and rolling back; their cards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.desk.workbench.pages import failure_text, show, staff_names, workshop
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.understanding.api import learning

CARD_TYPES = {"json": "application/json", "md": "text/markdown; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the list."""

    info: learning.VersionInfo
    by: str
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One intent or language before and after."""

    name: str
    rows: int
    before: float | None
    after: float
    interval: tuple[float, float]

    @property
    def change(self) -> float | None:
        return None if self.before is None else self.after - self.before


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def version_list(request: StaffRequest) -> HttpResponse:
    """Every version, the newest first."""
    names = staff_names()
    lines = [_line(info, names) for info in learning.list_model_versions(workshop().model_dir)]
    return show(request, "versions.html", "understanding:versions", {"lines": lines})


def _line(info: learning.VersionInfo, names: dict[int, str]) -> VersionLine:
    failures = tuple(failure_text(name) for name in info.report.get("failures", ()))
    return VersionLine(info, names.get(info.actor_id or 0, ""), failures)


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def version(request: StaffRequest, name: str) -> HttpResponse:
    """One version against the one that was in force before it."""
    info = _version_or_404(name)
    against = request.GET.get("against", "") or info.compared_with
    comparison = info.comparison
    shown = learning.find_examples([*comparison.get("lost", []), *comparison.get("gained", [])])
    context = {
        "line": _line(info, staff_names()),
        "against": against,
        "others": [
            v.version for v in learning.list_model_versions(workshop().model_dir) if v.version != name
        ],
        "diff": learning.diff_versions(against, info.version) if against else None,
        "languages": _groups(comparison.get("languages", {})),
        "intents": sorted(_groups(comparison.get("intents", {})), key=lambda g: (g.change or 0.0, g.after)),
        "levels": list(comparison.get("levels", {}).items()),
        "lost": [shown[i] for i in comparison.get("lost", []) if i in shown],
        "gained": [shown[i] for i in comparison.get("gained", []) if i in shown],
        "card": read_card(info.version),
    }
    return show(request, "version.html", "understanding:versions", context)


def _version_or_404(name: str) -> learning.VersionInfo:
    found = learning.find_model_version(workshop().model_dir, name)
    if found is None:
        raise Http404
    return found


def _groups(facts: dict[str, Any]) -> list[GroupLine]:
    return [
        GroupLine(name, f["rows"], f["before"], f["after"], (f["interval"][0], f["interval"][1]))
        for name, f in facts.items()
    ]


@require_POST
@require(Permission.CONFIGURE)
def change(request: StaffRequest, name: str) -> HttpResponse:
    """Publish a version that was held back (with a reason), or roll back to an earlier one."""
    actor = int(request.staff.id)
    try:
        match request.POST.get("do"):
            case "publish":
                reason = request.POST.get("reason", "")
                learning.publish_held(workshop(), name, actor_id=actor, reason=reason)
                said = _("Version %(name)s is in force.") % {"name": name}
            case "roll_back":
                changed = learning.roll_back(workshop(), name, actor_id=actor)
                said = _("Version %(name)s is in force again.") % {"name": name}
                if changed:
                    said += " " + ngettext(
                        "%(n)d example waits for review again.",
                        "%(n)d examples wait for review again.",
                        changed,
                    ) % {"n": changed}
            case _:
                return HttpResponse(status=400)
    except InvalidInput as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("understanding:version", args=[name]))
    except NotFound:
        messages.error(request, _("The file of this version is not kept any more."))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("understanding:versions"))


def read_card(name: str) -> dict[str, Any] | None:
    """The stored card of a version."""
    path = _card_path(name, "json")
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else None


def _card_path(name: str, suffix: str) -> Path:
    return workshop().model_dir / f"{name}.card.{suffix}"


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def card_file(_: StaffRequest, name: str, suffix: str) -> HttpResponse:
    """The card as a file, for those who keep it elsewhere."""
    info = _version_or_404(name)
    path = _card_path(info.version, suffix)
    if suffix not in CARD_TYPES or not path.exists():
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type=CARD_TYPES[suffix])
    answer["Content-Disposition"] = f'attachment; filename="{info.version}.card.{suffix}"'
    return answer


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def confusions(request: StaffRequest) -> HttpResponse:
    """Intents the version in force mistakes for each other on held-out texts, with the texts."""
    found = learning.list_model_versions(workshop().model_dir)
    info = next((v for v in found if v.is_current), None)
    pairs = info.comparison.get("confusions", []) if info else []
    shown = learning.find_examples([i for pair in pairs for i in pair["ids"]])
    rows = [(pair, [shown[i] for i in pair["ids"] if i in shown]) for pair in pairs]
    problems = info.report.get("problems", []) if info else []
    doubtful = [p.removeprefix("doubtful: ") for p in problems if p.startswith("doubtful")]
    context = {"info": info, "rows": rows, "doubtful": doubtful}
    return show(request, "confusions.html", "understanding:confusions", context)
