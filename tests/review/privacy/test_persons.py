"""One person's data: all of it found, handed out, erased; the others' stays."""

from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.privacy import Retention
from registry.models import AcceptedAddress, Account, CaseNote, Clerk, Handling, Registration
from review.models import SavedView
from rules.model import Status
from staff.roles import Role
from tests.review.factory import (
    NOW,
    Applicant,
    make_mail,
    make_raw,
    make_registration,
    make_registrations,
    make_reply,
    make_user,
)
from worker.models import Conversation, Event, LinkedBy, Mail, Reply, ReplyState
from worker.services.find_person import Question, find_person
from worker.services.retain import count_due

pytestmark = pytest.mark.django_db
ANNA = {"address": "kovacs.anna@tiszacsege.hu"}


@pytest.fixture
def user() -> User:
    return make_user(role=Role.ADMINISTRATOR)


@pytest.fixture
def client(client: Client, user: User) -> Client:
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": "jelszo-12345"})
    return client


def close(registration: Registration, status: str = "registered") -> Registration:
    """Its mail is filed in a case of its own, the request is closed."""
    case = Conversation.objects.create()
    Mail.objects.filter(pk=registration.mail_id).update(
        state="filed", filed_at=NOW, filed_as="moved", conversation=case, linked_by=LinkedBy.OPENED
    )
    Registration.objects.filter(pk=registration.pk).update(status=status)
    registration.refresh_from_db()
    return registration


def boxes(registration: Registration, **more: str) -> dict[str, object]:
    return {**ANNA, "registration": [registration.pk], "mail": [registration.mail_id], **more}


class TestFinding:
    def test_by_address_everything_is_found(self, user: User) -> None:
        registration = close(make_registration())
        make_reply(registration.mail)
        CaseNote.objects.create(registration=registration, author=user, text="telefonált")
        Account.objects.create(email=ANNA["address"], username="kovacs.anna", full_name="Kovács Anna")
        Clerk.objects.create(municipality="Tiszacsege", address=ANNA["address"], name="Kovács Anna")
        AcceptedAddress.objects.create(address=ANNA["address"], accepted_by=user)
        make_registration(Applicant(full_name="Nagy Béla", email="nagy.bela@minta.hu"))
        held = find_person(Question(address="Kovacs.Anna@Tiszacsege.hu"))
        assert [row.pk for row in held.registrations] == [registration.pk]
        assert {one.why for one in held.mails} == {"sender"}
        assert (len(held.letters), len(held.notes), len(held.accounts)) == (1, 1, 1)
        assert (len(held.clerks), len(held.addresses)) == (1, 1)
        assert held.events

    def test_a_jegyzo_is_found_in_others_requests_and_those_are_nobody_elses_to_erase(self, client: Client) -> None:
        registration = close(make_registration())
        clerk = {"address": "jegyzo@tiszacsege.hu"}
        held = find_person(Question(address=clerk["address"]))
        assert ([row.pk for row in held.as_clerk], held.registrations) == ([registration.pk], [])
        client.post("/privacy/person/erase", {**clerk, "directories": "1", "why": "request", "word": "TÖRLÉS"})
        registration.refresh_from_db()
        assert (registration.jegyzo_address, registration.full_name) == ("", "Kovács Anna")
        assert registration.mail.raw

    @pytest.mark.parametrize("name", ["Kovács Anna", "kovacs anna", "dr. Kovács Anna", "Anna Kovács"])
    def test_by_name_and_place_whatever_the_accents(self, name: str) -> None:
        registration = make_registration()
        make_registration(Applicant(municipality="Mátészalka", email="mas@minta.hu"))
        held = find_person(Question(name=name, municipality="tiszacsege"))
        assert [row.pk for row in held.registrations] == [registration.pk]

    def test_nobody_is_found_by_half_a_name(self) -> None:
        make_registration()
        assert find_person(Question(name="Kovács")).is_empty
        assert find_person(Question()).is_empty


class TestPages:
    def test_nothing_of_the_person_is_in_any_address(self, client: Client) -> None:
        make_registration()
        assert client.get("/privacy/person").status_code == 405
        page = client.post("/privacy/person", ANNA)
        assert "Kovács Anna" in page.content.decode()
        assert "kovacs.anna%40" not in page.content.decode()

    def test_a_search_for_nobody_is_refused_in_words(self, client: Client) -> None:
        page = client.post("/privacy/person", {"municipality": "Tiszacsege"})
        assert page.status_code == 400
        assert "Adjon meg egy e-mail-címet" in page.content.decode()

    @pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.LEAD])
    def test_only_administrators_may(self, role: Role) -> None:
        client = Client()
        client.force_login(make_user("masik", role=role))
        for address in ("/privacy/", "/privacy/retention"):
            assert client.get(address).status_code == 403
        for address in ("person", "person/export", "person/erase", "person/hold", "retention/purge", "holds/1/release"):
            assert client.post(f"/privacy/{address}", ANNA).status_code == 403

    @pytest.mark.parametrize("address", ["person", "person/export", "person/erase", "retention/purge"])
    def test_the_password_is_asked_for_before_data_are_shown_leave_or_go(self, user: User, address: str) -> None:
        client = Client()
        client.force_login(user)
        asked = client.post(f"/privacy/{address}", ANNA)
        assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))

    def test_the_archive_holds_json_words_and_the_mails(self, client: Client) -> None:
        registration = close(make_registration())
        letter = make_reply(registration.mail)
        answer = client.post("/privacy/person/export", boxes(registration))
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        assert set(archive.namelist()) == {
            "osszefoglalo.txt",
            "adatok.json",
            f"levelek/level-{registration.mail_id}.eml",
            f"valaszok/valasz-{letter.pk}.eml",
        }
        data = json.loads(archive.read("adatok.json"))
        assert data["registrations"][0]["full_name"] == "Kovács Anna"
        words = archive.read("osszefoglalo.txt").decode("utf-8-sig")
        assert "Név: Kovács Anna" in words
        assert "Minta Márta" not in words  # the colleague's name is not the person's data
        assert archive.read(f"levelek/level-{registration.mail_id}.eml") == registration.mail.raw
        assert Event.objects.get(verb="person_exported").details == {"mails": 1, "requests": 1, "letters": 1}

    def test_what_is_not_ticked_is_not_handed_out(self, client: Client) -> None:
        first, second = close(make_registration()), close(make_registration())
        answer = client.post("/privacy/person/export", boxes(first))
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert f"levelek/level-{second.mail_id}.eml" not in names


class TestErasing:
    def test_asked_twice_and_then_gone(self, client: Client) -> None:
        registration = close(make_registration())
        make_reply(registration.mail, state=ReplyState.SENT, sent_at=NOW, data_started_at=NOW)
        Account.objects.create(email=ANNA["address"], username="kovacs.anna", full_name="Kovács Anna")
        plan = client.post("/privacy/person/erase", boxes(registration, directories="1"))
        assert plan.status_code == 200
        wrong = client.post("/privacy/person/erase", boxes(registration, why="request", word="igen"))
        assert wrong.status_code == 400
        assert Registration.objects.get().full_name == "Kovács Anna"
        done = client.post("/privacy/person/erase", boxes(registration, directories="1", why="request", word="törlés"))
        assert done.status_code == 302
        row, mail = Registration.objects.get(), Mail.objects.get()
        assert (row.full_name, row.email, row.status, row.county) == ("–", "–", "registered", "Hajdú-Bihar")
        assert (mail.raw, mail.sender) == (b"", "")
        assert not Account.objects.exists()
        assert find_person(Question(address=ANNA["address"])).is_empty
        assert find_person(Question(name="Kovács Anna")).is_empty
        event = Event.objects.get(verb="person_erased")
        assert event.details["why"] == "request"
        assert "kovacs" not in str(event.details).lower()

    def test_open_work_is_named_and_withdrawn_only_if_told_to(self, client: Client) -> None:
        registration = close(make_registration(), "ready")
        letter = make_reply(registration.mail)
        page = client.post("/privacy/person/erase", boxes(registration))
        assert "Nyitott kérelem is van közöttük" in page.content.decode()
        refused = client.post("/privacy/person/erase", boxes(registration, why="request", word="TÖRLÉS"))
        assert refused.status_code == 409
        assert Registration.objects.get().status == "ready"
        client.post("/privacy/person/erase", boxes(registration, why="request", word="TÖRLÉS", withdraw="1"))
        assert Registration.objects.get().status == "withdrawn"
        letter.refresh_from_db()
        assert (letter.state, letter.text) == ("discarded", "")

    def test_of_two_people_in_one_mail_the_other_keeps_what_is_theirs(self, client: Client) -> None:
        other = Applicant(full_name="Nagy Béla", email="nagy.bela@tiszacsege.hu")
        anna, bela = make_registrations([Applicant(), other])
        close(anna)
        blocked = client.post("/privacy/person/erase", boxes(anna, why="request", word="TÖRLÉS"))
        assert blocked.status_code == 409
        assert f"{bela.pk}. kérelem" in blocked.content.decode()
        Registration.objects.filter(pk=bela.pk).update(status="registered")
        Event.objects.create(
            verb="corrected",
            registration=bela,
            mail=bela.mail,
            details={"changed": {"full_name": ["Nagy B", "Nagy Béla"]}},
        )
        client.post("/privacy/person/erase", boxes(anna, why="request", word="TÖRLÉS"))
        bela.refresh_from_db()
        assert (bela.full_name, bela.email, bela.evidence) == ("Nagy Béla", "nagy.bela@tiszacsege.hu", {})
        assert Event.objects.get(verb="corrected").details["changed"] == {"full_name": ["Nagy B", "Nagy Béla"]}
        assert Mail.objects.get().raw == b""
        assert Registration.objects.get(pk=anna.pk).full_name == "–"

    def test_a_hold_stands_in_the_way_until_it_is_released(self, client: Client) -> None:
        registration = close(make_registration())
        client.post("/privacy/person/hold", boxes(registration, reason="per folyik"))
        case = Conversation.objects.get()
        assert case.legal_hold == "per folyik"
        refused = client.post("/privacy/person/erase", boxes(registration, why="request", word="TÖRLÉS"))
        assert refused.status_code == 409
        assert "Az ügy zárolt: per folyik" in refused.content.decode()
        client.post(f"/privacy/holds/{case.pk}/release")
        done = client.post("/privacy/person/erase", boxes(registration, why="request", word="TÖRLÉS"))
        assert done.status_code == 302
        assert set(Event.objects.filter(actor__isnull=False).values_list("verb", flat=True)) >= {
            "held",
            "released_from_hold",
            "person_erased",
        }

    def test_a_mail_of_no_case_is_held_too(self, client: Client) -> None:
        mail = make_mail(
            make_raw("kérdés"), kind="other", outcomes=("review",), state="filed", filed_at=NOW, filed_as="moved"
        )
        Mail.objects.update(stored_at="2020-01-01T00:00Z", attended=True)
        Handling.objects.create(mail=mail, actor=make_user("m"), outcome="done")
        assert count_due(Retention()).total == 1
        client.post("/privacy/person/hold", {**ANNA, "mail": [mail.pk], "reason": "per folyik"})
        assert Conversation.objects.get().legal_hold == "per folyik"
        assert count_due(Retention()).total == 0
        client.post(f"/privacy/holds/{Conversation.objects.get().pk}/release")
        assert count_due(Retention()).total == 1

    def test_no_saved_view_searches_for_the_person(self, client: Client, user: User) -> None:
        registration = close(make_registration())
        for name, words in (("a", "Kovacs.Anna@tiszacsege.hu"), ("b", "tiszacsege")):
            SavedView.objects.create(owner=user, name=name, query=urlencode({"tab": "ready", "q": words}))
        client.post("/privacy/person/erase", boxes(registration, why="request", word="TÖRLÉS"))
        assert [row.name for row in SavedView.objects.all()] == ["b"]

    def test_a_mail_under_way_is_not_erased(self, client: Client) -> None:
        mail = make_mail(make_raw("kérdés"), kind="other", outcomes=("review",))
        answer = client.post("/privacy/person/erase", {**ANNA, "mail": [mail.pk], "why": "request", "word": "TÖRLÉS"})
        assert answer.status_code == 409
        assert Mail.objects.get().raw

    def test_the_address_is_taken_off_letters_about_others(self, client: Client) -> None:
        anna = close(make_registration())
        bela = close(make_registration(Applicant(full_name="Nagy Béla", email="b@minta.hu")))
        Mail.objects.filter(pk=bela.mail_id).update(sender="b@minta.hu")
        sent = {"state": ReplyState.SENT, "sent_at": NOW, "data_started_at": NOW}
        letter = make_reply(
            bela.mail, text="Béla levele", recipients=["b@minta.hu", "Kovacs.Anna@tiszacsege.hu"], **sent
        )
        client.post("/privacy/person/erase", boxes(anna, why="request", word="TÖRLÉS"))
        letter.refresh_from_db()
        assert (letter.recipients, letter.text, bytes(letter.data)) == (["b@minta.hu"], "Béla levele\n", b"")
        assert client.get(f"/replies/{letter.pk}").status_code == 200
        bela.refresh_from_db()
        assert bela.full_name == "Nagy Béla"

    def test_numbers_of_strangers_in_the_form_find_nothing(self, client: Client) -> None:
        stranger = close(make_registration(Applicant(full_name="Nagy Béla", email="b@minta.hu", status=Status.READY)))
        Mail.objects.update(sender="b@minta.hu")
        client.post("/privacy/person/erase", boxes(stranger, why="request", word="TÖRLÉS"))
        assert Registration.objects.get().full_name == "Nagy Béla"
        assert not Reply.objects.exists()


def test_the_page_shows_what_is_due_and_purges_only_with_the_box_ticked(client: Client) -> None:
    registration = close(make_registration())
    letter = make_reply(registration.mail, state=ReplyState.SENT, sent_at=NOW, data_started_at=NOW)
    Reply.objects.update(created_at="2020-01-01T00:00Z")
    Mail.objects.update(stored_at="2020-01-01T00:00Z", received_at="2020-01-01T00:00Z")
    Registration.objects.update(updated_at="2020-01-01T00:00Z")
    page = client.get("/privacy/retention").content.decode()
    assert "lezárt ügy levele" in page
    client.post("/privacy/retention/purge")
    assert Mail.objects.get().raw
    client.post("/privacy/retention/purge", {"sure": "1"})
    assert Mail.objects.get().raw == b""
    assert "Kiürítve: 1 levél és 1 kérelem." in client.get("/privacy/retention").content.decode()
    assert client.get(f"/registrations/{registration.pk}").status_code == 200  # an emptied case can still be opened
    assert client.get(f"/mails/{registration.mail_id}").status_code == 200
    assert client.get(f"/replies/{letter.pk}").status_code == 200
    assert client.get("/privacy/").status_code == 200
