"""Addresses of the customers' pages, below ``/customers/``."""

from __future__ import annotations

from django.urls import path

from rapport.desk import customer_pages

app_name = "customers"

urlpatterns = [
    path("", customer_pages.customer_list, name="list"),
    path("<int:customer_id>", customer_pages.profile, name="profile"),
    path("<int:customer_id>/orders", customer_pages.orders, name="orders"),
    path("<int:customer_id>/edit", customer_pages.edit, name="edit"),
]
