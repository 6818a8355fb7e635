"""How a system is told who asks: nothing, a bearer token, a user's name and password, a key, or OAuth2."""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from rapport.connectors.contracts import ConnectorDown, JsonDict
from rapport.connectors.outbound import Outbound, Outgoing
from rapport.kernel.clock import now

SCHEMES = ("none", "bearer", "basic", "header_key", "query_key", "oauth2")
_MARGIN = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Login:
    """What is kept beside the secret."""

    scheme: str = "none"
    name: str = ""
    """User's name, name of the key's header or parameter, or client id."""
    token_url: str = ""
    scope: str = ""


def read_login(settings: JsonDict) -> Login:
    """From a connected system's settings."""
    kept = settings.get("login", {})
    return Login(**{k: str(kept[k]) for k in ("scheme", "name", "token_url", "scope") if k in kept})


class Credentials:
    """Puts the secret into requests; the only place that does."""

    def __init__(self, login: Login, secret: str, tokens: Outbound | None) -> None:
        self._login, self._secret, self._tokens = login, secret, tokens
        self._token, self._expires_at = "", dt.datetime.min.replace(tzinfo=dt.UTC)

    def headers(self) -> dict[str, str]:
        """Headers that prove who asks. Raises ConnectorDown when no token is given out."""
        match self._login.scheme:
            case "bearer":
                return {"Authorization": f"Bearer {self._secret}"}
            case "basic":
                pair = f"{self._login.name}:{self._secret}".encode()
                return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
            case "header_key":
                return {self._login.name: self._secret}
            case "oauth2":
                return {"Authorization": f"Bearer {self._fresh_token()}"}
        return {}

    def query(self) -> dict[str, str]:
        """Parameters that prove who asks."""
        return {self._login.name: self._secret} if self._login.scheme == "query_key" else {}

    def forget_token(self) -> None:
        """The system no longer takes the token."""
        self._token = ""

    def _fresh_token(self) -> str:
        if self._token and now() < self._expires_at:
            return self._token
        if self._tokens is None:
            raise ConnectorDown("no address that gives out tokens")
        form = {"grant_type": "client_credentials", "scope": self._login.scope}
        pair = base64.b64encode(f"{self._login.name}:{self._secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        content = urlencode({k: v for k, v in form.items() if v}).encode()
        answer = self._tokens.read(Outgoing("POST", self._login.token_url, headers, content))
        try:
            given = json.loads(answer.content)
            token = str(given["access_token"])
            lifetime_s = float(given.get("expires_in", 300))
        except (ValueError, KeyError, TypeError) as problem:
            raise ConnectorDown(f"no token was given out (HTTP {answer.status})") from problem
        if not 200 <= answer.status < 300 or not token.isascii():
            raise ConnectorDown(f"no token was given out (HTTP {answer.status})")
        self._token = token
        self._expires_at = now() + dt.timedelta(seconds=min(lifetime_s, 86_400)) - _MARGIN
        return token
