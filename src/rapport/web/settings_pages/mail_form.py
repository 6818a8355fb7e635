"""The form of an inbox's mail side: what may be entered, and what is stored of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.channels.kinds.email import api as email
from rapport.channels.kinds.email.api import Mailbox, Server

_ADDRESS = re.compile(r"[a-z0-9._%'-]{1,64}@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}", re.ASCII)
SECURITIES = ("tls", "starttls", "plain")
MAX_ANSWERS = 1000
MAX_RULES = 20


@dataclass(frozen=True, slots=True)
class MailForm:
    """An inbox's mail side as it was entered."""

    mailbox: Mailbox
    methods: tuple[str, ...]
    """Ways to prove an identity."""
    rules_text: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    """What is wrong, by field."""

    @property
    def on_record(self) -> dict[str, Any]:
        """What the audit log may know: no passwords."""
        box = self.mailbox
        servers = {
            f"{name}_{what}": getattr(server, what)
            for name, server in (("smtp", box.smtp), ("imap", box.imap))
            for what in ("host", "port", "security", "user")
        }
        plain = {
            name: getattr(box, name)
            for name in (
                "address", "sender_name", "signature", "has_plus_addresses", "has_number_in_subject",
                "trusted_server", "answers_per_hour", "imap_folder", "imap_done_folder",
            )
        }  # fmt: skip
        return {**plain, **servers, "rules": list(box.rules), "identity_methods": list(self.methods)}


def mail_form_of(inbox_id: int, settings: dict[str, Any]) -> MailForm:
    """The form filled with what is stored."""
    mailbox = email.mailbox_of(inbox_id) or Mailbox(inbox_id, "")
    return MailForm(mailbox, _methods(settings.get("identity_methods")), "\n".join(mailbox.rules))


def _methods(listed: Any) -> tuple[str, ...]:
    return tuple(m for m in email.IDENTITY_METHODS if not listed or m in listed)


def read_mail_form(post: QueryDict, before: MailForm) -> MailForm:
    """What was entered; an empty password means the stored one."""
    problems: dict[str, str] = {}
    address = post.get("address", "").strip().lower()
    if not _ADDRESS.fullmatch(address):
        problems["address"] = _("An address such as care@shop.example, without a plus sign.")
    elif not email.is_address_free(address, before.mailbox.inbox_id):
        problems["address"] = _("Another inbox has this address.")
    rules_text = post.get("rules", "").strip()
    rules = tuple(line.strip() for line in rules_text.splitlines() if line.strip())
    wrong = [rule for rule in rules if not _is_rule(rule)]
    if wrong or len(rules) > MAX_RULES:
        problems["rules"] = _("same_subject, order_number or /a regular expression/: %(wrong)s") % {
            "wrong": wrong[0][:80] if wrong else "…"
        }
    methods = tuple(m for m in email.IDENTITY_METHODS if m in post.getlist("identity_methods"))
    if not methods:
        problems["identity_methods"] = _("Choose at least one.")
    mailbox = Mailbox(
        before.mailbox.inbox_id,
        address,
        sender_name=" ".join(post.get("sender_name", "").split())[:80],
        signature=post.get("signature", "").replace("\r\n", "\n").strip()[:2000],
        has_plus_addresses=post.get("has_plus_addresses") == "1",
        has_number_in_subject=post.get("has_number_in_subject") == "1",
        trusted_server=post.get("trusted_server", "").strip()[:200],
        answers_per_hour=_number(post, "answers_per_hour", 1, MAX_ANSWERS, problems) or 12,
        rules=rules,
        smtp=_read_server(post, "smtp", before.mailbox.smtp, problems),
        imap=_read_server(post, "imap", before.mailbox.imap, problems),
        imap_folder=post.get("imap_folder", "").strip()[:200] or "INBOX",
        imap_done_folder=post.get("imap_done_folder", "").strip()[:200],
        secret=before.mailbox.secret,
    )
    return MailForm(mailbox, methods or before.methods, rules_text, problems)


def _is_rule(rule: str) -> bool:
    if not (len(rule) > 2 and rule.startswith("/") and rule.endswith("/")):
        return rule in {"same_subject", "order_number"}
    try:
        re.compile(rule[1:-1])
    except re.error:
        return False
    return len(rule) <= 200


def _read_server(post: QueryDict, name: str, before: Server, problems: dict[str, str]) -> Server:
    host = post.get(f"{name}_host", "").strip()
    if not host:
        return Server(security="tls" if name == "imap" else "starttls")
    if not _HOST.fullmatch(host):
        problems[f"{name}_host"] = _("A server's name such as mail.shop.example.")
    security = post.get(f"{name}_security", "")
    kept = before.password if host == before.host else ""  # a stored password goes to no other server
    port = _number(post, f"{name}_port", 1, 65535, problems)
    return Server(
        host,
        port or 0,
        security if security in SECURITIES else "tls",
        post.get(f"{name}_user", "").strip()[:200],
        post.get(f"{name}_password", "")[:400] or kept,
    )


def _number(post: QueryDict, name: str, least: int, most: int, problems: dict[str, str]) -> int | None:
    text = post.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        problems[name] = _("A whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
        return None
    return int(text)
