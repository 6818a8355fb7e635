"""The JSON Schema and the parser agree: what the one takes the other takes, and what it refuses is refused."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import yaml

from rapport.kernel.languages import LANGUAGES
from rapport.procedures.logic import keys
from rapport.procedures.logic.parsing import TYPES, check_definition
from rapport.procedures.logic.schema import make_schema
from rapport.procedures.template_files import list_templates
from rapport.procedures.tests import procedures
from rapport.procedures.tests.test_definition import BROKEN
from rapport.procedures.tests.test_held_values import COMPLAINT, GUIDE
from rapport.procedures.tests.test_looking_up import METER, VOUCHER
from rapport.procedures.tests.test_moments import LATE

MUTATED = [
    procedures.RETURN, procedures.EXCHANGE, procedures.CANCEL, procedures.STATUS, procedures.PROFILE, COMPLAINT,
    GUIDE, METER, VOUCHER, LATE,
]  # fmt: skip
GOOD = [*(template.source for template in list_templates()), *MUTATED]


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(make_schema())


@pytest.mark.parametrize("source", GOOD)
def test_what_can_be_published_fits(schema: jsonschema_rs.Validator, source: str) -> None:
    assert [error.message for error in schema.iter_errors(yaml.safe_load(source))] == []


def test_a_document_with_many_mistakes_does_not_fit(schema: jsonschema_rs.Validator) -> None:
    found = {"/".join(str(p) for p in e.instance_path) for e in schema.iter_errors(yaml.safe_load(BROKEN))}
    assert {
        "procedure",
        "version",
        "title",
        "slots/order/type",
        "slots/items/ask",
        "slots/later",
        "do/0",
    } <= found


def _mutations(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Places of a document with something wrong at each."""
    if isinstance(value, dict):
        yield (*path, "colour"), "red"
        for key, inner in value.items():
            yield (*path, key), [[1]]
            yield from _mutations(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _mutations(inner, (*path, index))


def _with(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize("source", MUTATED)
def test_what_the_schema_refuses_the_parser_refuses_and_what_is_no_key_both_do(
    schema: jsonschema_rs.Validator, source: str
) -> None:
    document = yaml.safe_load(source)
    disagreements = []
    for path, value in _mutations(document):
        changed = _with(document, path, value)
        if not schema.is_valid(changed) and not check_definition(changed):
            disagreements.append((path, value))
        is_free = any(name in ("let", "with", "tests", "failed", "slots") for name in path[-2:-1])
        if value == "red" and not is_free and schema.is_valid(changed):
            disagreements.append((path, value))
    assert disagreements == []


def test_types_languages_and_keys_are_the_parsers() -> None:
    made = make_schema()
    assert tuple(made["properties"]) == keys.TOP
    assert tuple(made["$defs"]["slot"]["properties"]) == keys.SLOT
    assert made["$defs"]["slot"]["properties"]["type"]["anyOf"][0]["enum"] == list(TYPES)
    assert tuple(made["$defs"]["words"]["properties"]) == LANGUAGES
