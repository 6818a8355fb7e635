"""The keys of a definition, by section and in canonical order: shared by parser, schema and formatter."""

from __future__ import annotations

TOP = (
    "procedure", "version", "icon", "title", "description", "menu", "identify", "slots", "let", "rules",
    "human_when", "confirm", "do", "done", "offer", "tests",
)  # fmt: skip
SLOT = (
    "type", "label", "of", "many", "each", "optional", "when", "default", "where", "options", "ask", "none",
    "refused",
)  # fmt: skip
REFUSAL = ("when", "rule", "say", "offer")
OPTION = ("value", "title", "aliases")
RULE = ("name", "check", "slot", "say")
HUMAN_RULE = ("name", "when", "team", "after", "say")
CONFIRMATION = ("lines", "question")
LINE = ("when", "say")
ACTION = ("action", "with", "when", "as", "failed")
