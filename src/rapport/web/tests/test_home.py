"""The start page leads each role to a page it may open."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.api import create_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place"),
    [("agent", "/desk/"), ("administrator", "/desk/"), ("dpo", "/governance/"), ("analyst", "/governance/")],
)
def test_each_role_lands_where_it_may_work(role: str, place: str) -> None:
    client = Client()
    client.force_login(create_staff(f"{role}@example.com", "Kim", role))
    answer = client.get("/")
    if role in {"dpo", "analyst"}:  # reports come before governance where an installation has them
        assert answer["Location"] in {place, "/reports/"}
    else:
        assert answer["Location"] == place
    assert client.get(answer["Location"], follow=True).status_code == 200


def test_a_visitor_is_sent_to_the_sign_in_page() -> None:
    assert Client().get("/")["Location"] == "/sign-in"
