"""The lines for other people's pages."""

from __future__ import annotations

import json
import re

from rapport.widget.snippet import make_snippet


def test_snippet_has_the_shape_chatwoot_users_know() -> None:
    snippet = make_snippet("https://support.example.com/", "tok-1")
    assert snippet.startswith("<script>")
    assert snippet.endswith("</script>")
    assert 'var BASE_URL="https://support.example.com";' in snippet
    assert 'window.chatwootSDK.run({ websiteToken:"tok-1", baseUrl:BASE_URL })' in snippet
    found = re.search(r"Object\.assign\((\{.*?\}), window", snippet)
    assert found is not None
    assert json.loads(found.group(1)) == {"darkMode": "auto", "useBrowserLanguage": True}


def test_page_may_say_its_language() -> None:
    assert '"locale": "{{language}}"' in make_snippet("http://127.0.0.1:1", "t", language="{{language}}")


def test_nothing_given_ends_the_script() -> None:
    assert make_snippet("https://a.example/</script>", "</script>").count("</script>") == 1
