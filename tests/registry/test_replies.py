"""What people do with replies: release, edit, discard, settle, write, stop."""

from __future__ import annotations

import email
from email import policy

import pytest
from django.contrib.auth.models import User

from registry.services.change import Target
from registry.services.discard_reply import discard_reply
from registry.services.refusals import NotAllowedError, OutdatedError
from registry.services.release_reply import release_replies
from registry.services.settle_reply import send_again, settle_as_sent
from registry.services.stop_replies import release_folder, resume_replies, stop_replies
from registry.services.write_reply import (
    ReplyChangedError,
    StaffLetter,
    ask_again,
    draft_recipients,
    edit_draft,
    text_mark,
)
from tests.review.factory import NOW, OWN, make_registration, make_reply
from worker.intake.parse import parse_message
from worker.models import Event, Folder, Reply, ReplyState
from worker.services.controls import replies_stopped
from worker.services.controls import stop_replies as trip_breaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Reply:
    return make_reply(make_registration().mail)


def test_released_drafts_are_queued(actor: User, draft: Reply) -> None:
    sent = make_reply(make_registration().mail, state="sent", sent_at=NOW, data_started_at=NOW)
    other = make_reply(make_registration().mail)
    assert release_replies(actor, [draft.pk, sent.pk]) == 1
    assert release_replies(actor) == 1
    assert [Reply.objects.get(pk=one.pk).state for one in (draft, other, sent)] == ["queued", "queued", "sent"]
    assert Event.objects.filter(verb="reply_released", actor=actor).count() == 2


def test_a_draft_is_edited_and_keeps_its_envelope(actor: User, draft: Reply) -> None:
    message = parse_message(draft.mail.raw)
    before = draft_recipients(draft)
    edited = edit_draft(
        draft.pk,
        actor,
        message,
        "Tisztelt Kovács Anna!\n\nŐszintén: árvíztűrő.",
        seen=text_mark(draft.text),
        own_address=OWN,
    )
    assert draft_recipients(edited) == before
    assert edited.message_id == draft.message_id
    sent = email.message_from_bytes(bytes(edited.data), policy=policy.default)
    assert sent["Message-ID"] == draft.message_id
    assert sent["In-Reply-To"] == draft.mail.message_id
    assert sent["X-Loop"] == f"{OWN} ABCDEFGHIJ"
    body = sent.get_body(("plain",))
    assert body is not None
    assert "árvíztűrő" in body.get_content()
    assert "árvíztűrő" in edited.text


def test_a_draft_is_not_edited_over_somebody_elses_words(actor: User, draft: Reply) -> None:
    message = parse_message(draft.mail.raw)
    edit_draft(draft.pk, actor, message, "Első szöveg.", seen=text_mark(draft.text), own_address=OWN)
    with pytest.raises(ReplyChangedError):
        edit_draft(draft.pk, actor, message, "Második szöveg.", seen=text_mark(draft.text), own_address=OWN)
    release_replies(actor)
    with pytest.raises(NotAllowedError):
        edit_draft(draft.pk, actor, message, "Harmadik szöveg.", seen=text_mark("Első szöveg."), own_address=OWN)


def test_a_discarded_draft_never_goes_out(actor: User, draft: Reply) -> None:
    assert discard_reply(draft.pk, actor).state == ReplyState.DISCARDED
    assert release_replies(actor) == 0
    with pytest.raises(NotAllowedError):
        discard_reply(draft.pk, actor)


def test_an_uncertain_reply_is_settled_by_a_person(actor: User) -> None:
    went = make_reply(make_registration().mail, state="uncertain", data_started_at=NOW)
    stayed = make_reply(make_registration().mail, state="uncertain", data_started_at=NOW)
    settled, again = settle_as_sent(went.pk, actor), send_again(stayed.pk, actor)
    assert settled.state == "sent"
    assert settled.sent_at is not None
    assert (again.state, again.data_started_at, again.message_id) == ("queued", None, stayed.message_id)
    assert bytes(again.data) == bytes(stayed.data)
    with pytest.raises(NotAllowedError):
        send_again(went.pk, actor)


def test_asking_again_queues_the_letter_and_waits(actor: User) -> None:
    registration = make_registration(status="review")
    message = parse_message(registration.mail.raw)
    letter = StaffLetter(
        ("kovacs.anna@tiszacsege.hu",), ("jegyzo@tiszacsege.hu",), "Re: Regisztráció", "Kérjük a PIR számot."
    )
    target = Target(registration.pk, registration.version)
    after = ask_again(target, actor, message, letter, OWN)
    assert after.status == "incomplete"
    reply = Reply.objects.get()
    assert (reply.kind, reply.state, reply.author, reply.envelope_from) == ("staff", "queued", actor, OWN)
    assert reply.recipients == ["kovacs.anna@tiszacsege.hu", "jegyzo@tiszacsege.hu"]
    with pytest.raises(OutdatedError):
        ask_again(target, actor, message, letter, OWN)
    assert Reply.objects.count() == 1
    ask_again(Target(after.pk, after.version), actor, message, letter, OWN)
    assert Reply.objects.count() == 2


def test_people_throw_and_lift_the_same_switch_as_the_breaker(actor: User) -> None:
    stop_replies(actor)
    stop_replies(actor)
    assert replies_stopped()
    resume_replies(actor)
    assert not replies_stopped()
    trip_breaker("replies_per_hour")
    resume_replies(actor)
    assert not replies_stopped()
    assert [event.details.get("reason") for event in Event.objects.filter(verb="replies_resumed")] == [
        "staff",
        "replies_per_hour",
    ]


def test_a_held_folder_is_released_once(actor: User) -> None:
    folder = Folder.objects.create(mailbox="m", name="INBOX", uidvalidity=2, held="uidvalidity")
    assert release_folder(folder.pk, actor)
    assert not release_folder(folder.pk, actor)
    assert Event.objects.filter(verb="folder_released").count() == 1
