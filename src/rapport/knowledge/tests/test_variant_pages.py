"""The variants' pages: who may read and who may write, approvals of what was seen, pictures, what a model may not say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from rapport.accounts import api as accounts
from rapport.knowledge import api
from rapport.knowledge.models import Picture, Variant
from rapport.knowledge.variant_contracts import Fits, VariantDraft, VariantInfo
from rapport.knowledge.variant_queries import find_variant, list_variants
from rapport.testing.scripted_language_model import ScriptedLanguageModel
from rapport.understanding.language_model.settings import LanguageModelSettings, Server

pytestmark = pytest.mark.django_db
PAGE = "/knowledge/shipping-costs/en/variants"
FIELDS = {"channel": "web", "length": "short", "text": "Delivery: **EUR 4.90**."}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def sign_in(client: Client, role: str = "supervisor") -> int:
    user = accounts.create_staff(f"{role}@example.org", f"Kim {role}", role, "long-password-1")
    client.force_login(user)
    return int(user.pk)


def draft(**fits: str) -> VariantInfo:
    return api.add_variant(
        "shipping-costs", "en", VariantDraft(Fits(**fits), "It costs EUR 4.90."), staff_id=None
    )


def approve(client: Client, info: VariantInfo, **seen: str) -> str:
    sent = {"do": "approve", "seen_version": "1", "seen_text": info.text, **seen}
    return client.post(f"/knowledge/variants/{info.id}", sent)["Location"]


@pytest.mark.parametrize(
    ("role", "reads", "writes"), [("supervisor", 200, 302), ("agent", 200, 403), ("marketer", 403, 403)]
)
def test_roles(client: Client, articles: Path, role: str, reads: int, writes: int) -> None:
    info = draft()
    sign_in(client, role)
    assert client.get("/knowledge/variants").status_code == reads
    assert client.get(PAGE).status_code == reads
    assert client.post(f"{PAGE}/new", FIELDS).status_code == writes
    assert client.post(f"/knowledge/variants/{info.id}", {"do": "withdraw"}).status_code == writes
    has_changed = writes == 302
    assert (Variant.objects.count() == 2) is has_changed
    assert (find_variant(info.id).status == "withdrawn") is has_changed  # type: ignore[union-attr]


@pytest.mark.parametrize("path", ["/knowledge/variants", PAGE, "/knowledge/pictures/1"])
def test_visitors_are_sent_to_sign_in(client: Client, articles: Path, path: str) -> None:
    assert client.get(path)["Location"].startswith("/sign-in?next=")


def test_a_written_variant_is_a_draft_with_its_writer(client: Client, articles: Path) -> None:
    staff_id = sign_in(client)
    address = client.post(f"{PAGE}/new", {**FIELDS, "condition": "order.total > 5", "tone": "formal"})[
        "Location"
    ]
    (info,) = list_variants()
    assert address == f"{PAGE}#variant-{info.id}"
    assert (info.status, info.written_by, info.fits) == (
        "draft",
        staff_id,
        Fits("web", "", "order.total > 5", "formal", "short"),
    )
    text = client.get(PAGE).content.decode()
    assert "order.total &gt; 5" in text
    assert "Kim supervisor" in text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": " "}, "Text is empty, too long or unknown."),
        ({"condition": "weather.rain"}, "The condition cannot be used: there is no &#x27;weather&#x27;"),
        ({"channel": "fax"}, "Channel is empty, too long or unknown."),
    ],
)
def test_what_cannot_be_saved_comes_back_with_the_reason(
    client: Client, articles: Path, fields: dict[str, str], reason: str
) -> None:
    sign_in(client)
    response = client.post(f"{PAGE}/new", {**FIELDS, **fields})
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert list_variants() == []


def test_a_rewrite_that_cannot_be_saved_comes_back_as_it_was_typed(client: Client, articles: Path) -> None:
    sign_in(client)
    info = draft()
    sent = {**FIELDS, "do": "write", "condition": "weather.rain", "text": "My long work."}
    response = client.post(f"/knowledge/variants/{info.id}", sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert f'id="edit-{info.id}"' in text
    assert 'data-open-first="1"' in text
    assert "My long work." in text
    assert find_variant(info.id).text == "It costs EUR 4.90."  # type: ignore[union-attr]
    client.post(f"/knowledge/variants/{info.id}", {**sent, "condition": ""})
    assert find_variant(info.id).text == "My long work."  # type: ignore[union-attr]


def test_approving_leads_to_the_next_that_waits(client: Client, articles: Path) -> None:
    sign_in(client)
    first, second = draft(channel="messenger"), draft(channel="voice")
    assert approve(client, first) == f"{PAGE}#variant-{second.id}"
    assert approve(client, second) == f"{PAGE}#variant-{second.id}"
    assert [v.status for v in list_variants()] == ["approved", "approved"]


@pytest.mark.parametrize(
    "seen", [{"seen_text": "something else"}, {"seen_version": "2"}, {"seen_version": "x"}]
)
def test_only_what_was_seen_is_approved(client: Client, articles: Path, seen: dict[str, str]) -> None:
    sign_in(client)
    info = draft()
    approve(client, info, **seen)
    assert find_variant(info.id).status == "draft"  # type: ignore[union-attr]
    assert "has changed meanwhile" in client.get(PAGE).content.decode()


def test_the_form_sends_back_exactly_the_text_that_was_seen(client: Client, articles: Path) -> None:
    sign_in(client)
    client.post(f"{PAGE}/new", {**FIELDS, "text": "Costs:\r\n\r\n- EUR 4.90\r\n- <b>EUR</b> 9.90 & more"})
    (info,) = list_variants()
    page = client.get(PAGE).content.decode()
    held = re.search(r'<textarea name="seen_text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert held is not None
    seen = held[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert seen == info.text
    approve(client, info, seen_text=seen.replace("\n", "\r\n"))
    assert find_variant(info.id).status == "approved"  # type: ignore[union-attr]


def test_four_eyes(client: Client, articles: Path, settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, knowledge_four_eyes=True)
    sign_in(client)
    client.post(f"{PAGE}/new", FIELDS)
    (info,) = list_variants()
    assert "A colleague must approve it." in client.get(PAGE).content.decode()
    approve(client, info)
    assert find_variant(info.id).status == "draft"  # type: ignore[union-attr]
    sign_in(client, "administrator")
    approve(client, info)
    assert find_variant(info.id).status == "approved"  # type: ignore[union-attr]


def test_proposals_come_with_one_press(client: Client, articles: Path) -> None:
    sign_in(client)
    assert client.post(f"{PAGE}/new", {"do": "propose"})["Location"] == PAGE
    assert [(v.origin, v.status) for v in list_variants()] == [
        (origin, "draft") for origin in ("answer", "messenger", "voice", "voice_answer")
    ]
    assert (
        "There is nothing new to propose."
        in client.post(f"{PAGE}/new", {"do": "propose"}, follow=True).content.decode()
    )


def test_what_changed_in_the_article_is_shown_and_listed(client: Client, articles: Path) -> None:
    sign_in(client)
    info = draft()
    approve(client, info)
    api.save_translation(
        "shipping-costs", "en", title="T", summary="It is free.", body="Always.", questions=[]
    )
    text = client.get(PAGE).content.decode()
    assert "Still right: approve again" in text
    assert "<ins>It is free." in text
    assert "The article does not say “4.90 EUR”." in text
    listed = client.get("/knowledge/variants").content.decode()
    assert f"{PAGE}#variant-{info.id}" in listed
    assert "Out of date" in listed


def test_a_picture_is_kept_once_and_needs_words(client: Client, articles: Path) -> None:
    sign_in(client)
    sent = {**FIELDS, "picture": SimpleUploadedFile("a.png", PNG), "picture_alt": "A red box"}
    client.post(f"{PAGE}/new", sent)
    client.post(f"{PAGE}/new", {**sent, "picture": SimpleUploadedFile("b.png", PNG)})
    (picture,) = Picture.objects.all()
    assert [(v.picture_id, v.picture_alt) for v in list_variants()] == [(picture.pk, "A red box")] * 2
    response = client.get(f"/knowledge/pictures/{picture.pk}")
    assert (response["Content-Type"], response.content) == ("image/png", PNG)
    for broken in ({"picture_alt": ""}, {"picture": SimpleUploadedFile("c.svg", b"<svg/>")}):
        fresh = {**sent, "picture": SimpleUploadedFile("d.png", PNG), **broken}
        assert client.post(f"{PAGE}/new", fresh).status_code == 422
    assert len(list_variants()) == 2


def test_a_rewrite_that_invents_is_shown_and_not_kept(
    client: Client, articles: Path, settings: Settings
) -> None:
    sign_in(client)
    with ScriptedLanguageModel([]) as server:
        server.script.extend([{"text": "Delivery costs EUR 1.90."}, {"text": "Delivery costs EUR 4.90."}])
        settings.CONFIG = replace(
            settings.CONFIG, language_model=LanguageModelSettings(Server(server.url, "scripted"))
        )
        refused = client.post(f"{PAGE}/new", {**FIELDS, "do": "rewrite"})
        assert refused.status_code == 422
        assert "The article does not say “1.90 EUR”." in refused.content.decode()
        assert list_variants() == []
        client.post(f"{PAGE}/new", {**FIELDS, "do": "rewrite"})
    assert [(v.origin, v.status, v.text) for v in list_variants()] == [
        ("language_model", "draft", "Delivery costs EUR 4.90.")
    ]


def test_trying_a_question_shows_what_would_be_quoted_where(client: Client, articles: Path) -> None:
    sign_in(client)
    approve(client, draft(channel="voice"))
    question = {"question": "how much is postage", "language": "en"}
    spoken = client.get("/knowledge/try", {**question, "channel": "voice"}).content.decode()
    assert '<p class="soft small prewrap">It costs EUR 4.90.</p>' in spoken
    assert "most specific that fits: for voice, full" in spoken
    written = client.get("/knowledge/try", {**question, "channel": "web"}).content.decode()
    assert "It costs EUR 4.90." not in written
    assert "for voice only" in written


@pytest.mark.parametrize(
    ("reader", "said"),
    [("visitor", "Delivery costs EUR 4.90."), ("customer", "For you."), ("staff", "For us.")],
)
def test_trying_a_question_as_somebody(client: Client, articles: Path, reader: str, said: str) -> None:
    sign_in(client)
    for audience, text in (("customer", "For you. Postage."), ("staff", "For us. Postage.")):
        given = VariantDraft(Fits(audience=audience), text)
        approve(client, api.add_variant("shipping-costs", "en", given, staff_id=None))
    question = {"question": "postage", "language": "en", "reader": reader}
    assert f'prewrap">{said}' in client.get("/knowledge/try", question).content.decode()


@pytest.mark.parametrize("path", ["/knowledge/nothing/en/variants", "/knowledge/shipping-costs/xx/variants"])
def test_what_does_not_exist(client: Client, articles: Path, path: str) -> None:
    sign_in(client)
    assert client.get(path).status_code == 404
    assert client.post("/knowledge/variants/99", {"do": "approve"}).status_code == 404
