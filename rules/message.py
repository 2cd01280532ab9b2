"""A mail as intake hands it to the rules: Message with its Parts. Plain frozen data; taken from `rules.model`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from rules.vocabulary import PartKind


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header: the decoded display name ("" where none) and the lower-cased address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `start`/`end` are character offsets into the text of the part that holds the table."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as the reader sees them; merged cells are repeated in every place they cover."""

    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of readable text: NFC, NBSP and exotic blanks made plain, `õû` folded to `őű`, `\\n` line ends.

    `text` holds the tables too (cells joined by a tab, rows by a line end); `tables` says where they are.
    `source` is the MIME type or, for attachments, the file name. `sender` and `recipients` are those named in the
    header lines of a forwarded or quoted mail.
    """

    kind: PartKind
    text: str
    source: str = "text/plain"
    tables: tuple[Table, ...] = ()
    sender: Address | None = None
    recipients: tuple[Address, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of an attachment; its text, where it has one, is a Part of kind ATTACHMENT.

    `readable` is None for what nobody would read data from (inline logos, vCards), True where text was got,
    False where a person must look (scan, encrypted, broken, too large); then `reason` says why, in English.
    """

    filename: str
    content_type: str
    size: int
    readable: bool | None
    reason: str = ""


@dataclass(frozen=True)
class Message:
    """A parsed mail. Header names in `headers` are lower-cased, values decoded and unfolded, order and repeats kept.

    `content_types` lists every MIME part's type with the parameters that matter ("multipart/report;
    report-type=delivery-status"), lower-cased. `defects` are words for what intake had to guess or cut:
    charset_guessed, truncated, too_deep, too_many_parts, encrypted, header_broken, no_from, many_from.
    """

    message_id: str
    subject: str
    from_: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    content_types: tuple[str, ...]
    parts: tuple[Part, ...]
    attachments: tuple[Attachment, ...] = ()
    defects: frozenset[str] = frozenset()

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of the header `name` (lower case), in order."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        """The headers by name: the rules ask for some thirty names."""
        found: dict[str, tuple[str, ...]] = {}
        for name, value in self.headers:
            found[name] = (*found[name], value) if name in found else (value,)
        return found

    def parts_of(self, *kinds: PartKind) -> tuple[Part, ...]:
        """The parts of these kinds, in order."""
        return tuple(part for part in self.parts if part.kind in kinds)
