"""Reports of what does not work at the shop itself: the website, the courier, an invoice, safety."""

import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from demo_shop.models import Moment, Shape
from demo_shop.numbering import next_number
from demo_shop.reads import find_customer, find_order
from demo_shop.refusals import Refusal
from demo_shop.requests import Body
from demo_shop.text import iso
from demo_shop.writes import Write

ANSWERED_WITHIN = timedelta(days=14)
Topic = Literal["website", "sign_in", "checkout", "wrong_information", "courier", "safety", "other"]


class ProblemReport(Shape):
    """A case of the quality team."""

    report_id: str
    customer_id: str
    topic: str
    description: str
    order_id: str | None
    status: Literal["received", "answered"]
    created_at: Moment
    answer_by: Moment


class ReportProblem(Body):
    """What does not work."""

    topic: Topic
    description: str = Field(min_length=3, max_length=4000)
    order_id: str | None = Field(None, max_length=40)


def list_reports(connection: sqlite3.Connection, customer_id: str) -> list[ProblemReport]:
    """A customer's reports, the newest first."""
    find_customer(connection, customer_id)
    rows = connection.execute(
        "SELECT * FROM problem_report WHERE customer_id = ? ORDER BY created_at DESC, report_id DESC",
        (customer_id,),
    )
    return [ProblemReport.model_validate(dict(row)) for row in rows]


def report_problem(write: Write, customer_id: str, body: ReportProblem) -> ProblemReport:
    """Open a case; an order that is named must be the customer's own."""
    find_customer(write.connection, customer_id)
    order_id = None
    if body.order_id:
        order = find_order(write.connection, body.order_id)
        if order.customer_id != customer_id:
            raise Refusal("not_owner")
        order_id = order.order_id
    report = ProblemReport(
        report_id=next_number(write, "problem_report", "P"),
        customer_id=customer_id,
        topic=body.topic,
        description=body.description,
        order_id=order_id,
        status="received",
        created_at=write.at,
        answer_by=iso(datetime.fromisoformat(write.at) + ANSWERED_WITHIN),
    )
    write.run("INSERT INTO problem_report VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *report.model_dump().values())
    write.record(customer_id, order_id, "problem_reported", report_id=report.report_id, topic=body.topic)
    return report
