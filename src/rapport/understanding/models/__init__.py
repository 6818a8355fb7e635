"""Rows of understanding: calls of a language model."""

from rapport.understanding.models.calls import LanguageModelCall

__all__ = ["LanguageModelCall"]
