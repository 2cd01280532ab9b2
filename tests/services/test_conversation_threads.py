"""Many workers at once over one database, and rows written before there were conversations."""

from __future__ import annotations

import threading
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from registry.models import Registration
from tests.services.correspondence import Correspondence, letter_to, only_request, request, write
from worker.models import Conversation, Event, Mail, Reply
from worker.services import decide


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_merge_each_answer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "GROUP", 2)
    worker = Correspondence()
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    letter = letter_to(first)
    pieces = ["PIR: 740746", "Szakrendszer: ADÓ", "Köszönöm a segítségét!", "PIR: 740746", "Szakrendszer: ADÓ"]
    worker.store(*(write(text, cc="", answers=letter.message_id) for text in pieces))
    worker.store(*(write(request(Név="Szabó Ilona", E_mail="szabo.ilona@tiszacsege.hu")) for _ in range(6)))
    failures: list[BaseException] = []

    def work() -> None:
        try:
            Correspondence().decide()
        except BaseException as error:  # told to the test below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    Mail.objects.filter(state="stored").update(next_attempt_at=first.received_at)
    worker.decide()
    assert set(Mail.objects.values_list("state", "failure")) == {("decided", "")}
    rows = Registration.objects.order_by("full_name").values_list("full_name", "status", "pir", "modules")
    assert list(rows) == [
        ("Kovács Anna", "ready", "740746", "PM-2777-2105-BS"),
        ("Szabó Ilona", "ready", "740746", "PM-2777-2105-BS"),
    ]
    assert Event.objects.filter(verb="completed").count() == 2
    assert Reply.objects.count() <= 2
    assert Conversation.objects.count() == 2


@pytest.mark.django_db
def test_mails_of_an_earlier_release_begin_conversations() -> None:
    worker = Correspondence()
    raw = write(request(PIR=None))
    first, twin = worker.receive(raw, raw)
    absent = worker.receive_one(write("Szabadságon vagyok.", Auto_Submitted="auto-replied"))
    Mail.objects.update(conversation=None, linked_by="")
    Conversation.objects.all().delete()
    import_module("worker.migrations.0004_conversations_of_known_mails").open_conversations(apps, None)
    mails = {mail.pk: mail for mail in Mail.objects.all()}
    assert mails[first.pk].conversation_id is not None
    assert mails[twin.pk].conversation_id == mails[first.pk].conversation_id
    assert mails[absent.pk].conversation_id is None
    worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    assert only_request().status == "ready"
