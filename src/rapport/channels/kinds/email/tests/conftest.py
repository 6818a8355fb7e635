"""What tests of mails share: an inbox, and mails to send to it."""

from __future__ import annotations

import pytest

from rapport.channels.kinds.email.accounts import create_email_inbox

ADDRESS = "care@shop.example"


@pytest.fixture
def inbox(db):
    return create_email_inbox("Mail", ADDRESS, settings={"brand": "Shop"})


def raw_mail(text="Where is it?", **headers):
    """A mail as bytes; headers by name, underscores for hyphens."""
    given = {"From": "Ann <ann@x.example>", "To": ADDRESS, "Subject": "Lamp", "Message-ID": "<1@x.example>"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
