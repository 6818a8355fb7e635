"""Django itself behind the bridge: its ordinary, streamed and file answers, and its reading of forms."""

from __future__ import annotations

import asyncio

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import path

from rapport.edge.bridge import Bridge
from rapport.edge.tests.asgi_client import Exchange


def form(request):
    return HttpResponse(f"{request.POST.get('name')} {request.FILES['file'].size} {request.is_secure()}")


def streamed(_request):
    return StreamingHttpResponse(iter([b"a", b"b"]))


def download(request):
    return FileResponse(open(request.GET["path"], "rb"), filename="x.bin")  # noqa: PTH123


def fails(_request):
    raise ValueError("a view failed")


urlpatterns = [path("form", form), path("streamed", streamed), path("file", download), path("fails", fails)]


@pytest.fixture
def ask(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False

    def send(**fields):
        async def run():
            bridge = Bridge(WSGIHandler(), threads=2)
            exchange = await asyncio.wait_for(Exchange(**fields).run(bridge), 5)
            await bridge.close()
            return exchange

        return asyncio.run(run())

    return send


def test_forms_with_files_arrive(ask):
    parts = (
        b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xc5\xbdofie\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + b"x" * 2_000_000
    )
    body = parts + b"\r\n--b--\r\n"
    headers = [
        ("content-type", "multipart/form-data; boundary=b"),
        ("content-length", str(len(body))),
        ("x-forwarded-proto", "https"),
    ]
    got = ask(path="/form", method="POST", body=[body], headers=headers)
    assert got.received.decode() == "Žofie 2000000 True"


def test_streamed_answers_arrive_in_chunks(ask):
    assert ask(path="/streamed").chunks == [b"a", b"b", b""]


@pytest.mark.parametrize("size", [0, 10, 700_000])
def test_files_arrive_whole(ask, tmp_path, size):
    file = tmp_path / "file"
    file.write_bytes(b"y" * size)
    got = ask(path="/file", query=f"path={file}")
    assert (got.received, got.header("content-length")) == (b"y" * size, str(size))
    assert ask(path="/file", query=f"path={file}", method="HEAD").received == b""


def test_a_failing_view_is_django_s_to_answer(ask):
    assert ask(path="/fails").status == 500
