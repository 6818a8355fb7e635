"""Facade of understanding: what other packages may call."""

from rapport.understanding.encoders import DiskCachedEncoder, load_encoder
from rapport.understanding.examples import load_examples
from rapport.understanding.trained import TrainedModel
from rapport.understanding.training import train

__all__ = ["DiskCachedEncoder", "TrainedModel", "load_encoder", "load_examples", "train"]
