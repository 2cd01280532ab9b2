"""DATA: the one step of SMTP in which a mail may be sent without us learning of it."""

from __future__ import annotations

import re
import smtplib

from worker.crash_points import reach
from worker.mail.outcome import Delivery, Result, in_trouble, words

LINE_END = re.compile(rb"\r\n|\r|\n")
LEADING_DOT = re.compile(rb"(?m)^\.")


def transfer(smtp: smtplib.SMTP, data: bytes, dot_timeout: float) -> tuple[Delivery, bool]:
    """From DATA to the answer to the final dot, and whether the connection can still be used.

    Until the dot is handed to the network the mail cannot have gone out; from then on only an answer is definite,
    for which the server has `dot_timeout` seconds.
    """
    try:
        code, said = smtp.docmd("DATA")
        if code != 354:
            kind = Result.PERMANENT if 500 <= code < 600 else Result.TEMPORARY
            return Delivery(kind, f"{code} {words(said)}"), _usable(code)
        body = LEADING_DOT.sub(b"..", LINE_END.sub(b"\r\n", data))
        smtp.send(body if body.endswith(b"\r\n") else body + b"\r\n")
    except (OSError, smtplib.SMTPException) as error:
        return in_trouble(words(str(error)) or type(error).__name__), False
    try:
        code, said = _end(smtp, dot_timeout)
    except (OSError, smtplib.SMTPException) as error:
        return Delivery(Result.UNKNOWN, words(str(error)) or type(error).__name__), False
    return Delivery(_final(code), f"{code} {words(said)}"), _usable(code) or 200 <= code < 300


def _end(smtp: smtplib.SMTP, dot_timeout: float) -> tuple[int, bytes]:
    """The final dot and the answer to it."""
    assert smtp.sock is not None
    timeout = smtp.sock.gettimeout()
    smtp.sock.settimeout(dot_timeout)
    smtp.send(b".\r\n")
    if __debug__:
        reach("deliver.dot_sent")
    code, said = smtp.getreply()
    smtp.sock.settimeout(timeout)
    return code, said


def _usable(code: int) -> bool:
    """After a refusal the connection goes on, unless it was a goodbye (421) or nonsense."""
    return 400 <= code < 600 and code != 421


def _final(code: int) -> Result:
    if 200 <= code < 300:
        return Result.ACCEPTED
    if 400 <= code < 500:
        return Result.TEMPORARY
    return Result.PERMANENT if 500 <= code < 600 else Result.UNKNOWN
