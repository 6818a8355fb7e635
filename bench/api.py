"""Server CPU of the HTTP APIs: the WSGI application called in this process, on a fresh SQLite file.

Run: ``python bench/api.py [conversations] [rounds]``. Prints milliseconds of CPU (user and system) a request.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONVERSATIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 400

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="rapport-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.web.settings")
sys.path.insert(0, str(ROOT / "src"))

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from rapport.accounts import api as accounts  # noqa: E402
from rapport.conversations import api as conversations  # noqa: E402
from rapport.web.wsgi import application  # noqa: E402

settings.RATE_LIMITS = False


def call(method: str, path: str, data: Any = None, **headers: str) -> tuple[str, bytes]:
    """One request, as an HTTP server would hand it over."""
    body = json.dumps(data).encode() if data is not None else b""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **headers,
    }
    seen: list[str] = []
    chunks = application(environ, lambda status, _: seen.append(status))
    answer = b"".join(chunks)
    chunks.close()
    return seen[0], answer


def measure(name: str, one: Callable[[int], tuple[str, bytes]]) -> None:
    """Median and mean CPU of a request."""
    for i in range(20):
        status, answer = one(-1 - i)
        assert status.startswith("200"), (status, answer[:500])
    spent = []
    for i in range(ROUNDS):
        began = time.process_time()
        one(i)
        spent.append((time.process_time() - began) * 1000)
    print(f"{name:44} median {median(spent):6.3f} ms   mean {sum(spent) / len(spent):6.3f} ms")


def main() -> None:
    """Fill a data base and measure."""
    call_command("migrate", verbosity=0)
    agent = accounts.create_staff("agent@example.com", "Agent", "agent")
    token = {"HTTP_API_ACCESS_TOKEN": accounts.create_token(agent, "bench")}
    inbox = conversations.create_inbox("Bench", "api")
    contact = conversations.create_contact(inbox, {"name": "Customer"})
    with transaction.atomic():
        for i in range(CONVERSATIONS):
            made = conversations.create_conversation(contact, language="en")
            conversations.take(made.id, agent.pk, agent.name)
            conversations.receive_message(made.id, f"Message {i} about an order that has not come yet")
    base = f"/public/api/v1/inboxes/{inbox.identifier}/contacts/{contact.source_id}"
    base += f"/conversations/{made.display_id}"
    staff = "/api/v1/accounts/1/conversations"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{CONVERSATIONS} conversations, {ROUNDS} rounds")
    text = {"content": "Hi"}
    store = f"{base}/messages"
    measure("store a message, no turn", lambda i: call("POST", store, {**text, "echo_id": f"e{i}"}))
    measure("store a message, no turn, no echo_id", lambda _: call("POST", store, text))
    latest = conversations.list_latest_messages(made.id, limit=1)[0].id
    measure("poll for new messages", lambda _: call("GET", f"{base}/messages?after={latest}"))
    measure("list 25 conversations", lambda _: call("GET", f"{staff}?status=open", **token))
    counted = f"{staff}?status=open&with_counts=1"
    measure("list 25 conversations with counts", lambda _: call("GET", counted, **token))
    measure("show an inbox (no query)", lambda _: call("GET", f"/public/api/v1/inboxes/{inbox.identifier}"))


if __name__ == "__main__":
    main()
