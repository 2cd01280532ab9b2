"""What conversations became, on the page: merges and their undoing, links, strangers, contradictions, waiting."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from registry.models import Registration
from tests.services.correspondence import STRANGER, Correspondence, letter_to, only_request, request, write
from worker.models import Control, Conversation, Event, LinkedBy, Mail, Reply

pytestmark = pytest.mark.django_db
WITHOUT_PIR = request(PIR=None)


@pytest.fixture
def worker() -> Correspondence:
    return Correspondence()


def shown(page: Client, address: str, status: int = 200) -> str:
    response = page.get(address)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def case(row: Registration) -> str:
    return f"/registrations/{row.pk}"


def complete(worker: Correspondence, text: str = "Íme: 740746") -> tuple[Mail, Mail]:
    """A request without PIR and the answer that gives it."""
    first = worker.receive_one(write(WITHOUT_PIR))
    return first, worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))


def test_the_whole_conversation_stands_on_the_page(page: Client, worker: Correspondence) -> None:
    first, answer = complete(worker)
    text = shown(page, case(only_request()))
    assert f"ügyszám: {first.conversation_id}" in text
    places = [text.index(words) for words in ("1. levél</span>", "levelünk</span>", "2. levél</span>")]
    assert places == sorted(places)
    assert "a levelünkre válaszol" in text
    assert "pótolta vagy módosította: PIR szám" in text
    assert f'href="/mails/{answer.pk}"' in text
    assert f'href="/replies/{letter_to(first).pk}"' in text


def test_a_value_tells_the_mail_it_came_from_and_is_marked_there(page: Client, worker: Correspondence) -> None:
    _, answer = complete(worker)
    text = shown(page, case(only_request()))
    assert f'<a href="#original-{answer.pk}">2. levél</a>' in text
    assert text.count('class="f-pir read"') == 1
    assert 'class="f-full_name read"' in text
    panel = text[text.index(f'id="original-{answer.pk}"') :]
    assert 'class="f-pir read"' in panel
    assert 'class="f-pir read"' in shown(page, f"/mails/{answer.pk}")


def test_a_merge_is_shown_as_before_and_after_and_undone(page: Client, worker: Correspondence) -> None:
    complete(worker)
    row = only_request()
    text = shown(page, case(row))
    assert "<del>–</del> → <ins>740746</ins>" in text
    assert "megszűnt hiányosság: nincs PIR" in text
    event = Event.objects.get(verb="completed")
    entered = {"version": row.version, "event": event.pk}
    done = page.post(f"{case(row)}/undo", entered, follow=True).content.decode()
    assert "a válasz alapján történt módosítás visszavonva" in done
    assert (only_request().pir, only_request().status) == ("", "incomplete")
    text = shown(page, case(row))
    assert "visszavonva</span>" in text
    assert f"{case(row)}/undo" not in text
    assert page.post(f"{case(row)}/undo", entered).status_code == 409
    assert page.post(f"{case(row)}/undo", {"version": row.version, "event": "x"}).status_code == 302


def test_undoing_after_somebody_else_was_faster_is_refused(page: Client, worker: Correspondence) -> None:
    complete(worker)
    row = only_request()
    event = Event.objects.get(verb="completed")
    page.post(f"{case(row)}/decide/sent_to_review", {"version": row.version})
    response = page.post(f"{case(row)}/undo", {"version": row.version, "event": event.pk})
    assert response.status_code == 409
    assert "közben más módosította" in response.content.decode()
    assert only_request().pir == "740746"


def test_only_the_last_merge_offers_undoing(page: Client, worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    for text in ("PIR: 740746", "Szakrendszer: ADÓ"):
        worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    text = shown(page, case(only_request()))
    assert text.count(">Módosítás visszavonása<") == 1
    assert "megszűnt hiányosság: nincs tananyag" in text


def test_a_mail_is_taken_out_of_the_case_and_put_back(page: Client, worker: Correspondence) -> None:
    first, answer = complete(worker)
    assert ">Leválasztás önálló ügyként<" in shown(page, case(only_request()))
    page.post(f"/mails/{answer.pk}/unlink", {"seen": answer.conversation_id, "back": case(only_request())})
    worker.decide()
    answer.refresh_from_db()
    assert answer.conversation_id not in {None, first.conversation_id}
    again = page.post(f"/mails/{answer.pk}/unlink", {"seen": first.conversation_id})
    assert again.status_code == 409
    assert "közben más áthelyezte" in again.content.decode()
    entered = {"seen": answer.conversation_id, "conversation": first.conversation_id}
    done = page.post(f"/mails/{answer.pk}/link", entered, follow=True).content.decode()
    assert f"A levél átkerült a következő ügyhöz: {first.conversation_id}." in done
    worker.decide()
    answer.refresh_from_db()
    assert (answer.conversation_id, answer.linked_by) == (first.conversation_id, LinkedBy.STAFF)
    row = Registration.objects.get(mail=first)
    assert (row.pir, row.status) == ("740746", "ready")


def test_linking_to_no_case_or_over_a_decision_is_refused(page: Client, worker: Correspondence) -> None:
    _first, answer = complete(worker)
    seen = {"seen": answer.conversation_id}
    missing = page.post(f"/mails/{answer.pk}/link", seen | {"conversation": "999999"})
    assert missing.status_code == 409
    assert "Ilyen számú ügy nincs" in missing.content.decode()
    row = only_request()
    page.post(f"{case(row)}/decide/approved", {"version": row.version})
    refused = page.post(f"/mails/{answer.pk}/unlink", seen)
    assert refused.status_code == 409
    assert "már döntés született (jóváhagyva)" in refused.content.decode()
    assert only_request().status == "approved"


def test_a_stranger_is_told_at_the_case_and_offered_a_link(page: Client, worker: Correspondence) -> None:
    first = worker.receive_one(write(WITHOUT_PIR))
    raw = write("PIR: 740746", sender=STRANGER, cc="", answers=letter_to(first).message_id)
    strange = worker.receive_one(raw)
    row = only_request()
    warning = "Idegen címről érkezett levél erről az ügyről"
    assert warning in shown(page, case(row))
    text = shown(page, f"/mails/{strange.pk}")
    assert "olyan címről érkezett, amely nem tartozik az ügyhöz" in text
    assert "az ügyhöz nem tartozó címről érkezett" in shown(page, "/?tab=review")
    offered = shown(page, f"/mails/{strange.pk}/link")
    assert "Ezek közül való lehet" in offered
    assert f'name="conversation" value="{first.conversation_id}"' in offered
    page.post(f"/mails/{strange.pk}/link", {"conversation": first.conversation_id, "seen": strange.conversation_id})
    worker.decide()
    assert only_request().status == "ready"
    assert warning not in shown(page, case(row))


def test_a_finished_strangers_mail_warns_no_more(page: Client, worker: Correspondence) -> None:
    first = worker.receive_one(write(WITHOUT_PIR))
    strange = worker.receive_one(write("?", sender=STRANGER, cc="", answers=letter_to(first).message_id))
    page.post(f"/mails/{strange.pk}/finish", {"outcome": "done"})
    assert "Idegen címről" not in shown(page, case(only_request()))
    assert "Miért vár munkatársra?" not in shown(page, f"/mails/{strange.pk}")


@pytest.mark.parametrize("words", ["kovács", "tiszacsege 740746", "{number}", "#{number}", "regisztráció anna"])
def test_the_case_to_link_to_is_found(page: Client, worker: Correspondence, words: str) -> None:
    first = worker.receive_one(write(request()))
    other = worker.receive_one(write("Mikor lesz oktatás?", sender=STRANGER, cc="", subject="Kérdés"))
    found = page.get(f"/mails/{other.pk}/link", {"q": words.format(number=first.conversation_id)}).content.decode()
    assert f'name="conversation" value="{first.conversation_id}"' in found
    assert f'name="conversation" value="{other.conversation_id}"' not in found
    assert "Nincs ilyen ügy" in page.get(f"/mails/{other.pk}/link", {"q": "xyzzy"}).content.decode()


def contradicted(worker: Correspondence) -> Registration:
    first = worker.receive_one(write(request(Szakrendszer=None)))
    worker.receive_one(write("Szakrendszer: ADÓ\nPIR: 740009", cc="", answers=letter_to(first).message_id))
    row = only_request()
    assert "answer_contradicts" in row.notes
    return row


@pytest.mark.parametrize("pir", ["740746", "740009"])
def test_of_two_values_a_person_chooses(page: Client, worker: Correspondence, pir: str) -> None:
    row = contradicted(worker)
    text = shown(page, case(row))
    assert "Melyik adat a helyes?" in text
    for value in ("740746", "740009"):
        assert f'name="pir" value="{value}"' in text
    done = page.post(f"{case(row)}/choose", {"version": row.version, "pir": pir}, follow=True).content.decode()
    assert "a választott adatok mentve" in done
    row = only_request()
    assert (row.pir, row.notes, row.status) == (pir, [], "ready")
    assert "Melyik adat a helyes?" not in shown(page, case(row))
    assert page.post(f"{case(row)}/choose", {"version": row.version, "pir": pir}).status_code == 409


def test_a_chosen_value_is_checked_and_the_version_guards(page: Client, worker: Correspondence) -> None:
    row = contradicted(worker)
    assert page.post(f"{case(row)}/choose", {"version": row.version, "pir": "123"}).status_code == 400
    assert page.post(f"{case(row)}/choose", {"version": row.version - 1, "pir": "740009"}).status_code == 409
    assert only_request().pir == "740746"


def test_the_same_request_once_more_is_linked(page: Client, worker: Correspondence) -> None:
    worker.receive_one(write(request()))
    first = only_request()
    other = "Kovács Anna <anna.kovacs@freemail.hu>"
    second = worker.receive_one(write(request(Szakrendszer="Irat"), sender=other))
    row = Registration.objects.get(mail=second)
    text = shown(page, case(row))
    assert "Ennek a személynek már van kérelme" in text
    assert "van másik kérelme" in shown(page, "/?tab=review")
    assert f'href="{case(first)}"' in text


def test_a_request_taken_back_is_taken_up_again(page: Client, worker: Correspondence) -> None:
    worker.receive_one(write(request()))
    worker.receive_one(write("Mégsem kérem a regisztrációt.", cc="", subject="Visszavonás"))
    row = Registration.objects.get()
    assert row.status == "withdrawn"
    text = shown(page, case(row))
    assert "A kérelmező visszavonta a kérelmet" in text
    assert "A döntés visszavonása" not in text
    event = Event.objects.get(verb="withdrawn")
    assert ">Mégis elővesszük<" in text
    page.post(f"{case(row)}/undo", {"version": row.version, "event": event.pk})
    assert Registration.objects.get().status == "ready"


def expire(row: Registration) -> Registration:
    """As the clock does."""
    Registration.objects.filter(pk=row.pk).update(status="expired", version=row.version + 1)
    details = {"version": row.version + 1, "from": "incomplete", "to": "expired", "changed": {}}
    Event.objects.create(verb="expired", mail_id=row.mail_id, registration=row, details=details)
    Conversation.objects.update(closed_at=now(), reminded_at=now())
    row.refresh_from_db()
    return row


def test_an_expired_request_is_taken_up_again(page: Client, worker: Correspondence) -> None:
    worker.receive_one(write(WITHOUT_PIR))
    row = expire(only_request())
    text = shown(page, case(row))
    assert "Lezárta a kérelmet, mert nem érkezett válasz" in text
    assert "válasz hiányában lezárva" in text
    page.post(f"{case(row)}/decide/reopened", {"version": row.version})
    assert only_request().status == "review"
    assert Conversation.objects.get().closed_at is None
    assert page.post(f"{case(row)}/decide/reopened", {"version": only_request().version}).status_code == 409


def test_the_page_tells_what_was_asked_and_what_comes_next(
    page: Client, worker: Correspondence, settings: Settings
) -> None:
    worker.receive_one(write(WITHOUT_PIR))
    Mail.objects.update(stored_at="2026-11-23T08:59Z")
    Reply.objects.update(sent_at="2026-11-23T09:00Z")
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on", remind_after=5, close_after=20)
    text = shown(page, case(only_request()))
    assert "<li>a PIR szám</li>" in text
    assert "<dd>1 / 2</dd>" in text
    assert "2026. 11. 30., ha addig nem jön válasz" in text
    assert "2026. 12. 21., ha addig nem jön válasz" in text
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="draft")
    text = shown(page, case(only_request()))
    assert "ha addig nem jön válasz" not in text
    assert "Piszkozat üzemmódban a rendszer nem emlékeztet" in text


def test_nothing_is_announced_that_will_not_happen(page: Client, worker: Correspondence, settings: Settings) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on", remind_after=5, close_after=20)
    first = worker.receive_one(write(WITHOUT_PIR))
    assert "ha addig nem jön válasz" in shown(page, case(only_request()))
    Control.objects.create(name="replies_stopped", value={"reason": "staff"})
    assert "A küldés szünetel: amíg újra nem indul" in shown(page, case(only_request()))
    Control.objects.all().delete()
    worker.receive_one(write("Köszönöm, keresem.", cc="", answers=letter_to(first).message_id))
    assert only_request().status == "incomplete"
    text = shown(page, case(only_request()))
    assert "A kérésünk óta levél érkezett az ügyben" in text
    assert "ha addig nem jön válasz" not in text


@pytest.mark.parametrize("answers", [1, 4])
def test_the_number_of_queries_does_not_grow(
    page: Client, worker: Correspondence, django_assert_max_num_queries: DjangoAssertNumQueries, answers: int
) -> None:
    first = worker.receive_one(write(WITHOUT_PIR))
    for number in range(answers):
        worker.receive_one(
            write(f"PIR: {740009 if number % 2 else 740746}", cc="", answers=letter_to(first).message_id)
        )
    with django_assert_max_num_queries(30):
        shown(page, case(only_request()))
    with django_assert_max_num_queries(18):
        shown(page, f"/mails/{first.pk}")
