"""Which mails are never answered: those that programs send, and our own."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapport.channels.kinds.email.contracts import Mail

LOOP_HEADER = "X-Rapport-Loop"
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_NOBODY = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply|bounces?|nobody|listserv|majordomo)(?:[+=._-].*)?@",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response|svar)|autoreply|away from (?:the )?office|on vacation"
    r"|automatick[áýé] odpověď|mimo kancelář|nepřítomnost|abwesenheit|automatische antwort|nicht im büro|im urlaub"
    r"|respuesta autom[áa]tica|fuera de la oficina|ausencia|автоматический ответ|автоответ|в отпуске|вне офиса|отсутстви"
    r"|自动回复|自動回覆|外出|休假",
    re.IGNORECASE,
)


def why_not_answered(mail: Mail, own_addresses: Collection[str], own_mark: str) -> str:
    """Why a mail gets no answer of the assistant, in one word; empty where it gets one.

    Args:
        mail: what came in.
        own_addresses: of all e-mail inboxes.
        own_mark: what our own mails carry in `LOOP_HEADER`.
    """
    if own_mark in mail.headers.get(LOOP_HEADER.lower(), ()):
        return "own_loop"
    if mail.bounce is not None:
        return "bounce"
    if mail.sender.address in own_addresses or mail.header_from.address in own_addresses:
        return "own_address"
    is_auto = _is_automatic(mail)
    if _AWAY.search(mail.subject[:200]) and (is_auto or _is_about_being_away(mail)):
        return "out_of_office"
    if is_auto:
        return "auto_submitted"
    if mail.header("list-id") or mail.header("list-unsubscribe") or mail.header("list-post"):
        return "mailing_list"
    if mail.header("precedence").lower() in _BULK:
        return "bulk"
    if mail.header("return-path").strip() == "<>":
        return "empty_return_path"
    if _NOBODY.match(mail.sender.address):
        return "nobody_reads"
    return ""


def _is_automatic(mail: Mail) -> bool:
    said = mail.header("auto-submitted").lower().partition(";")[0].strip()
    suppressed = mail.header("x-auto-response-suppress").lower()
    return (
        said not in {"", "no"}
        or bool(mail.header("x-autoreply") or mail.header("x-autorespond") or mail.header("x-autoresponder"))
        or mail.header("x-auto-reply-from") != ""
        or suppressed.replace(" ", "") == "all"
    )


def _is_about_being_away(mail: Mail) -> bool:
    """A subject of these words with an answer's headers: people who ask about holidays write no such mail."""
    starts = _AWAY.match(mail.subject.strip())
    return bool(starts and (mail.in_reply_to or mail.references))
