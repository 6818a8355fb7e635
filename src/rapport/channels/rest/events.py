"""``POST /api/v1/accounts/{account_id}/events``: what happened elsewhere, for procedures that wait for it."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.http import json_answer
from rapport.channels.payloads import Attributes, Payload
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import Account, check_may
from rapport.channels.reporting import EventReporter

router = Router(tags=["Events"])
