"""The few words that records beside orders need in each language."""

from __future__ import annotations

CLAIM_STATES = {
    "label_sent": {
        "en": "we are waiting for the item",
        "cs": "čekáme na zaslání zboží",
        "de": "wir warten auf den Artikel",
        "es": "esperamos el artículo",
        "ru": "ждём товар от вас",
        "zh": "等待您寄回商品",
    },
    "in_repair": {
        "en": "in the workshop",
        "cs": "v servisu",
        "de": "in der Werkstatt",
        "es": "en el taller",
        "ru": "в сервисе",
        "zh": "维修中",
    },
}
"""How far an open warranty claim is."""

DAY = {
    "en": "EEE d MMM",
    "cs": "EEE d. M.",
    "de": "EEE d. MMM",
    "es": "EEE d MMM",
    "ru": "EEE d MMM",
    "zh": "M月d日 EEE",
}
"""A day with its weekday, as Babel writes it."""

DAY_PARTS = {
    "morning": {
        "en": "morning",
        "cs": "dopoledne",
        "de": "vormittags",
        "es": "por la mañana",
        "ru": "до полудня",
        "zh": "上午",
    },
    "afternoon": {
        "en": "afternoon",
        "cs": "odpoledne",
        "de": "nachmittags",
        "es": "por la tarde",
        "ru": "после полудня",
        "zh": "下午",
    },
}

TIME_PARTS = {
    "day": {"en": "the day", "cs": "den", "de": "den Tag", "es": "el día", "ru": "день", "zh": "日期"},
    "part": {
        "en": "the part of the day",
        "cs": "část dne",
        "de": "die Tageszeit",
        "es": "la parte del día",
        "ru": "часть дня",
        "zh": "上午或下午",
    },
    "hours": {
        "en": "the time",
        "cs": "hodinu",
        "de": "die Uhrzeit",
        "es": "la hora",
        "ru": "время",
        "zh": "时段",
    },
}
"""What free times differ in."""

POINTS = {
    "en": "{points} points",
    "cs": "{points} bodů",
    "de": "{points} Punkte",
    "es": "{points} puntos",
    "ru": "{points} баллов",
    "zh": "{points} 积分",
}
"""Hundreds only, so that one plural form does."""

ROLLING = {
    "en": "every {days} days",
    "cs": "každých {days} dní",
    "de": "alle {days} Tage",
    "es": "cada {days} días",
    "ru": "каждые {days} дней",
    "zh": "每 {days} 天",
}
