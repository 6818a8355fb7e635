"""Messages as actions: to recipients on the list only, no header from outside, the same id for the same call."""

from __future__ import annotations

import socketserver
import threading

import pytest
from django.core import mail

from rapport.connectors.contracts import ConnectorDown, UnknownOutcome
from rapport.connectors.kinds.mail.composing import fill_template, is_allowed, message_id
from rapport.connectors.kinds.mail.system import MailSystem, compose
from rapport.kernel.errors import InvalidInput

FORM = {
    "sender": "Shop <service@shop.example>",
    "recipients": "care@shop.example\n*@partner.example",
    "subject": "Case {order_id}",
    "body": "Order {order_id}:\n{summary}\n",
}
SEND = "letter.send"


def _system(base_url="", **changes):
    return MailSystem(base_url, "pw", compose("letter", {**FORM, **changes}))


def test_a_message_is_made_from_its_template():
    outcome = _system(to="care@shop.example").call(
        SEND, {"order_id": "#W1", "summary": "{order_id} wet"}, None, "k1"
    )
    sent = mail.outbox[0]
    assert (sent.subject, sent.body) == ("Case #W1", "Order #W1:\n{order_id} wet")
    assert (sent.to, sent.from_email) == (["care@shop.example"], "Shop <service@shop.example>")
    assert (
        sent.message()["Message-ID"] == outcome.data["message_id"] == message_id("k1", "service@shop.example")
    )
    assert sent.message()["Auto-Submitted"] == "auto-generated"


def test_the_same_call_has_the_same_id_and_another_call_another():
    assert (
        message_id("k1", "a@b.example") == message_id("k1", "a@b.example") != message_id("k2", "a@b.example")
    )
    assert message_id("a b\r\nX: y", "a@b.example").isprintable()


def test_a_value_cannot_add_a_header():
    _system(to="care@shop.example").call(SEND, {"order_id": "1\r\nBcc: eve@evil.example"}, None, "k")
    message = mail.outbox[0].message()
    assert message["Subject"] == "Case 1 Bcc: eve@evil.example"
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "to",
    [
        "eve@evil.example", "care@shop.example,eve@evil.example", "care@shop.example\nBcc: eve@evil.example",
        "Care <care@shop.example>", "x@sub.partner.example", "@partner.example", "", "care@shop.example ",
    ],
)  # fmt: skip
def test_nobody_else_gets_the_message(to):
    outcome = _system().call(SEND, {"to": to, "order_id": "1"}, None, "k")
    assert not outcome.ok
    assert outcome.code in {"recipient_not_allowed", "invalid_arguments"}
    assert mail.outbox == []


def test_recipients_of_a_domain_are_allowed_whatever_the_case():
    assert is_allowed("Ann@Partner.example", ["*@partner.example"])
    assert _system().call(SEND, {"to": "ann@partner.example"}, None, "k").ok


def test_a_missing_value_is_a_dash_and_a_number_has_no_zeros():
    assert fill_template("{a}/{b}/{c}", {"b": 3.0, "c": [1]}) == "—/3/[1]"


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": "everybody"}, {"recipients": "*@*"}, {"recipients": ""}, {"to": "eve@evil.example"},
        {"sender": "nobody"}, {"base_url": "https://mail.example"}, {"base_url": "smtp://u:p@mail.example"},
        {"subject": "a\nb"}, {"body": ""},
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_when_entered(changes):
    with pytest.raises(InvalidInput):
        compose("letter", {**FORM, **changes})


class Server(socketserver.ThreadingTCPServer):
    """A mail server whose answers a test decides."""

    daemon_threads = True

    def __init__(self, answers):
        self.answers, self.lines = answers, []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 hello\r\n")
        for line in self.rfile:
            verb = line.split(b":")[0].split()[0].decode().upper()
            self.server.lines.append(line.strip().decode())
            answer = self.server.answers.get(verb, "250 yes")
            if verb == "DATA" and answer == "250 yes":
                self.wfile.write(b"354 go on\r\n")
                while (part := self.rfile.readline()) not in {b".\r\n", b""}:
                    self.server.lines.append(part.strip().decode())
                answer = self.server.answers.get("END", "250 kept")
            if not answer:
                return
            self.wfile.write(answer.encode() + b"\r\n")
            if verb == "QUIT":
                return


@pytest.fixture
def sending():
    servers = []

    def send(**answers):
        server = Server(answers)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        system = _system(f"smtp+plain://127.0.0.1:{server.server_address[1]}", to="care@shop.example")
        return system, server

    yield send
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_message_goes_over_a_server_of_its_own(sending):
    system, server = sending()
    assert system.check()
    assert system.call(SEND, {"order_id": "1"}, None, "k").ok
    assert "rcpt TO:<care@shop.example>" in server.lines
    assert f"Message-ID: {message_id('k', 'service@shop.example')}" in server.lines


def test_a_refusal_is_final_a_temporary_one_is_not_and_silence_is_doubt(sending):
    system, _ = sending(RCPT="550 no such box")
    assert system.call(SEND, {"order_id": "1"}, None, "k").code == "mail_refused"
    system, _ = sending(RCPT="451 later")
    with pytest.raises(ConnectorDown):
        system.call(SEND, {"order_id": "1"}, None, "k")
    system, _ = sending(END="")
    with pytest.raises(UnknownOutcome):
        system.call(SEND, {"order_id": "1"}, None, "k")
    with pytest.raises(UnknownOutcome):
        system.find_outcome(SEND, {}, None, "k")
    with pytest.raises(ConnectorDown):
        _system("smtp+plain://127.0.0.1:9", to="care@shop.example").call(SEND, {"order_id": "1"}, None, "k")
