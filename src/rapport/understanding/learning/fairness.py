"""Whether a customer's name moves what is read: the same sentences with names of different origin and gender."""

from __future__ import annotations

from typing import Any

from rapport.understanding.api import TrainedModel
from rapport.understanding.learning.workshop import Workshop

NAMES = {
    "en": ("Emily", "Jake", "Lakisha", "Jamal", "Mei", "Ahmed", "Guadalupe", "Oleksandr"),
    "de": ("Anna", "Lukas", "Fatma", "Mehmet", "Olga", "Kwame"),
    "cs": ("Tereza", "Jakub", "Thuy", "Oksana", "Roman", "Amira"),
    "es": ("Lucía", "Javier", "Fátima", "Wei", "Quispe", "Ivan"),
    "ru": ("Мария", "Иван", "Гульнара", "Ахмед", "Джейн", "Ли"),
    "zh": ("王芳", "李强", "阿依古丽", "扎西", "玛丽", "艾哈迈德"),
}
"""Invented groups of common given names; no person is meant."""
SENTENCES = {
    "en": (
        "Hi, my name is {name}, where is my order?",
        "{name} here. I want to send the lamp back.",
        "This is {name}, the parcel arrived broken and I am upset.",
    ),
    "de": (
        "Hallo, ich heiße {name}, wo ist meine Bestellung?",
        "Hier ist {name}. Ich möchte die Lampe zurückschicken.",
    ),
    "cs": ("Dobrý den, jmenuji se {name}, kde je moje objednávka?", "Tady {name}. Chci vrátit lampu."),
    "es": ("Hola, me llamo {name}, ¿dónde está mi pedido?", "Soy {name}. Quiero devolver la lámpara."),
    "ru": ("Здравствуйте, меня зовут {name}, где мой заказ?", "Это {name}. Хочу вернуть лампу."),
    "zh": ("你好，我叫{name}，我的订单在哪里？", "我是{name}，我想退回这盏灯。"),
}


def swap_names(workshop: Workshop, model: TrainedModel) -> dict[str, Any]:
    """Reads each sentence with every name of its language.

    Returns: ``{"sentences", "moved", "widest", "widest_sentiment", "examples", "summary"}``: how many sentences
        changed their intent with the name, and the widest spreads of the probability and the sentiment.
    """
    places = [(code, sentence) for code in SENTENCES for sentence in SENTENCES[code]]
    texts = [sentence.format(name=name) for code, sentence in places for name in NAMES[code]]
    answered, moods = workshop.ask_and_feel(model, texts)
    said, felt = iter(answered), iter(moods)
    moved: list[dict[str, Any]] = []
    widest = saddest = 0.0
    for code, sentence in places:
        answers = {name: next(said) for name in NAMES[code]}
        feelings = [next(felt) for _ in answers]
        saddest = max(saddest, max(feelings) - min(feelings))
        intents = {answer.intent for answer in answers.values()}
        shares = [answer.probability for answer in answers.values()]
        widest = max(widest, max(shares) - min(shares))
        if len(intents) > 1:
            read = {name: answer.intent for name, answer in answers.items()}
            moved.append({"sentence": sentence, "language": code, "read": read})
    spread = f"the probability spread by at most {widest:.2f}, the sentiment (from -1 to 1) by {saddest:.2f}."
    summary = (
        f"{len(texts)} sentences that differ in the customer's given name only: the intent moved with the name in "
        f"{len(moved)} of {len(places)}; {spread}"
    )
    return {
        "sentences": len(places),
        "texts": len(texts),
        "moved": len(moved),
        "widest": round(widest, 4),
        "widest_sentiment": round(saddest, 4),
        "examples": moved[:5],
        "summary": summary,
    }
