"""The database refuses a row: what it belongs to waits, its neighbours are decided, nothing is half written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from registry.models import Registration
from tests.services.correspondence import Correspondence, request, write
from worker.models import Mail, MailText, Reply

pytestmark = pytest.mark.django_db
ON_SQLITE = "CREATE TRIGGER refusal BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'refused'); END"
ON_POSTGRES = (
    "CREATE FUNCTION refusal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN"
    " RAISE EXCEPTION 'refused' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;"
    "CREATE TRIGGER refusal BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refusal()"
)


@contextmanager
def refused(table: str, when: str = "1 = 1") -> Iterator[None]:
    """The database takes no new row of `table` of which `when` is true."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute((ON_SQLITE if is_sqlite else ON_POSTGRES).format(table=table, when=when))
        yield
        cursor.execute("DROP TRIGGER refusal" if is_sqlite else f"DROP TRIGGER refusal ON {table}")


def test_what_the_search_cannot_keep_is_no_fault_of_the_verdict(caplog: pytest.LogCaptureFixture) -> None:
    with refused("worker_mailtext"), caplog.at_level(logging.WARNING, "worker.services.decide"):
        mail = Correspondence().receive_one(write(request()))
    assert (mail.state, mail.outcomes, mail.attempts) == ("decided", ["route"], 0)
    assert not MailText.objects.exists()
    assert "kept for the search (IntegrityError)" in caplog.text


@pytest.mark.parametrize(
    ("table", "when"), [("registry_registration", "NEW.full_name = 'Rossz Rita'"), ("worker_event", "NEW.mail_id = {}")]
)
def test_one_of_a_group_is_refused_and_the_others_are_decided(
    table: str, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    bad = request(Név="Rossz Rita", E_mail="rossz.rita@tiszacsege.hu", PIR=None)
    office = Correspondence()
    mails = office.store(
        write(request()),
        write(bad, sender="Rossz Rita <rossz.rita@tiszacsege.hu>"),
        write(
            request(Név="Szabó Judit", E_mail="szabo.judit@tiszacsege.hu"),
            sender="Szabó Judit <szabo.judit@tiszacsege.hu>",
        ),
    )
    with refused(table, when.format(mails[1].pk)), caplog.at_level(logging.WARNING, "worker.services.decide"):
        office.decide()
    assert [Mail.objects.get(pk=mail.pk).state for mail in mails] == ["decided", "stored", "decided"]
    assert set(Registration.objects.values_list("full_name", flat=True)) == {"Kovács Anna", "Szabó Judit"}
    assert not Reply.objects.filter(mail=mails[1]).exists()
    waiting = Mail.objects.get(pk=mails[1].pk)
    assert (waiting.attempts, "IntegrityError" in waiting.trace) == (1, True)
    assert "(IntegrityError)" in caplog.text
    assert "Rita" not in caplog.text
