"""The ledger of consents: find a customer, see what they agreed to when, record what they say now."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.customers import api as customers
from rapport.customers.contracts import CustomerInfo
from rapport.desk.contexts import ConsentLine
from rapport.desk.customer_pages import customer_or_404, note_reading, shown_name
from rapport.desk.oversight.pages import show
from rapport.desk.wording import PURPOSES, purpose_text
from rapport.governance import api as governance
from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import LANGUAGE_NAMES, LANGUAGES, base_language

FOUND = 25
MAX_VERSION_CHARS = 40


@dataclass(frozen=True, slots=True)
class ConsentsContext:
    """One customer's ledger."""

    customer: CustomerInfo
    name: str
    current: tuple[ConsentLine, ...]
    history: tuple[ConsentLine, ...]
    purposes: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    language: str


@never_cache
@require_safe
@require(Permission.PROTECT_DATA)
def customer_search(request: StaffRequest) -> HttpResponse:
    """Find the customer whose consents are wanted."""
    query = request.GET.get("q", "").strip()[:100]
    rows, total = customers.search_customers(query, limit=FOUND) if query else ([], 0)
    found = [(customer, shown_name(customer)) for customer in rows]
    context = {"query": query, "found": found, "total": total}
    return show(request, "consents.html", "governance:consents", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PROTECT_DATA)
def consents_of(request: StaffRequest, customer_id: int) -> HttpResponse:
    """One customer's consents; a POST appends to the ledger."""
    customer = customer_or_404(customer_id)
    problem = ""
    if request.method == "POST":
        try:
            said = _record(request, customer)
        except InvalidInput as refusal:
            problem = str(refusal)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("governance:consents_of", args=[customer.id]))
    else:
        note_reading(request, customer)
    context = {"ledger": _ledger(customer), "problem": problem}
    status = 422 if problem else 200
    return show(request, "consents_of.html", "governance:consents", context, status=status)


def _ledger(customer: CustomerInfo) -> ConsentsContext:
    history = tuple(
        ConsentLine(purpose_text(c.purpose), c) for c in governance.list_consent_history(customer.id)
    )
    current = tuple(ConsentLine(purpose_text(c.purpose), c) for c in governance.list_consents(customer.id))
    names = dict.fromkeys([*PURPOSES, *(line.entry.purpose for line in history)])
    return ConsentsContext(
        customer=customer,
        name=shown_name(customer),
        current=current,
        history=history,
        purposes=tuple((name, purpose_text(name)) for name in names),
        languages=tuple((code, LANGUAGE_NAMES[code]) for code in LANGUAGES),
        language=base_language(customer.language),
    )


@transaction.atomic
def _record(request: StaffRequest, customer: CustomerInfo) -> str:
    """Append what the customer said, put it on their timeline and in the audit log. Raises InvalidInput."""
    post = request.POST
    purpose, version, outcome = (post.get(n, "").strip() for n in ("purpose", "wording_version", "do"))
    language = post.get("language", "")
    known = {*PURPOSES, *(c.purpose for c in governance.list_consents(customer.id))}
    if purpose not in known:
        raise InvalidInput(_("Choose a purpose."), field="purpose")
    if not 0 < len(version) <= MAX_VERSION_CHARS:
        raise InvalidInput(_("Name the version of the wording that the customer was shown."), field="version")
    if outcome not in ("give", "withdraw") or language not in LANGUAGES:
        raise InvalidInput(_("Choose whether consent is given or withdrawn."), field="do")
    is_given = outcome == "give"
    governance.record_consent(
        customer.id,
        purpose,
        is_given=is_given,
        wording_version=version,
        language=language,
        source=f"staff:{request.staff.id}",
    )
    kind = "consent_given" if is_given else "consent_withdrawn"
    title = f"Consent {'given' if is_given else 'withdrawn'}: {purpose.replace('_', ' ')}"
    customers.add_timeline(customer.id, kind, title, source="governance", data={"wording": version})
    accounts.record_audit(
        kind,
        actor_id=request.staff.id,
        subject=f"customer:{customer.id}",
        detail={"purpose": purpose, "wording_version": version, "language": language},
        ip_address=channels.client_address(request),
    )
    return _("Recorded: given.") if is_given else _("Recorded: withdrawn.")
