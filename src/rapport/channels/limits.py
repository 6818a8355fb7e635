"""How often one address may ask: sliding windows kept in this process.

Each process counts for itself: with several, the true limit is up to that many times higher, which is
enough against floods and accidents. Off where ``settings.RATE_LIMITS`` is False.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import deque
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from rapport.channels.errors import TooManyRequests

MAX_KEYS = 50_000
NEAR = tuple(
    ipaddress.ip_network(n)
    for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
"""Networks whose proxies we believe about whom they forward."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a span of time."""

    name: str
    """Which limit was hit, for the facts of the error."""
    count: int
    """Requests."""
    window_s: float
    """Span of time [seconds]."""


REQUESTS = Limit("requests", 3000, 60)
"""Any API request, per address."""
NEW_CONTACTS = Limit("new_contacts", 120, 60)
"""New contacts and widget sessions, per address."""
NEW_CONVERSATIONS = Limit("new_conversations", 60, 60)
"""New conversations, per address."""
UPLOADS = Limit("uploads", 60, 300)
"""Messages with files, per address."""
CODE_ATTEMPTS = Limit("identity_attempts", 60, 300)
"""Attempts to prove an identity, per address."""


class SlidingWindows:
    """The times of recent requests per key; forgets what has left the window."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, str], deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, limit: Limit, key: str) -> None:
        """Count one request. Raises TooManyRequests; a refused request is not counted."""
        at = time.monotonic()
        with self._lock:
            times = self._times.get((limit.name, key))
            if times is None:
                if len(self._times) >= MAX_KEYS:
                    self._forget_idle(at)
                times = self._times[limit.name, key] = deque(maxlen=limit.count)
            if len(times) == limit.count and at - times[0] < limit.window_s:
                wait_s = math.ceil(limit.window_s - (at - times[0]))
                raise TooManyRequests(limit=limit.name, retry_after_s=max(1, wait_s))
            times.append(at)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._times.clear()

    def _forget_idle(self, at: float) -> None:
        for key in [k for k, times in self._times.items() if not times or at - times[-1] > 600]:
            del self._times[key]
        if len(self._times) >= MAX_KEYS:
            self._times.clear()


WINDOWS = SlidingWindows()


def check_rate(request: HttpRequest, limit: Limit) -> None:
    """Count this request against a limit for the caller's address. Raises TooManyRequests."""
    if getattr(settings, "RATE_LIMITS", True):
        WINDOWS.check(limit, client_address(request))


def check_request_rate(request: HttpRequest) -> None:
    """Count this request against the limit that every API request has."""
    check_rate(request, REQUESTS)


def client_address(request: HttpRequest) -> str:
    """Whose request this is: the peer, or, behind a proxy on this network, whom the proxy names last."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if forwarded and _is_near(peer):
        return str(forwarded).rsplit(",", 1)[-1].strip()[:45]
    return peer


def _is_near(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in NEAR)
