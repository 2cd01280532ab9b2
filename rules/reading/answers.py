"""What a mail does with our own letter: answers it, asks back, returns its form as it was."""

from __future__ import annotations

from collections.abc import Sequence

from rules.model import Context, Message, PartKind
from rules.reading.spots import Scan


def answers_us(message: Message, context: Context) -> bool:
    """Does a letter of ours stand below as quoted?"""
    quoted = message.parts_of(PartKind.QUOTED)
    return any(part.sender and part.sender.address in context.own_addresses for part in quoted)


def asks_back(message: Message) -> bool:
    """Does the sender's own text ask a question?"""
    return any("?" in part.text for part in message.parts_of(PartKind.TEXT))


def left_open(message: Message, scans: Sequence[Scan]) -> bool:
    """Did our form come back with lines still empty, and no data in the text or attached?"""
    told = any(scan.spots for scan in scans if scan.source.part.kind in {PartKind.TEXT, PartKind.ATTACHMENT})
    return not told and has_empty_form(message)


def has_empty_form(message: Message) -> bool:
    """Did our form come back with a label that has no value?"""
    lines = (line for part in message.parts_of(PartKind.OWN_FORM) for line in part.text.split("\n"))
    return any(line.rstrip().endswith(":") for line in lines)
