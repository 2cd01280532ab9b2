"""Try: what the worker would make of a mail that nobody sent it. Reads the directories, writes and logs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from registry.directory import extend_catalogue, load_context
from rules.model import Message, Verdict
from worker.replies.compose import ComposedReply, compose_reply
from worker.services.replying import Voice
from worker.services.thinking import Thinking

MOST_BYTES = 25_000_000
ADDRESS_FIELDS = ("From", "To", "Cc")


@dataclass(frozen=True, slots=True)
class Tried:
    """The mail as understood, its verdict, what the ledger would keep of that, and the letter that would go out."""

    message: Message
    verdict: Verdict
    dump: dict[str, Any]
    reply: ComposedReply | None


def try_mail(raw: bytes, thinking: Thinking, voice: Voice, *, drafts: bool = False) -> Tried:
    """Judge `raw` by itself, as if it belonged to no case; with `drafts` as if they were switched on."""
    catalogue = extend_catalogue(thinking.catalogue, drafts=drafts)
    thinking = replace(thinking, catalogue=catalogue)
    message = thinking.parse(raw)
    verdict = thinking.decide(message, catalogue, load_context(voice.own_addresses))
    reply = None
    if verdict.reply is not None:
        reply = compose_reply(message, verdict, catalogue, own_address=voice.address, privacy_url=voice.privacy_url)
    return Tried(message, verdict, thinking.dump(verdict), reply)


def make_raw(headers: Mapping[str, str], text: str) -> bytes:
    """A mail of the fields of a form ({header: value}) and a text; no line end gets into a header."""
    lines = [f"{name}: {' '.join(value.split())}" for name, value in headers.items() if value.strip()]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    body = "\r\n".join(text.splitlines())
    return ("\r\n".join(lines) + "\r\n\r\n" + body + "\r\n").encode("utf-8", "replace")
