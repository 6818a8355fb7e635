"""A customer who writes e-mails, with a mail program that answers and quotes as such programs do."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from tests.acceptance.support.system import System

from rapport.assistant import api as assistant
from rapport.channels.kinds.email import api as mailing
from rapport.channels.kinds.email.models import OutgoingMail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, InboxInfo
from rapport.conversations.jobs import KINDS as CONVERSATION_KINDS
from rapport.desk import jobs as desk
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.knowledge import api as knowledge

ADDRESS = "care@lumen-oak.example"


class PostOffice:
    """The e-mail inbox of the system under test; what it sends lies in a folder."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.inbox: InboxInfo = mailing.create_email_inbox("Mail", ADDRESS, settings={"brand": "Lumen & Oak"})
        kinds = (
            *assistant.job_kinds(system.runner),
            *CONVERSATION_KINDS,
            *desk.KINDS,
            *knowledge.job_kinds(None),
            *mailing.job_kinds(mailing.Courier(mailing.at_once)),
        )
        self.registry = jobs.Registry(kinds)
        self._known = set(mailing.outbox_folder().glob("*.eml"))

    def deliver(self, mail: EmailMessage | bytes) -> mailing.Receipt:
        """A mail arrives, and everything that follows is done."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        receipt = mailing.receive_mail(self.inbox, raw, "pipe")
        self.settle()
        return receipt

    def settle(self, seconds: float = 5) -> None:
        """Run what is due, and send what was said."""
        until = now() + dt.timedelta(seconds=seconds)
        jobs.run_due(self.registry, until, subscriptions=desk.SUBSCRIPTIONS, taps=(mailing.TAP,))

    def collect(self) -> list[EmailMessage]:
        """Mails sent since the last look, in order."""
        fresh = sorted(set(mailing.outbox_folder().glob("*.eml")) - self._known, key=_row_of)
        self._known.update(fresh)
        return [_read(path) for path in fresh]


def _row_of(path: Path) -> int:
    return int(path.stem.split("-")[2])


def _read(path: Path) -> EmailMessage:
    found = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(mail: EmailMessage) -> str:
    """The plain version."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def new_text_of(mail: EmailMessage) -> str:
    """The plain version without the quoted history."""
    return text_of(mail).split("\n> ")[0].rsplit("\n", 1)[0].strip()


class Writer:
    """Somebody at a mailbox."""

    def __init__(self, office: PostOffice, address: str, name: str = "") -> None:
        self.office, self.address, self.name = office, address, name
        self.got: list[EmailMessage] = []
        self.count = 0

    def write(self, subject: str, text: str) -> mailing.Receipt:
        """A new mail."""
        mail = self._new(subject)
        mail.set_content(text)
        return self._send(mail)

    def reply(
        self, text: str, *, to: EmailMessage | None = None, with_quote: bool = True, photo: bytes = b""
    ) -> mailing.Receipt:
        """Answer the latest mail, or another one; with a photo."""
        answered = to or self.last
        mail = self._new(str(answered["Subject"]))
        mail["In-Reply-To"] = str(answered["Message-ID"])
        mail["References"] = f"{answered['References'] or ''} {answered['Message-ID']}".strip()
        quoted = "\n".join(f"> {line}" for line in text_of(answered).splitlines())
        mail.set_content(
            f"{text}\n\nOn Sunday 22 November 2026 Care wrote:\n{quoted}\n" if with_quote else text
        )
        if photo:
            mail.add_attachment(photo, maintype="image", subtype="png", filename="photo.png")
        return self._send(mail)

    def _new(self, subject: str) -> EmailMessage:
        self.count += 1
        mail = EmailMessage()
        mail["From"] = f"{self.name} <{self.address}>" if self.name else self.address
        mail["To"] = ADDRESS
        mail["Subject"] = subject
        mail["Message-ID"] = f"<{self.count}.{self.address}>"
        return mail

    def _send(self, mail: EmailMessage) -> mailing.Receipt:
        receipt = self.office.deliver(mail)
        self.got += [m for m in self.office.collect() if self.address in str(m["To"])]
        return receipt

    @property
    def last(self) -> EmailMessage:
        """The latest mail in the mailbox."""
        return self.got[-1]

    @property
    def said(self) -> str:
        """What the latest mail newly says."""
        return new_text_of(self.last)

    def conversation(self, receipt: mailing.Receipt) -> ConversationInfo:
        """Where a mail went."""
        assert receipt.conversation_number is not None
        found = conversations.find_conversation_by_number(receipt.conversation_number)
        assert found is not None
        return found


def states() -> list[str]:
    """Of all mails that go out, in order."""
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))
