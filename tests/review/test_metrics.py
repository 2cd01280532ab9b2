"""What Prometheus reads: parsed by its own parser, every figure held against the ledger, nobody's data in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from rules.model import Status
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_reply
from worker.clock import database_now
from worker.models import Event, Folder, Mail, MailState, ReplyState
from worker.services.controls import beat, stop_replies

pytestmark = pytest.mark.django_db


def scrape(client: Client) -> dict[str, Metric]:
    """Metric families by name."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return {family.name: family for family in text_string_to_metric_families(response.content.decode())}


def value(family: Metric, **labels: str) -> float:
    """The sample with these labels."""
    return next(float(one.value) for one in family.samples if labels.items() <= one.labels.items())


def test_an_empty_ledger_has_figures_and_each_a_help_text(client: Client) -> None:
    families = scrape(client)
    assert value(families["aspoktatas_pending"]) == 0
    assert value(families["aspoktatas_mails"], state="failed") == 0
    assert value(families["aspoktatas_replies_stopped"]) == 0
    assert all(family.documentation.endswith(".") for family in families.values())
    assert all(name.startswith("aspoktatas") for name in families)


def test_what_is_a_time_is_in_seconds_and_says_so(client: Client) -> None:
    """OpenMetrics, which Prometheus asks for, has the unit of each."""
    answer = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    families: list[Metric] = list(parse_openmetrics(answer.content.decode()))  # type: ignore[no-untyped-call]
    timed = {family.name for family in families if family.unit == "seconds"}
    assert len(timed) >= 6
    assert timed == {family.name for family in families if family.name.endswith("_seconds")}
    assert timed == {family.name for family in families if "econds" in family.documentation}


def test_the_ledger_in_figures(client: Client) -> None:
    now = database_now()
    make_registration()
    make_mail(make_raw("?"), state=MailState.FAILED, failure="KeyError")
    make_reply(make_registration().mail, state=ReplyState.DRAFT)
    Folder.objects.create(
        mailbox="titkos",
        name="INBOX",
        uidvalidity=1,
        polled_at=now - timedelta(seconds=40),
        missing=3,
        held="uidvalidity",
    )
    beat("watcher")
    stop_replies("replies_per_hour")
    families = scrape(client)
    assert value(families["aspoktatas_mails"], state="failed") == 1
    assert value(families["aspoktatas_quarantine"]) == 1
    assert value(families["aspoktatas_replies"], state="draft") == 1
    assert value(families["aspoktatas_replies_by_outcome"], kind="missing", state="draft") == 1
    assert value(families["aspoktatas_registrations"], state="ready") == 2
    assert value(families["aspoktatas_mails_missing"]) == 3
    assert value(families["aspoktatas_folder_held"]) == 1
    assert 39 < value(families["aspoktatas_last_poll_age_seconds"]) < 120
    assert value(families["aspoktatas_heartbeat_age_seconds"], process="watcher") < 60
    assert value(families["aspoktatas_replies_stopped"]) == 1
    assert value(families["aspoktatas_events_lately"], verb="replies_stopped") == 1


def test_times_of_the_steps(client: Client) -> None:
    mail = make_mail(make_raw("?"))
    now = database_now()
    Mail.objects.filter(pk=mail.pk).update(stored_at=now - timedelta(seconds=9), decided_at=now - timedelta(seconds=2))
    families = scrape(client)
    assert value(families["aspoktatas_step_mean_seconds"], step="decide") == pytest.approx(7, abs=0.01)
    assert value(families["aspoktatas_step_max_seconds"], step="decide") == pytest.approx(7, abs=0.01)


def test_withheld_replies_are_counted(client: Client) -> None:
    Event.objects.create(verb="decided", details={"withheld": "budget_sender"})
    Event.objects.create(verb="decided", details={"withheld": "replies_off"})
    assert value(scrape(client)["aspoktatas_replies_withheld_lately"]) == 1


def test_nobodys_data(client: Client) -> None:
    applicant = Applicant()
    make_registration(applicant, status=Status.READY)
    text = client.get("/metrics").content.decode()
    assert applicant.full_name not in text
    assert "@" not in text


def test_the_token_where_one_is_set(client: Client, settings: Settings) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, metrics_token="egy-hosszu-szo")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer rossz"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer egy-hosszu-szo"}).status_code == 200


def test_without_the_database_it_says_so(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE worker_folder RENAME TO elsewhere")
    assert client.get("/metrics").status_code == 503


def test_a_scrape_asks_the_same_number_of_questions_however_much_there_is(client: Client) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/metrics")
        return len(asked)

    before = questions()
    for _ in range(5):
        make_registration()
    assert questions() == before
