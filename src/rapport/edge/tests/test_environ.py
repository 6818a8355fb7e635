"""Scopes as WSGI environments."""

from __future__ import annotations

import pytest

from rapport.edge.environ import BadRequest, build_environ


def environ(*headers, peer="127.0.0.1", **scope):
    return build_environ(
        {
            "method": "GET",
            "path": "/a b/ž",
            "raw_path": b"/a%20b/%C5%BE",
            "query_string": b"q=%C5%BE",
            "headers": [(name.encode(), value.encode()) for name, value in headers],
            "http_version": "1.1",
            "scheme": "http",
            "server": ("desk.example", 8000),
            "client": (peer, 1),
            **scope,
        }
    )


def test_the_line_and_the_address():
    made = environ()
    wanted = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT")
    assert tuple(made[name] for name in wanted) == (
        "GET",
        "",
        "/a b/ž".encode().decode("latin-1"),
        "q=%C5%BE",
        "desk.example",
        "8000",
    )
    assert (made["SERVER_PROTOCOL"], made["REMOTE_ADDR"], made["wsgi.url_scheme"]) == (
        "HTTP/1.1",
        "127.0.0.1",
        "http",
    )


def test_a_path_that_is_not_utf8_reaches_the_application_as_bytes():
    assert environ(raw_path=b"/%FF")["PATH_INFO"] == "/\xff"
    assert environ(raw_path=None, path="/ž")["PATH_INFO"] == "/ž".encode().decode("latin-1")


def test_repeated_headers_are_joined_and_cookies_by_semicolon():
    made = environ(("accept", "a"), ("accept", "b"), ("cookie", "x=1"), ("cookie", "y=2"))
    assert (made["HTTP_ACCEPT"], made["HTTP_COOKIE"]) == ("a,b", "x=1; y=2")


def test_content_headers_have_their_own_names():
    made = environ(("content-type", "text/plain"), ("content-length", "3"))
    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"]) == ("text/plain", "3")


@pytest.mark.parametrize("name", ["content-length", "content-type", "host"])
def test_headers_that_must_be_single(name):
    assert environ((name, "1"), (name, "1"))
    with pytest.raises(BadRequest):
        environ((name, "1"), (name, "2"))


def test_underscores_do_not_pass_for_dashes_but_the_token_header_is_let_through():
    made = environ(("x_real_user", "root"), ("api_access_token", "t"))
    assert "HTTP_X_REAL_USER" not in made
    assert made["HTTP_API_ACCESS_TOKEN"] == "t"


def test_forwarding_headers_are_believed_from_a_trusted_proxy_only():
    headers = (("x-forwarded-proto", "https"), ("x-forwarded-for", "10.0.0.9, 203.0.113.7"))
    trusted = environ(*headers)
    assert (trusted["wsgi.url_scheme"], trusted["REMOTE_ADDR"]) == ("https", "203.0.113.7")
    stranger = environ(*headers, peer="203.0.113.1")
    assert (stranger["wsgi.url_scheme"], stranger["REMOTE_ADDR"]) == ("http", "203.0.113.1")
    assert "HTTP_X_FORWARDED_PROTO" not in stranger
    assert environ(("x-forwarded-proto", "gopher"))["wsgi.url_scheme"] == "http"
