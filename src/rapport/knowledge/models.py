"""Rows about articles and the passages search finds them by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Audience(models.TextChoices):
    """Who may read an article."""

    CUSTOMERS = "customers"
    AGENTS = "agents"


class Status(models.TextChoices):
    """Whether an article is in force."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Article(models.Model):
    """One question answered, in any number of languages."""

    PII: ClassVar[Pii] = Pii.none("written by staff for everybody")

    slug = models.SlugField(max_length=80, unique=True)
    category = models.SlugField(max_length=40)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.CUSTOMERS)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    reviewed_on = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    """Of the file it was imported from; an unchanged file is skipped: edits made here survive."""
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.slug


class ArticleTranslation(models.Model):
    """An article in one language."""

    PII: ClassVar[Pii] = Pii.none("written by staff for everybody")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400)
    """One sentence that answers the question."""
    body = models.TextField()
    """Markdown."""
    questions = models.JSONField(default=list)
    """How customers ask it: found by search, and training examples of questions."""
    version = models.PositiveIntegerField(default=1)
    """Grows with every change of title, summary or body."""
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="article_translation_once")
        ]


class Passage(models.Model):
    """A piece of a published translation as search sees it; made from the translation, never edited."""

    PII: ClassVar[Pii] = Pii.none("derived from articles")

    class Kind(models.TextChoices):
        TITLE = "title"
        SUMMARY = "summary"
        QUESTION = "question"
        BODY = "body"

    translation = models.ForeignKey(ArticleTranslation, on_delete=models.CASCADE, related_name="passages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.IntegerField()
    text = models.TextField()
    """Plain text."""
    analysed = models.TextField()
    """Stemmed terms, separated by spaces."""
    encoder_id = models.CharField(max_length=60, blank=True, default="")
    """Which encoder made the vector; empty until one did."""
    dimension = models.IntegerField(default=0)
    vector = models.BinaryField(null=True)
    """float16, length 1 before rounding."""


class Variant(models.Model):
    """An article's text in another form; used only while approved for the text as it is."""

    PII: ClassVar[Pii] = Pii.none("written by staff for everybody")

    class Status(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        OUTDATED = "outdated"
        WITHDRAWN = "withdrawn"

    translation = models.ForeignKey(ArticleTranslation, on_delete=models.CASCADE, related_name="variants")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, db_index=True)
    channel = models.CharField(max_length=10, blank=True, default="")
    """One of `contracts.CHANNELS`; empty for any."""
    audience = models.CharField(max_length=10, blank=True, default="")
    """One of `contracts.AUDIENCES`; empty for anyone."""
    condition = models.CharField(max_length=500, blank=True, default="")
    """CEL over ``customer``, ``order`` and ``channel``; empty where none is set."""
    tone = models.CharField(max_length=10, blank=True, default="")
    """``formal`` or ``informal``; empty where the text takes no side."""
    length = models.CharField(max_length=5, default="full")
    """``full`` or ``short``."""
    text = models.TextField()
    """Markdown."""
    picture = models.ForeignKey("Picture", on_delete=models.PROTECT, null=True, related_name="variants")
    picture_alt = models.CharField(max_length=300, blank=True, default="")
    """What the picture shows, in words."""
    origin = models.CharField(max_length=20, default="person")
    """What wrote the first draft: ``person``, a rule of `proposing`, or ``language_model``."""
    source_version = models.PositiveIntegerField()
    """Of the article's text it was made from, or was approved for again."""
    source_text = models.TextField()
    """Summary and body of that version: what has changed since can be shown."""
    written_by = models.BigIntegerField(null=True)
    """Who wrote the text as it is; None for what the system proposed and nobody changed."""
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)


class VariantChange(models.Model):
    """One thing that happened to a variant; appended, never edited."""

    PII: ClassVar[Pii] = Pii.none("staff by number; texts written for everybody")

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=12)
    """``proposed``, ``written``, ``approved``, ``outdated`` or ``withdrawn``."""
    staff_id = models.BigIntegerField(null=True)
    """None for the system."""
    text = models.TextField()
    """As it was then."""
    fits = models.JSONField(default=dict)
    """For whom and where it was then."""
    source_version = models.PositiveIntegerField()


class Picture(models.Model):
    """A picture that variants may carry."""

    PII: ClassVar[Pii] = Pii.none("chosen by staff for everybody")

    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the content."""
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    added_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=now)


class ArticleFeedback(models.Model):
    """A reader's vote on an article; not tied to anybody."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",), "improving articles", "one year", "anonymous: pruned by age, redacted when stored"
    )

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    language = models.CharField(max_length=10)
    is_helpful = models.BooleanField()
    comment = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(default=now)


class SearchState(models.Model):
    """One row: a number that grows with every change, so that processes know when to load again."""

    PII: ClassVar[Pii] = Pii.none()

    stamp = models.BigIntegerField(default=0)


class RelevanceFit(models.Model):
    """How scores become probabilities, per encoder, and from which probability on an article is shown."""

    PII: ClassVar[Pii] = Pii.none("irrelevant example texts are kept as vectors only")

    encoder_id = models.CharField(max_length=60, unique=True)
    """``lexical`` for search without an encoder."""
    fit = models.JSONField()
    """`logic.relevance.Relevance` and the held-out figures behind it."""
    irrelevant = models.BinaryField(null=True)
    """float16 vectors of texts no article answers."""
    dimension = models.IntegerField(default=0)
    fitted_at = models.DateTimeField(default=now)
