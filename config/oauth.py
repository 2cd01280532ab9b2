"""The variables ASPOKTATAS_OAUTH_…: which issuer gives the access tokens for servers whose address has no password."""

from __future__ import annotations

from dataclasses import replace

from config.variables import PREFIX, ConfigurationError, Variables
from worker.mail.server import MailServer
from worker.mail.tokens import (
    MICROSOFT_SCOPE,
    Client,
    TokenSource,
    client_credentials,
    google_service_account,
    microsoft_authority,
)


def with_tokens(server: MailServer | None, read: Variables) -> MailServer | None:
    """`server` with a source of tokens, where one is configured and its address names a user but no password.

    Raises ConfigurationError, whatever `server` is.
    """
    tokens = _source(read, server.user if server else "")
    if server is None or tokens is None or not server.user or server.password:
        return server
    return replace(server, tokens=tokens)


def _source(read: Variables, user: str) -> TokenSource | None:
    key = read.text("OAUTH_GOOGLE_KEY")
    client = read.text("OAUTH_CLIENT_ID")
    secret = read.text("OAUTH_CLIENT_SECRET")
    tenant, authority = read.text("OAUTH_TENANT"), read.text("OAUTH_AUTHORITY")
    scope = read.text("OAUTH_SCOPE", MICROSOFT_SCOPE)
    if key:
        try:
            return google_service_account(key, user)
        except ValueError as error:
            raise ConfigurationError(f"{PREFIX}OAUTH_GOOGLE_KEY: {error}") from None
    if not (client or secret or tenant or authority):
        return None
    for name, value in (("OAUTH_CLIENT_ID", client), ("OAUTH_CLIENT_SECRET", secret)):
        if not value:
            raise ConfigurationError(f"{PREFIX}{name}: is needed beside the other {PREFIX}OAUTH_ variables")
    if bool(tenant) == bool(authority):
        raise ConfigurationError(f"{PREFIX}OAUTH_TENANT: give either it or {PREFIX}OAUTH_AUTHORITY")
    if authority and not authority.startswith("https://"):
        raise ConfigurationError(f"{PREFIX}OAUTH_AUTHORITY: must begin with https://")
    return client_credentials(Client(authority or microsoft_authority(tenant), client, secret, scope))
