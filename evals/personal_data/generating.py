"""Sentences with marked names, organisations, places and addresses, made of the templates and word lists here."""

# ruff: noqa: E501 - word lists
from __future__ import annotations

import random
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import yaml
from babel import Locale
from phonenumbers.geodata import GEOCODE_DATA

from evals.personal_data.name_lists import read_names
from evals.personal_data.vocabulary import german_nouns, spelling_classes
from rapport.governance.personal_data.tagging.lexicon import fold

_PEOPLE = (
    "Danes Dane Swedes Swede Finns Finn Poles Pole Turks Turk Spaniard Spaniards Scots Scot Scotsman Scotswoman Frenchman Frenchwoman Englishman "
    "Englishwoman Irishman Irishwoman Dutchman Dutchwoman Welshman Briton Britons Brit Brits Aussie Aussies Kiwi Kiwis Filipino Filipinos Filipina "
    "Croat Croats Serb Serbs Czechs Slovak Slovaks Slovene Slovenes Greeks Arabs Jews Jew Muslims Muslim Christians Christian Catholics Protestants Hindus Buddhists "
    "Sikhs Mormons Democrats Republicans Germans Italians Russians Americans Canadians Mexicans Brazilians Indians Africans Asians Australians African Asian European "
    "Europeans Bruneian Bahraini Bahamian Barbadian Belizean Belizian Beninese Bhutanese Botswanan Motswana Batswana Basotho Mosotho Burkinabe Burkinese Burundian "
    "Cape-Verdean Chadian Comoran Comorian Dominican Djiboutian Timorese Equatoguinean Fijian Gabonese Gambian Grenadian Guinean Guyanese Israelis Ivorian Kiribati "
    "Kosovar Kosovan Kyrgyz Kyrgyzstani Kazakhstani Uzbekistani Tajikistani Turkmenistani Liberian Liechtensteiner Luxembourger Luxembourgish Malagasy Madagascan "
    "Malawian Maldivian Marshallese Mauritanian Mauritian Micronesian Moldovan Moldavian Monegasque Monacan Montenegrin Mosotho Nauruan Palauan Papuan Samoan "
    "Sammarinese Santomean Seychellois Sierra-Leonean Surinamese Surinamer Swazi Tajik Togolese Tongan Trinidadian Tobagonian Turkmen Tuvaluan Vanuatuan Vatican "
    "Faroese Faroe Greenlander Chechen Chechens Tatar Tatars Bashkir Chuvash Ossetian Ingush Avar Abkhaz Abkhazian Dagestani Kalmyk Buryat Yakut Chukchi Crimean Circassian "
    "Austrians Belgians Ukrainians Israelite Argentine Argentines Argentinean Chileans Peruvians Colombians Cubans Ecuadorean Nicoyan Nigerien Nigerians Kittitian Nevisian "
    "Antiguan Barbudan Vincentian Lucian Macanese Hongkonger Hongkongese Tibetan Uyghur Manchu Cantonese Hmong Tamil Punjabi Bengali Gujarati Sinhalese Pashtun Hazara "
    "Baloch Kashmiri Sindhi Sri-Lankan Ceylonese Yugoslav Yugoslavian Soviet Prussian Bavarian Saxon Swabian Moravian Bohemian Silesian Sorbian Frisian Flemish Walloon "
    "Breton Corsican Sicilian Sardinian Tuscan Galician Andalusian Castilian Valencian Canarian Azorean Madeiran Cornish Manx Ulster Orcadian Sami Romani Gypsy Ashkenazi "
    "Sephardic Zulu Xhosa Yoruba Igbo Hausa Berber Tuareg Amazigh Bedouin Maasai Kikuyu Tutsi Hutu Oromo Amhara Tigrayan Somalian Maori Pakeha Aboriginal Inuit Cherokee "
    "Navajo Apache Sioux Mayan Aztec Quechua Aymara Guarani Puerto-Rican Hawaiian Alaskan Texan Californian Quebecois Acadian Bermudian Caymanian Curaçaoan Aruban "
    "Guadeloupean Martinican Réunionese Polynesian Tahitian Melanesian Guamanian Chamorro Costa-Rican Latina Latinx Chicano Hispanics Latinos Caucasian Eurasian "
    "Scandinavian Nordic Balkan Slavic Slav Slavs Baltic Caribbean Levantine Maghrebi Judaism Islam Islamic Christianity Catholicism Protestantism Hinduism Buddhism Sikhism "
    "Jainism Jain Taoism Taoist Daoist Confucian Shinto Shintoist Zoroastrian Bahai Baha'i Rastafari Rastafarian Wiccan Pagan Agnostic Atheists Pentecostal Methodist "
    "Presbyterian Evangelical Calvinist Quaker Amish Mennonite Unitarian Scientologist Adventist Jehovah's-Witness Druze Alawite Ismaili Sufi Salafi Shiite Yazidi Copt Coptic "
    "Hare-Krishna Hassidic Hasidic Maronite Puritan Humanist Communist Socialist Libertarian"
)
_NO_NAMES = ("weekdays", "months", "holidays", "acronyms", "adverbs", "nouns_de", "known_words")
"""Lists of words that are no names although they are capitalised."""
_UNIONS = frozenset({"EU", "EZ", "UN", "QO", "ZZ"})
"""Territories of the CLDR that are no countries."""
ENGLISH_SHARE = 0.85
"""Of the random words of an English sentence those that are English."""
HOMOGRAPH_SHARE = 0.12
"""Of the names those that are ordinary words somewhere: Price, Allen, Rose."""
HERE = Path(__file__).parent
LANGUAGES = ("en", "cs", "de", "es", "ru")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and what is marked in it: start, end, label (PER, ORG, LOC, ADR, NRP)."""

    text: str
    spans: tuple[Span, ...]


class Lists:
    """The word lists, read once."""

    def __init__(self) -> None:
        self.words: dict[str, list[str]] = {
            key: [w.replace("_", " ") for w in text.split()]
            for key, text in yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8")).items()
        }
        self.countries = {lang: _countries(lang) for lang in (*LANGUAGES, "zh")}
        self._spelling = spelling_classes()
        self.given, self.surnames = read_names(self._spelling, self._no_names())
        self._homographs: dict[int, list[str]] = {}
        self.cities = _cities()
        self.cities["cs"] = (
            "Praha Brno Ostrava Plzeň Liberec Olomouc Zlín Pardubice Kladno Most Opava Jihlava Teplice Děčín Karviná Chomutov Přerov Mladá_Boleslav Prostějov Třebíč Třinec Tábor Znojmo Kolín Příbram Cheb Písek Trutnov Kroměříž Orlová Vsetín Bratislava Košice Žilina České_Budějovice Hradec_Králové Ústí_nad_Labem Karlovy_Vary Frýdek-Místek Uherské_Hradiště Nový_Jičín".replace(
                " ", "|"
            )
            .replace("_", " ")
            .split("|")
        )
        self.cities["ru"] = [
            *self.cities.get("ru", []),
            *"Москва Санкт-Петербург Новосибирск Екатеринбург Казань Самара Омск Челябинск Уфа Красноярск Пермь Воронеж Волгоград Краснодар Саратов Тюмень Тольятти Ижевск Барнаул Иркутск Хабаровск Ярославль Владивосток Томск Оренбург Кемерово Рязань Пенза Киров Липецк Калининград Тула Курск Сочи Ставрополь Тверь Брянск Иваново Белгород Сургут Владимир Архангельск Калуга Смоленск Мурманск Минск Киев Алматы Ташкент".split(),
        ]
        self.cities["es"] = [
            *self.cities.get("es", []),
            *"Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Palma Bilbao Alicante Córdoba Valladolid Vigo Gijón Granada Elche Oviedo Badalona Cartagena Terrassa Jerez Sabadell Pamplona Almería Burgos Santander Salamanca Logroño Toledo Cádiz Guadalajara Monterrey Puebla Tijuana Bogotá Medellín Lima Quito Santiago Rosario Mendoza Caracas Montevideo".split(),
        ]

    def homographs(self, names: list[str]) -> list[str]:
        """The names of a list that some language writes small as well; all if none is."""
        found = self._homographs.get(id(names))
        if found is None:
            found = [n for n in names if self._spelling.get(fold(n), 0) >= 3] or names
            self._homographs[id(names)] = found
        return found

    def _no_names(self) -> set[str]:
        """Words that are something else more often than the name of a person."""
        words = self.words
        found = {w for key in words if key.startswith(("nationalit", *_NO_NAMES)) for w in words[key]}
        found |= {c for countries in self.countries.values() for c in countries} | _peoples()
        return found | {*words["brands"], *words["product_words"], *words["software"], *words["street_words"]}

    def bits(self) -> dict[str, set[str]]:
        """What the tagger's lexicon knows: category to words."""
        words = self.words
        return {
            "given": {n for key, names in self.given.items() for n in names},
            "surname": {n for key, names in self.surnames.items() if key != "chinese" for n in names},
            "city": {c for cities in self.cities.values() for c in cities},
            "country": {c for found in self.countries.values() for c in found},
            "nationality": {w for key in words if key.startswith("nationalit") for w in words[key]}
            | _peoples(),
            "title": set(words["titles"]),
            "street": set(words["street_words"]),
            "unit": set(words["unit_words"]),
            "org": {*words["org_suffixes"], *words["org_words"]},
            "known": set(words["known_orgs"]),
            "brand": {*words["brands"], *words["product_words"], *words["software"]},
            "calendar": {w for key in words if key.startswith(_NO_NAMES) for w in words[key]}
            | set(german_nouns()),
            "job": {*words["jobs"], *words["job_words"]},
        }


def _peoples() -> set[str]:
    """Names of languages in English that are one capitalised word: most are peoples too."""
    found = {n for n in Locale("en").languages.values() if n.isalpha() and n[0].isupper() and len(n) > 4}
    found = {n for n in found if n.endswith(("ese", "ian", "ish", "an", "ic", "en", "ri", "hi", "li", "ali"))}
    return found | set(_PEOPLE.split())


def _countries(lang: str) -> list[str]:
    found = [
        n
        for code, n in Locale(lang).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _UNIONS
    ]
    short = {
        "en": ["UK", "USA", "United States", "Czech Republic", "Holland", "England", "Scotland", "Wales"]
    }
    return [n for n in found if "(" not in n and n not in ("Unknown Region",)] + short.get(lang, [])


def _cities() -> dict[str, list[str]]:
    """Localities named in the numbering plans of phonenumbers, by the language of the name."""
    found: dict[str, set[str]] = {}
    for names in GEOCODE_DATA.values():
        for lang, name in names.items():
            if lang in ("zh", "ja", "ko", "th", "am", "hy", "iw", "ar", "fa", "zh_Hant", "hi"):
                continue
            city = re.split(r",| - |/|\(", name)[0].strip()
            if 3 <= len(city) <= 24 and not any(c.isdigit() for c in city) and city[0].isupper():
                found.setdefault(lang, set()).add(city)
    return {lang: sorted(names) for lang, names in found.items()}


class Generator:
    """Draws sentences; the same seed draws the same ones."""

    def __init__(
        self,
        lists: Lists,
        vocabulary: dict[str, tuple[list[str], list[float]]],
        seed: int,
        templates: dict[str, list[str]],
        invented_share: float = 0.25,
    ) -> None:
        self.lists = lists
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.templates = templates
        self.invented_share = invented_share
        self.lang = "en"
        self.groups = list(lists.given)
        self.vocabulary = vocabulary
        self.currencies = [n for n in Locale("en").currencies.values() if "(" not in n]
        self.currencies += [
            "Euros",
            "Dollars",
            "Pounds",
            "Rubles",
            "Czech crowns",
            "British pounds",
            "US dollars",
        ] * 8
        self.nouns = german_nouns()

    def draw(self) -> Sentence:
        """One sentence in a random language; English half of the time."""
        pick = self.random
        lang = pick.choices(("en", "cs", "de", "es", "ru", "other"), (50, 11, 12, 11, 12, 4))[0]
        return self._vary(self.draw_of(pick.choice(self.templates[lang]), lang))

    def draw_of(self, template: str, lang: str) -> Sentence:
        """A sentence of one template, spelled as it stands."""
        self.lang = lang
        while found := _CHOICE.search(template):
            chosen = self.random.choice(found[1].split("|"))
            template = template[: found.start()] + chosen + template[found.end() :]
        return self._fill(template.replace(",?\\n", ",\n").replace("\\n", "\n"))

    def _fill(self, template: str) -> Sentence:
        pieces: list[str] = []
        spans: list[Span] = []
        length, last = 0, 0
        for slot in _SLOT.finditer(template):
            before = template[last : slot.start()]
            text, inner = self._slot(slot[1])
            start = length + len(before)
            spans += [(start + a, start + b, label) for a, b, label in inner]
            pieces += (before, text)
            length = start + len(text)
            last = slot.end()
        return Sentence("".join((*pieces, template[last:])), tuple(spans))

    def _slot(self, name: str) -> tuple[str, list[Span]]:
        """The text of a slot and the spans inside it."""
        label = {
            "person": "PER", "first": "PER", "last": "PER", "rupatr": "PER", "org": "ORG", "orgname": "ORG", "city": "LOC", "country": "LOC",
            "place": "LOC", "address": "ADR", "street": "ADR", "streetname": "ADR", "zip": "ADR", "nrp": "NRP",
        }.get(name)  # fmt: skip
        text = getattr(self, f"_{name}")()
        return text, [(0, len(text), label)] if label and text else []

    # ── names ──

    def _group(self) -> str:
        own = {"cs": "czech", "de": "german", "es": "spanish", "ru": "russian"}.get(self.lang)
        if own and self.random.random() < 0.8:
            return own
        return self.random.choice([g for g in self.groups if g != "russian" or self.lang == "ru"])

    def _first(self) -> str:
        name = self._given(self._group())
        return self._inflect(name)

    def _last(self) -> str:
        return self._surname(self._group())

    def _surname(self, group: str) -> str:
        return self._inflect(self._family(group))

    def _given(self, group: str) -> str:
        return self._any_of(self.lists.given[group])

    def _family(self, group: str) -> str:
        return self._any_of(self.lists.surnames.get(group) or self.lists.surnames["english"])

    def _any_of(self, names: list[str]) -> str:
        """A listed name, or one that no list has: the beginning of one with the end of another."""
        pick = self.random
        if pick.random() < HOMOGRAPH_SHARE:
            return pick.choice(self.lists.homographs(names))
        if pick.random() >= self.invented_share:
            return pick.choice(names)
        return invent(pick.choice(names), pick.choice(names)) or pick.choice(names)

    def _person(self) -> str:
        pick, group = self.random, self._group()
        first, last = self._given(group), self._family(group)
        if self.lang in ("cs", "ru") and pick.random() < 0.3:
            first, last = self._inflect(first, always=True), self._inflect(last, always=True)
        form = pick.random()
        initial = pick.choice("ABCDEFGHJKLMNPRSTVZ" if group != "russian" else "АБВГДЕИКЛМНПРСТ")
        if form < 0.18:
            return first
        if form < 0.26:
            return last
        if form < 0.34:
            return f"{first} {initial}. {last}"
        if form < 0.37:
            return f"{first} {initial} {last}"
        if form < 0.39:
            return f"{initial}. {last}"
        if form < 0.41:
            return f"{last}, {first}" if self.lang == "en" else f"{last} {first}"
        if form < 0.44:
            return f"{first} {last}-{self._surname(group)}"
        if group == "russian" and form < 0.55:
            return f"{last} {first} {self._patronymic()}"
        if group in ("spanish", "portuguese") and form < 0.6:
            return f"{first} {last} {self._surname(group)}"
        if form < 0.48:
            return f"{first} {self._given(group)} {last}"
        return f"{first} {last}"

    def _patronymic(self) -> str:
        stems = "Александр Сергей Дмитри Андре Иван Никола Владимир Павл Петр Борис Виктор Юрь Михайл Олег Анатоль".split()
        stem = self.random.choice(stems)
        soft = stem[-1] in "ией" or stem in ("Никола", "Андре")
        return stem + self.random.choice(("евич", "евна") if soft else ("ович", "овна"))

    def _rupatr(self) -> str:
        return f"{self.random.choice(self.lists.given['russian'])} {self._patronymic()}"

    def _inflect(self, name: str, *, always: bool = False) -> str:
        """A case ending, roughly, for Czech and Russian."""
        if self.lang not in ("cs", "ru") or (not always and self.random.random() < 0.8):
            return name
        pick = self.random.choice
        if self.lang == "cs":
            if name.endswith("ová"):
                return name[:-1] + pick(("é", "ou"))
            if name.endswith("a"):
                return name[:-1] + pick(("y", "u", "ou", "ě"))
            if name.endswith(("ý", "í")):
                return name[:-1] + pick(("ého", "ému", "ým"))
            return name + pick(("a", "ovi", "em")) if name[-1] not in "eioué" else name
        if name.endswith(("ова", "ева", "ина")):
            return name[:-1] + pick(("ой", "у"))
        if name.endswith(("а", "я")):
            return name[:-1] + pick(("е", "у", "ой", "и"))
        if name.endswith("й"):
            return name[:-1] + pick(("я", "ю", "ем"))
        return name + pick(("а", "у", "ом")) if name[-1] in "бвгдзклмнпрстфхцчшщ" else name

    # ── bodies ──

    def _org(self) -> str:
        pick, words = self.random, self.lists.words
        form = pick.random()
        suffix = pick.choice(words["org_suffixes"])
        if form < 0.14:
            return pick.choice(words["known_orgs"])
        if form < 0.22:
            middle = pick.choice(
                (
                    words["nouns"],
                    words["adjectives"],
                    words["product_words"],
                    words["job_words"],
                    words["org_stems"],
                )
            )
            parts = [
                pick.choice(words[pick.choice(("adjectives", "nouns", "nationalities"))]),
                pick.choice(middle),
                pick.choice(words["org_kinds"]),
            ]
            return " ".join(parts[pick.choice((0, 0, 1)) :])
        if form < 0.24:
            return self._cap()
        if form < 0.48:
            return self._orgname() + (f" {suffix}" if pick.random() < 0.35 else "")
        if form < 0.60:
            return f"{self._orgname()} {pick.choice(words['org_words'])}" + (
                f" {suffix}" if pick.random() < 0.2 else ""
            )
        if form < 0.68:
            return f"{self._last()} {pick.choice([suffix, pick.choice(words['org_words']), 'Group', 'and Sons', '& Co', '& Sons'])}"
        if form < 0.75:
            return f"{self._last()}-{self._last()}"
        if form < 0.82:
            return f"{self._last()}, {self._last()} and {self._last()}"
        if form < 0.87:
            return f"{self._last()} {pick.choice(('and', '&'))} {self._last()}" + pick.choice(
                ("", f" {suffix}")
            )
        if form < 0.93:
            return f"{self._city()} {pick.choice(words['org_words'])}"
        if form < 0.96:
            return f"{pick.choice(('University', 'Bank', 'Museum', 'City Council', 'Port Authority', 'Ministry of Health'))} of {self._place()}"
        return "".join(pick.choice("ABCDEFGHIKLMNOPRSTV") for _ in range(pick.choice((3, 3, 4))))

    def _orgname(self) -> str:
        pick, words = self.random, self.lists.words
        stem, end = pick.choice(words["org_stems"]), pick.choice(words["org_ends"])
        form = pick.random()
        if form < 0.5:
            return stem + end
        if form < 0.62:
            return stem + end.capitalize()
        if form < 0.75:
            return f"{stem} {end.capitalize()}"
        if form < 0.85:
            return f"{pick.choice(words['adjectives'])} {stem}"
        if form < 0.93:
            return f"{pick.choice([*words['titles'][:30], 'Uncle', 'Aunt', 'Mama', 'Papa', 'Big', 'Old'])} {pick.choice(self.lists.given['english'])}"
        return f"{pick.choice(words['nouns'])} {pick.choice(words['nouns'])}"

    # ── places ──

    def _city(self) -> str:
        pick, cities = self.random, self.lists.cities
        lang = (
            self.lang
            if self.lang in cities and pick.random() < 0.75
            else pick.choice(
                (
                    "en",
                    "en",
                    "en",
                    "de",
                    "pt",
                    "sv",
                    "hu",
                    "it",
                    "es",
                    "cs",
                    "nl",
                    "fr",
                    "el" if pick.random() < 0.3 else "en",
                )
            )
        )
        name = pick.choice(cities[lang])
        if self.lang == "en" and pick.random() < 0.12:
            return name.upper()
        return self._inflect(name) if self.lang in ("cs", "ru") and pick.random() < 0.5 else name

    def _country(self) -> str:
        lang = self.lang if self.lang in self.lists.countries else "en"
        return self._inflect(self.random.choice(self.lists.countries[lang]))

    def _place(self) -> str:
        return self._city() if self.random.random() < 0.55 else self._country()

    def _nrp(self) -> str:
        words = self.lists.words
        return self.random.choice(words.get(f"nationalities_{self.lang}") or words["nationalities"])

    def _streetname(self) -> str:
        pick, words = self.random, self.lists.words
        if self.lang == "cs":
            return pick.choice(("", "", "ulice ", "ul. ", "ulici ", "nám. ")) + pick.choice(
                words["streets_cs"]
            )
        if self.lang == "de":
            return pick.choice(words["streets_de"]) + pick.choice(
                ("straße", "str.", "weg", "gasse", "platz", "allee", "ring", "strasse", "damm")
            )
        if self.lang == "es":
            return pick.choice(
                ("Calle ", "C/ ", "Avenida ", "Av. ", "Plaza ", "calle ", "Paseo de ", "avda. ", "Carrera ")
            ) + pick.choice(words["streets_es"])
        if self.lang == "ru":
            return pick.choice(
                ("ул. ", "улица ", "пр. ", "проспект ", "пер. ", "ул ", "пл. ", "бульвар ")
            ) + pick.choice(words["streets_ru"])
        if pick.random() < 0.45 and self.lang == "en":
            name = pick.choice(
                (
                    pick.choice(words["streets"]),
                    self._last(),
                    pick.choice(self.lists.given["english"]),
                    pick.choice(self.lists.cities["en"]),
                    str(pick.randint(1, 99)) + pick.choice(("st", "nd", "rd", "th")),
                )
            )
            return f"{name} {pick.choice('Street St St. Road Rd Rd. Avenue Ave Ave. Lane Ln Drive Dr Boulevard Blvd Court Ct Place Square Terrace Way Close Crescent Gardens Hill Parkway Trail Row Mews Grove Circle Coves Islands Parks Springs Junctions Meadows Ports Forges Village'.split())}"
        kind = pick.choice(
            ("streets_north", "streets_west", "streets_east", "streets_cs", "streets_es", "de")
        )
        if kind == "de":
            return pick.choice(words["streets_de"]) + pick.choice(
                ("strasse", "straße", "gasse", "weg", " Bundesstrasse", "platz", "allee")
            )
        name = pick.choice(words[kind])
        if kind == "streets_es" and pick.random() < 0.8:
            name = (
                pick.choice(("Calle ", "C/ ", "Avenida ", "Plaza ", "Avda. ", "Rúa ", "Ronda ", "Ctra. "))
                + name
            )
        if kind in ("streets_north",) and pick.random() < 0.5:
            name = pick.choice(
                (self.random.choice(self.lists.cities["sv"]), self._last_latin())
            ) + pick.choice(
                (
                    "gatan",
                    "vägen",
                    "gata",
                    "veien",
                    "vej",
                    "gade",
                    "katu",
                    "tie",
                    " terrasse",
                    "gata",
                    "straat",
                    "laan",
                    "utca",
                    " u.",
                )
            )
        return name

    def _last_latin(self) -> str:
        return self.random.choice(
            self.lists.surnames[self.random.choice(("nordic", "german", "dutch", "hungarian"))]
        ).split()[-1]

    def _housenumber(self) -> str:
        number = str(self.random.randint(1, self.random.choice((20, 200, 9999))))
        return number + self.random.choice(("", "", "", "", "a", "B", "/" + str(self.random.randint(1, 40))))

    def _street(self) -> str:
        pick = self.random
        name, number = self._streetname(), self._housenumber()
        if self.lang == "ru":
            return f"{name}, {pick.choice(('д. ', 'дом ', ''))}{number}" + pick.choice(
                ("", f", кв. {pick.randint(1, 300)}", f", корп. {pick.randint(1, 9)}")
            )
        if self.lang == "en" and pick.random() < 0.6:
            number = pick.choice(
                (
                    number,
                    number,
                    f"{pick.randint(10, 99999)} {number}",
                    f"{pick.randint(1000, 99999):05d} {pick.randint(1, 200)}",
                )
            )
            return f"{number} {name}" + self._unit(0.15)
        return f"{name} {number}" + self._unit(0.15)

    def _unit(self, chance: float) -> str:
        pick = self.random
        if pick.random() > chance:
            return ""
        lang = {
            "de": ("Whg.", "Etage", "c/o"),
            "cs": ("byt", "č.p.", "patro"),
            "es": ("piso", "puerta", "bajo"),
            "ru": ("кв.", "офис", "подъезд"),
        }
        word = pick.choice(
            lang.get(self.lang, ("Apt.", "Apt", "Suite", "Unit", "Flat", "Floor", "#", "Room", "apt."))
        )
        return (
            pick.choice((" ", ", ", "\n", "\n ")) + f"{word} {pick.randint(1, 999):0{pick.choice((1, 3))}d}"
        )

    def _zip(self) -> str:
        pick = self.random
        letters = "".join(pick.choice("ABCDEFGHJKLMNPRSTUWY") for _ in range(4))
        forms = {
            "cs": (f"{pick.randint(100, 799)} {pick.randint(0, 99):02d}",),
            "de": (
                f"{pick.randint(1000, 99999):05d}",
                f"D-{pick.randint(10000, 99999)}",
                f"A-{pick.randint(1000, 9999)}",
            ),
            "es": (f"{pick.randint(1000, 52999):05d}",),
            "ru": (f"{pick.randint(101000, 690000)}",),
        }
        default = (
            f"{pick.randint(501, 99950):05d}",
            f"{pick.randint(1000, 9999)}",
            f"{letters[:2]}{pick.randint(1, 99)} {pick.randint(1, 9)}{letters[2:]}",
            f"{pick.randint(10000, 99999)}",
            f"{pick.randint(10, 99)}-{pick.randint(100, 999)}",
            f"{pick.randint(10000, 99999)}-{pick.randint(1000, 9999)}",
        )
        return pick.choice(forms.get(self.lang, default))

    def _address(self) -> str:
        pick = self.random
        if self.lang == "en" and pick.random() < 0.07:
            return pick.choice(
                (
                    f"PO Box {pick.randint(1, 9999)}, {self._city()} {self._zip()}",
                    f"PSC {pick.randint(1, 9999)}, Box {pick.randint(1, 9999)}\n{pick.choice(('APO', 'FPO'))} {pick.choice(('AA', 'AE', 'AP'))} {pick.randint(9000, 99999):05d}",
                    f"Unit {pick.randint(1, 9999)} Box {pick.randint(1, 9999)}\nDPO {pick.choice(('AA', 'AE', 'AP'))} {pick.randint(9000, 99999):05d}",
                )
            )
        break_ = pick.choice((", ", ", ", "\n", "\n ", "\n\n ", "\n"))
        city, code = self._city(), self._zip()
        state = pick.choice("CA NY TX FL WA OR ON BC QC NSW VIC WI OH MI NJ MA GA nan CO AZ".split())
        forms = {
            "ru": (f"г. {city}", f"{code}, г. {city}", f"{city}", f"{code}, {city}"),
            "en": (
                f"{city}, {state} {code}",
                f"{city} {state} {code}",
                f"{city}",
                f"{code} {city}",
                f"{city} {code}",
                f"{city}\n, {state}\n {self._country()} {code}",
                f"{city}, {self._country()} {code}",
                f"{city}, {self._country()}",
                f"{city}{break_}{self._country()} {code}",
                f"{city}{break_}{self._country()}",
            ),
        }
        tail = pick.choice(
            forms.get(
                self.lang, (f"{code} {city}", f"{code} {city}", city, f"{code} {city}, {self._country()}")
            )
        )
        street = self._street() + (self._unit(0.3) if self.lang == "en" else "")
        if self.lang == "ru" and pick.random() < 0.6:
            return f"{tail}, {street}"
        return f"{street}{break_}{tail}"

    # ── decoys ──

    def _product(self) -> str:
        words, pick = self.lists.words, self.random
        parts = [self._brand()] if pick.random() < 0.85 else []
        parts += pick.sample(words["product_words"], pick.choice((0, 1, 1, 2)))
        if pick.random() < 0.6 or not parts:
            parts.append(pick.choice(words["models"]))
        if self.lang == "en" and pick.random() < 0.4:
            parts.append(pick.choice(words["product_nouns"]))
        if self.lang == "en" and pick.random() < 0.15:
            return self._thing()
        return " ".join(parts)

    def _thing(self) -> str:
        """A product without a brand: Electric Kettle, garden hose."""
        pick, words = self.random, self.lists.words
        parts = [self._salad_word() for _ in range(pick.choice((0, 1, 1, 2)))]
        parts.append(pick.choice(words["product_nouns"]) if pick.random() < 0.5 else self._salad_word())
        found = " ".join(parts)
        return found.title() if pick.random() < 0.6 else found

    def _brand(self) -> str:
        form = self.random.random()
        if form < 0.65:
            return self.random.choice(self.lists.words["brands"])
        return self._orgname().split()[0] if form < 0.8 else self._salad_word().capitalize()

    def _w(self) -> str:
        return self._salad_word()

    def _ws(self) -> str:
        return " ".join(self._salad_word() for _ in range(self.random.randint(1, 4)))

    def _where(self) -> str:
        return self.random.choice(
            (
                "from",
                "in",
                "at",
                "near",
                "to",
                "of",
                "with",
                "by",
                "for",
                "and",
                "the",
                "a",
                "his",
                "her",
                "my",
                "as",
                "that",
                "is",
                "was",
                "has",
                "but",
                "like",
            )
        )

    def _work(self) -> str:
        words, pick = self.lists.words, self.random
        form = pick.random()
        adj, noun, other = (
            pick.choice(words["adjectives"]),
            pick.choice(words["nouns"]),
            pick.choice(words["nouns"]),
        )
        if form < 0.4:
            return f"{pick.choice(('The ', '', ''))}{adj} {noun}"
        if form < 0.6:
            return f"{pick.choice(('The ', ''))}{noun} {pick.choice(('of', 'and', 'in', 'for', 'with'))} {pick.choice(('the ', ''))}{other}"
        if form < 0.8:
            return f"{noun} {other}"
        return f"{adj} {noun} {other}: {pick.choice(('My', 'A', '5', 'How to'))} {adj} {other}"

    def _headline(self) -> str:
        pick, words = self.random, self.lists.words
        small = "of the you're to for and in a with how why your from 5 10 this".split()
        parts = [
            pick.choice(
                (
                    self._salad_word(),
                    pick.choice(words["nouns"]),
                    pick.choice(words["adjectives"]),
                    pick.choice(small),
                )
            )
            for _ in range(pick.randint(3, 9))
        ]
        return " ".join(p[:1].upper() + p[1:] for p in parts)

    def _where_de(self) -> str:
        return self.random.choice(
            "wegen über mit ohne für und hat will möchte sucht braucht kennt meine die das der eine".split()
        )

    def _gn(self) -> str:
        pick, nouns = self.random, self.lists.words["nouns_de"]
        form = pick.random()
        if form < 0.35:
            return pick.choice(nouns)
        if form < 0.6:
            return pick.choice(self.nouns)
        first, second = pick.choice(nouns), pick.choice(nouns).lower()
        return first + ("s" if first.endswith(("ung", "ion", "tät", "keit")) else "") + second

    def _currency(self) -> str:
        return self.random.choice(self.currencies)

    def _software(self) -> str:
        return self.random.choice(self.lists.words["software"])

    def _adv(self) -> str:
        return self.random.choice(
            self.lists.words.get(f"adverbs_{self.lang}") or self.lists.words["adverbs_en"]
        )

    def _adj(self) -> str:
        return self.random.choice(self.lists.words["adjectives"]).lower()

    def _cap(self) -> str:
        return self.random.choice((*self.lists.words["adjectives"], *self.lists.words["nouns"]))

    def _weekday(self) -> str:
        return self.random.choice(self.lists.words["weekdays"])

    def _month(self) -> str:
        return self.random.choice(self.lists.words["months"])

    def _holiday(self) -> str:
        return self.random.choice(self.lists.words["holidays"])

    def _acronym(self) -> str:
        return self.random.choice(self.lists.words["acronyms"])

    def _dept(self) -> str:
        return self.random.choice(self.lists.words["departments"])

    def _title(self) -> str:
        return self.random.choice(
            "Mr. Mrs. Ms. Miss Mr Mrs Ms Dr. Dr Prof. Professor Sir ms. mr. dr. mrs. Judge Captain Rev.".split()
        )

    def _job(self) -> str:
        return self.random.choice(self.lists.words["jobs"])

    def _jobtitle(self) -> str:
        words, pick = self.lists.words, self.random
        head = pick.choice(words["jobs"])
        lead = " ".join(pick.sample(words["job_words"], pick.choice((0, 1, 2))))
        title = f"{lead} {head}".strip()
        return pick.choice((title.title(), title.capitalize(), title.lower(), title.title()))

    def _colour(self) -> str:
        return self.random.choice("red blue black white green grey silver gold".split())

    def _amount(self) -> str:
        pick = self.random
        value = pick.choice(
            (
                f"{pick.randint(1, 999)}.{pick.randint(0, 99):02d}",
                str(pick.randint(1, 5000)),
                f"{pick.randint(1, 9)},{pick.randint(0, 999):03d}",
            )
        )
        return pick.choice(
            (
                f"${value}",
                f"€{value}",
                f"{value} EUR",
                f"{value} Kč",
                f"{value} €",
                f"{value} руб.",
                f"£{value}",
            )
        )

    def _order(self) -> str:
        pick = self.random
        return pick.choice(("#W", "#", "W", "ORD-", "№ ", "no. ", "")) + str(pick.randint(10000, 9999999))

    def _tracking(self) -> str:
        pick = self.random
        return pick.choice(
            (
                f"1Z{pick.randint(10**9, 10**10)}",
                f"RR{pick.randint(10**8, 10**9 - 1)}CZ",
                str(pick.randint(10**11, 10**13)),
                f"DR{pick.randint(10**9, 10**10)}M",
            )
        )

    def _sku(self) -> str:
        pick = self.random
        return pick.choice(
            (
                f"{pick.choice('ABCDX')}{pick.randint(100, 99999)}",
                f"SKU-{pick.randint(1000, 99999)}",
                f"{pick.randint(100, 999)}.{pick.randint(100, 999)}.{pick.randint(10, 99)}",
            )
        )

    def _num(self) -> str:
        return str(self.random.randint(1, 40))

    def _age(self) -> str:
        return str(self.random.randint(18, 95))

    def _year(self) -> str:
        return str(self.random.randint(1900, 2026))

    def _date(self) -> str:
        pick = self.random
        d, m, y = pick.randint(1, 28), pick.randint(1, 12), pick.randint(1940, 2026)
        return pick.choice(
            (
                f"{d}/{m}/{y}",
                f"{y}-{m:02d}-{d:02d}",
                f"{d}. {m}. {y}",
                f"{d}.{m}.{y}",
                f"{y}-{m:02d}-{d:02d} 10:{d:02d}:00",
            )
        )

    def _phone(self) -> str:
        digits = "".join(
            self.random.choice("#" if c != "d" else "0123456789") if c == "d" else c
            for c in self.random.choice(
                (
                    "+420 ddd ddd ddd",
                    "ddd-ddd-dddd",
                    "(ddd) ddd-dddd",
                    "+49 dd ddddddd",
                    "0ddd dd dd dd",
                    "8 (ddd) ddd-dd-dd",
                    "+34 ddd ddd ddd",
                    "dd dd dd dd",
                    "ddd ddd ddd",
                )
            )
        )
        return digits

    def _email(self) -> str:
        name = re.sub(r"[^a-z]", "", self.random.choice(self.lists.given["english"]).lower()) or "info"
        return f"{name}{self.random.choice(('', '.', '_', '77'))}{self.random.randint(1, 99)}@{self.random.choice(('example.com', 'example.org', 'mail.example.net', 'post.example.cz'))}"

    # ── spelling ──

    def _vary(self, sentence: Sentence) -> Sentence:
        """Other words between the names, and lower case, capitals or no diacritics, now and then."""
        if self.random.random() < 0.6:
            sentence = self._swap(sentence)
        if self.random.random() < 0.3:
            sentence = self._surround(sentence)
        if "\n" in sentence.text and self.random.random() < 0.1:
            sentence = self._bullets(sentence)
        pick = self.random.random()
        text = sentence.text
        if pick < 0.10:
            text = text.lower()
        elif pick < 0.13:
            text = text.upper()
        elif pick < 0.20:
            text = _without_marks(text)
        if len(text) != len(sentence.text):
            text = sentence.text
        return Sentence(text, sentence.spans)

    def _bullets(self, sentence: Sentence) -> Sentence:
        """Each line behind a sign, as in quoted mails; spans are cut at the line ends."""
        sign = self.random.choice(("> ", "- ", "?? ", "* ", "?", ">> ", "• ", "| ", "??? ", ". "))
        lines, spans, place, length = [], [], 0, 0
        for line in sentence.text.split("\n"):
            ahead = length + len(sign)
            for start, end, label in sentence.spans:
                first, last = max(start, place), min(end, place + len(line))
                if first < last and sentence.text[first:last].strip():
                    spans.append((first - place + ahead, last - place + ahead, label))
            lines.append(sign + line)
            place += len(line) + 1
            length += len(sign) + len(line) + 1
        return Sentence("\n".join(lines), tuple(spans))

    def _swap(self, sentence: Sentence) -> Sentence:
        """Some small words outside of names become any small words."""
        pieces: list[str] = []
        spans: list[Span] = []
        length, last = 0, 0
        for start, end, label in (*sorted(sentence.spans), (len(sentence.text), len(sentence.text), "")):
            between = _SMALL.sub(self._any_word, sentence.text[last:start])
            length += len(between)
            pieces += (between, sentence.text[start:end])
            if label:
                spans.append((length, length + end - start, label))
            length += end - start
            last = end
        return Sentence("".join(pieces), tuple(spans))

    def _any_word(self, match: re.Match[str]) -> str:
        return self._salad_word() if self.random.random() < 0.18 else match[0]

    def _salad_word(self) -> str:
        is_english = self.lang == "en" and self.random.random() < ENGLISH_SHARE
        words, sums = self.vocabulary["ru" if self.lang == "ru" else "en" if is_english else "latin"]
        return self.random.choices(words, cum_weights=sums)[0]

    def _surround(self, sentence: Sentence) -> Sentence:
        """A sentence of any words before or after."""
        text = self._salad()
        if self.random.random() < 0.5:
            return Sentence(f"{sentence.text}{self.random.choice((' ', chr(10)))}{text}", sentence.spans)
        ahead = len(text) + 1
        joined = f"{text}{self.random.choice((' ', chr(10)))}{sentence.text}"
        return Sentence(joined, tuple((a + ahead, b + ahead, label) for a, b, label in sentence.spans))

    def _salad(self) -> str:
        pick = self.random
        words = [self._salad_word() for _ in range(pick.randint(1, 9))]
        words[0] = words[0].capitalize()
        for place in range(1, len(words)):
            if pick.random() < 0.04:
                words[place] = (
                    f'"{" ".join(self._salad_word().capitalize() for _ in range(pick.randint(1, 4)))}"'
                )
            elif pick.random() < 0.06:
                words[place] += pick.choice((",", ":", " -", ";", " " + self._num(), " " + self._acronym()))
            elif pick.random() < 0.03:
                words[place] = pick.choice(
                    (self._weekday, self._month, self._product, self._work, self._dept, self._headline)
                )()
        return " ".join(words) + pick.choice((".", "!", "?", "", ":", "..."))


_SEAM = re.compile(r"(?i)[aeiouyáéíóúöüåäøаеиоуыюя](?=[^\W\daeiouyáéíóúöüåäøаеиоуыюя])")
_SMALL = re.compile(r"(?<![\w'’])[^\W\d_]{2,}(?![\w'’.@])(?<![A-ZА-ЯÁ-Ž])")
_MARKS = str.maketrans(
    "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽñàèìòùâêîôûëïçãõäöüÄÖÜőűłńśźżąęćøåæё",
    "acdeeinorstuuyzACDEEINORSTUUYZnaeiouaeioueicaoaouAOUoulnszzaecoaaе",
)


def _without_marks(text: str) -> str:
    return text.translate(_MARKS)


def read_templates(*, held_out: bool = False) -> dict[str, list[str]]:
    """Templates by language: those to train on, or the third of `registers.txt` that is held out."""
    found: dict[str, list[str]] = {}
    for name in ("registers.txt",) if held_out else ("templates.txt", "registers.txt"):
        lang = ""
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            if line.startswith("[") and line.endswith("]"):
                lang = line[1:-1]
            elif name != "registers.txt" or (zlib.crc32(line.encode()) % 3 == 0) == held_out:
                found.setdefault(lang, []).append(line)
    return found


def invent(first: str, second: str) -> str:
    """A name of the beginning of one and the end of another, cut between a vowel and a consonant; or nothing."""
    heads = [m.start() + 1 for m in _SEAM.finditer(first) if m.start() >= 1]
    tails = [m.start() + 1 for m in _SEAM.finditer(second) if len(second) - m.start() > 2]
    if not heads or not tails or " " in first + second:
        return ""
    made = first[: heads[len(heads) // 2]] + second[tails[len(tails) // 2] :].lower()
    return made if 3 <= len(made) <= 13 and made not in (first, second) else ""
