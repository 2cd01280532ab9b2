"""Addresses from which only machines write (reliability.md §3.2, 11)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message
from rules.reading.lexicon import words_of
from rules.text import fold

RULE = "machine_sender"


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Is the local part of a sender (From, Sender, Return-Path) a machine's: mailer-daemon, noreply, owner-…?"""
    senders = [address.address for address in message.from_]
    senders += [value.strip(" <>") for name in ("sender", "return-path") for value in message.header(name)]
    for sender in senders:
        local = fold(sender.partition("@")[0]).strip(' "<')
        if local and _is_machine(local, catalogue):
            return hit(RULE, RULE, [in_header("from", sender)], local_part=local)
    return miss(RULE)


def _is_machine(local: str, catalogue: Catalogue) -> bool:
    if local in words_of(catalogue.words.get("automatic_senders", ())):
        return True
    return local.endswith(catalogue.words.get("automatic_sender_ends", ("\n",)))
