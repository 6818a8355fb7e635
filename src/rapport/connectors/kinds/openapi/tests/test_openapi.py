"""OpenAPI: documents as they are found in the wild, exact requests out, answers in."""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
from typing import Any

import httpx2
import pytest
import yaml

from rapport.connectors.contracts import (
    ActionEffect,
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
    RateLimited,
    UnknownOutcome,
)
from rapport.connectors.declared import DeclaredAction, FieldSpec, InputMap, OutputMap, to_json
from rapport.connectors.kinds.openapi.document import read_document
from rapport.connectors.kinds.openapi.system import OpenApiSystem
from rapport.connectors.outbound import AddressRefused, check_address
from rapport.connectors.pointing import look_up, plain_text, put
from rapport.kernel.clock import SteppedClock, use_clock
from rapport.kernel.errors import InvalidInput

ANA = Principal("ana_1", "hmac", "de")
PARCELS = """
openapi: 3.0.3
info: {title: Parcels, version: 1.4}
servers: [{url: "https://{place}.parcels.test/v1/", variables: {place: {default: eu}}}]
paths:
  /parcels/{parcelId}:
    parameters: [{$ref: '#/components/parameters/ParcelId'}]
    get:
      operationId: getParcel
      parameters:
        - {name: expand, in: query, schema: {type: array, items: {type: string}}}
        - {name: Accept, in: header, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        200: {content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}}
    delete: {responses: {204: {}}}
  /parcels:
    post:
      summary: Refund a parcel
      parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string}}]
      requestBody: {$ref: '#/components/requestBodies/New'}
      responses: {201: {description: made}}
  /labels:
    post:
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object}}}}
      responses: {}
  /searches:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {properties: {q: {type: string}}}}}}
      responses: {}
components:
  parameters:
    ParcelId: {name: parcelId, in: path, required: true, schema: {type: integer}}
  requestBodies:
    New: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}}
  schemas:
    Parcel:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - type: object
          required: [to]
          properties:
            to: {$ref: '#/components/schemas/Address'}
            size: {type: [string, 'null'], enum: [small, large]}
            inner: {$ref: '#/components/schemas/Parcel'}
            remote: {$ref: 'https://elsewhere.test/schema.json'}
    Base: {type: object, properties: {id: {type: string, readOnly: true}, weight: {type: number}}}
    Address:
      type: object
      required: [city]
      properties: {city: {type: string}, 'post.code': {type: string}}
"""


def _operation(key: str) -> Any:
    return next(o for o in read_document(PARCELS).operations if o.key == key)


def test_a_document_is_read_with_its_references() -> None:
    found = read_document(PARCELS)
    assert (found.title, found.version, found.base_url) == ("Parcels", "1.4", "https://eu.parcels.test/v1")
    assert [o.key for o in found.operations] == [
        "GET /parcels/{parcelId}",
        "DELETE /parcels/{parcelId}",
        "POST /parcels",
        "POST /labels",
        "POST /searches",
    ]
    assert found.unresolved == ("https://elsewhere.test/schema.json",)


def test_parameters_of_path_and_operation_are_joined_and_own_headers_left_out() -> None:
    operation = _operation("GET /parcels/{parcelId}")
    assert [(f.key, f.type, f.is_required) for f in operation.fields] == [
        ("path:parcelId", "integer", True),
        ("query:expand", "array", False),
        ("header:X-Trace", "string", False),
    ]
    assert operation.likely_effect is ActionEffect.READ
    assert ("to.city", "string") in {(p.path, p.type) for p in operation.results}


def test_fields_of_a_body_end_where_a_schema_holds_itself() -> None:
    operation = _operation("POST /parcels")
    names = {f.name: f for f in operation.fields}
    assert {"to.city", "size", "weight", "/to/post.code"} <= set(names)
    assert "id" not in names
    assert (names["to.city"].is_required, names["/to/post.code"].is_required) == (True, False)
    assert names["size"].choices == ("small", "large")
    assert names["inner"].type == "object"
    assert not any(name.startswith("inner.") for name in names)
    assert operation.key_header == "Idempotency-Key"
    assert operation.likely_effect is ActionEffect.MONEY


def test_what_cannot_be_called_says_why() -> None:
    assert _operation("POST /labels").problem == "takes a body that is neither JSON nor a form"
    assert _operation("POST /searches").body_type == "form"


def test_json_and_yaml_are_read_alike() -> None:
    assert read_document(json.dumps(yaml.safe_load(PARCELS))) == read_document(PARCELS)
    assert read_document(PARCELS.encode("utf-8-sig")) == read_document(PARCELS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no OpenAPI description"),
        ("[1, 2]", "no OpenAPI description"),
        ("swagger: '2.0'", "Swagger 2.0"),
        ("openapi: 4.0.0", "3.0 or 3.1"),
        ("openapi: 3.0.0\npaths: {}", "no operations"),
        ("openapi: 3.0.0\npaths: [", "line 3, column 1"),
        ('{"openapi": "3.0.0",}', "line 1, column 21"),
        ("!!python/object/apply:os.system ['id']", "No YAML"),
        ("a: &a [*a]", "3.0 or 3.1"),
        ("{" * 50_000, "No JSON"),
        ('{"a":' * 50_000, "nested too deeply"),
    ],
)
def test_a_broken_document_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said.replace("(", r"\(")):
        read_document(text)


def test_a_document_that_is_not_text_or_too_large_is_refused() -> None:
    with pytest.raises(InvalidInput, match="UTF-8"):
        read_document(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="8 MB"):
        read_document(b"x" * 8_000_001)


def test_references_in_a_circle_are_named_not_followed() -> None:
    text = "openapi: 3.1.0\npaths: {/a: {get: {parameters: [{$ref: '#/c/x'}]}}}\nc: {x: {$ref: '#/c/y'}, y: {$ref: '#/c/x'}}"
    found = read_document(text)
    assert (found.operations[0].fields, found.unresolved) == ((), ("#/c/x",))


# ── requests ────────────────────────────────────────────────────────────────────────────────────────

FIELDS = (
    FieldSpec("path", "id", "string", True),
    FieldSpec("query", "with", "array"),
    FieldSpec("header", "X-Language"),
    FieldSpec("body", "order.lines", "array"),
    FieldSpec("body", "order.note"),
    FieldSpec("body", "count", "integer"),
    FieldSpec("body", "is_gift", "boolean"),
)
RETURN = DeclaredAction(
    "erp.return_order",
    "Return",
    ActionEffect.WRITE,
    {"method": "POST", "path": "/orders/{id}/returns", "body": "json"},
    fields=FIELDS,
    inputs=(
        InputMap("path:id", "argument", "order"),
        InputMap("query:with", "argument", "with"),
        InputMap("header:X-Language", "language"),
        InputMap("body:order.lines", "argument", "lines"),
        InputMap("body:order.note", "customer"),
        InputMap("body:count", "argument", "count"),
        InputMap("body:is_gift", "fixed", "false"),
    ),
    outputs=(OutputMap("state", "/result/0/state"),),
    key_header="Idempotency-Key",
)
READ = DeclaredAction(
    "erp.get_order",
    "Read",
    ActionEffect.READ,
    {"method": "GET", "path": "/orders/{id}", "body": ""},
    fields=FIELDS[:1],
    inputs=RETURN.inputs[:1],
)


class Wire:
    """A system whose answers a test decides; keeps the requests."""

    def __init__(self, *answers: httpx2.Response | Exception, **settings: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []
        kept = {"actions": [to_json(a) for a in (RETURN, READ)], **settings}
        self.system = OpenApiSystem("https://erp.test/api", "s3cret", kept, httpx2.MockTransport(self))

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def call(self, name: str = "erp.return_order", **arguments: Any) -> CallOutcome:
        return self.system.call(name, {"order": "A 1/2", **arguments}, ANA, "k-1")


def _json(body: Any, status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json=body, headers=headers)


def test_the_request_is_exactly_what_was_mapped() -> None:
    wire = Wire(_json({"result": [{"state": "open\u202e"}]}))
    values: JsonDict = {"with": ["a", "b c"], "lines": ["1", "2"], "count": 2.0}
    outcome = wire.call(**values)
    request = wire.requests[0]
    assert (request.method, str(request.url)) == (
        "POST",
        "https://erp.test/api/orders/A%201%2F2/returns?with=a&with=b+c",
    )
    assert json.loads(request.content) == {
        "order": {"lines": ["1", "2"], "note": "ana_1"},
        "count": 2,
        "is_gift": False,
    }
    assert request.headers["Idempotency-Key"] == "k-1"
    assert request.headers["X-Language"] == "de"
    assert request.headers["Content-Type"] == "application/json"
    assert "Authorization" not in request.headers
    assert outcome == CallOutcome(ok=True, data={"state": "open"})


@pytest.mark.parametrize("value", ["", "..", " . ", "x" * 600])
def test_a_value_never_changes_the_address(value: str) -> None:
    wire = Wire()
    assert wire.call(order=value).code == "invalid_arguments"
    assert wire.requests == []


@pytest.mark.parametrize(
    ("login", "header", "expected"),
    [
        ({"scheme": "bearer"}, "Authorization", "Bearer s3cret"),
        (
            {"scheme": "basic", "name": "me"},
            "Authorization",
            "Basic " + base64.b64encode(b"me:s3cret").decode(),
        ),
        ({"scheme": "header_key", "name": "X-Key"}, "X-Key", "s3cret"),
    ],
)
def test_credentials_are_sent_and_never_shown(login: JsonDict, header: str, expected: str) -> None:
    wire = Wire(_json({}), _json({}), login=login)
    wire.call("erp.get_order")
    assert wire.requests[0].headers[header] == expected
    trial = wire.system.trial("erp.get_order", {"order": "1"}, ANA, "")
    assert expected not in trial.request + trial.answer


def test_a_key_in_the_address_is_sent_and_never_shown() -> None:
    wire = Wire(_json({}), login={"scheme": "query_key", "name": "api_key"})
    trial = wire.system.trial("erp.get_order", {"order": "1"}, ANA, "")
    assert str(wire.requests[0].url) == "https://erp.test/api/orders/1?api_key=s3cret"
    assert "s3cret" not in trial.request


def test_an_oauth2_token_is_asked_for_once_and_again_when_it_ends() -> None:
    login = {"scheme": "oauth2", "name": "me", "token_url": "https://id.test/token", "scope": "orders"}
    token = {"access_token": "t1", "expires_in": 60}
    wire = Wire(
        _json(token), _json({}), _json({}), _json({**token, "access_token": "t2"}), _json({}), login=login
    )
    clock = SteppedClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with use_clock(clock):
        wire.call("erp.get_order")
        wire.call("erp.get_order")
        clock.advance(dt.timedelta(seconds=40))
        wire.call("erp.get_order")
    assert wire.requests[0].content == b"grant_type=client_credentials&scope=orders"
    assert [r.headers["Authorization"] for r in wire.requests[1::1] if r.url.host == "erp.test"] == [
        "Bearer t1",
        "Bearer t1",
        "Bearer t2",
    ]


def test_without_a_token_nothing_is_sent() -> None:
    login = {"scheme": "oauth2", "name": "me", "token_url": "https://id.test/token"}
    wire = Wire(_json({"error": "invalid_client"}, 401), login=login)
    with pytest.raises(ConnectorDown, match="no token"):
        wire.call()
    assert [r.url.host for r in wire.requests] == ["id.test"]


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "body", "code", "message"),
    [
        (404, {"detail": "Not found."}, "not_found", "Not found."),
        (409, {"error": {"code": "already-returned", "message": "It was."}}, "already_returned", "It was."),
        (400, {"type": "https://x.test/problems/too-late", "title": "Too late"}, "too_late", "Too late"),
        (422, {"errors": [{"code": "E1", "message": "No\u202e."}]}, "e1", "No."),
        (422, ["odd"], "http_422", ""),
        (403, {"message": "key of another"}, "not_allowed", ""),
        (400, {"code": "unavailable"}, "http_400", ""),
    ],
)
def test_a_refusal_is_named(status: int, body: Any, code: str, message: str) -> None:
    outcome = Wire(_json(body, status)).call()
    assert outcome.data == ({"reason": message} if message else {})
    assert (outcome.ok, outcome.code, outcome.message) == (False, code, message)


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(500),
        httpx2.Response(302, headers={"Location": "https://evil.test"}),
        httpx2.Response(200, text="<html>", headers={"Content-Type": "text/html"}),
        httpx2.Response(200, content=b"x" * 2_100_000),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("cut"),
    ],
)
def test_an_unclear_answer_is_unknown_for_a_write_and_none_for_a_read(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with pytest.raises(UnknownOutcome):
        Wire(answer, answer).call()
    with pytest.raises(ConnectorDown):
        Wire(answer, answer).call("erp.get_order")


def test_reads_and_calls_with_a_key_are_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    good = _json({"result": [{"state": "open"}]})
    wire = Wire(httpx2.Response(502), good)
    assert wire.call().ok
    assert [r.headers["Idempotency-Key"] for r in wire.requests] == ["k-1", "k-1"]
    assert Wire(httpx2.ConnectError("down"), _json({})).call("erp.get_order").ok


def test_a_request_to_wait_is_kept_when_short_and_reported_when_long(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    assert Wire(_json({}, 429, **{"Retry-After": "1"}), _json({"result": []})).call().ok
    with pytest.raises(RateLimited) as raised:
        Wire(_json({}, 429, **{"Retry-After": "90"})).call()
    assert (pauses, raised.value.retry_after_s) == ([1.0], 90.0)


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest", "http://[fe80::1]/", "http://0.0.0.0/", "http://[::ffff:169.254.169.254]/",
     "http://metadata.google.internal/", "file:///etc/passwd", "gopher://127.0.0.1/", "http:///x"],
)  # fmt: skip
def test_addresses_no_system_has_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(url)


def test_places_are_read_and_written() -> None:
    data = {"a": [{"b/c": {"~": 1}}], "": 2}
    assert look_up(data, "/a/0/b~1c/~0") == 1
    assert look_up(data, "a.0.x") is None
    assert look_up(data, "a.7") is None
    assert look_up(data, "") == data
    made: JsonDict = {}
    put(made, "a.b", 1)
    put(made, "/a/c.d", 2)
    put(made, "a.b.c", 3)
    assert made == {"a": {"b": 1, "c.d": 2}}
    assert plain_text("a\u202eb\x00c\n") == "abc\n"
