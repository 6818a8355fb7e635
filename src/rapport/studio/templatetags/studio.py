"""Paths of a document in templates."""

from __future__ import annotations

from django import template

from rapport.studio.logic import tree

register = template.Library()


@register.filter
def pointer(path: tree.Path) -> str:
    """A path as text."""
    return tree.pointer(path)
