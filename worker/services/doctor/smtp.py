"""SMTP: name, connection, login, whether our address may write. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator

from worker.mail.server import MailServer
from worker.mail.smtp import Sender
from worker.services.doctor.diagnosis import Diagnosis, Grade, explain_connection, explain_token
from worker.services.doctor.imap import examine_name


def examine_smtp(server: MailServer | None, *, replies: str, address: str, suffix: str = "") -> Iterator[Diagnosis]:
    """Connect, log in and name `address` as the sender, as a reply would; `suffix` is the mailbox's, for the advice."""
    if server is None:
        grade = Grade.OK if replies == "off" else Grade.FAIL
        yield Diagnosis("smtp", grade, "no server for replies is configured", "set ASPOKTATAS_SMTP_URL")
        return
    unknown = list(examine_name("smtp", server))
    if unknown:
        yield from unknown
        return
    try:
        refusal = Sender(server, hello=address.rpartition("@")[2]).check_sender(address)
    except ConnectionError as error:
        tokenless = explain_token("smtp", str(error))
        if tokenless:
            yield tokenless
        elif str(error).startswith(("530", "534", "535", "538")):
            place = f"{server.host}:{server.port}"
            advice = f"correct them in ASPOKTATAS_SMTP_URL{suffix} (special characters percent-encoded)"
            yield Diagnosis("smtp", Grade.FAIL, f"{place} refuses user name or password", advice)
        else:
            yield explain_connection("smtp", server, error)
    else:
        yield Diagnosis("smtp", Grade.OK, f"connected to {server.host}:{server.port}")
        if refusal:
            advice = f"correct ASPOKTATAS_ADDRESS{suffix}, or let the server's operator allow this login to send as it"
            yield Diagnosis("smtp", Grade.FAIL, f"the server refuses the sender {address}: {refusal}", advice)
