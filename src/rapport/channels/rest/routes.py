"""Addresses that take two methods for the same."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from ninja import Router, Schema

from rapport.channels import shapes


def put_and_patch(router: Router, view: Callable[..., HttpResponse], shape: type[Schema], name: str) -> None:
    """Changing one by its number: Chatwoot documents PUT of some and PATCH of others, and clients send the other."""
    for method in ("PUT", "PATCH"):
        router.api_operation(
            [method],
            "/{number}",
            response=shapes.responses(shape),
            operation_id=f"{method.lower()}_{name}",
        )(view)
