"""Packages meet at their facades; time, randomness and secrets come from where they should."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys

import pytest
from tests.architecture.source import LADDER, SRC, name_of, package_of, parsed, python_files

PUBLIC = {"api", "contracts", "errors"}
MODELS_MAY_POINT_DOWN = "models"
"""Foreign keys point down the ladder, so a models module may import a lower package's models."""


def _imports(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("rapport."):
            parts = node.module.split(".")
            if len(parts) == 2:
                for alias in node.names:
                    yield (parts[1], alias.name, node.lineno)
            else:
                yield (parts[1], parts[2], node.lineno)


@pytest.mark.parametrize("package", LADDER)
def test_only_facades_are_imported_from_other_packages(package):
    wrong = []
    for path in python_files():
        mine = package_of(path)
        if mine in {"", "web", "edge", "cli", "testing"} or mine == package:
            continue
        for other, module, line in _imports(path):
            if other != package or other in {"kernel"} or module in PUBLIC:
                continue
            if path.name == "models.py" and module == MODELS_MAY_POINT_DOWN:
                continue
            wrong.append(f"{name_of(path)}:{line} imports {other}.{module}")
    assert wrong == [], "import the package's api or contracts"


def test_time_comes_from_the_kernel_clock():
    pattern = re.compile(r"datetime\.now\(|utcnow\(|timezone\.now\(|date\.today\(")
    wrong = [
        f"{name_of(p)}:{n}"
        for p in python_files()
        if p.is_relative_to(SRC / "rapport") and p.name != "clock.py"
        for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert wrong == [], "use rapport.kernel.clock.now()"


def test_no_django_signals_and_no_star_imports():
    wrong = []
    for path in python_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom):
                if node.module and "signals" in node.module.split("."):
                    wrong.append(f"{name_of(path)}:{node.lineno} signal")
                if any(a.name == "*" for a in node.names) and path.name != "settings_test.py":
                    wrong.append(f"{name_of(path)}:{node.lineno} star")
    assert wrong == []


def test_no_async_django_views():
    wrong = [
        f"{name_of(p)}:{node.lineno}"
        for p in python_files()
        if package_of(p) not in {"edge", "jobs", ""} and p.is_relative_to(SRC / "rapport")
        for node in ast.walk(parsed(p))
        if isinstance(node, ast.AsyncFunctionDef)
    ]
    assert wrong == [], "Django runs in synchronous mode here"


def test_every_module_and_public_class_says_what_it_is():
    wrong = []
    for path in python_files():
        tree = parsed(path)
        if tree.body and not ast.get_docstring(tree):
            wrong.append(name_of(path))
        for node in tree.body:
            is_public = isinstance(node, ast.ClassDef) and not node.name.startswith("_")
            if is_public and path.name != "apps.py" and not ast.get_docstring(node):
                wrong.append(f"{name_of(path)}:{node.name}")
    assert wrong == []


EXTRAS = {"psycopg", "playwright", "openai", "duckdb", "pyarrow", "reportlab"}
"""What an installation may lack: imported where it is needed, never by starting."""
START_WITHOUT = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {EXTRAS!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from rapport import bootstrap
bootstrap.set_up_django()
from django.urls import get_resolver
print(len(get_resolver().url_patterns), len(bootstrap.schedules()))
"""


def test_it_starts_without_the_extras(tmp_path):
    settings = {**os.environ, "DATA_DIR": str(tmp_path)}
    settings.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", START_WITHOUT], env=settings, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert all(int(count) > 0 for count in done.stdout.split())


def test_no_folder_is_called_a_drawer():
    drawers = {"utils", "helpers", "common", "misc"}
    assert [name_of(p) for p in python_files() if drawers & {*p.parts[len(SRC.parts) :], p.stem}] == []
