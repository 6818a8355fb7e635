"""Quoting an article in a turn: which variant fits the customer, the channel and the moment, and the record of why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapport.assistant.conditions import CUSTOMER, CustomerJudge, order_at_hand
from rapport.assistant.driver import Driver
from rapport.assistant.logic.explaining import AGREED, FITTED, PERSONAL, SHORT
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, NewFile
from rapport.kernel.errors import RapportError
from rapport.knowledge import api as knowledge
from rapport.knowledge.contracts import CHANNEL_FORMS, Hit, Occasion, Quotation, QuotedPicture
from rapport.procedures import api as procedures
from rapport.procedures.contracts import DialogueState


@dataclass(frozen=True, slots=True)
class Quoted:
    """One article as it was quoted."""

    hit: Hit
    quotation: Quotation


def quote_article(
    hit: Hit,
    asked: str,
    conversation: ConversationInfo,
    driver: Driver,
    state: DialogueState,
    *,
    is_aside: bool,
) -> Quoted:
    """The words for this customer on this channel, now."""
    form = CHANNEL_FORMS.get(conversation.inbox.channel_kind, "")
    occasion = Occasion(
        channel=form,
        is_signed_in=driver.principal is not None,
        tone=driver.tone,
        is_aside=is_aside,
        asked=asked,
    )
    judge = CustomerJudge(
        int(conversation.customer_id), driver.customer, order_at_hand(state, driver.book), form
    )
    return Quoted(hit, knowledge.quote(hit, occasion, judge))


def evidence_of(quoted: Quoted) -> list[dict[str, Any]]:
    """What the decision keeps: article and version, the variant and why, and each consent that was checked."""
    choice, hit = quoted.quotation.choice, quoted.hit
    found: list[dict[str, Any]] = []
    if choice.chosen is not None:
        chosen = choice.chosen
        found.append(
            {
                "kind": "variant",
                "ref": f"variant:{chosen.id}",
                "title": hit.title,
                "score": None,
                "article": hit.slug,
                "language": hit.language,
                "version": chosen.source_version,
                "message": choice.why,
                **({"picture": quoted.quotation.picture.alt} if quoted.quotation.picture else {}),
            }
        )
    if choice.passed_over:
        reasons = "; ".join(f"variant {variant}: {reason}" for variant, reason in choice.passed_over)
        found.append(
            {
                "kind": "variants_passed_over",
                "ref": f"article:{hit.slug}",
                "title": hit.title,
                "score": None,
                "version": hit.version,
                "message": reasons,
            }
        )
    for purpose, is_given in choice.consents:
        said = "given" if is_given else "not given: the profile was not looked at"
        found.append(
            {"kind": "consent", "ref": f"consent:{purpose}", "title": purpose, "score": None, "message": said}
        )
    return found


def form_of(quoted: Quoted) -> str:
    """The sentence of the explanation that says in which form it was quoted; empty for the passage itself."""
    chosen = quoted.quotation.choice.chosen
    if chosen is None:
        return ""
    condition = chosen.fits.condition
    is_agreed = any(is_given for _, is_given in quoted.quotation.choice.consents)
    if is_agreed and condition and CUSTOMER in procedures.references(condition):
        return AGREED
    if chosen.fits.condition or chosen.fits.audience:
        return PERSONAL
    return SHORT if chosen.fits.length == "short" else FITTED


def basis_of(quoted: Sequence[Quoted]) -> str:
    """On what the turn looked at the customer's data: the service itself, or a consent that a condition needed too."""
    given = {purpose for q in quoted for purpose, is_given in q.quotation.choice.consents if is_given}
    return " + ".join(["service", *(f"consent: {purpose}" for purpose in sorted(given))])


def attach_pictures(conversation_id: int, pictures: list[QuotedPicture]) -> tuple[int, ...]:
    """Store approved pictures as files of the message; one that cannot be stored is left out."""
    ids = []
    for picture in pictures:
        try:
            ids.append(
                conversations.add_attachment(conversation_id, NewFile(picture.name, picture.content)).id
            )
        except RapportError:
            continue
    return tuple(ids)
