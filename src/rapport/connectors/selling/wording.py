"""The few words the shop's records need in each language."""

from __future__ import annotations

METHODS = {
    "credit_card": {
        "en": "{brand} card ending {last_four}",
        "cs": "karta {brand} končící {last_four}",
        "de": "{brand}-Karte mit Endziffern {last_four}",
        "es": "tarjeta {brand} terminada en {last_four}",
        "ru": "карта {brand}, оканчивается на {last_four}",
        "zh": "{brand} 卡（尾号 {last_four}）",
    },
    "paypal": {
        "en": "PayPal",
        "cs": "PayPal",
        "de": "PayPal",
        "es": "PayPal",
        "ru": "PayPal",
        "zh": "PayPal",
    },
    "bank_transfer": {
        "en": "bank transfer",
        "cs": "bankovní převod",
        "de": "Überweisung",
        "es": "transferencia bancaria",
        "ru": "банковский перевод",
        "zh": "银行转账",
    },
    "gift_card": {
        "en": "gift card ({balance} left)",
        "cs": "dárková karta (zbývá {balance})",
        "de": "Geschenkkarte (Guthaben {balance})",
        "es": "tarjeta regalo (saldo {balance})",
        "ru": "подарочная карта (остаток {balance})",
        "zh": "礼品卡（余额 {balance}）",
    },
}

ALIASES = {
    "credit_card": (
        "card",
        "credit card",
        "karta",
        "kartou",
        "Karte",
        "Kreditkarte",
        "tarjeta",
        "карта",
        "картой",
        "信用卡",
        "银行卡",
    ),
    "paypal": ("paypal", "пейпал", "贝宝"),
    "bank_transfer": ("transfer", "převod", "Überweisung", "transferencia", "перевод", "转账"),
    "gift_card": (
        "gift card",
        "giftcard",
        "dárková karta",
        "poukaz",
        "Geschenkkarte",
        "Gutschein",
        "tarjeta regalo",
        "подарочная карта",
        "礼品卡",
    ),
}

ORIGINAL = (
    "original payment method",
    "same card",
    "původní",
    "ursprüngliche",
    "original",
    "исходный",
    "原支付方式",
)
"""Said of the method an order was paid with."""

MONTH_DAY = {"en": "d MMM", "cs": "d. M.", "de": "d. MMM", "es": "d MMM", "ru": "d MMM", "zh": "M月d日"}

STATUSES = {
    "pending": {
        "en": "Not sent yet",
        "cs": "Ještě neodesláno",
        "de": "Noch nicht verschickt",
        "es": "Aún no enviado",
        "ru": "Ещё не отправлен",
        "zh": "尚未发货",
    },
    "processed": {
        "en": "Being sent",
        "cs": "Odesílá se",
        "de": "Wird verschickt",
        "es": "En proceso de envío",
        "ru": "Отправляется",
        "zh": "发货中",
    },
    "shipped": {
        "en": "On its way",
        "cs": "Na cestě",
        "de": "Unterwegs",
        "es": "En camino",
        "ru": "В пути",
        "zh": "运输中",
    },
    "delivered": {
        "en": "Delivered",
        "cs": "Doručeno",
        "de": "Zugestellt",
        "es": "Entregado",
        "ru": "Доставлен",
        "zh": "已送达",
    },
    "cancelled": {
        "en": "Cancelled",
        "cs": "Zrušeno",
        "de": "Storniert",
        "es": "Cancelado",
        "ru": "Отменён",
        "zh": "已取消",
    },
    "refunded": {
        "en": "Refunded",
        "cs": "Peníze vráceny",
        "de": "Erstattet",
        "es": "Reembolsado",
        "ru": "Деньги возвращены",
        "zh": "已退款",
    },
}
"""Where an order stands, for platforms that do not say it in the customer's language."""
