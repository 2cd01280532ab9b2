"""Statements for many rows: the same comes of them on either database, as one or one by one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models.functions import Now

from tests.review.factory import make_mail
from worker.models import Conversation, Event, LinkedBy, Mail, MailState
from worker.services.prepared import PreparedInsert, PreparedUpdate
from worker.services.storable import JsonText, storable_json

TOLD = PreparedUpdate(
    Mail,
    where=("pk", "lease_token"),
    fixed={"state": MailState.DECIDED},
    given=("subject", "verdict", "outcomes", "conversation", "linked_by"),
    attempts=7,
)
RAW = b"Subject: x\r\n\r\ntext"
SUBJECT = "100 % \\ {a,b} \"idézet\" 'árvíztűrő' NULL %s"


@pytest.mark.django_db
def test_each_row_gets_its_own_values_and_only_those_named_do() -> None:
    token = uuid4()
    mails = [make_mail(RAW, lease_token=token) for _ in range(3)]
    other = make_mail(RAW, lease_token=uuid4())
    conversation = Conversation.objects.create().pk
    verdict, text = storable_json({"people": [{"a": SUBJECT}], "b": None, "c": 1.5})
    TOLD.run_each(
        {
            "pk": mail.pk,
            "lease_token": token,
            "subject": f"{SUBJECT} {mail.pk}",
            "verdict": text if mail is mails[0] else verdict,
            "outcomes": [SUBJECT],
            "conversation": conversation if mail is mails[1] else None,
            "linked_by": LinkedBy.REPLY if mail is mails[1] else "",
        }
        for mail in (*mails, other)
    )
    for mail in mails:
        mail.refresh_from_db()
        assert (mail.subject, mail.verdict, mail.outcomes) == (f"{SUBJECT} {mail.pk}", verdict, [SUBJECT])
        assert (mail.attempts, mail.lease_token) == (7, token)
        linked = (conversation, "reply") if mail is mails[1] else (None, "")
        assert (mail.conversation_id, mail.linked_by) == linked
    assert Mail.objects.get(pk=other.pk).attempts == 0


@pytest.mark.django_db
def test_none_of_nothing_but_none_and_no_row_at_all_are_taken() -> None:
    mail = make_mail(RAW, lease_token=uuid4())
    emptied = PreparedUpdate(Mail, where=("pk",), given=("verdict", "conversation", "linked_by"))
    emptied.run_each([{"pk": mail.pk, "verdict": None, "conversation": None, "linked_by": ""}])
    emptied.run_each([])
    mail.refresh_from_db()
    assert (mail.verdict, mail.conversation, mail.linked_by) == (None, None, "")


@pytest.mark.django_db
def test_json_text_is_written_as_it_is_by_one_call_too() -> None:
    mail = make_mail(RAW)
    told = PreparedUpdate(Mail, where=("pk",), given=("verdict",))
    assert told.run(pk=mail.pk, verdict=JsonText('{"ő": [1, null]}')) == 1
    assert Mail.objects.get(pk=mail.pk).verdict == {"ő": [1, None]}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite holds no text to its length")
def test_what_is_too_long_is_refused_and_not_cut() -> None:
    mail = make_mail(RAW)
    told = PreparedUpdate(Mail, where=("pk",), given=("linked_by",))
    with pytest.raises(DataError), transaction.atomic():
        told.run_each([{"pk": mail.pk, "linked_by": "x" * 13}])


@pytest.mark.django_db
def test_inserted_rows_are_as_bulk_create_writes_them() -> None:
    mails = [make_mail(RAW) for _ in range(3)]

    def rows() -> list[Event]:
        details = [{"a": SUBJECT, "b": None}, {"b": True}, {"b": 1}]
        whose = [mails[0], None, mails[2]]
        return [Event(verb="decided", mail=mail, details=one) for mail, one in zip(whose, details, strict=True)]

    written, expected = PreparedInsert(Event).run(rows()), Event.objects.bulk_create(rows())
    for one, other in zip(written, expected, strict=True):
        kept, like = (Event.objects.values().get(pk=row.pk) for row in (one, other))
        assert (kept["mail_id"], kept["details"]) == (one.mail_id, one.details)
        assert [value for name, value in kept.items() if name not in {"id", "at"}] == [
            value for name, value in like.items() if name not in {"id", "at"}
        ]
        assert kept["at"] is not None
        assert not one._state.adding
    assert PreparedInsert(Event).run([]) == []


@pytest.mark.django_db
def test_a_single_row_of_defaults_is_inserted() -> None:
    (opened,) = PreparedInsert(Conversation).run([Conversation()])
    assert Conversation.objects.filter(pk=opened.pk).exists()


@pytest.mark.django_db
def test_rows_that_hold_expressions_are_inserted_too() -> None:
    mail = make_mail(RAW)
    (early, late) = (make_mail(RAW).received_at, Now())
    written = PreparedInsert(Event).run(Event(verb="decided", mail=mail, at=at) for at in (early, late))
    assert [Event.objects.get(pk=one.pk).at == early for one in written] == [True, False]


@pytest.mark.django_db
def test_an_insert_that_breaks_a_constraint_writes_none() -> None:
    mail = make_mail(RAW)
    before = Event.objects.count()
    nameless = Event(mail=mail, **{"verb": None})
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Event).run([Event(verb="decided", mail=mail), nameless])
    assert Event.objects.count() == before
    with pytest.raises(ValueError, match="unsaved"):
        PreparedInsert(Event).run([Event(verb="decided", mail=Mail())])
