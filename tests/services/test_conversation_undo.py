"""Merges can be undone, mails linked and taken out of a conversation, each by a person and on record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from registry.models import Handling, Registration
from registry.services.approve import approve
from registry.services.change import Target
from registry.services.handle_mail import finish_mail
from registry.services.link_mail import MailChangedError, link_mail, unlink_mail
from registry.services.refusals import NotAllowedError, OutdatedError
from registry.services.send_to_review import send_to_review
from registry.services.undo_merge import latest_merge, undo_merge
from tests.services.correspondence import STRANGER, Correspondence, letter_to, only_request, request, write
from worker.models import Event, LinkedBy, Mail, Reply
from worker.services.known_people import load_person

pytestmark = pytest.mark.django_db
KEPT = ("status", "pir", "problems", "notes", "evidence", "suggestions", "jegyzo_status", "jegyzo_address")


def target(row: Registration) -> Target:
    return Target(row.pk, row.version)


def kept(row: Registration) -> dict[str, object]:
    return {name: getattr(row, name) for name in KEPT}


def test_a_merge_is_undone_to_the_letter(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    before = only_request()
    worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    event = latest_merge(only_request())
    assert event is not None
    undone = undo_merge(target(only_request()), event.pk, actor)
    assert kept(undone) == kept(before)
    assert load_person(undone) == load_person(before)
    recorded = Event.objects.get(verb="merge_undone")
    assert (recorded.actor, recorded.details["undone"]) == (actor, event.pk)
    assert latest_merge(undone) is None


def test_two_merges_are_undone_one_by_one(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    before = only_request()
    for text in ("PIR: 740746", "Szakrendszer: ADÓ"):
        worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    older, newer = Event.objects.filter(verb="completed").order_by("pk")
    with pytest.raises(NotAllowedError):
        undo_merge(target(only_request()), older.pk, actor)
    undo_merge(target(only_request()), newer.pk, actor)
    assert (only_request().pir, only_request().modules) == ("740746", "")
    undo_merge(target(only_request()), older.pk, actor)
    assert kept(only_request()) == kept(before)


def test_what_happened_after_the_merge_stands(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    event = Event.objects.get(verb="completed")
    seen = only_request()
    send_to_review(target(seen), actor)
    with pytest.raises(OutdatedError):
        undo_merge(target(seen), event.pk, actor)
    with pytest.raises(NotAllowedError):
        undo_merge(target(only_request()), event.pk, actor)


def test_a_withdrawal_is_undone(worker: Correspondence, actor: User) -> None:
    worker.receive_one(write(request()))
    worker.receive_one(write("Mégsem kérem a regisztrációt.", cc="", subject="Visszavonás"))
    row = Registration.objects.get()
    event = latest_merge(row)
    assert event is not None
    assert undo_merge(target(row), event.pk, actor).status == "ready"


def test_staff_link_a_strangers_answer(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    answer = write("PIR: 740746", sender=STRANGER, cc="", answers=letter_to(first).message_id)
    strange = worker.receive_one(answer)
    finish_mail(strange.pk, actor, "done")  # type: ignore[arg-type]
    assert first.conversation_id is not None
    link_mail(strange.pk, first.conversation_id, actor, seen=strange.conversation_id)
    assert not Handling.objects.exists()
    worker.decide()
    strange.refresh_from_db()
    assert (strange.conversation, strange.linked_by, strange.state) == (first.conversation, LinkedBy.STAFF, "decided")
    assert only_request().status == "ready"
    assert Event.objects.get(verb="mail_linked").actor == actor


def test_linking_takes_back_what_the_mail_had_begun(worker: Correspondence, actor: User) -> None:
    """She wrote from home, and became a second request."""
    first = worker.receive_one(write(request(PIR=None)))
    home = "Kovács Anna <anna.kovacs@freemail.hu>"
    [second] = worker.store(write("Kérem a regisztrációmat. A PIR számom: 740746", sender=home, cc=""))
    worker.decide()
    second.refresh_from_db()
    assert Registration.objects.count() == 2
    assert Reply.objects.filter(mail=second).exists()
    assert first.conversation_id is not None
    link_mail(second.pk, first.conversation_id, actor, seen=second.conversation_id)
    assert Reply.objects.get(mail=second).state == "discarded"
    assert Registration.objects.get(mail=second).status == "withdrawn"
    worker.decide()
    assert (only_request().mail, only_request().status) == (first, "ready")
    assert Mail.objects.get(pk=second.pk).state == "decided"


def test_unlinking_undoes_the_merge_and_begins_anew(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    answer = worker.receive_one(write(request(), answers=letter_to(first).message_id))
    assert only_request().status == "ready"
    unlink_mail(answer.pk, actor, seen=answer.conversation_id)
    assert Registration.objects.get(mail=first).status == "incomplete"
    worker.decide()
    answer.refresh_from_db()
    assert answer.conversation not in {None, first.conversation}
    assert Registration.objects.get(mail=answer).full_name == "Kovács Anna"
    assert Registration.objects.get(mail=first).pir == ""


def test_linking_is_refused_where_staff_decided_or_somebody_was_faster(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    answer = worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    with pytest.raises(MailChangedError):
        unlink_mail(answer.pk, actor, seen=None)
    approve(target(only_request()), actor)
    with pytest.raises(NotAllowedError):
        unlink_mail(answer.pk, actor, seen=answer.conversation_id)
    assert only_request().status == "approved"
    answer.refresh_from_db()
    assert answer.state == "decided"


def test_a_mail_that_was_answered_is_not_answered_again(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    unlink_mail(first.pk, actor, seen=first.conversation_id)
    worker.decide()
    first.refresh_from_db()
    assert (first.state, first.outcomes) == ("decided", ["review"])
    assert Reply.objects.count() == 1
    assert Event.objects.filter(verb="decided").last().details["withheld"] == "answered"  # type: ignore[union-attr]
