"""Signatures of platforms."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from rapport.channels.kinds.voice.sealing import is_signed, seal, sign, unseal

URL = "https://help.example/voice/abc/calls?turn=2"
PARAMS = {"CallSid": ["CA1"], "To": ["+1"], "Digits": ["12"], "From": ["+2"]}
TOKEN = "12345"


def test_the_signature_is_over_the_address_and_the_sorted_parameters() -> None:
    """The vector was made with openssl: ``printf %s ADDRESS…To+1 | openssl dgst -sha1 -hmac 12345 -binary | base64``."""
    assert sign(TOKEN, URL, PARAMS) == "jBYFlpBPOSacaP8/S5dL7lpSPI4="


def test_text_beyond_ascii_is_signed_as_utf_8() -> None:
    params = {"SpeechResult": ["kde je můj balík"]}
    text = (URL + "SpeechResultkde je můj balík").encode()
    expected = base64.b64encode(hmac.new(b"12345", text, hashlib.sha1).digest()).decode()
    assert sign(TOKEN, URL, params) == expected


@pytest.mark.parametrize(
    ("token", "url", "params"),
    [
        ("other", URL, PARAMS),
        (TOKEN, URL + "0", PARAMS),
        (TOKEN, URL, {**PARAMS, "Digits": ["13"]}),
        (TOKEN, URL, {**PARAMS, "Extra": [""]}),
    ],
)
def test_what_was_changed_is_not_signed(token: str, url: str, params: dict[str, list[str]]) -> None:
    signature = sign(TOKEN, URL, PARAMS)
    assert is_signed(TOKEN, signature, ["https://other.example", URL], PARAMS)
    assert not is_signed(token, signature, [url], params)


@pytest.mark.parametrize("signature", ["", "x", "Ä", "=" * 28])
def test_nonsense_is_no_signature_and_no_token_signs_nothing(signature: str) -> None:
    assert not is_signed(TOKEN, signature, [URL], PARAMS)
    assert not is_signed("", sign("", URL, PARAMS), [URL], PARAMS)


def test_a_token_is_sealed_and_a_broken_seal_is_no_token() -> None:
    sealed = seal("secret")
    assert (unseal(sealed), unseal(sealed + "x"), unseal("")) == ("secret", "", "")
    assert "secret" not in sealed
