"""The outbox: how a composed letter becomes a row, whoever wrote it."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now

from worker.models import Mail, Reply, ReplyState, SentCopy
from worker.replies.compose import ComposedReply
from worker.services.storable import storable_text

# of a letter that may have gone out while the ledger did not look: the Sent folder or a person settles it
MAYBE_SENT: dict[str, Any] = {
    "state": ReplyState.UNCERTAIN,
    "data_started_at": Now(),
    "sent_copy": SentCopy.PENDING,
}


def in_outbox(mail: Mail, kind: str, composed: ComposedReply, sender: str, **columns: Any) -> Reply:
    """The row of `composed`, a letter of `kind` about `mail` from `sender`; `columns` say its state and what else."""
    return Reply(
        mail=mail,
        kind=kind,
        message_id=composed.message_id,
        envelope_from=sender,
        recipients=[*composed.to, *composed.cc],
        subject=storable_text(composed.subject, 500),
        text=storable_text(composed.text),
        data=composed.data,
        **columns,
    )


def put_in_outbox(mail: Mail, kind: str, composed: ComposedReply, sender: str, **columns: Any) -> Reply:
    """Write the row that `in_outbox` makes."""
    reply = in_outbox(mail, kind, composed, sender, **columns)
    reply.save(force_insert=True)
    return reply
