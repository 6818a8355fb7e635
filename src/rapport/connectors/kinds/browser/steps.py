"""Robotic steps as an administrator writes them: what is opened, filled in and read, and which step commits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rapport.connectors.contracts import ActionEffect
from rapport.connectors.declared import ARGUMENT_NAME
from rapport.connectors.forms import read_entries, read_yaml
from rapport.connectors.placeholders import PLACEHOLDER, first_names
from rapport.kernel.errors import InvalidInput

TARGETS = ("label", "button", "link", "text", "placeholder", "field", "css")
"""How a thing on the page is named: as people see it, by the name of a form's field, or by a selector."""
KINDS = {
    "open": frozenset[str](),
    "fill": frozenset({"with"}),
    "choose": frozenset({"option"}),
    "tick": frozenset[str](),
    "click": frozenset[str](),
    "press": frozenset({"key"}),
    "wait_for": frozenset[str](),
    "expect": frozenset[str](),
    "refuse_if": frozenset({"code"}),
    "read": frozenset({"into"}),
    "download": frozenset({"into"}),
}
"""Steps, with what each needs besides its target."""
COMMITTING = frozenset({"click", "press"})
SECRETS = ("user", "secret")
"""Placeholders of the credential: only when signing in."""
OWN_VALUES = ("customer", "language", "key", *SECRETS)
MAX_STEPS, MAX_ACTIONS = 60, 40
KEYS = frozenset(
    {"Enter", "Tab", "Escape", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12"}
)
_FIELD = re.compile(r"[A-Za-z0-9_.:\[\]-]{1,80}", re.ASCII)
_FRAME = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)
_ACTION = {"title", "effect", "personal", "sign_in", "steps", "find", "found", "owner", "guard"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the robot does."""

    kind: str
    """One of `KINDS`."""
    by: str = ""
    """One of `TARGETS`; empty where the step needs none."""
    target: str = ""
    value: str = ""
    """An address, what is filled in, an option, a key, a refusal's code."""
    into: str = ""
    """Name of the result."""
    frame: str = ""
    commits: bool = False
    """The one step that changes something outside."""
    accepts_dialog: bool = False
    """A question the page asks on the way is answered with yes."""

    @property
    def words(self) -> str:
        """The step in words, without values."""
        parts = [self.kind.replace("_", " "), self.by, repr(self.target) if self.target else ""]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Routine:
    """One action: its steps and what is known of them."""

    name: str
    title: str
    effect: ActionEffect
    is_personal: bool
    signs_in: bool
    steps: tuple[Step, ...]
    find: str = ""
    found: str = ""
    owner: str = ""
    guard: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names a procedure fills."""
        return tuple(name for name in self.names if name not in OWN_VALUES)

    @property
    def names(self) -> tuple[str, ...]:
        """First name of every placeholder, each once, in order."""
        texts = (text for step in self.steps for text in (step.target, step.value))
        return tuple(dict.fromkeys(name for text in texts for name in first_names(text)))

    @property
    def results(self) -> tuple[str, ...]:
        """Names of what is read."""
        return tuple(dict.fromkeys(s.into for s in self.steps if s.into and s.kind == "read"))


def read_routines(text: str, *, can_sign_in: bool) -> dict[str, Routine]:
    """The actions in a YAML text, by name. Raises InvalidInput."""
    found = read_entries(text, "actions", MAX_ACTIONS)
    return {name: _routine(name, kept, can_sign_in=can_sign_in) for name, kept in found.items()}


def read_sign_in(text: str) -> tuple[Step, ...]:
    """The steps of signing in; none for an empty text. Raises InvalidInput."""
    if not text.strip():
        return ()
    steps = _steps(read_yaml(text, "sign_in"), "sign_in")
    wrong = [name for step in steps for name in _names(step) if name not in SECRETS]
    if wrong or any(step.commits or step.into for step in steps):
        raise InvalidInput(
            "Signing in knows {user} and {secret}, and reads and commits nothing.", field="sign_in"
        )
    if any(name == "secret" and step.kind != "fill" for step in steps for name in _names(step)):
        raise InvalidInput("{secret} is only filled into a field.", field="sign_in")
    return steps


def _routine(name: str, kept: Any, *, can_sign_in: bool) -> Routine:
    if not ARGUMENT_NAME.fullmatch(name):
        raise _wrong(name, "small letters, digits and underscores")
    if not isinstance(kept, dict) or set(kept) - _ACTION:
        raise _wrong(name, f"of {', '.join(sorted(_ACTION))}")
    effects = [effect.value for effect in ActionEffect]
    if kept.get("effect", "write") not in effects:
        raise _wrong(f"{name}.effect", f"one of {', '.join(effects)}")
    for flag in ("personal", "sign_in"):
        if not isinstance(kept.get(flag, True), bool):
            raise _wrong(f"{name}.{flag}", "true or false")
    steps = _steps(kept.get("steps"), f"{name}.steps")
    if any(secret in _names(step) for step in steps for secret in SECRETS):
        raise _wrong(f"{name}.steps", "{user} and {secret} are only for signing in")
    effect = ActionEffect(kept.get("effect", "write"))
    committing = [n for n, step in enumerate(steps) if step.commits]
    if effect is ActionEffect.READ and committing:
        raise _wrong(f"{name}.steps[{committing[0]}]", "an action that reads has no step that commits")
    if effect is not ActionEffect.READ and len(committing) != 1:
        raise _wrong(f"{name}.steps", "exactly one step has `commits: true`")
    texts = {field: str(kept.get(field) or "") for field in ("find", "found", "owner", "guard")}
    return Routine(
        name, str(kept.get("title") or name), effect, kept.get("personal", True),
        can_sign_in and kept.get("sign_in", True), steps, **texts,
    )  # fmt: skip


def _steps(kept: Any, where: str) -> tuple[Step, ...]:
    if not isinstance(kept, list) or not 1 <= len(kept) <= MAX_STEPS:
        raise _wrong(where, f"a list of 1 to {MAX_STEPS} steps")
    return tuple(_step(one, f"{where}[{n}]") for n, one in enumerate(kept))


def _step(kept: Any, where: str) -> Step:
    kinds = [kind for kind in kept if kind in KINDS] if isinstance(kept, dict) else []
    if len(kinds) != 1 or set(kept) - {kinds[0], "commits", "dialog", "frame"}:
        raise _wrong(where, f"one of {', '.join(KINDS)}, and perhaps `commits`, `dialog` and `frame`")
    kind, given = kinds[0], kept[kinds[0]]
    commits, frame = kept.get("commits") is True, str(kept.get("frame") or "")
    if commits and kind not in COMMITTING:
        raise _wrong(where, f"only {' or '.join(sorted(COMMITTING))} commits")
    if kept.get("dialog", "dismiss") not in {"accept", "dismiss"} or (frame and not _FRAME.fullmatch(frame)):
        raise _wrong(where, "`dialog` is accept or dismiss, `frame` the name of a frame")
    accepts = kept.get("dialog") == "accept"
    if kind == "open":
        return Step("open", value=_address(given, where), frame=frame)
    if kind == "press" and isinstance(given, str):
        given = {"key": given}
    if not isinstance(given, dict):
        raise _wrong(where, f"`{kind}` holds one of {', '.join(TARGETS)}")
    return _targeted(
        kind, given, f"{where}.{kind}", Step(kind, frame=frame, commits=commits, accepts_dialog=accepts)
    )


def _targeted(kind: str, given: Mapping[str, Any], where: str, step: Step) -> Step:
    named = [by for by in TARGETS if by in given]
    needed = KINDS[kind]
    if set(given) - set(TARGETS) - needed or needed - set(given) or len(named) > 1:
        raise _wrong(
            where, f"holds one of {', '.join(TARGETS)}" + "".join(f", and `{n}`" for n in sorted(needed))
        )
    if not named and kind != "press":
        raise _wrong(where, f"names its target by one of {', '.join(TARGETS)}")
    by = named[0] if named else ""
    target = str(given[by]) if by else ""
    if by and (not target or len(target) > 300):
        raise _wrong(where, "the target is a text of at most 300 characters")
    if by in {"css", "field"} and PLACEHOLDER.search(target):
        raise _wrong(where, f"no placeholder in `{by}`: it could become another selector")
    if by == "field" and not _FIELD.fullmatch(target):
        raise _wrong(where, "the name of a field of the form")
    value = str(next((given[name] for name in ("with", "option", "key", "code") if name in given), ""))
    if kind == "press" and value not in KEYS:
        raise _wrong(where, f"a key: {', '.join(sorted(KEYS))}")
    into = str(given.get("into") or "")
    if "into" in needed and not ARGUMENT_NAME.fullmatch(into):
        raise _wrong(where, "`into` is a name of small letters")
    if (kind == "download") is not (into == "file"):
        raise _wrong(where, "what is downloaded, and nothing else, goes into `file`")
    if kind == "refuse_if" and not ARGUMENT_NAME.fullmatch(value):
        raise _wrong(where, "`code` is a name of small letters")
    return Step(kind, by, target, value, into, step.frame, step.commits, step.accepts_dialog)


def _address(given: Any, where: str) -> str:
    if not isinstance(given, str) or not re.match(r"/(?!/)|https?://[^/{}]+/", given):
        raise _wrong(where, "a path as /returns/new, or a whole address whose host holds no placeholder")
    return given


def _names(step: Step) -> Iterator[str]:
    yield from first_names(step.target)
    yield from first_names(step.value)


def _wrong(where: str, what: str) -> InvalidInput:
    field = "sign_in" if where.startswith("sign_in") else "actions"
    return InvalidInput(f"{where}: {what}.", field=field)
