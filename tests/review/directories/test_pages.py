"""The directories' pages: what is seen, found, corrected by hand, and by whom."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from registry.imports.directories import CLERKS, REGISTER
from registry.models import AcceptedAddress, Account, Clerk, Municipality, Settlement
from registry.services.edit_row import mark_of_row
from staff.roles import Role
from tests.review.factory import make_registration, make_user
from worker.models import Event

pytestmark = pytest.mark.django_db
QUERIES = 5  # session, person, role, keys, rows; the access log's row is written apart


@pytest.fixture
def rows(staff: User) -> None:
    Settlement.objects.bulk_create(
        [
            Settlement(name="Őriszentpéter", county="Vas"),
            Settlement(name="Szalafő", county="Vas", joint_office_seat="Őriszentpéter"),
        ]
    )
    Municipality.objects.create(pir="740009", name="Szalafő Község Önkormányzata", settlement="Szalafő", county="Vas")
    Clerk.objects.create(
        municipality="Őriszentpéter",
        address="jegyzo@oriszentpeter.hu",
        name="dr. Minta Ödön",
        source="staff",
        confirmed_by=staff,
    )
    Account.objects.create(email="minta.eva@szalafo.hu", username="mintaeva", full_name="Mintáné Kiss Éva")
    AcceptedAddress.objects.create(address="ado2@szalafo.hu", accepted_by=staff)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


@pytest.mark.usefixtures("rows")
def test_the_index_counts_every_directory(page: Client) -> None:
    told = text(page, "/directories/")
    for words in ("Önkormányzatok1", "Települések2", "Jegyzők1", "Portálfiókok1", "Tananyagok21"):
        assert words in told


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/directories/register?q=szalafo", "Szalafő Község Önkormányzata"),
        ("/directories/register?q=740009", "Szalafő Község Önkormányzata"),
        ("/directories/gazetteer?q=ORISZENT", "Őriszentpéter"),
        ("/directories/clerks?q=%C3%B6d%C3%B6n+oriszent", "dr. Minta Ödön"),
        ("/directories/accounts?q=mintane", "minta.eva@szalafo.hu"),
        ("/directories/addresses?q=ado2", "ado2@szalafo.hu"),
        ("/directories/gazetteer?q=tiszacsege", "Települések lapjai"),
    ],
)
def test_search_knows_no_accents(page: Client, address: str, found: str) -> None:
    assert found in text(page, address)
    assert "Nincs a keresésnek megfelelő sor" in text(page, address.partition("?")[0] + "?q=nincsilyen")


@pytest.mark.usefixtures("rows")
def test_a_clerk_says_who_confirmed_and_when(page: Client) -> None:
    told = text(page, "/directories/clerks")
    assert "munkatárstól Minta Márta" in told


def test_a_long_list_has_pages_and_always_the_same_queries(
    page: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Account.objects.bulk_create([Account(email=f"nev{number:03}@minta.hu") for number in range(120)])
    with django_assert_max_num_queries(QUERIES + 1):
        first = page.get("/directories/accounts").content.decode()
    with django_assert_max_num_queries(QUERIES + 1):
        last = page.get("/directories/accounts?page=3").content.decode()
    assert "nev049@" in first
    assert "nev050@" not in first
    assert "nev119@" in last
    assert "Következő oldal" not in last


@pytest.mark.usefixtures("rows")
def test_no_address_of_a_link_holds_a_persons_data(page: Client) -> None:
    for name in ("accounts", "clerks", "addresses"):
        links = re.findall(r'(?:href|action)="([^"]*)"', page.get(f"/directories/{name}").content.decode())
        assert not [link for link in links if "@" in link or "%40" in link]


@pytest.mark.usefixtures("rows")
def test_a_place_shows_bodies_clerks_of_its_seat_and_cases(page: Client) -> None:
    registration = make_registration()
    type(registration).objects.filter(pk=registration.pk).update(municipality="Szalafő")
    told = text(page, "/directories/places/Szalafő")
    for words in ("székhelye: Őriszentpéter", "a székhelyről: Őriszentpéter", "740009", "Kovács Anna"):
        assert words in told
    assert "Ide tartozik még: Szalafő" in text(page, "/directories/places/Őriszentpéter")
    assert "a beépített jegyzékből" in text(page, "/directories/places/Tiszacsege")
    assert page.get("/directories/places/Nincsilyen").status_code == 404


def test_a_row_is_added_changed_and_deleted_with_its_events(page: Client, staff: User) -> None:
    body = {"pir": "740 009", "name": "Aba Község Önkormányzata", "settlement": "aba", "county": "Fejér"}
    assert page.post("/directories/register/add", body).status_code == 302
    row = Municipality.objects.get(pk="740009")
    assert row.settlement == "Aba"
    assert page.post("/directories/register/add", body).status_code == 409
    shown = page.post("/directories/register/edit", {"key": "740009"}).content.decode()
    seen = mark_of_row(REGISTER, row)
    assert seen in shown
    body = {
        "key": "740009",
        "seen": seen,
        "name": "Aba Nagyközség Önkormányzata",
        "settlement": "Aba",
        "county": "Fejér",
    }
    assert page.post("/directories/register/save", body).status_code == 302
    row.refresh_from_db()
    assert row.name == "Aba Nagyközség Önkormányzata"
    event = Event.objects.get(verb="directory_changed")
    assert event.actor == staff
    assert event.details["changed"] == {"name": ["Aba Község Önkormányzata", "Aba Nagyközség Önkormányzata"]}
    assert (
        page.post("/directories/register/delete", {"key": "740009", "seen": mark_of_row(REGISTER, row)}).status_code
        == 302
    )
    assert not Municipality.objects.exists()
    assert Event.objects.get(verb="directory_deleted").details["changed"]["pir"] == ["740009", ""]


@pytest.mark.usefixtures("rows")
def test_the_second_save_of_a_row_is_refused_and_shows_what_is_there(page: Client) -> None:
    row = Municipality.objects.get()
    seen = mark_of_row(REGISTER, row)
    Municipality.objects.update(name="Más írta át")
    body = {"key": row.pk, "seen": seen, "name": "Az enyém", "settlement": "", "county": ""}
    answer = page.post("/directories/register/save", body)
    assert answer.status_code == 409
    assert "Más írta át" in answer.content.decode()
    assert Municipality.objects.get().name == "Más írta át"
    assert page.post("/directories/register/delete", {"key": row.pk, "seen": seen}).status_code == 302
    assert Municipality.objects.exists()


def test_a_clerk_by_hand_is_vouched_for_by_whom_wrote_it(page: Client, staff: User) -> None:
    body = {"municipality": "tiszacsege", "address": "Jegyzo@Tiszacsege.hu", "name": "dr. Minta Béla"}
    page.post("/directories/clerks/add", body)
    clerk = Clerk.objects.get()
    assert (clerk.municipality, clerk.address, clerk.source, clerk.confirmed_by) == (
        "Tiszacsege",
        "jegyzo@tiszacsege.hu",
        "staff",
        staff,
    )
    other = Clerk.objects.create(municipality="Aba", address="jegyzo@aba.hu")
    body |= {"key": str(other.pk), "seen": mark_of_row(CLERKS, other)}
    assert page.post("/directories/clerks/save", body).status_code == 409  # that pair is taken
    assert page.post("/directories/clerks/edit", {"key": "abc"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("register", {"pir": "12345", "name": "X"}),
        ("register", {"pir": "740008", "name": "X"}),
        ("register", {"pir": "740009", "name": "X", "settlement": "Narnia"}),
        ("gazetteer", {"name": "Újfalu", "county": "Narnia"}),
        ("clerks", {"municipality": "Aba", "address": "nem cím"}),
        ("accounts", {"email": "kovacs"}),
    ],
)
def test_what_is_wrong_is_said_and_not_written(page: Client, name: str, body: dict[str, str]) -> None:
    answer = page.post(f"/directories/{name}/add", body)
    assert answer.status_code == 400
    assert "error-text" in answer.content.decode()
    assert not Event.objects.filter(verb__startswith="directory").exists()


@pytest.mark.usefixtures("rows")
def test_an_accepted_address_is_taken_back(page: Client) -> None:
    shown = page.get("/directories/addresses").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen
    page.post("/directories/addresses/delete", {"key": "ado2@szalafo.hu", "seen": seen[1]})
    assert not AcceptedAddress.objects.exists()
    assert Event.objects.get(verb="directory_deleted").details["key"] == ["ado2@szalafo.hu"]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.LEAD])
def test_who_may_see_and_who_may_change(client: Client, role: Role) -> None:
    client.force_login(make_user(f"x-{role}", role=role))
    may = role is Role.LEAD
    shown = client.get("/directories/register").content.decode()
    assert ("Javítás" in shown, 'type="file"' in shown) == (may, may)
    assert client.get("/directories/modules").status_code == 200
    body = {"pir": "740373", "name": "X"}
    for address in ("register/add", "register/edit", "register/save", "register/delete", "register/upload"):
        refused = client.post(f"/directories/{address}", body).status_code == 403
        assert refused != may
    assert (client.post("/directories/modules/PM-2777-2105-BS/draft", {"word": "x"}).status_code == 403) != may
