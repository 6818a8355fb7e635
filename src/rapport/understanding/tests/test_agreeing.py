"""A yes in a whole sentence, held against what was asked."""

from __future__ import annotations

import pytest

from rapport.testing.scripted_engine import ScriptedEngine
from rapport.understanding.contracts import Context

ASKED = {
    "en": "• Return from order #W2000002: Kettle (copper)\n• You get $95.00 back (PayPal)\n\nShall I request the return?"
    " · Yes · Change something · Cancel",
    "de": "• Die ganze Bestellung #W1735502 stornieren: Kettle\n• Grund: Nicht mehr benötigt\n\nSoll ich die Bestellung "
    "stornieren? · Ja · Etwas ändern · Abbrechen",
    "cs": "• Zrušit celou objednávku #W1735502: Kettle\n\nMám objednávku zrušit? · Ano · Něco změnit · Zrušit",
    "es": "• Cancelar el pedido #W1735502 completo: Kettle\n\n¿Cancelo el pedido? · Sí · Cambiar algo · Cancelar",
    "ru": "• Отменить заказ #W1735502: Kettle\n\nОтменить заказ? · Да · Изменить · Отменить",
    "zh": "• 取消整个订单 #W1735502：Kettle\n\n要取消订单吗？ · 是 · 修改 · 取消",
}
ENGINE = ScriptedEngine({})


def is_yes(language: str, text: str, expects: str = "confirm") -> bool:
    context = Context(previous_language=language, expects=expects, asked=ASKED[language])
    return ENGINE.understand(text, context).act == "affirm"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Yes, please do"),
        ("en", "Yes, that's correct. Please go ahead with the return."),
        ("en", "That looks right, please proceed."),
        ("en", "Yes. Please proceed with returning order #W2000002."),
        ("de", "Ja, bitte stornieren Sie die Bestellung"),
        ("de", "Ja, das stimmt, bitte fortfahren"),
        ("cs", "Ano, prosím zrušte objednávku"),
        ("es", "Sí, cancele el pedido por favor"),
        ("ru", "Да, отмените заказ, пожалуйста"),
        ("zh", "好的，请取消订单"),
    ],
)
def test_a_yes_to_what_was_asked(language: str, text: str) -> None:
    assert is_yes(language, text)
    assert not is_yes(language, text + " ?")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Yes, but use my gift card instead"),
        ("en", "Yes, refund it to my gift card"),
        ("en", "Yes, cancel it please"),
        ("en", "Yes, return order #W2000003"),
        ("en", "Yes please, and also cancel order #W1000003"),
        ("en", "Please proceed with the lamp"),
        ("de", "Ja, aber lieber per PayPal"),
        ("cs", "ano, ale na dárkovou kartu"),
        ("es", "sí, pero a la otra tarjeta"),
        ("ru", "да, но на другую карту"),
        ("zh", "好的，但是退到礼品卡"),
    ],
)
def test_a_yes_that_says_more_is_none(language: str, text: str) -> None:
    assert not is_yes(language, text)


def test_only_a_summary_is_agreed_to_in_sentences() -> None:
    assert not is_yes("en", "Yes, please go ahead with the return", expects="order")
