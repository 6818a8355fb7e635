"""Why this answer, in plain words: for the customer in their language, for staff what would have changed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapport.assistant.logic.choosing import Candidate
from rapport.assistant.logic.filing import ABOUT, KEPT
from rapport.kernel.languages import pick
from rapport.procedures.contracts import RuleTrace

Texts = Mapping[str, Mapping[str, str]]
SHORT, FITTED = "article_short", "article_fitted"
PERSONAL, AGREED = "article_personal", "article_agreed"
"""Sentences about the wording of a quoted article: the short form; for this channel or tone; for this customer, by
facts of the service or by a profile they agreed to."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything an explanation may mention."""

    steps: Sequence[Candidate] = ()
    clicked: str = ""
    """Title of what was clicked; empty when words were read."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Procedures' and articles' titles."""
    records: Sequence[str] = ()
    known: Sequence[str] = ()
    failed_rules: Sequence[RuleTrace] = ()
    actions: Sequence[str] = ()
    handed_over: str = ""
    asks_identity: bool = False
    worded: Mapping[str, str] = field(default_factory=dict)
    """Articles quoted in a form of their own: slug to the form, as `SHORT`."""


def explain(texts: Texts, language: str, why: Grounds) -> dict[str, Any]:
    """``{"language", "text", "points"}``: one sentence each, the disclosure first and the appeal last."""

    def line(key: str, **values: object) -> str:
        return pick(texts[key], language).format(**values)

    points = [line("disclosure")]
    if why.clicked:
        points.append(line("chosen", title=why.clicked))
    elif any(c.reason == "clicked" for c in why.steps):
        points.append(line("form_sent"))
    points += [p for c in why.steps if (p := _about_step(c, why, line))]
    if why.asks_identity:
        points.append(line("identity"))
    if why.records:
        points.append(line("records", records=", ".join(why.records)))
    if why.known:
        points.append(line("known", slots=", ".join(why.known)))
    points += [line("rule_failed", rule=r.name.replace("_", " ")) for r in why.failed_rules]
    if why.actions:
        points.append(line("action_done", actions=", ".join(why.actions)))
    if why.handed_over:
        key = f"reason_{why.handed_over}"
        reason = pick(texts.get(key, texts["reason_other"]), language)
        points.append(line("person_needed", reason=reason))
    points.append(line("appeal"))
    return {"language": language, "text": " ".join(points[1:-1]) or points[0], "points": points}


def _about_step(step: Candidate, why: Grounds, line: Any) -> str:
    if step.reason == "clicked":
        return ""
    title = why.titles.get(step.target, step.target.replace("_", " "))
    percent = round(step.score * 100)
    match step.step:
        case "start":
            return str(line("understood", title=title, percent=percent))
        case "continue" if step.score > 0 and step.target:
            return str(line("answered_question", title=title))
        case "wake":
            return str(line("went_on", title=title))
        case "answer":
            said = str(line("from_article", title=title))
            return f"{said} {line(why.worded[step.target])}" if step.target in why.worded else said
        case "clarify":
            return str(line("unsure", percent=percent))
        case "reply" if step.target in {ABOUT, KEPT}:
            return str(line("file_kept"))
    return ""


def counterfactual(
    steps: Sequence[Candidate], failed: Sequence[RuleTrace], considered: Sequence[Candidate]
) -> str:
    """What would have led to another step, for staff."""
    if failed:
        return f"Had the rule “{failed[0].expression}” held, the procedure would have gone on."
    if not steps:
        return ""
    first = steps[0]
    other = next((c for c in considered if not c.is_allowed and c.target and c.target != first.target), None)
    if first.step == "start" and "threshold" in first.reason:
        runner_up = f" (next: {other.target}, {other.score:.0%})" if other else ""
        return (
            f"Below the calibrated threshold the customer would have been asked what they meant{runner_up}."
        )
    if first.step == "start" and "own confidence" in first.reason:
        return "Below the confidence asked of the language model the customer would have been asked what they meant."
    if first.step == "clarify":
        return f"Above the calibrated threshold “{first.target}” would have started without a question."
    if first.step == "answer":
        return "Below the relevance floor no article would have been shown, and a person offered."
    if first.step == "hand_over":
        return "Without this sign or wish the assistant would have gone on by itself."
    return ""
