"""The OpenAPI 3.1 document, made from the table of operations and the shapes."""

import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from demo_shop.models import Error
from demo_shop.refusals import CODES
from demo_shop.routes import READS, WRITES
from demo_shop.routing import Read, WriteRoute
from demo_shop.vocabulary import LANGUAGES

Json = dict[str, Any]
_REF = "#/components/schemas/"


def _shape_name(model: type[BaseModel]) -> Json:
    return {"$ref": _REF + model.__name__}


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _errors(codes: tuple[str, ...]) -> Json:
    """Describe refusals, grouped by status, naming the machine codes."""
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(("unauthorized", *codes)):
        by_status.setdefault(CODES[code][0], []).append(code)
    return {
        str(status): {
            "description": " ".join(f"`{code}`: {CODES[code][1]}" for code in found),
            "content": _content(_shape_name(Error)),
        }
        for status, found in sorted(by_status.items())
    }


def _path_parameters(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _describe_read(route: Read) -> Json:
    schema = _shape_name(route.answers)
    if route.many:
        schema = {"type": "array", "items": schema}
    parameters = _path_parameters(route.path)
    for query in route.query:
        parameters.append(
            {
                "name": query.name,
                "in": "query",
                "description": query.description,
                "schema": {"type": query.kind},
            }
        )
    parameters.append(
        {
            "name": "language",
            "in": "query",
            "description": "Language of the display_… fields; English if absent.",
            "schema": {"type": "string", "enum": list(LANGUAGES)},
        }
    )
    return {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "Success.", "content": _content(schema)},
            **_errors(route.refusals),
        },
        "x-effect": "reads",
    }


def _describe_write(route: WriteRoute) -> Json:
    headers = (
        ("Idempotency-Key", "Same key, same stored answer; the write happens once."),
        ("X-Occurred-At", "Moment the write is said to happen, where the shop allows it."),
    )
    refusals = (*route.refusals, "idempotency_key_reused", "invalid_request", "backdating_not_allowed")
    return {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [
            *_path_parameters(route.path),
            *(
                {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}
                for name, text in headers
            ),
        ],
        "requestBody": {"required": True, "content": _content(_shape_name(route.body))},
        "responses": {
            str(route.success): {"description": "Done.", "content": _content(_shape_name(route.answers))},
            **_errors(refusals),
        },
        "x-effect": "writes",
        "x-refusals": list(route.refusals),
    }


@cache
def describe_api() -> Json:
    """Build the document, without ``servers``: they depend on where the shop is mounted."""
    bodies = {route.body for route in WRITES}
    answers = {read.answers for read in READS} | {write.answers for write in WRITES} | {Error}
    _, schemas = models_json_schema(
        [
            *((body, "validation") for body in sorted(bodies, key=lambda m: m.__name__)),
            *((answer, "serialization") for answer in sorted(answers, key=lambda m: m.__name__)),
        ],
        ref_template=_REF + "{model}",
    )
    paths: dict[str, Json] = {}
    for read in READS:
        paths.setdefault(f"/api/v1{read.path}", {})["get"] = _describe_read(read)
    for write in WRITES:
        paths.setdefault(f"/api/v1{write.path}", {})[write.method.lower()] = _describe_write(write)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lumen & Oak shop",
            "version": "1.0.0",
            "description": "Orders, customers and products of a small shop that enforces its own policy.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }
