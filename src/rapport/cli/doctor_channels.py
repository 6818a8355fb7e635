"""What the doctor looks at in channels that reach out: mails."""

from __future__ import annotations

from collections.abc import Iterator

from rapport.cli.findings import Finding
from rapport.web.config import Config


def check_mail(config: Config) -> Iterator[Finding]:
    """E-mail inboxes: whether mails come in, and go out."""
    from django.db import DatabaseError

    from rapport.channels.kinds.email import api as email

    try:
        health = email.check_health()
    except DatabaseError:
        return
    for found in health:
        box = email.mailbox_of(found.inbox_id)
        if box is None:
            continue
        named, page = f"mail {found.address}", f"Open Settings, Inboxes, {found.address}."
        tried = email.try_sending(box.smtp)
        if not tried.is_good:
            yield Finding("wrong", f"{named}: cannot be sent: {tried.detail}", page)
        elif tried.outcome == "files":
            folder = email.outbox_folder().relative_to(config.data_dir)
            yield Finding("note", f"{named}: answers are written to {folder}", "Set SMTP_URL or a server.")
        if found.problem:
            yield Finding("wrong", f"{named}: the mailbox cannot be read: {found.problem}", page)
        if found.failed or found.waiting:
            yield Finding("note", f"{named}: {found.failed} failed within a day, {found.waiting} wait", page)
        elif tried.outcome == "sends" and not found.problem:
            yield Finding("ok", f"{named}")
