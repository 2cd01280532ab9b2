"""The ledger: every mail, every reply, every event. The database is the truth (docs/architecture.md).

Constraints here make the guarantees impossible to break: one row a mail, one automatic answer a mail, no state
without what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now, StrIndex, Substr

from worker import figures  # noqa: F401  # its table belongs to this app
from worker.packing import PIECE, unpack, unpack_header
from worker.staff_acts import log_acts


class MailState(models.TextChoices):
    """Where a mail stands; the words are fixed by docs/operation.md."""

    STORED = "stored"
    DECIDED = "decided"
    FILED = "filed"
    FAILED = "failed"


class ReplyState(models.TextChoices):
    """Where a reply stands in the outbox."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRYING = "retrying"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DISCARDED = "discarded"  # a person decided that it shall not go out


DUE_STATES = (ReplyState.QUEUED, ReplyState.RETRYING)  # goes out by itself once its time has come
OUTGOING = (*DUE_STATES, ReplyState.SENDING)
UNSENT = (ReplyState.DRAFT, *DUE_STATES)  # certainly with nobody yet


class SentCopy(models.TextChoices):
    """Where a reply's copy in the mailbox's Sent folder stands; "" where none is kept."""

    PENDING = "pending"  # to be looked for there; where the reply was sent and is not there, to be added
    DONE = "done"
    GIVEN_UP = "given_up"


class LinkedBy(models.TextChoices):
    """How it is known to which conversation a mail belongs."""

    OPENED = "opened"  # it began the conversation
    REPLY = "reply"  # In-Reply-To or References name a letter of the conversation
    TOKEN = "token"  # noqa: S105  # the mark in the subject
    SENDER = "sender"  # the requester's only open case, and the mail gives what was asked
    SAME_REQUEST = "same_request"  # the same person's request once more
    STAFF = "staff"


class Lease(models.Model):
    """A row that a process may claim for a while; `lease_token` proves the claim when it finishes."""

    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class Folder(models.Model):
    """A watched folder of a mailbox: its UIDVALIDITY as last seen and when it was last proved complete.

    `held` is why replies to its mails wait for a person ("" where they do not), for instance "uidvalidity".
    """

    mailbox = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    uidvalidity = models.BigIntegerField()
    highest_uid = models.BigIntegerField(default=0)
    polled_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    missing = models.PositiveIntegerField(default=0)
    held = models.CharField(max_length=40, blank=True, default="")
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "name"], name="one_row_a_folder")]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """What belongs together: a request, our letters about it and the answers to them.

    `reminded_at`: when the requester was last reminded that an answer is missing; `closed_at`: when the case was closed
    because none came. `legal_hold`: why nothing of it may be purged or erased; "" where it may.
    """

    legal_hold = models.CharField(max_length=300, blank=True, default="", db_default="")
    opened_at = models.DateTimeField(db_default=Now())
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Mail(Lease):
    """One mail of the mailbox, by its place there; recognised again by Message-ID and digest.

    `twin_of` is the earlier row of the same mail (same Message-ID and bytes); twins are never answered.
    `answerable` is False for mails older than the first start and for twins. `filed_as` says what filing did:
    moved, left (server without MOVE), vanished (a person moved or deleted it first). `linked_by` "staff" without a
    conversation: a person said that it belongs to none yet. `attended`: a person dealt with it (registry.Handling).
    `problems`: those of the verdict's people, one after the other, for the figures of the day; None where the mail was
    decided before they were kept. The verdict itself lies apart from the row, and takes 50 µs to open.
    `purged_at`: when its bytes and all that names anybody were taken out (worker.services.purge_mail); what it is
    recognised by stays.
    """

    mailbox = models.CharField(max_length=255)
    folder = models.CharField(max_length=255)
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    message_id = models.CharField(max_length=998, blank=True, default="")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()  # INTERNALDATE
    stored_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.STORED)
    twin_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="twins")
    answerable = models.BooleanField(default=True)
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.PROTECT, related_name="mails")
    linked_by = models.CharField(max_length=12, choices=LinkedBy.choices, blank=True, default="")
    subject = models.CharField(max_length=500, blank=True, default="")
    sender = models.CharField(max_length=320, blank=True, default="")
    domain = models.GeneratedField(  # what follows the sender's @: budgets count by it
        expression=Substr("sender", StrIndex("sender", Value("@")) + Value(1)),
        output_field=models.CharField(max_length=320),
        db_persist=True,
    )
    kind = models.CharField(max_length=20, blank=True, default="")
    outcomes = models.JSONField(default=list)
    problems = models.JSONField(null=True)
    verdict = models.JSONField(null=True)
    rules_version = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    filed_to = models.CharField(max_length=255, blank=True, default="")
    filed_as = models.CharField(max_length=10, blank=True, default="")
    purged_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True, default="")
    trace = models.TextField(blank=True, default="")
    attended = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "folder", "uidvalidity", "uid"], name="one_row_a_mail"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "filed"]) | Q(decided_at__isnull=False, kind__gt=""),
                name="decided_mail_has_verdict",
            ),
            models.CheckConstraint(
                condition=~Q(state="filed") | Q(filed_at__isnull=False, filed_as__gt=""), name="filed_mail_says_where"
            ),
            models.CheckConstraint(condition=~Q(twin_of=F("id")), name="mail_is_no_twin_of_itself"),
            models.CheckConstraint(
                condition=Q(conversation__isnull=True) | Q(linked_by__gt=""), name="linked_mail_says_how"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="stored"), name="mail_to_decide"),
            models.Index(fields=["next_attempt_at"], condition=Q(state="decided"), name="mail_to_file"),
            models.Index(fields=["message_id"], name="mail_by_message_id"),
            models.Index(fields=["digest"], name="mail_by_digest"),
            models.Index(fields=["sender"], name="mail_by_sender"),
            models.Index(fields=["domain"], name="mail_by_domain"),
            models.Index(fields=["state", "stored_at"], name="mail_by_state"),
            models.Index(fields=["received_at"], name="mail_by_received"),
            models.Index(fields=["stored_at"], condition=Q(purged_at__isnull=True), name="mail_to_purge"),
        ]

    def __str__(self) -> str:
        return f"{self.folder}/{self.uidvalidity}/{self.uid}"

    @property
    def raw(self) -> bytes:
        """The mail's bytes as the server gave them."""
        return unpack(self._packed())

    @property
    def header(self) -> bytes:
        """Their beginning, up to the end of the mail's header; nothing of its body is read."""
        return unpack_header(self._packed())

    def beginning(self, most: int) -> bytes:
        """The first `most` bytes of them."""
        return unpack(self._packed(), most)

    def _packed(self) -> Iterator[bytes]:
        """The original's bytes; where it was not read along with the mail, as many at a time as memory takes."""
        if Mail.original.is_cached(self):
            yield bytes(self.original.data)
            return
        rows = Original.objects.filter(pk=self.pk)
        for start in count(1, PIECE):
            piece = Func("data", Value(start), Value(PIECE), function="substr", output_field=models.BinaryField())
            found = bytes(rows.values_list(piece, flat=True).get())
            yield found
            if len(found) < PIECE:
                return


class Original(models.Model):
    """A mail's compressed raw bytes, apart from Mail so that lists stay light."""

    mail = models.OneToOneField(Mail, primary_key=True, on_delete=models.PROTECT, related_name="original")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"original of {self.pk}"


class MailText(models.Model):
    """What a mail says in words, for the search: written when it is decided (worker.services.search_text).

    The databases keep an index of its words by themselves (registry.search_schema). Whoever erases a mail's content
    erases this row as well.
    """

    mail = models.OneToOneField(Mail, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    text = models.TextField()

    def __str__(self) -> str:
        return f"text of {self.pk}"


class Reply(Lease):
    """The outbox: a reply's bytes and Message-ID are fixed when the row is written, and it is sent at most once.

    `author` is None where the worker wrote it. `data_started_at` is committed before the first byte of DATA goes
    out: a reply that has it and no answer is `uncertain`, never sent again by itself. While `sent_copy` is pending the
    lease is that of the copy: the sending is over.
    """

    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=20)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReplyState.choices, default=ReplyState.QUEUED)
    message_id = models.CharField(max_length=255, unique=True)
    envelope_from = models.CharField(max_length=320, blank=True, default="")
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    data = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())
    data_started_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    sent_copy = models.CharField(max_length=10, choices=SentCopy.choices, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReplyState.values), name="reply_state_known"),
            models.CheckConstraint(condition=Q(sent_copy__in=["", *SentCopy.values]), name="reply_copy_known"),
            models.UniqueConstraint(
                fields=["mail"],
                condition=Q(author__isnull=True, kind__in=["missing", "password"]),
                name="one_answer_a_mail",
            ),
            # of a mail's people each may have a notice of their own; a case that staff reopened may be closed once more
            models.UniqueConstraint(
                fields=["mail", "kind"],
                condition=Q(author__isnull=True) & ~Q(kind__in=["registered", "account_exists", "rejected", "closed"]),
                name="one_reply_of_a_kind_a_mail",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False, data_started_at__isnull=False),
                name="sent_reply_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["draft", "queued", "retrying"]) | Q(data_started_at__isnull=True),
                name="waiting_reply_never_left",
            ),
            models.CheckConstraint(
                condition=~Q(state="uncertain") | Q(data_started_at__isnull=False), name="uncertain_reply_left"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=["queued", "retrying", "sending"]),
                name="reply_to_send",
            ),
            models.Index(fields=["next_attempt_at"], condition=Q(sent_copy="pending"), name="reply_to_copy"),
            models.Index(fields=["state"], name="reply_by_state"),
            # what breaker and budgets count at every letter: without the author in it SQLite reads all rows instead
            models.Index(fields=["author", "created_at"], name="reply_by_author_created"),
            models.Index(fields=["author", "data_started_at"], name="reply_by_author_started"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class EventSet(models.QuerySet["Event"]):
    """Events, told to the log where people brought them about."""

    def bulk_create(self, objs: Iterable[Event], *args: Any, **kwargs: Any) -> list[Event]:
        """As Django does it."""
        made = super().bulk_create(objs, *args, **kwargs)
        log_acts(made)
        return made


class Event(models.Model):
    """What happened, append-only (held by staff.triggers). `actor` is None for the worker."""

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    mail = models.ForeignKey(Mail, null=True, on_delete=models.PROTECT, related_name="events")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.PROTECT, related_name="events")
    registration = models.ForeignKey(
        "registry.Registration", null=True, on_delete=models.PROTECT, related_name="events"
    )
    details = models.JSONField(default=dict)

    objects = EventSet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["verb", "at"], name="event_by_verb"),
            models.Index(fields=["at"], name="event_by_time"),
            models.Index(fields=["actor", "at"], name="event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django does it."""
        super().save(*args, **kwargs)
        log_acts([self])


class Control(models.Model):
    """A switch or mark that all processes share: since, replies_stopped, heartbeat:watcher …"""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
