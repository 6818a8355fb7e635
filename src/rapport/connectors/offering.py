"""Kinds of systems that are connected by filling in a form; pages and commands ask for what each form names."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from rapport.connectors.contracts import ConnectorInfo
from rapport.connectors.forms import KindForm
from rapport.connectors.kinds.browser.system import FORM as BROWSER
from rapport.connectors.kinds.case.system import FORM as CASE
from rapport.connectors.kinds.document.system import FORM as DOCUMENT
from rapport.connectors.kinds.file_drop.system import FORM as FILE_DROP
from rapport.connectors.kinds.mail.system import FORM as MAIL
from rapport.connectors.kinds.shopify.system import FORM as SHOPIFY
from rapport.connectors.kinds.sql.system import FORM as SQL
from rapport.connectors.kinds.table.system import FORM as TABLE
from rapport.connectors.kinds.woocommerce.system import FORM as WOOCOMMERCE
from rapport.connectors.services import change_connector
from rapport.connectors.shops import PLATFORMS
from rapport.kernel.errors import InvalidInput

FORMS: dict[str, KindForm] = {
    form.kind: form for form in (TABLE, MAIL, SQL, CASE, DOCUMENT, FILE_DROP, BROWSER, WOOCOMMERCE, SHOPIFY)
}


SHOP_KINDS = frozenset(PLATFORMS)
"""Kinds that take the place of the connected shop."""


def connect_by_form(kind: str, key: str, given: Mapping[str, str]) -> None:
    """Connect a system, or change it, as entered; an empty secret keeps the present one. Raises InvalidInput.

    A shop platform is always connected under the key ``shop``.
    """
    form = FORMS.get(kind)
    if form is None:
        raise InvalidInput(_("One of %(names)s.") % {"names": ", ".join(FORMS)}, field="kind")
    if (kind in PLATFORMS) is not (key == "shop"):
        raise InvalidInput(_("A shop platform, and nothing else, has the key `shop`."), field="key")
    settings = form.compose(key, given)
    address = settings["form"].get("base_url", "")
    change_connector(
        ConnectorInfo(key, kind, address, has_secret=False, is_enabled=True, settings=settings),
        str(given.get("secret", "")),
    )
