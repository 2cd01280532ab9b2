"""The log: both tables as one, in Hungarian, searched, paged without gaps, and taken away as a file."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from review.labels import labels_of
from staff.log.query import LogQuery, parse_query
from staff.log.reading import Cursor, parse_cursor, read_all, read_page
from staff.log.sentences import number_with_article
from staff.models import Access
from staff.roles import Role
from tests.review.factory import make_registration, make_user
from worker.models import Event

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 20, 8, tzinfo=ZoneInfo("Europe/Budapest"))


@pytest.fixture
def marta() -> User:
    """A colleague."""
    return make_user(role=Role.LEAD)


def seen(user: User | None, page: str, minutes: int = 0, **fields: Any) -> Access:
    """A row of the access log."""
    values = {"method": "GET", "status": 200, **fields}
    return Access.objects.create(user=user, page=page, at=MORNING + timedelta(minutes=minutes), **values)


def done(actor: User | None, verb: str, minutes: int = 0, **fields: Any) -> Event:
    """An event."""
    return Event.objects.create(actor=actor, verb=verb, at=MORNING + timedelta(minutes=minutes), **fields)


def sentences(**asked: str) -> list[str]:
    """What the log says, the newest first."""
    return [entry.sentence for entry in read_all(parse_query(asked))]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "az 1."),
        (2, "a 2."),
        (5, "az 5."),
        (10, "a 10."),
        (50, "az 50."),
        (100, "a 100."),
        (1500, "az 1500."),
        (10_000, "a 10000."),
        (500_000, "az 500000."),
    ],
)
def test_numbers_have_their_article(number: int, expected: str) -> None:
    assert number_with_article(number) == expected


def test_rows_in_words(marta: User) -> None:
    other = make_user("masik", name="Minta Ödön")
    seen(marta, "case", 1, subject="registration", subject_id=123)
    seen(marta, "member", 2, subject="person", subject_id=other.pk)
    seen(None, "login_failed", 3, status=403)
    seen(marta, "login", 4, details={"by": ["password", "totp"]})
    seen(marta, "queue", 5, details={"asked": ["q", "tab"]})
    seen(marta, "some-new-page", 6, subject="mail", subject_id=5, method="POST", status=409)
    done(marta, "role_changed", 7, details={"person": other.pk, "from": "reader", "to": "lead"})
    entries = list(read_all(LogQuery()))[::-1]
    assert [(one.who, one.sentence, one.outcome) for one in entries] == [
        ("Minta Márta", "Megnyitotta a 123. kérelmet", ""),
        ("Minta Márta", "Megnyitotta Minta Ödön adatlapját", ""),
        ("", "Sikertelen bejelentkezés (rossz jelszó)", "nem volt jogosultsága"),
        ("Minta Márta", "Bejelentkezett (jelszóval, kóddal)", ""),
        ("Minta Márta", "Megnyitotta a kérelmek listáját, kereséssel vagy szűréssel", ""),
        ("Minta Márta", "Műveletet kért az 5. levélnél", "elutasítva: közben megváltozott, vagy nem volt lehetséges"),
        ("Minta Márta", "Minta Ödön szerepkörét megváltoztatta: betekintő → vezető ügyintéző", ""),
    ]


def logged_pages(resolver: URLResolver) -> list[tuple[str, str]]:
    """(name, about) of every page that leaves rows."""
    found: list[tuple[str, str]] = []
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            if getattr(one.callback, "logged", False):
                found.append((str(one.name), getattr(one.callback, "about", "")))
        else:
            found += logged_pages(one)
    return found


def test_every_page_that_leaves_rows_has_words() -> None:
    own, about = labels_of("access"), labels_of("access_about")
    bare = {name for name, kind in logged_pages(get_resolver()) if name not in own and f"{kind}_POST" not in about}
    assert bare - labels_of("menu").keys() == set()


def test_every_sentence_begins_with_a_capital_and_has_one_article() -> None:
    words = [text for group in ("access", "event") for code, text in labels_of(group).items() if code[0] != "_"]
    assert [text for text in words if text[0] in "aábcdeéfghijklmnoóöőpqrstuúüűvwxyz"] == []
    assert [text for text in words if " a {number}" in text or "{number}." in text] == []  # the number brings both


def test_who(marta: User) -> None:
    boss = make_user("vezeto", name="Vezető Vera")
    seen(marta, "case", 1, subject="registration", subject_id=1)
    done(boss, "approved", 2)
    done(None, "decided", 3)
    assert sentences(who=str(marta.pk)) == ["Megnyitotta az 1. kérelmet"]
    assert sentences(who=str(boss.pk)) == ["Jóváhagyta a kérelmet"]
    assert len(sentences()) == 2
    assert len(sentences(who="all")) == 3
    assert sentences(who="worker") == ["Értékelte a levelet"]
    assert len(sentences(who="'; DROP TABLE")) == 2


def test_actions(marta: User) -> None:
    seen(marta, "case", 1, subject="registration", subject_id=1)
    seen(marta, "people", 2, status=403)
    done(marta, "approved", 3)
    assert sentences(action="e:approved") == ["Jóváhagyta a kérelmet"]
    assert sentences(action="a:case") == ["Megnyitotta az 1. kérelmet"]
    assert sentences(action="refused") == ["Megnyitotta a munkatársak listáját"]


def test_one_case(marta: User) -> None:
    case, other = make_registration(), make_registration()
    seen(marta, "case", 1, subject="registration", subject_id=case.pk)
    seen(marta, "case", 2, subject="registration", subject_id=other.pk)
    seen(marta, "mail", 3, subject="mail", subject_id=case.mail_id)
    done(marta, "approved", 4, registration=case, mail_id=case.mail_id)
    done(marta, "approved", 5, registration=other)
    for number in (str(case.pk), f"{case.pk}."):
        assert sentences(subject="registration", number=number) == [
            "Jóváhagyta a kérelmet",
            f"Megnyitotta {number_with_article(case.pk)} kérelmet",
        ]
    assert len(sentences(subject="mail", number=str(case.mail_id))) == 2


def test_the_period_ends_with_the_day(marta: User) -> None:
    for day in range(4):
        seen(marta, "case", day * 24 * 60, subject="registration", subject_id=day + 1)
    last = Access.objects.create(user=marta, page="log", method="GET", status=200, at=MORNING.replace(day=22, hour=23))
    assert last.pk
    found = sentences(since="2026-11-21", until="2026-11-22")
    assert sorted(found) == ["Megnyitotta a 2. kérelmet", "Megnyitotta a 3. kérelmet", "Megnyitotta a naplót"]
    assert len(sentences(since="tegnap", until="2026-13-40")) == 5


def test_pages_leave_nothing_out_and_nothing_stands_twice(marta: User) -> None:
    for number in range(35):
        seen(marta, "case", number, subject="registration", subject_id=number)
        if number % 3 == 0:
            done(marta, "approved", number, details={"n": number})
    everything, cursor = [], Cursor()
    while True:
        page = read_page(LogQuery(), cursor, size=7)
        assert len(page.entries) <= 7
        everything += page.entries
        if page.following is None:
            break
        cursor = parse_cursor(str(page.following))
    assert len(everything) == 35 + 12
    assert everything == sorted(everything, key=lambda one: one.at, reverse=True)
    assert everything == list(read_all(LogQuery()))


def test_a_page_costs_few_queries(client: Client, marta: User, django_assert_max_num_queries: Any) -> None:
    others = [make_user(f"nev{number}") for number in range(20)]
    for number in range(250):
        seen(marta, "member", number, subject="person", subject_id=others[number % 20].pk)
        done(marta, "approved", number)
    client.force_login(marta)
    with django_assert_max_num_queries(12):
        response = client.get(reverse("log"), {"since": "2026-11-01", "until": "2026-11-30"})
    assert len(response.context["entries"]) == 100


def test_the_page_and_its_links(client: Client, marta: User) -> None:
    case = make_registration()
    seen(marta, "case", 1, subject="registration", subject_id=case.pk)
    client.force_login(marta)
    text = client.get(reverse("log"), {"who": str(marta.pk)}).content.decode()
    assert f'href="{reverse("case", args=[case.pk])}"' in text
    assert f"{reverse('log-export')}?who={marta.pk}" in text


@pytest.mark.parametrize(("role", "expected"), [(Role.READER, 403), (Role.REVIEWER, 403), (Role.LEAD, 200)])
def test_for_whom_it_is(client: Client, role: Role, expected: int) -> None:
    client.force_login(make_user(role=role))
    assert client.get(reverse("log")).status_code == expected
    assert client.get(reverse("log-export")).status_code == expected


def test_the_file(client: Client, marta: User) -> None:
    User.objects.filter(pk=marta.pk).update(last_name='=HYPERLINK("x")', first_name="")
    seen(User.objects.get(pk=marta.pk), "case", 1, subject="registration", subject_id=123, address="192.0.2.7")
    done(None, "decided", 2)
    client.force_login(marta)
    response: Any = client.get(reverse("log-export"), {"who": "all", "number": "", "until": "2026-11-20"})
    assert response.streaming
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert head == ["Időpont", "Munkatárs", "Mi történt", "Tárgy", "Szám", "Eredmény", "Hálózati cím"]
    assert rows[0][:3] == ["2026-11-20 08:02:00", "a rendszer", "Értékelte a levelet"]
    assert rows[1][1].startswith("'=")
    assert rows[1][2:] == ["Megnyitotta a 123. kérelmet", "kérelem", "123", "", "192.0.2.7"]
    event = Event.objects.get(verb="log_exported")
    assert event.actor == marta
    assert event.details["asked"] == {"who": "all", "until": "2026-11-20"}


def test_a_number_that_nothing_can_have_does_not_spoil_the_page(client: Client, marta: User) -> None:
    client.force_login(marta)
    assert client.get(f"/mails/{10**19}").status_code == 404
    assert Access.objects.get(page="mail").subject_id is None
    assert client.get(reverse("log")).status_code == 200
