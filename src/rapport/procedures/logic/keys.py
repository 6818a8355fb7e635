"""The keys of a definition, by section and in canonical order: shared by parser, schema and formatter."""

from __future__ import annotations

TOP = (
    "procedure", "version", "icon", "title", "description", "menu", "group", "audience", "identify", "limits", "slots",
    "lookups", "let", "rules", "human_when", "confirm", "do", "done", "undo", "offer", "tests",
)  # fmt: skip
SLOT = (
    "type", "label", "of", "many", "each", "accept", "optional", "when", "default", "where", "options", "ask",
    "none", "refused",
)  # fmt: skip
LOOKUP = ("action", "with", "when", "none")
LIMIT = ("name", "count", "within", "of", "say", "then")
TONES = ("formal", "informal")
REFUSAL = ("when", "rule", "say", "offer")
OPTION = ("value", "title", "aliases")
RULE = ("name", "check", "slot", "say")
HUMAN_RULE = ("name", "when", "team", "after", "say")
CONFIRMATION = ("lines", "question")
LINE = ("when", "say")
ACTION = ("action", "each", "with", "amount", "when", "as", "undo", "failed", "again", "otherwise")
AGAIN = ("within", "say")
REVERSAL = ("action", "with")
WAIT = ("for", "until", "event", "of")
APPROVAL = ("team", "title", "reason", "expires", "when")
PERSON = ("team", "say")
UNDO = ("within", "say")
STEPS = {
    "action": ACTION,
    "if": ("if", "when", "then", "else"),
    "wait": ("wait", "when", "as", "say"),
    "approve": ("approve", "when", "as", "say", "rejected"),
    "run": ("run", "with", "when", "as", "required"),
    "person": ("person", "when"),
    "say": ("say", "when"),
}
"""Kind of a step, which is the first of its keys → all its keys. Of several kinds the first here counts."""
STEP = (
    "action", "if", "wait", "approve", "run", "person", "each", "with", "amount", "when", "as", "required",
    "undo", "then", "else", "say", "rejected", "failed", "again", "otherwise",
)  # fmt: skip
"""The keys of all kinds of steps, in the order in which they are written."""
