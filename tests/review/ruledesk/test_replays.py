"""Replays by the page: queued, run in turns, cancelled, read; what they keep, and what the drafts would change."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from config.catalogue import load_catalogue
from registry.corrections import ModuleWord
from registry.replays import Compared, Replay, ReplayDifference, ReplayState
from registry.services.draft_word import draft_word
from registry.services.switch_on_words import get_drafts, mark_of, switch_on_words
from rules.chain import decide
from staff.roles import Role
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_user, request_text
from worker.intake.parse import parse_message
from worker.models import Mail
from worker.services import run_replay
from worker.services.judge import of_headers_only
from worker.services.run_replay import Wish, replays_due, run_turn, start_replay
from worker.services.store import OVERSIZE
from worker.services.thinking import load_thinking

pytestmark = pytest.mark.django_db
OWN = settings.ASPOKTATAS.addresses
RAW = make_raw(request_text(Applicant()).replace("Szakrendszer: adó, irat", "Szakrendszer: zöldfülke"))


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is there to ring at."""
    monkeypatch.setattr("review.ruledesk.replays.ring", lambda *tasks: None)


def decided(raw: bytes, days_ago: int = 1) -> Mail:
    verdict = decide(parse_message(raw), load_catalogue())
    return make_mail(raw, verdict=verdict, received_at=timezone.now() - timedelta(days=days_ago))


def queue(page: Client, **fields: str) -> Replay:
    answer = page.post("/rules/replays/start", {"compares": "ledger", "period": "week", **fields})
    assert answer.status_code == 302
    return Replay.objects.latest("pk")


def run(seconds: float = 60.0) -> None:
    assert run_turn(load_thinking(), OWN, seconds)


def words(page: Client, address: str) -> str:
    return " ".join(strip_tags(page.get(address).content.decode()).split())


def test_a_period_is_decided_again_in_the_background(page: Client) -> None:
    same, old = decided(make_raw(request_text(Applicant()))), decided(RAW, days_ago=30)
    row = queue(page)
    assert (row.total, row.state, replays_due()) == (1, ReplayState.WAITING, True)
    assert "folyamatban" in words(page, f"/rules/replays/{row.pk}")
    run()
    row.refresh_from_db()
    assert (row.state, row.done, row.changed, replays_due()) == (ReplayState.DONE, 1, 0, False)
    assert "Nincs eltérés" in words(page, f"/rules/replays/{row.pk}")
    assert same.pk != old.pk


def test_differences_are_kept_without_a_word_of_the_mail(page: Client) -> None:
    registration = make_registration(raw=make_raw(request_text(Applicant(full_name="Kovács Anna"))))
    verdict = dict(registration.mail.verdict or {})
    verdict["people"][0]["full_name"]["value"] = "Egészen Más Név"
    verdict["people"][0]["pir"]["value"] = "740009"
    verdict["kind"] = "other"
    Mail.objects.update(verdict=verdict, received_at=timezone.now() - timedelta(days=2))
    row = queue(page)
    run()
    found = {one.what: (one.before, one.after) for one in ReplayDifference.objects.all()}
    assert found["full_name"] == ("", "")
    assert found["pir"] == ("740009", "740746")
    assert found["kind"] == ("other", "registration")
    shown = words(page, f"/rules/replays/{row.pk}?what=full_name")
    assert "eltér (a levélnél megnézhető)" in shown
    assert "Egészen Más Név" not in shown
    detail = words(page, f"/rules/replays/{row.pk}/mails/{registration.mail_id}")
    assert "Egészen Más NévKovács Anna" in detail
    answer = page.get(f"/rules/replays/{row.pk}/download").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(answer), delimiter=";"))
    assert ["PIR szám", "740009", "740746"] in [line[2:5] for line in rows]
    assert "Egészen" not in answer


def test_drafts_are_held_against_what_is_in_force(page: Client, staff: User) -> None:
    decided(RAW)
    draft_word(staff, load_catalogue(), ModuleWord(module="PM-2777-2105-BS", tier="asked", word="zöldfülke"))
    assert "még nem futott visszajátszás" in words(page, "/rules/drafts")
    row = queue(page, compares="drafts")
    run()
    row.refresh_from_db()
    assert (row.state, row.changed) == (ReplayState.DONE, 1)
    assert ReplayDifference.objects.get(what="modules").after == "PM-2777-2105-BS"
    assert "ADÓ" in words(page, f"/rules/replays/{row.pk}?what=modules")
    assert "1 levélből 1 értékelése változna" in words(page, "/rules/drafts")
    page.post("/rules/drafts/switch-on", {"seen": mark_of(get_drafts())})
    assert ModuleWord.objects.get().live
    assert "Nincs bekapcsolásra váró tervezet" in words(page, "/rules/drafts")


def test_a_replay_goes_on_where_its_last_turn_ended(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_replay, "BATCH", 2)
    for _ in range(5):
        decided(RAW)
    row = queue(page)
    for done in (0, 0):
        run(0.0)
        row.refresh_from_db()
        assert (row.done, row.state) == (done, ReplayState.WAITING)
    Replay.objects.update(cursor=Mail.objects.order_by("pk")[2].pk, done=3, attempts=1)
    run()
    row.refresh_from_db()
    assert (row.done, row.state) == (5, ReplayState.DONE)


def test_a_cancelled_replay_stops_and_its_turn_writes_nothing_more(page: Client) -> None:
    decided(RAW)
    row = queue(page)

    def cancel_and_decide(*args: object) -> object:
        page.post(f"/rules/replays/{row.pk}/cancel")
        return decide(*args)  # type: ignore[arg-type]

    thinking = load_thinking()
    run_turn(type(thinking)(thinking.parse, cancel_and_decide, thinking.dump, thinking.catalogue), OWN)  # type: ignore[arg-type]
    row.refresh_from_db()
    assert (row.state, row.done) == (ReplayState.CANCELLED, 0)
    assert not run_turn(thinking, OWN)
    assert "megszakítva" in words(page, f"/rules/replays/{row.pk}")


def test_a_catalogue_that_changed_meanwhile_ends_it(page: Client, staff: User) -> None:
    decided(RAW)
    row = queue(page)
    draft_word(staff, load_catalogue(), ModuleWord(module="PM-2777-2105-BS", tier="asked", word="zöldfülke"))
    switch_on_words(staff, load_catalogue(), mark_of(get_drafts()))
    run()
    row.refresh_from_db()
    assert row.state == ReplayState.OVERTAKEN


def test_one_that_kills_its_turns_is_given_up(page: Client) -> None:
    decided(RAW)
    row = queue(page)
    Replay.objects.update(attempts=3)
    run()
    row.refresh_from_db()
    assert row.state == ReplayState.FAILED


def test_a_mail_that_cannot_be_decided_is_counted_and_the_others_go_on(page: Client) -> None:
    decided(RAW)
    decided(make_raw(request_text(Applicant())))
    first = Mail.objects.order_by("pk")[0]
    Mail.objects.filter(pk=first.pk).update(verdict={"earlier": {"broken": 1}})
    queue(page)
    run()
    row = Replay.objects.get()
    assert (row.done, row.failed, row.state) == (2, 1, ReplayState.DONE)
    assert ReplayDifference.objects.get(what="failure").mail_id == first.pk


def test_old_replays_are_forgotten(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_replay, "KEPT", 2)
    moment = timezone.now()
    for _ in range(4):
        start_replay(staff, Wish(moment, moment, Compared.LEDGER), load_thinking())
        Replay.objects.update(state=ReplayState.DONE)
    assert Replay.objects.count() == 3  # the new one beside those


@pytest.mark.parametrize("days", [("", ""), ("2026-11-20", "2026-11-19"), ("x", "y")])
def test_a_period_must_be_one(page: Client, days: tuple[str, str]) -> None:
    answer = page.post("/rules/replays/start", {"compares": "ledger", "first": days[0], "last": days[1]})
    assert answer.status_code == 400
    assert not Replay.objects.exists()


def test_days_are_hungarian_days(page: Client) -> None:
    row = None
    page.post("/rules/replays/start", {"compares": "ledger", "first": "2026-11-20", "last": "2026-11-20"})
    row = Replay.objects.get()
    zone = timezone.get_default_timezone()
    assert row.since == datetime(2026, 11, 20, tzinfo=zone)
    assert row.until == datetime(2026, 11, 21, tzinfo=zone)
    for address in ("/rules/replays", f"/rules/replays/{row.pk}"):
        assert ">2026. 11. 20.<" in page.get(address).content.decode()  # one day is no stretch of days


def test_a_mail_too_large_to_be_taken_in_is_no_difference(page: Client) -> None:
    raw = make_raw(request_text(Applicant()))
    verdict = of_headers_only(decide(parse_message(raw), load_catalogue()))
    make_mail(raw, verdict=verdict, failure=OVERSIZE, received_at=timezone.now() - timedelta(days=1))
    queue(page)
    run()
    assert (Replay.objects.get().done, Replay.objects.get().changed) == (1, 0)


def test_days_at_the_ends_of_the_calendar_are_refused(client: Client) -> None:
    client.force_login(make_user(role=Role.LEAD))
    days = {"first": "0001-01-01", "last": "9999-12-31"}
    assert client.post("/rules/replays/start", {**days, "compares": "ledger"}).status_code == 400
    assert client.get("/rules/feedback", days).status_code == 200
    assert not Replay.objects.exists()
