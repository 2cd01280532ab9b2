"""Filters, pages by keys, what is put aside, who works on what, and where the words sought were found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.timezone import now

from registry.models import Account, Registration
from review.excerpts import excerpt, holds
from review.paging import PAGE_SIZE
from rules.model import Note, Problem, Status
from staff.roles import Role
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_reply, make_user, request_text
from worker.models import Mail

pytestmark = pytest.mark.django_db


def names(page: Client, query: str) -> list[str]:
    """Who is listed."""
    lists = page.get(f"/{query}").context["lists"]
    return [row.registration.full_name for row in lists["registrations"].rows] if "registrations" in lists else []


def put_aside(registration: Registration, **ahead: float) -> None:
    Registration.objects.filter(pk=registration.pk).update(snoozed_until=now() + timedelta(**ahead))


def test_what_is_put_aside_comes_back_by_itself(page: Client) -> None:
    asleep, awake = make_registration(Applicant("Alvó Aladár")), make_registration(Applicant("Éber Éva"))
    put_aside(asleep, hours=1)
    put_aside(awake, seconds=-1)
    assert names(page, "?tab=ready") == ["Éber Éva"]
    assert names(page, "?tab=snoozed") == ["Alvó Aladár"]
    numbers = {one.tab.slug: one.number for one in page.get("/").context["tabs"]}
    assert (numbers["ready"], numbers["snoozed"]) == (1, 1)
    put_aside(asleep, seconds=-1)
    assert set(names(page, "?tab=ready")) == {"Alvó Aladár", "Éber Éva"}
    assert "Elhalasztva" not in page.get("/").content.decode()  # an empty list of this kind is no tab


def test_who_works_on_it(page: Client, staff: User) -> None:
    colleague = make_user("masik", name="Másik Mária", role=Role.REVIEWER)
    for name, assignee in (("Saját Sára", staff), ("Idegen Ida", colleague), ("Gazdátlan Gábor", None)):
        made = make_registration(Applicant(name))
        Registration.objects.filter(pk=made.pk).update(assignee=assignee)
    assert names(page, "?who=me") == ["Saját Sára"]
    assert names(page, "?who=none") == ["Gazdátlan Gábor"]
    assert names(page, f"?who={colleague.pk}") == ["Idegen Ida"]
    assert len(names(page, "?who=senki")) == 3
    text = page.get("/").content.decode()
    assert "rám osztva" in text
    assert "Másik Mária" in text


def test_age_problem_and_account(page: Client) -> None:
    old = make_registration(Applicant("Régi Rozi"), received_at=now() - timedelta(days=4))
    new = make_registration(
        Applicant("Mai Mari", email="mai@tiszacsege.hu", notes=(Note.COUNTY_INFERRED,)), received_at=now()
    )
    Account.objects.create(email="mai@tiszacsege.hu")
    assert names(page, "?age=3") == [old.full_name]
    assert names(page, "?age=7") == []
    assert names(page, "?age=today") == [new.full_name]
    assert names(page, "?account=yes") == [new.full_name]
    assert names(page, "?account=no") == [old.full_name]
    assert names(page, "?problem=county_inferred") == [new.full_name]
    make_registration(Applicant("Hiányos Hédi", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,)))
    assert names(page, "?tab=incomplete&problem=pir_missing") == ["Hiányos Hédi"]
    assert names(page, "?tab=incomplete&problem=pir_invalid") == []


@pytest.mark.parametrize("sort", ["oldest", "newest", "name", "municipality"])
def test_pages_meet_without_gap_or_overlap_forwards_and_backwards(page: Client, sort: str) -> None:
    moment = now()
    for number in range(2 * PAGE_SIZE + 7):  # many equal values: the key tells them apart
        make_registration(
            Applicant(f"Próba {number % 5}", municipality=f"Ő{number % 3}"), received_at=moment - timedelta(number % 4)
        )
    forwards: list[int] = []
    query = f"tab=ready&sort={sort}"
    while query:
        shown = page.get(f"/?{query}").context["lists"]["registrations"]
        forwards += [row.registration.pk for row in shown.rows]
        query, total = shown.next, shown.total
    assert len(forwards) == len(set(forwards)) == total == Registration.objects.count()
    backwards: list[int] = []
    query = f"tab=ready&sort={sort}&part=registrations&end=1"
    while query:
        shown = page.get(f"/?{query}").context["lists"]["registrations"]
        backwards = [row.registration.pk for row in shown.rows] + backwards
        query = shown.previous
    assert backwards == forwards


def test_a_page_stays_where_it_was_when_its_edge_leaves_the_list(page: Client) -> None:
    made = [make_registration(received_at=now() - timedelta(minutes=100 - n)) for n in range(PAGE_SIZE + 3)]
    edge = made[PAGE_SIZE - 1]
    Registration.objects.filter(pk=edge.pk).update(status="approved")
    shown = page.get(f"/?part=registrations&after={edge.pk}").context["lists"]["registrations"]
    assert [row.registration.pk for row in shown.rows] == [one.pk for one in made[PAGE_SIZE:]]


def test_a_page_beyond_the_end_is_the_first_one(page: Client) -> None:
    registration = make_registration()
    for place in (f"after={registration.pk}", "after=999999999", "before=999999999", "after=x", "end=1&before=0"):
        assert names(page, f"?part=registrations&{place}") == ["Kovács Anna"], place


def test_the_other_list_of_a_tab_has_pages_of_its_own(page: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        make_mail(make_raw("?", subject=f"Levél {number}"), kind="other", outcomes=["review"])
    make_registration(Applicant("Kézi Klára"), status="review")
    first = page.get("/?tab=review").context["lists"]
    assert first["mails"].total == PAGE_SIZE + 1
    second = page.get(f"/?{first['mails'].next}").context["lists"]
    assert "registrations" not in second
    assert len(second["mails"].rows) == 1


def test_mails_come_by_arrival_whatever_their_keys(page: Client) -> None:
    late = make_mail(make_raw("?", subject="késői"), received_at=now())
    early = make_mail(make_raw("?", subject="korai"), received_at=now() - timedelta(days=9))
    shown = page.get("/?tab=mails").context["lists"]["mails"].rows
    assert [row.mail.pk for row in shown] == [late.pk, early.pk]


def test_a_hit_in_the_mail_is_shown_where_it_is_with_numbers_covered(page: Client) -> None:
    text = request_text(Applicant()) + "\nA szélmalom ügyintézője, TAJ száma: 123 456 788.\n"
    make_registration(raw=make_raw(text))
    shown = page.get("/", {"q": "szelmal"}).content.decode()
    assert "<mark>szélmalom</mark>" in shown
    assert "123 456 788" not in shown
    assert "a levélben: " not in page.get("/", {"q": "kovács"}).content.decode()  # its own field says it


def test_letters_are_found_by_their_words_and_by_those_of_the_mail(page: Client) -> None:
    mail = make_registration(raw=make_raw("A szélmalom ügye.", subject="Tárgy")).mail
    make_reply(mail, text="Tisztelt Kérelmező! Kérjük a hiányzó adatot.")
    make_reply(make_registration(raw=make_raw("x", subject="egyéb")).mail, text="Másik levél.", kind="password")
    for words in ("szelmalom", "hiányzó ADATOT"):
        shown = page.get("/", {"tab": "drafts", "q": words}).context["lists"]["replies"].rows
        assert [one.mail_id for one in shown] == [mail.pk], words


def test_other_lists_that_hold_the_words_are_named(page: Client) -> None:
    make_registration(Applicant("Kereső Kata"), status="exported")
    text = page.get("/", {"q": "kereső"}).content.decode()
    assert "Nincs a szűrésnek megfelelő tétel" in text
    assert "Lezárt (1)" in text


def test_long_and_odd_searches_are_answered(page: Client) -> None:
    make_registration()
    for words in ("x" * 500, '" OR "', "NEAR(a b)", "🙂", "-kovács *", "a:b", "kov'"):
        assert page.get("/", {"q": words}).status_code == 200
    assert names(page, "?q=%F0%9F%99%82") == []


def test_excerpts_are_short_and_mark_every_word() -> None:
    text = "Tisztelt Cím!\n\n" + "sok szó " * 50 + "Kovács Anna új munkatárs " + "még több " * 50
    pieces = excerpt(text, ("kov", "munkatars"))
    assert [one.text for one in pieces if one.sought] == ["Kovács", "munkatárs"]
    assert sum(len(one.text) for one in pieces) < 220
    assert excerpt(text, ("nincs",)) == []
    assert holds(("kov", "anna"), text)
    assert not holds(("ovacs",), text)


def test_mails_that_a_person_dealt_with_say_so(page: Client) -> None:
    mail = make_mail(make_raw("?", subject="Kérdés"), kind="other", outcomes=["review"])
    page.post(f"/mails/{mail.pk}/finish", {"outcome": "done"})
    assert Mail.objects.get(pk=mail.pk).attended
    assert "Kérdés" not in page.get("/?tab=review").content.decode()
    page.post(f"/mails/{mail.pk}/reopen")
    assert not Mail.objects.get(pk=mail.pk).attended
    assert "Kérdés" in page.get("/?tab=review").content.decode()


def test_a_reader_sees_rows_and_no_tools(client: Client) -> None:
    client.force_login(make_user("olvaso", role=Role.READER))
    make_registration()
    text = client.get("/").content.decode()
    assert "Kovács Anna" in text
    assert "jóváhagyása" not in text
    assert 'name="row"' not in text
    assert client.post("/queue/bulk").status_code == 403
    assert client.post("/approve").status_code == 403
