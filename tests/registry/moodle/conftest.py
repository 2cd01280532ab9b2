"""A running Moodle, the portal as the product sees it, and a scribe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings

from config.moodle import MoodleService, MoodleSettings, default_courses
from registry.moodle.client import MoodleClient
from registry.moodle.portal import Portal
from tests.servers.moodle import TOKEN, Moodle, run_moodle
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
