"""The way out: a mail server of the inbox, else the installation's, else files in the data directory."""

from __future__ import annotations

import contextlib
import secrets
import smtplib
import ssl
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from rapport.channels.kinds.email.contracts import Server
from rapport.kernel.clock import now

TIMEOUT_S = 20


class NotSent(Exception):
    """A mail server did not take a mail."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason, self.is_final = reason[:280], is_final


def outbox_folder() -> Path:
    """Where mails are written when there is no mail server."""
    return Path(settings.CONFIG.data_dir) / "mail" / "outbox"


def server_for(own: Server) -> Server:
    """The server that is used: the inbox's own, else the installation's; without a host: files."""
    if own.host or not settings.CONFIG.smtp_url:
        return own
    security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "plain"
    return Server(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        security,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
    )


def send(own: Server, sender: str, recipients: Sequence[str], raw: bytes, name: str) -> dict[str, str]:
    """Hand a mail over; returns whom of several the server refused, and why in its words. Raises NotSent.

    Args:
        own: the inbox's server; without a host the installation's.
        sender: envelope's sender; reports of failure go there.
        recipients: envelope's recipients.
        raw: the mail.
        name: of the file, where there is no server.
    """
    server = server_for(own)
    if not server.host:
        _write(raw, name)
        return {}
    try:
        with contextlib.closing(_Session(server)) as session:
            refused = session.send(sender, recipients, raw)
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        said = "; ".join(_said(code, text) for code, text in problem.recipients.values())
        raise NotSent(said, is_final=all(code >= 500 for code in codes)) from problem
    except smtplib.SMTPAuthenticationError as problem:
        raise NotSent(
            f"sign-in refused: {_said(problem.smtp_code, problem.smtp_error)}", is_final=False
        ) from problem
    except smtplib.SMTPResponseException as problem:
        said = _said(problem.smtp_code, problem.smtp_error)
        raise NotSent(said, is_final=500 <= problem.smtp_code < 600) from problem
    except (smtplib.SMTPException, OSError, UnicodeError) as problem:
        raise NotSent(
            f"{type(problem).__name__}: {problem}", is_final=isinstance(problem, UnicodeError)
        ) from problem
    return {address: _said(code, text) for address, (code, text) in refused.items()}


def check(server: Server) -> None:
    """Connect and sign in. Raises NotSent."""
    try:
        _Session(server).close()
    except (smtplib.SMTPException, OSError, UnicodeError) as problem:
        raise NotSent(f"{type(problem).__name__}: {problem}", is_final=False) from problem


class _Session:
    """A signed-in connection."""

    def __init__(self, server: Server) -> None:
        context = ssl.create_default_context()
        if server.security == "tls":
            self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port or 465, timeout=TIMEOUT_S, context=context
            )
        else:
            self._smtp = smtplib.SMTP(server.host, server.port or 587, timeout=TIMEOUT_S)
        try:
            if server.security == "starttls":
                self._smtp.starttls(context=context)
            if server.user:
                self._smtp.login(server.user, server.password)
        except (smtplib.SMTPException, OSError, UnicodeError):  # such as a password beyond ASCII
            self._smtp.close()
            raise

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> dict[str, tuple[int, bytes]]:
        return self._smtp.sendmail(sender, list(recipients), raw)

    def close(self) -> None:
        with contextlib.suppress(smtplib.SMTPException, OSError):  # what was sent is sent
            self._smtp.quit()
        self._smtp.close()


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"


def _write(raw: bytes, name: str) -> None:
    """One file, whole or not at all."""
    folder = outbox_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%d-%H%M%S}-{name}-{secrets.token_hex(3)}.eml"
    partial = path.with_suffix(".part")
    partial.write_bytes(raw)
    partial.replace(path)
