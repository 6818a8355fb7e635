"""`rapport report`: figures about how the service works."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

from rapport.cli.contracts import Commands
from rapport.kernel.errors import InvalidInput
from rapport.kernel.zones import find_zone

if TYPE_CHECKING:
    from rapport.reports.contracts import SelfService, Share

USUAL_DAYS = 28


def add_parsers(commands: Commands) -> None:
    """`report` and its kinds."""
    report = commands.add_parser("report", help="figures about how the service works")
    kinds = report.add_subparsers(dest="kind", required=True, metavar="KIND")
    kind = kinds.add_parser(
        "self-service", help="what customers get done without a person, and what it costs them"
    )
    kind.add_argument(
        "--from", dest="first", type=_day, help="first day, YYYY-MM-DD; without it the last 28 days"
    )
    kind.add_argument("--to", dest="last", type=_day, help="last day, included; without it today")
    kind.add_argument("--timezone", help="where days begin, such as Europe/Prague; without it TIME_ZONE")
    kind.add_argument("--inbox", type=int, help="id of one inbox; without it all")
    form = kind.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="every number, for programs")
    form.add_argument("--csv", action="store_true", help="one line a number, for spreadsheets")
    kind.set_defaults(run=run_self_service)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def run_self_service(options: argparse.Namespace) -> int:
    """Read what is new, then print the figures."""
    if options.timezone and find_zone(options.timezone) is None:
        raise InvalidInput(f"There is no time zone {options.timezone!r}.", field="timezone")
    from rapport import bootstrap

    config = bootstrap.set_up_django()
    zone = options.timezone or config.time_zone
    from rapport.kernel.clock import now
    from rapport.reports import api as reports
    from rapport.reports.contracts import Period

    last = options.last or reports.last_days(1, now(), zone).last
    first = options.first or last - dt.timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise InvalidInput("--from is later than --to.", field="from")
    reports.gather()
    report = reports.self_service(Period(first, last, zone), options.inbox)
    if options.json:
        sys.stdout.write(json.dumps(reports.as_json(report), ensure_ascii=False, indent=2) + "\n")
    elif options.csv:
        sys.stdout.write(reports.as_csv(report))
    else:
        sys.stdout.write(_in_words(report))
    return 0


def _in_words(report: SelfService) -> str:
    lines = [f"Self-service {report.period.first} to {report.period.last} ({report.period.zone})"]
    lines += [f"{report.contacts} contacts: " + ", ".join(f"{n} {o}" for o, n in report.outcomes.items()), ""]
    lines += [f"{f.metric.name:28} {_share(f.share)}   before {_share(f.before)}" for f in report.figures]
    lines.append(f"{'Automation':28} {_number(report.automation, 100)} %")
    lines += [f"{'Interactions per solved':28} {_number(report.interactions, 1)}", ""]
    lines.append(
        f"{'procedure':28} {'runs':>5}  {'done without a person':34} turns clicks fields minutes (median)"
    )
    for line in report.procedures:
        effort = [
            f"{line.effort[m].median:g}" if m in line.effort else "-" for m in ("turns", "clicks", "fields")
        ]
        minutes = f"{line.effort['seconds'].median / 60:.1f}" if "seconds" in line.effort else "-"
        cost = f"{effort[0]:>5} {effort[1]:>6} {effort[2]:>6} {minutes:>7}"
        lines.append(f"{line.name:28} {line.runs:>5}  {_share(line.share):34} {cost}")
    return "\n".join(lines) + "\n"


def _share(share: Share) -> str:
    if share.share is None or share.low is None or share.high is None:
        return f"too few ({share.count} of {share.of})"
    return f"{share.share:5.1%} ({share.count} of {share.of}; {share.low:.0%}-{share.high:.0%})"


def _number(value: float | None, times: float) -> str:
    return "too few" if value is None else f"{value * times:.1f}"
