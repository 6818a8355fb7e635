"""What the address for incoming mails answers, for the OpenAPI document."""

from __future__ import annotations

from ninja import Schema


class ReceiptShape(Schema):
    """What became of a mail."""

    state: str
    """``taken``, ``not_answered`` or ``refused``."""
    reason: str
    rule: str
    conversation_id: int | None
    is_known: bool
