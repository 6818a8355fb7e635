"""The demonstration's tokens, kept in its data directory."""

from __future__ import annotations

import json
from pathlib import Path

from rapport.web.config import Config


def facts_path(config: Config) -> Path:
    """Where they are kept."""
    return config.data_dir / "demo.json"


def read_facts(config: Config) -> dict[str, str]:
    """Tokens by name; empty before the demonstration is made."""
    path = facts_path(config)
    if not path.exists() or not path.read_text(encoding="utf-8").strip():
        return {}
    facts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return facts
