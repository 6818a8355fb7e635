"""The reference pages name everything the code has."""

from __future__ import annotations

import argparse
import ast
import hashlib
import hmac
import re
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, SRC, parsed, python_files

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
RAPPORT = SRC / "rapport"
FEATURES = {
    "CH": 14, "UN": 15, "SS": 22, "KN": 8, "RT": 10, "CP": 7, "PR": 11, "LV": 10, "VC": 14, "QA": 6, "WF": 7, "RP": 9,
    "GV": 16, "OP": 9,
}  # fmt: skip


def _page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def _rapport_files():
    return [path for path in python_files() if path.is_relative_to(RAPPORT)]


def _markdown():
    top = [path for path in ROOT.glob("*.md") if path.is_file()]
    return sorted([*top, *DOCS.rglob("*.md")])


def _variables():
    """Names read from the environment by the settings."""
    tree = parsed(RAPPORT / "web" / "config.py")
    return sorted(
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "get"
        and getattr(call.func.value, "id", "") == "env"
        and isinstance(call.args[0], ast.Constant)
    )


def test_every_setting_is_described():
    page = _page("settings.md")
    assert [name for name in _variables() if f"| `{name}` |" not in page] == []
    assert "DATA_DIR" in _variables()


def _commands():
    from rapport.cli import GROUPS

    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    for group in GROUPS:
        group.add_parsers(commands)
    for name, command in commands.choices.items():
        nested = [a for a in command._actions if isinstance(a, argparse._SubParsersAction)]
        for inner in nested:
            yield from (f"rapport {name} {verb}" for verb in inner.choices)
        if not nested:
            yield f"rapport {name}"


def test_every_command_is_described():
    page = _page("cli.md")
    commands = list(_commands())
    assert [name for name in commands if f"`{name}" not in page] == []
    assert "rapport up" in commands


def test_every_capability_has_its_row():
    rows = re.findall(
        r"^\| ([A-Z]{2}-\d\d) \| [^|]+ \| (works|partly|not yet) \|", _page("features.md"), re.MULTILINE
    )
    expected = [f"{group}-{n:02d}" for group, count in FEATURES.items() for n in range(1, count + 1)]
    assert [name for name, _ in rows] == expected


def test_the_count_of_capabilities_is_right():
    page = _page("features.md")
    states = re.findall(r"^\| [A-Z]{2}-\d\d \| [^|]+ \| (works|partly|not yet) \|", page, re.MULTILINE)
    counted = {state: states.count(state) for state in ("works", "partly", "not yet")}
    assert (
        f"{len(states)} rows: {counted['works']} work, {counted['partly']} partly, {counted['not yet']} not yet."
        in page
    )


def _codes():
    """Codes of the errors that modules of the house declare, and of the table of HTTP statuses."""
    from rapport.web.errors import STATUS_OF_CODE

    found = {*STATUS_OF_CODE, "internal"}
    for path in _rapport_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                found |= {
                    item.value.value
                    for item in node.body
                    if isinstance(item, ast.Assign)
                    and [getattr(t, "id", "") for t in item.targets] == ["code"]
                    and isinstance(item.value, ast.Constant)
                }
    return sorted(found)


def test_every_error_code_is_described():
    page = _page("errors.md")
    codes = _codes()
    assert [code for code in codes if f"| `{code}` |" not in page] == []
    assert "wrong_owner" in codes


def _kinds_of(function):
    """Kinds of news one function publishes: written in the call, or assigned before it."""
    for call in ast.walk(function):
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "publish"
        ):
            continue
        if getattr(call.func.value, "id", "") != "jobs":
            continue
        kind = call.args[0]
        if isinstance(kind, ast.Constant):
            yield kind.value
        elif isinstance(kind, ast.Name):
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == [kind.id]:
                    results = (
                        [node.value.body, node.value.orelse]
                        if isinstance(node.value, ast.IfExp)
                        else [node.value]
                    )
                    yield from (r.value for r in results if isinstance(r, ast.Constant))


def test_every_kind_of_news_is_described():
    page = _page("events.md")
    kinds = {
        kind
        for path in _rapport_files()
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef)
        for kind in _kinds_of(function)
    }
    assert sorted(kind for kind in kinds if f"`{kind}`" not in page) == []
    assert {"message_created", "conversation_status_changed", "conversation_typing_off"} <= kinds


def test_every_job_and_schedule_is_described(monkeypatch):
    from rapport import bootstrap
    from rapport.jobs import housekeeping
    from rapport.knowledge import api as knowledge

    monkeypatch.setattr(bootstrap, "load_engine", lambda: None)
    monkeypatch.setattr(bootstrap, "load_encoder", lambda: None)
    monkeypatch.setattr(bootstrap, "_warm_up", lambda *_: None)
    monkeypatch.setattr(knowledge, "open_searcher", lambda _: None)
    page = _page("jobs.md")
    names = [kind.name for kind in (*bootstrap.job_kinds(), *housekeeping.own_kinds())]
    names += [spec.name for spec in (*bootstrap.schedules(), *housekeeping.own_schedules())]
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_every_table_is_described():
    from django.apps import apps

    page = _page("data-model.md")
    tables = [m._meta.db_table for m in apps.get_models() if m.__module__.startswith("rapport.")]
    assert [name for name in tables if f"`{name}`" not in page] == []


def test_permissions_are_as_described():
    from rapport.accounts.contracts import Permission
    from rapport.accounts.logic.permissions import ROLE_PERMISSIONS

    page = _page("permissions.md")
    header = next(line for line in page.splitlines() if line.startswith("| permission |"))
    roles = [cell.strip() for cell in header.strip("|").split("|")][1:]
    described = {role: set() for role in roles}
    for line in page.splitlines():
        row = re.match(r"\| `(\w+)`: ", line)
        if row:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")][1:]
            for role, cell in zip(roles, cells, strict=True):
                if cell:
                    described[role].add(row[1])
    assert described == {role: {p.value for p in given} for role, given in ROLE_PERMISSIONS.items()}
    assert {p.value for p in Permission} == set.union(*described.values())


def _slug(heading):
    """The anchor of a heading, as code hosts make it."""
    text = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", lambda m: m[1] or "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _anchors(path):
    lines = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).splitlines()
    return {_slug(line.lstrip("#")) for line in lines if line.startswith("#")}


@pytest.mark.parametrize("page", _markdown(), ids=lambda p: str(Path(p).relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if path.suffix == ".png" and path.parent == DOCS / "images":
            continue  # screenshots are taken at each release
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in _anchors(path)):
            broken.append(target)
    assert broken == []


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def _blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_of_a_procedure_can_be_published():
    from rapport.procedures import api as procedures

    source = _blocks(DOCS / "howto" / "write-a-procedure.md", "yaml")[0]
    assert procedures.check_definition(source) == ()
    assert procedures.parse_definition(source).name == "gift_note"


def test_the_example_of_training_texts_can_be_read(tmp_path):
    from rapport.understanding import api as understanding

    (tmp_path / "a.yaml").write_text(
        _blocks(DOCS / "howto" / "train-understanding.md", "yaml")[0], encoding="utf-8"
    )
    found = understanding.load_examples(tmp_path)
    assert {(e.label, e.language) for e in found} == {("return_items", "en"), ("return_items", "cs")}


def test_the_printed_signature_is_right():
    expected = hmac.new(b"secret", b"42", hashlib.sha256).hexdigest()
    assert f"`{expected}`" in (DOCS / "howto" / "embed-the-widget.md").read_text(encoding="utf-8")


def test_the_printed_snippet_is_the_one_the_widget_makes():
    from rapport.widget.snippet import make_snippet

    made = make_snippet("https://help.shop.example", "TOKEN")
    printed = _blocks(DOCS / "howto" / "embed-the-widget.md", "html")[0]
    assert re.sub(r"\W", "", printed) == re.sub(r"\W", "", made)


def test_every_method_of_the_widget_is_described():
    page = (DOCS / "howto" / "embed-the-widget.md").read_text(encoding="utf-8")
    source = (RAPPORT / "widget" / "loader" / "sdk.js").read_text(encoding="utf-8")
    methods = set(re.findall(r"^ {6}(\w+): function \(", source.split("var api = {")[1], re.MULTILINE))
    forwarded = source.split("var FORWARDED = {")[1].split("}")[0]
    methods |= set(re.findall(r"(\w+): 1", forwarded))
    assert sorted(name for name in methods if f"`{name}(" not in page) == []
    assert {"setUser", "reset", "toggle"} <= methods


def test_guide_for_changes_stays_short():
    assert len((ROOT / "AGENTS.md").read_text(encoding="utf-8").splitlines()) < 150
