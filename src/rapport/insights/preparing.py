"""The draft of a procedure from a stored group: composed, written with its origin, checked."""

from __future__ import annotations

from collections.abc import Collection

from rapport.accounts import api as accounts
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect
from rapport.insights import wording
from rapport.insights.contracts import Evidence, Kind, Part, ProcedureDraft
from rapport.insights.logic.definition_text import write_definition
from rapport.insights.logic.drafting import Composed, House, Wish, compose, name_of
from rapport.insights.queries import Example, IssueInfo, distinct_examples
from rapport.kernel.errors import Conflict
from rapport.kernel.languages import LANGUAGE_NAMES
from rapport.procedures import api as procedures
from rapport.studio import api as studio

_EXAMPLES_IN_TEXT = 3
_TEAM_SHARE = 0.5


def prepare(issue: IssueInfo, taken: Collection[str] = ()) -> ProcedureDraft:
    """A definition that passes the check; without the actions where it would not with them.

    Raises: Conflict: the group has a procedure already, so that nothing new is to be drafted.
    """
    if issue.kind is not Kind.NEW:
        raise Conflict("There is a procedure for this already; change that one.")
    known = {p.name for p in procedures.list_procedures("en")} | set(taken)
    titles = {lang: title for lang, title in issue.titles.items() if lang in LANGUAGE_NAMES}
    name = name_of(titles.get("en") or next(iter(titles.values()), ""), known)
    wish = Wish(name, titles, issue.evidence, _answers(issue), _team(issue.evidence))
    house = _house()
    for with_actions in (True, False):
        composed = compose(wish, house, with_actions=with_actions)
        source = _written(issue, composed)
        problems = studio.find_problems(source, name)
        if not problems:
            break
    assert not problems, problems
    used = () if with_actions else tuple(use.action for use in issue.evidence.actions)
    return ProcedureDraft(name, source, "", _with_examples(issue, composed.parts), composed.dropped or used)


def _house() -> House:
    changing = [a for a in connectors.list_actions() if a.effect is not ActionEffect.READ]
    return House(
        types=connectors.list_record_types(),
        actions={a.name: a.arguments for a in changing},
        personal_actions=frozenset(a.name for a in changing if a.is_personal),
        kinds=wording.kinds(),
        texts={name: wording.text(name) for name in ("confirm", "done", "person")},
    )


def _team(seen: Evidence) -> str:
    if not seen.teams or seen.teams[0][1] < _TEAM_SHARE * seen.conversations:
        return ""
    keys = {int(team.id): team.key for team in accounts.list_teams()}
    return keys.get(seen.teams[0][0], "")


def _answers(issue: IssueInfo) -> dict[str, tuple[str, int]]:
    """The usual replies, but for those from which something personal was taken out."""
    return {
        e.language: (e.answer, e.answer_count)
        for e in issue.examples
        if e.answer and "[" not in e.answer and e.language in LANGUAGE_NAMES
    }


def _with_examples(issue: IssueInfo, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    kept = sum(len(found) for found in distinct_examples(issue).values())
    return (Part("examples", "", kept, len(issue.examples)), *parts)


def _written(issue: IssueInfo, composed: Composed) -> str:
    of = issue.evidence.conversations
    head = [
        f"Prepared from {of} conversations (issue {issue.id}) that no procedure solved.",
        "Read every line before you publish it.",
        "Customers wrote:",
        *(_example(e) for found in distinct_examples(issue, most=_EXAMPLES_IN_TEXT).values() for e in found),
    ]
    notes: dict[tuple[str, ...], str] = {
        ("title",): "The words that are frequent here and rare elsewhere. Say it better."
    }
    for part in composed.parts:
        if part.what == "slot" and part.count:
            notes["slots", part.name] = f"Asked for or given in {part.count} of {part.of} conversations."
        elif part.what == "slot":
            notes["slots", part.name] = "What the action below needs."
        elif part.what == "action":
            notes["do",] = f"Colleagues did this in {part.count} of {part.of} conversations."
        elif part.what == "answer":
            notes["done",] = (
                f"As colleagues replied in {part.count} of {part.of} conversations; personal data are left out."
            )
        elif part.what == "person":
            notes["do",] = "Colleagues carried out nothing here that could be taken over: a person goes on."
        elif part.what == "suggestion":
            head += [f"Colleagues closed {part.count} of {part.of} conversations with:", *_replies(issue)]
    return write_definition(composed.document, head, notes)


def _replies(issue: IssueInfo) -> list[str]:
    return [f"  {language}: {reply}" for language, (reply, _) in _answers(issue).items()]


def _example(example: Example) -> str:
    return f"  {example.language}: {example.text}"
