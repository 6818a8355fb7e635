"""Words that tell a name from an ordinary word, in the languages customers write."""

# ruff: noqa: E501 - word lists
from __future__ import annotations

from rapport.governance.personal_data.tagging.lexicon import BIT

NAMES = BIT["given"] | BIT["surname"]
PLACES = BIT["city"] | BIT["country"] | BIT["part"]
LISTED = {
    "PER": NAMES,
    "LOC": PLACES,
    "ORG": BIT["org"] | BIT["known"] | NAMES,
    "NRP": BIT["nationality"],
    "ADR": PLACES,
}
"""Lists that support each kind of the tagger."""
DIRECTIONS = frozenset("southern northern eastern western central".split())
INTRODUCING = frozenset(
    "mr mrs ms miss dr hi hello hey dear named called pan paní herr frau señor señora hola hallo ahoj привет".split()
)
LINKING = frozenset("se is : = je ist es ? are".split())
HOMOGRAPHS = frozenset(
    "bill chase grant drew pat rob sue art gene dawn may will mark rose grace hope faith joy robin frank jack penny rich max guy".split()
)
"""Names that are ordinary words in small letters."""
BEFORE_PEOPLE = INTRODUCING | frozenset(
    "i'm jmenuji jmenuje heiße heißt heisse heisst llamo llama зовут herrn paní pane pana wife husband brother sister son daughter mother father boss "
    "manžel manželka syn dcera soused nachbar nachbarin kollege kollegen kollegin schreibt mann frau sohn tochter marido mujer hijo hija vecino муж жена сын дочь сосед "
    "miss sir judge professor prof captain rev".split()
)
LOCATIVE = frozenset(
    "in from at near of through around via into toward v ve z ze do u aus nach bei en desde hacia hasta во из на до около".split()
)
"""Words before a place; "to", "с" and the like stand before people as well."""
MONEY = frozenset(
    "kč czk € eur euro euros $ usd dollars £ gbp pounds руб рублей ₽ rub % ks pcs pieces mah w ml mm cm kg g gb tb".split()
)
PARTICLES = frozenset(
    "and of the de del la las los le du des van der den von zu y e i da do dos di al el ul st".split()
)
NAME_WORDS = frozenset("name surname firstname lastname jméno příjmení nombre apellido имя фамилия".split())
ANNOUNCING = BEFORE_PEOPLE | NAME_WORDS
"""Words after which an ordinary small word may be a name: "my name is rose"."""
NEVER = frozenset(
    "i he she it we you they me him her us them my his its our your their mine who what where when why how this that these those there here "
    "can could would should must shall do does did is are was were have has had don't doesn't didn't isn't please let "
    "traceback error warning exception info debug bearer token password authorization login the a an and or but if so not no yes ok okay hi hello hey dear thanks thank sorry cool great good bad well then now today tomorrow "
    "yesterday sir madam mr mrs ms miss dr bot agent user customer name phone fax mobile desk office email mail address order item "
    "ich du er sie es wir ihr mein meine sein ihre und oder aber nicht danke bitte hallo guten herr frau kunde der die das ein eine "
    "já ty on ona my vy oni můj moje jeho její a ale ne ano dobrý den děkuji prosím ahoj pan paní "
    "yo tú él ella usted nosotros ellos mi su hola gracias por favor señor señora el la los las un una "
    "я ты он она мы вы они мой моя его её и но не да нет спасибо пожалуйста здравствуйте привет добрый день".split()
)
TRAVELLING = frozenset(
    "travel travelling traveling fly flying flight flights way bus train trip ticket tickets drive going go get move moved from".split()
)
"""Words shortly before a "to" that leads to a place, not to a person."""
BEFORE_ADJECTIVES = frozenset(
    "a an the am is are was were very new nice old my this that some many most other".split()
)
"""Words after which a capitalised adjective is no surname."""
BEFORE_LANGUAGES = frozenset(
    "in into speak speaks spoke speaking spoken learn learning understand than from".split()
)
OF_LANGUAGES = frozenset(
    "language languages subtitles speaking speaker speakers translation lessons dictionary version".split()
)
"""Words around the name of a language."""
TITLES = frozenset(
    "mr mrs ms herr herrn frau pan paní pane pana panu panem sr sra srta señor señora господин госпожа г-н г-жа".split()
)
"""Words before a surname, and before hardly anything else that is capitalised."""
CLOSINGS = frozenset(
    "grüsse grüssen gruss mfg lg vg danke dank regards sincerely cheers thanks pozdravem pozdrav děkuji díky saludo saludos atentamente gracias уважением спасибо".split()
)
"""Words that end the line above a signature, as `str.casefold` leaves them."""
GERMAN = frozenset(
    "der das und ist nicht ich wir mit für auf ein eine einen einem dem zu sie von bei alle vom zum zur wenn dass aber auch sich nach mach schalte".split()
)
"""Small words of German alone."""
UNIONS = frozenset(
    "european union|united nations|eurozone|security council|nato|unesco|unicef|who|wto|imf".split("|")
)
"""Bodies of states: nobody's data."""
CUES = {
    "PER": frozenset(
        "name is|name ?|name :|name's|surname is|surname ?|jméno je|nachname ist|name ist|apellido es|nombre es|имя :|фамилия :".split("|")
    ),
    "LOC": frozenset(
        "grew up in|raised in|born in|lives in|live in|lived in|living in|reside in|resides in|moved to|moved from|here from|hometown of|"
        "originally from|come from|comes from|travelling to|traveling to|flying to|home city|home town|city of|town of|village of|bydlím v|wohne in|vivo en|живу в".split("|")
    ),
    "ORG": frozenset(
        "work for|works for|worked for|working for|employed by|ceo of|director of|employee of|founder of|arbeite bei|arbeitet bei|pracuji v|trabajo en|trabajo para".split("|")
    ),
}  # fmt: skip
"""The words, the last two or three, after which capitalised words are a person, a place or a body."""
