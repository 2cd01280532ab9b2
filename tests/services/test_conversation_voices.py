"""Who may speak in a case besides the requester, and what is known of its jegyző from one mail to the next."""

from __future__ import annotations

import pytest

from registry.models import Registration
from rules.model import JegyzoStatus
from tests.services.correspondence import ANNA, CLERK, STRANGER, Correspondence, letter_to, only_request, request, write
from worker.models import Event, Reply
from worker.services.known_people import gather_earlier

pytestmark = pytest.mark.django_db
BOSS = "Barabás Endre <barabas.endre@tiszacsege.hu>"
UNKNOWN = "Balla Zsombor <balla.zsombor@tiszacsege.hu>"
ANSWER = "Anna helyett válaszolok, a PIR szám: 740746"


def test_whom_the_requester_copied_may_answer_in_the_thread(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None), cc=f"{CLERK}, {BOSS}"))
    second = worker.receive_one(write(ANSWER, sender=BOSS, cc="", answers=letter_to(first).message_id))
    assert second.conversation_id == first.conversation_id
    assert (only_request().status, only_request().pir) == ("ready", "740746")


@pytest.mark.parametrize("sender", [STRANGER, "Barabás Endre <barabas.endre@gmail.com>"])
def test_who_was_not_copied_may_not(worker: Correspondence, sender: str) -> None:
    first = worker.receive_one(write(request(PIR=None), cc=f"{CLERK}, {BOSS}"))
    second = worker.receive_one(write(ANSWER, sender=sender, cc="", answers=letter_to(first).message_id))
    assert second.conversation_id != first.conversation_id
    assert only_request().status == "incomplete"
    assert Event.objects.filter(verb="stranger_answered", mail=second).exists()


def test_a_stranger_makes_nobody_trusted_by_copying_him(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    letter = letter_to(first).message_id
    worker.receive_one(write("Kérem, intézzék.", sender=STRANGER, cc=BOSS, answers=letter))
    worker.receive_one(write(ANSWER, sender=BOSS, cc="", answers=letter))
    assert only_request().status == "incomplete"


def test_whom_the_requester_copied_is_not_looked_for_outside_the_thread(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None), cc=f"{CLERK}, {BOSS}"))
    second = worker.receive_one(write("PIR szám: 740746", sender=BOSS, cc=""))
    assert second.conversation_id != first.conversation_id
    assert Registration.objects.get(mail=first).status == "incomplete"


def test_who_was_copied_is_remembered_for_the_answer_that_calls_him_jegyzo(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None), cc=UNKNOWN))
    jegyzo = gather_earlier(Registration.objects.select_related("mail")).jegyzo
    assert jegyzo is not None
    assert jegyzo.status is JegyzoStatus.UNCLEAR
    assert [(one.excerpt, one.source) for one in jegyzo.evidence] == [
        ("balla.zsombor@tiszacsege.hu", f"mail:{first.pk}")
    ]
    text = "PIR szám: 740746\nA jegyzőnk dr. Balla Zsombor, az első levelemet ő is megkapta másolatban."
    worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    row = only_request()
    assert (row.status, row.jegyzo_status, row.jegyzo_address) == ("ready", "stated", "balla.zsombor@tiszacsege.hu")


def test_another_one_named_goes_to_staff(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None), cc=UNKNOWN))
    text = "PIR szám: 740746\nA jegyzőnk dr. Tóth Pál."
    worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    assert (only_request().status, only_request().problems) == ("review", ["jegyzo_unclear"])


def test_an_answer_in_the_subject(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    letter = letter_to(first)
    subject = f"Re: {letter.subject} - PIR szám: 740746"
    worker.receive_one(write("Üdvözlettel:\nKovács Anna", cc="", subject=subject, answers=letter.message_id))
    assert only_request().status == "ready"


def test_one_of_two_is_taken_back_while_the_other_is_completed(worker: Correspondence) -> None:
    text = (
        "Kérjük két kollégánk regisztrációját (Tiszacsege Város Önkormányzata, ADÓ):\n"
        "Szabó Ilona, szabo.ilona@tiszacsege.hu\nKiss Pál, kiss.pal@tiszacsege.hu"
    )
    first = worker.receive_one(write(text))
    answer = "A PIR 740746. Kiss Pál regisztrációját mégsem kérjük, Szabó Ilonáé marad."
    second = worker.receive_one(write(answer, cc="", answers=letter_to(first).message_id))
    rows = Registration.objects.order_by("full_name").values_list("full_name", "status", "pir")
    assert list(rows) == [("Kiss Pál", "withdrawn", ""), ("Szabó Ilona", "ready", "740746")]
    assert not Reply.objects.filter(mail=second).exists()


def test_somebody_in_anothers_place(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None), sender=ANNA))
    text = "Kovács Anna helyett Kiss Pált kérjük: kiss.pal@tiszacsege.hu. A PIR 740746."
    worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    rows = Registration.objects.order_by("full_name").values_list("full_name", "status", "pir", "modules", "email")
    assert list(rows) == [
        ("Kiss Pál", "ready", "740746", "PM-2777-2105-BS", "kiss.pal@tiszacsege.hu"),
        ("Kovács Anna", "withdrawn", "", "PM-2777-2105-BS", "kovacs.anna@tiszacsege.hu"),
    ]
