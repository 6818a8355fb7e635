"""Kinds of systems that are connected by filling in a form; pages and commands ask for what each form names."""

from __future__ import annotations

from rapport.connectors.forms import KindForm
from rapport.connectors.kinds.case.system import FORM as CASE
from rapport.connectors.kinds.mail.system import FORM as MAIL
from rapport.connectors.kinds.shopify.system import FORM as SHOPIFY
from rapport.connectors.kinds.sql.system import FORM as SQL
from rapport.connectors.kinds.table.system import FORM as TABLE
from rapport.connectors.kinds.woocommerce.system import FORM as WOOCOMMERCE

FORMS: dict[str, KindForm] = {form.kind: form for form in (TABLE, MAIL, SQL, CASE, WOOCOMMERCE, SHOPIFY)}
