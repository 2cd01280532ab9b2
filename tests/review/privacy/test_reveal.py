"""Covered on screen, shown to whom it concerns for a while, and on record."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Registration
from review.privacy import reveal
from staff.roles import Role
from tests.review.factory import (
    Applicant,
    make_mail,
    make_raw,
    make_registration,
    make_reply,
    make_user,
    request_text,
)
from worker.models import Event

pytestmark = pytest.mark.django_db
TEXT = request_text(Applicant()) + "\nTAJ szám: 123 456 788\nAnyja neve: Kiss Mária\nAdóazonosító jel: 8123456786\n"


@pytest.fixture
def registration() -> Registration:
    return make_registration(raw=make_raw(TEXT))


def enter(role: Role) -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


def is_covered(client: Client, registration: Registration) -> bool:
    pages = [client.get(address).content.decode() for address in addresses(registration)]
    seen = ["123 456 788" in page or "Kiss Mária" in page or "8123456786" in page for page in pages]
    assert all(seen) or not any(seen)
    assert all("740746" in page and "kovacs.anna@tiszacsege.hu" in page for page in pages)
    return not any(seen)


def addresses(registration: Registration) -> tuple[str, str]:
    return f"/registrations/{registration.pk}", f"/mails/{registration.mail_id}"


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.ADMINISTRATOR])
def test_covered_for_everybody_at_first(role: Role, registration: Registration) -> None:
    assert is_covered(enter(role), registration)


def test_a_reviewer_shows_and_hides_it_and_both_are_known(registration: Registration) -> None:
    client, (case, mail) = enter(Role.REVIEWER), addresses(registration)
    assert "Megmutatás 10 percre" in client.get(case).content.decode()
    answer = client.post(f"/privacy{mail}/show", {"back": case})
    assert answer["Location"] == case
    assert not is_covered(client, registration)
    event = Event.objects.get(verb="personal_shown")
    assert (event.mail_id, event.details) == (registration.mail_id, {})
    client.post(f"/privacy{mail}/hide")
    assert is_covered(client, registration)


def test_only_that_case_only_this_session_only_for_a_while(
    registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_registration(raw=make_raw(TEXT))
    client = enter(Role.REVIEWER)
    client.post(f"/privacy/mails/{registration.mail_id}/show")
    assert is_covered(client, other)
    second = Client()
    second.force_login(make_user("masik", role=Role.LEAD))
    assert is_covered(second, registration)
    later = reveal._now() + reveal.SHOWN_FOR.total_seconds() + 1
    monkeypatch.setattr(reveal, "_now", lambda: later)
    assert is_covered(client, registration)


def test_a_reader_is_offered_nothing_and_refused(registration: Registration) -> None:
    client, (case, mail) = enter(Role.READER), addresses(registration)
    assert "Megmutatás" not in client.get(case).content.decode()
    assert client.post(f"/privacy{mail}/show").status_code == 403
    assert is_covered(client, registration)


def test_the_way_back_leads_nowhere_else(registration: Registration) -> None:
    client = enter(Role.REVIEWER)
    for back in ("https://gonosz.example/", "//gonosz.example/", "javascript:alert(1)", ""):
        answer = client.post(f"/privacy/mails/{registration.mail_id}/show", {"back": back})
        assert answer["Location"] == f"/mails/{registration.mail_id}"


def test_subjects_are_covered_wherever_they_stand() -> None:
    raw = make_raw("Mikor lesz képzés?", subject="TAJ szám: 123 456 788, kérdés")
    mail = make_mail(raw, kind="other", outcomes=("review",))
    make_reply(mail, subject="Re: TAJ szám: 123 456 788, kérdés", state="draft")
    client = enter(Role.REVIEWER)
    for address in ("/?tab=review", "/?tab=drafts", f"/mails/{mail.pk}", f"/mails/{mail.pk}/link"):
        page = client.get(address).content.decode()
        assert "TAJ szám: •••" in page, address
        assert "123 456 788" not in page, address
