"""Starting and stopping of mounted ASGI applications along with ours."""

from __future__ import annotations

import asyncio
import logging

from rapport.edge.asgi import ASGIApp, Message

logger = logging.getLogger(__name__)


class Lifespan:
    """Runs another application's lifespan, if it has one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it; an application without a lifespan is left alone.

        Raises: RuntimeError: the application reports that it can't start.
        """
        self._task = asyncio.get_running_loop().create_task(self._run())
        answer = await self._ask("lifespan.startup")
        if answer["type"] == "lifespan.startup.failed":
            raise RuntimeError(f"a mounted application did not start: {answer.get('message', '')}")

    async def stop(self) -> None:
        """Stop it and wait until it has stopped."""
        if self._task is not None and not self._task.done():
            await self._ask("lifespan.shutdown")
            await self._task

    async def _ask(self, kind: str) -> Message:
        await self._inbox.put({"type": kind})
        return await self._outbox.get()

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.3"}, "state": {}}
        try:
            await self._app(scope, self._inbox.get, self._outbox.put)
        except Exception:
            logger.debug("a mounted application has no lifespan", exc_info=True)
        finally:
            await self._outbox.put({"type": "ended"})
