"""A running Moodle, the portal as the product sees it, runs at it, and a scribe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from config.catalogue import load_catalogue
from config.moodle import MoodleService, MoodleSettings, default_courses
from registry.models import Registration
from registry.moodle.client import MoodleClient
from registry.moodle.portal import Portal
from registry.moodle.runs import begin_run
from registry.moodle.work import work
from registry.portal import PortalResult, PortalRun, PortalRunKind
from registry.services.change import Target
from tests.registry.moodle.runs import Begin, Go
from tests.servers.moodle import TOKEN, Moodle, run_moodle
from worker.services.leases import later
from worker.services.notify import Scribe


@pytest.fixture
def moodle() -> Iterator[Moodle]:
    """A Moodle with all courses and no accounts."""
    with run_moodle() as running:
        running.courses = {name: number for number, name in enumerate(default_courses().values(), 11)}
        yield running


@pytest.fixture
def moodle_settings(moodle: Moodle) -> MoodleSettings:
    """The configuration that knows it."""
    return replace(settings.ASPOKTATAS.moodle, service=MoodleService(moodle.url, TOKEN, calls_per_minute=0))


@pytest.fixture
def client(moodle_settings: MoodleSettings) -> Iterator[MoodleClient]:
    """A client that loses no time."""
    assert moodle_settings.service
    one = MoodleClient(moodle_settings.service, read_s=2.0, backoff=0.0)
    yield one
    one.close()


@pytest.fixture
def portal(client: MoodleClient, moodle_settings: MoodleSettings) -> Portal:
    """The portal through that client."""
    return Portal(client, moodle_settings)


@pytest.fixture
def scribe() -> Scribe:
    """Writes letters that go out."""
    return Scribe(replace(settings.ASPOKTATAS, replies="on"))


@pytest.fixture
def begin(actor: User) -> Begin:
    """Begin a run with these requests."""

    def begin(*rows: Registration, kind: PortalRunKind = PortalRunKind.REGISTER) -> PortalRun:
        versions = dict(Registration.objects.values_list("pk", "version"))
        return begin_run(kind, [Target(row.pk, versions[row.pk]) for row in rows], actor)

    return begin


@pytest.fixture
def go(portal: Portal, moodle_settings: MoodleSettings) -> Go:
    """Do what is due; with `wait` everything that waits for its time too."""

    def go(*, wait: bool = True) -> int:
        if wait:
            PortalResult.objects.filter(state="waiting").update(next_attempt_at=later(-1))
        fresh = Portal(portal._client, moodle_settings)
        return work(fresh, load_catalogue(), moodle_settings.courses, for_s=20)

    return go
