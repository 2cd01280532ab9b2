"""What an examination says, and the plain words for connection trouble."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from worker.mail.server import MailServer, Security


class Grade(StrEnum):
    """How bad it is: `warn` still works, with less."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Diagnosis:
    """One line for the operator: what was tried, what was found, and what to do ("" where nothing is)."""

    part: str
    grade: Grade
    found: str
    advice: str = ""


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that led to it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def explain_token(part: str, said: str) -> Diagnosis | None:
    """The line for an access token that could not be had; None where `said` speaks of something else."""
    if not said.startswith("token: "):
        return None
    found = f"no access token: {said.removeprefix('token: ')}"
    if "reached" in said:
        return Diagnosis(part, Grade.FAIL, found, "check the firewall and proxy towards the issuer, and its name")
    advice = "check ASPOKTATAS_OAUTH_… and that the application's secret has not expired (docs/microsoft365.md)"
    return Diagnosis(part, Grade.FAIL, found, advice)


def explain_connection(part: str, server: MailServer, error: BaseException) -> Diagnosis:
    """The line for a connection or login that failed, by the deepest cause that is known."""
    variable = f"ASPOKTATAS_{server.protocol.upper()}_URL"
    place = f"{server.host}:{server.port}"
    for cause in causes(error):
        known = explain_cause(cause, place, variable)
        if known:
            return Diagnosis(part, Grade.FAIL, *known)
    if any("AUTH extension not supported" in str(cause) for cause in causes(error)):  # smtplib's words
        return Diagnosis(part, Grade.FAIL, f"{place} takes no login", f"leave user and password out of {variable}")
    if any("STARTTLS extension not supported" in str(cause) for cause in causes(error)):
        return Diagnosis(part, Grade.FAIL, f"{place} offers no STARTTLS", f"check scheme and port in {variable}")
    if server.user and any(
        "auth" in type(cause).__name__.lower() or "login" in str(cause).lower() for cause in causes(error)
    ):
        return Diagnosis(
            part, Grade.FAIL, f"{place} refuses user name or password", f"correct them in {variable} (percent-encoded)"
        )
    hint = (
        "try smtp+starttls:// or imap+starttls://" if server.security is Security.TLS else "ask the server's operator"
    )
    return Diagnosis(part, Grade.FAIL, f"{place} answers unexpectedly ({type(error).__name__})", hint)


def explain_cause(cause: BaseException, place: str, variable: str) -> tuple[str, str] | None:
    """What was found at `place` and what to do, where a connection failed by this; None where it is something else."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _explain_certificate(cause, place, variable)
    if isinstance(cause, ssl.SSLError):
        return f"{place} does not speak TLS as asked", f"check scheme and port in {variable}"
    if isinstance(cause, socket.gaierror):
        return f"the name of {place} is unknown", f"correct the host in {variable}, or check this machine's DNS"
    if isinstance(cause, ConnectionRefusedError):
        return f"nothing listens on {place}", f"check host and port in {variable}, and whether the server runs"
    if isinstance(cause, TimeoutError):
        return f"{place} does not answer in time", "check the firewall between this machine and the server"
    return None


def _explain_certificate(error: ssl.SSLCertVerificationError, place: str, variable: str) -> tuple[str, str]:
    reason = (error.verify_message or str(error)).lower()
    if "expired" in reason:
        return f"the certificate of {place} has expired", "the server's operator must renew it"
    if "mismatch" in reason or "not valid for" in reason:
        return f"the certificate of {place} names another host", f"use the host name it was made for in {variable}"
    if "self-signed" in reason or "self signed" in reason or "local issuer" in reason:
        return f"the certificate of {place} is of an unknown issuer", "add the issuer to this machine's trusted ones"
    return f"the certificate of {place} is not accepted: {reason}", "ask the server's operator"
