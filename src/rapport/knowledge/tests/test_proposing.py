"""Proposals are drafts; a language model's draft is one only when it keeps to the article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from rapport.accounts import api as accounts
from rapport.knowledge import api
from rapport.knowledge.proposing import Refused, propose_all
from rapport.knowledge.rewriting import is_available, rewrite
from rapport.knowledge.variant_contracts import Fits, VariantInfo
from rapport.knowledge.variant_queries import list_variants
from rapport.knowledge.variants import withdraw_variant
from rapport.testing.scripted_language_model import FAILS, ScriptedLanguageModel
from rapport.understanding.language_model.settings import LanguageModelSettings, Limits, Server
from rapport.understanding.models import LanguageModelCall

pytestmark = pytest.mark.django_db
BODY = """Thank you for asking.

- **Standard:** EUR 4.90 anywhere
- **Express:** EUR 9.90

Express is not available in Spain. It arrives tomorrow."""


@pytest.fixture
def article(articles: Path) -> str:
    api.save_translation(
        "shipping-costs", "en", title="Costs", summary="Express costs EUR 9.90.", body=BODY, questions=[]
    )
    return "shipping-costs"


def test_each_rule_proposes_a_draft_once(article: str) -> None:
    made = propose_all(article, "en")
    assert [(v.origin, v.fits.channel, v.fits.length, v.status, v.written_by) for v in made] == [
        ("answer", "messenger", "short", "draft", None),
        ("short", "", "short", "draft", None),
        ("messenger", "messenger", "full", "draft", None),
        ("voice", "voice", "full", "draft", None),
        ("voice_answer", "voice", "short", "draft", None),
    ]
    assert made[0].text == "Express costs EUR 9.90.\n\nExpress is not available in Spain."
    assert made[4].text == "Express costs 9.90 euros.\n\nExpress is not available in Spain."
    assert propose_all(article, "en") == []


def test_what_was_withdrawn_may_be_proposed_again(article: str) -> None:
    first = propose_all(article, "en")[0]
    staff = accounts.create_staff("kim@example.org", "Kim", "supervisor")
    withdraw_variant(first.id, staff_id=staff.pk)
    assert [v.text for v in propose_all(article, "en")] == [first.text]


def test_what_does_not_exist_has_no_proposals(articles: Path) -> None:
    assert propose_all("shipping-costs", "ru") == []
    assert list_variants() == []


def ask(settings: Settings, answer: object, *, daily_calls: int = 5) -> VariantInfo | Refused:
    with ScriptedLanguageModel([]) as server:
        server.script.extend([answer] * 2)
        model = LanguageModelSettings(
            Server(server.url, "scripted", deadline_s=2.0), limits=Limits(daily_calls=daily_calls)
        )
        settings.CONFIG = replace(settings.CONFIG, language_model=model)
        return rewrite("shipping-costs", "en", Fits(channel="messenger", tone="informal", length="short"))


def test_a_grounded_rewrite_becomes_a_draft(article: str, settings: Settings) -> None:
    found = ask(settings, {"text": "Standard costs EUR 4.90 anywhere. Express is not available in Spain."})
    assert isinstance(found, VariantInfo)
    assert (found.origin, found.status, found.fits.tone) == ("language_model", "draft", "informal")
    call = LanguageModelCall.objects.get()
    assert (call.purpose, call.outcome, call.model) == ("rewrite_article", "answered", "scripted")
    assert "EUR 9.90" in call.prompt


def test_an_invention_is_refused_with_the_reason(article: str, settings: Settings) -> None:
    found = ask(settings, {"text": "Standard costs EUR 3.90 anywhere. Express is available in Spain."})
    assert isinstance(found, Refused)
    assert found.grounding is not None
    assert [(p.kind, p.what) for p in found.grounding.problems] == [
        ("figure", "3.90 EUR"),
        ("limit_dropped", "negation"),
    ]
    assert list_variants() == []


@pytest.mark.parametrize(
    ("answer", "daily_calls", "why_not"),
    [
        ("no JSON at all", 5, "garbage"),
        ({"words": 1}, 5, "garbage"),
        (FAILS, 5, "server_error"),
        ({"text": "never asked"}, 0, "budget"),
    ],
)
def test_without_a_usable_answer_there_is_none(
    article: str, settings: Settings, answer: object, daily_calls: int, why_not: str
) -> None:
    found = ask(settings, answer, daily_calls=daily_calls)
    assert found == Refused("", None, why_not)
    assert list_variants() == []


def test_without_a_language_model_nothing_is_asked(article: str, settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, language_model=None)
    assert is_available() is False
