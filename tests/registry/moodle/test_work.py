"""Runs against a Moodle that fails in every way: nobody is made twice, nobody is forgotten, each result is kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from config.catalogue import load_catalogue
from registry.models import Account
from registry.moodle import work as working
from registry.moodle.client import MoodleClient
from registry.moodle.letters import tell_finished
from registry.moodle.portal import Portal
from registry.moodle.runs import count_states, stop_run, try_again
from registry.moodle.work import is_due, work
from registry.portal import PortalResult, PortalRun, PortalRunKind
from registry.services.change import Target
from registry.services.take_back import take_back
from tests.registry.moodle.runs import ANNA, BEA, Begin, Go, result, status
from tests.review.factory import ADO, KATI, Applicant, make_registration
from tests.servers.moodle import Moodle
from worker.models import Event, Reply
from worker.services.leases import LEASE
from worker.services.notify import Scribe

pytestmark = pytest.mark.django_db
REHEARSE, LOOK_UP = PortalRunKind.REHEARSE, PortalRunKind.LOOK_UP
CREATE, ENROL = "core_user_create_users", "enrol_manual_enrol_users"
numbers = count(1)


def person(**values: object) -> Applicant:
    number = next(numbers)
    return replace(Applicant(f"Próba Péter{number}", email=f"proba{number}@x.hu"), **values)  # type: ignore[arg-type]


def test_a_new_person_is_created_enrolled_and_registered(begin: Begin, go: Go, moodle: Moodle) -> None:
    row = make_registration(replace(ANNA, full_name="Kovácsné Nagy Éva"), status="approved")
    run = begin(row)
    assert is_due()
    assert go() == 1
    [user] = moodle.users
    assert (user.username, user.email, user.lastname, user.firstname) == (
        "kovacs.anna@tiszacsege.hu", "kovacs.anna@tiszacsege.hu", "Kovácsné Nagy", "Éva",
    )  # fmt: skip
    assert {name: user.values[name] for name in ("auth", "lang", "country", "city", "timezone", "createpassword")} == {
        "auth": "manual", "lang": "hu", "country": "HU", "city": "Tiszacsege", "timezone": "Europe/Budapest",
        "createpassword": "1",
    }  # fmt: skip
    assert user.values["customfields"] == [{"type": "pir", "value": "740746"}]
    assert moodle.courses_of(user.email) == {"ADÓ", "Irat teljes"}
    assert moodle.passwords_mailed == [user.email]
    assert status(row) == "registered"
    kept = result(row)
    assert (kept.state, kept.step, kept.account_id, kept.existed) == ("done", "enrolled", user.id, False)
    assert kept.courses == [{"course": name, "outcome": "enrolled"} for name in ("ADÓ", "Irat teljes")]
    event = Event.objects.get(verb="registered")
    assert (event.actor, event.details["from"], event.details["run"]) == (run.actor, "approved", run.pk)
    assert Account.objects.get().username == user.username
    assert not is_due()


def test_who_has_an_account_is_enrolled_in_what_is_new(begin: Begin, go: Go, moodle: Moodle) -> None:
    user = moodle.add("kovacsanna7", "kovacs.anna@tiszacsege.hu")
    moodle.enrolments.add((user.id, moodle.courses["ADÓ"]))
    row = make_registration(ANNA, status="approved")
    begin(row)
    go()
    assert (len(moodle.users), moodle.count(CREATE)) == (1, 0)
    assert moodle.courses_of(user.email) == {"ADÓ", "Irat teljes"}
    assert (result(row).existed, status(row)) == (True, "registered")
    assert [one["outcome"] for one in result(row).courses] == ["already", "enrolled"]
    assert Account.objects.get().username == "kovacsanna7"


def test_an_account_in_another_case_is_the_same_one(begin: Begin, go: Go, moodle: Moodle) -> None:
    moodle.same_email = True  # Moodle would make a second one
    moodle.add("anna", "Kovacs.Anna@Tiszacsege.HU")
    row = make_registration(ANNA, status="approved")
    begin(row)
    go()
    assert (len(moodle.users), result(row).existed) == (1, True)


@pytest.mark.parametrize("function", [CREATE, ENROL, "core_enrol_get_users_courses"])
@pytest.mark.parametrize("carried_out", [False, True])
def test_a_lost_answer_makes_nobody_twice(
    begin: Begin, go: Go, moodle: Moodle, function: str, carried_out: bool
) -> None:
    if function == "core_enrol_get_users_courses":
        moodle.add("a", "kovacs.anna@tiszacsege.hu")
        lost = [function] * 3  # it is a read: tried three times
    else:
        lost = [function]
    moodle.drop_after, moodle.drop_before = (lost, []) if carried_out else ([], lost)
    row = make_registration(ANNA, status="approved")
    begin(row)
    go()
    waiting = result(row)
    assert (waiting.state, waiting.error, waiting.attempts, waiting.lease_token) == ("waiting", "unreachable", 1, None)
    assert status(row) == "approved"
    assert not is_due()  # not at once
    go()
    assert (result(row).state, status(row), len(moodle.users)) == ("done", "registered", 1)
    assert result(row).existed is (function == "core_enrol_get_users_courses")
    assert moodle.courses_of("kovacs.anna@tiszacsege.hu") == {"ADÓ", "Irat teljes"}
    assert len(moodle.passwords_mailed) == (0 if function == "core_enrol_get_users_courses" else 1)


def test_a_process_that_dies_anywhere_is_followed_by_another(
    begin: Begin, go: Go, moodle: Moodle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account is made, and then nothing more is heard of the process."""
    row = make_registration(ANNA, status="approved")
    begin(row)
    with monkeypatch.context() as death:
        death.setattr(working, "_settle", _die)
        with pytest.raises(KeyboardInterrupt):
            go()
    assert len(moodle.users) == 1
    assert go() == 0  # somebody's claim still holds
    PortalResult.objects.update(lease_until=F("lease_until") - 2 * LEASE)
    assert go() == 1
    assert (len(moodle.users), status(row), result(row).existed) == (1, "registered", False)


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_one_bad_person_keeps_nobody_else(begin: Begin, go: Go, moodle: Moodle) -> None:
    good = [make_registration(person(), status="approved") for _ in range(12)]
    bad = make_registration(person(full_name="Á" * 101 + " Éva"), status="approved")
    hidden = make_registration(person(email="rejtett@x.hu"), status="approved")
    moodle.add("rejtett@x.hu", "rejtett@x.hu", visible=False)
    taken = make_registration(person(email="masik.cim@x.hu"), status="approved")
    moodle.add("masik.cim@x.hu", "regi@x.hu")
    suspended = make_registration(person(email="felfuggesztett@x.hu"), status="approved")
    moodle.add("felf", "felfuggesztett@x.hu", suspended=True)
    twins = make_registration(person(email="iker@x.hu"), status="approved")
    moodle.add("iker1", "iker@x.hu")
    moodle.add("iker2", "iker@x.hu")
    run = begin(*good, bad, hidden, taken, suspended, twins)
    go()
    assert {status(row) for row in good} == {"registered"}
    assert {row.pk: result(row).error for row in (bad, hidden, taken, suspended, twins)} == {
        bad.pk: "name_too_long",
        hidden.pk: "create_refused",
        taken.pk: "username_taken",
        suspended.pk: "suspended",
        twins.pk: "several_accounts",
    }
    assert (result(hidden).errorcode, result(hidden).create_begun) == ("invalidparameter", False)
    assert count_states(run) == {"done": 12, "failed": 5}
    assert {status(row) for row in (bad, hidden, taken, suspended, twins)} == {"approved"}


def test_accounts_are_asked_for_one_by_one_and_looked_up_together(begin: Begin, go: Go, moodle: Moodle) -> None:
    begin(*[make_registration(person(), status="approved") for _ in range(10)])
    go()
    assert {len(given["users"]) for name, given in moodle.calls if name == CREATE} == {1}
    assert moodle.count("core_user_get_users_by_field") == 2  # by address, then by user name
    assert moodle.count("core_course_get_courses_by_field") == 1


def test_a_course_that_the_portal_lacks_is_told_before_anything_is_made(begin: Begin, go: Go, moodle: Moodle) -> None:
    del moodle.courses["Irat teljes"]
    row = make_registration(ANNA, status="approved")
    run = begin(row)
    go()
    assert (result(row).error, result(row).courses) == (
        "course_not_found", [{"course": "Irat teljes", "outcome": "missing"}],
    )  # fmt: skip
    assert not moodle.users
    moodle.courses["Irat teljes"] = 99
    assert try_again(run, run.actor) == 1
    go()
    assert status(row) == "registered"


def test_a_course_that_refuses_costs_nobody_the_others(begin: Begin, go: Go, moodle: Moodle) -> None:
    moodle.closed.add(moodle.courses["ADÓ"])
    row = make_registration(ANNA, status="approved")
    run = begin(row)
    go()
    assert (result(row).error, result(row).errorcode, result(row).step) == ("no_enrolment", "wsnoinstance", "created")
    assert moodle.courses_of(ANNA.email) == {"Irat teljes"}
    assert status(row) == "approved"
    moodle.closed.clear()
    try_again(run, run.actor)
    go()
    assert (status(row), result(row).existed, len(moodle.users)) == ("registered", False, 1)


@pytest.mark.parametrize("kind", ["json", "page"])
def test_maintenance_costs_nobody_an_attempt(begin: Begin, go: Go, moodle: Moodle, kind: str) -> None:
    rows = [make_registration(person(), status="approved") for _ in range(12)]
    begin(*rows)
    moodle.maintenance = kind
    for _ in range(12):
        assert go() == 0
    waiting = PortalResult.objects.all()
    assert {(one.state, one.attempts, one.lease_token) for one in waiting} == {("waiting", 0, None)}
    assert "maintenance" in {one.error for one in waiting}
    assert not is_due()
    moodle.maintenance = ""
    go()
    assert {status(row) for row in rows} == {"registered"}


def test_a_refused_token_halts_the_run_until_it_is_mended(begin: Begin, go: Go, moodle: Moodle) -> None:
    row = make_registration(status="approved")
    run = begin(row)
    moodle.refuses.add(CREATE)
    go()
    run.refresh_from_db()
    assert (run.halted, result(row).state, result(row).attempts) == ("access", "waiting", 0)
    moodle.refuses.clear()
    assert try_again(run, run.actor) == 1
    assert is_due()
    go(wait=False)
    run.refresh_from_db()
    assert (run.halted, status(row)) == ("", "registered")


def test_who_never_gets_an_answer_is_given_to_a_person(begin: Begin, go: Go, moodle: Moodle) -> None:
    row = make_registration(status="approved")
    begin(row)
    for _ in range(9):
        moodle.drop_before = [CREATE]
        go()
    assert (result(row).state, result(row).error) == ("failed", "gave_up")
    assert not moodle.users


def test_a_rehearsal_changes_nothing(begin: Begin, go: Go, moodle: Moodle) -> None:
    user = moodle.add("kovacsanna7", "kovacs.anna@tiszacsege.hu")
    moodle.enrolments.add((user.id, moodle.courses["ADÓ"]))
    anna, bea = (make_registration(one, status="approved") for one in (ANNA, BEA))
    before = (list(moodle.users), set(moodle.enrolments))
    begin(anna, bea, kind=REHEARSE)
    go()
    assert (moodle.users, moodle.enrolments) == before
    assert not {CREATE, ENROL} & {name for name, _ in moodle.calls}
    assert [(result(row).state, result(row).existed) for row in (anna, bea)] == [("done", True), ("done", False)]
    assert [one["outcome"] for one in result(anna).courses] == ["already", "planned"]
    assert {status(anna), status(bea)} == {"approved"}
    assert not Account.objects.exists()
    assert not Reply.objects.exists()


def test_looking_up_fills_the_directory_and_changes_nothing_else(begin: Begin, go: Go, moodle: Moodle) -> None:
    moodle.add("kovacsanna7", "kovacs.anna@tiszacsege.hu")
    rows = [make_registration(ANNA), make_registration(BEA, status="approved")]
    begin(*rows, kind=LOOK_UP)
    go()
    assert list(Account.objects.values_list("email", "username", "full_name")) == [
        ("kovacs.anna@tiszacsege.hu", "kovacsanna7", "Kovács Anna")
    ]
    assert [status(row) for row in rows] == ["ready", "approved"]
    assert len(moodle.users) == 1


def test_what_a_person_changed_first_is_left_alone(begin: Begin, go: Go, moodle: Moodle, actor: User) -> None:
    row = make_registration(status="approved")
    begin(row)
    take_back(Target(row.pk, 1), actor)
    go()
    assert (result(row).state, result(row).error, status(row)) == ("skipped", "changed", "review")
    assert not moodle.calls


def test_what_a_person_changes_meanwhile_is_told(
    begin: Begin, go: Go, moodle: Moodle, actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_registration(status="approved")
    begin(row)
    carry_out = working._carry_out

    def slow(*arguments: object) -> object:
        outcome = carry_out(*arguments)  # type: ignore[arg-type]
        take_back(Target(row.pk, 1), actor)
        return outcome

    monkeypatch.setattr(working, "_carry_out", slow)
    go()
    assert (result(row).state, result(row).error, result(row).account_id) == ("failed", "changed_meanwhile", 101)
    assert status(row) == "review"


def test_two_people_cannot_hand_over_the_same_request(begin: Begin, go: Go, moodle: Moodle) -> None:
    row = make_registration(status="approved")
    first, second = begin(row), begin(row)
    assert (first.results.count(), second.results.count()) == (1, 0)
    assert begin(row, kind=REHEARSE).results.count() == 1
    go()
    assert len(moodle.users) == 1


def test_a_rehearsal_keeps_nobody_from_another_try(begin: Begin, go: Go, moodle: Moodle) -> None:
    row = make_registration(person(email="masik.cim@x.hu"), status="approved")
    moodle.add("masik.cim@x.hu", "regi@x.hu")
    begin(row)
    go()
    begin(row, kind=REHEARSE)  # waits
    moodle.users.clear()
    second = begin(row)
    assert second.results.count() == 1
    assert try_again(PortalRun.objects.order_by("pk")[0], None) == 0  # the second has it now
    go()
    assert (status(row), len(moodle.users)) == ("registered", 1)


def test_a_run_can_be_stopped(begin: Begin, go: Go, moodle: Moodle) -> None:
    run = begin(make_registration(status="approved"))
    assert stop_run(run, run.actor) == 1
    assert go() == 0
    assert not moodle.calls
    assert list(run.results.values_list("state", "error")) == [("skipped", "stopped")]


def test_two_requests_of_one_person_make_one_account(begin: Begin, go: Go, moodle: Moodle, scribe: Scribe) -> None:
    rows = [make_registration(replace(ANNA, modules=(one,)), status="approved") for one in (ADO, KATI)]
    begin(*rows)
    go()
    assert len(moodle.users) == 1
    assert moodle.courses_of(ANNA.email) == {"ADÓ", "Gazdálkodás - KATI"}
    assert [result(row).existed for row in rows] == [False, False]
    tell_finished(scribe)
    assert set(Reply.objects.values_list("kind", flat=True)) == {"registered"}


def test_the_cohort(begin: Begin, portal: Portal, moodle: Moodle, client: MoodleClient) -> None:
    settings = replace(portal._settings, cohort="asp")
    begin(make_registration(status="approved"))
    work(Portal(client, settings), load_catalogue(), settings.courses, for_s=20)
    assert moodle.cohort == {101}
    row = make_registration(person(), status="approved")
    begin(row)
    wrong = replace(settings, cohort="nincs")
    work(Portal(client, wrong), load_catalogue(), wrong.courses, for_s=20)
    assert (result(row).error, status(row)) == ("cohort", "approved")
