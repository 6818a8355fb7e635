"""Filters of the editor's templates."""
