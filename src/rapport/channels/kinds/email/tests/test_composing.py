"""Answers as mails: text and HTML say the same, nothing from outside becomes markup or a header."""

from __future__ import annotations

import datetime as dt
import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.channels.kinds.email.contracts import MailFile
from rapport.channels.kinds.email.logic.composing import Letter, Quotation, compose_mail

AT = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def letter(text="Hello", **changes):
    usual = {
        "sender_name": "Lumen & Oak", "sender": "care@shop.example", "to": "ann@x.example", "subject": "Re: Lamp",
        "message_id": "rapport.ab@shop.example", "at": AT, "mark": "m", "language": "en",
    }  # fmt: skip
    return Letter(text=text, **(usual | changes))


def parts(given_letter):
    mail = email.message_from_bytes(compose_mail(given_letter), policy=email.policy.default)
    plain, page = (mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    return mail, plain, page


def test_paragraphs_lists_and_links():
    _, plain, page = parts(
        letter(
            "Two ways:\n\nChoose:\n1. A lamp (oak)\n2. A **chair**\n\n• see https://shop.example/x?a=1&b=2."
        )
    )
    assert (
        plain
        == "Two ways:\n\nChoose:\n1. A lamp (oak)\n2. A chair\n\n• see https://shop.example/x?a=1&b=2.\n"
    )
    assert "<p>Choose:</p><ol><li>A lamp (oak)</li><li>A <strong>chair</strong></li></ol>" in page
    assert (
        '<ul><li>see <a href="https://shop.example/x?a=1&amp;b=2">https://shop.example/x?a=1&amp;b=2</a>.</li></ul>'
        in page
    )


def test_markup_from_outside_is_text():
    _, plain, page = parts(
        letter("<script>alert(1)</script>", quotation=Quotation("On <b> wrote:", "<img src=x>\nsecond"))
    )
    assert plain == "<script>alert(1)</script>\n\nOn <b> wrote:\n> <img src=x>\n> second\n"
    assert "<script" not in page
    assert "&lt;img src=x&gt;<br>\nsecond</blockquote>" in page


def test_long_ids_stay_as_they_are():
    ids = tuple(f"{n}{'x' * 120}@long.example" for n in range(20))
    raw = compose_mail(letter(in_reply_to=ids[-1], references=ids))
    assert b"=?" not in raw.split(b"\r\n\r\n")[0]
    assert max(len(line) for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n")) < 160
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert str(mail["References"]).split() == [f"<{one}>" for one in ids]


def test_automatic_answers_say_so():
    automatic, _, _ = parts(letter(is_automatic=True))
    personal, _, _ = parts(letter())
    assert (automatic["Auto-Submitted"], personal["Auto-Submitted"]) == ("auto-replied", None)
    assert automatic["X-Rapport-Loop"] == personal["X-Rapport-Loop"] == "m"


@pytest.mark.parametrize("name", ["Účet č. 1.pdf", 'a"b.pdf', "x\r\nBcc: spy@x.example.pdf"])
def test_file_names_survive_and_add_nothing(name):
    mail, _, _ = parts(letter(files=((MailFile(name.replace("\r\n", " "), b"%PDF-"), "application/pdf"),)))
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), mail["Bcc"]) == (name.replace("\r\n", " "), None)


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=40))
def test_any_words_make_one_mail_with_the_same_headers(text, subject, name):
    raw = compose_mail(
        letter(text, subject=subject, sender_name=name, signature=text, quotation=Quotation("x", text))
    )
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert mail.keys().count("To") == mail.keys().count("Subject") == 1
    assert {k.lower() for k in mail} <= {
        "from", "to", "subject", "date", "message-id", "x-rapport-loop", "content-language", "mime-version", "content-type",
    }  # fmt: skip
