"""SMTP: name, connection, login. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator

from worker.mail.server import MailServer
from worker.mail.smtp import Sender
from worker.services.doctor.diagnosis import Diagnosis, Grade, explain_connection
from worker.services.doctor.imap import examine_name


def examine_smtp(server: MailServer | None, *, replies: str) -> Iterator[Diagnosis]:
    """Connect and log in as a reply would."""
    if server is None:
        grade = Grade.OK if replies == "off" else Grade.FAIL
        yield Diagnosis("smtp", grade, "no server for replies is configured", "set ASPOKTATAS_SMTP_URL")
        return
    unknown = list(examine_name("smtp", server))
    if unknown:
        yield from unknown
        return
    try:
        Sender(server).check()
    except ConnectionError as error:
        if str(error).startswith(("530", "534", "535", "538")):
            place = f"{server.host}:{server.port}"
            advice = "correct them in ASPOKTATAS_SMTP_URL (special characters percent-encoded)"
            yield Diagnosis("smtp", Grade.FAIL, f"{place} refuses user name or password", advice)
        else:
            yield explain_connection("smtp", server, error)
    else:
        yield Diagnosis("smtp", Grade.OK, f"connected to {server.host}:{server.port}")
