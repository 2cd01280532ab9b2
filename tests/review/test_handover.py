"""The hand-over: a file that is fixed when made, and the rows it closes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from registry.models import Account, Registration
from registry.services.change import Target
from registry.services.take_back import take_back
from rules.model import Problem, Status
from tests.review.factory import ADO, Applicant, make_registration, make_user
from worker.models import Event

pytestmark = pytest.mark.django_db


def make_file(page: Client, **values: object) -> str:
    response = page.post("/handover/make", values)
    assert response.status_code == 302
    return str(response.headers["Location"])


def rows_of(page: Client, address: str) -> list[dict[str, str]]:
    response = page.get(f"{address}/download")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_approved_are_handed_over_and_closed(page: Client, staff: object) -> None:
    make_registration(Applicant(full_name="Nagy Béla", email="nagy.bela@tiszacsege.hu"), status="approved")
    make_registration(Applicant(full_name="Kész Kata"))
    address = make_file(page, format="moodle")
    assert [row["email"] for row in rows_of(page, address)] == ["nagy.bela@tiszacsege.hu"]
    assert "Megjelölés átadottnak (1)" in page.get(address).content.decode()
    page.post(f"{address}/mark")
    assert list(Registration.objects.order_by("pk").values_list("status", flat=True)) == ["exported", "ready"]
    assert [row["email"] for row in rows_of(page, address)] == ["nagy.bela@tiszacsege.hu"]
    made = Event.objects.get(verb="export_made")
    assert made.actor == staff
    assert Event.objects.filter(verb="export_downloaded").count() == 2


def test_what_changes_after_the_file_was_made_is_not_in_it(page: Client) -> None:
    kept, changed = make_registration(status="approved"), make_registration(status="approved")
    address = make_file(page, format="csv")
    take_back(Target(changed.pk, changed.version), make_user("masik"))
    assert [row["Azonosító"] for row in rows_of(page, address)] == [str(kept.pk)]
    assert "1 kérelem azóta megváltozott" in page.get(address).content.decode()
    page.post(f"{address}/mark")
    changed.refresh_from_db()
    assert changed.status == "review"


def test_marked_rows_only_in_the_chosen_dialect(page: Client) -> None:
    first, _ = make_registration(status="approved"), make_registration(status="approved")
    address = make_file(page, format="csv", row=[f"{first.pk}:1"], delimiter="comma", bom="1")
    content = page.get(f"{address}/download").content
    assert content.startswith("\ufeffAzonosító,Állapot,Teljes név,".encode())
    assert content.count(b"\r\n") == 2


def test_the_tables_for_people_speak_hungarian(page: Client) -> None:
    one = Applicant(status=Status.INCOMPLETE, problems=(Problem.EMAIL_NOT_PERSONAL, Problem.PIR_INVALID))
    received = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    registration = make_registration(one, received_at=received)
    row = f"{registration.pk}:1"
    csv_file = page.get(f"{make_file(page, format='csv', row=[row])}/download").content
    assert csv_file.startswith(b"\xef\xbb\xbf")
    told = next(csv.DictReader(io.StringIO(csv_file.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert (told["Állapot"], told["Hiányosságok"]) == ("hiánypótlásra vár", "nem személyes e-mail, hibás PIR")
    assert (told["Jegyző"], told["Beérkezett"]) == ("a levél szerint a címzettek között van", "2026-11-23 08:30")
    book = page.get(f"{make_file(page, format='xlsx', row=[row])}/download").content
    headings, cells = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert dict(zip(headings, cells, strict=True)) == told | {
        "Azonosító": str(registration.pk),
        "Beérkezett": datetime(2026, 11, 23, 8, 30),  # noqa: DTZ001  # a sheet's clock is the reader's
    }


def test_moodle_takes_only_complete_requests(page: Client) -> None:
    make_registration(Applicant(pir=""), status="incomplete")
    response = page.post("/handover/make", {"format": "moodle", "status": ["incomplete"]}, follow=True)
    assert "Nincs a feltételeknek megfelelő kérelem" in response.content.decode()


def test_known_accounts_and_doubled_addresses_are_told(page: Client) -> None:
    Account.objects.create(email="kovacs.anna@tiszacsege.hu", username="kovacsanna")
    make_registration(Applicant(modules=(ADO,)), status="approved")
    make_registration(status="approved")
    text = page.get(make_file(page, format="moodle")).content.decode()
    assert "címhez már tartozik fiók" in text
    assert "Az azonos címhez tartozó kérelmekből egy fiók lesz" in text


@pytest.mark.parametrize("name", ["moodle", "csv", "xlsx", "jsonl"])
def test_every_format_downloads_as_a_file(page: Client, name: str) -> None:
    make_registration(status="approved")
    address = make_file(page, format=name)
    response = page.get(f"{address}/download")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="asp-{name}-')
    assert page.get("/handover").status_code == 200


def test_an_unknown_format_makes_nothing(page: Client) -> None:
    make_registration(status="approved")
    make_file(page, format="exe")
    assert not Event.objects.filter(verb="export_made").exists()


def test_only_export_events_are_files(page: Client) -> None:
    make_registration()
    assert page.get(f"/handover/{Event.objects.get().pk}").status_code == 404
