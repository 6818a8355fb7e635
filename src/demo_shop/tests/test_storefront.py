"""Pages: prefix, languages, sign-in, and what the widget is told."""

import hashlib
import hmac
import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from demo_shop.app import WidgetSnippet, create_app
from demo_shop.session import open_customer, seal_customer
from demo_shop.vocabulary import LANGUAGES

WIDGET = WidgetSnippet('<script src="/chat.js" data-language="{{language}}"></script>', "inbox-key")


@pytest.fixture
def browser(generated):
    return TestClient(create_app(generated, secret="s", widget=WIDGET))


def _choices(browser) -> list[str]:
    return re.findall(r'name="customer_id" value="(\w+)"', browser.get("/account").text)


def test_home_shows_products_in_the_chosen_language(browser) -> None:
    for language in LANGUAGES:
        browser.cookies.clear()
        page = browser.post("/language", data={"language": language, "next": "/"})
        assert f'<html lang="{language}">' in page.text
    assert "Lumen 台灯" in page.text
    assert "搜索商品" in page.text


def test_the_browsers_language_is_the_first_guess(browser) -> None:
    assert '<html lang="es">' in browser.get("/", headers={"Accept-Language": "fr-FR, es;q=0.8"}).text
    assert '<html lang="en">' in browser.get("/", headers={"Accept-Language": "fr"}).text


def test_links_honour_the_mount(generated) -> None:
    mounted = Starlette(routes=[Mount("/shop", app=create_app(generated, secret="s"))])
    browser = TestClient(mounted)
    page = browser.get("/shop/").text
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert len(addresses) > 100
    assert all(address.startswith("/shop/") for address in addresses)
    assert browser.get(addresses[-1]).status_code == 200
    assert browser.get("/shop/api/v1/openapi.json").json()["servers"] == [{"url": "/shop"}]
    answer = browser.post("/shop/account/sign-in", data={"customer_id": "x"}, follow_redirects=False)
    assert answer.status_code == 404


def test_links_honour_the_base_path(generated) -> None:
    browser = TestClient(create_app(generated, secret="s", base_path="/shop/"))
    assert 'href="/shop/account"' in browser.get("/shop/").text
    assert 'href="/shop/account"' in browser.get("/").text


def test_sign_in_shows_orders_and_tells_the_widget(browser) -> None:
    customer_id = _choices(browser)[0]
    page = browser.post("/account/sign-in", data={"customer_id": customer_id}).text
    proof = hmac.new(b"inbox-key", customer_id.encode(), hashlib.sha256).hexdigest()
    assert f'"id": "{customer_id}"' in page
    assert f'"identifier_hash": "{proof}"' in page
    assert 'addEventListener("chatwoot:ready"' in page
    assert '<script src="/chat.js" data-language="en"></script>' in page
    number = re.findall(r'href="/orders/(W\d+)"', page)[0]
    order = browser.get(f"/orders/{number}").text
    assert f'"order": "#{number}"' in order
    assert f"<h1>Order #{number}</h1>" in order


def test_sign_out_forgets_the_customer_and_resets_the_widget_once(browser) -> None:
    customer_id = _choices(browser)[0]
    browser.post("/account/sign-in", data={"customer_id": customer_id})
    page = browser.post("/account/sign-out").text
    assert '"signedOut": true' in page
    assert customer_id not in page
    assert '"signedOut": false' in browser.get("/").text


def test_one_can_sign_in_only_as_a_demonstration_customer(browser) -> None:
    choices = _choices(browser)
    assert len(choices) == 6
    answer = browser.post("/account/sign-in", data={"customer_id": "someone_else_1"})
    assert answer.status_code == 404
    assert not browser.cookies


def test_orders_of_others_and_of_strangers_stay_hidden(browser) -> None:
    first, second = _choices(browser)[:2]
    page = browser.post("/account/sign-in", data={"customer_id": first}).text
    number = re.findall(r'href="/orders/(W\d+)"', page)[0]
    browser.post("/account/sign-in", data={"customer_id": second})
    assert browser.get(f"/orders/{number}").status_code == 404
    browser.cookies.clear()
    assert browser.get(f"/orders/{number}", follow_redirects=False).headers["location"] == "/account"


def test_a_forged_cookie_is_nobody() -> None:
    cookie = seal_customer("s", "ada")
    assert open_customer("s", cookie) == "ada"
    assert open_customer("t", cookie) is None
    assert open_customer("s", "YWRh." + "0" * 64) is None
    assert open_customer("s", "") is None


def test_the_language_form_does_not_lead_elsewhere(browser) -> None:
    for goal in ("//evil.example", "/\\evil.example", "https://evil.example", ""):
        answer = browser.post("/language", data={"language": "de", "next": goal}, follow_redirects=False)
        assert answer.headers["location"] == "/"


def test_what_was_typed_is_escaped(browser) -> None:
    page = browser.get("/", params={"query": "<script>alert(1)</script>"}).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_without_a_widget_there_is_no_script(generated) -> None:
    assert "<script" not in TestClient(create_app(generated, secret="s")).get("/").text


def test_pictures_and_style_are_served(browser) -> None:
    picture = browser.get("/pictures/desklamp.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
    style = browser.get("/static/shop.css")
    again = browser.get("/static/shop.css", headers={"If-None-Match": style.headers["etag"]})
    assert (style.status_code, again.status_code) == (200, 304)


def test_an_unknown_page_says_so(browser) -> None:
    assert browser.get("/nowhere").status_code == 404
    assert browser.get("/products/none").status_code == 404
