"""What is new in a mail: quotations, forwarded headers and signatures go, answers in between stay."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.understanding.logic.mail_replies import strip_quotes


@pytest.mark.parametrize(
    ("mail", "reply"),
    [
        ("It is broken.\n\nOn Mon, 2 Nov 2026 at 10:00, Shop <help@shop.example> wrote:\n> Hello\n> how are you", "It is broken."),
        ("Je to rozbité.\n\nDne 2. 11. 2026 v 10:00 Obchod napsal(a):\n> Dobrý den", "Je to rozbité."),
        ("Es ist kaputt.\n\nAm 02.11.2026 um 10:00 schrieb Laden <hilfe@laden.example>:\n> Hallo", "Es ist kaputt."),
        ("Está roto.\n\nEl lun, 2 nov 2026 a las 10:00, Tienda (<ayuda@tienda.example>) escribió:\n> Hola", "Está roto."),
        ("Сломано.\n\nпн, 2 нояб. 2026 г. в 10:00, Магазин <help@shop.example>:\n> Здравствуйте", "Сломано."),
        ("坏了。\n\n在 2026年11月2日 10:00，商店 <help@shop.example> 写道：\n> 您好", "坏了。"),
        ("Broken.\n\nFrom: Shop\nSent: Monday\nTo: Anna\nSubject: Order\n\nHello", "Broken."),
        ("Kaputt.\n\nVon: Laden\nGesendet: Montag\nAn: Anna\nBetreff: Bestellung\n\nHallo", "Kaputt."),
        ("Please cancel.\n\n--\nAnna Nova\nFirm Ltd.", "Please cancel."),
        ("Please cancel.\n\nSent from my phone", "Please cancel."),
        ("> Which colour?\n\nBlue.\n\n> Which size?\n\nM.", "Blue.\n\n\nM."),
        ("Nothing is quoted here.\nFrom: now on I wait.", "Nothing is quoted here.\nFrom: now on I wait."),
        ("> only a quotation", "> only a quotation"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_new(mail: str, reply: str) -> None:
    assert strip_quotes(mail) == reply


@settings(max_examples=150)
@given(st.text(alphabet="> \n-_:ab<@>.1Onwrote", max_size=300))
def test_any_mail_keeps_something_of_what_it_says(mail: str) -> None:
    reply = strip_quotes(mail)
    assert len(reply) <= len(mail)
    assert bool(reply) == bool(mail.strip())


@pytest.mark.parametrize(
    "lines",
    [
        ("1" * 290 + "\n") * 206,
        (" " * 20 + "1" * 255 + " wrote: \n") * 206,
        "On 1 wrote:\n> x\n" * 3700 + "\nreal",
    ],
)
def test_long_mails_of_what_looks_like_introductions_are_read_at_once(lines: str) -> None:
    started = time.process_time()
    assert strip_quotes(f"hi\n{lines}").startswith("hi")
    assert time.process_time() - started < 2
