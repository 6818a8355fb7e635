"""The frame of every storefront page: head, header, footer, and the embedded widget."""

import json
from dataclasses import dataclass
from html import escape
from typing import Final

from demo_shop.models import Customer
from demo_shop.session import identifier_hash
from demo_shop.vocabulary import LANGUAGES, say

SHOP_NAME: Final = "Lumen & Oak"
_LOGO: Final = (
    '<svg viewBox="0 0 32 32" aria-hidden="true"><circle cx="16" cy="11" r="9" class="lamp"/>'
    '<path class="oak" d="M16 2a9 9 0 0 1 0 18z"/>'
    '<path class="ground" d="M16 12v16M16 18l5-5M9 29h14"/></svg>'
)


@dataclass(frozen=True, slots=True)
class WidgetSnippet:
    """The chat widget to embed: any HTML, in which ``{{language}}`` becomes the page's language.

    ``identity_secret`` is the key the widget's server checks ``identifier_hash`` with; without it
    signed-in customers are announced without proof.
    """

    html: str
    identity_secret: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, in which language, and under which prefix the shop is reached."""

    root: str
    path: str
    language: str
    customer: Customer | None
    widget: WidgetSnippet | None
    was_signed_out: bool = False

    def say(self, key: str, section: str = "ui") -> str:
        """A word of the page, escaped."""
        return escape(say(section, key, self.language))

    def link(self, path: str) -> str:
        """An address inside the shop."""
        return escape(self.root + path)


def render_page(visit: Visit, title: str, content: str, *, order_id: str | None = None) -> str:
    """Put content into the frame."""
    full_title = SHOP_NAME if not title else f"{title} · {SHOP_NAME}"
    return f"""<!doctype html>
<html lang="{visit.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(full_title)}</title>
<link rel="stylesheet" href="{visit.link("/static/shop.css")}">
<link rel="icon" href="{visit.link("/pictures/desklamp.svg")}" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#content">{visit.say("skip")}</a>
{_header(visit)}
<main id="content">
{content}
</main>
<footer>
<p><strong>{escape(SHOP_NAME)}</strong> {visit.say("tagline")}</p>
<p>{visit.say("demo note")}</p>
</footer>
{_widget(visit, order_id)}
</body>
</html>
"""


def _header(visit: Visit) -> str:
    label = escape(visit.customer.name.first_name) if visit.customer else visit.say("sign in")
    person = f'<a class="who" href="{visit.link("/account")}">{_ICON_PERSON}<span>{label}</span></a>'
    options = "".join(
        f'<option value="{code}"{" selected" if code == visit.language else ""}>{name}</option>'
        for code, name in LANGUAGES.items()
    )
    return f"""<aside class="promise">{visit.say("delivery promise")}</aside>
<header>
<a class="brand" href="{visit.link("/")}">{_LOGO}<span>{escape(SHOP_NAME)}</span></a>
<form class="search" role="search" action="{visit.link("/")}">
<input type="search" name="query" placeholder="{visit.say("search")}" aria-label="{visit.say("search")}">
</form>
<nav>
<form class="language" method="post" action="{visit.link("/language")}">
<input type="hidden" name="next" value="{escape(visit.path)}">
<select name="language" aria-label="{visit.say("language")}" onchange="this.form.submit()">{options}</select>
<noscript><button>OK</button></noscript>
</form>
{person}
</nav>
</header>"""


_ICON_PERSON: Final = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="8" r="4"/>'
    '<path d="M4 21a8 8 0 0 1 16 0"/></svg>'
)


def _widget(visit: Visit, order_id: str | None) -> str:
    """Embed the widget and tell it who is signed in once it says it is ready."""
    if visit.widget is None:
        return ""
    facts: dict[str, object] = {"language": visit.language, "signedOut": visit.was_signed_out}
    customer = visit.customer
    if customer is not None:
        person = {"name": customer.name.full, "email": customer.email}
        if visit.widget.identity_secret:
            person["identifier_hash"] = identifier_hash(visit.widget.identity_secret, customer.customer_id)
        facts |= {"id": customer.customer_id, "person": person, "order": order_id}
    data = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return f"""<script>
(function () {{
  var facts = {data};
  var told = false;
  function tell() {{
    var chat = window.$chatwoot;
    if (told || !chat || !chat.setUser) return;
    told = true;
    if (facts.signedOut && chat.reset) chat.reset();
    if (chat.setLocale) chat.setLocale(facts.language);
    if (!facts.id) return;
    chat.setUser(facts.id, facts.person);
    if (facts.order && chat.setCustomAttributes) chat.setCustomAttributes({{viewed_order: facts.order}});
  }}
  window.addEventListener("chatwoot:ready", tell);
  if (window.$chatwoot && window.$chatwoot.hasLoaded) tell();
}})();
</script>
{visit.widget.html.replace("{{language}}", visit.language)}"""
