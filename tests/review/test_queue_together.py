"""Working on many at once, saved views, and news of the lists."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from registry.models import Registration
from review.models import SavedView
from review.paging import COUNTED, PAGE_SIZE
from rules.model import Note, Problem
from staff.roles import Role
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_registrations, make_user
from worker.models import Event, MailState

pytestmark = pytest.mark.django_db


def statuses() -> dict[str, str]:
    return dict(Registration.objects.values_list("full_name", "status"))


def targets(page: Client, **data: str) -> str:
    """What the confirmation of all that the search finds would do."""
    response = page.post("/queue/bulk?tab=ready", {"all": "1", **data})
    assert response.status_code == 200
    found = re.search(r'name="targets" value="([^"]*)"', response.content.decode())
    assert found
    return found[1]


def test_all_of_a_search_are_approved_after_a_look_at_the_plan(page: Client, staff: User) -> None:
    colleague = make_user("masik", name="Másik Mária", role=Role.REVIEWER)
    make_registration(Applicant("Tiszta Tamás"))
    make_registration(Applicant("Saját Sára"))
    make_registration(Applicant("Gondos Gizi", problems=(Problem.EMAIL_NOT_PERSONAL,)))
    make_registration(Applicant("Kétes Kata", notes=(Note.ANSWER_CONTRADICTS,)))
    make_registration(Applicant("Idegen Ida"))
    Registration.objects.filter(full_name="Saját Sára").update(assignee=staff)
    Registration.objects.filter(full_name="Idegen Ida").update(assignee=colleague)
    text = page.post("/queue/bulk?tab=ready", {"all": "1", "verb": "approve"}).content.decode()
    for words in ("2 kérelem: jóváhagyja mindet?", "Tiszta Tamás", "1 hiányos kérelem", "1 más munkatársra osztott"):
        assert words in text
    assert "approved" not in statuses().values()
    chosen = targets(page, verb="approve")
    Registration.objects.filter(full_name="Saját Sára").update(version=7)
    data = {"verb": "approve", "sure": "1", "targets": chosen}
    text = page.post("/queue/bulk?tab=ready", data, follow=True).content.decode()
    assert "1 kérelem jóváhagyva." in text
    assert "1 kérelem kimaradt: 1 közben megváltozott kérelem" in text
    assert [name for name, status in statuses().items() if status == "approved"] == ["Tiszta Tamás"]


def test_a_search_narrows_what_is_done_to_all(page: Client) -> None:
    make_registration(Applicant("Kovács Anna"))
    make_registration(Applicant("Nagy Béla"), raw=make_raw("x"))
    response = page.post("/queue/bulk?tab=ready&q=nagy", {"all": "1", "verb": "approve"})
    assert [one.full_name for one in response.context["plan"].named] == ["Nagy Béla"]


def test_one_action_takes_a_bounded_number_and_says_so(page: Client) -> None:
    mail = make_registrations([Applicant()])[0].mail
    fields = {"municipality": "m", "pir": "740746", "county": "c", "email": "e@f.hu", "modules": "PM-1"}
    Registration.objects.bulk_create(
        [
            Registration(mail=mail, position=n + 1, status="ready", full_name=f"Sok {n}", **fields)
            for n in range(COUNTED)
        ]
    )
    response = page.post("/queue/bulk?tab=ready", {"all": "1", "verb": "approve"})
    assert len(response.context["plan"].targets) == COUNTED
    assert "egyszerre legfeljebb" in response.content.decode()
    data = {"verb": "approve", "sure": "1", "targets": response.context["plan"].fixed}
    page.post("/queue/bulk?tab=ready", data)
    assert Registration.objects.filter(status="approved").count() == COUNTED
    assert Event.objects.filter(verb="approved").count() == COUNTED


def undo_all(page: Client, html: str) -> str:
    """Press the message's one button, which takes back what was just done to many."""
    found = re.search(r'action="(/registrations/\d+/undo-last[^"]*)">.*?name="event" value="(\d+)"', html)
    assert found
    assert html.count("Visszavonás</button>") == 1
    return page.post(found[1], {"event": found[2], "together": "1"}, follow=True).content.decode()


def test_what_was_approved_together_is_taken_back_together(page: Client, staff: User) -> None:
    rows = [make_registration(Applicant(f"Közös {n}")) for n in range(4)]
    alone = make_registration(Applicant("Külön Kata"))
    page.post("/approve", {"row": f"{alone.pk}:1"}, follow=True)
    html = page.post("/approve?tab=ready", {"row": [f"{row.pk}:1" for row in rows]}, follow=True).content.decode()
    assert "4 kérelem jóváhagyva." in html
    Registration.objects.filter(pk=rows[3].pk).update(status="exported")
    assert "Az együttes művelet visszavonása (4 kérelem)" in page.get(f"/registrations/{rows[0].pk}").content.decode()
    assert "együttes művelet" not in page.get(f"/registrations/{alone.pk}").content.decode()
    page.post(f"/registrations/{rows[2].pk}/assign", {"assignee": "me", "seen": ""})  # somebody went on with it
    said = undo_all(page, html)
    assert "2 kérelem: visszavonva (jóváhagyás)." in said
    assert "2 kérelem kimaradt: 1 közben megváltozott kérelem, 1 kérelem, amelynek állapota ezt nem engedi." in said
    assert [statuses()[f"Közös {n}"] for n in range(4)] == ["ready", "ready", "approved", "exported"]
    assert statuses()["Külön Kata"] == "approved"
    again = undo_all(page, html)
    assert "visszavonva" not in again
    assert "4 kérelem kimaradt" in again


def test_what_was_given_out_together_is_taken_back_together(page: Client, staff: User) -> None:
    before = make_user("masik", name="Másik Mária", role=Role.REVIEWER)
    rows = [make_registration(Applicant(f"Közös {n}")) for n in range(3)]
    Registration.objects.filter(pk=rows[0].pk).update(assignee=before)
    Registration.objects.filter(pk=rows[1].pk).update(assignee=staff)  # nothing is to be done about this one
    chosen = " ".join(f"{row.pk}:1" for row in rows)
    data = {"verb": "assign", "sure": "1", "targets": chosen, "assignee": "me"}
    html = page.post("/queue/bulk?tab=ready", data, follow=True).content.decode()
    assert "2 kérelem: visszavonva (az ügyintéző kijelölése)." in undo_all(page, html)
    assert [Registration.objects.get(pk=row.pk).assignee for row in rows] == [before, staff, None]


def test_nothing_is_offered_where_nothing_was_done_together(page: Client, staff: User) -> None:
    row = make_registration()
    Registration.objects.update(assignee=staff)
    data = {"verb": "assign", "sure": "1", "targets": f"{row.pk}:1", "assignee": "me"}
    assert "Visszavonás" not in page.post("/queue/bulk?tab=ready", data, follow=True).content.decode()
    Event.objects.create(actor=staff, verb="approved", registration=row, mail=row.mail, details={"bulk": True})
    answer = page.post(f"/registrations/{row.pk}/undo-last", {"event": "999999999", "together": "1"})
    assert answer.status_code == 302  # of an event that is none


def test_marked_rows_are_given_to_a_colleague(page: Client) -> None:
    colleague = make_user("masik", name="Másik Mária", role=Role.REVIEWER)
    reader = make_user("olvaso", name="Olvasó Olga", role=Role.READER)
    one = make_registration()
    text = page.post("/queue/bulk?tab=ready", {"verb": "assign", "row": f"{one.pk}:1"}).content.decode()
    assert "Ki foglalkozzon velük?" in text
    assert "Olvasó Olga" not in text
    data = {"verb": "assign", "sure": "1", "targets": f"{one.pk}:1", "assignee": str(colleague.pk)}
    assert "1 kérelem ügyintézője: Másik Mária." in page.post("/queue/bulk", data, follow=True).content.decode()
    assert Registration.objects.get().assignee == colleague
    data["assignee"] = str(reader.pk)
    assert "nem kaphat" in page.post("/queue/bulk", data, follow=True).content.decode()
    data["assignee"] = ""
    assert "kiosztása törölve" in page.post("/queue/bulk", data, follow=True).content.decode()
    assert Registration.objects.get().assignee is None


def test_all_of_a_search_are_handed_over(page: Client) -> None:
    make_registration(Applicant("Kész Kata"), status="approved")
    make_registration(Applicant("Másik Márk"), status="approved")
    response = page.post("/queue/bulk?tab=approved&q=kész", {"all": "1", "verb": "export"})
    chosen = response.context["plan"].fixed
    page.post("/handover/make", {"format": "moodle", "targets": chosen})
    assert [len(event.details["rows"]) for event in Event.objects.filter(verb="export_made")] == [1]


@pytest.mark.parametrize("data", [{}, {"verb": "approve"}, {"verb": "steal", "all": "1"}])
def test_nothing_chosen_does_nothing(page: Client, data: dict[str, str]) -> None:
    assert page.post("/queue/bulk", data).status_code == 302


def test_views_are_saved_shown_renamed_and_deleted(page: Client) -> None:
    page.post("/queue/views?tab=incomplete&county=Heves&who=me", {"name": "  Heves,  enyém "})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Heves, enyém", "tab=incomplete&county=Heves&who=me", False)
    assert "Heves, enyém" in page.get("/").content.decode()
    page.post("/queue/views?tab=review", {"name": "Heves, enyém", "shared": "1"})
    view.refresh_from_db()
    assert (SavedView.objects.count(), view.query, view.shared) == (1, "tab=review", True)
    page.post(f"/queue/views/{view.pk}", {"name": "Kézi"})
    view.refresh_from_db()
    assert view.name == "Kézi"
    page.post(f"/queue/views/{view.pk}", {"delete": "1"})
    assert not SavedView.objects.exists()


def test_views_of_others_are_seen_where_shared_and_changed_by_leads_only(client: Client) -> None:
    owner = make_user("gazda", name="Gazda Géza", role=Role.REVIEWER)
    shared = SavedView.objects.create(owner=owner, name="Közös nézet", query="tab=review", shared=True)
    SavedView.objects.create(owner=owner, name="Magánnézet", query="tab=ready")
    client.force_login(make_user("masik", name="Más Márta", role=Role.REVIEWER))
    text = client.get("/").content.decode()
    assert "Közös nézet" in text
    assert "Magánnézet" not in text
    assert client.post(f"/queue/views/{shared.pk}", {"delete": "1"}).status_code == 404
    client.force_login(make_user("vezeto", role=Role.LEAD))
    assert client.post(f"/queue/views/{shared.pk}", {"delete": "1"}).status_code == 302


def test_a_reader_keeps_views_for_oneself(client: Client) -> None:
    client.force_login(make_user("olvaso", role=Role.READER))
    client.post("/queue/views?tab=ready", {"name": "Enyém", "shared": "1"})
    assert not SavedView.objects.get().shared


@pytest.mark.parametrize(("name", "query"), [("", "tab=ready"), ("x" * 61, "tab=ready"), ("jó", "q=" + "ű" * 200)])
def test_views_that_cannot_be_kept_are_refused(page: Client, name: str, query: str) -> None:
    response = page.post(f"/queue/views?{query}", {"name": name}, follow=True)
    assert not SavedView.objects.exists()
    assert [one.level_tag for one in response.context["messages"]] == ["error"]


def news(page: Client, tab: str = "ready", moment: str = "", known: str = "") -> tuple[int, str, str]:
    """Status, mark and words of the news since `moment`, or since the page was made now; `known` is an earlier mark."""
    since = moment or page.get(f"/?tab={tab}").context["since"]
    headers = {"If-None-Match": known} if known else {}
    response = page.get("/queue/news", {"tab": tab, "since": since, "shown": "0"}, headers=headers)
    return response.status_code, response.headers.get("ETag", ""), response.content.decode()


def test_news_tell_what_came_and_changed_since(page: Client) -> None:
    make_registration(received_at=now() - timedelta(days=1))
    Registration.objects.update(updated_at=now() - timedelta(days=1))
    since = page.get("/").context["since"]
    assert "új vagy megváltozott" not in page.get("/queue/news", {"since": since, "shown": "1"}).content.decode()
    make_registration(Applicant("Friss Fanni"))
    Registration.objects.filter(full_name="Friss Fanni").update(updated_at=now() + timedelta(seconds=1))
    text = page.get("/queue/news", {"since": since, "shown": "1"}).content.decode()
    assert "1 új vagy megváltozott tétel" in text
    assert 'data-count="ready">2<' in text.replace(" zero", "")
    other = page.get("/queue/news", {"tab": "incomplete", "since": since, "shown": "0"}).content.decode()
    assert "új vagy megváltozott" not in other


def test_what_comes_back_without_changing_is_news_too(page: Client) -> None:
    asleep = make_registration()
    Registration.objects.update(updated_at=now() - timedelta(days=1), snoozed_until=now() + timedelta(hours=1))
    since = page.get("/").context["since"]
    Registration.objects.filter(pk=asleep.pk).update(snoozed_until=now() - timedelta(seconds=1))
    assert "1 új vagy" in page.get("/queue/news", {"since": since, "shown": "0"}).content.decode()


def test_no_news_cost_no_byte(page: Client) -> None:
    since = page.get("/").context["since"]
    _, mark, _ = news(page, moment=since)
    status, again, body = news(page, moment=since, known=mark)
    assert (status, again, body) == (304, mark, "")


@pytest.mark.parametrize("since", ["", "x", "2026-13-45", "2026-11-23", "9" * 300])
def test_news_bear_any_moment(page: Client, since: str) -> None:
    assert page.get("/queue/news", {"since": since, "shown": "x"}).status_code == 200


def test_news_are_asked_for_in_a_fixed_number_of_queries(page: Client) -> None:
    numbers = set()
    for _ in range(2):
        for number in range(8):
            make_registration(Applicant(email=f"a{number}@b.hu"))
            make_mail(make_raw("?"), kind="other", outcomes=["review"])
        since = page.get("/").context["since"]
        with CaptureQueriesContext(connection) as queries:
            page.get("/queue/news", {"since": since, "shown": "3"})
        numbers.add(len(queries.captured_queries))
    assert len(numbers) == 1
    assert numbers.pop() <= 13


OURS = re.compile('"(worker|registry|review)_')
QUERIES = {  # of a list, however many rows: numbers, warnings, rows, views; not those of the login
    "ready": 14,
    "incomplete": 15,
    "review": 18,
    "quarantine": 15,
    "drafts": 16,
    "uncertain": 14,
    "approved": 14,
    "snoozed": 14,
    "closed": 14,
    "mails": 15,
}


def test_each_list_takes_as_many_queries_for_many_rows_as_for_few(page: Client) -> None:
    counted: dict[str, list[int]] = {tab: [] for tab in QUERIES}
    for size in (0, 2, PAGE_SIZE):
        for number in range(size):
            one = Applicant(email=f"sz{number}@tiszacsege.hu")
            rows = make_registrations([one] * 6)
            for row, status in zip(rows, ("ready", "incomplete", "review", "approved", "exported"), strict=False):
                Registration.objects.filter(pk=row.pk).update(status=status)
            Registration.objects.filter(pk=rows[5].pk).update(snoozed_until=now() + timedelta(days=1))
            make_mail(make_raw("?"), kind="other", outcomes=["review"])
            make_mail(make_raw("?"), state=MailState.FAILED, failure="died")
        for tab, numbers in counted.items():
            page.get(f"/?tab={tab}")
            with CaptureQueriesContext(connection) as queries:
                page.get(f"/?tab={tab}")
            numbers.append(sum(bool(OURS.search(one["sql"])) for one in queries.captured_queries))
    assert {tab: set(numbers) for tab, numbers in counted.items()} == {tab: {one} for tab, one in QUERIES.items()}
