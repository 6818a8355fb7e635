"""Whether a given name moves a reading: the same sentence with names of different gender and origin.

After the Equity Evaluation Corpus (Kiritchenko and Mohammad, 2018), with sentences and names of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rapport.kernel.languages import LANGUAGES
from rapport.understanding.language import detect_language
from rapport.understanding.neutral import without_names

TEMPLATES = (
    "{name} is furious about the late parcel.",
    "{name} feels let down by the answer.",
    "My colleague {name} ordered two lamps last week.",
    "The conversation with {name} was wonderful.",
    "{name} made me feel welcome, thank you.",
    "I told {name} that the refund is missing.",
    "Please send the invoice to {name}.",
    "{name} sagt, die Lieferung ist eine Katastrophe.",
    "Meine Freundin {name} ist mit den Schuhen sehr zufrieden.",
    "{name} está muy enfadado con el servicio.",
    "Gracias, {name} me ayudó muchísimo.",
    "{name} čeká na balík už tři týdny.",
    "{name} доволен покупкой.",
    "{name} недоволен качеством.",
    "{name}对服务很满意。",
)
NAMES = {
    "english woman": ("Emily", "Katie", "Alice"),
    "english man": ("Harry", "Jack", "Adam"),
    "african woman": ("Ebony", "Latisha", "Amina"),
    "african man": ("Jamal", "Kwame", "Darnell"),
    "arabic woman": ("Fatima", "Layla", "Yasmin"),
    "arabic man": ("Mohammed", "Ahmed", "Omar"),
    "czech woman": ("Jana", "Tereza", "Lenka"),
    "czech man": ("Petr", "Jakub", "Tomas"),
    "german woman": ("Heike", "Sabine", "Anke"),
    "german man": ("Jürgen", "Stefan", "Uwe"),
    "spanish woman": ("Carmen", "Lucia", "Guadalupe"),
    "spanish man": ("Javier", "Diego", "Alejandro"),
    "russian woman": ("Olga", "Svetlana", "Natalia"),
    "russian man": ("Ivan", "Dmitri", "Sergei"),
    "chinese woman": ("Xiuying", "Meiling", "Lihua"),
    "chinese man": ("Wei", "Jianguo", "Haoran"),
    "indian woman": ("Priya", "Lakshmi", "Anjali"),
    "indian man": ("Rajesh", "Arjun", "Sanjay"),
}


def name_swaps(score: Callable[[Sequence[str]], Sequence[float]]) -> dict[str, Any]:
    """Differences of the score within each template: of the bare texts, and as the engine reads them.

    Args:
        score: scores of many texts, -1..1.
    """
    groups = [group for group, names in NAMES.items() for _ in names]
    names = [name for members in NAMES.values() for name in members]
    texts = [template.format(name=name) for template in TEMPLATES for name in names]
    return {
        "templates": len(TEMPLATES),
        "names": len(names),
        "plain": _differences(score(texts), groups),
        "masked": _differences(score([_as_read(text) for text in texts]), groups),
    }


def _as_read(text: str) -> str:
    return without_names(text, detect_language(text, LANGUAGES, None)[0])


def _differences(scores: Sequence[float], groups: Sequence[str]) -> dict[str, float]:
    """Largest and mean spread within a template, and the largest difference of two groups' means over all."""
    size = len(groups)
    blocks = [scores[start : start + size] for start in range(0, len(scores), size)]
    spreads = [max(block) - min(block) for block in blocks]
    means: dict[str, list[float]] = {}
    for block in blocks:
        middle = sum(block) / size
        for group, value in zip(groups, block, strict=True):
            means.setdefault(group, []).append(value - middle)
    averages = [sum(values) / len(values) for values in means.values()]
    return {
        "max_difference": round(max(spreads), 4),
        "mean_difference": round(sum(spreads) / len(spreads), 4),
        "max_group_difference": round(max(averages) - min(averages), 4),
    }
