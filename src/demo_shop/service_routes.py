"""The operations beside orders and products: what the shop's people do for customers every day."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from demo_shop import (
    accounts,
    appointments,
    callbacks,
    catalogue_reads,
    invoices,
    loyalty,
    payment_attempts,
    problem_reports,
    stock_notices,
    subscriptions,
    warranty,
)
from demo_shop.models import Category, Customer
from demo_shop.routing import Query, Read, WriteRoute

_ORDER = ("order_not_found", "not_owner")
_NOBODY = ("customer_not_found",)
_AFTER = (Query("after", "Only windows after this moment, ISO 8601; after now if absent."),)


def _of_customer(
    path: str,
    name: str,
    summary: str,
    answers: type[BaseModel],
    answer: Callable[[sqlite3.Connection, str, str], Any],
) -> Read:
    """A list of what belongs to one customer."""

    def found(
        connection: sqlite3.Connection, where: Mapping[str, str], _query: Mapping[str, str], language: str
    ) -> Any:
        return answer(connection, where["customer_id"], language)

    return Read(
        f"/customers/{{customer_id}}/{path}", name, summary, answers, found, many=True, refusals=_NOBODY
    )


SERVICE_READS: tuple[Read, ...] = (
    Read(
        "/categories",
        "list_categories",
        "List the categories with what is in stock",
        Category,
        lambda c, _p, _q, lang: catalogue_reads.list_categories(c, lang),
        many=True,
    ),
    _of_customer(
        "invoices", "list_invoices", "List a customer's invoices", invoices.Invoice, invoices.list_invoices
    ),
    _of_customer(
        "payment-states",
        "list_payment_states",
        "List how paying stands for orders that had attempts",
        payment_attempts.PaymentState,
        payment_attempts.list_states,
    ),
    _of_customer(
        "warranty-items",
        "list_warranty_items",
        "List a customer's pieces with their warranty",
        warranty.WarrantyItem,
        warranty.list_warranty_items,
    ),
    _of_customer(
        "appointments",
        "list_appointments",
        "List a customer's orders under way with their delivery appointment",
        appointments.Appointment,
        appointments.list_appointments,
    ),
    Read(
        "/orders/{order_id}/delivery-windows",
        "list_delivery_windows",
        "List free delivery windows for an order",
        appointments.DeliveryWindow,
        appointments.list_free,
        many=True,
        query=_AFTER,
        refusals=("order_not_found", "invalid_request"),
    ),
    Read(
        "/callback-windows",
        "list_callback_windows",
        "List times at which somebody is free to call",
        callbacks.CallbackWindow,
        callbacks.list_free,
        many=True,
        query=_AFTER,
        refusals=("invalid_request",),
    ),
    _of_customer(
        "stock-notices",
        "list_stock_notices",
        "List a customer's stock notices",
        stock_notices.StockNotice,
        stock_notices.list_notices,
    ),
    _of_customer(
        "subscriptions",
        "list_subscriptions",
        "List a customer's subscriptions",
        subscriptions.Subscription,
        subscriptions.list_subscriptions,
    ),
    Read(
        "/customers/{customer_id}/loyalty",
        "get_loyalty",
        "Get a customer's Oak Club points",
        loyalty.LoyaltyAccount,
        lambda c, p, _q, _l: loyalty.find_account(c, p["customer_id"]),
        refusals=_NOBODY,
    ),
    Read(
        "/customers/{customer_id}/contact-data",
        "get_contact_data",
        "Get how a customer is reached",
        accounts.ContactData,
        lambda c, p, _q, _l: accounts.find_contact_data(c, p["customer_id"]),
        refusals=_NOBODY,
    ),
    _of_customer(
        "data-requests",
        "list_data_requests",
        "List a customer's requests about their data",
        accounts.DataRequest,
        lambda c, customer_id, _l: accounts.list_data_requests(c, customer_id),
    ),
    _of_customer(
        "problem-reports",
        "list_problem_reports",
        "List a customer's problem reports",
        problem_reports.ProblemReport,
        lambda c, customer_id, _l: problem_reports.list_reports(c, customer_id),
    ),
)

SERVICE_WRITES: tuple[WriteRoute, ...] = (
    WriteRoute(
        "/orders/{order_id}/invoice-copies",
        "send_invoice",
        "Send a copy of an invoice, by mail or as a link",
        invoices.SendInvoice,
        invoices.InvoiceCopy,
        invoices.send_invoice,
        (*_ORDER, "invoice_not_ready"),
        success=201,
    ),
    WriteRoute(
        "/orders/{order_id}/payment-links",
        "make_payment_link",
        "Make a link to pay an order whose payment failed",
        payment_attempts.MakeLink,
        payment_attempts.PaymentLink,
        payment_attempts.make_payment_link,
        (*_ORDER, "payment_not_due", "payment_too_late", "too_many_attempts"),
        success=201,
    ),
    WriteRoute(
        "/orders/{order_id}/payment-attempts",
        "report_payment_attempt",
        "Say how an attempt to pay ended (the payment service)",
        payment_attempts.ReportAttempt,
        payment_attempts.PaymentState,
        payment_attempts.report_attempt,
        ("order_not_found", "payment_not_due"),
        success=201,
    ),
    WriteRoute(
        "/orders/{order_id}/warranty-claims",
        "claim_warranty",
        "Claim warranty for a delivered piece",
        warranty.ClaimWarranty,
        warranty.WarrantyClaim,
        warranty.claim_warranty,
        (
            *_ORDER,
            "order_not_delivered",
            "items_not_in_order",
            "warranty_expired",
            "warranty_already_claimed",
        ),
        success=201,
    ),
    WriteRoute(
        "/orders/{order_id}/appointment",
        "book_appointment",
        "Book or move the delivery appointment of an order",
        appointments.BookAppointment,
        appointments.Appointment,
        appointments.book_appointment,
        (*_ORDER, "appointment_not_possible", "appointment_too_close", "window_not_free"),
        method="PUT",
    ),
    WriteRoute(
        "/customers/{customer_id}/stock-notices",
        "ask_stock_notice",
        "Tell a customer when a variant is back",
        stock_notices.AskNotice,
        stock_notices.StockNotice,
        stock_notices.ask_notice,
        (*_NOBODY, "variant_not_found", "variant_in_stock", "notice_exists"),
        success=201,
    ),
    WriteRoute(
        "/variants/{item_id}/stock",
        "add_stock",
        "Put goods on the shelf (the warehouse); who waits for them is told",
        stock_notices.AddStock,
        stock_notices.StockState,
        stock_notices.add_stock,
        ("variant_not_found",),
    ),
    WriteRoute(
        "/customers/{customer_id}/redemptions",
        "redeem_points",
        "Turn Oak Club points into a gift card",
        loyalty.RedeemPoints,
        loyalty.Redemption,
        loyalty.redeem_points,
        (*_NOBODY, "points_not_allowed", "points_not_enough"),
        success=201,
    ),
    *(
        WriteRoute(
            f"/subscriptions/{{subscription_id}}/{verb}",
            name,
            summary,
            body,
            subscriptions.Subscription,
            do,
            ("subscription_not_found", "not_owner", *refusals),
        )
        for verb, name, summary, body, do, refusals in (
            (
                "pause",
                "pause_subscription",
                "Pause a subscription for some weeks",
                subscriptions.PauseSubscription,
                subscriptions.pause_subscription,
                ("subscription_not_active", "delivery_too_close"),
            ),
            (
                "resume",
                "resume_subscription",
                "Resume a paused subscription",
                subscriptions.SubscriptionWrite,
                subscriptions.resume_subscription,
                ("subscription_not_paused",),
            ),
            (
                "skip",
                "skip_delivery",
                "Leave the next delivery of a subscription out",
                subscriptions.SubscriptionWrite,
                subscriptions.skip_delivery,
                ("subscription_not_active", "delivery_too_close"),
            ),
        )
    ),
    WriteRoute(
        "/customers/{customer_id}/email-changes",
        "change_email",
        "Send a link that confirms a customer's new e-mail address",
        accounts.ChangeEmail,
        accounts.EmailChange,
        accounts.change_email,
        (*_NOBODY, "email_not_valid", "email_taken", "email_unchanged"),
        success=201,
    ),
    WriteRoute(
        "/email-changes/{email_change_id}/confirm",
        "confirm_email",
        "Confirm a new e-mail address (the link was opened)",
        accounts.Nothing,
        Customer,
        accounts.confirm_email,
        ("email_change_not_found", "email_taken", "email_unchanged"),
    ),
    WriteRoute(
        "/customers/{customer_id}/phone",
        "change_phone",
        "Change a customer's telephone number",
        accounts.ChangePhone,
        accounts.ContactData,
        accounts.change_phone,
        (*_NOBODY, "phone_not_valid"),
        method="PUT",
    ),
    WriteRoute(
        "/customers/{customer_id}/newsletter",
        "set_newsletter",
        "Begin or stop a customer's newsletter",
        accounts.SetNewsletter,
        accounts.ContactData,
        accounts.set_newsletter,
        _NOBODY,
        method="PUT",
    ),
    WriteRoute(
        "/customers/{customer_id}/data-requests",
        "ask_data",
        "Ask for a copy of all data of a customer, or for their deletion",
        accounts.AskData,
        accounts.DataRequest,
        accounts.ask_data,
        (*_NOBODY, "data_request_open", "orders_under_way"),
        success=201,
    ),
    WriteRoute(
        "/customers/{customer_id}/callbacks",
        "ask_callback",
        "Promise a customer a call",
        callbacks.AskCallback,
        callbacks.Callback,
        callbacks.ask_callback,
        (*_NOBODY, "phone_not_valid", "callback_planned", "window_not_free"),
        success=201,
    ),
    WriteRoute(
        "/customers/{customer_id}/problem-reports",
        "report_problem",
        "Report what does not work at the shop",
        problem_reports.ReportProblem,
        problem_reports.ProblemReport,
        problem_reports.report_problem,
        (*_NOBODY, *_ORDER),
        success=201,
    ),
)
