"""What is said when an article answers: the variant that fits best, else the passage that search found."""

from __future__ import annotations

from rapport.knowledge.contracts import Hit
from rapport.knowledge.logic.fitting import choose_variant
from rapport.knowledge.logic.markdown import plain
from rapport.knowledge.models import Picture
from rapport.knowledge.variant_contracts import Judge, Occasion, Quotation, QuotedPicture
from rapport.knowledge.variant_queries import list_usable


def quote(hit: Hit, occasion: Occasion, judge: Judge) -> Quotation:
    """The words for this occasion; rules in `logic.fitting.choose_variant`."""
    usable = list_usable(hit.translation_id) if hit.translation_id else []
    choice = choose_variant(usable, occasion, hit.passage, judge)
    chosen = choice.chosen
    if chosen is None:
        return Quotation(hit.passage, choice)
    row = Picture.objects.filter(pk=chosen.picture_id).first() if chosen.picture_id else None
    picture = None
    if row is not None:
        ending = row.name.rpartition(".")[2]
        picture = QuotedPicture(
            f"{chosen.picture_alt[:100]}.{ending}", chosen.picture_alt, bytes(row.content)
        )
    return Quotation(plain(chosen.text), choice, picture)
