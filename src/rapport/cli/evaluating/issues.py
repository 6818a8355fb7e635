"""`rapport evaluate issues`: how pure and complete the groups of unsolved requests are."""

from __future__ import annotations

import argparse
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate issues --test F [--encoder e5|none] [--cache DIR] [--json OUT]`."""
    parser = kinds.add_parser("issues", help="groups of requests by meaning: V-measure, purity, labels found")
    parser.add_argument("--test", type=Path, required=True, help='JSON Lines of {"text", "label", "lang"?}')
    parser.add_argument("--encoder", choices=("e5", "none"), default="e5", help="none: words alone")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between evaluations")
    parser.add_argument("--json", type=Path, dest="out", help="where to write the figures")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Group the texts as a survey does, and compare with the labels."""
    import dataclasses
    import time

    from rapport.insights.grouping import LEAST
    from rapport.insights.logic.clustering import find_clusters
    from rapport.insights.logic.measuring import agree
    from rapport.insights.vectors import Space
    from rapport.kernel.languages import LANGUAGES
    from rapport.understanding.api import detect_language, load_panel
    from rapport.understanding.evaluation.rows import language_of, read_rows

    rows = read_rows(options.test, ("text", "label"))
    texts = [str(row["text"]) for row in rows]
    languages = [language_of(row) or detect_language(str(row["text"]), LANGUAGES, None)[0] for row in rows]
    panel = load_panel(() if options.encoder == "none" else ("e5",))
    if options.cache is not None:
        panel = panel.cached(options.cache)
    space = Space(panel.encoder("e5") if panel.names else None)
    started = time.process_time()
    clusters = find_clusters(space.vectors(texts, languages), space.threshold, space.join)
    groups = [0] * len(rows)
    for number, cluster in enumerate(clusters):
        for row in cluster.rows:
            groups[row] = number
    found = agree([str(row["label"]) for row in rows], groups, LEAST)
    figures = {k: round(v, 4) if isinstance(v, float) else v for k, v in dataclasses.asdict(found).items()}
    report = {
        "rows": len(rows),
        "space": space.encoder.id if space.encoder else "words",
        "least": LEAST,
        **figures,
        "found_share": round(found.found / max(1, found.labels), 4),
        "cpu_s": round(time.process_time() - started, 2),
    }
    write_report(report, options.out)
    return 0
