"""Outlook's mail files (.msg, MS-OXMSG) as ordinary mails, so that they are read as any attached mail. Pure."""

from __future__ import annotations

import base64
import re
from email.header import Header

from worker.intake.compound import Storage, read_compound
from worker.intake.tnef import decompress_rtf
from worker.intake.unreadable import UnreadableError

_SUBJECT, _BODY, _HTML, _RTF = "0037", "1000", "1013", "1009"
_HEADERS, _FROM_NAME, _FROM_ADDRESS, _FROM_EMAIL, _TO, _CC = "007D", "0C1A", "5D01", "0C1F", "0E04", "0E03"
_FILE_NAME, _SHORT_NAME, _FILE_DATA = "3707", "3704", "3701"
_CONTENT_FIELDS = re.compile(r"^(?:content-|mime-)[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = "=_a_mail_made_of_a_msg_file_="
_FILES = 50


def mail_of_msg(data: bytes) -> bytes:
    """The bytes of an RFC 5322 mail that says what the .msg file says. Raises UnreadableError."""
    root = read_compound(data)
    if not any(name.startswith("__substg1.0_") for name in root.streams):
        raise UnreadableError("unsupported format")
    entities = [_entity("text/plain; charset=utf-8", _text(root, _BODY).encode())]
    html = _binary(root, _HTML) or _text(root, _HTML).encode()
    rtf = decompress_rtf(_binary(root, _RTF))
    if html:
        entities = [_alternative(entities[0], _entity("text/html", html))]
    elif rtf and not _text(root, _BODY).strip():
        entities = [_entity("application/rtf; name=level.rtf", rtf)]
    for name, storage in sorted(root.storages.items())[:_FILES]:
        content = _binary(storage, _FILE_DATA)
        if name.startswith("__attach") and content:
            file_name = _text(storage, _FILE_NAME) or _text(storage, _SHORT_NAME)
            entities.append(_entity(f"application/octet-stream; name={_encoded(file_name)}", content))
    parts = b"".join(b"--" + _BOUNDARY.encode() + b"\n" + entity + b"\n" for entity in entities)
    head = f'{_fields(root)}Content-Type: multipart/mixed; boundary="{_BOUNDARY}"\n\n'
    return head.encode("utf-8", "replace") + parts + f"--{_BOUNDARY}--\n".encode()


def _fields(root: Storage) -> str:
    """The header that came with the mail, or one made of the file's properties."""
    given = _text(root, _HEADERS).replace("\r\n", "\n").strip("\n")
    if "from:" in given.lower():
        return _CONTENT_FIELDS.sub("", given + "\n")
    address = _text(root, _FROM_ADDRESS) or _text(root, _FROM_EMAIL)
    lines = [f"From: {_encoded(_text(root, _FROM_NAME))} <{address}>"]
    for name, tag in (("To", _TO), ("Cc", _CC)):
        people = " ".join(_text(root, tag).replace(";", ",").split())
        lines += [f"{name}: {people}"] if people else []
    return "\n".join([*lines, f"Subject: {_encoded(_text(root, _SUBJECT))}"]) + "\n"


def _encoded(text: str) -> str:
    return Header(" ".join(text.split()), "utf-8", maxlinelen=0).encode() if text else ""


def _entity(content_type: str, content: bytes) -> bytes:
    head = f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + base64.encodebytes(content)


def _alternative(plain: bytes, html: bytes) -> bytes:
    inner = _BOUNDARY + "a"
    head = f'Content-Type: multipart/alternative; boundary="{inner}"\n\n'.encode()
    mark = b"--" + inner.encode()
    return head + mark + b"\n" + plain + b"\n" + mark + b"\n" + html + b"\n" + mark + b"--\n"


def _text(storage: Storage, tag: str) -> str:
    wide = storage.streams.get(f"__substg1.0_{tag}001F")
    if wide is not None:
        return wide.decode("utf-16-le", "replace").rstrip("\0")
    return storage.streams.get(f"__substg1.0_{tag}001E", b"").decode("cp1250", "replace").rstrip("\0")


def _binary(storage: Storage, tag: str) -> bytes:
    return storage.streams.get(f"__substg1.0_{tag}0102", b"")
