"""The task that works at the portal: nothing without one, all of it with one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings

from config.celery import app
from config.moodle import MoodleService, default_courses
from registry.models import Registration
from registry.moodle.runs import begin_run
from registry.portal import PortalRunKind
from registry.services.change import Target
from tests.review.factory import make_registration
from tests.servers.moodle import TOKEN, run_moodle
from worker.tasks.portal import hand_over

pytestmark = pytest.mark.django_db


def test_the_task_hands_over_where_a_portal_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    row = make_registration(status="approved")
    begin_run(PortalRunKind.REGISTER, [Target(row.pk, 1)], None)
    hand_over()
    assert Registration.objects.get().status == "approved"
    with run_moodle() as moodle:
        moodle.courses = {name: number for number, name in enumerate(default_courses().values(), 11)}
        portal = replace(settings.ASPOKTATAS.moodle, service=MoodleService(moodle.url, TOKEN, 0))
        monkeypatch.setattr(settings, "ASPOKTATAS", replace(settings.ASPOKTATAS, moodle=portal))
        hand_over()
        assert moodle.count("core_user_create_users") == 1
    assert Registration.objects.get().status == "registered"


def test_every_worker_knows_the_task() -> None:
    app.loader.import_default_modules()
    assert {"process", "hand_over"} <= set(app.tasks)
