"""Pages where staff see, write, approve and withdraw an article's variants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.kernel.errors import Conflict, InvalidInput, NotPermitted, RapportError
from rapport.kernel.languages import LANGUAGES
from rapport.knowledge import queries, rewriting
from rapport.knowledge import variant_wording as words
from rapport.knowledge.pictures import add_picture, find_picture
from rapport.knowledge.proposing import Refused, propose_all
from rapport.knowledge.staff_views import LanguageTab
from rapport.knowledge.variant_contracts import STATUSES, Fits, VariantDraft, VariantInfo
from rapport.knowledge.variant_page import Finding, cards_of, in_order, staff_names
from rapport.knowledge.variant_queries import count_variants, find_variant, list_variants
from rapport.knowledge.variants import (
    FourEyes,
    add_variant,
    approve_variant,
    change_variant,
    withdraw_variant,
)

WAITING = ("outdated", "draft")


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One line of the list of all variants."""

    info: VariantInfo
    place: str
    status_tone: str
    status: str
    url: str
    by: str
    """Who approved it, else who wrote it."""


@never_cache
@require_safe
@require(Permission.ANSWER)
def variant_list(request: StaffRequest) -> HttpResponse:
    """All variants; `show` filters by status, out of date at first where there are any."""
    counts = count_variants()
    show = request.GET.get("show", "outdated" if counts["outdated"] else "")
    names = staff_names()
    found = list_variants(status=show if show in STATUSES else "")
    rows = [_row(info, names) for info in found if show or info.status != "withdrawn"]
    chips = [(status, words.status_marks()[status][1], counts[status]) for status in STATUSES]
    context = {"rows": rows, "show": show, "chips": chips, "total": len(list(counts.elements()))}
    return render(request, "knowledge/variant_list.html", context)


def _row(info: VariantInfo, names: dict[int, str]) -> VariantRow:
    tone, status = words.status_marks()[info.status]
    by = names.get(info.approved_by or info.written_by or 0) or _("Proposed")
    return VariantRow(info, words.place_of(info.fits), tone, status, _address(info), by)


@never_cache
@require_safe
@require(Permission.ANSWER)
def variants(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    """The variants of one translation beside it."""
    return _page(request, slug, language)


def _page(request: StaffRequest, slug: str, language: str, **more: Any) -> HttpResponse:
    info = queries.find_article(slug)
    if info is None or language not in LANGUAGES:
        raise Http404
    address = "knowledge:variants"
    context = {
        "article": info,
        "language": language,
        "source": info.translations.get(language),
        "cards": cards_of(slug, language, request.staff),
        "may_write": Permission.WRITE_KNOWLEDGE in request.staff.permissions,
        "has_model": rewriting.is_available(),
        "channels": words.channel_titles().items(),
        "audiences": words.audience_titles().items(),
        "tones": words.tone_titles().items(),
        "lengths": words.length_titles().items(),
        "tabs": [
            LanguageTab(
                code, reverse(address, args=[slug, code]), code in info.translations, code == language
            )
            for code in LANGUAGES
        ],
        **more,
    }
    return render(request, "knowledge/variants.html", context, status=422 if "problem" in more else 200)


@require_POST
@require(Permission.WRITE_KNOWLEDGE)
def add(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    """A draft somebody writes, the system's proposals, or a language model's rewrite."""
    match request.POST.get("do"):
        case "propose":
            return _propose(request, slug, language)
        case "rewrite":
            return _rewrite(request, slug, language)
    draft = None
    try:
        draft = _draft(request)
        info = add_variant(slug, language, draft, staff_id=int(request.staff.id))
    except InvalidInput as problem:
        return _page(
            request, slug, language, problem=_reason(problem), given=draft or _draft(request, picture=False)
        )
    messages.success(request, _("Saved as a draft. It is used once it is approved."))
    return HttpResponseRedirect(_address(info))


def _propose(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    made = propose_all(slug, language)
    if made:
        said = ngettext("%(n)s proposal", "%(n)s proposals", len(made)) % {"n": len(made)}
        messages.success(request, said)
    else:
        messages.info(request, _("There is nothing new to propose."))
    return HttpResponseRedirect(reverse("knowledge:variants", args=[slug, language]))


def _rewrite(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    found = rewriting.rewrite(slug, language, _fits(request))
    if isinstance(found, VariantInfo):
        messages.success(request, _("The rewrite keeps to the article; it is a draft now."))
        return HttpResponseRedirect(_address(found))
    return _page(request, slug, language, **_refusal(found))


def _refusal(found: Refused) -> dict[str, Any]:
    problems = found.grounding.problems if found.grounding else ()
    findings = [Finding(words.problem_text(p), p.sentence) for p in problems]
    said = _("The rewrite does not keep to the article, so it was not kept.")
    problem = said if found.grounding else words.refusal_text(found.why_not)
    return {"problem": problem, "refused_text": found.text, "refused_for": findings}


@require_POST
@require(Permission.WRITE_KNOWLEDGE)
def change(request: StaffRequest, variant_id: int) -> HttpResponse:
    """Rewrite, approve or withdraw one."""
    info = find_variant(variant_id)
    if info is None:
        raise Http404
    try:
        said = _change(request, info)
    except InvalidInput as problem:
        given = _draft(request, before=info, picture=False)
        more = {"problem": _reason(problem), "given": given, "edited": info.id}
        return _page(request, info.slug, info.language, **more)
    except (FourEyes, Conflict, NotPermitted) as problem:
        messages.error(request, _reason(problem))
    else:
        messages.success(request, said)
        if request.POST.get("do") == "approve":
            return HttpResponseRedirect(_next_address(info))
    return HttpResponseRedirect(_address(info))


def _next_address(info: VariantInfo) -> str:
    """The next one of the article that waits for somebody, else this one: a row of approvals takes a key each."""
    waiting = (
        v for v in in_order(list_variants(slug=info.slug, language=info.language)) if v.status in WAITING
    )
    return _address(next(waiting, info))


def _change(request: StaffRequest, info: VariantInfo) -> str:
    staff_id = int(request.staff.id)
    match request.POST.get("do"):
        case "approve":
            seen = request.POST.get("seen_version", "")
            approve_variant(
                info.id,
                staff_id=staff_id,
                seen_version=int(seen) if seen.isdecimal() else 0,
                seen_text=request.POST.get("seen_text", "").replace("\r\n", "\n"),
            )
            return _("Approved. It is used from now on.")
        case "withdraw":
            withdraw_variant(info.id, staff_id=staff_id)
            return _("Withdrawn.")
        case "write":
            change_variant(info.id, _draft(request, before=info), staff_id=staff_id)
            return _("Saved as a draft. It is used once it is approved.")
    raise InvalidInput(field="do")


@never_cache
@require_safe
@require(Permission.ANSWER)
def picture(_request: StaffRequest, picture_id: int) -> HttpResponse:
    """A picture, for staff; customers get it with the message."""
    found = find_picture(picture_id)
    if found is None:
        raise Http404
    media_type, content = found
    return HttpResponse(content, content_type=media_type)


def _draft(request: StaffRequest, before: VariantInfo | None = None, *, picture: bool = True) -> VariantDraft:
    """What was sent. Raises BadPicture."""
    post, sent = request.POST, request.FILES.get("picture") if picture else None
    picture_id = before.picture_id if before else None
    if post.get("without_picture"):
        picture_id = None
    if sent is not None:
        picture_id = add_picture(sent.read(), staff_id=int(request.staff.id))
    alt = post.get("picture_alt", "")
    return VariantDraft(
        _fits(request), post.get("text", ""), before.origin if before else "person", picture_id, alt
    )


def _fits(request: StaffRequest) -> Fits:
    names = ("channel", "audience", "condition", "tone", "length")
    given = {name: request.POST.get(name, "").strip() for name in names}
    return Fits(**{**given, "length": given["length"] or "full"})


def _reason(problem: RapportError) -> str:
    if isinstance(problem, FourEyes):
        return _("You wrote this text: a colleague must approve it.")
    if isinstance(problem, Conflict):
        return _("The variant or its article has changed meanwhile. Look at it again.")
    names = {
        "text": _("Text"),
        "channel": _("Channel"),
        "audience": _("For whom"),
        "tone": _("Tone"),
        "length": _("Length"),
        "picture": _("Picture"),
        "picture_alt": _("What the picture shows"),
    }
    field = str(problem.facts.get("field"))
    if field == "condition":
        return _("The condition cannot be used: %(reason)s") % {"reason": problem}
    if field == "picture":
        return _("A picture is a PNG, JPEG or GIF of at most one megabyte.")
    return _("%(field)s is empty, too long or unknown.") % {"field": names.get(field, field)}


def _address(info: VariantInfo) -> str:
    return f"{reverse('knowledge:variants', args=[info.slug, info.language])}#variant-{info.id}"
