"""A receiver on loopback that answers as it is told and remembers what it was sent."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Post:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """What came, and what is answered."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Answers still to be given; 200 after the last."""
    headers: dict[str, str] = field(default_factory=dict)
    slow_s: float = 0.0

    def events(self) -> list[str]:
        return [post.data["event"] for post in self.posts]


@contextmanager
def run_receiver() -> Iterator[Receiver]:
    """A well-behaved server, as long as it is told to be."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.posts.append(Post(self.path, dict(self.headers), body))
            time.sleep(receiver.slow_s)
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            with suppress(BrokenPipeError):
                self.end_headers()
                self.wfile.write(b"thanks")

        def log_request(self, *args: Any) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def run_garbage(answer: bytes, *, pause_s: float = 0.0) -> Iterator[str]:
    """A server that answers with these bytes, one by one if there is a pause between them; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            with suppress(OSError):
                peer, _ = listener.accept()
                with peer:
                    asked = b""
                    while not asked.endswith(b"}") and (more := peer.recv(65536)):
                        asked += more
                    for piece in [answer] if not pause_s else (bytes([byte]) for byte in answer):
                        peer.sendall(piece)
                        if is_over.wait(pause_s):
                            break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        is_over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
