"""Retain: what is old and closed is emptied, what is open stays, and nothing is answered a second time."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from config.privacy import Retention
from registry.models import ERASED, AcceptedAddress, CaseNote, Handling, Registration, RegistrationStatus
from registry.services.change import Target
from registry.services.link_mail import MailChangedError, unlink_mail
from registry.services.refusals import NotAllowedError
from registry.services.take_back import take_back
from registry.services.undo import find_undoable
from staff.roles import Role
from tests.review.factory import make_mail, make_raw, make_registration, make_reply, make_user
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import Sink
from tests.servers.standin import make_mail as standin_mail
from worker.figures import DayFigures
from worker.models import Control, Conversation, Event, Folder, LinkedBy, Mail, MailText, Reply, ReplyState, SentCopy
from worker.services.desk import Desk
from worker.services.purge_mail import without_people
from worker.services.purge_nightly import keep_private, purge_nightly
from worker.services.retain import _purge_group, count_due, purge

RETENTION = Retention()
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def kept_for(name: str, days: int) -> Retention:
    """The usual retention, but for requests of one status."""
    changed: dict[str, Any] = {name: days}
    return replace(RETENTION, **changed)


def grow_old(days: int) -> None:
    """Everything there is happened `days` ago."""
    ago = NOW - timedelta(days=days)
    Mail.objects.update(stored_at=ago, received_at=ago)
    Registration.objects.update(updated_at=ago, created_at=ago)
    Reply.objects.update(created_at=ago)


def make_case(status: str, days: int = 800) -> Registration:
    """A filed mail with a request of this status and a letter that went out, all `days` old."""
    registration = make_registration(status=status)
    mail = registration.mail
    case = Conversation.objects.create()
    Mail.objects.filter(pk=mail.pk).update(
        state="filed", filed_at=NOW, filed_as="moved", conversation=case, linked_by=LinkedBy.OPENED
    )
    make_reply(mail, state=ReplyState.SENT, sent_at=NOW, data_started_at=NOW)
    MailText.objects.update_or_create(mail=mail, defaults={"text": "Kovács Anna kéri"})
    CaseNote.objects.create(registration=registration, author=make_user(f"u{mail.pk}"), text="Kovács Anna telefonált")
    details = {"version": 2, "from": "ready", "to": status, "changed": {"full_name": ["Kovács Éva", "Kovács Anna"]}}
    stood = {"full_name": "Kovács Éva", "status": "ready"}
    Event.objects.create(
        verb="corrected",
        mail=mail,
        registration=registration,
        details={**details, "reason": "Éva kérte", "stood": stood},
    )
    grow_old(days)
    registration.refresh_from_db()
    return registration


@pytest.mark.django_db
class TestPurge:
    def test_a_closed_case_keeps_its_counts_and_nothing_that_names_anybody(self) -> None:
        registration = make_case("registered")
        digest, message_id = registration.mail.digest, registration.mail.message_id
        due = count_due(RETENTION, NOW)
        assert (due.mails["case"], due.requests) == (1, {"registered": 1})
        assert Mail.objects.get().purged_at is None  # counting changes nothing
        done = purge(RETENTION, now=NOW)
        assert (done.mails["case"], done.requests) == (1, {"registered": 1})
        mail, row, letter = Mail.objects.get(), Registration.objects.get(), Reply.objects.get()
        assert (mail.raw, mail.sender, mail.subject, mail.verdict, mail.digest) == (b"", "", "", None, digest)
        assert mail.message_id.startswith("sha256:")
        assert message_id not in mail.message_id
        assert (row.full_name, row.email, row.evidence, row.jegyzo_address) == (ERASED, ERASED, {}, "")
        assert (row.municipality, row.pir, row.county) == ("Tiszacsege", "740746", "Hajdú-Bihar")
        assert (letter.text, bytes(letter.data), letter.recipients, letter.state) == ("", b"", [], "sent")
        assert Mail.objects.filter(verdict__isnull=True).exists()  # the database's NULL, not JSON's
        assert not CaseNote.objects.exists()
        assert not MailText.objects.exists()
        event = Event.objects.get(verb="corrected")
        assert event.details == {
            "version": 2,
            "from": "ready",
            "to": "registered",
            "changed": {"full_name": [ERASED, ERASED]},
            "stood": {"status": "ready"},
        }
        assert Event.objects.get(verb="purged").details == {"mails": 1, "requests": 1, "uploads": 0}
        assert count_due(RETENTION, NOW).total == 0

    def test_no_word_of_the_person_is_left_in_any_table(self) -> None:
        make_case("rejected")
        purge(RETENTION, now=NOW)
        for model in (Mail, Registration, Reply, Event, CaseNote, MailText):
            for row in model.objects.all().values():
                assert "Anna" not in str(row)
                assert "kovacs.anna" not in str(row)

    @pytest.mark.parametrize("status", ["ready", "incomplete", "review", "approved"])
    def test_open_requests_stay_for_ever(self, status: str) -> None:
        make_case(status, days=5000)
        assert count_due(RETENTION, NOW).total == 0
        assert purge(RETENTION, now=NOW).total == 0
        assert Mail.objects.get().raw

    @pytest.mark.parametrize("status", ["exported", "registered", "rejected", "withdrawn", "expired"])
    def test_each_closed_status_has_its_days(self, status: str) -> None:
        make_case(status, days=100)
        name = "registered" if status == "exported" else status
        assert count_due(RETENTION, NOW).total == 0
        assert count_due(kept_for(name, 99), NOW).requests == {status: 1}
        assert count_due(kept_for(name, 0), NOW + timedelta(days=9999)).requests == {}

    def test_of_several_requests_the_one_that_stays_longest_counts(self) -> None:
        registration = make_case("rejected", days=100)
        other = make_registration(status="registered")
        case = registration.mail.conversation
        Mail.objects.filter(pk=other.mail_id).update(
            state="filed", filed_at=NOW, filed_as="moved", conversation=case, linked_by=LinkedBy.REPLY
        )
        grow_old(100)
        assert count_due(Retention(rejected=60), NOW).total == 0
        assert count_due(Retention(rejected=60, registered=60), NOW).requests == {"rejected": 1, "registered": 1}

    def test_hold_letter_under_way_and_unfiled_mail_keep_a_case(self) -> None:
        registration = make_case("registered")
        for model, changes, back in (
            (Conversation, {"legal_hold": "per folyik"}, {"legal_hold": ""}),
            (Reply, {"state": "uncertain"}, {"state": "sent"}),
            (Mail, {"state": "decided"}, {"state": "filed"}),
        ):
            model.objects.update(**changes)
            assert count_due(RETENTION, NOW).mails["case"] == 0, changes
            model.objects.update(**back)
        assert count_due(RETENTION, NOW).mails["case"] == 1
        assert registration.pk

    def test_a_mail_that_waits_for_a_person_stays_until_somebody_dealt_with_it(self) -> None:
        mail = make_mail(make_raw("Mikor lesz képzés?"), kind="other", outcomes=("review",), state="filed", **FILED)
        grow_old(5000)
        assert count_due(RETENTION, NOW).total == 0
        Handling.objects.create(mail=mail, actor=make_user(), outcome="done")
        assert count_due(RETENTION, NOW).mails["other"] == 1
        purge(RETENTION, now=NOW)
        assert Mail.objects.get().raw == b""

    def test_machines_mails_go_after_ninety_days(self) -> None:
        make_mail(make_raw("Házon kívül"), kind="automatic", outcomes=("ignore",), state="filed", **FILED)
        grow_old(89)
        assert count_due(RETENTION, NOW).total == 0
        grow_old(91)
        assert count_due(RETENTION, NOW).mails["automatic"] == 1
        assert purge(RETENTION, now=NOW).mails["automatic"] == 1

    def test_a_letter_that_has_not_gone_out_keeps_its_mail_whatever_the_mail_is(self) -> None:
        mail = make_mail(make_raw("Házon kívül"), kind="automatic", outcomes=("ignore",), state="filed", **FILED)
        first = make_mail(make_raw("Első"), kind="other", state="filed", purged_at=NOW, **FILED)
        twin = make_mail(make_raw("Első"), kind="other", state="filed", twin_of=first, **FILED)
        letters = [make_reply(mail, state=ReplyState.QUEUED), make_reply(twin, state=ReplyState.DRAFT)]
        grow_old(5000)
        assert purge(RETENTION, now=NOW).total == 0
        assert all(bytes(Reply.objects.get(pk=one.pk).data) for one in letters)
        Reply.objects.update(state=ReplyState.DISCARDED)
        assert sum(purge(RETENTION, now=NOW).mails.values()) == 2

    def test_what_somebody_took_up_after_the_counting_stays(self) -> None:
        mail = make_mail(make_raw("Házon kívül"), kind="automatic", outcomes=("ignore",), state="filed", **FILED)
        grow_old(91)
        due = Mail.objects.filter(kind="automatic")
        keys = list(due.values_list("pk", flat=True))
        Mail.objects.update(kind="other")
        assert _purge_group(due, keys) == 0
        mail.refresh_from_db()
        assert mail.raw

    def test_no_empty_copy_goes_into_the_sent_folder(self) -> None:
        make_case("registered")
        Reply.objects.update(sent_copy=SentCopy.PENDING)
        purge(RETENTION, now=NOW)
        assert (Reply.objects.get().sent_copy, bytes(Reply.objects.get().data)) == ("", b"")

    def test_nobody_is_recognised_by_a_key_made_of_the_name(self) -> None:
        registration = make_case("registered")
        assert registration.identity
        purge(RETENTION, now=NOW)
        assert not Registration.objects.get().identity

    @pytest.mark.parametrize("status", ["rejected", "withdrawn"])
    def test_an_emptied_request_cannot_be_taken_back(self, client: Client, status: str) -> None:
        registration, user = make_case(status), make_user("anna", role=Role.REVIEWER)
        for verb, details in (
            ("snoozed", {"until": "", "before": "2024-01-01T08:00:00+01:00"}),
            ("note_removed", {"note": 1}),
        ):
            Event.objects.create(
                verb=verb, actor=user, registration=registration, mail=registration.mail, details=details
            )
        purge(RETENTION, now=NOW)
        registration.refresh_from_db()
        assert find_undoable(registration) is None
        client.force_login(user)
        assert client.get(f"/registrations/{registration.pk}").status_code == 200
        data = {"version": registration.version, "event": Event.objects.latest("pk").pk}
        assert client.post(f"/registrations/{registration.pk}/decide/taken_back", data).status_code == 409
        assert client.post(f"/registrations/{registration.pk}/undo-last", data).status_code == 409
        with pytest.raises(NotAllowedError):
            take_back(Target(registration.pk, registration.version), user)
        registration.refresh_from_db()
        assert registration.status == status

    def test_an_emptied_mail_is_not_decided_again(self) -> None:
        registration = make_case("expired")
        case = registration.mail.conversation_id
        purge(RETENTION, now=NOW)
        with pytest.raises(MailChangedError):
            unlink_mail(registration.mail_id, make_user("anna"), seen=case)
        assert Mail.objects.get().state == "filed"

    def test_figures_are_counted_before_the_rows_are_emptied(self) -> None:
        make_case("registered")
        purge(RETENTION, now=NOW)
        counted = DayFigures.objects.filter(day=(NOW - timedelta(days=800)).date()).get().data
        assert counted["arrivals"] == {"route": 1}
        assert counted["counties"] == {"Hajdú-Bihar": 1}

    def test_accepted_addresses_go_when_no_request_has_them(self) -> None:
        user = make_user()
        for address in ("regi@minta.hu", "kovacs.anna@tiszacsege.hu"):
            AcceptedAddress.objects.create(address=address, accepted_by=user)
        make_registration()
        AcceptedAddress.objects.update(at=NOW - timedelta(days=800))
        purge(RETENTION, now=NOW)
        assert [row.address for row in AcceptedAddress.objects.all()] == ["kovacs.anna@tiszacsege.hu"]

    def test_nightly_only_where_switched_on_and_once(self) -> None:
        make_case("registered")
        night = NOW.replace(hour=2)
        assert purge_nightly(RETENTION, night) is None
        nightly = Retention(nightly=True)
        assert purge_nightly(nightly, night.replace(hour=12)) is None
        done = purge_nightly(nightly, night)
        assert done is not None
        assert done.mails["case"] == 1
        assert purge_nightly(nightly, night + timedelta(minutes=10)) is None
        assert Control.objects.filter(name="purging").count() == 1

    def test_the_command_counts_and_asks_for_a_word(self) -> None:
        make_case("withdrawn", days=9000)
        out = io.StringIO()
        call_command("purge", "--dry-run", stdout=out)
        assert "1  requests: withdrawn" in out.getvalue()
        assert Mail.objects.get().raw
        call_command("purge", "--yes", stdout=out)
        assert "purged: 1 mails, 1 requests" in out.getvalue()


FILED: dict[str, Any] = {"filed_at": NOW, "filed_as": "moved"}


def test_details_of_events_keep_codes_and_numbers_only() -> None:
    details = {
        "address": "anna@minta.hu",
        "reason": "Kovács Anna kérte",
        "withheld": "budget_sender",
        "rows": [[1, 2], [3, 4]],
        "despite": ["pir_missing"],
        "letter": False,
        "by_mail": 7,
        "name": "anna",
        "told": {"who": "Anna", "status": "ready"},
    }
    assert without_people(details) == {
        "withheld": "budget_sender",
        "rows": [[1, 2], [3, 4]],
        "despite": ["pir_missing"],
        "letter": False,
        "by_mail": 7,
        "told": {"status": "ready"},
    }


def test_a_purged_mail_that_is_read_again_is_known_and_not_answered(
    desk: Desk, deliver_mail: Callable[..., None], dovecot: Dovecot, sink: Sink
) -> None:
    deliver_mail(standin_mail("hianyos", 1))
    desk.poll()
    desk.process()
    desk.file()
    deliver_mail(standin_mail("hianyos", 1))  # a copy that stays in the watched folder
    desk.poll()
    desk.process()
    assert len(sink.accepted) == 1
    Registration.objects.update(status=RegistrationStatus.EXPIRED)
    Mail.objects.update(stored_at=F("stored_at") - timedelta(days=3000), state="filed", filed_at=NOW, filed_as="left")
    Registration.objects.update(updated_at=F("updated_at") - timedelta(days=3000))
    Reply.objects.update(created_at=F("created_at") - timedelta(days=3000))
    assert purge(RETENTION).total > 0
    assert not Mail.objects.filter(purged_at=None).exists()
    Folder.objects.update(uidvalidity=5)  # what the ledger knew: the server's is another one now
    Mail.objects.update(uidvalidity=5)
    assert desk.poll().stored == 1
    desk.process()
    again = Mail.objects.order_by("pk").last()
    assert again is not None
    assert again.twin_of is not None
    assert again.twin_of.purged_at is not None
    assert len(sink.accepted) == 1
    assert Registration.objects.count() == 1
    desk.file()
    assert again.raw
    keep_private(RETENTION)  # by itself, although nothing is purged by itself otherwise
    again.refresh_from_db()
    assert Mail.objects.get(pk=again.pk).raw == b""
