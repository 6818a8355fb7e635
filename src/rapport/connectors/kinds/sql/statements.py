"""Named queries as an administrator writes them: one SELECT each, its parameters named ``:like_this``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.connectors.declared import ARGUMENT_NAME
from rapport.connectors.forms import read_entries
from rapport.kernel.errors import InvalidInput

TYPES = ("text", "number", "integer", "date", "customer")
"""What a parameter may be; ``customer`` is the verified customer's reference, never an argument."""
MAX_QUERIES = 50
_TOKENS = re.compile(
    r"""(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<comment>--|/\*|\*/)|(?P<dollar>\$)|(?P<end>;)"""
    r"""|(?P<cast>::)|(?P<name>:[A-Za-z_][A-Za-z0-9_]*)|(?P<percent>%)""",
    re.ASCII,
)
_WRITING = re.compile(
    r"\b(?:insert|update|delete|merge|create|alter|drop|truncate|grant|revoke|attach|detach|pragma|copy|call|do"
    r"|vacuum|into|set|lock|listen|notify|execute|prepare|load_extension|pg_\w+|dblink\w*|lo_\w+|set_config|nextval"
    r"|setval|query_to_xml\w*|writefile|readfile|for\s+(?:update|share|no|key))\b",
    re.IGNORECASE | re.ASCII,
)
_KNOWN = {"title", "sql", "parameters", "personal", "id", "record_title"}


@dataclass(frozen=True, slots=True)
class Query:
    """One named question."""

    name: str
    title: str
    sql: str
    parameters: dict[str, str]
    is_personal: bool
    id_column: str = "id"
    title_column: str = "title"


def read_queries(text: str) -> tuple[Query, ...]:
    """The queries in a YAML text, by name. Raises InvalidInput."""
    found = read_entries(text, "queries", MAX_QUERIES)
    return tuple(_query(name, kept) for name, kept in found.items())


def _query(name: str, kept: Any) -> Query:
    if not ARGUMENT_NAME.fullmatch(name):
        raise InvalidInput(
            _("%(name)s: small letters, digits and underscores.") % {"name": name}, field="queries"
        )
    if not isinstance(kept, dict) or set(kept) - _KNOWN or not isinstance(kept.get("sql"), str):
        raise InvalidInput(
            _("%(name)s: `sql`, and of %(keys)s.") % {"name": name, "keys": ", ".join(sorted(_KNOWN))},
            field="queries",
        )
    parameters = kept.get("parameters") or {}
    if not isinstance(parameters, dict) or not set(map(str, parameters.values())) <= set(TYPES):
        raise InvalidInput(
            _("%(name)s: a parameter is one of %(types)s.") % {"name": name, "types": ", ".join(TYPES)},
            field="queries",
        )
    sql = kept["sql"].strip().removesuffix(";").strip()
    named = check_statement(name, sql)
    if named != set(parameters):
        raise InvalidInput(
            _("%(name)s: declared and used parameters differ.") % {"name": name}, field="queries"
        )
    is_personal = kept.get("personal", True)
    if (
        is_personal is not ("customer" in parameters.values())
        or list(parameters.values()).count("customer") > 1
    ):
        raise InvalidInput(
            _("%(name)s: a personal query has one parameter of type customer; others say `personal: false`.")
            % {"name": name},
            field="queries",
        )
    return Query(
        name, str(kept.get("title") or name), sql, dict(parameters), is_personal,
        str(kept.get("id") or "id"), str(kept.get("record_title") or "title"),
    )  # fmt: skip


def check_statement(name: str, sql: str) -> set[str]:
    """Names of the parameters of one statement that only reads. Raises InvalidInput."""
    named: set[str] = set()
    bare = []
    last = 0
    for token in _TOKENS.finditer(sql):
        bare.append(sql[last : token.start()])
        last = token.end()
        if token["comment"] or token["end"] or token["dollar"]:
            raise InvalidInput(
                _("%(name)s: one statement, without comments and $.") % {"name": name}, field="queries"
            )
        if token["name"]:
            named.add(token["name"][1:])
    bare.append(sql[last:])
    words = " ".join(bare)
    if not re.match(r"(?:select|with)\b", words.strip(), re.IGNORECASE):
        raise InvalidInput(
            _("%(name)s: a query begins with SELECT or WITH.") % {"name": name}, field="queries"
        )
    writing = _WRITING.search(words)
    if writing or words.count("'") or words.count('"'):
        raise InvalidInput(
            _("%(name)s: %(what)s is not for reading.")
            % {"name": name, "what": writing[0] if writing else "'"},
            field="queries",
        )
    return named


def for_postgresql(sql: str) -> str:
    """The same statement with parameters as the driver names them."""

    def renamed(token: re.Match[str]) -> str:
        if token["name"]:
            return f"%({token['name'][1:]})s"
        return token[0].replace("%", "%%")

    return _TOKENS.sub(renamed, sql)
