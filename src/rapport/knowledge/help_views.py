"""The public help centre: plain pages that work without scripts and without cookies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from rapport.kernel.errors import NotFound
from rapport.kernel.languages import LANGUAGE_NAMES, LANGUAGES, base_language, catalogue_language
from rapport.knowledge import queries, services
from rapport.knowledge.contracts import ArticleInfo
from rapport.knowledge.page_search import page_searcher
from rapport.knowledge.wording import category_icon, category_rank, category_title, page_texts

MAX_QUERY = 300
SHOWN_RESULTS = 6
VOTES_PER_HOUR = 30
"""From one address; more are dropped silently."""


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article in a list."""

    title: str
    summary: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A category with its articles."""

    key: str
    title: str
    icon: str
    articles: tuple[ArticleLink, ...]


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    url: str
    is_current: bool


View = Callable[..., HttpResponse]


def in_its_language(view: View) -> View:
    """The page speaks the language of its address, whatever the browser prefers; others are not found."""

    @wraps(view)
    def wrapped(request: HttpRequest, language: str, **kwargs: Any) -> HttpResponse:
        if language not in LANGUAGES:
            raise Http404
        with translation.override(catalogue_language(language)):
            response = view(request, language, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return wrapped


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The help centre in the language the browser prefers."""
    language = base_language(translation.get_language_from_request(request))
    response = HttpResponseRedirect(f"/help/{language}/")
    response.headers["Vary"] = "Accept-Language"
    return response


@require_safe
@in_its_language
def start(request: HttpRequest, language: str) -> HttpResponse:
    """Categories with their articles."""
    context = _context(language, _everywhere("/help/{}/", language))
    return render(request, "knowledge/help_start.html", {**context, "sections": _sections(language)})


@require_safe
@in_its_language
def article(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """One article; in English where it is not translated."""
    info = _public_article(slug)
    shown = info.translation(language)
    if shown is None:
        raise Http404
    links = [
        LanguageLink(code, LANGUAGE_NAMES[code], f"/help/{code}/articles/{slug}", code == language)
        for code in LANGUAGES
        if code in info.translations
    ]
    own = f"/help/{language}/articles/{slug}"
    section = next((s for s in _sections(language) if s.key == info.category), None)
    context = {
        **_context(language, links),
        "article": info,
        "shown": shown,
        "is_foreign": shown.language != language,
        "category": category_title(info.category, language),
        "reviewed": _reviewed(info, language),
        "related": [a for a in section.articles if a.url != own][:5] if section else [],
        "is_thanked": request.GET.get("thanks") == "1",
        "canonical": f"/help/{shown.language}/articles/{slug}",
    }
    return render(request, "knowledge/help_article.html", context)


@csrf_exempt  # no cookie and no account is involved: there is nothing a forged request could use
@require_POST
@in_its_language
def feedback(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """A vote on an article."""
    answer = request.POST.get("helpful")
    if answer in {"yes", "no"} and _may_vote(request):
        try:
            comment = request.POST.get("comment", "")
            services.add_feedback(slug, language, is_helpful=answer == "yes", comment=comment)
        except NotFound:
            raise Http404 from None
    _public_article(slug)
    response = HttpResponseRedirect(f"/help/{language}/articles/{slug}?thanks=1#feedback")
    response.status_code = 303
    return response


@require_safe
@in_its_language
def search(request: HttpRequest, language: str) -> HttpResponse:
    """Articles that answer a question; the best one is marked when it is above the floor of relevance."""
    query = " ".join(request.GET.get("q", "").split())[:MAX_QUERY]
    hits = page_searcher().search(query, language=language, limit=SHOWN_RESULTS) if query else []
    context = {
        **_context(language, _everywhere("/help/{}/search", language)),
        "query": query,
        "heading": _heading(query, language, is_empty=not hits),
        "best": hits[0] if hits and hits[0].is_relevant else None,
        "others": hits[1:] if hits and hits[0].is_relevant else hits,
        "sections": _sections(language) if not hits else [],
        "is_unlisted": True,
    }
    return render(request, "knowledge/help_search.html", context)


def _heading(query: str, language: str, *, is_empty: bool) -> str:
    texts = page_texts(language)
    if not query:
        return texts["search_label"]
    return texts["nothing"] if is_empty else texts["results"].format(query=query)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page with its languages, for search engines."""
    base = str(settings.CONFIG.base_url)
    groups = [[(code, f"{base}/help/{code}/") for code in LANGUAGES]]
    groups += [
        [
            (code, f"{base}/help/{code}/articles/{info.slug}")
            for code in LANGUAGES
            if code in info.translations
        ]
        for info in queries.list_articles(audience="customers", only_published=True)
    ]
    pages = [(url, group) for group in groups for _, url in group]
    return render(request, "knowledge/sitemap.xml", {"pages": pages}, content_type="application/xml")


def _context(language: str, links: list[LanguageLink]) -> dict[str, Any]:
    texts = page_texts(language)
    return {
        "language": language,
        "t": texts,
        "links": links,
        "base_url": settings.CONFIG.base_url,
        "title_only": True,
    }


def _everywhere(pattern: str, language: str) -> list[LanguageLink]:
    return [
        LanguageLink(code, LANGUAGE_NAMES[code], pattern.format(code), code == language) for code in LANGUAGES
    ]


def _public_article(slug: str) -> ArticleInfo:
    info = queries.find_article(slug, audience="customers", only_published=True)
    if info is None:
        raise Http404
    return info


def _sections(language: str) -> list[Section]:
    by_category: dict[str, list[ArticleLink]] = {}
    for info in queries.list_articles(audience="customers", only_published=True):
        shown = info.translation(language)
        if shown is not None:
            link = ArticleLink(shown.title, shown.summary, f"/help/{language}/articles/{info.slug}")
            by_category.setdefault(info.category, []).append(link)
    return [
        Section(key, category_title(key, language), category_icon(key), tuple(by_category[key]))
        for key in sorted(by_category, key=category_rank)
    ]


def _reviewed(info: ArticleInfo, language: str) -> str:
    if info.reviewed_on is None:
        return ""
    date = format_date(info.reviewed_on, format="long", locale=language)
    return page_texts(language)["reviewed"].format(date=date)


def _may_vote(request: HttpRequest) -> bool:
    """Whether this address has votes left this hour; the address itself is not stored."""
    key = f"help-votes:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=3600)
    return bool(cache.incr(key) <= VOTES_PER_HOUR)
