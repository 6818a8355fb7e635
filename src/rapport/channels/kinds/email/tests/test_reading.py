"""Mails of every shape are read, and none breaks the reader."""

from __future__ import annotations

import base64
import textwrap
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.channels.kinds.email.contracts import Unreadable
from rapport.channels.kinds.email.logic.html_text import html_to_text
from rapport.channels.kinds.email.logic.reading import read_headers, read_mail

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40).decode()


def mail(text: str) -> bytes:
    return textwrap.dedent(text).lstrip("\n").replace("\n", "\r\n").encode()


def test_names_subject_and_text_are_decoded():
    read = read_mail(
        b"From: =?iso-8859-2?Q?Jana_Mal=E1?= <Jana@X.example>\r\nTo: a@b.example\r\n"
        b"Subject: =?utf-8?b?S2RlIGplIG1vamUg?=\r\n =?utf-8?b?b2JqZWRuw6F2a2E=?=\r\n"
        b"Content-Type: text/plain; charset=windows-1250\r\n\r\nP\xf8\xedli\x9a \x9elu\x9dou\xe8k\xfd\r\n"
    )
    assert (read.sender.address, read.sender.name) == ("jana@x.example", "Jana Malá")
    assert (read.subject, read.text) == ("Kde je moje objednávka", "Příliš žluťoučký")


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("utf-8", "Grüße", "Grüße"),
        ("nonsense-8", "Grüße", "Grüße"),
        ("us-ascii", "Grüße", "Grüße"),
        ("", "Grüße", "Grüße"),
        ("utf-8", b"Gr\xfc\xdfe", "Grüße"),
        ("gb2312", "您好".encode("gb18030"), "您好"),
        ("iso-8859-1", b"\x93quoted\x94", "“quoted”"),
        ("windows-1251", "где".encode("cp1251"), "где"),
        ("base64_codec", "plain", "plain"),
        ("unicode_escape", rb"\ud800 half", "? half"),
        ("idna", "plain", "plain"),
        ("utf-16", "odd", "odd"),
    ],
)
def test_a_wrong_or_missing_charset_is_guessed(charset, raw, text):
    content = raw if isinstance(raw, bytes) else raw.encode()
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read_mail(head + content).text == text


def test_a_name_that_looks_like_an_address_is_a_name():
    """An encoded name is decoded after the addresses are told apart."""
    read = read_mail(b"From: =?utf-8?q?victim=40shop.example=2C?= <attacker@x.example>\r\n\r\nhi")
    assert (read.sender.address, read.sender.name) == ("attacker@x.example", "victim@shop.example,")


def test_answers_go_to_reply_to():
    read = read_mail(b"From: form@shop.example\r\nReply-To: Ann <ann@x.example>\r\n\r\nhi")
    assert (read.sender.address, read.header_from.address) == ("ann@x.example", "form@shop.example")


def test_the_plain_version_is_preferred_and_html_becomes_text():
    both = mail("""
        From: a@b.example
        Content-Type: multipart/alternative; boundary=x

        --x
        Content-Type: text/plain

        Plain words
        --x
        Content-Type: text/html

        <p>Rich words</p>
        --x--
    """)
    assert read_mail(both).text == "Plain words"
    only = mail("""
        From: a@b.example
        Content-Type: text/html

        <html><head><style>p {}</style></head><body><p>Dear&nbsp;shop,<br>where is <b>it</b>?</p>
        <ul><li>lamp</li><li>chair</li></ul><div style="display:none">spy</div>
        <blockquote><p>On Monday you wrote</p></blockquote></body></html>
    """)
    assert read_mail(only).text == "Dear shop,\nwhere is it?\n\n- lamp\n- chair\n\n> On Monday you wrote"


def test_inline_pictures_and_files_are_told_apart():
    read = read_mail(
        mail(f"""
        From: a@b.example
        Content-Type: multipart/mixed; boundary=x

        --x
        Content-Type: multipart/related; boundary=y

        --y
        Content-Type: text/html

        See <img src="cid:1" alt="logo">
        --y
        Content-Type: image/png
        Content-ID: <1>
        Content-Transfer-Encoding: base64

        {PNG}
        --y--
        --x
        Content-Type: application/pdf; name=""
        Content-Disposition: attachment; filename=""
        Content-Transfer-Encoding: base64

        {base64.b64encode(b"%PDF-1.4").decode()}
        --x
        Content-Type: application/octet-stream
        Content-Disposition: attachment; filename*=utf-8''%C3%BA%C4%8Det.bin
        Content-Transfer-Encoding: base64

        AAAA
        --x--
        """)
    )
    assert read.text == "See [logo]"
    assert [(f.name, f.is_inline) for f in read.files] == [
        ("image", True),
        ("file", False),
        ("účet.bin", False),
    ]


def test_an_invitation_says_what_and_when():
    read = read_mail(
        mail("""
        From: a@b.example
        Content-Type: multipart/alternative; boundary=x

        --x
        Content-Type: text/plain

        Come
        --x
        Content-Type: text/calendar; method=REQUEST

        BEGIN:VCALENDAR
        BEGIN:VEVENT
        SUMMARY:Fitting of
          the kitchen
        DTSTART;TZID=Europe/Prague:20261201T090000
        LOCATION:Brno\\, hall 2
        END:VEVENT
        END:VCALENDAR
        --x--
        """)
    )
    assert (
        read.text
        == "Come\n\nInvitation\nSummary: Fitting of the kitchen\nDtstart: 20261201T090000\nLocation: Brno, hall 2"
    )


def test_signed_encrypted_and_winmail():
    signed = read_mail(
        mail("""
        From: a@b.example
        Content-Type: multipart/signed; boundary=x; protocol="application/pgp-signature"

        --x
        Content-Type: text/plain

        Signed words
        --x
        Content-Type: application/pgp-signature; name=signature.asc

        -----BEGIN PGP SIGNATURE-----
        --x--
        """)
    )
    assert (signed.text, signed.files) == ("Signed words", ())
    sealed = read_mail(
        mail("From: a@b.example\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\nx\n--x--\n")
    )
    assert (sealed.text, sealed.notes) == ("", ("encrypted",))
    winmail = read_mail(mail("From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx"))
    assert (winmail.notes, winmail.files) == (("winmail",), ())


def test_flowed_lines_are_joined():
    read = read_mail(
        b"From: a@b.example\r\nContent-Type: text/plain; format=flowed\r\n\r\nOne long \r\nline\r\n\r\n> quoted \r\n-- \r\nJo\r\n"
    )
    assert read.text == "One long line\n\n> quoted\n-- \nJo"


def test_a_forwarded_mail_is_shown_below():
    read = read_mail(
        mail("""
        From: a@b.example
        Content-Type: multipart/mixed; boundary=x

        --x
        Content-Type: text/plain

        Look
        --x
        Content-Type: message/rfc822

        From: c@d.example
        Subject: Inner

        Inner words
        --x--
        """)
    )
    assert read.text.startswith(
        "Look\n\n---------- Forwarded message ----------\nFrom: c@d.example\nSubject: Inner\n\nInner words"
    )


def test_the_thread_and_every_recipient():
    read = read_mail(
        b"From: a@b.example\r\nTo: One <1@x.example>, 2@x.example\r\nDelivered-To: care+abc@shop.example\r\n"
        b"Message-ID: <m@x>\r\nIn-Reply-To: <p@x>\r\nReferences: <o@x>\r\n <p@x>\r\nDate: Sun, 22 Nov 2026 11:00:00 +0100\r\n\r\n"
    )
    assert (read.message_id, read.in_reply_to, read.references) == ("m@x", ("p@x",), ("o@x", "p@x"))
    assert read.delivered_to == ("care+abc@shop.example", "1@x.example", "2@x.example")
    assert read.sent_at is not None
    assert read.sent_at.isoformat() == "2026-11-22T10:00:00+00:00"


def test_a_mail_without_an_id_gets_one_from_its_content():
    one, two = read_mail(b"From: a@b.example\r\n\r\nx"), read_mail(b"From: a@b.example\r\n\r\ny")
    assert one.message_id != two.message_id
    assert one.message_id == read_mail(b"From: a@b.example\r\n\r\nx").message_id


@pytest.mark.parametrize(("raw", "reason"), [(b"", "empty"), (b" \r\n", "empty"), (b"hello", "no_sender")])
def test_what_is_no_mail_says_so(raw, reason):
    with pytest.raises(Unreadable) as problem:
        read_mail(raw)
    assert problem.value.reason == reason


def test_nests_and_hundreds_of_parts_end():
    deep = b"From: a@b.example\r\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(60)
    )
    assert "too_many_parts" in read_mail(deep).notes
    wide = (
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        + b"--x\r\n\r\nword\r\n" * 2000
    )
    assert "too_many_parts" in read_mail(wide + b"--x--").notes


def test_of_a_mail_too_large_the_headers_are_read():
    read = read_headers(b"From: a@b.example\r\nSubject: Big\r\n\r\n" + b"x" * 10_000_000)
    assert (read.sender.address, read.subject, read.text) == ("a@b.example", "Big", "")


PIECES = st.sampled_from(
    [
        b"From: a@b.example\r\n", b"From: \xff\xfe <\r\n", b"Subject: =?utf-8?b?!!!?=\r\n", b"Content-Type: multipart/mixed\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n", b"\r\n--x\r\n", b"\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n",
        b'Content-Type: text/html; charset="utf-16"\r\n', b"<div><p", b"=?x?q?", b"--x--", b"Content-Type: message/rfc822\r\n",
        b"Content-Disposition: attachment; filename*0*=x''%zz\r\n", b"Date: never\r\n", b"References: <<>>\r\n", b"\x00",
        b"Content-Type: message/delivery-status\r\n", b"To: undisclosed-recipients:;\r\n", b"Content-Type: ;;;===\r\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=30), max_size=25))
def test_no_bytes_break_the_reader(pieces):
    with suppress(Unreadable):
        read_mail(b"".join(pieces))


@given(st.text(alphabet="<>/abp =\"'&;!-\n[]", max_size=200))
def test_no_page_breaks_the_writer(page):
    html_to_text(page)


@pytest.mark.parametrize("name", ["To", "Cc", "Reply-To", "X-Original-To"])
def test_headers_that_nest_endlessly_name_nobody(name):
    read = read_mail(f"From: a@b.example\r\n{name}: {'(' * 3900}\r\n\r\nhi".encode())
    assert (read.sender.address, read.to, read.cc) == ("a@b.example", (), ())


def test_an_address_in_a_header_that_cannot_be_parsed_is_seen():
    assert read_mail(b"From: " + b"(" * 3000 + b" a@b.example\r\n\r\nhi").sender.address == "a@b.example"


@pytest.mark.parametrize("line", ["<br>", "<br>&gt;", "<br>&gt; &nbsp;&gt;", "<p>&nbsp;</p>"])
def test_a_page_of_empty_lines_is_read_at_once(line):
    started = time.process_time()
    assert html_to_text("hi" + line * (300_000 // len(line)) + "x").endswith("x")
    assert html_to_text("hi" + line * (300_000 // len(line))).split("\n")[0] == "hi"
    assert time.process_time() - started < 5


@pytest.mark.parametrize("tag", ["<div", "<!--", "<!--x>", "</a x='", "<a b='", "<?", "<script"])
def test_a_page_of_tags_that_never_end_is_read_at_once(tag):
    started = time.process_time()
    assert html_to_text(f"<p>hello</p>{tag * (200_000 // len(tag))}").startswith("hello")
    assert time.process_time() - started < 5


def test_what_follows_a_tag_without_an_end_is_read():
    assert html_to_text("<p>1 <div 2 and").split() == ["1", "<div", "2", "and"]
