"""Given names and surnames by language or region: the lists written here, and those of the package Faker (MIT).

Faker is no requirement of the product: it is installed for a training alone. Of the lists only hashes are published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path

import yaml

from rapport.governance.personal_data.tagging.lexicon import fold

HERE = Path(__file__).parent
_LOCALES = {
    "english": "en_US en_GB en_NZ en_IE ga_IE",
    "german": "de_DE de_AT de_CH de_LU",
    "czech": "cs_CZ sk_SK",
    "slavic_south": "hr_HR sl_SI",
    "polish": "pl_PL",
    "hungarian": "hu_HU",
    "nordic": "sv_SE da_DK no_NO fi_FI is_IS",
    "dutch": "nl_NL nl_BE",
    "french": "fr_FR fr_CH fr_CA fr_BE fr_QC",
    "spanish": "es_ES es_MX es_AR es_CO es_CL es_CA",
    "portuguese": "pt_BR pt_PT",
    "italian": "it_IT",
    "russian": "ru_RU",
    "russian_latin": "ru_RU bg_BG uk_UA mk_MK",
    "arabic_persian_turkish": "tr_TR az_AZ uz_UZ fr_DZ",
    "south_asian": "en_IN en_PK",
    "east_asian": "vi_VN id_ID en_TH ja_JP",
    "african": "en_NG en_KE ig_NG yo_NG ha_NG tw_GH zu_ZA sw",
    "greek_romanian_baltic": "el_GR ro_RO lt_LT lv_LV et_EE",
}

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґѓќљњџјѕ"
_LATINS = (
    "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g g k l n dzh j dz"
).replace("_", "")
_LATIN = dict(zip(_CYRILLIC, _LATINS.split(" "), strict=True))
"""How Cyrillic names are usually written in Latin letters."""


def read_names(
    spelling: Mapping[str, int], others: set[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Given names and surnames by group; of Faker's no small words and none of `others`."""
    taken = {fold(word) for word in others} | {word for word, kind in spelling.items() if kind >= 4}
    own = yaml.safe_load((HERE / "names.yaml").read_text(encoding="utf-8"))
    given = {key: _split(text) for key, text in own["given"].items()}
    surnames = {key: _split(text) for key, text in own["surnames"].items()}
    for group, locales in _LOCALES.items():
        for locale in locales.split():
            provider = _provider(locale)
            latin = group == "russian_latin"
            given[group] += _attributes(provider, "first_names", 4, taken, latin=latin)
            surnames[group] += _attributes(provider, "last_names", 5, taken, latin=latin)
    return (
        {key: list(dict.fromkeys(names)) for key, names in given.items()},
        {key: list(dict.fromkeys(names)) for key, names in surnames.items()},
    )


def _provider(locale: str) -> type:
    try:
        found: type = import_module(f"faker.providers.person.{locale}").Provider
    except ImportError as problem:
        raise SystemExit("The training needs the package Faker: its lists of names.") from problem
    return found


def _attributes(
    provider: type, kind: str, shortest: int, taken: set[str], *, latin: bool = False
) -> list[str]:
    found: set[str] = set()
    first, _, rest = kind.partition("_")
    for stem in (kind, f"{first}_romanized_{rest}", f"male_{kind}", f"unisex_{kind}"):
        for suffix in ("", "_male", "_female", "_unisex", "_nonbinary"):
            names = getattr(provider, stem + suffix, ())
            if isinstance(names, Iterable):
                found.update(map(_in_latin, names) if latin else names)
    return sorted(
        n for n in found if len(n) >= shortest and _is_name(n) and _is_read(n) and fold(n) not in taken
    )


def _in_latin(name: str) -> str:
    return "".join(_LATIN.get(c, c) for c in name.lower()).title()


def _is_read(name: str) -> bool:
    """Whether a name is in Latin, Greek or Cyrillic letters."""
    return all(c < "\u0530" or "\u1e00" <= c <= "\u1fff" for c in name)


def _is_name(name: str) -> bool:
    return name[0].isupper() and all(c.isalpha() or c in " -'" for c in name)


def _split(text: str) -> list[str]:
    if "|" in text:
        return text.split("|")
    return [n.replace("_", " ") for n in text.split()]
