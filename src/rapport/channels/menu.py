"""The guided menu: what customers can have done here, in their language."""

from __future__ import annotations

import dataclasses
from typing import Any

from rapport.kernel.languages import base_language
from rapport.procedures import api as procedures


def list_menu(language: str) -> list[dict[str, Any]]:
    """Published procedures as ``{"procedure", "title", "description", "icon", "group"}``."""
    return [dataclasses.asdict(entry) for entry in procedures.list_menu(base_language(language))]
