"""Train the name tagger: `python -m evals.personal_data.training [--sentences N] [--epochs N] [--out FILE]`.

Averaged structured perceptron with a margin (Collins 2002; the margin as in cost-augmented decoding) on generated
sentences and on the demonstration's own articles, which hold no names. Needs the embeddings extra for spelling classes
and clusters, and the package Faker for lists of names.
"""

# ruff: noqa: T201 - a command
from __future__ import annotations

import argparse
import hashlib
import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import yaml

from evals.personal_data.generating import Generator, Lists, Sentence, read_templates
from evals.personal_data.vocabulary import all_spellings, small_words, word_clusters
from rapport.governance.personal_data import finding
from rapport.governance.personal_data.tagging import features, lexicon, tagger
from rapport.governance.personal_data.tagging.tokens import Token, has_case, tokenize

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/rapport/governance/personal_data/data/tagger.npz"
ARTICLES = ROOT / "demo/articles"
WORDING = ROOT / "src/rapport/assistant/wording.yaml"
HIDDEN_SHARE = 0.4
"""Share of marked stretches whose words the lists pretend not to know, so that form and context are learned."""
PAD_PLACE = features.TABLE
"""A row that stays zero: words have different numbers of features."""
MARGIN = 4.0
MISS_COST = 1.0
SMALLEST = 5
"""Weights of less than this, of 127, change nothing that can be measured, and make up most of the file."""


@dataclass(frozen=True, slots=True)
class Example:
    """Places of features, shape (tokens, features), and gold labels."""

    places: np.ndarray
    labels: np.ndarray


def main() -> None:
    """Generate, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=60_000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=23)
    parser.add_argument("--models", type=int, default=6, help="trained on different sentences, then averaged")
    parser.add_argument("--workers", type=int, default=2, help="models trained at the same time, 0.5 GB each")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--repack", action="store_true", help="only renew the word lists of OUT")
    arguments = parser.parse_args()
    if arguments.repack:
        print(repack(arguments.out))
        return
    lists = Lists()
    table = lexicon.build(lists.bits(), all_spellings(), word_clusters())
    seeds = range(arguments.seed, arguments.seed + arguments.models)
    learn = partial(_learn, lists, table, arguments.sentences, arguments.epochs)
    with ProcessPoolExecutor(arguments.workers) as pool:
        found = list(pool.map(learn, seeds))
    weights = sum(model[0] for model in found) / arguments.models
    transitions = sum(model[1] for model in found) / arguments.models
    digest = write(arguments.out, table, weights, transitions.astype(np.float32))
    print(f"{arguments.out.name}: {arguments.out.stat().st_size} bytes, sha256 {digest}")


def _learn(
    lists: Lists, table: dict[str, np.ndarray], sentences: int, epochs: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and transitions of the model of one seed."""
    words = lexicon.Lexicon(table["keys"], table["bits"], table["spelling"], table["clusters"])
    generator = Generator(lists, small_words(), seed, read_templates())
    made = [*(generator.draw() for _ in range(sentences)), *_articles()]
    return train(list(_examples(made, words, random.Random(seed))), epochs, seed)  # noqa: S311 - no secret


def repack(path: Path) -> str:
    """Put new word lists beside the weights that a file holds: for lists that only grew a little."""
    with np.load(path, allow_pickle=False) as file:
        weights = np.zeros((int(file["rows"]), len(tagger.LABELS)), np.float32)
        weights[file["places"]] = file["weights"].astype(np.float32) * float(file["scale"])
        transitions = file["transitions"]
    return write(path, lexicon.build(Lists().bits(), all_spellings(), word_clusters()), weights, transitions)


def train(examples: list[Example], epochs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Averaged weights, shape (table, labels), and transitions, shape (labels, labels)."""
    count = len(tagger.LABELS)
    weights = np.zeros((PAD_PLACE + 1, count), np.float32)
    late = np.zeros((PAD_PLACE + 1, count), np.float64)
    moves, late_moves = _start_moves(), np.zeros((count, count))
    order, step = np.random.default_rng(seed), 1
    for epoch in range(epochs):
        began, wrong = time.perf_counter(), 0
        for place in order.permutation(len(examples)):
            example = examples[place]
            gold = example.labels
            rows = np.arange(len(gold))
            scores = weights[example.places].sum(axis=1)
            scores += MARGIN
            scores[rows, gold] -= MARGIN
            scores[gold > 0, 0] += MISS_COST
            found = np.array(tagger.best_path(scores, moves))
            bad = np.flatnonzero(found != gold)
            if len(bad):
                wrong += 1
                for token in bad:
                    spots = example.places[token]
                    np.add.at(weights, (spots, gold[token]), 1)
                    np.add.at(weights, (spots, found[token]), -1)
                    np.add.at(late, (spots, gold[token]), step)
                    np.add.at(late, (spots, found[token]), -step)
                weights[PAD_PLACE] = late[PAD_PLACE] = 0
                for path, sign in ((gold, 1), (found, -1)):
                    np.add.at(moves, (path[:-1], path[1:]), sign)
                    np.add.at(late_moves, (path[:-1], path[1:]), sign * step)
            step += 1
        print(
            f"epoch {epoch + 1}: {wrong / len(examples):.4f} touched, {time.perf_counter() - began:.0f} s",
            flush=True,
        )
    return (weights - late / step)[:PAD_PLACE], (moves - late_moves / step).astype(np.float32)


def write(path: Path, table: dict[str, np.ndarray], weights: np.ndarray, transitions: np.ndarray) -> str:
    """The weights as bytes, small ones dropped, keys as their differences; returns the file's SHA-256."""
    top = float(np.percentile(np.abs(weights[np.abs(weights) > 0.5]), 99.8))
    scale = top / 127
    small = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
    small[np.abs(small) < SMALLEST] = 0
    places = np.flatnonzero(small.any(axis=1)).astype(np.int32)
    gaps = np.diff(table["keys"], prepend=np.uint32(0)).astype(np.uint32)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            gaps=gaps.view(np.uint8).reshape(-1, 4).T.copy(),
            bits=table["bits"],
            spelling=table["spelling"],
            clusters=table["clusters"],
            places=places,
            weights=small[places],
            transitions=transitions,
            rows=np.int64(len(weights)),
            scale=np.float64(scale),
        )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _examples(made: list[Sentence], words: lexicon.Lexicon, chance: random.Random) -> Iterator[Example]:
    cache: dict[tuple[str, int], features.WordFeatures] = {}
    pad = features.describe_word(tagger.PAD, lexicon.UNKNOWN)
    for sentence in made:
        tokens = tokenize(sentence.text, finding.known_stretches(finding.find_forms(sentence.text)))
        if not tokens:
            continue
        hidden_share = HIDDEN_SHARE if has_case(tokens) else HIDDEN_SHARE / 2
        hidden = {span[0] for span in sentence.spans if span[2] != "NRP" and chance.random() < hidden_share}
        labels = np.zeros(len(tokens), np.int64)
        found = [pad] * features.WINDOW
        for place, token in enumerate(tokens):
            span = next((s for s in sentence.spans if s[0] < token.end and token.start < s[1]), None)
            mode = 0
            if span:
                begins = place == 0 or not (span[0] < tokens[place - 1].end and labels[place - 1])
                labels[place] = tagger.LABELS.index(
                    f"{'B' if begins or tokens[place - 1].end <= span[0] else 'I'}-{span[2]}"
                )
                mode = _mode(token, span, hidden, chance)
            key = (token.word, mode)
            if key not in cache:
                cache[key] = _describe(token.word, mode, words)
            found.append(cache[key])
        found += [pad] * features.WINDOW
        yield Example(_places(found), labels)


def _mode(token: Token, span: tuple[int, int, str], hidden: set[int], chance: random.Random) -> int:
    """0 as it is, 1 unknown to the name lists, 2 unknown altogether."""
    if span[0] not in hidden or not token.word[:1].isalpha():
        return 0
    return chance.choice((1, 2))


def _describe(word: str, mode: int, words: lexicon.Lexicon) -> features.WordFeatures:
    if mode == 0 or word[0] == "§":
        return features.look_up(word, words)
    bits, spelling, cluster = words.describe(word)
    kept = (
        lexicon.BIT["title"]
        | lexicon.BIT["org"]
        | lexicon.BIT["street"]
        | lexicon.BIT["unit"]
        | lexicon.BIT["calendar"]
    )
    is_kept = mode == 1 or bool(bits & kept)
    return features.describe_word(
        word, lexicon.Word(bits & kept, spelling if is_kept else 0, cluster if is_kept else 0)
    )


def _places(found: list[features.WordFeatures]) -> np.ndarray:
    n = len(found) - 2 * features.WINDOW
    pairs = features.combine([(f.coarse, f.identity, f.cluster) for f in found])
    rows = [np.concatenate([found[i + offset].places[offset] for offset in range(5)]) for i in range(n)]
    width = max(map(len, rows))
    filled = np.full((n, width), PAD_PLACE, np.int32)
    for i, row in enumerate(rows):
        filled[i, : len(row)] = row
    return np.concatenate([filled, pairs.astype(np.int32)], axis=1)


def _start_moves() -> np.ndarray:
    """Inside only after the beginning or inside of the same kind."""
    count = len(tagger.LABELS)
    moves = np.zeros((count, count), np.float32)
    for before in range(count):
        for after in range(2, count, 2):
            if before not in (after, after - 1):
                moves[before, after] = -1e4
    return moves


def _articles() -> Iterator[Sentence]:
    """Paragraphs of the demonstration's articles and the assistant's wording, without any mark."""
    for path in [*sorted(ARTICLES.rglob("*.yaml")), WORDING]:
        for text in _texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
            for piece in re.split(r"\n+", text):
                if 12 < len(piece) < 400 and not any("\u4e00" <= c <= "\u9fff" for c in piece):
                    yield Sentence(piece, ())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


if __name__ == "__main__":
    main()
