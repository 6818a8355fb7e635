"""One address says everything about outgoing mail."""

import pytest

from rapport.web.config import BadSetting, smtp_settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://ann:p%40ss@mail.example:2525", ("mail.example", 2525, "ann", "p@ss", True, False)),
        ("smtps://mail.example", ("mail.example", 465, "", "", False, True)),
        ("smtp://localhost:25?tls=no", ("localhost", 25, "", "", False, False)),
        ("", ("localhost", 25, "", "", False, False)),
    ],
)
def test_an_address_becomes_host_port_user_password_and_security(url, expected):
    assert smtp_settings(url) == expected


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example"])
def test_a_wrong_address_stops_the_start(url):
    with pytest.raises(BadSetting):
        smtp_settings(url)
