"""The hand-over's preview and its runs, as the clerk sees them; who may not, does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from config.catalogue import load_catalogue
from config.moodle import MoodleService, default_courses
from registry.exports.people import Problem, Remark
from registry.models import Account, Registration, RegistrationStatus
from registry.moodle import errors
from registry.moodle.turn import take_turn
from registry.portal import PortalResult, PortalRun, PortalRunKind, PortalState
from review.handover import exports
from review.labels import load_labels
from staff.roles import Role
from tests.review.factory import ADO, KATI, Applicant, make_registration, make_user
from tests.servers.moodle import TOKEN, Moodle, run_moodle
from worker.models import Event
from worker.services.leases import later

pytestmark = pytest.mark.django_db
PORTAL = MoodleService("https://portal.example.hu", TOKEN)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal is configured; nobody asks it."""
    configure(monkeypatch, PORTAL)


@pytest.fixture
def moodle(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moodle]:
    """A running portal is configured."""
    with run_moodle() as running:
        running.courses = {name: number for number, name in enumerate(default_courses().values(), 11)}
        configure(monkeypatch, MoodleService(running.url, TOKEN, 0))
        yield running


def configure(monkeypatch: pytest.MonkeyPatch, service: MoodleService) -> None:
    moodle = replace(settings.ASPOKTATAS.moodle, service=service)
    monkeypatch.setattr(settings, "ASPOKTATAS", replace(settings.ASPOKTATAS, moodle=moodle))


def work() -> None:
    """The worker's turn."""
    PortalResult.objects.filter(state="waiting").update(next_attempt_at=later(-1))
    take_turn(settings.ASPOKTATAS.moodle, load_catalogue(), for_s=10)


def preview(page: Client, **values: object) -> str:
    return str(page.post("/handover/make", {"format": "moodle", **values}).headers["Location"])


def begin(page: Client, address: str, **values: object) -> str:
    return str(page.post(f"{address}/run", values).headers["Location"])


def text(page: Client, address: str) -> str:
    response = page.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_preview_shows_who_as_whom_into_what(page: Client) -> None:
    Account.objects.create(email="nagy.bela@x.hu", username="nbela", full_name="Kiss Zita")
    make_registration(Applicant("Kovácsné Nagy Éva", email="nagy.eva@x.hu", modules=(ADO, KATI)), status="approved")
    make_registration(Applicant("Nagy Béla", email="nagy.bela@x.hu"), status="approved")
    shown = text(page, preview(page))
    assert "1 új és 1 meglévő fiók." in shown
    for told in ("Kovácsné Nagy Éva", "nagy.eva@x.hu", "ADÓ, Gazdálkodás - KATI", "nbela", "más névre szól"):
        assert told in shown
    assert "Újak hozzáadása és meglévő felhasználók frissítése" in shown
    assert "Közvetlen átadás" not in shown


def test_whom_the_portal_would_refuse_is_told_before_and_stays(page: Client) -> None:
    good = make_registration(Applicant("Jó Judit", email="jo@x.hu"), status="approved")
    bad = make_registration(Applicant("Rossz Réka", email="ékes@x.hu"), status="approved")
    make_registration(Applicant("Kész Kata", pir=""), status="incomplete")
    address = preview(page, status=["approved", "incomplete"])
    shown = text(page, address)
    assert "Nem adható át (1)" in shown
    assert "az e-mail címben ékezetes betű van" in shown
    assert f'href="/registrations/{bad.pk}"' in shown
    assert "1 kérelem hiányos" in shown
    assert "ékes" not in page.get(f"{address}/download").content.decode()
    page.post(f"{address}/mark")
    assert dict(Registration.objects.values_list("pk", "status"))[good.pk] == "exported"
    assert dict(Registration.objects.values_list("pk", "status"))[bad.pk] == "approved"


def test_who_is_refused_since_is_not_marked(page: Client) -> None:
    row = make_registration(status="approved")
    address = preview(page)
    Account.objects.create(email="masvalaki@x.hu", username=row.email)
    assert "a felhasználónév másé" in text(page, address)
    page.post(f"{address}/mark")
    row.refresh_from_db()
    assert row.status == "approved"


def test_nobody_gets_an_account_by_a_closed_request(page: Client) -> None:
    make_registration(Applicant(email="a@x.hu"), status="rejected")
    good = make_registration(status="approved")
    address = preview(page, status=["rejected", "approved"])
    assert "1 elutasított, tárgytalan vagy lejárt kérelem kimaradt" in text(page, address)
    assert page.get(f"{address}/download").content.decode().count("\n") == 2
    assert good.email in text(page, address)


def test_all_refused_is_a_preview_too(page: Client) -> None:
    make_registration(Applicant(email="ékes@x.hu"), status="approved")
    assert "Nem adható át (1)" in text(page, preview(page))


def test_more_than_can_be_looked_through_at_once(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 2)
    for number in range(3):
        make_registration(Applicant(email=f"a{number}@x.hu"), status="approved")
    assert "További 1 kimaradt" in text(page, preview(page))


def test_a_module_without_a_course_is_named(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    courses = {**settings.ASPOKTATAS.moodle.courses, KATI: ""}
    moodle = replace(settings.ASPOKTATAS.moodle, courses=courses)
    monkeypatch.setattr(settings, "ASPOKTATAS", replace(settings.ASPOKTATAS, moodle=moodle))
    make_registration(Applicant(modules=(ADO, KATI)), status="approved")
    make_registration(Applicant(email="b@x.hu", modules=(KATI,)), status="approved")
    shown = text(page, preview(page))
    assert "nincs kurzusa: Gazdálkodás - KATI" in shown
    assert "egyik kért tananyagnak sincs kurzusa" in shown


def test_exported_is_confirmed(page: Client) -> None:
    row = make_registration(status="approved")
    address = preview(page)
    page.post(f"{address}/mark")
    assert "A regisztráció megerősítése (1)" in text(page, address)
    assert "1 kérelem regisztrációja megerősítve." in page.post(f"{address}/confirm", follow=True).content.decode()
    row.refresh_from_db()
    assert row.status == "registered"
    assert row.email in page.get(f"{address}/download").content.decode()


def test_a_rehearsal_then_the_hand_over_then_each_result(page: Client, moodle: Moodle, staff: User) -> None:
    make_registration(Applicant("Jó Judit", email="jo@x.hu"), status="approved")
    make_registration(Applicant("Foglalt Ferenc", email="foglalt@x.hu"), status="approved")
    moodle.add("foglalt@x.hu", "mas@x.hu")
    address = preview(page)
    assert "Átadás a portálnak (2 személy)" in text(page, address)
    rehearsal = begin(page, address)
    shown = text(page, rehearsal)
    assert "Átadás próbája" in shown
    assert "0 / 2 kérelem" in shown
    assert 'hx-trigger="every 3s"' in shown
    work()
    shown = text(page, rehearsal)
    assert "2 / 2 kérelem" in shown
    assert "every 3s" not in shown
    assert "beíratná" in shown
    assert len(moodle.users) == 1
    real = begin(page, address, sure="1")
    assert PortalRun.objects.latest("pk").actor == staff
    work()
    shown = text(page, real)
    for told in ("létrehozva", "beíratva", "Ez a felhasználónév a portálon más e-mail címhez tartozik.", "újra (1)"):
        assert told in shown
    assert shown.index("Foglalt Ferenc") < shown.index("Jó Judit")  # what needs a person stands first
    assert sorted(Registration.objects.values_list("status", flat=True)) == ["approved", "registered"]
    moodle.users[0].username = "masik"
    failed = PortalResult.objects.get(state="failed", for_real=True)
    page.post(f"{real}/again", {"result": str(failed.pk)})
    work()
    assert set(Registration.objects.values_list("status", flat=True)) == {"registered"}
    assert "Újra" not in text(page, f"{real}/progress")
    assert "Nincs közvetlenül átadható kérelem" in text(page, address)


def test_maintenance_is_told_and_a_run_stopped(page: Client, moodle: Moodle) -> None:
    make_registration(status="approved")
    moodle.maintenance = "json"
    real = begin(page, preview(page), sure="1")
    work()
    assert "karbantartás" in text(page, real)
    assert "már nem kerül sorra" in page.post(f"{real}/stop", follow=True).content.decode()
    moodle.maintenance = ""
    work()
    assert not moodle.users
    assert "Az átadást leállították." in text(page, real)


def test_a_refused_token_is_told_in_words(page: Client, moodle: Moodle, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, MoodleService(moodle.url, "wrong", 0))
    make_registration(status="approved")
    real = begin(page, preview(page), sure="1")
    work()
    shown = text(page, real)
    assert "A portál nem fogadja el a hozzáférési kulcsot." in shown
    assert "Újra most" in shown


def test_looking_up_from_the_first_page(page: Client, moodle: Moodle) -> None:
    moodle.add("kovacsanna7", "kovacs.anna@tiszacsege.hu")
    make_registration()
    assert "Meglévő fiókok lekérdezése" in text(page, "/handover")
    run = str(page.post("/handover/look-up").headers["Location"])
    work()
    assert "meglévő" in text(page, run)
    assert Account.objects.get().username == "kovacsanna7"
    assert "Meglévő fiókok lekérdezése" in text(page, "/handover")


@pytest.mark.parametrize("address", ["/handover/look-up", "run"])
def test_without_a_portal_nothing_begins(page: Client, address: str) -> None:
    make_registration(status="approved")
    target = f"{preview(page)}/run" if address == "run" else address
    assert "Nincs közvetlenül átadható kérelem." in page.post(target, {"sure": "1"}, follow=True).content.decode()
    assert not PortalRun.objects.exists()


def test_a_second_click_shows_the_first_ones_run(page: Client, service: None) -> None:
    make_registration(status="approved")
    address = preview(page)
    assert begin(page, address, sure="1") == begin(page, address, sure="1")
    assert PortalResult.objects.count() == 1


def test_nobody_left_to_hand_over_is_told(page: Client, service: None) -> None:
    row = make_registration(status="approved")
    address = preview(page)
    Registration.objects.filter(pk=row.pk).update(status="review", version=2)
    assert "Nincs közvetlenül átadható kérelem." in page.post(f"{address}/run", follow=True).content.decode()


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.LEAD, Role.ADMINISTRATOR])
def test_each_role_by_its_ability(client: Client, service: None, role: Role) -> None:
    client.force_login(make_user(role=role))
    event = Event.objects.create(verb="export_made", details={"format": "moodle", "rows": [], "delimiter": "comma"})
    run = PortalRun.objects.create(kind=PortalRunKind.REGISTER)
    expected = 403 if role is Role.READER else 200
    for address in (
        "/handover",
        f"/handover/{event.pk}",
        f"/handover/runs/{run.pk}",
        f"/handover/runs/{run.pk}/progress",
    ):
        assert client.get(address).status_code == expected
    expected = 403 if role is Role.READER else 302
    for verb in (f"{event.pk}/run", f"{event.pk}/confirm", f"runs/{run.pk}/again", f"runs/{run.pk}/stop", "look-up"):
        assert client.post(f"/handover/{verb}").status_code == expected


def test_long_lists_come_by_pages(
    page: Client, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    for number in range(101):
        make_registration(Applicant(f"Próba Péter{number}", email=f"a{number:03}@x.hu"), status="approved")
    address = preview(page)
    with django_assert_max_num_queries(30):
        shown = text(page, address)
    assert "a000@x.hu" in shown
    assert "a100@x.hu" not in shown
    assert "a100@x.hu" in text(page, f"{address}?page=2")


def test_every_code_has_words() -> None:
    labels = load_labels()
    assert set(Problem) == set(labels["portal_problem"])
    assert set(Problem) <= set(labels["portal_error"])
    assert set(Remark) == set(labels["portal_remark"])
    assert set(PortalState.values) == set(labels["portal_state"])
    assert set(PortalRunKind.values) == set(labels["portal_kind"]) == set(labels["portal_kind_about"])
    codes = {*errors.MISCONFIGURED.values(), *errors.AWAY.values(), *errors.REFUSED.values()}
    for file in Path(errors.__file__).parent.glob("*.py"):
        codes |= set(re.findall(r'(?:Portal(?:Refusal|Away|Misconfigured)\(|error=)"(\w+)"', file.read_text("utf-8")))
    assert {"several_accounts", "changed_meanwhile", "timeout"} <= codes
    assert codes <= set(labels["portal_error"])
    assert set(RegistrationStatus.values) <= set(labels["status"])
