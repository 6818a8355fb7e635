"""Why a message was read as it was: the training texts it is like, and what each word does to the best intent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rapport.understanding.contracts import Explanation, NearExample, WordPull
from rapport.understanding.encoders import Panel, Reading
from rapport.understanding.logic.cleaning import words
from rapport.understanding.logic.lexical import matrix
from rapport.understanding.trained import TrainedModel

_SHOWN = 6
_MOST_WORDS = 40


def explain(model: TrainedModel, panel: Panel, text: str, language: str) -> Explanation:
    """Explain how a model reads a text.

    A word's weight is found by leaving it out and reading again; only the first `_MOST_WORDS` are tried.
    """
    reading = Reading(panel, text, language)
    said = model.predict(reading, panel)
    return Explanation(
        intent=said.intents[0].name,
        examples=_nearest(model, reading, said.views),
        words=_pulls(model, panel, reading, said.intents[0].name),
        views=said.views,
    )


def _nearest(model: TrainedModel, reading: Reading, views: Sequence[str]) -> tuple[NearExample, ...]:
    """Training texts by the most thorough view that was asked; by words where no encoder was."""
    name = views[-1]
    view = model.views[name]
    if view.examples is None:
        rows = np.arange(len(model.texts))
        cosines = matrix(model.texts, model.rarities) @ matrix([reading.text], model.rarities)[0]
    else:
        rows = view.examples.rows
        cosines = view.examples.vectors @ view.place(reading.vector(name))
    return tuple(
        NearExample(
            model.texts[int(rows[place])], model.taught_as(int(rows[place])), round(float(cosines[place]), 3)
        )
        for place in np.argsort(-cosines, kind="stable")[:_SHOWN].tolist()
    )


def _pulls(model: TrainedModel, panel: Panel, reading: Reading, intent: str) -> tuple[WordPull, ...]:
    spoken = words(reading.text)[:_MOST_WORDS]
    if len(spoken) < 2:
        return tuple(WordPull(word, 0.0) for word in spoken)
    place = model.labels.index(intent)
    whole = _share(model, panel, " ".join(spoken), reading.language, place)
    return tuple(
        WordPull(
            word,
            round(
                whole - _share(model, panel, " ".join(spoken[:i] + spoken[i + 1 :]), reading.language, place),
                3,
            ),
        )
        for i, word in enumerate(spoken)
    )


def _share(model: TrainedModel, panel: Panel, text: str, language: str, place: int) -> float:
    """Log-probability of one intent by words and the cheapest encoder: leaving out must be quick."""
    chain = model.chain(language, panel)
    stage = chain.stages[min(1, len(chain.stages) - 1)]
    return float(model.opinion(Reading(panel, text, language), stage)[place])
