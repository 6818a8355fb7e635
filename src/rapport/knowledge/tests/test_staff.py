"""The staff's pages: who may read, who may write, and that a saved text is used at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import AuditEntry
from rapport.jobs.api import Registry, run_due
from rapport.jobs.models import Job
from rapport.knowledge import api
from rapport.knowledge.importing import import_articles
from rapport.knowledge.models import Passage
from rapport.knowledge.tests.fakes import WordEncoder

pytestmark = pytest.mark.django_db

PAGE = "/knowledge/send-back/en"
TEXT = {
    "title": "Return it",
    "summary": "You have 60 days.",
    "body": "Take it back.",
    "questions": "one\n\n two \none",
}


def sign_in(client: Client, role: str) -> None:
    client.force_login(accounts.create_staff(f"{role}@example.org", "Kim", role, "long-password-1"))


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("administrator", 200, 302), ("supervisor", 200, 302), ("agent", 200, 403), ("marketer", 403, 403)],
)
def test_roles(client: Client, articles: Path, role: str, reads: int, writes: int) -> None:
    sign_in(client, role)
    assert client.get("/knowledge/").status_code == reads
    assert client.get(PAGE).status_code == reads
    assert client.post(PAGE, TEXT).status_code == writes
    assert client.post("/knowledge/send-back/change", {"do": "withdraw"}).status_code == writes
    assert client.post("/knowledge/new", {"title": "A", "category": "b"}).status_code == writes
    found = api.find_article("send-back")
    assert found is not None
    has_changed = writes == 302
    assert (found.status == "draft") is has_changed
    assert (found.translations["en"].title == "Return it") is has_changed
    assert (api.find_article("a") is not None) is has_changed


@pytest.mark.parametrize("path", ["/knowledge/", PAGE, "/knowledge/try?question=x"])
def test_visitors_are_sent_to_sign_in(client: Client, articles: Path, path: str) -> None:
    assert client.get(path)["Location"].startswith("/sign-in?next=")


def test_the_list_shows_status_languages_and_what_needs_attention(client: Client, articles: Path) -> None:
    sign_in(client, "administrator")
    text = client.get("/knowledge/").content.decode()
    assert "What delivery costs" in text
    assert "Goodwill for staff" in text
    only = client.get("/knowledge/", {"show": "agents"}).content.decode()
    assert "Goodwill for staff" in only
    assert "What delivery costs" not in only
    found = client.get("/knowledge/", {"q": "DORUČENÍ"}).content.decode()
    assert "What delivery costs" in found
    assert "Send something back" not in found


def test_a_saved_text_is_indexed_by_a_job(client: Client, folder: Path) -> None:
    encoder = WordEncoder()
    import_articles(folder, encoder)
    sign_in(client, "supervisor")
    assert client.post(PAGE, TEXT)["Location"] == PAGE
    assert api.find_article("send-back").translations["en"].questions == ("one", "two")  # type: ignore[union-attr]
    assert Passage.objects.filter(encoder_id="").count() == 5
    assert list(Job.objects.values_list("kind", flat=True)) == ["knowledge.index_article"]
    run_due(Registry(api.job_kinds(encoder)))
    assert Passage.objects.filter(encoder_id="").count() == 0
    hit = api.open_searcher(encoder).search("take it back", language="en")[0]
    assert (hit.slug, hit.passage) == ("send-back", "You have 60 days.\n\nTake it back.")
    entry = AuditEntry.objects.get(kind="article_changed")
    assert entry.subject == "article:send-back:en"


def test_a_text_that_cannot_be_saved_comes_back_with_the_reason(client: Client, articles: Path) -> None:
    sign_in(client, "supervisor")
    response = client.post(PAGE, {**TEXT, "summary": "x" * 401})
    assert response.status_code == 422
    assert "Summary is empty or too long." in response.content.decode()
    assert "Take it back." in response.content.decode()
    assert api.find_article("send-back").translations["en"].title == "Send something back"  # type: ignore[union-attr]


def test_a_new_article_is_a_draft_until_published(client: Client, articles: Path) -> None:
    sign_in(client, "supervisor")
    made = client.post(
        "/knowledge/new", {"title": "Send back", "category": "Returns", "audience": "customers"}
    )
    assert made["Location"] == "/knowledge/send-back-2/en?title=Send+back"
    assert 'value="Send back"' in client.get(made["Location"]).content.decode()
    client.post("/knowledge/send-back-2/en", TEXT)
    assert client.get("/help/en/articles/send-back-2").status_code == 404
    client.post("/knowledge/send-back-2/change", {"do": "publish", "language": "en"})
    assert client.get("/help/en/articles/send-back-2").status_code == 200


def test_reviewing_sets_the_date(client: Client, articles: Path) -> None:
    sign_in(client, "supervisor")
    client.post("/knowledge/goodwill/change", {"do": "reviewed", "language": "en"})
    assert api.find_article("goodwill").reviewed_on is not None  # type: ignore[union-attr]
    assert client.post("/knowledge/goodwill/change", {"do": "explode"}).status_code == 400
    assert client.post("/knowledge/nothing/change", {"do": "publish"}).status_code == 404


def test_the_preview_is_clean(client: Client, articles: Path) -> None:
    sign_in(client, "agent")
    text = client.post("/knowledge/preview", {"body": "**a** <script>b</script>"}).content.decode()
    assert "<strong>a</strong>" in text
    assert "<script>" not in text


def test_a_question_can_be_tried(client: Client, articles: Path) -> None:
    sign_in(client, "agent")
    text = client.get("/knowledge/try", {"question": "goodwill", "language": "en"}).content.decode()
    assert "Goodwill for staff" in text
    assert "Nothing found" in client.get("/knowledge/try", {"question": "zeppelin"}).content.decode()
