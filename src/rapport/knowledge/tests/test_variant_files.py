"""Variants come and go with the article files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rapport.accounts import api as accounts
from rapport.knowledge import api
from rapport.knowledge.importing import BadArticle, import_articles
from rapport.knowledge.models import Article, Picture
from rapport.knowledge.variant_contracts import Fits
from rapport.knowledge.variant_queries import list_changes, list_variants

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
VARIANTS = """
    variants:
      - channel: messenger
        length: short
        approved_by: Kim@example.org
        text: |
          Delivery: EUR 4.90.
      - condition: "order.total > 100"
        text: Delivery is free for you.
        picture: box.png
        picture_alt: A box
"""


@pytest.fixture
def with_variants(folder: Path) -> Path:
    path = folder / "shipping.yaml"
    path.write_text(path.read_text("utf-8").replace("\n  cs:", VARIANTS + "  cs:"), "utf-8")
    (folder / "box.png").write_bytes(PNG)
    return folder


def imported(folder: Path) -> list[tuple[str, str, str]]:
    import_articles(folder)
    return [(v.status, v.text, v.fits.channel) for v in list_variants()]


def test_a_variant_is_approved_by_whom_the_file_names(with_variants: Path) -> None:
    kim = accounts.create_staff("kim@example.org", "Kim", "supervisor")
    assert imported(with_variants) == [
        ("approved", "Delivery: EUR 4.90.", "messenger"),
        ("draft", "Delivery is free for you.", ""),
    ]
    first, second = list_variants()
    assert (first.approved_by, first.written_by, first.fits) == (
        kim.pk,
        None,
        Fits("messenger", length="short"),
    )
    assert (second.fits.condition, second.picture_alt) == ("order.total > 100", "A box")
    assert [c.kind for c in list_changes(first.id)] == ["approved", "proposed"]


@pytest.mark.parametrize("role", ["", "agent"])
def test_without_somebody_here_who_may_approve_it_is_a_draft(with_variants: Path, role: str) -> None:
    if role:
        accounts.create_staff("kim@example.org", "Kim", role)
    assert [status for status, _, _ in imported(with_variants)] == ["draft", "draft"]


def test_a_second_import_changes_what_the_file_changed(with_variants: Path) -> None:
    accounts.create_staff("kim@example.org", "Kim", "supervisor")
    imported(with_variants)
    path = with_variants / "shipping.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Delivery: EUR 4.90.", "It costs EUR 4.90."), "utf-8")
    assert imported(with_variants)[0] == ("approved", "It costs EUR 4.90.", "messenger")
    path.write_text(text.replace("arrives tomorrow", "arrives soon"), "utf-8")
    assert imported(with_variants) == [
        ("approved", "Delivery: EUR 4.90.", "messenger"),
        ("draft", "Delivery is free for you.", ""),
    ]
    assert [v.source_version for v in list_variants()] == [2, 1]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("channel: fax", "channel"),
        ("chanel: web", "chanel"),
        ("length: 3", "variants"),
        ("condition: weather.rain", "condition"),
        ("picture: ../box.png", "picture"),
        ("picture: none.png", "picture"),
        ("picture: box.png", "picture_alt"),
    ],
)
def test_a_broken_variant_names_its_field(with_variants: Path, line: str, field: str) -> None:
    path = with_variants / "shipping.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("      - channel: messenger", f"      - text: x\n        {line}\n      - tone: formal"),
        "utf-8",
    )
    with pytest.raises(BadArticle) as caught:
        import_articles(with_variants)
    assert caught.value.facts == {"file": "shipping.yaml", "field": f"translations.en.variants.{field}"}
    assert Article.objects.count() == 0


def test_what_is_exported_can_be_imported_again(with_variants: Path, tmp_path: Path) -> None:
    accounts.create_staff("kim@example.org", "Kim", "supervisor")
    imported(with_variants)
    out = tmp_path / "out"
    assert api.export_articles(out) == 3
    written = yaml.safe_load((out / "delivery" / "shipping-costs.yaml").read_text("utf-8"))
    name = Picture.objects.get().name
    assert written["translations"]["en"]["variants"] == [
        {
            "channel": "messenger",
            "length": "short",
            "text": "Delivery: EUR 4.90.",
            "approved_by": "kim@example.org",
        },
        {
            "condition": "order.total > 100",
            "length": "full",
            "text": "Delivery is free for you.",
            "picture": name,
            "picture_alt": "A box",
        },
    ]
    assert (out / "delivery" / name).read_bytes() == PNG
    before = list_variants()
    report = api.import_articles(out)
    assert (report.created, report.changed) == (0, 3)
    assert list_variants() == before
