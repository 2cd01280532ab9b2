"""Changes of staff that are refused, or change nothing: what was decided stays, and nothing is logged twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from registry.models import Clerk, Registration
from registry.services.change import Target
from registry.services.confirm_clerk import confirm_clerk
from registry.services.link_mail import MailChangedError, link_mail, unlink_mail
from registry.services.refusals import NotAllowedError
from registry.services.set_course import set_course
from rules.model import Problem, Status
from tests.review.factory import ADO, NOW, Applicant, make_registration, make_reply, make_user
from worker.models import Conversation, Event, LinkedBy, Mail, Reply

pytestmark = pytest.mark.django_db
SENT: dict[str, Any] = {"sent_at": NOW, "data_started_at": NOW}


@pytest.fixture
def actor() -> User:
    return make_user()


def in_a_case(**fields: str) -> tuple[Mail, Conversation]:
    """A decided mail with a request, in a conversation of its own."""
    row = make_registration(Applicant())
    Registration.objects.filter(pk=row.pk).update(**fields)
    case = Conversation.objects.create()
    Mail.objects.filter(pk=row.mail_id).update(conversation=case, linked_by=LinkedBy.OPENED)
    return Mail.objects.get(pk=row.mail_id), case


@pytest.mark.parametrize("status", ["approved", "exported", "registered"])
def test_a_mail_of_which_something_is_decided_stays_where_it_is(actor: User, status: str) -> None:
    mail, case = in_a_case(status=status)
    with pytest.raises(NotAllowedError):
        link_mail(mail.pk, Conversation.objects.create().pk, actor, seen=case.pk)
    mail.refresh_from_db()
    assert (mail.conversation_id, mail.state) == (case.pk, "decided")
    assert not Event.objects.filter(verb__in=["mail_linked", "superseded"]).exists()


def test_a_letter_that_has_not_left_is_discarded_with_the_link(actor: User) -> None:
    mail, case = in_a_case(status="incomplete")
    waiting, left = make_reply(mail, state="queued"), make_reply(mail, kind="reminder", state="sent", **SENT)
    unlink_mail(mail.pk, actor, seen=case.pk)
    states = dict(Reply.objects.values_list("pk", "state"))
    assert (states[waiting.pk], states[left.pk]) == ("discarded", "sent")
    assert set(Event.objects.values_list("verb", flat=True)) >= {"reply_discarded", "mail_unlinked", "superseded"}
    mail.refresh_from_db()
    assert (mail.state, mail.conversation_id) == ("stored", None)


def test_a_mail_that_somebody_else_linked_meanwhile(actor: User) -> None:
    mail, _ = in_a_case()
    with pytest.raises(MailChangedError):
        unlink_mail(mail.pk, actor, seen=None)


def test_the_same_course_once_more_is_no_change(actor: User) -> None:
    assert set_course(actor, ADO, "ADO-2027", "")
    assert not set_course(actor, ADO, "ADO-2027", "ADO-2027")
    assert set_course(actor, ADO, "", "ADO-2027")
    assert Event.objects.filter(verb="course_set").count() == 2


def test_a_clerk_has_an_address_and_is_learned_where_the_place_is_known(actor: User) -> None:
    row = make_registration(
        Applicant(municipality="", status=Status.INCOMPLETE, problems=(Problem.MUNICIPALITY_MISSING,))
    )
    with pytest.raises(ValueError, match="needs an address"):
        confirm_clerk(Target(row.pk, row.version), actor, "jegyzo")
    changed = confirm_clerk(Target(row.pk, row.version), actor, " Jegyzo@Tiszacsege.hu ")
    assert changed.jegyzo_address == "jegyzo@tiszacsege.hu"
    assert changed.status != "ready"
    assert not Clerk.objects.exists()
    assert Event.objects.get(verb="clerk_confirmed").details["learned"] is False
