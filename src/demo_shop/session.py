"""Cookies and proofs: who is signed in on the storefront, and the widget's identity hash."""

import base64
import hashlib
import hmac


def _sign(secret: str, text: str) -> str:
    return hmac.new(f"storefront:{secret}".encode(), text.encode(), hashlib.sha256).hexdigest()


def seal_customer(secret: str, customer_id: str) -> str:
    """Make the cookie value that says who is signed in."""
    encoded = base64.urlsafe_b64encode(customer_id.encode()).decode()
    return f"{encoded}.{_sign(secret, encoded)}"


def open_customer(secret: str, cookie: str) -> str | None:
    """Read the cookie value, or nothing when it was not made with this secret."""
    encoded, _, signature = cookie.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(secret, encoded).encode()):
        return None
    return base64.urlsafe_b64decode(encoded).decode()


def identifier_hash(identity_secret: str, customer_id: str) -> str:
    """Prove to the widget's server that the shop vouches for this customer."""
    return hmac.new(identity_secret.encode(), customer_id.encode(), hashlib.sha256).hexdigest()
