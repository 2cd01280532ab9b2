"""What a telephone would show."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str = SECRET, *, ago: int = 0) -> str:
    """The code of this half minute, or of `ago` half minutes before."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago)))


def enrol(user: User, secret: str = SECRET) -> None:
    """Give this person a second factor."""
    TOTP.activate(user, secret)


def text_of(data: bytes) -> str:
    """The words of a letter."""
    body = message_from_bytes(data, policy=policy.default).get_body()
    assert body is not None
    return str(body.get_content())


def link_in(data: bytes) -> str:
    """The path of the first link of a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text_of(data))
    assert found
    return found[1]
