"""What a trusted server says of a mail counts only where it is clear; its sender writes parts of it."""

from __future__ import annotations

import pytest

from rapport.channels.kinds.email.logic.authentication import authenticated_address
from rapport.channels.kinds.email.logic.reading import read_mail

SERVER = "mx.shop.example"


def proven(said, *senders):
    """The address a mail proves that has these senders and this word of the server's."""
    head = "".join(f"From: {s}\r\n" for s in senders or ("Ann <ann@g.example>",))
    return authenticated_address(
        read_mail(f"Authentication-Results: {SERVER}; {said}\r\n{head}\r\nhi".encode()), SERVER
    )


@pytest.mark.parametrize(
    "said",
    [
        "dkim=pass header.d=g.example",
        "spf=fail smtp.mailfrom=x.example; DKIM = pass (2048-bit key; secure) header.d=G.example. header.s=a",
        "dkim=fail header.d=x.example; dkim=pass\r\n header.i=@g.example header.s=a",
        "dkim=pass header.i=ann@g.example header.s=a header.b=abc/def=",
        'dkim=fail reason="bad key" header.d=x.example; dkim=pass reason="fine" header.d=g.example',
    ],
)
def test_a_signature_of_the_senders_domain_counts(said):
    assert proven(said) == "ann@g.example"


@pytest.mark.parametrize(
    "said",
    [
        "dkim=pass header.d=g.example(.evil.example",
        "dkim=pass header.d=g.example_a.evil.example",
        "dkim=pass header.i=@g.example@evil.example",
        "dkim=pass header.i=g.example@evil.example",
        "dkim=pass header.s=header.d=g.example header.d=evil.example",
        'smtp.mailfrom="x;dkim=pass header.d=g.example"@evil.example; dkim=fail',
        'spf=pass smtp.mailfrom="x; dkim=pass header.d=g.example;"@evil.example',
        'spf=pass (of "a) x="); dkim=pass header.d=g.example; x(" (b " c)',
        'spf=pass (of "; dkim=pass header.d=g.example; x="',
        "spf=pass (a (b) ; dkim=pass header.d=g.example; (c)",
        "spf=pass smtp.mailfrom==?utf-8?q?=3Bdkim=3Dpass=20header.d=3Dg.example=3B?=@evil.example",
        r"spf=pass (of \) ; dkim=pass header.d=g.example; \( )",
        "x-dkim=pass header.d=g.example",
        "spf=pass dkim=pass header.d=g.example",
        "dkim=passed header.d=g.example",
    ],
)
def test_what_is_unclear_or_another_domains_does_not(said):
    assert proven(said) == ""


@pytest.mark.parametrize(
    "senders",
    [
        ("ann@g.example", "eve@g.example"),
        ("ann@g.example, eve@g.example",),
        ('"ann@g.example" <eve@x.example>',),
        ("ann@g.example, =?utf-8?q?=20?=@g.example",),
        *[("Ann <ann@g.example>", *["x@y.example"] * n) for n in (1, 40)],
    ],
)
def test_a_mail_of_several_senders_proves_none(senders):
    assert proven("dkim=pass header.d=g.example", *senders) == ""


def test_a_second_sender_below_many_headers_is_seen():
    many = "".join(f"X-{n}: y\r\n" for n in range(600))
    head = f"Authentication-Results: {SERVER}; dkim=pass header.d=g.example\r\nFrom: ann@g.example\r\n{many}"
    assert authenticated_address(read_mail(f"{head}\r\nhi".encode()), SERVER) == "ann@g.example"
    assert authenticated_address(read_mail(f"{head}From: eve@g.example\r\n\r\nhi".encode()), SERVER) == ""
