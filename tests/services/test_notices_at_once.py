"""Clicks and looks that come at the same moment, from several processes: one letter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from registry.models import Registration
from registry.services.change import Target
from registry.services.mark_exported import mark_exported
from tests.review.factory import Applicant, make_registration, make_registrations, make_reply, make_user
from worker.models import Conversation, Folder, Mail, Reply
from worker.services.notify import Scribe
from worker.services.wait import look_after
from worker.services.workdays import BUDAPEST

ASKED = datetime(2026, 11, 2, 10, tzinfo=BUDAPEST)
THREADS = 4


def at_once(action: Callable[[], object]) -> None:
    """Run `action` in several threads, each with a connection of its own; what one raises fails the test."""
    together = threading.Barrier(THREADS)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            together.wait(10)
            action()
        except BaseException as error:  # told below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def scribe() -> Scribe:
    made = Scribe(replace(settings.ASPOKTATAS, replies="on"))
    assert made.thinking.catalogue  # loaded before the threads race
    return made


@pytest.mark.django_db(transaction=True)
def test_a_click_from_several_windows() -> None:
    rows = make_registrations([Applicant(), Applicant("Szabó Bea", email="szabo.bea@tiszacsege.hu")], status="approved")
    targets, actor, writer = [Target(row.pk, row.version) for row in rows], make_user(), scribe()
    at_once(lambda: mark_exported(targets, actor, writer))
    assert Reply.objects.filter(kind="registered").count() == 1
    assert set(Registration.objects.values_list("status", flat=True)) == {"exported"}


@pytest.mark.django_db(transaction=True)
def test_several_processes_that_look_at_once() -> None:
    row = make_registration(status="incomplete")
    Registration.objects.update(problems=["pir_missing"], pir="")
    make_reply(row.mail, state="sent", sent_at=ASKED, data_started_at=ASKED)
    Mail.objects.update(conversation=Conversation.objects.create(), linked_by="opened", stored_at=ASKED)
    Folder.objects.create(mailbox="m", name="INBOX", uidvalidity=1, polled_at=Now())
    writer = scribe()
    at_once(lambda: look_after(writer, now=ASKED + timedelta(days=8), at_once=True))
    assert Reply.objects.filter(kind="reminder").count() == 1
    Reply.objects.update(state="sent", sent_at=ASKED, data_started_at=ASKED)
    Conversation.objects.update(reminded_at=ASKED)
    at_once(lambda: look_after(writer, now=ASKED + timedelta(days=60), at_once=True))
    assert Reply.objects.filter(kind="closed").count() == 1
    assert Registration.objects.get().status == "expired"
