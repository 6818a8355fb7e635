"""Checks of identity against the connected shop, and the codes that are mailed for it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

from rapport.assistant.logic.identification import Method
from rapport.assistant.logic.speaker import Speaker, mailbox_methods
from rapport.assistant.models import OneTimeCode
from rapport.assistant.wording import say
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorDown, Principal
from rapport.conversations.contracts import Verification
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.ids import new_token

CODE_LIFE = dt.timedelta(minutes=10)
MAX_CODES_PER_HOUR = 5
MAX_CODE_ATTEMPTS = 5
SEND_CODE_JOB = "assistant.send_code"


def known_customer(
    verification: Verification | None, language: str
) -> tuple[Principal | None, dict[str, Any] | None, bool]:
    """The verified customer, their record, and whether the shop kept silent about it.

    Nothing personal without verification.
    """
    if verification is None:
        return None, None, False
    try:
        customer = connectors.find_shop_customer(customer_ref=verification.customer_ref)
    except ConnectorDown:
        return None, None, True
    if customer is None:
        return None, None, False
    return Principal(verification.customer_ref, verification.method, language), customer, False


def customer_of_mailbox(
    speaker: Speaker, methods: Sequence[Method], language: str
) -> tuple[Principal | None, dict[str, Any] | None, bool]:
    """As `known_customer`, from the mailbox the channel proved; nobody where the inbox takes no such proof."""
    is_taken = "email_reply" in mailbox_methods(methods) or speaker.proven_by == "email_authenticated"
    if not speaker.proven_email or not is_taken:
        return None, None, False
    try:
        customer = connectors.find_shop_customer(email=speaker.proven_email)
    except ConnectorDown:
        return None, None, True
    if customer is None:
        return None, None, False
    return Principal(str(customer["id"]), speaker.proven_by, language), customer, False


def find_by_order_and_email(order_id: str, email: str) -> dict[str, Any] | None:
    """The customer whose order this is, if the e-mail is theirs. Raises ConnectorDown."""
    return connectors.find_shop_customer(order_id=order_id, email=email)


def prepare_code(conversation_id: int, email: str) -> OneTimeCode | None:
    """A code for an address, not yet stored; None when too many were asked for lately. Raises ConnectorDown.

    The row looks the same whether or not a customer has the address, so that nobody learns it from us.
    """
    digest = _email_digest(email)
    recent = OneTimeCode.objects.filter(
        email_digest=digest, created_at__gt=now() - dt.timedelta(hours=1)
    ).count()
    here = OneTimeCode.objects.filter(
        conversation_id=conversation_id, created_at__gt=now() - dt.timedelta(hours=1)
    ).count()
    if recent >= MAX_CODES_PER_HOUR or here >= MAX_CODES_PER_HOUR:
        return None
    customer = connectors.find_shop_customer(email=email)
    return OneTimeCode(
        conversation_id=conversation_id,
        email_digest=digest,
        nonce=new_token(16),
        customer_ref=str(customer["id"]) if customer else "",
        created_at=now(),
    )


def store_code(row: OneTimeCode, email: str, language: str) -> int:
    """Store a prepared code and schedule its mail, in the caller's transaction."""
    row.save(force_insert=True)
    if row.customer_ref:
        payload = {"code_row": row.pk, "email": email, "language": language}
        jobs.enqueue(SEND_CODE_JOB, payload, key=f"code:{row.pk}", priority=0)
    return row.pk


def check_code(code_row: int | None, conversation_id: int, code: str) -> str | None:
    """The customer's reference when the code is right; every attempt counts.

    A code is good in its own conversation only, and there once more: a turn repeated after a crash needs it again.
    """
    row = OneTimeCode.objects.filter(pk=code_row or 0, conversation_id=conversation_id).first()
    if row is None or row.created_at < now() - CODE_LIFE or row.attempts >= MAX_CODE_ATTEMPTS:
        return None
    OneTimeCode.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
    if not row.customer_ref or not hmac.compare_digest(code_of(row), code):
        return None
    OneTimeCode.objects.filter(pk=row.pk).update(used_at=now())
    return row.customer_ref


def code_of(row: OneTimeCode) -> str:
    """The six digits that belong to a row."""
    digest = hmac.new(
        settings.SECRET_KEY.encode(), f"one-time-code:{row.pk}:{row.nonce}".encode(), hashlib.sha256
    ).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def run_send_code(payload: dict[str, Any], _: jobs.JobContext) -> None:
    """Mail a code; a repeated attempt may send the same code twice, which harms nobody."""
    row = OneTimeCode.objects.filter(pk=payload["code_row"]).first()
    if row is None or row.created_at < now() - CODE_LIFE:
        return
    language = payload["language"]
    send_mail(
        say("mail_code_subject", language),
        say("mail_code_body", language, code=code_of(row)),
        None,
        [payload["email"]],
    )


def prune_codes() -> None:
    """Delete codes older than a day; they have been worthless for almost as long."""
    OneTimeCode.objects.filter(created_at__lt=now() - dt.timedelta(days=1)).delete()


def _email_digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()
