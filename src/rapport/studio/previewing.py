"""The preview: the draft as a customer meets it, replayed from its first move each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.api import StaffRequest, require
from rapport.kernel.languages import LANGUAGE_NAMES, LANGUAGES
from rapport.procedures import api as procedures
from rapport.studio.changing import write_back
from rapport.studio.contracts import DraftInfo, JsonDict, Talk
from rapport.studio.logic.casework import add_case, case_of, free_title, read_case_list
from rapport.studio.logic.tree import pointer
from rapport.studio.offers import rehearser
from rapport.studio.reading import read_source
from rapport.studio.services import save_draft
from rapport.studio.views import EDIT, draft_or_404

STANDARD = ""
MAX_MOVES = 60
MAX_TEXT = 2_000


def customers(draft: DraftInfo) -> list[tuple[str, str, JsonDict]]:
    """Example customers: key, what they are like, and what that changes in the sandbox."""
    found: list[tuple[str, str, JsonDict]] = [
        (STANDARD, _("Ada Young, who has orders of every kind"), {}),
        ("nobody", _("Somebody who has not proven who they are"), {"identified": False}),
        ("empty", _("A customer without any order"), {"records": {"shop.order": []}}),
        ("down", _("Ada Young, while the shop does not answer"), {"down": True}),
    ]
    data, cases = read_case_list(draft.cases)
    shared = data.get("given")
    common: JsonDict = shared if isinstance(shared, dict) else {}
    if common:
        found.append(("cases", _("As in the test cases"), dict(common)))
    for n, case in enumerate(cases):
        given = case.get("given")
        if isinstance(given, dict) and given not in [known for _key, _title, known in found]:
            title = _("As in “%(name)s”") % {"name": case.get("name", "")}
            found.append((f"case-{n}", title, {**common, **given}))
    return found


@never_cache
@require_http_methods(["GET", "POST"])
@require(EDIT)
def preview(request: StaffRequest, name: str) -> HttpResponse:
    """The conversation so far with another move, against the draft as it is now."""
    draft = draft_or_404(request, name)
    asked = _read(request, draft)
    moves = asked["moves"]
    if request.POST.get("do") == "reset":
        moves = []
    elif request.POST.get("do") == "back":
        moves = moves[:-1]
    else:
        moves = [*moves, *_new_move(request)]
    talk = _hold(draft, moves, asked)
    kept = [turn.move for turn in talk.turns if turn.move]
    context = asked | {
        "draft": draft,
        "talk": talk,
        "moves": json.dumps(kept, ensure_ascii=False),
        "can_go_back": bool(kept),
        "lacks_choice": request.POST.get("send") == "many" and not request.POST.getlist("chosen"),
        "active": _active(draft, talk),
        "can_undo": talk.ended == "done" and bool((read_source(draft.source) or {}).get("undo")),
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        "outcomes": outcomes(),
        "offers": [
            (n, _title_of(n, asked["language"])) for n in (talk.turns[-1].offers if talk.turns else ())
        ],
    }
    return render(request, "studio/preview.html", context)


def outcomes() -> dict[str, str]:
    """How a procedure can end, in words."""
    return {
        "done": _("Done"), "refused": _("Refused"), "cancelled": _("Cancelled"),
        "handed_over": _("Handed over to a person"), "failed": _("Failed"), "waiting": _("Waiting"),
    }  # fmt: skip


def _title_of(name: str, language: str) -> str:
    definition = procedures.load_book().get(name)
    return (definition.title.get(language) or definition.title.get("en", name)) if definition else name


def _read(request: StaffRequest, draft: DraftInfo) -> dict[str, Any]:
    try:
        moves = json.loads(request.POST.get("moves") or "[]")
    except ValueError:
        moves = []
    listed = customers(draft)
    key = request.POST.get("customer", STANDARD)
    given = next((given for known, _title, given in listed if known == key), {})
    given, examples = procedures.with_examples(read_source(draft.source) or {}, given)
    language = request.POST.get("language", "en")
    return {
        "moves": [m for m in moves if isinstance(m, dict)][:MAX_MOVES] if isinstance(moves, list) else [],
        "customers": [(known, title) for known, title, _given in listed],
        "customer": key,
        "given": given,
        "examples": examples,
        "language": language if language in LANGUAGES else "en",
    }


def _new_move(request: StaffRequest) -> list[JsonDict]:
    """What the customer did just now: a button, several check boxes, a form, words."""
    post = request.POST
    if post.get("click") is not None:
        return [{"click": post["click"][:500]}]
    if post.get("answer") is not None:
        return [{"do": post["answer"]}]
    if post.get("wake") is not None:
        return [{"wake": post["wake"][:100]}]
    if post.get("approve") in ("yes", "no"):
        return [{"approve": post["approve"]}]
    if post.get("undo"):
        return [{"undo": True}]
    if post.get("file"):
        return [{"send": post["file"][:100]}]
    if post.get("send") == "many":
        chosen = [value[:500] for value in post.getlist("chosen")]
        return [{"click": chosen}] if chosen else []
    if post.get("send") == "form":
        fields = {k.removeprefix("field:"): v[:MAX_TEXT] for k, v in post.items() if k.startswith("field:")}
        return [{"form": {key: value for key, value in fields.items() if value}}]
    if post.get("send") == "say" and post.get("write", "").strip():
        return [{"write": post["write"].strip()[:MAX_TEXT]}]
    return []


def _hold(draft: DraftInfo, moves: list[JsonDict], asked: dict[str, Any]) -> Talk:
    try:
        return rehearser().talk(draft.source, moves, asked["given"], asked["language"])
    except procedures.InvalidDefinition as problem:
        return Talk(
            (),
            problem=_("It cannot be tried while it has mistakes: %(first)s")
            % {"first": problem.problems[0].message},
        )


def _active(draft: DraftInfo, talk: Talk) -> str:
    """The card the conversation is at."""
    if not talk.turns:
        return ""
    last = talk.turns[-1]
    waits = last.waits_for.split("[")[0]
    if waits == "confirm":
        return "confirm"
    document = read_source(draft.source)
    if document is None:
        return ""
    if waits in (document.get("slots") or {}):
        return pointer(("slots", waits))
    if last.refused:
        for key in ("rules", "human_when"):
            for n, rule in enumerate(document.get(key) or []):
                if isinstance(rule, dict) and rule.get("name") == last.refused:
                    return pointer((key, n))
    if talk.ended == "done":
        done = document.get("done")
        return pointer(("done", 0)) if isinstance(done, list) else "done" if done else "do/0"
    return ""


@require_POST
@require(EDIT)
def keep(request: StaffRequest, name: str) -> HttpResponse:
    """The conversation of the preview as a test case."""
    draft = draft_or_404(request, name)
    asked = _read(request, draft)
    talk = _hold(draft, asked["moves"], asked)
    document = read_source(draft.source)
    title = free_title(request.POST.get("name", "").strip()[:120] or _("Tried in the preview"), draft.cases)
    case = case_of(title, talk, asked["given"], asked["language"])
    if document and document.get("tests"):
        draft = save_draft(draft, source=_within(draft.source, document, case), what=_("Added a test case"))
    else:
        cases = add_case(draft.cases, draft.procedure, case)
        draft = save_draft(draft, cases=cases, what=_("Added a test case"))
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"cases-changed": "", "toast": _("Kept as a test case.")})
    return response


def _within(source: str, document: Mapping[str, Any], case: JsonDict) -> str:
    """A definition that brings its own cases, with another."""
    tests = document["tests"]
    listed = add_case(
        yaml.safe_dump({"procedure": document["procedure"], **tests}), document["procedure"], case
    )
    changed = {key: value for key, value in yaml.safe_load(listed).items() if key != "procedure"}
    return write_back(source, {**document, "tests": changed})
