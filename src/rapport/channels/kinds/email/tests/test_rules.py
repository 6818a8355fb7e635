"""Guards, threads, bounces, and what a reply says."""

from __future__ import annotations

import pytest

from rapport.channels.kinds.email.contracts import Address, Mail
from rapport.channels.kinds.email.logic.authentication import authenticated_address
from rapport.channels.kinds.email.logic.guards import why_not_answered
from rapport.channels.kinds.email.logic.reading import read_mail
from rapport.channels.kinds.email.logic.replies import answer_in, text_to_read
from rapport.channels.kinds.email.logic.retrying import TRIES, pause_s
from rapport.channels.kinds.email.logic.threads import (
    extend_references,
    folded,
    named_ids,
    number_in,
    reply_subject,
    rule_key,
    tokens_in,
    without_prefixes,
)
from rapport.channels.logic.plain_text import read_question

OWN = {"care@shop.example"}


def mail(subject="Lamp", **headers):
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return read_mail(f"From: ann@x.example\r\nSubject: {subject}\r\n{head}\r\nwords".encode())


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (mail(), ""),
        (mail(Auto_Submitted="no"), ""),
        (mail(subject="Question about your office holidays"), ""),
        (mail(subject="I will be out of the office, deliver before Monday"), ""),
        (mail(Auto_Submitted="auto-generated; x"), "auto_submitted"),
        (mail(X_Auto_Response_Suppress="All"), "auto_submitted"),
        (mail(X_Auto_Response_Suppress="OOF, AutoReply"), ""),
        (mail(Precedence="Bulk"), "bulk"),
        (mail(Precedence="list"), "bulk"),
        (mail(List_Id="<a.b>"), "mailing_list"),
        (mail(List_Unsubscribe="<mailto:x@y>"), "mailing_list"),
        (mail(subject="Automatická odpověď: Re: Lamp", In_Reply_To="<1@x>"), "out_of_office"),
        (mail(subject="Abwesenheit", Auto_Submitted="auto-replied"), "out_of_office"),
        (mail(Return_Path="<>"), "empty_return_path"),
        (mail(X_Rapport_Loop="mark"), "own_loop"),
        (mail(X_Rapport_Loop="another"), ""),
        (Mail("1", Address("care@shop.example"), Address("care@shop.example")), "own_address"),
        (Mail("1", Address("no-reply@x.example"), Address("no-reply@x.example")), "nobody_reads"),
        (Mail("1", Address("norbert@x.example"), Address("norbert@x.example")), ""),
    ],
)
def test_programs_are_known_by_their_headers(found, reason):
    assert why_not_answered(found, OWN, "mark") == reason


def test_reports_of_failure_without_the_form_for_programs():
    raw = (
        b"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n"
        b"<gone@x.example>: host mx said: 550 5.1.1 no such user\r\n\r\nMessage-ID: <rapport.ab@shop.example>\r\n"
    )
    bounce = read_mail(raw).bounce
    assert bounce is not None
    assert (bounce.recipient, bounce.status, bounce.returned_ids) == (
        "gone@x.example",
        "5.1.1",
        ("rapport.ab@shop.example",),
    )


def test_a_delay_is_no_failure():
    raw = (
        b"From: x@mx.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n"
        b"\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n--b--\r\n"
    )
    bounce = read_mail(raw).bounce
    assert bounce is not None
    assert (bounce.recipient, bounce.status, bounce.is_final) == ("a@b.example", "4.4.1", False)


def test_a_report_that_a_customer_attaches_is_none_of_ours():
    raw = (
        b"From: ann@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee what I got.\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    assert read_mail(raw).bounce is None
    daemon = raw.replace(b"ann@x.example", b"MAILER-DAEMON@x.example")
    assert read_mail(daemon).bounce.status == "5.1.1"


def test_tokens_stand_in_any_recipient():
    token = "0123456789abcdef0123456789abcdef"
    assert tokens_in(mail(To=f"Care <CARE+{token.upper()}@shop.example>")) == (token,)
    assert tokens_in(mail(X_Original_To=f"care+{token}@shop.example", To="care@shop.example")) == (token,)
    assert tokens_in(mail(To="care+orders@shop.example")) == ()


def test_ids_are_tried_from_the_end_of_the_thread():
    assert named_ids(mail(In_Reply_To="<c@x>", References="<a@x> <b@x> <c@x>")) == ("c@x", "b@x", "a@x")


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: Fwd: Lamp", "Lamp"),
        ("RE[2]: Lamp [#12]", "Lamp"),
        ("回复：灯", "灯"),
        ("Odpověď: Re: Lampa", "Lampa"),
        ("Return of a lamp", "Return of a lamp"),
        ("Resale: lamps", "Resale: lamps"),
        ("", ""),
    ],
)
def test_subjects_lose_their_prefixes(subject, bare):
    assert without_prefixes(subject) == bare


def test_an_answers_subject():
    assert reply_subject("AW: Lamp [#7]", 7) == "Re: Lamp [#7]"
    assert (reply_subject("Lamp", None), reply_subject("", 7)) == ("Re: Lamp", "Re: [#7]")
    assert (number_in("Re: Lamp [#7]"), number_in("Order #7")) == (7, None)


def test_configured_rules_see_their_sign_in_a_subject():
    assert (
        rule_key("same_subject", "Re: Lamp in oak")
        == rule_key("same_subject", "lamp in  oak")
        == "lamp in oak"
    )
    assert rule_key("order_number", "Re: order #w1234567 late") == "W1234567"
    assert rule_key(r"/case (\d+)/", "About Case 77") == "77"
    assert (rule_key("order_number", "late"), rule_key("same_subject", "hi"), rule_key("other", "hello")) == (
        "",
        "",
        "",
    )


def test_references_are_kept_whole_and_folded():
    ids = [f"{'x' * 60}{n}@long.example" for n in range(3)]
    assert folded(ids) == "\r\n ".join(f"<{one}>" for one in ids)
    assert folded(["a@x", "b@x"]) == "<a@x> <b@x>"
    assert extend_references(["a", "b"], "c") == ("a", "b", "c")
    long = extend_references([str(n) for n in range(100)], "end")
    assert (len(long), long[0], long[-1]) == (60, "0", "end")


def test_the_subject_counts_where_a_first_mail_says_little():
    assert text_to_read("Kde je objednávka?", "Dobrý den,\nděkuji, Jana", is_first=True).startswith(
        "Kde je objednávka?"
    )
    long = "I ordered a lamp three weeks ago and it has not arrived yet, where is it?"
    assert text_to_read("Help", long, is_first=True) == long
    assert text_to_read("Order #W1234567", long, is_first=True) == f"Order #W1234567\n\n{long}"
    assert text_to_read("Re: Order #W1234567", "yes", is_first=False) == "yes"
    assert text_to_read("Only a subject", "", is_first=False) == "Only a subject"


FORM = read_question(
    "form",
    {
        "items": [
            {"name": "order_number", "label": "Order number", "required": True},
            {"name": "note", "label": "Note", "required": False, "default": "none"},
        ]
    },
)


def test_a_form_filled_in_where_it_is_quoted_is_an_answer():
    full = "> Please fill in:\n> Order number: #W1\n> Note: none"
    assert answer_in(full, full, FORM) == [
        {"name": "order_number", "value": "#W1"},
        {"name": "note", "value": "none"},
    ]
    assert answer_in("see below", f"see below\n{full}", FORM) is not None


def test_a_form_quoted_as_it_was_is_no_answer():
    full = (
        "I do not know the number, where do I find it? It is not on the box.\n> Order number:\n> Note: none"
    )
    assert answer_in(full.split("\n", maxsplit=1)[0], full, FORM) is None


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("mx.shop.example; dkim=pass header.d=x.example; spf=pass", "ann@x.example"),
        ("mx.shop.example 1; spf=pass; dkim=pass (2048-bit key) header.i=@x.example", "ann@x.example"),
        ("mx.shop.example; dkim=pass header.d=elsewhere.example", ""),
        ("mx.shop.example; dkim=fail header.d=x.example", ""),
        ("mx.shop.example; spf=pass smtp.mailfrom=x.example", ""),
        ("mx.elsewhere.example; dkim=pass header.d=x.example", ""),
        ("mx.shop.example; dkim=none (dkim=pass header.d=x.example)", ""),
    ],
)
def test_a_trusted_servers_word_counts_for_the_senders_own_domain(said, address):
    assert authenticated_address(mail(Authentication_Results=said), "mx.shop.example") == address


def test_only_the_topmost_word_counts():
    raw = (
        b"Authentication-Results: mx.shop.example; dkim=none\r\nFrom: ann@x.example\r\n"
        b"Authentication-Results: mx.shop.example; dkim=pass header.d=x.example\r\n\r\nhi"
    )
    assert authenticated_address(read_mail(raw), "mx.shop.example") == ""


def test_pauses_grow_to_about_sixteen_hours():
    pauses = [pause_s(n) for n in range(1, TRIES)]
    assert pauses[:3] == [30.0, 60.0, 120.0]
    assert max(pauses) == 3 * 3600
    assert sum(pauses) == 58_530
