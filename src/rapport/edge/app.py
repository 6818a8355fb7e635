"""The application the server runs: streams, health, mounted applications, and Django for everything else."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping

from rapport.edge.asgi import ASGIApp, Receive, Scope, Send, answer_json
from rapport.edge.bridge import Bridge, WSGIApp
from rapport.edge.contracts import Authorize, Ingest, RequestRules
from rapport.edge.environ import LOOPBACK
from rapport.edge.hub import Hub
from rapport.edge.ingest import ShortWay
from rapport.edge.lifespan import Lifespan
from rapport.edge.streams import Streams, find_route
from rapport.jobs.api import FeedSource

logger = logging.getLogger(__name__)


def create_application(
    *,
    wsgi: WSGIApp,
    authorize: Authorize,
    mounts: Mapping[str, ASGIApp],
    feed: FeedSource,
    threads: int = 4,
    trusted_proxies: Collection[str] = LOOPBACK,
) -> EdgeApplication:
    """Put the front together.

    Args:
        wsgi: Django.
        authorize: decides what a stream may hear.
        mounts: other ASGI applications by path prefix, such as ``/shop``.
        feed: the change feed, `rapport.jobs.api.open_feed_source`.
        threads: Django requests served at once.
        trusted_proxies: peers whose forwarding headers are believed.
    """
    hub = Hub(feed)
    bridge = Bridge(wsgi, threads=threads, trusted_proxies=trusted_proxies)
    return EdgeApplication(hub, Streams(hub, authorize), bridge, mounts)


class EdgeApplication:
    """An ASGI application; `drain` ends what would keep a server from stopping."""

    def __init__(self, hub: Hub, streams: Streams, bridge: Bridge, mounts: Mapping[str, ASGIApp]) -> None:
        for prefix in mounts:
            assert prefix == f"/{prefix.strip('/')}", f"mount at /name, not {prefix!r}"
        self._hub, self._streams, self._bridge = hub, streams, bridge
        self._short: ShortWay | None = None
        self._mounts = tuple(sorted(mounts.items(), key=lambda item: -len(item[0])))
        self._lifespans = [Lifespan(app) for _, app in self._mounts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of any type."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        path = scope["path"]
        for prefix, app in self._mounts:
            if path == prefix or path.startswith(f"{prefix}/"):
                await app({**scope, "root_path": scope.get("root_path", "") + prefix}, receive, send)
                return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif path == "/healthz":
            await self._health(send)
        elif scope["method"] == "GET" and (route := find_route(path)) is not None:
            await self._streams.serve(route, scope, receive, send)
        elif self._short is not None and self._short.takes(scope):
            await self._short(scope, receive, send)
        else:
            await self._bridge(scope, receive, send)

    def use_ingest(self, ingest: Ingest) -> None:
        """Let the busiest posts be answered without Django; call before the start."""
        self._short = ShortWay(ingest, self._bridge, trusted_proxies=self._bridge.trusted_proxies)

    def use_rules(self, rules: RequestRules) -> None:
        """Say how long bodies may be, and how an address refuses; call before the start."""
        self._bridge.rules = rules

    def drain(self) -> None:
        """End all streams, so that the server can stop gracefully; call in the event loop."""
        self._hub.end_streams()

    async def start(self) -> None:
        """Begin to follow the feed and start the mounted applications."""
        await self._hub.start()
        for lifespan in self._lifespans:
            await lifespan.start()

    async def stop(self) -> None:
        """Stop everything that was started; requests being served are finished."""
        await self._hub.close()
        self._streams.close()
        if self._short is not None:
            await self._short.close()
        await self._bridge.close()
        for lifespan in self._lifespans:
            await lifespan.stop()

    async def _health(self, send: Send) -> None:
        is_well = self._hub.is_following
        state = {
            "status": "ok" if is_well else "not following the feed",
            "feed_position": self._hub.position,
            "streams": self._hub.stream_count,
            "delivered": self._hub.delivered,
            "requests": self._bridge.in_flight + (self._short.in_flight if self._short else 0),
        }
        await answer_json(send, 200 if is_well else 503, state)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            starting = message["type"] == "lifespan.startup"
            step = "startup" if starting else "shutdown"
            try:
                await (self.start() if starting else self.stop())
            except Exception as error:  # the server must hear of it, and then stop
                logger.exception("%s failed", step)
                return await send({"type": f"lifespan.{step}.failed", "message": str(error)})
            await send({"type": f"lifespan.{step}.complete"})
            if not starting:
                return None
