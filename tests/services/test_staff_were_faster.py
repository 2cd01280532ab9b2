"""A person decides while the worker writes a group: his word stands, nobody stops anybody, each mail is thought again.

What was changed before the writing began is seen by `Standing`; here it happens between that look and the UPDATE.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction

from registry.models import Registration
from registry.services.change import Target
from registry.services.change_many import lock_current
from registry.services.correct import Correction, correct
from tests.services.correspondence import Correspondence, letter_to, request, write
from worker.models import Event, Mail

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer at a time"),
]
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
WAITS_WITHIN_S = 30.0


def ask_and_answer(worker: Correspondence) -> list[Mail]:
    """Two people lack their PIR and give it, the second one first: the answers are stored, and not yet decided."""
    addresses = ("anna@tiszacsege.hu", "bela@tiszacsege.hu")
    names = ("Kovács Anna", "Szabó Béla")
    asked = [
        worker.receive_one(write(request(**{"Név": name, "PIR": None, "E-mail": address}), sender=address, cc=""))
        for name, address in zip(names, addresses, strict=True)
    ]
    answers = [
        write("PIR: 740746", sender=address, cc="", answers=letter_to(mail).message_id)
        for address, mail in zip(addresses, asked, strict=True)
    ]
    return worker.store(*reversed(answers))


def decide_meanwhile(worker: Correspondence, act: Callable[[], object], then: Callable[[], object]) -> None:
    """`act` in a transaction; `then` once the worker waits for what it holds, and the transaction ends."""

    def decide() -> None:
        worker.decide()
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            act()
            done = other.submit(decide)
            over = monotonic() + WAITS_WITHIN_S
            with connection.cursor() as cursor:
                waiting = 0
                while not waiting:
                    assert monotonic() < over, "the worker never waited"
                    cursor.execute("SELECT pg_stat_clear_snapshot()")
                    waiting = cursor.execute(WAITING).fetchone()[0]
            then()
        done.result()


def put_into(county: str, row: Registration, actor: User) -> Callable[[], object]:
    values = {name: getattr(row, name) for name in Correction.__dataclass_fields__ if name != "notes"}
    return lambda: correct(
        Target(row.pk, row.version), actor, Correction(**(values | {"county": county})), approve=False
    )


def test_what_a_person_writes_during_the_group_s_update_stands(
    worker: Correspondence, actor: User, caplog: pytest.LogCaptureFixture
) -> None:
    answers = ask_and_answer(worker)
    first, second = Registration.objects.order_by("pk")
    with caplog.at_level(logging.WARNING, "worker.services.decide"):
        decide_meanwhile(worker, put_into("Zala", first, actor), lambda: None)
    assert caplog.text.count("not written with others (ChangeRefusedError)") == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert [(row.pir, row.county, row.version) for row in (first, second)] == [
        ("740746", "Zala", 3),
        ("740746", second.county, 2),
    ]
    assert set(Mail.objects.values_list("state", "attempts", "failure", "lease_token")) == {("decided", 0, "", None)}
    assert Event.objects.filter(verb="completed").count() == len(answers)


def test_who_decides_several_requests_and_the_group_do_not_stop_each_other(worker: Correspondence, actor: User) -> None:
    """Both take the rows in one order: else each would hold what the other waits for, and one of them be thrown out."""
    ask_and_answer(worker)
    first, second = Registration.objects.order_by("pk")
    decide_meanwhile(
        worker,
        lambda: lock_current([Target(first.pk, first.version)], [first.status]),
        put_into("Vas", second, actor),
    )
    second.refresh_from_db()
    assert (second.pir, second.county) == ("740746", "Vas")
    assert set(Mail.objects.values_list("state", "attempts")) == {("decided", 0)}
