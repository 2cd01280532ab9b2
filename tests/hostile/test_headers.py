"""Nothing that a stranger writes becomes a header field, a recipient or a second mail of ours."""

from __future__ import annotations

import re
from base64 import b64encode

import pytest

from tests.hostile.mails import OURS, VICTIM, answer, header_names, read, request

ALLOWED = {
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "auto-submitted", "x-auto-response-suppress", "precedence", "x-loop", "content-language",
    "list-id", "organization",
}  # fmt: skip
BCC = f"\r\nBcc: {VICTIM}\r\n\r\nviagra"


def word(text: str) -> str:
    """`text` as an encoded word."""
    return f"=?utf-8?B?{b64encode(text.encode()).decode()}?="


HEADERS = {
    "subject with an encoded line end": f"Subject: {word('Regisztráció' + BCC)}\r\n",
    "subject with a bare CR": "Subject: Regisztráció\rBcc: aldozat@masutt.example\r\n",
    "subject with a NUL and an escape": f"Subject: {word(chr(0) + chr(27) + ']0;x' + chr(7) + 'Regisztráció')}\r\n",
    "subject with line separators": f"Subject: {word('Regisztráció' + chr(0x2028) + 'Bcc: ' + VICTIM + chr(0x85))}\r\n",
    "subject of a megabyte": f"Subject: Regisztráció {'x' * 1_000_000}\r\n",
    "a name with an encoded line end": f"From: {word('Minta Béla' + BCC)} <minta.bela@tiszacsege.hu>\r\n",
    "a name that closes its quotes": f'From: "Minta\\" <{VICTIM}>, \\"" <minta.bela@tiszacsege.hu>\r\n',
    "an address with an encoded line end": f"From: {word('minta@tiszacsege.hu' + BCC)}\r\n",
    "a message-id with a field in it": f"Message-ID: <a@b>\r\n\tBcc: {VICTIM} <c@d>\r\n",
    "a message-id of 100 kB": f"Message-ID: <{'a' * 100_000}@b>\r\n",
    "a message-id with a NUL": "Message-ID: <a\0b@c>\r\n",
    "a message-id of encoded words": f"Message-ID: <{word('a' + BCC)}@b>\r\n",
    "references with a field in them": f"References: <a@b>\rBcc:{VICTIM}\r <c@d>\r\n",
    "ten thousand references": "References:" + "".join(f"\r\n <{n}@b>" for n in range(10_000)) + "\r\n",
    "reply-to with an encoded line end": f"Reply-To: {word('x' + BCC)} <minta.bela@tiszacsege.hu>\r\n",
    "reply-to that is one encoded word": f"Reply-To: {word(f'minta@tiszacsege.hu,{VICTIM}')}\r\n",
    "reply-to with a quoted local part": f'Reply-To: "a\\r\\nRCPT TO:<{VICTIM}>"@tiszacsege.hu\r\n',
    "reply-to with a route": f"Reply-To: <@{VICTIM.partition('@')[2]}:minta.bela@tiszacsege.hu>\r\n",
    "copies with a field in the name": f"Cc: {word('Jegyző' + BCC)} <jegyzo@tiszacsege.hu>\r\n",
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_field_of_ours_is_made_by_a_stranger(name: str) -> None:
    reply = answer(request(headers=HEADERS[name]))
    if reply is None:
        return
    names = header_names(reply)
    assert set(names) <= ALLOWED
    assert len(names) == len(set(names))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", reply.data)
    assert reply.data.isascii()
    assert max(map(len, reply.data.split(b"\r\n"))) <= 998
    assert VICTIM not in reply.cc
    assert VICTIM not in reply.to or name.startswith("reply-to"), "as any Reply-To may ask for"
    assert all("\r" not in one and "\n" not in one and " " not in one for one in (*reply.to, *reply.cc))
    assert len(reply.data) < 120_000
    mail = read(reply)
    assert str(mail["Reply-To"]).strip("<>") == OURS
    assert not mail["Bcc"]


def test_most_of_them_are_answered_all_the_same() -> None:
    assert sum(answer(request(headers=headers)) is not None for headers in HEADERS.values()) > len(HEADERS) // 2


FIELDS = {
    "name": {"name": f"Minta Éva\rBcc: {VICTIM}"},
    "place": {"place": f"Tiszacsege\x0bBcc: {VICTIM}"},
    "a line that is a dot": {"words": "\n.\nQUIT\n"},
    "pir": {"pir": "74\x00\x1b[2J"},
}


@pytest.mark.parametrize("name", FIELDS)
def test_nor_by_a_field_of_the_request(name: str) -> None:
    reply = answer(request(**FIELDS[name]))
    assert reply is not None
    assert set(header_names(reply)) <= ALLOWED
    assert VICTIM not in reply.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]", reply.text)
    assert b"\r\n.\r\n" not in reply.data
