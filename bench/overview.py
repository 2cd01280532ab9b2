"""The overview at many registrations: `python -m bench.overview --rows 100000`. A database of its own, thrown away.

Prints the time of a roll-up day, and the page's server time and queries, by Django's own client.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

DAYS = 90
CHUNK = 2000


def main() -> None:
    """Fill, roll up, ask."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--times", type=int, default=7)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="aspoktatas-bench-") as folder:
        os.environ["ASPOKTATAS_SECRET_KEY"] = "bench-" * 8
        os.environ.setdefault("ASPOKTATAS_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ["ASPOKTATAS_HOSTS"] = "testserver"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django  # noqa: PLC0415
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        call_command("migrate", verbosity=0)
        fill(options.rows)
        ask(options.times)


def fill(number: int) -> None:
    """Mails with a request each over the last DAYS days, answers to most of them, decisions on half."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from registry.models import Registration  # noqa: PLC0415
    from worker.models import Event, Mail, Reply  # noqa: PLC0415

    dice = random.Random(7)
    staff = User.objects.create_superuser("bench", password="bench-bench-bench")
    now = datetime.now(UTC)
    counties = ("Pest", "Baranya", "Zala", "Heves", "Vas", "Hajdú-Bihar")
    for start in range(0, number, CHUNK):
        mails, registrations, replies, events = [], [], [], []
        for at in range(start, min(start + CHUNK, number)):
            came = now - timedelta(days=DAYS * at / number, seconds=5)
            ready = dice.random() < 0.6
            mails.append(_mail(Mail, at + 1, came, ready))
            status = dice.choice(("ready", "approved", "registered")) if ready else "incomplete"
            registrations.append(_registration(Registration, at + 1, came, status, dice.choice(counties)))
            if not ready:
                replies.append(_reply(Reply, at + 1, came, timedelta(seconds=dice.random() * 90)))
            if status in ("approved", "registered"):
                details = {"from": "ready", "to": "approved", "changed": {}}
                events.append(Event(verb="approved", at=came, actor=staff, registration_id=at + 1, details=details))
        with transaction.atomic():
            for model, rows in ((Mail, mails), (Registration, registrations), (Reply, replies), (Event, events)):
                model._default_manager.bulk_create(rows)  # type: ignore[arg-type]  # each its own kind


def _mail(model: Any, number: int, came: datetime, ready: bool) -> Any:
    problems = [] if ready else ["pir_missing", "jegyzo_not_in_cc"]
    evidence = {"part": 0, "start": 1, "end": 2, "excerpt": "x" * 80, "source": "body"}
    people = [{"problems": problems, "full_name": {"value": "Minta Anna", "evidence": [evidence] * 3}}]
    return model(
        id=number,
        mailbox="bench",
        folder="INBOX",
        uidvalidity=1,
        uid=number,
        digest=f"{number:064d}",
        size=1,
        received_at=came,
        stored_at=came,
        state="decided",
        kind="registration",
        outcomes=["route"] if ready else ["reply_missing"],
        decided_at=came,
        linked_by="opened",
        verdict={"people": people, "findings": [{"rule": "x" * 40, "evidence": [evidence]}] * 40},
    )


def _registration(model: Any, number: int, came: datetime, status: str, county: str) -> Any:
    return model(
        id=number,
        mail_id=number,
        position=0,
        status=status,
        full_name="Minta Anna",
        municipality="Tiszacsege",
        pir="740746",
        county=county,
        email=f"minta.anna{number}@minta.hu",
        modules="PM-2777-2105-BS",
        created_at=came,
    )


def _reply(model: Any, number: int, came: datetime, took: timedelta) -> Any:
    return model(
        mail_id=number,
        kind="missing",
        state="sent",
        message_id=f"<aspo.{number}@bench>",
        subject="x",
        text="x",
        data=b"x",
        created_at=came,
        data_started_at=came,
        sent_at=came + took,
    )


def ask(times: int) -> None:
    """Print what a day, the page and a picture cost."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from review.overview.drawing import draw  # noqa: PLC0415
    from worker.services.roll_up import roll_up  # noqa: PLC0415

    begun = time.perf_counter()
    days = roll_up(most=1000)
    print(f"roll-up: {days} days, {1000 * (time.perf_counter() - begun) / max(1, days):.1f} ms a day")
    client = Client()
    client.force_login(User.objects.get(username="bench"))
    for period in ("today", "30", "90", "month"):
        took = []
        for _ in range(times):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                begun = time.perf_counter()
                response = client.get("/overview/", {"period": period})
                took.append(1000 * (time.perf_counter() - begun))
            assert response.status_code == 200, response.status_code
        print(f"page {period}: median {statistics.median(took):.0f} ms, worst {max(took):.0f}, {len(queries)} queries")
    took = []
    for _ in range(times):
        draw.cache_clear()
        begun = time.perf_counter()
        client.get("/overview/pictures/arrivals.svg", {"period": "30"})
        took.append(1000 * (time.perf_counter() - begun))
    print(f"picture, not kept: median {statistics.median(took):.0f} ms")


if __name__ == "__main__":
    main()
