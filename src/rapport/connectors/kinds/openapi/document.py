"""Reading an OpenAPI 3.0 or 3.1 document: JSON or YAML, references inside of the document only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml
from django.utils.translation import gettext as _

from rapport.connectors.contracts import JsonDict
from rapport.connectors.declared import FieldSpec
from rapport.connectors.kinds.openapi.operations import METHODS, Description, Operation
from rapport.connectors.pointing import plain_text
from rapport.connectors.schemas import Schemas, body_fields, result_places
from rapport.kernel.errors import InvalidInput

MAX_DOCUMENT_BYTES = 8_000_000
MAX_OPERATIONS = 2000
_JSON_BODY, _FORM_BODY = "application/json", "application/x-www-form-urlencoded"
_OWN_HEADERS = frozenset(
    "accept content-type authorization host content-length transfer-encoding connection cookie".split()
)
_KEY_HEADERS = frozenset(
    "idempotency-key x-idempotency-key idempotence-key x-request-idempotency-key".split()
)


def read_document(content: bytes | str, *, source_url: str = "") -> Description:
    """What a document describes. Raises InvalidInput with the place of a mistake."""
    document = _parse(content)
    version = str(document.get("openapi", ""))
    if document.get("swagger"):
        raise InvalidInput(
            _("This is a Swagger 2.0 document; convert it to OpenAPI 3 first."), field="document"
        )
    if not version.startswith(("3.0", "3.1")):
        raise InvalidInput(_("The document does not say openapi: 3.0 or 3.1."), field="document")
    schemas = Schemas(document)
    operations = []
    for method, path, item, raw in _raw_operations(document, schemas):
        operations.append(_operation(method, path, item, raw, schemas))
        if len(operations) > MAX_OPERATIONS:
            raise InvalidInput(_("More than %(n)d operations.") % {"n": MAX_OPERATIONS}, field="document")
    if not operations:
        raise InvalidInput(_("The document describes no operations."), field="document")
    info = _dict(document.get("info"))
    return Description(
        title=_line(info.get("title"), 120),
        version=_line(info.get("version"), 40),
        base_url=_base_url(document, source_url),
        operations=tuple(operations),
        unresolved=tuple(sorted(schemas.unresolved)),
    )


def _parse(content: bytes | str) -> JsonDict:
    if len(content) > MAX_DOCUMENT_BYTES:
        raise InvalidInput(_("The document is larger than 8 MB."), field="document")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as problem:
        raise InvalidInput(_("The document is not UTF-8 text."), field="document") from problem
    try:
        parsed = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}: {problem.msg}"
        raise InvalidInput(f"No JSON: {where}", field="document") from problem
    except RecursionError as problem:
        raise InvalidInput(_("The document is nested too deeply."), field="document") from problem
    if not isinstance(parsed, dict):
        raise InvalidInput(_("The document holds no OpenAPI description."), field="document")
    return parsed


def _yaml(text: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506  # a safe loader, the quick one where there is one
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise InvalidInput(f"No YAML: {where}{problem.problem}", field="document") from problem
    except (yaml.YAMLError, ValueError) as problem:
        raise InvalidInput(_("No YAML or JSON can be read here."), field="document") from problem


def _raw_operations(document: JsonDict, schemas: Schemas) -> Iterator[tuple[str, str, JsonDict, JsonDict]]:
    for path, entry in _dict(document.get("paths")).items():
        item = schemas.resolve(entry)
        for method in METHODS:
            raw = item.get(method.lower())
            if isinstance(raw, dict) and str(path).startswith("/") and len(str(path)) <= 300:
                yield method, str(path), item, raw


def _operation(method: str, path: str, item: JsonDict, raw: JsonDict, schemas: Schemas) -> Operation:
    fields, key_header, problem = _parameters(item, raw, schemas)
    body = schemas.resolve(raw.get("requestBody"))
    content = _dict(body.get("content"))
    body_type = ""
    if content and method not in {"GET", "HEAD"}:
        body_type, schema = _body_schema(content)
        if body_type:
            fields += body_fields(schemas, schema, is_required=bool(body.get("required", False)))
        elif body.get("required"):
            problem = "takes a body that is neither JSON nor a form"
    for part in _path_names(path):
        if not any(f.key == f"path:{part}" for f in fields):
            fields.append(FieldSpec("path", part, is_required=True))
    return Operation(
        method=method,
        path=path,
        operation_id=_line(raw.get("operationId"), 120),
        summary=_line(raw.get("summary") or raw.get("description"), 200),
        tag=_line(next(iter(_list(raw.get("tags"))), ""), 60),
        fields=tuple(fields),
        body_type=body_type,
        results=tuple(result_places(schemas, _answer_schema(raw, schemas))),
        key_header=key_header,
        is_deprecated=raw.get("deprecated") is True,
        problem=problem,
    )


def _parameters(item: JsonDict, raw: JsonDict, schemas: Schemas) -> tuple[list[FieldSpec], str, str]:
    """Fields of path, query and headers; the header of the key, if there is one; what stands in the way."""
    found: dict[str, FieldSpec] = {}
    key_header = problem = ""
    for given in [*_list(item.get("parameters")), *_list(raw.get("parameters"))][:200]:
        parameter = schemas.resolve(given)
        place, name = str(parameter.get("in", "")), _line(parameter.get("name"), 120)
        is_required = parameter.get("required") is True or place == "path"
        if place == "header" and name.lower() in _KEY_HEADERS:
            key_header = name
            continue
        if not name or (place == "header" and name.lower() in _OWN_HEADERS):
            continue
        if place not in {"path", "query", "header"}:
            problem = f"needs a value in a {plain_text(place, 20)}" if is_required else problem
            continue
        kinds = list(_dict(parameter.get("content")).values())
        schema = schemas.merged(parameter.get("schema") or _dict(next(iter(kinds), {})).get("schema"))
        found[f"{place}:{name}"] = FieldSpec(
            place,
            name,
            schemas.type_of(schema),
            is_required,
            _line(parameter.get("description") or schema.get("description"), 200),
            schemas.choices_of(schema),
        )
    return list(found.values()), key_header, problem


def _body_schema(content: JsonDict) -> tuple[str, Any]:
    names = {str(name).partition(";")[0].strip().lower(): _dict(value) for name, value in content.items()}
    for name, value in names.items():
        if name == _JSON_BODY or name.endswith("+json") or name == "*/*":
            return "json", value.get("schema")
    if _FORM_BODY in names:
        return "form", names[_FORM_BODY].get("schema")
    return "", None


def _answer_schema(raw: JsonDict, schemas: Schemas) -> Any:
    answers = {str(code): given for code, given in _dict(raw.get("responses")).items()}
    good = sorted(code for code in answers if code.startswith("2")) or [c for c in answers if c == "default"]
    for code in good:
        content = _dict(schemas.resolve(answers[code]).get("content"))
        body_type, schema = _body_schema(content)
        if body_type == "json":
            return schema
    return None


def _base_url(document: JsonDict, source_url: str) -> str:
    server = _dict(next(iter(_list(document.get("servers"))), {}))
    url = _line(server.get("url"), 300)
    for name, variable in _dict(server.get("variables")).items():
        url = url.replace(f"{{{name}}}", _line(_dict(variable).get("default"), 100))
    if source_url:
        url = urljoin(source_url, url or "/")
    return url.rstrip("/") if urlsplit(url).scheme in {"http", "https"} else ""


def _path_names(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:] if "}" in part]


def _line(value: Any, limit: int) -> str:
    return " ".join(plain_text(str(value), limit).split()) if isinstance(value, str | int | float) else ""


def _dict(value: Any) -> JsonDict:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
