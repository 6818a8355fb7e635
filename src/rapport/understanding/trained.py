"""A trained model: intents with calibrated probabilities, familiarity with known examples, sentiment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import AbstentionReason, IntentScore, ModelRef, TrainingReport
from rapport.understanding.encoders import Reading
from rapport.understanding.encoders.panel import MINILM, NAMES, QUICK, Panel, serves
from rapport.understanding.logic.cleaning import words
from rapport.understanding.logic.familiarity import likeliest
from rapport.understanding.logic.lexical import sketch
from rapport.understanding.logic.views import WORDS, Chain, Stage, View, plan_stages
from rapport.understanding.sentiment_model import SentimentModel

Floats = NDArray[np.float32]

OUT_OF_SCOPE = "out_of_scope"
LIKELY_RISK_FACTOR = 3
_REPLACES_DEARER = frozenset({MINILM})
_FEW_ROWS = 2000
_TOP = 10
_FAMILIARITY_WEIGHS = 0.3


def is_enough(name: str, rows: int) -> bool:
    """Whether an encoder makes dearer ones superfluous for the languages it serves: not where examples are few."""
    return name in _REPLACES_DEARER and rows > _FEW_ROWS


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the heads say of one text."""

    intents: tuple[IntentScore, ...]
    """Best first, at most ten."""
    abstention: AbstentionReason | None
    """None when the best intent is accepted."""
    familiarity: float
    """How much the text looks like taught ones; 0 is usual, below is stranger."""
    threshold: float
    """The probability that was asked of the best intent."""
    likely_threshold: float
    views: tuple[str, ...]
    """Which views were asked before it was sure."""


@dataclass(frozen=True)
class TrainedModel:
    """Everything inference needs, besides the encoders it was trained with."""

    version: str
    encoders: Mapping[str, str]
    """Id of each encoder by name; empty for words alone."""
    labels: tuple[str, ...]
    languages: frozenset[str]
    """Languages of the training texts."""
    rarities: Floats
    """Inverse document frequencies of the terms, shape ``(TERMS,)``."""
    views: Mapping[str, View]
    chains: Mapping[frozenset[str], Chain]
    """By the views of the last stage."""
    texts: tuple[str, ...]
    """The training texts, for showing which of them a message is like; redacted before they came here."""
    targets: tuple[int, ...]
    """The label of each training text, as its place in `labels`."""
    sentiment: SentimentModel
    report: TrainingReport

    @cached_property
    def encoder_id(self) -> str:
        """All encoders in one word; ``lexical`` for none."""
        return "+".join(self.encoders.values()) or "lexical"

    @cached_property
    def usual_words(self) -> int:
        """Nearly all taught texts are no longer than this: heads know little of longer ones as a whole."""
        return int(np.quantile([len(words(text)) for text in self.texts], 0.98)) if self.texts else 0

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Words of several taught texts, written small: what is spoken of here, hardly a customer's name."""
        met = Counter(word for text in self.texts for word in {word.casefold() for word in words(text)})
        return frozenset(word for word, texts in met.items() if texts > 1)

    @property
    def ref(self) -> ModelRef:
        """How decisions name this model."""
        return ModelRef("intents", self.version, self.encoder_id)

    def taught_as(self, row: int) -> str:
        """The label of a training text."""
        return self.labels[self.targets[row]]

    def chain(self, language: str, present: Panel) -> Chain:
        """How texts of a language are read with the encoders present; words alone in the end."""
        readers = [
            name for name in NAMES if name in self.views and name in present.makers and serves(name, language)
        ]
        plan = plan_stages(
            language, self.languages, [(name, is_enough(name, len(self.texts))) for name in readers]
        )
        wanted = frozenset(plan[-1])
        if wanted in self.chains:
            return self.chains[wanted]
        fitting = [views for views in self.chains if views <= wanted]
        return self.chains[max(fitting, key=len) if fitting else frozenset({WORDS})]

    def predict(self, reading: Reading, present: Panel) -> Prediction:
        """Ranked intents of one text, and whether the best one may be acted on."""
        chain = self.chain(reading.language, present)
        scores: dict[str, Floats] = {}
        placed: dict[str, Floats] = {}
        for stage in chain.stages:
            pooled = self._pool(stage, reading, placed, scores)
            best = int(pooled.argmax())
            familiarity = float(stage.familiarity(pooled, scores, self._nearness(stage, placed, pooled)))
            is_last = stage is chain.stages[-1]
            if is_last or (
                pooled[best] >= np.log(max(stage.stop_at, 1e-9)) and familiarity >= stage.stop_familiarity
            ):
                return self._prediction(np.exp(pooled), familiarity, chain, stage)
        raise AssertionError("a chain has a last stage")

    def likeness(self, reading: Reading, present: Panel, wanted: NDArray[np.bool_]) -> float:
        """How much a text looks like one of the wanted intents, by words and quick encoders alone; any scale.

        Args:
            reading: the text.
            present: the encoders at hand.
            wanted: which intents count, shape ``(k,)``.
        """
        stage = self._quick_stage(reading.language, present)
        scores: dict[str, Floats] = {}
        placed: dict[str, Floats] = {}
        pooled = self._pool(stage, reading, placed, scores)
        familiarity = float(stage.familiarity(pooled, scores, self._nearness(stage, placed, pooled)))
        return float(np.exp(pooled[wanted]).sum()) + _FAMILIARITY_WEIGHS * familiarity

    def glance(self, reading: Reading, present: Panel) -> str:
        """The likeliest intent by words and quick encoders alone."""
        stage = self._quick_stage(reading.language, present)
        return self.labels[int(self.opinion(reading, stage).argmax())]

    def _quick_stage(self, language: str, present: Panel) -> Stage:
        """The most that can be asked without slow encoders; the first stage where nothing else says anything."""
        stages = self.chain(language, present).stages
        return [stages[0], *(s for s in stages if QUICK.issuperset(set(s.views) - {WORDS}))][-1]

    def opinion(self, reading: Reading, stage: Stage) -> Floats:
        """Log-probabilities of the intents by one stage, shape ``(k,)``."""
        return self._pool(stage, reading, {}, {})

    def _pool(
        self, stage: Stage, reading: Reading, placed: dict[str, Floats], scores: dict[str, Floats]
    ) -> Floats:
        """A stage's opinion; views placed and scored by an earlier stage are taken from there."""
        for name in stage.views:
            if name not in scores:
                placed[name] = self._place(name, reading)
                scores[name] = self.views[name].scores(placed[name])
        return stage.opinion(scores)

    def _prediction(self, shares: Floats, familiarity: float, chain: Chain, stage: Stage) -> Prediction:
        order = np.argsort(-shares, kind="stable")[:_TOP]
        ranked = tuple(IntentScore(self.labels[i], float(shares[i])) for i in order)
        abstention: AbstentionReason | None = "uncertain"
        if ranked[0].name == OUT_OF_SCOPE or familiarity < chain.least_familiarity:
            abstention = "out_of_scope"
        elif ranked[0].probability >= chain.threshold and familiarity >= chain.answer_familiarity:
            abstention = None
        return Prediction(
            ranked, abstention, familiarity, chain.threshold, chain.likely_threshold, stage.views
        )

    def _place(self, name: str, reading: Reading) -> Floats:
        if name == WORDS:
            return sketch(reading.text, self.rarities)
        return self.views[name].place(reading.vector(name))

    def _nearness(self, stage: Stage, placed: Mapping[str, Floats], pooled: Floats) -> dict[str, Floats]:
        found, intents = {}, likeliest(pooled)
        for name in stage.views:
            examples = self.views[name].examples
            if examples is not None:
                found[name] = np.float32(examples.nearness(placed[name], intents))
        return found  # type: ignore[return-value]  # scalars stand for arrays without rows

    def feel(self, reading: Reading) -> Floats:
        """Probabilities of the five sentiments, worst first, shape ``(5,)``; from vectors made already."""
        known = {name: vector for name, vector in reading.vectors.items() if name in self.sentiment.encoders}
        return self.sentiment.shares(reading.text, known)
