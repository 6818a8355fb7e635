"""Test cases beside the flow: run, read, changed in a form, deleted."""

from __future__ import annotations

import copy
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.kernel.languages import LANGUAGE_NAMES, pick
from rapport.procedures import api as procedures
from rapport.studio.changing import write_back
from rapport.studio.contracts import CaseOutcome, DraftInfo, JsonDict
from rapport.studio.logic.casework import change_case, read_case_list
from rapport.studio.logic.tree import Edit, apply
from rapport.studio.offers import rehearser
from rapport.studio.previewing import outcomes
from rapport.studio.reading import read_source
from rapport.studio.services import save_draft
from rapport.studio.views import EDIT, draft_or_404

TEXTS = ("says", "never_says")


@never_cache
@require_safe
@require(EDIT)
def cases(request: StaffRequest, name: str) -> HttpResponse:
    """Every case with what becomes of it now; one of them open as a form."""
    return _show(request, draft_or_404(request, name), request.GET.get("open", ""))


def _show(request: StaffRequest, draft: DraftInfo, opened: str) -> HttpResponse:
    is_within, listed = _cases_of(draft)
    results, problem = _run(draft)
    rows = [
        {"index": n, "case": case, "result": results[n] if n < len(results) else None}
        for n, case in enumerate(listed)
    ]
    context: dict[str, Any] = {
        "draft": draft,
        "rows": rows,
        "problem": problem,
        "is_within": is_within,
        "failed": sum(1 for r in results if r.problems),
        "language_names": LANGUAGE_NAMES,
    }
    if opened.isdecimal() and int(opened) < len(listed):
        context |= {"opened": int(opened), "form": _form(draft, listed[int(opened)])}
    return render(request, "studio/cases.html", context)


def _cases_of(draft: DraftInfo) -> tuple[bool, list[JsonDict]]:
    """Whether the definition brings its cases itself, and the cases."""
    document = read_source(draft.source)
    tests = document.get("tests") if document else None
    if isinstance(tests, dict) and tests:
        found = tests.get("cases")
        return True, [c for c in found if isinstance(c, dict)] if isinstance(found, list) else []
    return False, read_case_list(draft.cases)[1]


def _run(draft: DraftInfo) -> tuple[tuple[CaseOutcome, ...], str]:
    try:
        return rehearser().run_cases(draft.source, draft.cases), ""
    except procedures.InvalidDefinition as problem:
        return (), _("They cannot be run while there are mistakes: %(first)s") % {
            "first": problem.problems[0].message
        }


def _form(draft: DraftInfo, case: JsonDict) -> dict[str, Any]:
    """What a case expects at its end, and everything that could be expected."""
    expected = case.get("expect")
    expected = expected if isinstance(expected, dict) else {}
    try:
        definition = procedures.parse_definition(draft.source)
    except procedures.InvalidDefinition:
        definition = None
    wordings = procedures.list_wordings(definition) if definition else {}
    said = [
        (key, pick(words, "en")) for key, words in wordings.items() if key not in ("title", "description")
    ]
    chosen = {key: _listed(expected.get(key)) for key in TEXTS}
    known = {key for key, _text in said}
    return {
        "case": case,
        "ends": str(expected.get("ends", "")),
        "outcomes": [("", _("Not looked at")), *outcomes().items()],
        "asks": str(expected.get("asks", "")),
        "waits": [("", _("Not looked at")), ("confirm", _("The agreement")), ("identify", _("Who they are"))]
        + [(slot.name, slot.name.replace("_", " ")) for slot in (definition.slots if definition else ())],
        "refused": str(expected.get("refused", "")),
        "rules": [rule.name for rule in (definition.rules if definition else ())],
        "hands_over": str(expected.get("hands_over", "")),
        "says": [(key, text, key in chosen["says"]) for key, text in said],
        "says_words": "\n".join(t for t in chosen["says"] if t not in known),
        "calls": expected.get("calls"),
        "steps": [
            (n, *_step(step)) for n, step in enumerate(case.get("steps") or []) if isinstance(step, dict)
        ],
    }


def _listed(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []


def _step(step: JsonDict) -> tuple[str, str]:
    """A move in words, and what must follow."""
    kinds = {
        "start": _("asks"), "click": _("clicks"), "form": _("fills in"), "say": _("writes"), "do": _("answers"),
        "undo": _("takes back"), "wake": _("then happens"), "approve": _("a colleague approves"),
        "later": _("time passes"), "send": _("sends"),
    }  # fmt: skip
    kind = next((k for k in kinds if k in step), "")
    value = step.get(kind)
    shown = (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else ", ".join(map(str, value.values()))
        if isinstance(value, dict)
        else str(value)
    )
    return f"{kinds.get(kind, kind)}: {shown}", str(step.get("asks", ""))


@require_POST
@require(EDIT)
def change(request: StaffRequest, name: str) -> HttpResponse:
    """Save what a case expects, delete a step of it, or delete the case."""
    draft = draft_or_404(request, name)
    _is_within, listed = _cases_of(draft)
    index = request.POST.get("index", "")
    if not index.isdecimal() or int(index) >= len(listed):
        raise Http404
    place, do = int(index), request.POST.get("do", "save")
    case: JsonDict | None = copy.deepcopy(listed[place])
    assert case is not None
    opened = index
    if do == "delete":
        case, opened = None, ""
    elif do.startswith("step:") and do[5:].isdecimal():
        case["steps"] = [s for n, s in enumerate(case.get("steps") or []) if n != int(do[5:])]
    else:
        _read(request, case)
    draft = _save(draft, place, case)
    response = _show(request, draft, opened if do != "save" else "")
    response["HX-Trigger"] = "draft-tested"
    return response


def _read(request: StaffRequest, case: JsonDict) -> None:
    """The form laid over a case."""
    post = request.POST
    case["name"] = post.get("name", "").strip()[:160] or case.get("name", "")
    expected = dict(case.get("expect") or {})
    for key in ("ends", "asks", "refused", "hands_over"):
        value = post.get(key, "").strip()
        expected.pop(key, None)
        if value:
            expected[key] = value
    said = [
        *post.getlist("says"),
        *(line.strip() for line in post.get("says_words", "").splitlines() if line.strip()),
    ]
    expected.pop("says", None)
    if said:
        expected["says"] = said if len(said) > 1 else said[0]
    if "calls#shown" in post:
        keep = post.get("calls", "")
        if keep == "any":
            expected.pop("calls", None)
        elif keep == "none":
            expected["calls"] = []
    case["expect"] = expected


def _save(draft: DraftInfo, place: int, case: JsonDict | None) -> DraftInfo:
    document = read_source(draft.source)
    what = _("Changed a test case") if case is not None else _("Deleted a test case")
    if document and document.get("tests"):
        edit = (
            Edit("delete", ("tests", "cases", place))
            if case is None
            else Edit("set", ("tests", "cases", place), case)
        )
        return save_draft(draft, source=write_back(draft.source, apply(document, edit)), what=what)
    return save_draft(draft, cases=change_case(draft.cases, place, case), what=what)
