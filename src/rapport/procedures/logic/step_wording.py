"""What the interpreter says of waiting, approving and taking back: en, cs, de, es, ru, zh."""

from __future__ import annotations

from collections.abc import Mapping

STEP_TEXTS: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "waits": (
        "I'll get back to you here as soon as there is news.",
        "Jakmile bude něco nového, ozvu se vám tady.",
        "Sobald es etwas Neues gibt, melde ich mich hier.",
        "Te aviso aquí en cuanto haya novedades.",
        "Как только появятся новости, я напишу здесь.",
        "一有新消息，我会在这里通知您。",
    ),
    "waits_for_approval": (
        "A colleague has to approve this first. I'll let you know here.",
        "Nejdřív to musí schválit kolega. Dám vám tady vědět.",
        "Das muss erst jemand von uns freigeben. Ich melde mich hier.",
        "Antes tiene que aprobarlo un compañero. Te aviso aquí.",
        "Сначала это должен одобрить коллега. Я напишу здесь.",
        "这需要先由同事批准，有结果我会在这里通知您。",
    ),
    "not_approved": (
        "I'm sorry, this was not approved.",
        "Je mi líto, schváleno to nebylo.",
        "Leider wurde das nicht freigegeben.",
        "Lo siento, no se ha aprobado.",
        "К сожалению, это не одобрили.",
        "很抱歉，此申请未获批准。",
    ),
    "not_decided": (
        "I'm sorry, this was not decided in time, so it will not be done.",
        "Je mi líto, včas se o tom nerozhodlo, takže se to neudělá.",
        "Leider wurde darüber nicht rechtzeitig entschieden, deshalb wird es nicht gemacht.",
        "Lo siento, no se ha decidido a tiempo, así que no se hará.",
        "К сожалению, решение не было принято вовремя, поэтому это не будет сделано.",
        "很抱歉，未能及时作出决定，因此不会办理。",
    ),
    "stopped": (
        "All right, I've stopped.",
        "Dobře, končím.",
        "In Ordnung, ich habe abgebrochen.",
        "De acuerdo, lo dejo aquí.",
        "Хорошо, останавливаюсь.",
        "好的，已停止。",
    ),
    "undo_line": (
        "Take back: {title}",
        "Vrátit zpět: {title}",
        "Rückgängig machen: {title}",
        "Deshacer: {title}",
        "Отменить: {title}",
        "撤销：{title}",
    ),
    "shall_i_undo": (
        "Shall I take this back?",
        "Mám to vrátit zpět?",
        "Soll ich das rückgängig machen?",
        "¿Lo deshago?",
        "Отменить это?",
        "需要我撤销吗？",
    ),
    "kept": (
        "All right, it stays as it is.",
        "Dobře, zůstane to tak.",
        "In Ordnung, es bleibt dabei.",
        "De acuerdo, se queda como está.",
        "Хорошо, оставляю как есть.",
        "好的，保持不变。",
    ),
    "nothing_to_undo": (
        "There is nothing I could take back.",
        "Není co vrátit zpět.",
        "Es gibt nichts, was ich rückgängig machen könnte.",
        "No hay nada que pueda deshacer.",
        "Отменять нечего.",
        "没有可以撤销的内容。",
    ),
    "cannot_undo": (
        "That can't be taken back here any more. A colleague can tell you what is still possible.",
        "To už tu nejde vrátit zpět. Kolega vám poví, co se ještě dá dělat.",
        "Das lässt sich hier nicht mehr rückgängig machen. Jemand von uns sagt Ihnen gern, was noch möglich ist.",
        "Eso ya no se puede deshacer aquí. Un compañero te dirá qué se puede hacer todavía.",
        "Отменить это здесь уже нельзя. Коллега подскажет, что ещё возможно.",
        "这里已无法撤销，同事可以告诉您还能怎么做。",
    ),
    "taken_back": (
        "What had been done for it has been taken back.",
        "Co už se udělalo, je vráceno zpět.",
        "Was schon geschehen war, ist rückgängig gemacht.",
        "Lo que ya se había hecho se ha deshecho.",
        "Всё, что уже было сделано, отменено.",
        "已完成的部分已撤销。",
    ),
}
