"""The mark of this installation in its own mails, so that it never answers itself."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def own_mark() -> str:
    """The same in every mail of this installation, and nobody else's."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"rapport.email.loop", hashlib.sha256).hexdigest()[:24]
