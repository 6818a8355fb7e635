"""Small mail servers for tests, SMTP and IMAP, on sockets of this machine."""

from __future__ import annotations

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


class ImapFolder:
    """A folder with mails by UID."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.validity = 7
        self.password = "right"
        self.can = "MOVE UIDPLUS"
        self.refused = ""
        """Which command is answered with NO, by a word in it."""
        self.before: list[int] = []
        """What is found by a search with a day."""
        self.commands: list[str] = []
        """As they came, without their tags."""


class _ImapTalk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        folder: ImapFolder = self.server.folder  # type: ignore[attr-defined]
        self._say("* OK [CAPABILITY IMAP4rev1] ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            verb = command.split(" ")[0].upper()
            folder.commands.append(command)
            if folder.refused and folder.refused in command:
                self._say(f"{tag} NO not now")
                continue
            answer = getattr(self, f"_{verb.lower()}")(folder, command) or "OK done"
            self._say(f"{tag} {answer}")
            if verb == "LOGOUT":
                return

    def _capability(self, folder: ImapFolder, command: str) -> None:
        is_in = any(c.startswith("LOGIN") for c in folder.commands)
        self._say(f"* CAPABILITY IMAP4rev1 {folder.can if is_in else ''}".strip())

    def _login(self, folder: ImapFolder, command: str) -> str:
        return "OK in" if command.endswith(f'"{folder.password}"') else "NO [AUTHENTICATIONFAILED] wrong"

    def _select(self, folder: ImapFolder, command: str) -> str:
        if command != 'SELECT "INBOX"':
            return "NO there is none"
        self._say(f"* {len(folder.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {folder.validity}] valid")
        return "OK [READ-WRITE] open"

    def _uid(self, folder: ImapFolder, command: str) -> None:
        _, verb, *given = command.split(" ")
        mails = folder.mails
        if verb == "SEARCH":
            first = int(given[1].split(":")[0]) if given[0] == "UID" else 0
            found = (
                folder.before
                if given[0] == "BEFORE"
                else [u for u in mails if u >= first] or ([max(mails)] if mails and first else [])
            )
            self._say("* SEARCH " + " ".join(map(str, found)))
        elif verb == "FETCH":
            raw = mails[int(given[0])]
            if "SIZE" in given[1]:
                self._say(f"* 1 FETCH (UID {given[0]} RFC822.SIZE {len(raw)})")
                return
            part = raw.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in given[1] else raw
            self._say(f"* 1 FETCH (UID {given[0]} BODY[] {{{len(part)}}}")
            self.wfile.write(part)
            self._say(")")
        elif verb in {"MOVE", "EXPUNGE"}:
            mails.pop(int(given[0]), None)

    def _logout(self, folder: ImapFolder, command: str) -> None:
        self._say("* BYE")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def run_imap() -> Iterator[tuple[ImapFolder, int]]:
    """A folder and the port on which it is served, for one test."""
    folder = ImapFolder()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _ImapTalk) as server:
        server.daemon_threads = True
        server.folder = folder  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield folder, int(server.server_address[1])
        server.shutdown()
