"""Rows of understanding: calls of a language model, labelled examples, trained versions."""

from rapport.understanding.models.calls import LanguageModelCall
from rapport.understanding.models.examples import ExampleChange, IntentEntry, TrainingExample
from rapport.understanding.models.versions import DailyFigures, DriftAlarm, LearningState, ModelVersion

__all__ = [
    "DailyFigures",
    "DriftAlarm",
    "ExampleChange",
    "IntentEntry",
    "LanguageModelCall",
    "LearningState",
    "ModelVersion",
    "TrainingExample",
]
