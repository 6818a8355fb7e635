"""Facade of understanding: what other packages may call."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rapport.understanding.abuse import find_abuse
from rapport.understanding.encoders import DiskCachedEncoder, EncoderRefused, load_encoder
from rapport.understanding.engine import EmbeddedEngine, EncoderMismatch
from rapport.understanding.examples import (
    BadExamples,
    check_examples,
    find_findings,
    load_example_file,
    load_examples,
)
from rapport.understanding.injection import Injection, find_injection, neutralise
from rapport.understanding.language import detect_language
from rapport.understanding.logic.addresses import parse_address
from rapport.understanding.logic.cleaning import clean, readable
from rapport.understanding.logic.references import resolve
from rapport.understanding.swapping import SwappableEngine, load_engine
from rapport.understanding.trained import NoModel, TrainedModel, activate, current_version, list_versions
from rapport.understanding.trained import load as load_model
from rapport.understanding.training import TrainingDataTooSmall, train

if TYPE_CHECKING:
    from rapport.understanding.learning import facade as learning

__all__ = [
    "BadExamples",
    "DiskCachedEncoder",
    "EmbeddedEngine",
    "EncoderMismatch",
    "EncoderRefused",
    "Injection",
    "NoModel",
    "SwappableEngine",
    "TrainedModel",
    "TrainingDataTooSmall",
    "activate",
    "check_examples",
    "clean",
    "current_version",
    "detect_language",
    "find_abuse",
    "find_findings",
    "find_injection",
    "learning",
    "list_versions",
    "load_encoder",
    "load_engine",
    "load_example_file",
    "load_examples",
    "load_model",
    "neutralise",
    "parse_address",
    "readable",
    "resolve",
    "train",
]


def __getattr__(name: str) -> Any:
    """Learning keeps rows, so it is imported on first use: much of this package also works without Django."""
    if name != "learning":
        raise AttributeError(name)
    return import_module("rapport.understanding.learning.facade")
