"""Who is told of a hand-over, and when: one letter a mail, of what is known by then."""

from __future__ import annotations

import pytest

from registry.moodle.letters import tell_finished
from registry.portal import PortalResult
from tests.registry.moodle.runs import ANNA, BEA, Begin, Go, result, status
from tests.review.factory import Applicant, make_registration, make_registrations
from tests.servers.moodle import Moodle
from worker.models import Reply
from worker.services.leases import later
from worker.services.notify import Scribe

pytestmark = pytest.mark.django_db
CREATE = "core_user_create_users"


def _all_but_the_first_have_their_turn(go: Go, moodle: Moodle) -> None:
    """The portal is gone in the middle of the first one's; the others wait a little, the first one longer."""
    moodle.drop_before = [CREATE]
    go()
    first, *others = PortalResult.objects.order_by("pk")
    PortalResult.objects.filter(pk__in=[one.pk for one in others]).update(next_attempt_at=later(-1))
    assert go(wait=False) == len(others)
    assert PortalResult.objects.get(pk=first.pk).state == "waiting"


def test_one_letter_a_mail_once_all_of_it_had_their_turn(begin: Begin, go: Go, moodle: Moodle, scribe: Scribe) -> None:
    cili = Applicant("Tóth Cecília", email="toth.cecilia@tiszacsege.hu")
    moodle.add("bea", BEA.email)
    rows = make_registrations([ANNA, BEA, cili], status="approved")
    run = begin(*rows)
    _all_but_the_first_have_their_turn(go, moodle)
    assert [result(row).state for row in rows] == ["waiting", "done", "done"]
    assert tell_finished(scribe) == 0
    go()
    assert tell_finished(scribe) == 3
    assert tell_finished(scribe) == 0
    registered, exists = Reply.objects.order_by("pk")
    assert (registered.kind, exists.kind, exists.recipients) == ("registered", "account_exists", [BEA.email])
    assert "Kovács Anna" in registered.text
    assert "Tóth Cecília" in registered.text
    assert "Bea" not in registered.text
    assert run.results.filter(told=True).count() == 3


def test_who_waits_too_long_keeps_nobody_uninformed(begin: Begin, go: Go, moodle: Moodle, scribe: Scribe) -> None:
    begin(*make_registrations([ANNA, BEA], status="approved"))
    _all_but_the_first_have_their_turn(go, moodle)
    assert tell_finished(scribe) == 0
    PortalResult.objects.filter(state="done").update(at=later(-3600))
    assert tell_finished(scribe) == 1


def test_who_was_exported_before_hears_nothing_twice(begin: Begin, go: Go, moodle: Moodle, scribe: Scribe) -> None:
    row = make_registration(status="exported")
    begin(row)
    go()
    assert status(row) == "registered"
    assert tell_finished(scribe) == 0
    assert not Reply.objects.exists()
