"""Address headers to Addresses: groups flattened, comments and quotes read, display names decoded. Pure, linear."""

from __future__ import annotations

import re

from rules.model import Address
from rules.recurring import remember_short
from worker.intake import bounds
from worker.intake.headers import decode_words

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|[(),;:]|[^"<(),;:]+|["<]')
_BARE = re.compile(r'[^\s<>()\[\],;:"]+@[^\s<>()\[\],;:"]+')
_ESCAPE = re.compile(r"\\(.)")


@remember_short(200, 256)  # nearly every mail is to the same mailbox, and a sender may write again
def parse_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of an undecoded address header. A name without an address yields an Address with address ""."""
    found: list[Address] = []
    words: list[str] = []
    comment: list[str] = []
    angle = ""
    depth = 0
    for piece in _TOKEN.findall(value[: bounds.HEADER_VALUE]):
        if piece in "()":
            depth = max(0, depth + (1 if piece == "(" else -1))
        elif depth:
            comment.append(piece)
        elif piece in ",;":
            _add(found, words, comment, angle)
            words, comment, angle = [], [], ""
        elif piece == ":":
            words, angle = ([], "") if not angle else (words, angle)  # a group's name
        elif piece.startswith("<") and piece.endswith(">"):
            angle = piece[1:-1].strip() or angle
        else:
            words.append(piece)
        if len(found) >= bounds.ADDRESSES:
            return tuple(found)
    _add(found, words, comment, angle)
    return tuple(found)


def _add(found: list[Address], words: list[str], comment: list[str], angle: str) -> None:
    text = " ".join(_ESCAPE.sub(r"\1", word[1:-1]) if len(word) > 1 and word[0] == '"' else word for word in words)
    address = normal_address(angle)
    if not address:
        bare = _BARE.search(text)
        if bare is None or "/" in bare.group():  # a Lotus Notes name: Kovács Anna/Iroda/HU@HIVATAL
            if text.strip() and not found and not angle:
                found.append(Address(decode_words(text), ""))
            return
        address = normal_address(bare.group())
        text = text[: bare.start()] + " " + text[bare.end() :]
    name = decode_words(text.strip(" <>")) or decode_words(" ".join(comment))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    found.append(Address("" if name.lower() == address else name, address))


def normal_address(text: str) -> str:
    """A lower-cased address without blanks and `mailto:`, its domain as it was written; "" where there is none."""
    text = decode_words(text) if "=?" in text else text
    text = text.strip().strip("'\"").lower().removeprefix("mailto:").replace(" ", "")
    if "@" not in text.strip("@"):
        return ""
    if text.startswith("@") and ":" in text:  # a source route, RFC 5322 §4.4
        text = text.rpartition(":")[2]
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.rstrip('.')}"
