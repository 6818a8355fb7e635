"""A shop on a platform, opened over a small platform in memory, for the tests of each platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2

from rapport.connectors.contracts import CallOutcome, Principal

ADA = Principal("7", "hmac")
ADDRESS = {
    "address1": "7 Birch Road",
    "address2": "",
    "city": "Leeds",
    "country": "GB",
    "state": "",
    "zip": "LS1 4DY",
}


class Opened:
    """A shop, the platform behind it, and the pauses it made."""

    def __init__(
        self,
        kind: str,
        module: Any,
        fake: Callable[[httpx2.Request], httpx2.Response],
        secret: str,
        **form: str,
    ) -> None:
        self.kind = kind
        self.fake: Any = fake
        self.pauses: list[float] = []
        settings = module.compose("shop", {"currency": "GBP", "refunds": "yes", "returns": "yes", **form})
        transport = httpx2.MockTransport(fake)
        self.shop = module.open_shop(form["base_url"], secret, settings, transport, self.pauses.append)

    def call(self, action: str, principal: Principal = ADA, key: str = "k1", **arguments: Any) -> CallOutcome:
        """One action of the shop."""
        found: CallOutcome = self.shop.call(f"shop.{action}", arguments, principal, key)
        return found
