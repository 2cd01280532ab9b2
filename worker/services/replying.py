"""The worker's voice: what it needs to write replies, and how one is composed for a mail of the ledger."""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

from config.accounts import Account
from config.environment import Environment
from rules.catalogue import Catalogue
from rules.model import Message, Verdict
from worker.models import Mail, ReplyState
from worker.replies.compose import ComposedReply, compose_reply

TOKEN_LENGTH = 10
AUTO = "auto"  # as the Sent folder: the one that the server marks as such, unless the service keeps copies by itself


@dataclass(frozen=True, slots=True)
class Voice:
    """Under which addresses, and whether at all, the worker answers. `mode` is on, draft or off.

    `keeps_copies`: what went out is to be added to the mailbox's Sent folder.
    """

    address: str
    own_addresses: frozenset[str]
    mode: str
    secret: str
    privacy_url: str = ""
    keeps_copies: bool = False

    @property
    def first_state(self) -> ReplyState:
        """How a letter of the worker begins: a person releases drafts."""
        return ReplyState.QUEUED if self.mode == "on" else ReplyState.DRAFT


def make_voice(environment: Environment, account: Account) -> Voice:
    """The voice of one mailbox. What any of the mailboxes sends is our own to all of them."""
    smtp = account.smtp
    by_itself = environment.sent_folder == AUTO and smtp is not None and smtp.stores_sent
    return Voice(
        address=account.address,
        own_addresses=environment.addresses | {one.address for one in environment.accounts},
        mode=environment.replies,
        secret=environment.secret_key,
        privacy_url=environment.privacy_url,
        keeps_copies=account.imap is not None and bool(environment.sent_folder) and not by_itself,
    )


def compose(  # noqa: PLR0913  # what is answered, what is said, who says it
    mail: Mail, message: Message, verdict: Verdict, catalogue: Catalogue, voice: Voice, *, last: bool = False
) -> ComposedReply | None:
    """The reply that `verdict` plans, with a Message-ID that a mail always gets; None where nobody can get it.

    `last`: after it a colleague takes over.
    """
    assert verdict.reply is not None
    mark = make_mark(mail.digest, verdict.reply.kind, voice.secret)
    composed = compose_reply(
        message,
        verdict,
        catalogue,
        own_address=voice.address,
        message_id=f"<aspo.{mark.lower()}@{voice.address.rpartition('@')[2]}>",
        token=mark[:TOKEN_LENGTH],
        privacy_url=voice.privacy_url,
        last=last,
    )
    return composed if composed.to else None


def make_mark(digest: str, kind: str, secret: str) -> str:
    """Names the reply of `kind` to the mail with `digest`; nobody without the secret can make one up."""
    return b32encode(hmac.digest(secret.encode(), f"{digest}\n{kind}".encode(), sha256)[:20]).decode("ascii")
