"""Mail as a connected system: one action that sends one message made from a template."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as house
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from rapport.connectors.contracts import (
    ActionEffect,
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
    Trial,
    UnknownOutcome,
)
from rapport.connectors.declared import DeclaredAction, InvalidArguments, declared_actions, fill
from rapport.connectors.forms import FormField, KindForm, body_fields, lines_of, read_form, with_actions
from rapport.connectors.kinds.mail.composing import (
    check_entries,
    fill_template,
    is_allowed,
    message_id,
    one_line,
    placeholders,
)
from rapport.kernel.errors import InvalidInput

TIMEOUT_S = 20
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}

FIELDS = (
    FormField("base_url", "Mail server", help="smtp://host:587 (STARTTLS), smtps://host:465, smtp+plain://host:25; "
              "empty for this installation's own."),
    FormField("user", "User's name"),
    FormField("secret", "Password", "secret"),
    FormField("sender", "Sender", help="Shop <service@shop.example>; empty for this installation's own."),
    FormField("recipients", "Allowed recipients", "lines", is_required=True, help="An address or *@domain a line."),
    FormField("to", "Recipient", help="One allowed address; empty: the argument `to` names it."),
    FormField("subject", "Subject", is_required=True, help="Placeholders as {order_id} become arguments."),
    FormField("body", "Text", "lines", is_required=True, help="Plain text with placeholders."),
)  # fmt: skip


def compose(key: str, given: Mapping[str, str]) -> JsonDict:
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    allowed = lines_of(form["recipients"])
    check_entries(allowed)
    if form["to"] and not is_allowed(form["to"], allowed):
        raise InvalidInput(_("This recipient is not on the list."), field="to")
    if form["sender"] and "@" not in parseaddr(form["sender"])[1]:
        raise InvalidInput(_("The sender is an address."), field="sender")
    if form["base_url"]:
        _server(form["base_url"])
    names = placeholders(form["subject"], form["body"])
    if "to" in names and form["to"]:
        raise InvalidInput(_("`to` is the recipient's name; take another."), field="body")
    required = () if form["to"] else ("to",)
    arguments = tuple(dict.fromkeys((*required, *names)))
    send = DeclaredAction(
        f"{key}.send", "Send a message", ActionEffect.WRITE, {}, is_personal=False, is_idempotent=True,
        **body_fields(arguments, frozenset(arguments) - set(required)),
    )  # fmt: skip
    return with_actions(form, key, [send])


FORM = KindForm("mail", "Mail", "One message from a template, to recipients on a list.", FIELDS, compose)


class MailSystem:
    """One template and the server that sends it."""

    def __init__(self, base_url: str, secret: str, settings: JsonDict) -> None:
        self._form: Mapping[str, str] = settings["form"]
        self._actions = declared_actions(settings)
        self._base_url, self._secret = base_url, secret
        self._sender = self._form["sender"] or str(house.DEFAULT_FROM_EMAIL)

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Send the message. Raises ConnectorDown, UnknownOutcome."""
        try:
            message = self._message(action, arguments, principal, key)
        except InvalidArguments as problem:
            return CallOutcome(ok=False, code="invalid_arguments", message=str(problem))
        if not is_allowed(message.to[0], lines_of(self._form["recipients"])):
            return CallOutcome(ok=False, code="recipient_not_allowed")
        connection = self._connect()
        try:
            message.connection = connection
            message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as problem:
            return _refused(problem)
        except (smtplib.SMTPException, OSError) as problem:
            raise UnknownOutcome(type(problem).__name__) from problem
        finally:
            _close(connection)
        return CallOutcome(
            ok=True, data={"message_id": message.extra_headers["Message-ID"], "to": message.to[0]}
        )

    def find_outcome(
        self,
        action: str,  # noqa: ARG002  # as the port has it
        arguments: JsonDict,  # noqa: ARG002
        principal: Principal | None,  # noqa: ARG002
        key: str,  # noqa: ARG002
    ) -> CallOutcome | None:
        """A mail server cannot be asked."""
        raise UnknownOutcome("a mail server does not tell what it took")

    def may_repeat(self, action: str) -> bool:  # noqa: ARG002  # as the port has it
        """A repeated message has the same Message-ID; most mailboxes show it once."""
        return True

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Send the message and tell of it."""
        outcome = self.call(action, arguments, principal, key)
        try:
            message = self._message(action, arguments, principal, key)
        except InvalidArguments:
            return Trial("", "", outcome)
        shown = f"To: {message.to[0]}\nSubject: {message.subject}\n\n{message.body}"
        return Trial(shown, str(outcome.data or outcome.code), outcome)

    def check(self) -> str:
        """Connect and sign in."""
        _close(self._connect())
        return "the mail server takes the sign-in"

    def close(self) -> None:
        """Nothing stays open."""

    def _message(
        self, action: str, arguments: JsonDict, principal: Principal | None, key: str
    ) -> EmailMessage:
        filled = fill(self._actions[action], arguments, principal, key)
        values = {name.partition(":")[2]: value for name, value in filled.items()}
        return EmailMessage(
            one_line(fill_template(self._form["subject"], values)),
            fill_template(self._form["body"], values),
            self._sender,
            [self._form["to"] or str(values["to"])],
            headers={
                "Message-ID": message_id(key, parseaddr(self._sender)[1]),
                "Auto-Submitted": "auto-generated",
            },
        )

    def _connect(self) -> Any:
        try:
            connection = get_connection(**self._options())
            connection.open()
        except (smtplib.SMTPException, OSError) as problem:
            raise ConnectorDown(f"the mail server is not reached: {type(problem).__name__}") from problem
        return connection

    def _options(self) -> dict[str, Any]:
        if not self._base_url:
            return {}
        scheme, host, port = _server(self._base_url)
        return {
            "backend": _SMTP,
            "host": host,
            "port": port,
            "username": self._form["user"],
            "password": self._secret,
            "use_tls": scheme == "smtp",
            "use_ssl": scheme == "smtps",
            "timeout": TIMEOUT_S,
        }


def _server(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a mail server. Raises InvalidInput."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, host, port = urlsplit(""), "", 0
    if parts.scheme not in _PORTS or not host or not port or parts.username or parts.path.strip("/"):
        raise InvalidInput(_("A mail server is smtp://host:port or smtps://host:port."), field="base_url")
    return parts.scheme, host, port


def _refused(problem: Exception) -> CallOutcome:
    """What the server said no to; a temporary no (4xx) is not final. Raises ConnectorDown."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in problem.recipients.values()]
    else:
        codes = [problem.smtp_code] if isinstance(problem, smtplib.SMTPResponseException) else []
    if any(400 <= code < 500 for code in codes):
        raise ConnectorDown(f"the mail server asks to wait ({codes[0]})") from problem
    return CallOutcome(ok=False, code="mail_refused", message=f"SMTP {codes[0] if codes else '?'}")


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return  # what was sent is sent; a farewell that fails changes nothing
