"""Vendored files are exactly the published ones, and the list of them is complete."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "static" / "vendor"


def _listed() -> dict[str, str]:
    packages = json.loads((VENDOR / "VENDORED.json").read_text(encoding="utf-8"))["packages"]
    return {name: digest for package in packages for name, digest in package["files"].items()}


def test_every_listed_file_has_the_recorded_hash() -> None:
    wrong = [
        n
        for n, digest in _listed().items()
        if hashlib.sha256((VENDOR / n).read_bytes()).hexdigest() != digest
    ]
    assert wrong == []


def test_every_vendored_file_is_listed() -> None:
    present = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert present - {"VENDORED.json", "README.md"} == set(_listed())


def test_every_package_states_version_and_licence() -> None:
    packages = json.loads((VENDOR / "VENDORED.json").read_text(encoding="utf-8"))["packages"]
    assert [(p["name"], p["licence"]) for p in packages] == [
        ("@fontsource-variable/inter", "OFL-1.1"),
        ("htmx.org", "0BSD"),
        ("lucide-static", "ISC"),
    ]
    for package in packages:
        assert any(name.endswith("LICENSE") for name in package["files"]), package["name"]
