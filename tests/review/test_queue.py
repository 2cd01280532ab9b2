"""The lists: tabs and counts, search, filters, pages, bulk approval; a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from registry.models import Account, Registration
from review.paging import PAGE_SIZE
from review.tabs import TABS
from rules.model import JegyzoStatus, Note, Problem, Status
from tests.review.factory import (
    ADO,
    IRAT,
    NOW,
    Applicant,
    make_mail,
    make_raw,
    make_registration,
    make_registrations,
    make_reply,
)
from worker.models import Control, Event, Folder, MailState

pytestmark = pytest.mark.django_db


def shown(page: Client, query: str = "") -> str:
    response = page.get(f"/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_each_tab_shows_its_own_rows_and_number(page: Client) -> None:
    make_registration(Applicant(full_name="Kész Kata"))
    make_registration(Applicant(full_name="", status=Status.INCOMPLETE, problems=(Problem.FULL_NAME_MISSING,)))
    make_registration(Applicant(full_name="Kézi Klára"), status="review")
    make_registration(Applicant(full_name="Jó Jolán"), status="approved")
    make_registration(Applicant(full_name="Zárt Zita"), status="exported")
    asleep = make_registration(Applicant(full_name="Alvó Aladár"))
    Registration.objects.filter(pk=asleep.pk).update(snoozed_until=now() + timedelta(days=1))
    make_mail(make_raw("Kredit?", subject="Kreditpont"), kind="other", outcomes=["review"])
    make_mail(make_raw("x", subject="Rossz levél"), state=MailState.FAILED, failure="ValueError")
    asked = make_mail(make_raw("Jelszó", subject="Jelszó?"), kind="password", outcomes=["reply_password"])
    make_reply(asked)
    make_reply(
        make_registration(status="rejected").mail, state="uncertain", data_started_at=NOW, subject="Re: Hová lett"
    )
    expected = {
        "ready": "Kész Kata",
        "incomplete": "(név nélkül)",
        "review": "Kreditpont",
        "quarantine": "Rossz levél",
        "drafts": "Re: Jelszó?",
        "uncertain": "Re: Hová lett",
        "approved": "Jó Jolán",
        "snoozed": "Alvó Aladár",
        "closed": "Zárt Zita",
        "mails": "Kreditpont",
    }
    assert set(expected) == {tab.slug for tab in TABS}
    for slug, words in expected.items():
        assert words in shown(page, f"?tab={slug}"), slug
    numbers = {one.tab.slug: one.number for one in page.get("/").context["tabs"]}
    assert numbers == {
        "ready": 1,
        "incomplete": 1,
        "review": 2,
        "quarantine": 1,
        "drafts": 1,
        "uncertain": 1,
        "approved": 1,
        "snoozed": 1,
        "closed": 2,
        "mails": 10,
    }


@pytest.mark.parametrize("tab", [tab.slug for tab in TABS])
def test_the_number_of_queries_does_not_grow(
    page: Client, django_assert_max_num_queries: DjangoAssertNumQueries, tab: str
) -> None:
    for number in range(12):
        for status in ("ready", "incomplete", "review", "approved", "exported"):
            make_registration(Applicant(email=f"szemely{number}@tiszacsege.hu"), status=status)
        mail = make_mail(make_raw("?"), kind="other", outcomes=["review"])
        make_reply(mail, state="draft")
        make_mail(make_raw("?"), state=MailState.FAILED, failure="died")
    with django_assert_max_num_queries(26):
        page.get(f"/?tab={tab}")


def test_a_row_tells_everything_at_a_glance(page: Client) -> None:
    Account.objects.create(email="kovacs.anna@tiszacsege.hu", username="x")
    make_registration(
        Applicant(modules=(ADO, IRAT), problems=(Problem.EMAIL_NOT_PERSONAL,), notes=(Note.COUNTY_INFERRED,))
    )
    text = shown(page)
    for words in (
        "Kovács Anna",
        "Tiszacsege",
        "Hajdú-Bihar",
        "740746",
        "kovacs.anna@tiszacsege.hu",
        "ADÓ",
        "Irat teljes",
        "nem személyes e-mail",
        "vármegye pótolva",
        "van fiókja",
    ):
        assert words in text


@pytest.mark.parametrize(
    "words",
    ["Árva Őrsi", "arva orsi", "ÁRVA", "orsi kerecsend", "7409", "arva.orsolya@", "regisztr", "heves", "%C3%A1rva"],
)
def test_search_minds_neither_accents_nor_capitals(page: Client, words: str) -> None:
    make_registration(
        Applicant(
            full_name="Árva Őrsi Orsolya",
            municipality="Kerecsend",
            county="Heves",
            pir="740990",
            email="arva.orsolya@kerecsend.hu",
        )
    )
    make_registration(Applicant(full_name="Más Márta"), raw=make_raw("x", subject="egyéb"))
    text = shown(page, f"?q={words}")
    assert "Árva Őrsi Orsolya" in text
    assert "Más Márta" not in text


@pytest.mark.parametrize("words", ["100%", "a_b", "'; DROP TABLE", "\\", "%00", "x" * 5000, "nincs ilyen"])
def test_search_takes_any_text(page: Client, words: str) -> None:
    make_registration()
    assert "Nincs a szűrésnek megfelelő tétel" in page.get("/", {"q": words + "ž"}).content.decode()


def test_filters_by_county_and_module(page: Client) -> None:
    make_registration(Applicant(full_name="Kovács Anna", county="Heves", modules=(ADO,)))
    make_registration(Applicant(full_name="Nagy Béla", county="Zala", modules=(IRAT,)))
    assert "Nagy Béla" not in shown(page, "?county=Heves")
    assert "Kovács Anna" not in shown(page, f"?module={IRAT}")
    assert "Kovács Anna" in shown(page, "?county=Narnia&module=PM&sort=x&page=-3&tab=x")


def test_sorting_is_hungarian_enough_and_pages_are_whole(page: Client) -> None:
    for number in range(PAGE_SIZE + 3):
        make_registration(Applicant(full_name=f"Próba {number:03d}"))
    make_registration(Applicant(full_name="Árva Anna"))
    shown_first = page.get("/?sort=name").context["lists"]["registrations"]
    first, second = shown_first.rows, page.get(f"/?{shown_first.next}").context["lists"]["registrations"].rows
    assert first[0].registration.full_name == "Árva Anna"
    names = [row.registration.full_name for row in [*first, *second]]
    assert len(names) == len(set(names)) == PAGE_SIZE + 4
    assert names == sorted(names, key=lambda name: name.replace("Á", "A"))


def test_bulk_approval_takes_the_marked_rows(page: Client) -> None:
    first, second, third = make_registration(), make_registration(), make_registration()
    Registration.objects.filter(pk=second.pk).update(version=5)
    rows = [f"{one.pk}:{one.version}" for one in (first, second)] + ["", "x:y", "1:", "9" * 30 + ":1"]
    response = page.post("/approve?tab=ready", {"row": rows}, follow=True)
    text = response.content.decode()
    assert "1 kérelem jóváhagyva" in text
    assert "1 kérelem kimaradt: 1 közben megváltozott kérelem" in text
    assert [one.status for one in Registration.objects.order_by("pk")] == ["approved", "ready", "ready"]
    assert third.status == "ready"


def test_bulk_approval_without_a_mark_says_so(page: Client) -> None:
    assert "Nem jelölt ki" in page.post("/approve", follow=True).content.decode()


def test_an_incomplete_row_tells_what_became_of_its_reply(page: Client) -> None:
    asked, unasked = make_registration(status="incomplete"), make_registration(status="incomplete")
    make_reply(asked.mail, state="sent", sent_at=NOW, data_started_at=NOW)
    text = shown(page, "?tab=incomplete")
    assert "válasz: elküldve" in text
    assert "nem készült válasz" in text
    assert unasked.status == "incomplete"


def test_what_the_worker_could_not_answer_goes_to_staff(page: Client) -> None:
    withheld = make_mail(make_raw("?", subject="Keretet túllépő"), kind="password", outcomes=["review"])
    people = make_registrations([Applicant(status=Status.INCOMPLETE)], jegyzo=JegyzoStatus.ABSENT)
    people[0].mail.outcomes = ["review"]
    people[0].mail.subject = "Válasz nélkül maradt"
    people[0].mail.save()
    text = shown(page, "?tab=review")
    assert "Keretet túllépő" in text
    assert "Válasz nélkül maradt" in text
    make_reply(people[0].mail)
    make_reply(withheld)
    text = shown(page, "?tab=review")
    assert "Keretet túllépő" not in text
    assert "Válasz nélkül maradt" not in text


def test_a_bounced_reply_is_shown_until_somebody_saw_it(page: Client) -> None:
    mail = make_registration().mail
    reply = make_reply(mail, state="sent", sent_at=NOW, data_started_at=NOW, subject="Re: visszajött")
    Event.objects.create(verb="bounced", reply=reply, mail=mail)
    assert "Re: visszajött" in shown(page, "?tab=uncertain")
    page.post(f"/replies/{reply.pk}/settle/bounce_seen")
    assert "Re: visszajött" not in shown(page, "?tab=uncertain")


def test_stopped_replies_and_held_folders_are_told_and_lifted(page: Client) -> None:
    Control.objects.create(name="replies_stopped", value={"reason": "replies_per_hour"})
    folder = Folder.objects.create(mailbox="m", name="INBOX", uidvalidity=1, held="uidvalidity")
    text = shown(page)
    assert "egy órán belül a megengedettnél több válasz készült" in text
    assert "a postafiókot a kiszolgáló újraszámozta" in text
    page.post("/replies/switch", {"to": "resume"})
    page.post(f"/folders/{folder.pk}/release")
    text = shown(page)
    assert "A válaszok küldése áll" not in text
    assert "INBOX" not in text
