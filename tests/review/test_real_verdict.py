"""From the bytes of a mail through the worker's own decision to the page: the two sides understand each other."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Registration
from tests.review.factory import OWN, Applicant, make_mail, make_raw, request_text
from worker.models import MailState
from worker.services.decide import decide_group
from worker.services.replying import Voice
from worker.services.thinking import load_thinking

pytestmark = pytest.mark.django_db


def decide(text: str, **mail: str) -> None:
    make_mail(make_raw(text, **mail), state=MailState.STORED)  # type: ignore[arg-type]
    voice = Voice(OWN, frozenset({OWN}), mode="draft", secret="próba")
    assert decide_group(load_thinking(), voice) == 1


def test_a_complete_request_is_shown_with_its_values_in_place(page: Client) -> None:
    decide(request_text(Applicant()))
    registration = Registration.objects.get()
    assert registration.status == "ready"
    text = page.get(f"/registrations/{registration.pk}").content.decode()
    for field in ("full_name", "municipality", "pir", "email", "modules"):
        assert f'class="f-{field} read"' in text, field
    assert "A PIR szám megvan." in text
    assert "regisztrációt kér" in text
    assert "Kovács Anna" in page.get("/").content.decode()


def test_an_incomplete_request_is_asked_again_from_where_the_worker_stopped(page: Client) -> None:
    decide(request_text(Applicant(pir="740747", email="penzugy@tiszacsege.hu")))
    registration = Registration.objects.get()
    assert registration.status == "incomplete"
    text = page.get(f"/registrations/{registration.pk}").content.decode()
    assert "az ellenőrző számjegye hibás" in text
    assert "nem személyhez köthető" in text
    assert "piszkozat" in text
    assert "740747" in page.get(f"/registrations/{registration.pk}/ask").context["form"].initial["text"]
    assert "Regisztráció" in page.get("/?tab=drafts").content.decode()


def test_what_nobody_asked_for_waits_for_a_person(page: Client) -> None:
    decide(
        "Tisztelt Cím!\n\nHány kreditpont jár az adó tanfolyamért?\n\nÜdvözlettel:\nKovács Anna", subject="Kreditpont"
    )
    assert "Kreditpont" in page.get("/?tab=review").content.decode()
