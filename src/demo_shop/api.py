"""The HTTP API under /api/v1: authentication, body checks, and one handler per operation."""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo_shop.database import Database
from demo_shop.idempotency import Call, run_once
from demo_shop.openapi import describe_api
from demo_shop.refusals import Refusal
from demo_shop.routes import READS, WRITES
from demo_shop.routing import Read, WriteRoute
from demo_shop.text import iso, utc_now
from demo_shop.vocabulary import LANGUAGES

_PREFIX = "/api/v1"
_MAX_BODY_BYTES = 64 * 1024
_MAX_KEY_LENGTH = 200
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Api:
    """What every handler needs."""

    database: Database
    secret: str
    allow_backdating: bool

    def check_token(self, request: Request) -> None:
        """Refuse a request without the shop's secret."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        matches = hmac.compare_digest(token.strip().encode(), self.secret.encode())
        if scheme.lower() != "bearer" or not matches:
            raise Refusal("unauthorized")

    def moment_of(self, request: Request) -> str:
        """Now, or the moment a seeding caller states."""
        stated = request.headers.get("x-occurred-at")
        if stated is None:
            return iso(utc_now())
        if not self.allow_backdating:
            raise Refusal("backdating_not_allowed")
        try:
            moment = datetime.fromisoformat(stated)
        except ValueError:
            raise Refusal("invalid_request", "X-Occurred-At is not an ISO 8601 time.") from None
        if moment.tzinfo is None:
            raise Refusal("invalid_request", "X-Occurred-At needs an offset.")
        return iso(moment)


def answer_refusal(refusal: Refusal) -> Response:
    """Turn a refusal into its HTTP answer."""
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status_code == 401 else None
    return JSONResponse(refusal.body(), refusal.status_code, headers)


def _guarded(api: Api, handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        try:
            api.check_token(request)
            return await handler(request)
        except Refusal as refusal:
            return answer_refusal(refusal)

    return guarded


def _read_handler(api: Api, route: Read) -> Handler:
    shape: Any = list[route.answers] if route.many else route.answers  # type: ignore[name-defined]
    adapter: TypeAdapter[Any] = TypeAdapter(shape)

    async def handle(request: Request) -> Response:
        language = request.query_params.get("language", "en")
        if language not in LANGUAGES:
            raise Refusal("invalid_request", f"language is one of {', '.join(LANGUAGES)}.")
        # A read takes under a millisecond: a hop to a thread would cost more than it frees.
        with api.database.reading() as connection:
            found = route.answer(connection, request.path_params, request.query_params, language)
        return Response(adapter.dump_json(found), media_type="application/json")

    return handle


async def _read_body(request: Request) -> bytes:
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > _MAX_BODY_BYTES:
            raise Refusal("invalid_request", "The body is too long.")
    return bytes(chunks)


def _parse(model: type[BaseModel], raw: bytes) -> BaseModel:
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise Refusal("invalid_request", f"{place}: {first['msg']}.") from None


def _write_handler(api: Api, route: WriteRoute) -> Handler:
    async def handle(request: Request) -> Response:
        raw = await _read_body(request)
        body = _parse(route.body, raw)
        key = request.headers.get("idempotency-key")
        if key is not None and not 1 <= len(key) <= _MAX_KEY_LENGTH:
            raise Refusal("invalid_request", "Idempotency-Key has 1 to 200 characters.")
        (target,) = request.path_params.values()
        path = route.path.replace(route.path.split("/")[2], target)
        canonical = json.dumps(body.model_dump(), sort_keys=True).encode()
        call = Call(route.method, f"{_PREFIX}{path}", canonical, key, api.moment_of(request))
        answer = await run_in_threadpool(
            run_once, api.database, call, lambda write: route.do(write, target, body), route.success
        )
        headers = {"Idempotent-Replay": "true"} if answer.replayed else None
        return Response(answer.text, answer.status_code, headers, media_type="application/json")

    return handle


async def _openapi(request: Request) -> Response:
    server = request.scope.get("root_path", "") or "/"
    return JSONResponse({**describe_api(), "servers": [{"url": server}]})


async def _unknown(_request: Request) -> Response:
    raise Refusal("not_found")


async def _wrong_method(_request: Request) -> Response:
    raise Refusal("method_not_allowed")


def api_routes(api: Api) -> list[Route]:
    """Make the routes; the OpenAPI document alone needs no token."""
    routes = [Route(f"{_PREFIX}/openapi.json", _openapi, methods=["GET"])]
    for read in READS:
        handler = _guarded(api, _read_handler(api, read))
        routes.append(Route(_PREFIX + read.path, handler, methods=["GET"], name=read.name))
    for write in WRITES:
        handler = _guarded(api, _write_handler(api, write))
        routes.append(Route(_PREFIX + write.path, handler, methods=[write.method], name=write.name))
    every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    paths = list(dict.fromkeys(route.path for route in routes))
    routes += [Route(path, _guarded(api, _wrong_method), methods=every) for path in paths]
    routes.append(Route(_PREFIX + "/{rest:path}", _guarded(api, _unknown), methods=every))
    return routes
