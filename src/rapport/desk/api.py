"""What the wiring may ask of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission
from rapport.desk.dispositions.filling import fill_missing as fill_missing_dispositions
from rapport.desk.erasing import Erasure, erase_customer, plan_erasure
from rapport.desk.jobs import KINDS, SUBSCRIPTIONS

__all__ = [
    "KINDS",
    "SUBSCRIPTIONS",
    "Erasure",
    "erase_customer",
    "fill_missing_dispositions",
    "plan_erasure",
    "stream_topics_of_session",
]


def stream_topics_of_session(cookies: Mapping[str, str]) -> frozenset[str]:
    """Topics a signed-in member of staff may hear; empty for anybody else."""
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    store = import_module(settings.SESSION_ENGINE).SessionStore(key or None)
    staff_id = store.get(SESSION_KEY) if key else None
    staff = accounts.find_staff(int(staff_id)) if staff_id else None
    return frozenset({"desk"}) if staff and Permission.ANSWER in staff.permissions else frozenset()
