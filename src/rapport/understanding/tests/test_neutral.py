"""A person's name moves neither intent nor sentiment, and other words stay as they are."""

from __future__ import annotations

import pytest

from rapport.understanding.api import train
from rapport.understanding.contracts import Context
from rapport.understanding.engine import EmbeddedEngine
from rapport.understanding.neutral import without_names
from rapport.understanding.tests.stub_encoder import StubEncoder, examples


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("Adam is furious about the late parcel.", "en", "Alex is furious about the late parcel."),
        ("Nkechi feels let down.", "en", "Alex feels let down."),
        ("Meine Freundin Xiuying wartet.", "de", "Meine Freundin Alex wartet."),
        ("Jana čeká na balík.", "cs", "Alex čeká na balík."),
        ("Gracias, Jana me ayudó.", "es", "Gracias, Alex me ayudó."),
        ("Мухаммад хочет вернуть товар.", "ru", "Саша хочет вернуть товар."),
        ("Emily对服务很满意。", "zh", "小林对服务很满意。"),
        ("我叫阿米娜，我的订单在哪里？", "zh", "我叫小林，我的订单在哪里？"),
    ],
)
def test_names_become_one_name(text: str, language: str, wanted: str) -> None:
    assert without_names(text, language) == wanted


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order?", "en"),
        ("Will you refund the Nike shoes?", "en"),
        ("I'm angry and I'd like my money back", "en"),
        ("I waited. It's been two weeks. What's wrong? They've gone.", "en"),
        ("Is an American card fine? They'll say it's pending.", "en"),
        ("Der Widerruf meiner Bestellung, das ist eine Katastrophe", "de"),
        ("Die Reklamation der Kopfhörer dauert", "de"),
        ("Zoufalství, nic nefunguje", "cs"),
        ("谢谢，支付宝付款很方便", "zh"),
    ],
)
def test_other_words_stay(text: str, language: str) -> None:
    assert without_names(text, language) == text


def test_a_word_of_the_trade_is_no_name_unless_a_list_says_so() -> None:
    assert without_names("Is my Chargeover gone?", "en") == "Is my Alex gone?"
    assert without_names("Is my Chargeover gone?", "en", {"chargeover", "jana"}) == "Is my Chargeover gone?"
    assert without_names("Is my friend Jana here?", "en", {"chargeover", "jana"}) == "Is my friend Alex here?"


def test_the_engine_reads_every_name_alike() -> None:
    encoder = StubEncoder()
    model, _ = train(examples(), encoder, risk=0.1)
    engine = EmbeddedEngine(model, encoder)
    names = ("Emily", "Jamal", "Fatima", "Xiuying", "Jürgen")
    read = [engine.understand(f"{name} wants to know where my parcel is", Context()) for name in names]
    assert len({found.segments[0].intents for found in read}) == 1
    assert len({found.sentiment for found in read}) == 1
    assert all(name in found.text for name, found in zip(names, read, strict=True))
