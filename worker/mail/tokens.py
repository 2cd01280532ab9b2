"""Access tokens for XOAUTH2: client credentials by msal (Microsoft 365, any OpenID issuer) or a Google service account.

The libraries keep a token until shortly before it expires and then fetch another (msal five minutes, google-auth four
before). A source belongs to a process; several threads may ask it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from worker.mail.errors import Disconnected, LoginRefused

MICROSOFT = "https://login.microsoftonline.com/"
MICROSOFT_SCOPE = "https://outlook.office365.com/.default"
GOOGLE_SCOPE = "https://mail.google.com/"
TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Client:
    """An application registered at an issuer: `authority` is its address, `scope` what the token is for."""

    authority: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = MICROSOFT_SCOPE


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and when it ends (UTC)."""

    value: str = field(repr=False)
    expires_at: datetime


class TokenSource:
    """Hands out a token that is good for some minutes more; remembers how that went, for alarms and metrics."""

    def __init__(self, fetch: Callable[[], Token]) -> None:
        """`fetch` gives a kept or new token; raises LoginRefused or Disconnected."""
        self._fetch = fetch
        self._lock = threading.Lock()
        self.expires_at: datetime | None = None
        self.failing_since: datetime | None = None

    def get(self) -> str:
        """The token; raises LoginRefused where the issuer refuses us, Disconnected where it cannot be reached."""
        with self._lock:
            try:
                token = self._fetch()
            except (LoginRefused, Disconnected):
                self.failing_since = self.failing_since or datetime.now(UTC)
                raise
            self.expires_at, self.failing_since = token.expires_at, None
            return token.value


def microsoft_authority(tenant: str) -> str:
    """The issuer of an Entra ID tenant (its name or number)."""
    return MICROSOFT + tenant


@cache
def client_credentials(client: Client) -> TokenSource:
    """Tokens by OAuth2's client credentials grant: one source a client and process, whoever asks it.

    Nothing connects before the first token is asked for.
    """
    application: list[Any] = []

    def fetch() -> Token:
        import msal  # type: ignore[import-untyped]  # noqa: PLC0415  # 100 ms that only installations with OAuth2 shall pay
        import requests  # noqa: PLC0415  # msal's own

        try:
            if not application:
                issuer = "authority" if client.authority.startswith(MICROSOFT) else "oidc_authority"
                application.append(
                    msal.ConfidentialClientApplication(
                        client.client_id,
                        client_credential=client.client_secret,
                        timeout=TIMEOUT_S,
                        **{issuer: client.authority},
                    )
                )
            answer = application[0].acquire_token_for_client(scopes=[client.scope])
        except (requests.RequestException, OSError, RuntimeError) as error:
            raise Disconnected(f"token: the issuer cannot be reached ({type(error).__name__})") from error
        except ValueError as error:  # msal's word for an authority that is none
            raise LoginRefused("token: the issuer's address is not accepted") from error
        if "access_token" not in answer:
            raise LoginRefused(f"token: the issuer refuses ({str(answer.get('error', 'no reason'))[:60]})")
        return Token(answer["access_token"], datetime.now(UTC) + timedelta(seconds=int(answer["expires_in"])))

    return TokenSource(fetch)


def google_service_account(key: str, user: str) -> TokenSource:
    """Tokens of a Google service account (`key`: its JSON) with domain-wide delegation, acting as `user`.

    Raises ValueError where `key` is no such key.
    """
    from google.oauth2 import service_account  # noqa: PLC0415  # only installations with Google shall pay

    try:
        credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            json.loads(key), scopes=[GOOGLE_SCOPE], subject=user
        )
    except (ValueError, TypeError, KeyError):
        raise ValueError("is no service account's key in JSON") from None

    def fetch() -> Token:
        from google.auth import exceptions  # noqa: PLC0415
        from google.auth.transport.requests import Request  # noqa: PLC0415

        try:
            if not credentials.valid or credentials.token_state.name != "FRESH":
                credentials.refresh(partial(Request(), timeout=TIMEOUT_S))  # its own is two minutes
        except exceptions.TransportError as error:
            raise Disconnected("token: the issuer cannot be reached") from error
        except exceptions.GoogleAuthError as error:
            raise LoginRefused("token: the issuer refuses") from error
        return Token(credentials.token, credentials.expiry.replace(tzinfo=UTC))

    return TokenSource(fetch)
