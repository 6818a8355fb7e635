"""A key is never sent where it was not meant to go."""

from __future__ import annotations

import pytest

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorInfo
from rapport.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def _crm(base_url: str, token_url: str = "") -> ConnectorInfo:
    settings = {"login": {"token_url": token_url}} if token_url else {}
    return ConnectorInfo("crm", "openapi", base_url, True, True, settings)


@pytest.mark.parametrize(
    "other",
    [
        _crm("https://crm.example.org/v1"),
        _crm("https://crm.example.com:8443/v1"),
        _crm("http://crm.example.com/v1"),
        _crm("https://crm.example.com/v1", "http://login.example.com/token"),
    ],
)
def test_another_host_or_one_without_encryption_needs_the_key_again(other: ConnectorInfo) -> None:
    connectors.change_connector(_crm("https://crm.example.com/v1"), "open sesame")
    with pytest.raises(InvalidInput):
        connectors.change_connector(other)
    connectors.change_connector(_crm("https://crm.example.com/v2"))
    connectors.change_connector(other, "open barley")
