"""Header sections: fields out of bytes, encoded words (RFC 2047), parameters (RFC 2231), dates, identifiers. Pure."""

from __future__ import annotations

import binascii
import io
import re
import string
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from rules.recurring import remember_short
from worker.intake import bounds
from worker.intake.charset import decode_text
from worker.intake.normal import one_line

_A_BYTE_A_LETTER = "latin-1"
_PIECE = 1 << 20
_NO_BASE64 = bytes(set(range(256)) - set(f"{string.ascii_letters}{string.digits}+/".encode()))
_BLANKS = " \t\n\r\x0b\x0c"
_FIELD_START = re.compile(r"\n(?![ \t])")
_FIELD = re.compile(r"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_ESCAPED = re.compile(r"\\(.)")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")


def parse_fields(section: bytes) -> tuple[list[tuple[str, str]], bool]:
    """(lower-cased name, unfolded but still encoded value) of every field, and whether a line was no field."""
    fields: list[tuple[str, str]] = []
    broken = False
    text = section.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode(_A_BYTE_A_LETTER)
    for number, lines in enumerate(_FIELD_START.split(text)):
        first, *below = lines.split("\n")
        match = _FIELD.match(first[: bounds.HEADER_VALUE])
        if match is None:
            # an mbox separator is no fault of the mail
            strange = first.strip(_BLANKS) and not (number == 0 and first.startswith(("From ", ">From ")))
            broken = broken or bool(strange or (not fields and "".join(below).strip(_BLANKS)))
        elif len(fields) < bounds.HEADER_FIELDS:
            fields.append((match[1].lower(), match[2].strip(_BLANKS)))
        if below and fields:
            fields[-1] = (fields[-1][0], _unfolded(fields[-1][1], below))
    return [(name, value if value.isascii() else _decoded(value)) for name, value in fields], broken


def _unfolded(value: str, below: Sequence[str]) -> str:
    for line in below:
        if len(value) < bounds.HEADER_VALUE:
            value += " " + line[: bounds.HEADER_VALUE].strip(_BLANKS)
    return value


def _decoded(value: str) -> str:
    return decode_text(value.encode(_A_BYTE_A_LETTER))[0]


def decode_words(value: str) -> str:
    """`value` with its encoded words decoded, in normal form, on one line. Broken words stay as they are."""
    if "=?" in value:
        value = _decode_adjacent(_BETWEEN_WORDS.sub(r"\1", value))
    return one_line(value)


def _decode_adjacent(value: str) -> str:
    """Neighbours of one charset are decoded together: mailers split letters between words."""
    out: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        raw = _word_bytes(match[2], match[3])
        if match.start() != end or match[1].lower() != charset:
            out.append(decode_text(pending, charset)[0] if pending else "")
            out.append(value[end : match.start()])
            pending, charset = b"", match[1].lower()
        pending, end = pending + raw, match.end()
    out.append(decode_text(pending, charset)[0] if pending else "")
    out.append(value[end:])
    return "".join(out)


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return decode_base64(raw)


def decode_base64(data: bytes | memoryview) -> bytes:
    """What base64 holds, strangers between and missing padding forgiven."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return _decode_letters(data)


def _decode_letters(data: bytes | memoryview) -> bytes:
    """Whatever is no letter of base64 left out; in pieces, for it may be a large file that was cut."""
    found, letters = io.BytesIO(), b""
    for start in range(0, len(data), _PIECE):
        letters += bytes(data[start : start + _PIECE]).translate(None, _NO_BASE64)
        whole = len(letters) - len(letters) % 4
        found.write(binascii.a2b_base64(letters[:whole]))
        letters = letters[whole:]
    if len(letters) > 1:
        found.write(binascii.a2b_base64(letters + b"=="))
    return found.getvalue()


@remember_short(200, 256)  # an entity's are asked for several times, and most are the same in every mail
def parse_parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """A structured field's own value, lower-cased, and its parameters; extended ones (RFC 2231) are decoded."""
    main = value.split(";", 1)[0].strip().lower()
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(value[: bounds.HEADER_VALUE]):
        name, text = match[1].lower(), match[2].strip()
        if text.startswith('"'):
            text = text.strip('"')
            text = _ESCAPED.sub(r"\1", text) if "\\" in text else text
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(base, text)
            continue
        number = rest.rstrip("*")
        pieces.setdefault(base, []).append((int(number) if number.isdigit() else 0, name.endswith("*"), text))
    for base, parts in pieces.items():
        plain[base] = _joined_pieces(sorted(parts)[:100])
    return main, plain


def _joined_pieces(pieces: list[tuple[int, bool, str]]) -> str:
    charset, raw = "", b""
    for index, (_, encoded, value) in enumerate(pieces):
        text = value
        if encoded and index == 0 and value.count("'") >= 2:
            charset, _, text = value.split("'", 2)
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return one_line(decode_text(raw, charset)[0])


def parse_date(value: str) -> datetime | None:
    """The Date header's moment; None for what no calendar holds."""
    try:
        return parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, OverflowError, IndexError, ArithmeticError):
        return None


def parse_message_ids(values: list[str]) -> tuple[str, ...]:
    """Every `<id>` of References or In-Reply-To headers, in order."""
    return tuple(found for value in values for found in _MESSAGE_ID.findall(value)[: bounds.ADDRESSES])
