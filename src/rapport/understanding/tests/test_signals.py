"""Signs that always reach a person: found in six languages, and not where words only look like them."""

from __future__ import annotations

import pytest

from rapport.understanding.lexicons import load_lexicons
from rapport.understanding.logic.cleaning import fold


def _found(text: str) -> set[str]:
    signals = load_lexicons().signals
    return {
        name
        for name in ("legal_threat", "safety", "vulnerability", "contract_cancellation")
        if signals[name].search(fold(text))
    }


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("legal_threat", "If I do not hear back by Friday, you will get a letter from my solicitor."),
        ("legal_threat", "I am going to sue you for this"),
        ("legal_threat", "Jestli to nevyřešíte, podám žalobu."),
        ("legal_threat", "Obrátím se na obchodní inspekci."),
        ("legal_threat", "Ich werde rechtliche Schritte einleiten."),
        ("legal_threat", "Dann sehen wir uns vor Gericht"),
        ("legal_threat", "Voy a poner una hoja de reclamaciones y hablaré con mi abogado"),
        ("legal_threat", "Os demando si no me devolvéis el dinero"),
        ("legal_threat", "Я подам иск, если деньги не вернут"),
        ("legal_threat", "Обращусь в Роспотребнадзор"),
        ("legal_threat", "再不处理我就打官司"),
        ("legal_threat", "我会向消费者协会投诉"),
        ("safety", "The charger gave me a shock and there is a burning smell"),
        ("safety", "My son swallowed a small part of the toy"),
        ("safety", "Nabíječka se přehřívá a jde z ní kouř"),
        ("safety", "dostal jsem ránu elektrickým proudem"),
        ("safety", "Das Netzteil hatte einen Kurzschluss, es riecht nach Gas"),
        ("safety", "Der Akku ist aufgebläht"),
        ("safety", "La batería se hinchó y echaba humo"),
        ("safety", "me dio la corriente al enchufarlo"),
        ("safety", "Чайник задымился, меня ударило током"),
        ("safety", "у ребенка аллергия и сыпь"),
        ("safety", "电池鼓包了，还冒烟"),
        ("safety", "孩子误吞了零件"),
        ("vulnerability", "I just lost my job and cannot pay my bills"),
        ("vulnerability", "I am visually impaired, the site does not read aloud"),
        ("vulnerability", "Zemřel mi manžel a nevím, co s objednávkou"),
        ("vulnerability", "jsem v insolvenci"),
        ("vulnerability", "Ich sitze im Rollstuhl und kann das Paket nicht tragen"),
        ("vulnerability", "ich bin schwer krank"),
        ("vulnerability", "Mi madre tiene demencia y hizo el pedido sin querer"),
        ("vulnerability", "me quedé sin trabajo"),
        ("vulnerability", "Я передвигаюсь на инвалидной коляске"),
        ("vulnerability", "муж умер, заказ больше не нужен"),
        ("vulnerability", "我最近失业了，付不起"),
        ("vulnerability", "我是听障人士，不能接电话"),
        ("contract_cancellation", "I want to terminate my contract at the end of the month"),
        ("contract_cancellation", "please cancel my subscription"),
        ("contract_cancellation", "Chci vypovědět smlouvu"),
        ("contract_cancellation", "prosím zrušit předplatné ke konci roku"),
        ("contract_cancellation", "Hiermit kündige ich meinen Vertrag"),
        ("contract_cancellation", "Ich möchte den Anbieter wechseln"),
        ("contract_cancellation", "Quiero darme de baja del servicio"),
        ("contract_cancellation", "quiero rescindir el contrato"),
        ("contract_cancellation", "Хочу расторгнуть договор"),
        ("contract_cancellation", "отмените подписку пожалуйста"),
        ("contract_cancellation", "我要解约"),
        ("contract_cancellation", "请帮我取消会员"),
    ],
)  # fmt: skip
def test_a_sign_is_found(sign: str, text: str) -> None:
    assert sign in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancel my order please", "I want to cancel the second item", "is this a safe payment method?",
        "Does the Fire TV stick come with a remote?", "do you sell smoke detectors", "the ice cream melted on the way",
        "a gift for my lawyer", "do you have roller blinds or a roller blind in white?", "I cannot afford to wait",
        "cancel my newsletter subscription", "What is the voltage regulator for?", "a lamp in burnt orange",
        "zrušte mou objednávku", "Chci zrušit objednávku č. 123", "máte detektor kouře?", "je to bezpečná platba?",
        "barva kouřová šedá", "hoří mi termín, pospěšte si", "chci vrátit zboží do 14 dnů",
        "Bitte stornieren Sie meine Bestellung", "Verkaufen Sie Rauchmelder?", "das Kleid ist eng geschnitten",
        "wie lang ist die Kündigungsfrist?", "ich bin Feuer und Flamme für das neue Modell", "sichere Zahlung?",
        "cancelar mi pedido", "¿Tienen detectores de humo?", "una jarra de sangría", "¿es seguro el pago?",
        "quiero darme de baja del boletín", "una chaqueta gris humo",
        "отмените мой заказ", "искренне благодарю вас", "детская коляска когда придет?", "товар просто огонь",
        "есть датчики дыма?", "это безопасная оплата?",
        "取消我的订单", "有烟雾报警器吗", "请送到医院门口", "盲盒还有吗", "支付安全吗", "怎么退订短信",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_sign_is_left_alone(text: str) -> None:
    assert _found(text) == set()


def test_an_exception_does_not_hide_a_real_sign_beside_it() -> None:
    assert _found("the smoke detector is useless, my kitchen caught fire") == {"safety"}
