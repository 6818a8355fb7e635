"""A wait survives ``kill -9`` of every process between the question, the approval and the answer."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from tests.acceptance.support.crowd import Scripted
from tests.acceptance.support.live import LiveSystem, live_system

from rapport.accounts.demo import DEMO_PASSWORD

ACTION = "shop.return_items"
ADMIN = ("admin@demo.example", DEMO_PASSWORD)


class Asking(Scripted):
    """Asks for one return, and looks what is said afterwards."""

    def ask(self) -> None:
        """Until the return waits for approval."""
        self._http = httpx2.Client(base_url=self.system.url, timeout=10, trust_env=False)
        self._open()
        self._return_one()

    def replies(self) -> list[str]:
        """Everything said to the customer."""
        return [m["content"] for m in self._until_told("GET", self._base) if m["message_type"] == 1]


class Staff:
    """A member of staff's browser, signed in."""

    def __init__(self, system: LiveSystem, email: str, password: str) -> None:
        self._http = httpx2.Client(base_url=system.url, timeout=20, trust_env=False, follow_redirects=True)
        self.post("/sign-in", email=email, password=password)

    def get(self, path: str) -> str:
        """A page; the system may be starting again."""
        return self._until_answered(lambda: self._http.get(path))

    def post(self, path: str, **fields: str) -> str:
        """Send a page's form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        assert token is not None, path
        data = {**fields, "csrfmiddlewaretoken": token[1]}
        return self._until_answered(lambda: self._http.post(path, data=data))

    def _until_answered(self, ask: Callable[[], httpx2.Response]) -> str:
        until = time.monotonic() + 150
        while time.monotonic() < until:
            try:
                answer = ask()
            except httpx2.HTTPError:
                time.sleep(0.1)
                continue
            assert answer.status_code == 200, (answer.status_code, answer.text[:500])
            return answer.text
        raise AssertionError("no answer")


def wait_until(is_so: Callable[[], Any], seconds: float = 150) -> Any:
    """What a question answers once it answers anything."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = is_so()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it never came to that")


def test_an_approval_is_given_once_and_told_once_whatever_dies(tmp_path: Path) -> None:
    with live_system(tmp_path / "data") as system:
        admin = Staff(system, *ADMIN)
        admin.post(f"/settings/actions/{ACTION}", approve_above="0")
        (row,) = system.shop.rows(
            "SELECT customer_id FROM orders WHERE status = 'delivered' GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1"
        )
        customer = Asking(system, row["customer_id"], threading.Event())
        customer.ask()
        said = len(customer.replies())
        system.kill("parent")
        approval = wait_until(lambda: re.search(r'href="(/approvals/\d+)"', admin.get("/approvals/")))[1]
        assert system.shop.operations("return") == 0
        admin.post(approval, decision="approve", reason="fine")
        system.kill("worker")
        system.kill("web")
        wait_until(lambda: len(customer.replies()) > said)
        time.sleep(1)
        assert [t for t in customer.replies()[said:] if t.startswith("Done, the return is requested.")]
        assert len(customer.replies()) == said + 1
        assert system.shop.operations("return") == 1
        assert "Approved" in admin.get("/approvals/decided")
