"""Long and hostile texts take time in proportion to their length."""

from __future__ import annotations

import base64
import time

import pytest

from rapport.governance.personal_data.finding import find_personal_data
from rapport.governance.personal_data.redacting import redact

SIZE = 100_000
HOSTILE = {
    "digits": "1" * SIZE,
    "spaced digits": "1 2-3." * (SIZE // 6),
    "at signs": "a@" * (SIZE // 2),
    "dots": "a." * (SIZE // 2),
    "colons": "a:1:" * (SIZE // 4),
    "capitals": "Ab " * (SIZE // 3),
    "words": "password is " * (SIZE // 12),
    "nul": "\x00" * SIZE,
    "emoji": "👍🏽" * (SIZE // 2),
    "base64": base64.b64encode(bytes(range(256)) * 300).decode(),
    "scripts": "aя中ع1" * (SIZE // 5),
    "Han": "王" * SIZE,
    "brackets": "((+(" * (SIZE // 4),
    "lines": "\n" * SIZE,
    "hyphens": "a-" * (SIZE // 2),
    "urls": "http://" * (SIZE // 7),
    "roads": "在路1号" * (SIZE // 4),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_linear_time(name):
    """Twice the text takes at most about twice the time; 100 KB stay under some seconds on a busy machine."""
    began = time.thread_time()
    find_personal_data(HOSTILE[name])
    assert time.thread_time() - began < 6.0


def test_a_lone_surrogate_and_nul_do_not_hurt():
    assert redact("a\ud800b\x00 jane@example.com") == "a\ud800b\x00 [email]"


def test_the_rest_of_an_endless_text_is_cut():
    assert len(redact("word " * 60_000)) == 200_000
