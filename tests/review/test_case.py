"""The page of one registration: what it shows and what may be done there."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from registry.models import Account, Clerk, Municipality, Registration
from rules.model import JegyzoStatus, Note, Problem, Status
from tests.review.factory import (
    ADO,
    IRAT,
    Applicant,
    make_raw,
    make_registration,
    make_registrations,
    make_reply,
    request_text,
)
from worker.models import Event, Reply

pytestmark = pytest.mark.django_db


def shown(page: Client, registration: Registration, query: str = "") -> str:
    response = page.get(f"/registrations/{registration.pk}{query}")
    assert response.status_code == 200
    return response.content.decode()


def marks(text: str) -> set[tuple[str, str]]:
    """(field, words) of every value that was read there."""
    tree: Any = lxml.html.document_fromstring(text)
    return {(str(one.get("data-field")), one.text_content()) for one in tree.iter("mark") if "read" in one.classes}


def fields(registration: Registration, **changes: object) -> dict[str, object]:
    names = ("full_name", "municipality", "pir", "county", "email", "version")
    return {name: getattr(registration, name) for name in names} | {"modules": registration.module_ids} | changes


def test_it_shows_fields_evidence_mail_trace_and_history(page: Client) -> None:
    Municipality.objects.create(pir="740746", name="Tiszacsege Város Önkormányzata", settlement="Tiszacsege")
    Account.objects.create(email="kovacs.anna@tiszacsege.hu", username="kovacsanna")
    one = Applicant(
        status=Status.INCOMPLETE,
        problems=(Problem.PIR_INVALID, Problem.JEGYZO_NOT_IN_CC),
        notes=(Note.COUNTY_INFERRED, Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT),
        suggestions={"pir_invalid": "740009"},
    )
    registration, other = make_registrations([one, Applicant(full_name="Másik Mária")])
    make_reply(registration.mail)
    text = shown(page, registration)
    for words in (
        "az ellenőrző számjegye hibás",
        "A jegyző nem szerepel a címzettek között",
        "A vármegyét a rendszer a település alapján pótolta",
        "Az adatok csak olyan mellékletben",
        'name="pick" value="pir:740009"',
        "levélszöveg",
        "jegyzo@tiszacsege.hu",
        "Tiszacsege Város Önkormányzata",
        "kovacsanna",
        "Másik Mária",
        "Miért így döntött a rendszer?",
        "Értékelte a levelet",
        "hiánypótlás",
    ):
        assert words in text, words
    assert {("pir", "740746"), ("full_name", "Kovács Anna")} <= marks(text)
    assert other.position == 1


def test_the_number_of_queries_is_fixed(page: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    people = make_registrations([Applicant(full_name=f"Próba {number}") for number in range(20)])
    for _ in range(10):
        make_reply(people[0].mail, kind="staff", author=User.objects.get())
        make_registration()
    for _ in range(20):
        Event.objects.create(verb="corrected", registration=people[0], mail=people[0].mail, actor=User.objects.get())
    with django_assert_max_num_queries(25):
        shown(page, people[0])


def test_approval_goes_on_to_the_next_case_and_offers_the_way_back(page: Client) -> None:
    first, second = make_registration(), make_registration()
    Registration.objects.filter(pk=first.pk).update(created_at="2026-01-01T00:00Z")
    first.refresh_from_db()
    response = page.post(f"/registrations/{first.pk}/save?tab=ready", fields(first, approve="1"), follow=True)
    assert response.redirect_chain == [(f"/registrations/{second.pk}?tab=ready", 302)]
    assert "Kovács Anna: a kérelem jóváhagyva." in response.content.decode()
    first.refresh_from_db()
    assert first.status == "approved"
    back = page.post(f"/registrations/{first.pk}/decide/taken_back", {"version": first.version}, follow=True)
    assert back.status_code == 200
    first.refresh_from_db()
    assert first.status == "ready"


def test_the_order_of_the_forms_modules_is_no_correction(page: Client) -> None:
    registration = make_registration(Applicant(modules=(ADO, IRAT)))  # the form lists them the other way round
    sent = fields(registration, modules=[IRAT, ADO], approve="1")
    assert page.post(f"/registrations/{registration.pk}/save", sent).status_code == 302
    registration.refresh_from_db()
    assert (registration.status, registration.module_ids) == ("approved", [ADO, IRAT])
    assert not Event.objects.filter(registration=registration, verb="corrected").exists()


def test_correct_and_approve(page: Client, staff: User) -> None:
    one = Applicant(
        full_name="",
        pir="740747",
        county="",
        email="penzugy@tiszacsege.hu",
        modules=(),
        status=Status.INCOMPLETE,
        problems=(
            Problem.FULL_NAME_MISSING,
            Problem.PIR_INVALID,
            Problem.EMAIL_NOT_PERSONAL,
            Problem.MODULES_MISSING,
        ),
    )
    registration = make_registration(one)
    entered = fields(
        registration,
        full_name="  Nagy   Béla ",
        municipality="tiszacsege",
        pir="740 746",
        email="Nagy.Bela@Gmail.com",
        modules=[IRAT, ADO],
        approve="1",
    )
    page.post(f"/registrations/{registration.pk}/save", entered)
    registration.refresh_from_db()
    assert (registration.status, registration.full_name, registration.municipality) == (
        "approved",
        "Nagy Béla",
        "Tiszacsege",
    )
    assert (registration.pir, registration.county, registration.email) == (
        "740746",
        "Hajdú-Bihar",
        "nagy.bela@gmail.com",
    )
    assert registration.module_ids == [IRAT, ADO]
    assert (registration.problems, registration.reviewer) == ([], staff)


def test_a_municipality_that_nobody_knows_is_saved_with_a_note(page: Client) -> None:
    registration = make_registration()
    for name, notes in (("Tündérfalva", ["municipality_unknown"]), ("tiszacsege", [])):
        registration.refresh_from_db()
        page.post(f"/registrations/{registration.pk}/save", fields(registration, municipality=name))
        assert Registration.objects.get(pk=registration.pk).notes == notes
        assert ("nem szerepel a helységnévtárban" in shown(page, registration)) is bool(notes)


def test_the_history_tells_the_approval(page: Client) -> None:
    registration = make_registration()
    page.post(f"/registrations/{registration.pk}/save", fields(registration, approve="1"))
    text = shown(page, registration)
    assert "Jóváhagyta a kérelmet" in text
    assert "Javította a kérelmet" not in text


def test_a_problem_is_named_and_asked_about_before_approval(page: Client) -> None:
    one = Applicant(pir="740747", status=Status.INCOMPLETE, problems=(Problem.PIR_INVALID,))
    registration = make_registration(one)
    assert "Jóváhagyás a hiányosság ellenére" in shown(page, registration)
    address = f"/registrations/{registration.pk}/save"
    entered = fields(registration, full_name="Kovács Anna Mária", approve="1")
    for response in (page.post(address, entered), page.post(f"{address[:-5]}/decide/approved", {"version": "1"})):
        text = response.content.decode()
        assert "Jóváhagyja a hiányosság ellenére?" in text
        assert "A megadott PIR szám" in text
    assert 'name="full_name" value="Kovács Anna Mária"' in page.post(address, entered).content.decode()
    registration.refresh_from_db()
    assert (registration.status, registration.version) == ("incomplete", 1)
    back = page.post(address, entered | {"back": "1"}).content.decode()
    assert 'value="Kovács Anna Mária"' in back
    page.post(address, entered | {"despite": ["pir_invalid"]})
    registration.refresh_from_db()
    assert (registration.status, registration.full_name) == ("approved", "Kovács Anna Mária")
    assert "a hiányosságok ellenére: hibás PIR" in shown(page, registration)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"full_name": "Béla"}, "vezetéknévből és utónévből"),
        ({"pir": "74074"}, "hat számjegyből"),
        ({"pir": "740747"}, "ellenőrző számjegye hibás"),
        ({"email": "nagy.bela"}, "nem érvényes"),
        ({"email": "a@b@c.hu"}, "nem érvényes"),
    ],
)
def test_what_is_rewritten_is_checked(page: Client, changes: dict[str, str], words: str) -> None:
    registration = make_registration()
    response = page.post(f"/registrations/{registration.pk}/save", fields(registration, **changes))
    assert response.status_code == 400
    assert words in response.content.decode()
    registration.refresh_from_db()
    assert registration.version == 1


def test_a_registered_pir_is_taken_whatever_its_check_digit(page: Client) -> None:
    Municipality.objects.create(pir="740747", name="Próbahivatal")
    registration = make_registration()
    page.post(f"/registrations/{registration.pk}/save", fields(registration, pir="740747"))
    registration.refresh_from_db()
    assert registration.pir == "740747"


def test_a_missing_field_is_named_when_approving(page: Client) -> None:
    registration = make_registration(Applicant(pir="", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,)))
    response = page.post(f"/registrations/{registration.pk}/save", fields(registration, approve="1"))
    assert response.status_code == 409
    assert "A jóváhagyáshoz hiányzik: PIR szám." in response.content.decode()


def test_the_second_save_is_refused_with_what_changed_and_keeps_what_was_typed(page: Client, staff: User) -> None:
    registration = make_registration()
    seen = fields(registration)
    page.post(f"/registrations/{registration.pk}/save", seen | {"full_name": "Első Elek"})
    response = page.post(
        f"/registrations/{registration.pk}/save", seen | {"full_name": "Második Mária", "approve": "1"}
    )
    text = response.content.decode()
    assert response.status_code == 409
    assert "közben más módosította" in text
    assert "<ins>Első Elek</ins>" in text
    assert 'value="Második Mária"' in text
    assert "Az eddigi érték: Első Elek" in text
    registration.refresh_from_db()
    assert (registration.full_name, registration.status) == ("Első Elek", "ready")
    again = page.post(f"/registrations/{registration.pk}/save", seen | {"full_name": "Második Mária", "version": 2})
    assert again.status_code == 302


@pytest.mark.parametrize("verb", ["approved", "no_registration", "sent_to_review"])
def test_an_outdated_decision_is_refused(page: Client, verb: str) -> None:
    registration = make_registration()
    Registration.objects.filter(pk=registration.pk).update(version=7)
    response = page.post(f"/registrations/{registration.pk}/decide/{verb}", {"version": "1"})
    assert response.status_code == 409
    assert "közben más módosította" in response.content.decode()


def test_a_decision_that_the_status_forbids_is_refused(page: Client) -> None:
    registration = make_registration(status="exported")
    response = page.post(f"/registrations/{registration.pk}/decide/approved", {"version": "1"})
    assert response.status_code == 409
    assert "ebben az állapotban (átadva) nem végezhető el" in response.content.decode()


def test_rejection_needs_a_reason(page: Client) -> None:
    registration = make_registration()
    address = f"/registrations/{registration.pk}/reject"
    assert page.post(address, {"version": "1", "reason": " "}).status_code == 400
    page.post(address, {"version": "1", "reason": "Nem önkormányzati dolgozó."})
    registration.refresh_from_db()
    assert (registration.status, registration.reject_reason) == ("rejected", "Nem önkormányzati dolgozó.")
    assert "Nem önkormányzati dolgozó." in shown(page, registration)


def test_a_rewritten_county_must_be_the_settlements(page: Client) -> None:
    registration = make_registration()
    entered = fields(registration, county="Zala")
    answer = page.post(f"/registrations/{registration.pk}/save", entered)
    assert "A megadott település vármegyéje: Hajdú-Bihar." in answer.content.decode()
    registration.refresh_from_db()
    assert registration.county == "Hajdú-Bihar"


def test_the_clerk_is_named_from_the_mails_people(page: Client) -> None:
    one = Applicant(status=Status.REVIEW, problems=(Problem.JEGYZO_UNCLEAR,))
    raw = make_raw(request_text(one), cc="Szép Ödön <szep.odon@tiszacsege.hu>")
    registration = make_registration(one, raw=raw, jegyzo=JegyzoStatus.UNCLEAR)
    text = shown(page, registration)
    assert "Ki a jegyző" in text
    assert 'value="szep.odon@tiszacsege.hu" required checked>' in text  # there is nobody else to choose
    assert 'value="aspoktatas@allamkincstar.gov.hu"' not in text
    page.post(f"/registrations/{registration.pk}/clerk", {"version": "1", "address": "szep.odon@tiszacsege.hu"})
    registration.refresh_from_db()
    assert registration.status == "ready"
    assert Clerk.objects.get().address == "szep.odon@tiszacsege.hu"


def test_asking_again_starts_from_what_is_missing(page: Client) -> None:
    one = Applicant(pir="", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,))
    registration = make_registration(one)
    address = f"/registrations/{registration.pk}/ask"
    form = page.get(address).context["form"]
    assert form.initial["to"] == "kovacs.anna@tiszacsege.hu"
    assert form.initial["cc"] == "jegyzo@tiszacsege.hu"
    assert "PIR" in form.initial["text"]
    entered = form.initial | {"text": "Kérjük, küldje meg a PIR számot."}
    assert page.post(address, entered).status_code == 302
    reply = Reply.objects.get()
    assert (reply.kind, reply.state) == ("staff", "draft")  # as every letter under the tests' configuration
    assert "Kérjük, küldje meg a PIR számot." in reply.text
    refused = page.post(address, entered)
    assert refused.status_code == 409
    assert Reply.objects.count() == 1


def test_the_second_question_is_the_reminder(page: Client) -> None:
    one = Applicant(full_name="Kiss & Nagy Éva", pir="", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,))
    registration = make_registration(one)
    address = f"/registrations/{registration.pk}/ask"
    make_reply(registration.mail)
    assert "Korábbi levelünkben" not in page.get(address).context["form"].initial["text"]
    make_reply(registration.mail, state="queued", kind="staff")
    text = page.get(address).context["form"].initial["text"]
    assert "Korábbi levelünkben Kiss & Nagy Éva kérelmének kiegészítését kértük" in " ".join(text.split())
    assert "PIR" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"to": ""}, "kötelező"), ({"to": "nem cím"}, "érvényes e-mail címeket"), ({"cc": "a@b.hu, rossz"}, "rossz")],
)
def test_a_letter_needs_sound_recipients(page: Client, changes: dict[str, str], words: str) -> None:
    registration = make_registration()
    address = f"/registrations/{registration.pk}/ask"
    response = page.post(address, page.get(address).context["form"].initial | changes)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    "address", ["/registrations/1", "/registrations/99999999999999999999", "/registrations/1/decide/torol", "/mails/1"]
)
def test_what_is_not_there_is_not_found(page: Client, address: str) -> None:
    call = page.post if "decide" in address else page.get
    assert call(address).status_code == 404
