"""Pages where staff read and write articles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.kernel.clock import now
from rapport.kernel.languages import LANGUAGES, base_language
from rapport.knowledge import queries, services
from rapport.knowledge.contracts import ArticleInfo, TranslationInfo
from rapport.knowledge.models import Audience
from rapport.knowledge.page_search import page_searcher
from rapport.knowledge.quoting import quote
from rapport.knowledge.variant_contracts import Occasion, Verdict
from rapport.knowledge.variant_queries import count_variants, list_variants
from rapport.knowledge.wording import category_rank, category_title

STALE = dt.timedelta(days=180)
"""Not reviewed for longer than this: marked in the list."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the list."""

    article: ArticleInfo
    title: str
    category: str
    url: str
    languages: tuple[tuple[str, bool], ...]
    """(language, whether the article exists in it)."""
    is_stale: bool


@dataclass(frozen=True, slots=True)
class LanguageTab:
    """One language of the article opened."""

    code: str
    url: str
    exists: bool
    is_current: bool


@never_cache
@require_safe
@require(Permission.ANSWER)
def article_list(request: StaffRequest) -> HttpResponse:
    """All articles; `q` filters by title or slug, `show` by what needs attention."""
    language = base_language(get_language())
    query, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    rows = [_row(info, language) for info in queries.list_articles()]
    rows.sort(key=lambda row: (category_rank(row.article.category), row.title))
    counts = {
        key: sum(_needs(row, key) for row in rows) for key in ("draft", "untranslated", "stale", "agents")
    }
    wanted = [row for row in rows if _needs(row, show) and _matches(row, query)]
    context = {
        "rows": wanted,
        "query": query,
        "show": show,
        "counts": counts,
        "total": len(rows),
        "may_write": Permission.WRITE_KNOWLEDGE in request.staff.permissions,
        "outdated": count_variants()["outdated"],
        "categories": sorted({row.article.category for row in rows}, key=category_rank),
    }
    return render(request, "knowledge/list.html", context)


def _row(info: ArticleInfo, language: str) -> ListRow:
    shown = info.translation(language)
    title = shown.title if shown else info.slug
    opened = shown.language if shown else language
    url = reverse("knowledge:article", args=[info.slug, opened])
    have = tuple((code, code in info.translations) for code in LANGUAGES)
    stale = info.reviewed_on is None or now().date() - info.reviewed_on > STALE
    return ListRow(info, title, category_title(info.category, language), url, have, stale)


def _needs(row: ListRow, show: str) -> bool:
    match show:
        case "draft":
            return row.article.status == "draft"
        case "untranslated":
            return not all(exists for _, exists in row.languages)
        case "stale":
            return row.is_stale
        case "agents":
            return row.article.audience == "agents"
    return True


def _matches(row: ListRow, query: str) -> bool:
    words = query.casefold()
    titles = [t.title for t in row.article.translations.values()]
    return any(words in text.casefold() for text in (*titles, row.article.slug))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.ANSWER)
def article(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    """Read a translation; with the permission, write it."""
    info = queries.find_article(slug)
    if info is None or language not in LANGUAGES:
        raise Http404
    may_write = Permission.WRITE_KNOWLEDGE in request.staff.permissions
    given, problem = None, ""
    if request.method == "POST":
        if not may_write:
            return HttpResponse(status=403)
        given, problem = _save(request, slug, language)
        if not problem:
            messages.success(request, _("Saved. The assistant uses the new text at once."))
            return HttpResponseRedirect(reverse("knowledge:article", args=[slug, language]))
    context = {**_article_context(info, language, given), "may_write": may_write, "problem": problem}
    return render(request, "knowledge/article.html", context, status=422 if problem else 200)


def _article_context(info: ArticleInfo, language: str, given: TranslationInfo | None) -> dict[str, Any]:
    stored = info.translations.get(language)
    template = info.translation(language)
    shown = given or stored
    screen = base_language(get_language())
    return {
        "article": info,
        "language": language,
        "shown": shown,
        "questions": "\n".join(shown.questions) if shown else "",
        "heading": shown.title if shown else (template.title if template else info.slug),
        "source": template if stored is None else None,
        "variants": len(
            [v for v in list_variants(slug=info.slug, language=language) if v.status != "withdrawn"]
        ),
        "category": category_title(info.category, screen),
        "public_url": f"/help/{language}/articles/{info.slug}",
        "tabs": [
            LanguageTab(
                code,
                reverse("knowledge:article", args=[info.slug, code]),
                code in info.translations,
                code == language,
            )
            for code in LANGUAGES
        ],
    }


def _save(request: StaffRequest, slug: str, language: str) -> tuple[TranslationInfo, str]:
    """(what was sent, what is wrong with it)."""
    post = request.POST
    questions = tuple(post.get("questions", "").splitlines())
    sent = TranslationInfo(
        0, language, post.get("title", ""), post.get("summary", ""), post.get("body", ""), questions, now()
    )
    try:
        services.save_translation(
            slug,
            language,
            title=sent.title,
            summary=sent.summary,
            body=sent.body,
            questions=questions,
        )
    except services.BadTranslation as error:
        return sent, _problem(error)
    accounts.record_audit("article_changed", actor_id=request.staff.id, subject=f"article:{slug}:{language}")
    return replace(sent), ""


def _problem(error: services.BadTranslation) -> str:
    names = {"title": _("Title"), "summary": _("Summary"), "body": _("Text"), "questions": _("Questions")}
    field = names.get(str(error.facts.get("field")), _("Language"))
    return _("%(field)s is empty or too long.") % {"field": field}


@require_POST
@require(Permission.WRITE_KNOWLEDGE)
def change(request: StaffRequest, slug: str) -> HttpResponse:
    """Publish, take back, or mark as reviewed."""
    what = request.POST.get("do")
    match what:
        case "publish":
            services.publish(slug)
            said = _("Published.")
        case "withdraw":
            services.publish(slug, is_published=False)
            said = _("Taken back: nobody finds it until it is published again.")
        case "reviewed":
            services.mark_reviewed(slug)
            said = _("Marked as reviewed today.")
        case _:
            return HttpResponse(status=400)
    accounts.record_audit(f"article_{what}", actor_id=request.staff.id, subject=f"article:{slug}")
    messages.success(request, said)
    language = base_language(request.POST.get("language"))
    return HttpResponseRedirect(reverse("knowledge:article", args=[slug, language]))


@require_POST
@require(Permission.WRITE_KNOWLEDGE)
def create(request: StaffRequest) -> HttpResponse:
    """A new draft; its address is made of its title."""
    title = request.POST.get("title", "").strip()
    slug, category = slugify(title)[:70], slugify(request.POST.get("category", ""))[:40]
    audience = request.POST.get("audience", Audience.CUSTOMERS)
    if not slug or not category or audience not in Audience.values:
        messages.error(request, _("Give a title in Latin letters and a category."))
        return HttpResponseRedirect(reverse("knowledge:list"))
    taken = {info.slug for info in queries.list_articles()}
    free = next(name for name in (slug, *(f"{slug}-{n}" for n in range(2, 1000))) if name not in taken)
    services.create_article(free, category=category, audience=audience)
    accounts.record_audit("article_created", actor_id=request.staff.id, subject=f"article:{free}")
    address = reverse("knowledge:article", args=[free, base_language(get_language())])
    return HttpResponseRedirect(f"{address}?{urlencode({'title': title[:200]})}")


@require_POST
@require(Permission.ANSWER)
def preview(request: StaffRequest) -> HttpResponse:
    """How a text will look."""
    return render(
        request, "knowledge/preview.html", {"body": request.POST.get("body", "")[: services.MAX_BODY]}
    )


@never_cache
@require_safe
@require(Permission.ANSWER)
def try_question(request: StaffRequest) -> HttpResponse:
    """What a customer's question would find, with scores and the floor of relevance."""
    question = request.GET.get("question", "").strip()[:300]
    language = base_language(request.GET.get("language"))
    hits = page_searcher().search(question, language=language, audience="agents", limit=5) if question else []
    reader = request.GET.get("reader", "visitor")
    occasion = Occasion(
        request.GET.get("channel", "web"),
        is_signed_in=reader == "customer",
        is_staff=reader == "staff",
        asked=question,
    )
    quoted = quote(hits[0], occasion, _unknown) if hits else None
    context = {"question": question, "hits": hits, "tried": bool(question), "quoted": quoted}
    return render(request, "knowledge/try.html", context)


def _unknown(_condition: str) -> Verdict:
    """Conditions are about a customer, and here is none."""
    return Verdict(is_met=False, reason=_("no customer at hand"))
