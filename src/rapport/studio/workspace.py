"""A draft as its page shows it: cards with their sentences, problems where they belong, and what may be done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.connectors import api as connectors
from rapport.kernel.languages import base_language
from rapport.procedures import api as procedures
from rapport.studio.contracts import DraftInfo
from rapport.studio.logic.cards import Block, Card, Gap, list_blocks, owner_of, walk
from rapport.studio.logic.tree import Path, pointer
from rapport.studio.offers import Offers, read_offers
from rapport.studio.reading import check_source, language_keys, read_source
from rapport.studio.sentences import Sentence, missing_languages, sentence_of, start_of

MAX_SOURCE_CHARS = 200_000
_NAME = re.compile(r"^procedure:[ \t]*['\"]?([a-z][a-z0-9_]*)['\"]?[ \t]*(?:#.*)?$", re.MULTILINE | re.ASCII)


def find_problems(source: str, name: str = "") -> tuple[procedures.Problem, ...]:
    """What keeps a text from being published, in its order; with a name, also that it stays that procedure."""
    if len(source) > MAX_SOURCE_CHARS:
        return (procedures.Problem("document", 0, 0, f"longer than {MAX_SOURCE_CHARS} characters"),)
    names = {*procedures.load_book(), *_NAME.findall(source)}
    actions = frozenset(action.name for action in connectors.list_actions())
    types, fields = frozenset(connectors.list_record_types()), json.dumps(connectors.list_record_fields())
    found = check_source(source, frozenset(names), actions, types, fields)
    written = _NAME.search(source)
    if name and not found and (written is None or written[1] != name):
        line = source[: written.start()].count("\n") + 1 if written else 1
        message = _("must stay %(name)s; another name makes another procedure") % {"name": name}
        return (procedures.Problem("procedure", line, 1, message),)
    return found


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as shown."""

    card: Card
    id: str
    sentence: Sentence
    problems: tuple[str, ...]
    missing: tuple[str, ...]
    """Languages some text of it lacks, of those the procedure is written in."""
    branches: tuple[tuple[str, tuple[CardView, ...], Gap], ...] = ()


@dataclass(frozen=True, slots=True)
class BlockView:
    """All cards of one kind as shown."""

    block: Block
    title: str
    add: str
    """What the button says that adds one."""
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything about a draft that its page needs."""

    draft: DraftInfo
    document: Mapping[str, Any] | None
    """None while the text cannot be read."""
    problems: tuple[procedures.Problem, ...]
    offers: Offers
    language: str
    """Of whoever edits: texts are shown in it where they exist."""
    owned: Mapping[Path, tuple[str, ...]]
    """What is wrong, by the card it is wrong on."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages the procedure is written in: those its title has."""
        title = (self.document or {}).get("title")
        return tuple(title) if isinstance(title, Mapping) else ("en",)

    def head(self) -> CardView:
        """The start of the flow."""
        document = self.document or {}
        told = {key: document[key] for key in ("title", "description") if key in document}
        return CardView(
            Card((), "head", document), "", start_of(document), self.problems_of(()), self._missing(told)
        )

    def blocks(self) -> tuple[BlockView, ...]:
        """The flow below the start."""
        return tuple(
            BlockView(block, *_titles(block.key), tuple(self._view(card) for card in block.cards))
            for block in list_blocks(self.document or {}, language_keys())
        )

    def card(self, path: Path) -> CardView | None:
        """The card at a path."""
        cards = walk(list_blocks(self.document or {}, language_keys()))
        return next((self._view(card) for card in cards if card.path == path), None)

    def problems_of(self, path: Path) -> tuple[str, ...]:
        """What is wrong on a card itself (not on a card within it)."""
        return self.owned.get(path, ())

    def _view(self, card: Card) -> CardView:
        inner = tuple(
            (branch.key, tuple(self._view(c) for c in branch.cards), branch.end) for branch in card.branches
        )
        value = card.value
        if card.kind in ("if", "action") and isinstance(value, Mapping):
            value = {k: v for k, v in value.items() if k not in ("then", "else", "otherwise")}
        return CardView(
            card, pointer(card.path), sentence_of(card, self.offers), self.problems_of(card.path),
            self._missing(value), inner,
        )  # fmt: skip

    def _missing(self, value: Any) -> tuple[str, ...]:
        return tuple(language for language in missing_languages(value) if language in self.languages)


def open_workspace(draft: DraftInfo) -> Workspace:
    """A draft with everything around it."""
    language = base_language(get_language())
    document = read_source(draft.source)
    problems = find_problems(draft.source, draft.procedure)
    return Workspace(draft, document, problems, read_offers(language), language, _by_card(document, problems))


def _by_card(
    document: Mapping[str, Any] | None, problems: tuple[procedures.Problem, ...]
) -> dict[Path, tuple[str, ...]]:
    paths = [card.path for card in walk(list_blocks(document or {}, language_keys()))] if problems else []
    found: dict[Path, tuple[str, ...]] = {}
    for problem in problems:
        owner = owner_of(problem.path, paths)
        found[owner] = (*found.get(owner, ()), problem.message)
    return found


def _titles(key: str) -> tuple[str, str]:
    titles = {
        "limits": (_("How often"), _("Add a limit")),
        "slots": (_("What must be known"), _("Add a question")),
        "lookups": (_("What is looked up"), _("Add a look-up")),
        "let": (_("What is worked out"), _("Add a value")),
        "rules": (_("Rules"), _("Add a rule")),
        "human_when": (_("When a person decides"), _("Add a case for a person")),
        "confirm": (_("What the customer agrees to"), _("Ask for agreement")),
        "do": (_("What is done"), _("Add a step")),
        "done": (_("How it ends"), _("Add an ending")),
        "undo": (_("Taking it back"), _("Let it be taken back")),
        "offer": (_("Afterwards"), _("Offer something next")),
    }
    return titles.get(key, (key, _("Add")))
