"""A program of another time, with pages and no API: signs in by a form, books returns, asks before it does."""

from __future__ import annotations

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PASSWORD = "open-sesame-7"  # of a program that lives as long as a test
_FORM = """<h1>New return</h1><form method=post action=/book onsubmit="return confirm('Really book?')">
<table><tr><td><label for=o>Order</label><td><input id=o name=order></tr>
<tr><td><label for=r>Reason</label><td><select id=r name=reason><option value=''>--</option>
<option value=7>Does not fit</option><option value=9>Broken</option></select></tr></table>
<input type=password name=pin value=1234><input type=submit value=Book></form><img src="{outside}/spy.gif">"""


class LegacyProgram:
    """The running program; `booked` holds what it did, `after_booking` what it does then."""

    def __init__(self) -> None:
        self.booked: dict[str, str] = {}
        self.asked: list[str] = []
        self.after_booking = "thanks"
        self.status = 200
        program = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                program.answer(self, {})

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                program.answer(self, parse_qs(self.rfile.read(length).decode()))

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.outside = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        """One page."""
        parts = urlsplit(request.path)
        self.asked.append(f"{request.headers['Host'].partition(':')[0]} {parts.path}")
        if parts.path == "/away":
            return _send(request, "", 302, Location=f"{self.outside}/leak")
        if parts.path == "/login" and form.get("password") == [PASSWORD]:
            return _send(request, "Welcome", 302, Location="/menu", **{"Set-Cookie": "robot=in"})
        if "robot=in" not in (request.headers["Cookie"] or ""):
            label = "<label>User <input name=user></label><label>Password <input type=password name=password></label>"
            return _send(request, f"<form method=post action=/login>{label}<button>Sign in</button></form>")
        return self._inside(request, parts.path, form, parse_qs(parts.query))

    def _inside(
        self,
        request: BaseHTTPRequestHandler,
        path: str,
        form: dict[str, list[str]],
        query: dict[str, list[str]],
    ) -> None:
        if path == "/new":
            return _send(request, _FORM.format(outside=self.outside), self.status)
        if path == "/slip":
            disposition = {"Content-Disposition": "attachment; filename=slip.pdf"}
            return _send(request, "%PDF-1.4 slip", 200, **disposition)
        if path == "/book":
            order = form["order"][0]
            if order in self.booked:
                return _send(request, "<p>Order was already returned</p>")
            self.booked[order] = form.get("reason", [""])[0]
            thanks = f"<p>Thank you</p><p>Number: <b id=number>RET-{len(self.booked)}</b></p><a href=/slip>Slip</a>"
            return _send(
                request,
                thanks if self.after_booking == "thanks" else "<p>Internal fault 0x1F</p>",
                self.status,
            )
        if path == "/list":
            order = query.get("order", [""])[0]
            number = "RET-1" if order in self.booked else ""
            page = (
                f"<p>Customer <b id=owner>ana_1</b> order {html.escape(order)} <b id=number>{number}</b></p>"
            )
            return _send(request, f'<iframe name=body srcdoc="{html.escape(page)}"></iframe>')
        return _send(request, "<h1>Menu</h1>")


def _send(request: BaseHTTPRequestHandler, page: str, status: int = 200, **headers: str) -> None:
    content = page.encode()
    request.send_response(status)
    request.send_header("Content-Type", "text/html; charset=utf-8")
    request.send_header("Content-Length", str(len(content)))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(content)
