"""Files for a directory by the browser: nothing is written before it was looked at, everything at once after it."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import strip_tags

from registry.models import Account, Clerk, Municipality
from registry.uploads import Upload, UploadState
from worker.models import Event

pytestmark = pytest.mark.django_db
FIRST = "PIR;Megnevezés;Vármegye\n740009;Aba Község Önkormányzata;Fejér\n740373;Orfű Község Önkormányzata;Baranya\n"
SECOND = (
    "PIR;Megnevezés;Vármegye\n740009;Aba Nagyközség Önkormányzata;Fejér\n740746;Őriszentpéter Város Önkormányzata;Vas\n"
    "12;Rossz;Vas\n"
)


def send(page: Client, name: str, text: str | bytes, filename: str = "jegyzek.csv") -> str:
    """Upload; returns the address it leads to."""
    data = text.encode() if isinstance(text, str) else text
    answer = page.post(f"/directories/{name}/upload", {"file": SimpleUploadedFile(filename, data)})
    assert answer.status_code == 302
    return str(answer["Location"])


def words(page: Client, address: str) -> str:
    return " ".join(strip_tags(page.get(address).content.decode()).split())


@pytest.fixture
def known(page: Client) -> None:
    address = send(page, "register", FIRST)
    page.post(f"{address}/apply")


def test_a_file_is_shown_first_and_changes_nothing(page: Client) -> None:
    address = send(page, "register", FIRST)
    assert not Municipality.objects.exists()
    assert "2 új" in words(page, address)
    page.post(f"{address}/drop")
    assert not Municipality.objects.exists()
    assert Upload.objects.get().data is None
    assert page.get(address).status_code == 404


@pytest.mark.usefixtures("known")
def test_the_report_says_what_is_new_changed_refused_and_gone(page: Client) -> None:
    address = send(page, "register", SECOND)
    told = words(page, address)
    for part in ("1 új", "1 módosul", "1 kihagyott sor", "1 nem szerepel", "Aba Község Önkormányzata → Aba Nagyközség"):
        assert part in told
    assert "A PIR szám nem hat számjegy: 12" in told
    rows = list(csv.reader(io.StringIO(page.get(f"{address}/download").content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Sorsa", "Sor az állományban", "Kulcs"]
    assert ["Módosul", "2", "740009", "Megnevezés", "Aba Község Önkormányzata", "Aba Nagyközség Önkormányzata"] in rows


@pytest.mark.usefixtures("known")
def test_what_is_gone_stays_unless_it_is_said(page: Client) -> None:
    page.post(f"{send(page, 'register', SECOND)}/apply")
    assert set(Municipality.objects.values_list("pir", flat=True)) == {"740009", "740373", "740746"}
    address = send(page, "register", SECOND)
    page.post(f"{address}/apply", {"remove_gone": "1"})
    assert set(Municipality.objects.values_list("pir", flat=True)) == {"740009", "740746"}
    event = Event.objects.filter(verb="directory_imported").latest("pk")
    assert event.actor is not None
    assert event.details["counts"]["removed"] == 1
    assert "1 sor törölve" in words(page, address)
    page.post(f"{address}/apply")  # twice does no harm
    assert Event.objects.filter(verb="directory_imported").count() == 3


@pytest.mark.usefixtures("known")
def test_a_directory_that_changed_meanwhile_is_looked_at_again(page: Client) -> None:
    address = send(page, "register", SECOND)
    Municipality.objects.filter(pk="740009").update(name="Aba Nagyközség Önkormányzata")
    page.post(f"{address}/apply")
    assert Upload.objects.latest("pk").state == UploadState.PLANNED
    assert "0 módosul" in words(page, address)
    page.post(f"{address}/apply")
    assert Upload.objects.latest("pk").state == UploadState.APPLIED


def test_clerks_that_staff_confirmed_are_never_gone(page: Client) -> None:
    Clerk.objects.create(municipality="Aba", address="jegyzo@aba.hu", source="staff")
    address = send(page, "clerks", "Település;E-mail\nOrfű;jegyzo@orfu.hu\n")
    page.post(f"{address}/apply", {"remove_gone": "1"})
    assert Clerk.objects.count() == 2


def test_columns_that_a_file_lacks_leave_what_is_there(page: Client) -> None:
    Account.objects.create(email="kovacs.anna@aba.hu", username="anna", full_name="Kovács Anna")
    page.post(f"{send(page, 'accounts', 'email;name' + chr(10) + 'kovacs.anna@aba.hu;Kovácsné Anna')}/apply")
    account = Account.objects.get()
    assert (account.username, account.full_name) == ("anna", "Kovácsné Anna")


def test_a_gazetteer_among_the_bodies_goes_where_it_belongs(page: Client) -> None:
    address = send(page, "register", "Helység megnevezése;Vármegye\nAba;Fejér\n")
    assert "Települések" in words(page, address)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    return stream.getvalue()


def endless_rows() -> bytes:
    content = (
        b'<office:document-content><table:table table:name="a"><table:table-row table:number-rows-repeated="1000000">'
        b'<table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p>'
        b"</table:table-cell></table:table-row></table:table></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return stream.getvalue()


def huge_area() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b'<c r="A1"/><c r="XFD1048576"/>')
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "üres"),
        (b"PK\x03\x04 torott", "nem olvasható táblázatként"),
        (b"\x00\x01\x02", "se nem szöveg"),
        (b"a;b\n1;2\n", "Nem található a fejléc"),
        (bomb(), "nem olvasható táblázatként"),
        (endless_rows(), "nem olvasható táblázatként"),
        (huge_area(), "nem olvasható táblázatként"),
    ],
    ids=["empty", "torn", "binary", "no-heading", "zip-bomb", "endless-rows", "huge-area"],
)
def test_a_hostile_or_useless_file_is_refused_with_the_reason(page: Client, data: bytes, said: str) -> None:
    file = SimpleUploadedFile("x.xlsx", data)
    answer = page.post("/directories/register/upload", {"file": file}, follow=True)
    assert said in answer.content.decode()
    assert not Upload.objects.exists()


def test_formulas_in_the_report_are_text(page: Client) -> None:
    address = send(page, "register", "PIR;Megnevezés\n740009;=HYPERLINK(1)\n")
    assert "'=HYPERLINK" in page.get(f"{address}/download").content.decode()


def test_a_value_too_long_for_its_column_is_refused_alone(page: Client) -> None:
    address = send(page, "accounts", f"email;username\nx@y.hu;{'u' * 400}\nz@y.hu;z\n")
    page.post(f"{address}/apply")
    assert [one.pk for one in Account.objects.all()] == ["z@y.hu"]
