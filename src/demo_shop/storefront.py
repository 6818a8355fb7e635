"""Stub."""

from dataclasses import dataclass
from demo_shop.database import Database


@dataclass(frozen=True, slots=True)
class WidgetSnippet:
    html: str
    identity_secret: str | None


@dataclass(frozen=True, slots=True)
class Storefront:
    database: Database
    secret: str
    widget: WidgetSnippet | None


def storefront_routes(shop: Storefront) -> list:
    return []
