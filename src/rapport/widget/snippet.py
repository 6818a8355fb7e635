"""The lines a site puts into its pages to embed the widget, in the shape Chatwoot's users know."""

from __future__ import annotations

import json

SNIPPET = """<script>
window.chatwootSettings = Object.assign({settings}, window.chatwootSettings);
(function(d,t){{
  var BASE_URL={base_url};
  var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
  g.src=BASE_URL+"/packs/js/sdk.js"; g.async=true;
  s.parentNode.insertBefore(g,s);
  g.onload=function(){{
    window.chatwootSDK.run({{ websiteToken:{token}, baseUrl:BASE_URL }})
  }}
}})(document,"script");
</script>"""


def make_snippet(base_url: str, website_token: str, *, language: str = "") -> str:
    """HTML that embeds an inbox's widget; without a language the visitor's browser decides.

    `language` may be a placeholder that the embedding page fills in, such as ``{{language}}``.
    """
    settings: dict[str, object] = {"darkMode": "auto"}
    settings |= {"locale": language} if language else {"useBrowserLanguage": True}
    return SNIPPET.format(
        settings=_literal(settings), base_url=_literal(base_url.rstrip("/")), token=_literal(website_token)
    )


def _literal(value: object) -> str:
    """A JavaScript literal that cannot end the script element."""
    return json.dumps(value).replace("<", "\\u003c")
