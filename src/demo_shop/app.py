"""The shop as one ASGI application: API and storefront, mountable under any prefix."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from demo_shop.api import Api, api_routes
from demo_shop.database import Database
from demo_shop.storefront import Storefront, WidgetSnippet, storefront_routes

__all__ = ["WidgetSnippet", "create_app"]


class _BasePath:
    """Tell the routes the prefix when the server in front did not."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self.app = app
        self.base_path = base_path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.base_path and not scope.get("root_path"):
            scope = {**scope, "root_path": self.base_path}
        await self.app(scope, receive, send)


def create_app(
    database: Path,
    *,
    secret: str,
    base_path: str = "",
    widget: WidgetSnippet | None = None,
    allow_backdating: bool = False,
) -> Starlette:
    """Build the shop.

    Args:
        database: SQLite file; created empty when missing (fill it with ``generate`` or ``load_snapshot``).
        secret: bearer token of the API; also signs the storefront's cookies.
        base_path: prefix under which the shop is reached, when the server in front sets no ``root_path``.
        widget: HTML to embed on every page, and the secret that proves a signed-in customer's identity.
        allow_backdating: accept ``X-Occurred-At`` on writes, to seed history.
    """
    if not secret:
        raise ValueError("the shop needs a secret")
    shop = Database(database)
    routes = [
        *api_routes(Api(shop, secret, allow_backdating)),
        *storefront_routes(Storefront(shop, secret, widget)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_BasePath, base_path=base_path)])
