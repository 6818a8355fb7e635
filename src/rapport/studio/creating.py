"""A new procedure: empty, from a template with its test cases, or from a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.api import StaffRequest, require
from rapport.kernel.errors import Conflict, InvalidInput
from rapport.kernel.languages import base_language, pick
from rapport.procedures import api as procedures
from rapport.studio.changing import write_back
from rapport.studio.logic.cards import free_name
from rapport.studio.logic.merging import rewrite
from rapport.studio.queries import find_draft
from rapport.studio.reading import read_source
from rapport.studio.services import create_draft
from rapport.studio.starting import empty_procedure
from rapport.studio.views import EDIT
from rapport.studio.workspace import MAX_SOURCE_CHARS

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(EDIT)
def create(request: StaffRequest) -> HttpResponse:
    """Choose how to begin; the draft is then opened in the editor."""
    if request.method != "POST":
        return _page(request, {})
    try:
        name, source, cases = _begun(request)
        create_draft(int(request.staff.id), name, source, cases)
    except (Conflict, InvalidInput) as problem:
        return _page(request, {"problem": str(problem), "given": request.POST}, status=422)
    return HttpResponseRedirect(reverse("studio:flow", args=[name]))


def _page(request: StaffRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    language, in_force = base_language(get_language()), procedures.load_book()
    templates = [
        {
            "name": template.name,
            "title": _word(template.source, "title", language) or template.name,
            "description": _word(template.source, "description", language),
            "icon": str((read_source(template.source) or {}).get("icon") or "workflow"),
            "about": template.about,
            "has_cases": bool(template.cases.strip()),
            "is_in_force": template.name in in_force,
        }
        for template in procedures.list_templates()
    ]
    return render(request, "studio/new.html", {"templates": templates, **context}, status=status)


def _word(source: str, key: str, language: str) -> str:
    found = (read_source(source) or {}).get(key)
    return pick(found, language) if isinstance(found, dict) else ""


def _begun(request: StaffRequest) -> tuple[str, str, str]:
    """Name, text and test cases of what is begun. Raises InvalidInput."""
    post = request.POST
    if post.get("template"):
        return _from_template(request, post["template"])
    if post.get("source", "").strip():
        return _from_text(post["source"].replace("\r\n", "\n"))
    title = post.get("title", "").strip()[:120]
    if not title:
        raise InvalidInput(_("Say what it is for, in a few words."), field="title")
    name = _free(request, _name_of(title))
    return name, empty_procedure(name, title), ""


def _from_template(request: StaffRequest, wanted: str) -> tuple[str, str, str]:
    template = procedures.find_template(wanted)
    if template is None:
        raise InvalidInput(_("There is no such template."), field="template")
    name = _free(request, template.name)
    if name == template.name:
        return name, template.source, template.cases
    source = write_back(template.source, {**(read_source(template.source) or {}), "procedure": name})
    cases = yaml.safe_load(template.cases) if template.cases.strip() else None
    return name, source, rewrite(template.cases, {**cases, "procedure": name}) if cases else ""


def _from_text(source: str) -> tuple[str, str, str]:
    if len(source) > MAX_SOURCE_CHARS:
        raise InvalidInput(_("The text is too long."), field="source")
    document = read_source(source)
    name = str((document or {}).get("procedure", ""))
    if not _NAME.match(name):
        problems = procedures.check_definition(source)
        first = str(problems[0]) if problems else _("it has no name under “procedure”")
        raise InvalidInput(_("The text cannot be used: %(first)s") % {"first": first}, field="source")
    if procedures.list_versions(name, with_texts=False):
        raise InvalidInput(_("%(name)s exists; open it to change it.") % {"name": name}, field="source")
    return name, source, ""


def _name_of(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]
    return name if _NAME.match(name) else "procedure"


def _free(request: StaffRequest, name: str) -> str:
    """A name neither a procedure nor a draft of this person has."""
    taken = [p.name for p in procedures.list_procedures("en")]
    while find_draft(int(request.staff.id), name) is not None or name in taken:
        taken.append(name)
        name = free_name(name, taken)
    return name
