"""What customers write in the benchmark: six languages, short and long, no text twice.

The encoder keeps what it has read, so a repeated text would cost nothing; the fillers make each one new.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

LANGUAGES = ("en", "cs", "de", "es", "ru", "zh")

THINGS = {
    "en": ("kettle", "lamp", "headphones", "desk chair", "speaker", "backpack", "toaster", "keyboard"),
    "cs": ("konvici", "lampu", "sluchátka", "židli", "reproduktor", "batoh", "toustovač", "klávesnici"),
    "de": ("Wasserkocher", "Lampe", "Kopfhörer", "Stuhl", "Lautsprecher", "Rucksack", "Toaster", "Tastatur"),
    "es": ("hervidor", "lámpara", "auriculares", "silla", "altavoz", "mochila", "tostadora", "teclado"),
    "ru": ("чайник", "лампу", "наушники", "стул", "колонку", "рюкзак", "тостер", "клавиатуру"),
    "zh": ("电水壶", "台灯", "耳机", "办公椅", "音箱", "背包", "烤面包机", "键盘"),
}
DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "cs": ("v pondělí", "v úterý", "ve středu", "ve čtvrtek", "v pátek", "v sobotu", "v neděli"),
    "de": ("am Montag", "am Dienstag", "am Mittwoch", "am Donnerstag", "am Freitag", "am Samstag", "gestern"),
    "es": ("el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "el sábado", "el domingo"),
    "ru": ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "вчера"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}

STATUS = {
    "en": "Where is the {thing} I ordered on {day}? Order {order}",
    "cs": "Kde je objednávka {order}? Objednal jsem {thing} {day}",
    "de": "Wo bleibt meine Bestellung {order}? {thing}, bestellt {day}",
    "es": "¿Dónde está mi pedido {order}? Compré {thing} {day}",
    "ru": "Где мой заказ {order}? Я купил {thing} {day}",
    "zh": "我{day}买的{thing}到哪里了?订单 {order}",
}
QUESTION = {
    "en": "How long may I keep the {thing} before I send it back, if it came {day}?",
    "cs": "Jak dlouho mohu {thing} vrátit, když přišlo {day}?",
    "de": "Wie lange kann ich {thing} zurückgeben, wenn das Paket {day} kam?",
    "es": "¿Cuánto tiempo tengo para devolver {thing} si llegó {day}?",
    "ru": "Сколько времени у меня есть, чтобы вернуть {thing}, если посылка пришла {day}?",
    "zh": "{day}收到的{thing},多久之内可以退货?",
}
SHORT = {
    "en": "I want to return the {thing} from {day}",
    "cs": "chci vrátit {thing}, přišlo {day}",
    "de": "Ich möchte {thing} zurückschicken, kam {day}",
    "es": "quiero devolver {thing}, llegó {day}",
    "ru": "хочу вернуть {thing}, пришло {day}",
    "zh": "我想退{day}到的{thing}",
}
LONG = {
    "en": "Good morning, I bought a {thing} in your shop for my mother's birthday and it was promised for {day}. "
    "The carrier's page has not changed for three days, nobody rang, and my neighbours have not seen a parcel "
    "either. I would like to know where it is now and when it will come, because the party is at the weekend.",
    "cs": "Dobrý den, koupil jsem u vás {thing} jako dárek pro maminku a mělo to přijít {day}. Stránka dopravce "
    "se už tři dny nezměnila, nikdo nezvonil a ani sousedé žádný balík neviděli. Rád bych věděl, kde zásilka "
    "teď je a kdy dorazí, protože oslava je o víkendu.",
    "de": "Guten Tag, ich habe bei Ihnen {thing} als Geschenk für meine Mutter gekauft, die Lieferung sollte "
    "{day} kommen. Die Seite des Paketdienstes hat sich seit drei Tagen nicht geändert, niemand hat geklingelt, "
    "und die Nachbarn haben auch kein Paket gesehen. Wo ist es jetzt, und wann kommt es an?",
    "es": "Buenos días, compré {thing} en su tienda para el cumpleaños de mi madre y debía llegar {day}. La "
    "página del transportista no cambia desde hace tres días, nadie ha llamado y los vecinos tampoco han visto "
    "ningún paquete. Quisiera saber dónde está ahora y cuándo va a llegar.",
    "ru": "Добрый день, я купил у вас {thing} в подарок маме, доставку обещали {day}. Страница перевозчика не "
    "меняется уже три дня, никто не звонил, и соседи тоже не видели посылки. Я хотел бы знать, где она сейчас "
    "и когда придёт, потому что праздник в выходные.",
    "zh": "您好,我在你们店里给妈妈买了{thing}作为生日礼物,说好{day}送到。快递页面已经三天没有更新了,"
    "没有人打电话,邻居也没有看到包裹。我想知道它现在在哪里,什么时候能到,因为周末就要过生日了。",
}
KINDS = {"status": STATUS, "question": QUESTION, "short": SHORT, "long": LONG}


@dataclass(frozen=True, slots=True)
class Script:
    """What one customer says in one conversation."""

    customer_ref: str
    language: str
    texts: tuple[tuple[str, str], ...]
    """Kind (of `KINDS`) and text."""


def write_scripts(orders: list[tuple[str, str]], seed: int = 7) -> Iterator[Script]:
    """One conversation after another, languages in turn; `orders` are (customer, order) pairs."""
    rng = random.Random(seed)
    pools = {language: _fillers(language, rng) for language in LANGUAGES}
    for (customer, order), language in zip(itertools.cycle(orders), itertools.cycle(LANGUAGES), strict=False):
        texts = []
        for kind, wording in KINDS.items():
            thing, day = next(pools[language])
            texts.append((kind, wording[language].format(thing=thing, day=day, order=order)))
        rng.shuffle(texts)
        yield Script(customer, language, tuple(texts))


def _fillers(language: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    pairs = list(itertools.product(THINGS[language], DAYS[language]))
    rng.shuffle(pairs)
    for count in itertools.count():
        for thing, day in pairs:
            yield thing, day if count == 0 else f"{day} ({count})"
