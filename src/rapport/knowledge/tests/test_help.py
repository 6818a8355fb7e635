"""The public help centre: who may read what, in which language, and that article text stays text."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from rapport.knowledge import api
from rapport.knowledge.models import ArticleFeedback

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "address"),
    [
        ("cs-CZ,cs;q=0.9", "/help/cs/"),
        ("zh-CN", "/help/zh/"),
        ("zh-TW,zh;q=0.8", "/help/zh/"),
        ("fr", "/help/en/"),
        ("", "/help/en/"),
    ],
)
def test_the_browser_chooses_the_language(client: Client, accepted: str, address: str) -> None:
    response = client.get("/help/", headers={"accept-language": accepted})
    assert (response.status_code, response["Location"]) == (302, address)


def test_the_start_page_lists_what_customers_may_read(client: Client, articles: Path) -> None:
    response = client.get("/help/cs/", headers={"accept-language": "ru"})
    text = response.content.decode()
    assert response["Content-Language"] == "cs"
    assert '<html lang="cs"' in text
    assert '<a href="/help/cs/articles/shipping-costs">Kolik stojí doručení</a>' in text
    assert '<a href="/help/cs/articles/send-back">Send something back</a>' in text
    assert "Goodwill" not in text


def test_an_article_names_its_languages_review_and_section(client: Client, articles: Path) -> None:
    text = client.get("/help/cs/articles/shipping-costs").content.decode()
    assert "Naposledy zkontrolováno 1. listopadu 2026" in text
    assert 'hreflang="en" href="http://127.0.0.1:8000/help/en/articles/shipping-costs"' in text
    assert "<h1>Kolik stojí doručení</h1>" in text
    assert "Doručení</a></nav>" in text


def test_an_untranslated_article_is_shown_in_english_and_says_so(client: Client, articles: Path) -> None:
    text = client.get("/help/de/articles/send-back").content.decode()
    assert "Auf Englisch: noch nicht übersetzt" in text
    assert '<article class="help-article" lang="en">' in text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/help/en/articles/send-back">' in text


@pytest.mark.parametrize(
    "path",
    [
        "/help/en/articles/goodwill",
        "/help/en/articles/nothing",
        "/help/xx/",
        "/help/xx/articles/send-back",
        "/help/xx/search",
    ],
)
def test_what_is_not_public_is_not_found(client: Client, articles: Path, path: str) -> None:
    assert client.get(path).status_code == 404


def test_drafts_are_not_public(client: Client, articles: Path) -> None:
    api.publish("send-back", is_published=False)
    assert client.get("/help/en/articles/send-back").status_code == 404
    assert b"send-back" not in client.get("/help/en/").content
    assert b"send-back" not in client.get("/help/sitemap.xml").content
    assert client.post("/help/en/articles/send-back/feedback", {"helpful": "yes"}).status_code == 404


def test_markup_in_an_article_is_shown_as_text(client: Client, articles: Path) -> None:
    evil = "<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)>\n\n**A:** 1\n**B:** 2"
    title = '"><script>alert(4)</script>'
    api.save_translation("send-back", "en", title=title, summary=title, body=evil, questions=[title])
    text = client.get("/help/en/articles/send-back").content.decode()
    assert "<script>alert" not in text
    assert "javascript:" not in text.replace("(javascript:alert(2))", "")
    assert 'href="javascript' not in text
    assert "<img src=x" not in text
    assert "<strong>A:</strong> 1<br>\n<strong>B:</strong> 2" in text


def test_search_finds_and_escapes(client: Client, articles: Path) -> None:
    text = client.get("/help/en/search", {"q": "return <b>headphones</b>"}).content.decode()
    assert '<a href="/help/en/articles/send-back">Send something back</a>' in text
    assert "<b>headphones</b>" not in text
    assert '<meta name="robots" content="noindex">' in text


def test_search_without_a_result_offers_the_topics(client: Client, articles: Path) -> None:
    text = client.get("/help/en/search", {"q": "zeppelin {query}"}).content.decode()
    assert "Nothing found" in text
    assert "What delivery costs" in text


def test_search_never_shows_articles_for_staff(client: Client, articles: Path) -> None:
    assert b"Goodwill" not in client.get("/help/en/search", {"q": "goodwill for staff"}).content


def test_a_vote_is_stored_without_personal_data(client: Client, articles: Path) -> None:
    data = {"helpful": "no", "comment": "Call me, jan@example.org"}
    response = client.post("/help/en/articles/send-back/feedback", data)
    assert (response.status_code, response["Location"]) == (
        303,
        "/help/en/articles/send-back?thanks=1#feedback",
    )
    vote = ArticleFeedback.objects.get()
    assert (vote.is_helpful, vote.language, vote.comment) == (False, "en", "Call me, [email]")
    assert not response.cookies
    assert b"Thank you" in client.get("/help/en/articles/send-back?thanks=1").content


@pytest.mark.parametrize("data", [{}, {"helpful": "perhaps"}])
def test_a_vote_needs_an_answer(client: Client, articles: Path, data: dict[str, str]) -> None:
    client.post("/help/en/articles/send-back/feedback", data)
    assert ArticleFeedback.objects.count() == 0


def test_votes_on_what_is_not_public_are_refused(client: Client, articles: Path) -> None:
    assert client.post("/help/en/articles/goodwill/feedback", {"helpful": "yes"}).status_code == 404
    assert client.get("/help/en/articles/send-back/feedback").status_code == 405
    assert ArticleFeedback.objects.count() == 0


def test_one_address_cannot_flood_votes(client: Client, articles: Path) -> None:
    for _ in range(35):
        client.post("/help/en/articles/send-back/feedback", {"helpful": "yes"}, REMOTE_ADDR="192.0.2.7")
    assert ArticleFeedback.objects.count() == 30


def test_the_sitemap_lists_each_public_page_with_its_languages(client: Client, articles: Path) -> None:
    response = client.get("/help/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    pages = ET.fromstring(response.content).findall("s:url", space)
    found = {page.findtext("s:loc", "", space): len(page.findall("x:link", space)) for page in pages}
    assert found["http://127.0.0.1:8000/help/cs/articles/shipping-costs"] == 2
    assert found["http://127.0.0.1:8000/help/en/articles/send-back"] == 1
    assert found["http://127.0.0.1:8000/help/zh/"] == 6
    assert not any("goodwill" in address for address in found)
