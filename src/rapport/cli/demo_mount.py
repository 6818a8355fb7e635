"""Puts the demonstration shop under ``/shop`` of the same port; a real shop lives elsewhere and is connected."""

from __future__ import annotations

from starlette.types import ASGIApp

from demo_shop.app import WidgetSnippet, create_app
from rapport import bootstrap
from rapport.cli.demo_facts import read_facts
from rapport.cli.shop import shop_database
from rapport.web.config import load_config
from rapport.widget.snippet import make_snippet


def mount_shop() -> ASGIApp:
    """The shop as an ASGI application, its pages carrying the widget."""
    config = load_config()
    facts = read_facts(config)
    snippet = WidgetSnippet(
        make_snippet(config.base_url, facts["website_token"], language="{{language}}"),
        facts["website_hmac_token"],
    )
    return create_app(
        shop_database(config.data_dir), secret=bootstrap.derive_secret(config, "demo-shop"), widget=snippet
    )
