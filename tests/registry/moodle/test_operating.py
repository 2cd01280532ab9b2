"""As operators meet it: the command, the doctor and the worker's turn."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.management import call_command

from config.catalogue import load_catalogue
from config.moodle import MoodleSettings
from registry.models import Registration
from registry.moodle.runs import begin_run
from registry.moodle.turn import is_turn_due, take_turn
from registry.portal import PortalResult, PortalRunKind
from registry.services.change import Target
from tests.review.factory import ADO, Applicant, make_registration, make_user
from tests.servers.moodle import Moodle
from worker.clock import database_now
from worker.management.command import CommandError
from worker.models import Reply
from worker.services.alarms import find_trouble
from worker.services.doctor.diagnosis import Diagnosis, Grade
from worker.services.doctor.moodle import examine_moodle
from worker.services.leases import later
from worker.services.notify import Scribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def configured(moodle_settings: MoodleSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process's own configuration names the running Moodle."""
    monkeypatch.setattr(settings, "ASPOKTATAS", replace(settings.ASPOKTATAS, moodle=moodle_settings))


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("handover", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        err.write(f"exit {end.code}")
    except CommandError as error:
        err.write(f"exit 1: {error}")
    return out.getvalue(), err.getvalue()


def test_a_dry_run_and_then_the_thing_itself(moodle: Moodle, configured: None) -> None:
    row = make_registration(status="approved")
    out, err = run("--dry-run")
    assert out == f"request {row.pk}: done; new account; planned: ADÓ\n"
    assert "1 would be handed over, 0 failed, 0 left alone" in err
    assert not moodle.users
    out, err = run()
    assert out == f"request {row.pk}: done; new account; enrolled: ADÓ\n"
    assert "1 handed over" in err
    assert list(Registration.objects.values_list("status", flat=True)) == ["registered"]
    assert len(moodle.users) == 1


def test_failures_are_told_by_number_and_end_with_1(moodle: Moodle, configured: None) -> None:
    bad = make_registration(Applicant(email="ékes@x.hu"), status="approved")
    out, err = run()
    assert out == f"request {bad.pk}: failed; email not ascii\n"
    assert err.endswith("exit 1")


def test_a_portal_that_is_away_leaves_the_rest_to_the_worker(moodle: Moodle, configured: None) -> None:
    moodle.maintenance = "json"
    make_registration(status="approved")
    assert run()[1].endswith("exit 1: 1 still wait (maintenance)")


@pytest.mark.parametrize("arguments", [[], ["--status", "ready"]])
def test_what_cannot_be_is_refused(arguments: list[str]) -> None:
    assert "exit 1: " in run(*arguments)[1]


def worst(settings: MoodleSettings) -> Diagnosis:
    lines = list(examine_moodle(settings, read_s=2.0))
    return next(line for grade in (Grade.FAIL, Grade.WARN, Grade.OK) for line in lines if line.grade is grade)


def test_the_doctor_finds_the_portal_well(moodle: Moodle, moodle_settings: MoodleSettings) -> None:
    lines = list(examine_moodle(moodle_settings))
    assert [line.grade for line in lines] == [Grade.OK, Grade.OK]
    assert "ASP oktatás (Moodle 4.4.1 (Build: 20240610)), known there as aspoktatas-ws" in lines[0].found
    assert lines[1].found == f"all {len(moodle_settings.courses)} courses are there"
    assert not moodle.users


def test_the_doctor_names_what_is_wrong(moodle: Moodle, moodle_settings: MoodleSettings) -> None:
    moodle.courses.pop("ADÓ")
    assert worst(moodle_settings).found == "the portal shows no course called ADÓ"
    moodle.functions.discard("core_user_get_users")
    assert "core_user_get_users" in worst(moodle_settings).found
    moodle.functions.discard("core_user_create_users")
    said = worst(moodle_settings)
    assert (said.grade, said.found) == (Grade.FAIL, "the service lacks core_user_create_users")
    moodle.rest = False
    assert "switch on web services" in worst(moodle_settings).advice
    assert moodle_settings.service
    refused = replace(moodle_settings, service=replace(moodle_settings.service, token="0"))
    moodle.rest = True
    said = worst(refused)
    assert said.found == "127.0.0.1 does not serve us: token (invalidtoken)"
    assert "ASPOKTATAS_MOODLE_TOKEN" in said.advice


def test_the_doctor_without_a_web_service() -> None:
    files = settings.ASPOKTATAS.moodle
    assert worst(files).grade is Grade.OK
    lacking = replace(files, courses={**files.courses, ADO: ""})
    assert worst(lacking).found == f"no course for {ADO}"


def test_the_workers_turn(moodle: Moodle, moodle_settings: MoodleSettings, scribe: Scribe) -> None:
    row = make_registration(status="approved")
    assert not is_turn_due(moodle_settings)
    begin_run(PortalRunKind.REGISTER, [Target(row.pk, 1)], make_user())
    assert is_turn_due(moodle_settings)
    assert not is_turn_due(replace(moodle_settings, service=None))
    assert take_turn(moodle_settings, load_catalogue(), for_s=5, scribe=scribe) == 1
    assert Reply.objects.get().kind == "registered"
    assert not is_turn_due(moodle_settings)
    assert PortalResult.objects.get().told


def test_a_portal_that_stays_away_is_an_alarm(moodle: Moodle, moodle_settings: MoodleSettings, scribe: Scribe) -> None:
    row = make_registration(status="approved")
    begin_run(PortalRunKind.REGISTER, [Target(row.pk, 1)], None)
    moodle.maintenance = "json"
    take_turn(moodle_settings, load_catalogue(), for_s=5, scribe=scribe)
    assert "handover_stuck" not in find_trouble(database_now())
    PortalResult.objects.update(at=later(-3600))
    assert find_trouble(database_now())["handover_stuck"] == "60"
