"""Facade of understanding: what other packages may call."""

from rapport.understanding.encoders import DiskCachedEncoder, EncoderRefused, load_encoder
from rapport.understanding.engine import EmbeddedEngine, EncoderMismatch
from rapport.understanding.examples import BadExamples, check_examples, load_example_file, load_examples
from rapport.understanding.language import detect_language
from rapport.understanding.logic.addresses import parse_address
from rapport.understanding.logic.cleaning import clean, readable
from rapport.understanding.logic.references import resolve
from rapport.understanding.swapping import SwappableEngine, load_engine
from rapport.understanding.trained import NoModel, TrainedModel, activate, current_version, list_versions
from rapport.understanding.trained import load as load_model
from rapport.understanding.training import TrainingDataTooSmall, train

__all__ = [
    "BadExamples",
    "DiskCachedEncoder",
    "EmbeddedEngine",
    "EncoderMismatch",
    "EncoderRefused",
    "NoModel",
    "SwappableEngine",
    "TrainedModel",
    "TrainingDataTooSmall",
    "activate",
    "check_examples",
    "clean",
    "current_version",
    "detect_language",
    "list_versions",
    "load_encoder",
    "load_engine",
    "load_example_file",
    "load_examples",
    "load_model",
    "parse_address",
    "readable",
    "resolve",
    "train",
]
