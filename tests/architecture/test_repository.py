"""What must never be committed."""

from __future__ import annotations

import re
import subprocess

import pytest
from tests.architecture.source import ROOT

TEXT = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".in",
    ".json",
    ".html",
    ".css",
    ".js",
    ".sh",
    ".cfg",
    "",
}


def _tracked():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    for name in done.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix in TEXT and "vendor" not in path.parts:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_no_package_index_host_or_machine_path():
    hosts = [
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry.npmjs" + ".org",
        "/work" + "/main",
        "/root" + "/",
    ]
    found = [f"{name}: {h}" for name, text in _tracked() for h in hosts if h in text]
    assert found == []


def test_no_lock_file_that_records_addresses():
    names = {name.rsplit("/", 1)[-1] for name, _ in _tracked()}
    assert not names & {"uv.lock", "pylock.toml"}


def test_no_bare_todo():
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\()")
    found = [
        name
        for name, text in _tracked()
        if name.endswith(".py") and "test_repository" not in name and pattern.search(text)
    ]
    assert found == []


def test_templates_hold_no_inline_script_or_style():
    pattern = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=\"|\son[a-z]+=\"", re.IGNORECASE)
    found = [
        name
        for name, text in _tracked()
        if name.endswith(".html") and "/templates/" in name and pattern.search(text)
    ]
    assert found == []
