"""How staff log in and how the page is reached, as operators configure it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from config.variables import PREFIX, ConfigurationError, Variables

ROLES = ("reader", "reviewer", "lead", "administrator")  # staff.roles, which needs Django; a test compares them
PROVIDER_ID = "oidc"  # stands in the address that the provider sends people back to
SecondFactor = Literal["off", "optional", "leads", "required"]


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """An OpenID Connect provider. `roles` maps values of the claim `claim` to roles; empty: only known people come in.

    `name` is what the login page calls it, "" for the page's own word.
    """

    url: str
    client_id: str
    client_secret: str
    name: str
    claim: str
    roles: dict[str, str]


@dataclass(frozen=True, slots=True)
class People:
    """`public_url` is without a slash at its end, "" where the page is for this machine only.

    `proxies` is how many reverse proxies of ours stand before the page; `idle_minutes` 0 is no limit.
    """

    public_url: str
    proxies: int
    second_factor: SecondFactor
    idle_minutes: int
    password_login: bool
    provider: IdentityProvider | None

    @property
    def secure(self) -> bool:
        """Whether the page is reached over TLS: cookies and headers follow."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """The public host name; "" where there is none."""
        return urlsplit(self.public_url).hostname or ""


def read_people(read: Variables) -> People:
    """Read the variables; raises ConfigurationError."""
    public_url = read.parsed("PUBLIC_URL", _public_url) or ""
    proxies = read.number("PROXIES", 0, 5)
    if public_url.startswith("https://") and not proxies:
        wanted = "must be 1 or more: something before the page speaks TLS for it"
        raise ConfigurationError(f"{PREFIX}PROXIES: {wanted} ({PREFIX}PUBLIC_URL is https)")
    provider = _provider(read)
    password_login = read.choice("PASSWORD_LOGIN", "on", ("on", "off")) == "on"
    if not password_login and provider is None:
        raise ConfigurationError(f"{PREFIX}PASSWORD_LOGIN: may be off only with {PREFIX}OIDC_URL")
    return People(
        public_url=public_url,
        proxies=proxies,
        second_factor=cast(SecondFactor, read.choice("TOTP", "optional", ("off", "optional", "leads", "required"))),
        idle_minutes=read.number("SESSION_IDLE", 120, 24 * 60),
        password_login=password_login,
        provider=provider,
    )


def provider_settings(provider: IdentityProvider | None) -> dict[str, Any]:
    """The same in the words of allauth's SOCIALACCOUNT_PROVIDERS."""
    if provider is None:
        return {}
    app = {
        "provider_id": PROVIDER_ID,
        "name": provider.name,
        "client_id": provider.client_id,
        "secret": provider.client_secret,
        "settings": {"server_url": provider.url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def _provider(read: Variables) -> IdentityProvider | None:
    url = read.parsed("OIDC_URL", _issuer) or ""
    client_id, secret = read.text("OIDC_CLIENT_ID"), read.text("OIDC_CLIENT_SECRET")
    name, claim = read.text("OIDC_NAME"), read.text("OIDC_CLAIM", "groups")
    roles = read.parsed("OIDC_ROLES", _roles) or {}
    if not url:
        for given, variable in ((client_id, "CLIENT_ID"), (secret, "CLIENT_SECRET"), (roles, "ROLES")):
            if given:
                raise ConfigurationError(f"{PREFIX}OIDC_{variable}: means nothing without {PREFIX}OIDC_URL")
        return None
    if not client_id or not secret:
        missing = "CLIENT_SECRET" if client_id else "CLIENT_ID"
        raise ConfigurationError(f"{PREFIX}OIDC_{missing}: is required with {PREFIX}OIDC_URL")
    return IdentityProvider(url, client_id, secret, name, claim, roles)


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("must be an address like https://oktatas.hivatal.hu, without a path")
    return text.rstrip("/")


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError("must be the issuer's address, which begins with https://")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("must begin with https://")
    return text.rstrip("/")


def _roles(text: str) -> dict[str, str]:
    """`group=role` pairs; a group's name may itself hold "="."""
    pairs = dict(part.strip().rpartition("=")[::2] for part in text.split(",") if part.strip())
    if any(not group or role not in ROLES for group, role in pairs.items()):
        raise ValueError(f"must be pairs like asp-leads=lead, separated by commas; roles: {', '.join(ROLES)}")
    return pairs
