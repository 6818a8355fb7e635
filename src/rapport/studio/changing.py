"""What the page asks to be changed, done to the draft's document."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.kernel.errors import InvalidInput
from rapport.procedures import api as procedures
from rapport.studio.contracts import DraftInfo
from rapport.studio.forms import digest_of_form, sections
from rapport.studio.logic.cards import MAPPINGS, free_name, kind_at, list_blocks, walk
from rapport.studio.logic.fields import properties_of
from rapport.studio.logic.merging import rewrite
from rapport.studio.logic.renaming import rename_everywhere
from rapport.studio.logic.rows import FormReader
from rapport.studio.logic.tree import Edit, NoSuchPlace, Path, apply, copied, exists, find, pointer, resolve
from rapport.studio.offers import readable
from rapport.studio.reading import language_keys, read_source
from rapport.studio.services import WINDOW, Stale, save_draft
from rapport.studio.starting import fit_type, new_entry

NAMED = {"slot": "slots", "lookup": "lookups", "value": "let"}


@dataclass(frozen=True, slots=True)
class Changed:
    """The draft after a change."""

    draft: DraftInfo
    selected: str | None
    """The card whose form is open."""
    redraws: bool
    """Whether the form has to be drawn anew."""


def is_known_step(kind: str) -> bool:
    """Whether the language has steps of a kind."""
    return kind == "action" or properties_of(kind, procedures.make_schema()) is not None


def change_draft(draft: DraftInfo, post: QueryDict) -> Changed:
    """Save the open form, then do what was asked besides.

    Raises NoSuchPlace, InvalidInput, and Stale where what the form shows was changed in another window.
    """
    data = read_source(draft.source)
    if data is None:
        raise InvalidInput(_("The text cannot be read; put it right under Source first."))
    selected = post.get("card")
    document, what = copied(data), ""
    if selected is not None and "#form" in post:
        is_own = draft.place == _place_of(selected, post)
        document, selected, what = _save_form(document, selected, post, is_own=is_own)
    place, redraws = _place_of(selected or "", post), False
    do = post.get("do", "")
    if do:
        document, selected, told = _act(document, do, post, selected)
        what, place, redraws = told or what, "", True
    source = write_back(draft.source, document)
    changed = save_draft(draft, source=source, what=what or _("Changed"), place=place)
    return Changed(changed, selected, redraws or post.get("redraw") == "1")


def write_back(source: str, document: Any) -> str:
    """The document as text in canonical form, as near to the former text as can be."""
    text = rewrite(source, document)
    if _shape(read_source(source)) == _shape(document):
        return text
    try:
        return procedures.format_definition(text)
    except procedures.NotFormatted:
        return text


def _shape(node: Any) -> Any:
    """The keys of a document without its texts: as long as it stays, keys are in order."""
    if isinstance(node, Mapping):
        return [(key, _shape(value)) for key, value in node.items()]
    return [_shape(value) for value in node] if isinstance(node, list) else None


def _place_of(selected: str, post: QueryDict) -> str:
    """The part that is changed, and by which window: a window knows what it has changed itself."""
    window = post.get("#window", "")
    return f"{selected}:{window}" if WINDOW.fullmatch(window) else selected


def _save_form(
    document: dict[str, Any], selected: str, post: QueryDict, *, is_own: bool
) -> tuple[Any, str, str]:
    path = resolve(document, selected)
    if path and path not in [card.path for card in walk(list_blocks(document, language_keys()))]:
        raise NoSuchPlace(_("This card is gone; it was deleted in another window."))
    old = find(document, path) if path else document
    kind = kind_at(path, document)
    reader = FormReader(sections(), {key: post.getlist(key) for key in post})
    new = reader.part(kind, old, "") if kind == "line" else reader.section(kind, old)
    if kind == "slot" and isinstance(old, Mapping) and new.get("type") != old.get("type"):
        slots = document["slots"]
        new = fit_type(new, {key: slots[key] for key in list(slots)[: list(slots).index(path[-1])]})
    name = (post.get("@name") or "").strip()
    is_renamed = bool(kind in NAMED and name and name != path[-1])
    opened = post.get("#opened", "")
    if opened and not is_own and (new != old or is_renamed) and opened != digest_of_form(kind, old):
        raise Stale(selected=selected)
    changed = apply(document, Edit("set", path, new))
    if is_renamed:
        if name in (changed.get(NAMED[kind]) or {}):
            raise InvalidInput(_("There is already something called %(name)s.") % {"name": name})
        changed = rename_everywhere(changed, NAMED[kind], str(path[-1]), name)
        path = (*path[:-1], name)
    return changed, pointer(path), _("Changed %(what)s") % {"what": _called(path)}


def _called(path: Path) -> str:
    return (
        readable(str(path[-1]))
        if path and not isinstance(path[-1], int)
        else _("a card")
        if path
        else _("the start")
    )


def _act(
    document: dict[str, Any], do: str, post: QueryDict, selected: str | None
) -> tuple[Any, str | None, str]:
    """One structural change: ``verb`` or ``verb:pointer`` (below the open card)."""
    verb, _colon, target = do.partition(":")
    below = f"{selected}/{target}" if selected and target else target or post.get("at", "")
    path = resolve(document, below)
    match verb:
        case "add":
            return _add(document, post)
        case "add_part":
            return _add_part(document, path, post, selected)
        case "delete":
            return _delete(document, path, post, selected)
        case "up" | "down":
            return _move(document, path, -1 if verb == "up" else 1, selected)
        case "to":
            return _move_to(document, path, int(post.get("index", "0")), selected)
        case "duplicate":
            return _duplicate(document, path)
        case "tones":
            return _tones(document, path, selected)
        case "copy_en":
            return _copy_english(document, path, selected)
        case "wording":
            return _add_wording(document, path, (post.get("code") or "").strip(), selected)
        case _:
            raise InvalidInput(_("Nothing was changed."))


def _add(document: dict[str, Any], post: QueryDict) -> tuple[Any, str, str]:
    kind, index = post.get("kind", ""), int(post.get("index", "0"))
    into = resolve(document, post.get("into", ""))
    single = {"confirmation": "confirm", "undo": "undo", "offer": "offer"}.get(kind)
    if single:
        _name, value = new_entry(kind, [])
        if kind == "offer":
            others = [n for n in procedures.load_book() if n != document.get("procedure")]
            value = others[:1]
        return apply(document, Edit("set", (single,), value)), single, _("Added")
    holder = find(document, into)
    if into == ("done",) and isinstance(holder, Mapping):
        document = apply(document, Edit("set", into, [{"say": dict(holder)}]))
    taken = (
        [str(item.get("name", "")) for item in holder if isinstance(item, dict)]
        if isinstance(holder, list)
        else list(holder or {})
    )
    key, value = new_entry(kind, taken + list(document.get("slots") or {}) + list(document.get("let") or {}))
    if into[0] in MAPPINGS:
        path: Path = (*into, key)
        changed = apply(document, Edit("insert", path, value, index))
    else:
        if not isinstance(find(document, into), list):
            document = apply(document, Edit("set", into, []))
        path = (*into, index)
        changed = apply(document, Edit("insert", path, value, index))
    return changed, pointer(path), _("Added %(what)s") % {"what": _called(path)}


def _add_part(
    document: Any, path: Path, post: QueryDict, selected: str | None
) -> tuple[Any, str | None, str]:
    """Another entry at the end of a list within a card."""
    holder = find(document, path)
    items = holder if isinstance(holder, list) else []
    taken = [str(item.get("value", "")) for item in items if isinstance(item, Mapping)]
    _key, value = new_entry(post.get("part", ""), taken)
    if post.get("part") == "line" and path[:1] == ("confirm",):
        value = {"en": "This is what will happen"}
    return apply(document, Edit("set", path, [*items, value])), selected, _("Added an entry")


def _delete(document: Any, path: Path, post: QueryDict, selected: str | None) -> tuple[Any, str | None, str]:
    if not path:
        raise NoSuchPlace(_("The start cannot be deleted."))
    _check_count(document, path, post)
    changed = apply(document, Edit("delete", path))
    parent = find(changed, path[:-1])
    if len(path) > 1 and parent in ([], {}) and path[:-1] != ("do",):
        changed = apply(changed, Edit("delete", path[:-1]))
    elif path[:-1] == ("do",) and parent == []:
        changed = apply(changed, Edit("delete", ("do",)))
    is_open = selected is not None and (selected == pointer(path) or selected.startswith(f"{pointer(path)}/"))
    return changed, None if is_open else selected, _("Deleted %(what)s") % {"what": _called(path)}


def _check_count(document: Any, path: Path, post: QueryDict) -> None:
    """A page that shows another number of neighbours is not up to date."""
    count = post.get("count")
    holder = find(document, path[:-1])
    if count and isinstance(holder, (list, dict)) and str(len(holder)) != count:
        raise NoSuchPlace(_("This was changed in another window; load the page again."))


def _place(document: Any, path: Path) -> tuple[int, int]:
    holder = find(document, path[:-1])
    if isinstance(holder, list):
        return int(path[-1]), len(holder)
    keys = list(holder or {})
    if path[-1] not in keys:
        raise NoSuchPlace(_("This card is gone."))
    return keys.index(path[-1]), len(keys)


def _move(document: Any, path: Path, by: int, selected: str | None) -> tuple[Any, str | None, str]:
    index, _count = _place(document, path)
    return _move_to(document, path, index + by, selected)


def _move_to(document: Any, path: Path, wanted: int, selected: str | None) -> tuple[Any, str | None, str]:
    index, count = _place(document, path)
    target = max(0, min(wanted, count - 1))
    changed = apply(document, Edit("move", path, index=target))
    if isinstance(path[-1], int) and selected == pointer(path):
        selected = pointer((*path[:-1], target))
    elif selected is not None and isinstance(path[-1], int) and target != index:
        selected = _followed(selected, path[:-1], index, target)
    return changed, selected, _("Moved %(what)s") % {"what": _called(path)}


def _followed(selected: str, holder: Path, index: int, target: int) -> str:
    """The pointer of an open card after a neighbour has moved past it."""
    start = f"{pointer(holder)}/"
    head, _slash, rest = selected.removeprefix(start).partition("/")
    if not selected.startswith(start) or not head.isdecimal():
        return selected
    place = int(head)
    if place == index:
        place = target
    elif index < place <= target:
        place -= 1
    elif target <= place < index:
        place += 1
    return f"{start}{place}" + (f"/{rest}" if rest else "")


def _duplicate(document: Any, path: Path) -> tuple[Any, str, str]:
    index, _count = _place(document, path)
    value = copy.deepcopy(find(document, path))
    holder = find(document, path[:-1])
    if isinstance(holder, dict):
        taken = [*holder, *(document.get("slots") or {}), *(document.get("let") or {})]
        copied: Path = (*path[:-1], free_name(str(path[-1]), taken))
    else:
        if isinstance(value, dict) and "name" in value:
            value["name"] = free_name(
                str(value["name"]), [str(i.get("name")) for i in holder if isinstance(i, dict)]
            )
        copied = (*path[:-1], index + 1)
    changed = apply(document, Edit("insert", copied, value, index + 1))
    return changed, pointer(copied), _("Duplicated %(what)s") % {"what": _called(path)}


def _tones(document: Any, path: Path, selected: str | None) -> tuple[Any, str | None, str]:
    """One text for both tones becomes two, or two become one."""
    held = find(document, path)
    new: Any = (
        held.get("formal", "")
        if isinstance(held, Mapping)
        else {"formal": held or "", "informal": held or ""}
    )
    return apply(document, Edit("set", path, new)), selected, _("Changed the tones")


def _copy_english(document: Any, path: Path, selected: str | None) -> tuple[Any, str | None, str]:
    words = find(document, path[:-1])
    english = words.get("en") if isinstance(words, Mapping) else None
    if not english:
        raise InvalidInput(_("There is no English text to copy."))
    return apply(document, Edit("set", path, copy.deepcopy(english))), selected, _("Copied the English text")


def _add_wording(document: Any, path: Path, code: str, selected: str | None) -> tuple[Any, str | None, str]:
    if not code:
        raise InvalidInput(_("Enter the code the system refuses with."))
    if exists(document, (*path, code)):
        raise InvalidInput(_("There is already a text for that code."))
    words = {"en": "I am sorry, that is not possible."}
    return apply(document, Edit("set", (*path, code), words)), selected, _("Added a text")
