"""Facade of understanding: what other packages may call."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rapport.understanding.abuse import find_abuse
from rapport.understanding.encoders import (
    DiskCachedEncoder,
    EncoderRefused,
    Panel,
    Reading,
    load_encoder,
    load_panel,
)
from rapport.understanding.engine import EmbeddedEngine, EncoderMismatch
from rapport.understanding.examples import (
    BadExamples,
    check_examples,
    find_findings,
    load_example_file,
    load_examples,
)
from rapport.understanding.injection import Injection, find_injection, neutralise
from rapport.understanding.language import detect_language, find_languages
from rapport.understanding.logic.address_spans import read_address
from rapport.understanding.logic.amounts import read_amount, read_only_amount
from rapport.understanding.logic.cleaning import clean, readable
from rapport.understanding.logic.lexical import fit_weights as fit_word_weights
from rapport.understanding.logic.lexical import matrix as word_vectors
from rapport.understanding.logic.mail_replies import strip_quotes
from rapport.understanding.logic.mentions import Catalogue
from rapport.understanding.logic.references import resolve
from rapport.understanding.logic.trajectory import Mood, Trajectory, follow
from rapport.understanding.moods import mood_of, mood_record, recorded_moods
from rapport.understanding.storage import NoModel, activate, current_version, list_versions
from rapport.understanding.storage import load as load_model
from rapport.understanding.storage import save as save_model
from rapport.understanding.swapping import SwappableEngine, load_engine
from rapport.understanding.trained import TrainedModel
from rapport.understanding.training import Settings as TrainingSettings
from rapport.understanding.training import TrainingDataTooSmall, train

if TYPE_CHECKING:
    from rapport.understanding.language_model import facade as language_model
    from rapport.understanding.learning import facade as learning

_WITH_ROWS = {"language_model": "language_model.facade", "learning": "learning.facade"}
"""Facades that keep rows, so they are imported on first use: much of this package also works without Django."""

__all__ = [
    "BadExamples",
    "Catalogue",
    "DiskCachedEncoder",
    "EmbeddedEngine",
    "EncoderMismatch",
    "EncoderRefused",
    "Injection",
    "Mood",
    "NoModel",
    "Panel",
    "Reading",
    "SwappableEngine",
    "TrainedModel",
    "TrainingDataTooSmall",
    "TrainingSettings",
    "Trajectory",
    "activate",
    "check_examples",
    "clean",
    "current_version",
    "detect_language",
    "find_abuse",
    "find_findings",
    "find_injection",
    "find_languages",
    "fit_word_weights",
    "follow",
    "language_model",
    "learning",
    "list_versions",
    "load_encoder",
    "load_engine",
    "load_example_file",
    "load_examples",
    "load_model",
    "load_panel",
    "mood_of",
    "mood_record",
    "neutralise",
    "read_address",
    "read_amount",
    "read_only_amount",
    "readable",
    "recorded_moods",
    "resolve",
    "save_model",
    "strip_quotes",
    "train",
    "word_vectors",
]


def __getattr__(name: str) -> Any:
    if name not in _WITH_ROWS:
        raise AttributeError(name)
    return import_module(f"rapport.understanding.{_WITH_ROWS[name]}")
