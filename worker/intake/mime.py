"""The tree of a MIME mail, read lazily: boundaries are sought in the bytes, bodies decoded only when asked for. Pure.

Own and not `email`'s: that one reads line by line in Python (slow for attachments), knows no bounds and raises.
Bounds and oddities are told in `Reading.defects`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from worker.intake import bounds
from worker.intake.headers import decode_base64, decode_words, parse_fields, parse_parameters
from worker.intake.span import Span

_BLANK_LINE = re.compile(rb"\n\r?\n")
_NO_FIELD = re.compile(rb"(?P<line>(?![!-9;-~]+[ \t]*:|[ \t]+\S)[^\r\n]*\r?)$", re.MULTILINE)
_NO_FIELD_BELOW = re.compile(rb"\n" + _NO_FIELD.pattern, re.MULTILINE)  # an engine jumps to line ends, not behind them
_FIELD_BELOW = re.compile(rb"\r?\n(?:[!-9;-~]+[ \t]*:|[ \t]+\S)")
_STRANGE_WITHIN = 1_000_000
_FIRST_DASHES = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?$", re.MULTILINE)
_LETTERS_A_BYTE = 4  # at most, and room for line ends: a beginning of so many letters holds the bytes
_LAST_BYTES = 64  # of a beginning, which come out otherwise where a line was cut
_HEAD = 65_536  # in which a header section is sought first
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} .*$", re.MULTILINE)


@dataclass(slots=True)
class Reading:
    """What is counted over one whole mail."""

    defects: set[str] = field(default_factory=set)
    entities: int = 0


@dataclass(slots=True)
class Entity:
    """One MIME entity; `body` is undecoded. `children` are those of a multipart, or the attached mail."""

    fields: list[tuple[str, str]]
    body: Span
    content_type: str
    parameters: Mapping[str, str]
    children: list[Entity] = field(default_factory=list)

    def field_value(self, name: str) -> str:
        """The first value of the field `name` (lower case), still encoded; "" where there is none."""
        return next((value for key, value in self.fields if key == name), "")

    @property
    def disposition(self) -> str:
        """`attachment`, `inline` or ""."""
        return parse_parameters(self.field_value("content-disposition"))[0]

    @property
    def filename(self) -> str:
        """The file name by Content-Disposition or Content-Type, without folders; ""."""
        given = parse_parameters(self.field_value("content-disposition"))[1].get("filename", "")
        return decode_words(given or self.parameters.get("name", "")).replace("\\", "/").rpartition("/")[2][:255]

    @property
    def is_encoded(self) -> bool:
        """Whether the content is not the body as it stands."""
        return self._decode is not None

    @property
    def _decode(self) -> Callable[[memoryview], bytes] | None:
        return _DECODERS.get(self.field_value("content-transfer-encoding").split(";")[0].strip().lower())

    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        decode = self._decode
        return self.body.copy() if decode is None else decode(self.body.view())

    def beginning(self, most: int) -> bytes:
        """The first `most` bytes of the content; of a large body hardly more than that is decoded."""
        decode = self._decode
        if decode is None:
            return self.body.head(most)
        if len(self.body) > _LETTERS_A_BYTE * most:
            found = decode(self.body.view()[: _LETTERS_A_BYTE * most])
            if len(found) >= most + _LAST_BYTES:
                return found[:most]
        return decode(self.body.view())[:most]


def _decode_quoted_printable(raw: memoryview) -> bytes:
    return binascii.a2b_qp(raw)


def _decode_uu(raw: memoryview) -> bytes:
    begin = _UU_BEGIN.search(raw)
    out = bytearray()
    for line in bytes(raw[begin.end() if begin else 0 :]).splitlines():
        if line.strip() == b"end":
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)


_DECODERS: Mapping[str, Callable[[memoryview], bytes]] = {
    "base64": decode_base64,
    "quoted-printable": _decode_quoted_printable,
    **dict.fromkeys(("x-uuencode", "uuencode", "x-uue", "uue"), _decode_uu),
}


def parse_entity(raw: bytes | Span, reading: Reading, depth: int = 0, default_type: str = "text/plain") -> Entity:
    """The tree under `raw`, a header section and a body. Never raises."""
    reading.entities += 1
    section, body = _split_span(Span.of(raw) if isinstance(raw, bytes) else raw)
    fields, broken = parse_fields(section)
    if broken and depth == 0:
        reading.defects.add("header_broken")
    given = next((value for name, value in fields if name == "content-type"), "")
    content_type, parameters = parse_parameters(given)
    if "/" not in content_type:
        content_type = default_type
    entity = Entity(fields, body, content_type, parameters)
    if content_type.startswith("multipart/"):
        _read_children(entity, reading, depth)
    return entity


def _split_span(raw: Span) -> tuple[bytes, Span]:
    """Header section and body, sought in the beginning and, where no body begins there, in all of it."""
    head = raw.head(_HEAD)
    section_end, body_start = _split_section(head)
    if body_start > _HEAD // 2 and len(raw) > _HEAD:
        head = raw.copy()
        section_end, body_start = _split_section(head)
    return head[:section_end], raw.below(body_start)


def _split_section(raw: bytes) -> tuple[int, int]:
    """Where the header section ends and where the body begins.

    Lines that are no header fields end the section too, unless fields go on below.
    """
    if raw[:1] in (b"\n", b"\r"):
        return 0, 2 if raw[:2] == b"\r\n" else 1
    section_end, body_start = _find_blank_line(raw)
    within = min(section_end, _STRANGE_WITHIN)
    first = _NO_FIELD.match(raw, 0, within)
    at_top = [first] if first and not raw.startswith((b"From ", b">From ")) else []
    for strange in chain(at_top, _NO_FIELD_BELOW.finditer(raw, 0, within)):
        start, end = strange.span("line")
        if _FIELD_BELOW.match(raw, end) is None:
            # a line of blanks is the separator that some programs write, anything else is the body's first line
            blank = not strange["line"].strip()
            return start, len(raw) - len(raw[end if blank else start :].lstrip(b"\r\n"))
    return section_end, body_start


def _find_blank_line(raw: bytes) -> tuple[int, int]:
    """Where the header section ends and where the body begins; the end of `raw` where nothing divides them."""
    found = _BLANK_LINE.search(raw)
    end, begin = found.span() if found else (len(raw), len(raw))
    if found and raw[end - 1 : end] == b"\r":
        end -= 1
    bare = raw.find(b"\r\r", 0, end + 1)
    return (end, begin) if bare == -1 else (bare, bare + 2)


def _read_children(entity: Entity, reading: Reading, depth: int) -> None:
    if depth >= bounds.MIME_DEPTH:
        reading.defects.add("too_deep")
        return
    boundary = entity.parameters.get("boundary", "").encode("utf-8", "replace")
    pieces = _split_parts(entity.body, boundary) if boundary else []
    if not pieces and boundary and entity.field_value("content-transfer-encoding"):
        pieces = _split_parts(Span.of(entity.content()), boundary)  # forbidden, but met: the whole multipart encoded
    if not pieces:
        guess = _FIRST_DASHES.search(entity.body.view())
        pieces = _split_parts(entity.body, guess[1]) if guess else []
    default = "message/rfc822" if entity.content_type == "multipart/digest" else "text/plain"
    for piece in pieces:
        if reading.entities >= bounds.MIME_PARTS:
            reading.defects.add("too_many_parts")
            return
        entity.children.append(parse_entity(piece, reading, depth + 1, default))
    if not pieces and not entity.body.is_blank:
        # a multipart without parts: its text is still the sender's
        entity.children.append(Entity([], entity.body, "text/plain", {}))


def _split_parts(body: Span, boundary: bytes) -> list[Span]:
    """What stands between the delimiter lines; a missing last delimiter is forgiven."""
    raw, end = body.whole, body.end
    delimiter = b"--" + boundary
    pieces: list[Span] = []
    start, at = -1, raw.find(delimiter, body.start, end)
    while at != -1 and len(pieces) <= bounds.MIME_PARTS:
        after = at + len(delimiter)
        line_end = raw.find(b"\n", after, end)
        line_end = end if line_end == -1 else line_end
        rest = raw[after : min(line_end, after + 200)].strip()
        if (at == body.start or raw[at - 1 : at] in (b"\n", b"\r")) and rest in (b"", b"--"):
            if start != -1:
                pieces.append(_without_last_line_end(raw, start, at))
            if rest == b"--":
                return pieces
            start = line_end + 1
        at = raw.find(delimiter, after, end)
    if start != -1 and start < end:
        pieces.append(Span(raw, start, end))
    return pieces


def _without_last_line_end(raw: bytes, start: int, end: int) -> Span:
    if raw.endswith(b"\r\n", start, end):
        return Span(raw, start, end - 2)
    return Span(raw, start, end - 1 if raw.endswith((b"\n", b"\r"), start, end) else end)
