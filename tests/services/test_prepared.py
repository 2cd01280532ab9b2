"""Statements for many rows: the same comes of them on either database, as one or one by one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DataError, connection, transaction

from tests.review.factory import make_mail
from worker.models import Conversation, LinkedBy, Mail, MailState
from worker.services.prepared import PreparedUpdate
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
