"""`rapport insights`: what customers keep asking for that no procedure does, and the draft of one that would."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from rapport.cli.contracts import Commands


def add_parsers(commands: Commands) -> None:
    """`insights` with its verbs."""
    parser = commands.add_parser("insights", help="requests that keep going unsolved, and drafts for them")
    verbs = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    issues = verbs.add_parser("issues", help="groups of unsolved conversations, the largest first")
    issues.add_argument(
        "--look", action="store_true", help="look at the conversations now, not at the last survey"
    )
    issues.add_argument("--days", type=int, default=28, help="length of the period, with --look")
    issues.add_argument("--json", action="store_true", help="for programs")
    issues.set_defaults(run=run_issues)
    draft = verbs.add_parser("draft", help="print the procedure prepared from a group")
    draft.add_argument("issue", type=int)
    draft.set_defaults(run=run_draft)


def run_issues(options: argparse.Namespace) -> int:
    """Print the groups; the first time, or when asked, after looking."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.insights import api as insights

    if options.look or insights.latest_survey() is None:
        bootstrap.surveyor().look(options.days)
    survey = insights.latest_survey()
    assert survey is not None, "just made"
    rows = [_row(issue) for issue in insights.list_issues()]
    if options.json:
        head = {
            "at": survey.at.isoformat(),
            "days": survey.days,
            "conversations": survey.conversations,
            "unsolved": survey.unsolved,
        }
        sys.stdout.write(json.dumps({**head, "issues": rows}, ensure_ascii=False, indent=2) + "\n")
        return 0
    sys.stdout.write(
        f"{survey.days} days until {survey.at:%Y-%m-%d}: {survey.conversations} conversations, "
        f"{survey.unsolved} that no procedure solved.\n"
    )
    for row in rows:
        about = row["procedure"] or next(iter(row["titles"].values()), "?")
        spoken = ", ".join(f"{code} {count}" for code, count in row["languages"].items())
        sys.stdout.write(
            f"{row['id']:5d}  {row['count']:4d} (before {row['before']})  {row['kind']:<8} {about}  [{spoken}]\n"
        )
    if not rows:
        sys.stdout.write("No group of five or more.\n")
    return 0


def _row(issue: Any) -> dict[str, Any]:
    return {
        "id": issue.id,
        "kind": issue.kind.value,
        "procedure": issue.procedure,
        "titles": issue.titles,
        "count": issue.count,
        "before": issue.count_before,
        "share": round(issue.share, 4),
        "languages": issue.languages,
        "agent_messages": issue.agent_messages,
        "agent_minutes": issue.agent_minutes,
        "examples": [example.text for example in issue.examples[:5]],
    }


def run_draft(options: argparse.Namespace) -> int:
    """Print the definition, its origin above each part."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.insights import api as insights

    draft = insights.prepare(insights.find_issue(options.issue))
    sys.stdout.write(draft.source)
    for action in draft.dropped:
        sys.stderr.write(f"Not taken over: {action}\n")
    return 0
