"""Small mail servers for tests: SMTP on a socket of this machine, IMAP in memory."""

from __future__ import annotations

import imaplib
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        post: SmtpServer = self.server  # type: ignore[assignment]
        self._say("220 test")
        sender, recipients = "", []
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words.upper().split(" ")[0].split(":")[0]
            if verb in {"EHLO", "HELO"}:
                self._say("250 test")
            elif verb == "MAIL":
                sender, recipients = re.findall(r"<(.*?)>", words)[0], []
                self._say(post.says.get("MAIL", "250 ok"))
            elif verb == "RCPT":
                address = re.findall(r"<(.*?)>", words)[0]
                answer = post.says.get(address, "250 ok")
                recipients += [address] if answer.startswith("250") else []
                self._say(answer)
            elif verb == "DATA":
                self._say("354 go on")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line[1:] if line.startswith(b"..") else line)
                answer = post.says.get("DATA", "250 taken")
                if answer.startswith("250"):
                    post.mails.append((sender, recipients, b"".join(lines)))
                self._say(answer)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    """Takes mails; says otherwise what it is told to say."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.says: dict[str, str] = {}

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def run_smtp() -> Iterator[SmtpServer]:
    """A server for one test."""
    with SmtpServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


class Imap:
    """What `imaplib.IMAP4` does for us, on mails in memory."""

    def __init__(self, folder: ImapFolder) -> None:
        self.folder = folder
        self.capabilities: tuple[str, ...] = folder.capabilities

    def login(self, user: str, password: str) -> None:
        if password != self.folder.password:
            raise imaplib.IMAP4.error("[AUTHENTICATIONFAILED] wrong")

    def select(self, name: str) -> tuple[str, list[bytes]]:
        return ("OK", [str(len(self.folder.mails)).encode()]) if name == '"INBOX"' else ("NO", [b"none"])

    def response(self, name: str) -> tuple[str, list[bytes]]:
        return name, [str(self.folder.validity).encode()]

    def uid(self, verb: str, *given: str) -> tuple[str, list[object]]:
        self.folder.commands.append((verb, *given))
        mails = self.folder.mails
        if verb == "SEARCH":
            first = int(given[1].split(":")[0]) if given[0] == "UID" else 0
            found = [u for u in mails if u >= first] or ([max(mails)] if mails and first else [])
            return "OK", [" ".join(map(str, found)).encode()]
        if verb == "FETCH":
            raw = mails[int(given[0])]
            if "SIZE" in given[1]:
                return "OK", [b"1 (UID %s RFC822.SIZE %d)" % (given[0].encode(), len(raw))]
            part = raw.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in given[1] else raw
            return "OK", [(b"1 (UID %s BODY[] {%d}" % (given[0].encode(), len(part)), part), b")"]
        if verb in {"MOVE", "EXPUNGE"}:
            mails.pop(int(given[0]), None)
        return "OK", [None]

    def expunge(self) -> None:
        self.folder.commands.append(("EXPUNGE-ALL",))

    def logout(self) -> None:
        self.folder.commands.append(("LOGOUT",))


class ImapFolder:
    """A folder with mails by UID."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.validity = 7
        self.password = "right"
        self.capabilities: tuple[str, ...] = ("IMAP4REV1", "MOVE", "UIDPLUS")
        self.commands: list[tuple[str, ...]] = []
