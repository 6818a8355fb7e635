"""Kinds and names of files: what the bytes say, never what the sender says."""

from __future__ import annotations

import pytest

from rapport.conversations.logic.file_kinds import HEAD_BYTES, PLAIN, UNKNOWN, clean_name, sniff

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 20, "image/jpeg"),
        (b"GIF89a" + b"\x00" * 20, "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", UNKNOWN),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00", UNKNOWN),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"The lamp arrived broken.\n", PLAIN),
        ("Лампа пришла разбитой. 灯坏了".encode(), PLAIN),
        (b"<html><script>alert(1)</script></html>", PLAIN),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', PLAIN),
        (b"MZ\x90\x00\x03", UNKNOWN),
        (b"MZ plain at first sight", UNKNOWN),
        (b"PK\x03\x04", UNKNOWN),
        (b"\x7fELF\x02", UNKNOWN),
        (b"", UNKNOWN),
        (b"\xff\xfe\x00d", UNKNOWN),
    ],
)
def test_the_first_bytes_decide(content: bytes, media_type: str) -> None:
    assert sniff(content) == media_type


def test_a_long_text_may_be_cut_within_a_character() -> None:
    for shift in range(4):
        assert sniff(b"a" * shift + "灯".encode() * HEAD_BYTES) == PLAIN
    assert sniff(b"a" * (HEAD_BYTES - 2) + "灯".encode()[:2]) == UNKNOWN


@pytest.mark.parametrize(
    ("given", "media_type", "shown"),
    [
        ("lamp.jpg", "image/jpeg", "lamp.jpg"),
        ("lamp.JPEG", "image/jpeg", "lamp.JPEG"),
        ("page.html", "image/png", "page.html.png"),
        ("setup.exe", "text/plain", "setup.exe.txt"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        (r"C:\Users\mia\lamp.png", "image/png", "lamp.png"),
        ("gpj.exe\u202egnp.lamp", "image/png", "gpj.exegnp.lamp.png"),
        ("a\x00b\r\nc.png", "image/png", "abc.png"),
        ('x"; filename="y.html', "image/png", "x ; filename= y.html.png"),
        ("", "image/png", "file.png"),
        (".png", "image/png", "png.png"),
        ("...", "application/pdf", "file.pdf"),
        ("rozbitá lampa.pdf", "application/pdf", "rozbitá lampa.pdf"),
        ("x" * 500 + ".png", "image/png", "x" * 100 + ".png"),
        ("report.docx", UNKNOWN, "report.docx"),
        ("report", UNKNOWN, "report.bin"),
    ],
)
def test_names_are_harmless_and_end_as_their_content_does(given: str, media_type: str, shown: str) -> None:
    assert clean_name(given, media_type) == shown
