"""Tells supervisors by mail of a connected system that does not come back by itself."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission
from rapport.connectors.contracts import OutageInfo
from rapport.kernel.clock import now

logger = logging.getLogger(__name__)


def tell_supervisors(outage: OutageInfo) -> int:
    """One mail to everybody who may supervise; returns how many got it. A mail server that is away too is logged."""
    found = [s.email for s in accounts.list_staff() if Permission.SUPERVISE in s.permissions]
    minutes = (now() - outage.began_at).total_seconds() // 60
    text = (
        f"{outage.system} has not answered for {minutes:.0f} minutes (since {outage.began_at:%Y-%m-%d %H:%M} UTC).\n"
        f"Last problem: {outage.problem}\n"
        f"Failed calls: {outage.failures}; calls that failed at once: {outage.spared}.\n\n"
        "It is asked again and again; what was kept for it is done when it answers.\n"
        "What is known of it stands at the desk under Connected systems.\n"
    )
    told = 0
    for email in found:
        try:
            told += send_mail(f"{outage.system} does not answer", text, settings.DEFAULT_FROM_EMAIL, [email])
        except (OSError, smtplib.SMTPException):
            logger.exception("a supervisor could not be told of %s", outage.system)
    return told
