"""Exported, then registered: by the portal's list of accounts or by a person's word, and nobody hears of it twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.timezone import now

from config.catalogue import load_catalogue
from registry.imports.take_in import import_file
from registry.models import Account, Registration
from registry.services.change import Target
from registry.services.mark_exported import mark_exported
from registry.services.register import confirm_registered
from tests.review.factory import Applicant, make_registration, make_registrations
from worker.models import Event, Reply
from worker.services.notify import Scribe

pytestmark = pytest.mark.django_db
ANNA, BEA = Applicant(), Applicant("Szabó Bea", email="szabo.bea@tiszacsege.hu")


def scribe() -> Scribe:
    return Scribe(replace(settings.ASPOKTATAS, replies="on"))


def target(row: Registration) -> Target:
    row.refresh_from_db()
    return Target(row.pk, row.version)


def import_accounts(*addresses: str) -> None:
    import_file("accounts", "\n".join(["email;username", *addresses]).encode(), load_catalogue())


def statuses() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


def test_the_portals_list_shows_who_is_registered(actor: User) -> None:
    rows = make_registrations([replace(ANNA, email="Kovacs.Anna@tiszacsege.hu"), BEA], status="approved")
    mark_exported([target(row) for row in rows], actor, scribe())
    assert statuses() == ["exported", "exported"]
    import_accounts("kovacs.anna@tiszacsege.hu;kovacs.anna", "masvalaki@tiszacsege.hu;x")
    assert statuses() == ["registered", "exported"]
    event = Event.objects.get(verb="registered")
    assert (event.actor, event.registration, event.details["from"], event.details["by"]) == (
        None, rows[0], "exported", "accounts",
    )  # fmt: skip
    assert Reply.objects.count() == 1


def test_an_account_that_was_there_before_proves_nothing(actor: User) -> None:
    import_accounts("kovacs.anna@tiszacsege.hu;kovacs.anna")
    row = make_registration(ANNA, status="approved")
    mark_exported([target(row)], actor, scribe())
    import_accounts("kovacs.anna@tiszacsege.hu;kovacs.anna")
    assert statuses() == ["exported"]


def test_approved_requests_are_not_registered_by_a_list(actor: User) -> None:
    make_registration(ANNA, status="approved")
    import_accounts("kovacs.anna@tiszacsege.hu;kovacs.anna")
    assert statuses() == ["approved"]


def test_a_person_confirms_what_was_exported_and_nothing_else(actor: User) -> None:
    exported, approved, changed = (make_registration(status=one) for one in ("exported", "approved", "exported"))
    seen = [Target(changed.pk, 9), target(exported), target(approved)]
    result = confirm_registered(seen, actor)
    assert (result.done, result.refused) == ((exported.pk,), (changed.pk, approved.pk))
    assert statuses() == ["registered", "approved", "exported"]
    assert not Reply.objects.exists()
    event = Event.objects.get(verb="registered")
    assert (event.actor, event.details["stood"]["status"]) == (actor, "exported")


def test_an_account_that_the_upload_made_is_no_old_one(actor: User) -> None:
    """The list was imported after the upload, before the requests were marked as taken over."""
    made_at = now() - timedelta(seconds=1)  # the database's clock counts in milliseconds
    import_accounts("kovacs.anna@tiszacsege.hu;kovacs.anna")
    Account.objects.create(email=BEA.email, added_at=made_at - timedelta(days=1))
    rows = make_registrations([ANNA, BEA], status="approved")
    mark_exported([target(row) for row in rows], actor, scribe(), made_at=made_at)
    assert sorted(Reply.objects.values_list("kind", flat=True)) == ["account_exists", "registered"]
    had = dict(Event.objects.filter(verb="exported").values_list("registration", "details__had_account"))
    assert had == {rows[0].pk: False, rows[1].pk: True}
