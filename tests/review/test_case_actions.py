"""The case page's actions: who may do what, what the person is told, what stands on the page afterwards."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from registry.models import CaseNote, Registration
from registry.services.assign import assign
from registry.services.change import Target
from registry.services.correct import Correction, correct
from registry.services.mark_exported import mark_exported
from registry.services.notes import add_note
from registry.services.snooze import snooze
from review.caseactions import get_mornings, get_reasons
from review.differences import keep_untouched
from rules.model import Problem, Status
from staff.roles import Role
from tests.review.factory import (
    Applicant,
    make_mail,
    make_raw,
    make_registration,
    make_registrations,
    make_reply,
    make_user,
)
from worker.clock import database_now
from worker.models import Conversation, Event, Mail, Reply

pytestmark = pytest.mark.django_db
OFFICE = Applicant(email="ado@tiszacsege.hu", status=Status.INCOMPLETE, problems=(Problem.EMAIL_NOT_PERSONAL,))
POSTS = (
    "save",
    "reject",
    "clerk",
    "ask",
    "ask/look",
    "assign",
    "snooze",
    "accept-address",
    "undo-last",
    "notes",
    "notes/1/remove",
    "undo",
    "choose",
    "decide/approved",
    "decide/no_registration",
    "decide/unsnoozed",
    "decide/taken_back",
)
BUTTONS = ("Jóváhagyás", "Én intézem", "Halasztás", "Elutasítás", "Nem regisztráció", "Feljegyzés írása")


def at(row: Registration) -> Registration:
    return Registration.objects.get(pk=row.pk)


def do(page: Client, row: Registration, verb: str, **values: object) -> str:
    """Post to the action, follow, and read what the page says."""
    entered = {"version": str(at(row).version)} | values
    return html.unescape(page.post(f"/registrations/{row.pk}/{verb}", entered, follow=True).content.decode())


def shown(page: Client, row: Registration) -> str:
    return html.unescape(page.get(f"/registrations/{row.pk}").content.decode())


@pytest.mark.parametrize("verb", POSTS)
def test_readers_change_nothing(client: Client, verb: str) -> None:
    row = make_registration()
    client.force_login(make_user(role=Role.READER))
    assert client.post(f"/registrations/{row.pk}/{verb}", {"version": "1", "reason": "x"}).status_code == 403
    assert (at(row).version, Event.objects.filter(actor__isnull=False).count()) == (1, 0)


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.READER, False), (Role.REVIEWER, True), (Role.LEAD, True), (Role.ADMINISTRATOR, True)]
)
def test_buttons_are_shown_to_whom_may_press_them(client: Client, role: Role, offered: bool) -> None:
    row = make_registration()
    client.force_login(make_user(role=role))
    page = client.get(f"/registrations/{row.pk}").content.decode()
    assert [words for words in BUTTONS if (f">{words}" in page) is not offered] == []


def test_somebody_takes_a_case_gives_it_and_says_so(page: Client, staff: User) -> None:
    row, other = make_registration(), make_user("masik", name="Próba Péter", role=Role.REVIEWER)
    reader = make_user("olvaso", name="Olvasó Olga", role=Role.READER)
    assert "az ügyet mostantól Ön intézi" in do(page, row, "assign", assignee="me", seen="")
    assert at(row).assignee == staff
    text = shown(page, row)
    assert f'<option value="{other.pk}">Próba Péter</option>' in text
    assert "Olvasó Olga" not in text
    said = do(page, row, "assign", assignee=str(other.pk), seen=str(staff.pk))
    assert "az ügyet mostantól Próba Péter intézi" in said
    assert "Kijelölte az ügyintézőt: Próba Péter" in said
    assert "nincs kijelölt ügyintézője" in do(page, row, "assign", assignee=str(reader.pk), seen=str(other.pk))


def test_a_case_that_a_colleague_took_meanwhile_stays_theirs(page: Client) -> None:
    row, other = make_registration(), make_user("masik", name="Próba Péter", role=Role.REVIEWER)
    assign(row.pk, other, other, seen=None)
    response = page.post(f"/registrations/{row.pk}/assign", {"assignee": "me", "seen": "", "version": "1"})
    assert response.status_code == 409
    assert "Az ügyet közben Próba Péter vette át" in response.content.decode()
    assert at(row).assignee == other


def test_put_aside_until_a_working_morning_and_back(page: Client) -> None:
    row = make_registration()
    said = do(page, row, "snooze", until="tomorrow", note="Hétfőn hívjuk.")
    until = timezone.localtime(at(row).snoozed_until)
    assert (until.hour, until.date()) == (6, get_mornings(timezone.localdate())["tomorrow"].date())
    assert "nem szerepel a listákon" in said
    text = shown(page, row)
    assert "Hétfőn hívjuk." in text
    assert "halasztva:" in text
    assert "az ügy újra a listákon van" in do(page, row, "decide/unsnoozed")
    assert at(row).snoozed_until is None


def test_a_day_of_ones_own_choice(page: Client) -> None:
    row = make_registration()
    day = timezone.localdate() + timedelta(days=20)
    do(page, row, "snooze", until="day", day=day.isoformat())
    assert timezone.localtime(at(row).snoozed_until).date() >= day


@pytest.mark.parametrize("day", ["", "2020-01-01", "2999-01-01", "holnap", "2026-13-45"])
def test_a_day_that_cannot_be_meant_is_refused(page: Client, day: str) -> None:
    row = make_registration()
    response = page.post(f"/registrations/{row.pk}/snooze", {"version": "1", "until": "day", "day": day})
    assert response.status_code == 400
    assert "egy éven belüli napot" in response.content.decode()
    assert at(row).snoozed_until is None


@pytest.mark.parametrize(
    ("today", "tomorrow", "monday"),
    [
        ("2026-11-23", "2026-11-24", "2026-11-30"),  # an ordinary Monday
        ("2026-11-27", "2026-11-30", "2026-11-30"),  # a Friday
        ("2026-12-23", "2026-12-28", "2026-12-28"),  # before Christmas
        ("2027-03-25", "2027-03-30", "2027-03-30"),  # before Good Friday; Easter Monday is a feast
    ],
)
def test_mornings_are_those_of_working_days(today: str, tomorrow: str, monday: str) -> None:
    mornings = {code: str(moment.date()) for code, moment in get_mornings(date.fromisoformat(today)).items()}
    assert mornings == {"tomorrow": tomorrow, "monday": monday}


def test_the_page_says_that_a_mail_ended_the_waiting(page: Client, staff: User) -> None:
    row = make_registration()
    Event.objects.create(verb="woken", registration=row, mail=row.mail, details={"by_mail": row.mail_id})
    assert "A halasztás véget ért, mert levél érkezett:" in shown(page, row)
    add_note(row.pk, "Láttam.", staff)
    assert "A halasztás véget ért, mert levél érkezett:" not in shown(page, row)


def test_notes_with_who_and_when_and_only_the_authors_go(page: Client, staff: User) -> None:
    row, other = make_registration(status="registered"), make_user("masik", name="Próba Péter")
    assert "A feljegyzés mentve." in do(page, row, "notes", text="Első <b>sor</b>\nmásodik")
    theirs = add_note(row.pk, "Másé.", other)
    raw = page.get(f"/registrations/{row.pk}").content.decode()
    assert "Első &lt;b&gt;sor&lt;/b&gt;<br>második" in raw
    assert "Minta Márta" in raw
    assert "A feljegyzés üres" in do(page, row, "notes", text=" ")
    assert "csak az törölhet" in do(page, row, f"notes/{theirs.pk}/remove")
    mine = CaseNote.objects.get(author=staff)
    said = do(page, row, f"notes/{mine.pk}/remove")
    assert "A feljegyzés törölve." in said
    assert "második" not in said
    assert page.post(f"/registrations/{make_registration().pk}/notes/{mine.pk}/remove").status_code == 404


def test_a_note_stands_in_no_letter(page: Client, settings: Settings, staff: User) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    row = make_registration(OFFICE)
    add_note(row.pk, "CSAK-NEKÜNK", staff)
    letter = page.get(f"/registrations/{row.pk}/ask/look").content.decode()
    assert "CSAK-NEKÜNK" not in letter + page.get(f"/registrations/{row.pk}/ask").content.decode()
    do(page, row, "reject", reason="Nem támogatjuk.")
    assert not any("NEKÜNK" in reply.text for reply in Reply.objects.all())


def test_an_address_is_accepted_where_it_is_doubted(page: Client) -> None:
    row = make_registration(OFFICE)
    assert "A cím személyes: ado@tiszacsege.hu" in shown(page, row)
    assert "a cím elfogadva" in do(page, row, "accept-address")
    assert (at(row).status, "A cím személyes:" in shown(page, row)) == ("ready", False)


def test_saving_what_nobody_changed_claims_no_correction(page: Client) -> None:
    row = make_registration()
    do(page, row, "assign", assignee="me", seen="")
    before = at(row)
    values = {
        name: getattr(before, name) for name in ("full_name", "municipality", "pir", "county", "email", "version")
    }
    said = do(page, row, "save", modules=before.module_ids, **values)
    assert f"{row.full_name}: egyetlen adat sem változott, ezért nem volt mit menteni." in said
    assert ">Visszavonás</button>" not in said  # what could be undone is the assignment, of which nobody speaks here
    assert at(row).version == before.version


@pytest.mark.parametrize(("email", "called"), [("a.b@posta.example", "a.b@posta.example"), ("", "(név nélkül)")])
def test_somebody_without_a_name_is_called_by_no_key(page: Client, email: str, called: str) -> None:
    row = make_registration(Applicant(full_name="", email=email, status=Status.INCOMPLETE))
    assert f"{called}: az ügyet mostantól Ön intézi." in do(page, row, "assign", assignee="me", seen="")
    assert f"{called}: a kérelem a kézi ügyintézés listájára került." in do(page, row, "decide/sent_to_review")


def test_undo_names_what_it_takes_back_and_who_did_it(page: Client) -> None:
    row = make_registration()
    do(page, row, "decide/approved")
    text = shown(page, row)
    assert "Visszavonás: jóváhagyás" in text
    event = Event.objects.get(verb="approved")
    assert "visszavonva (jóváhagyás)" in do(page, row, "undo-last", event=str(event.pk))
    again = page.post(f"/registrations/{row.pk}/undo-last", {"event": str(event.pk)})
    assert again.status_code == 409
    for nonsense in ("", "x", "9" * 30):
        assert page.post(f"/registrations/{row.pk}/undo-last", {"event": nonsense}).status_code == 302


def test_what_was_undone_meanwhile_is_not_undone_twice(page: Client, staff: User) -> None:
    row = make_registration()
    do(page, row, "assign", assignee="me", seen="")
    seen = Event.objects.get(verb="assigned").pk
    do(page, row, "decide/approved")
    response = page.post(f"/registrations/{row.pk}/undo-last", {"event": str(seen)})
    assert response.status_code == 409
    assert "közben más is történt" in response.content.decode()
    assert at(row).status == "approved"


@pytest.mark.parametrize("verb", ["ask", "reject"])
def test_undo_says_what_became_of_the_letter(page: Client, settings: Settings, verb: str) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    for gone in (False, True):
        row = make_registration(replace(OFFICE, full_name=f"Kiss {gone}"))
        initial = page.get(f"/registrations/{row.pk}/ask").context["form"].initial
        do(page, row, verb, reason="Nem támogatjuk.", **{k: v for k, v in initial.items() if k != "version"})
        if gone:
            Reply.objects.filter(mail=row.mail).update(
                state="sent", sent_at=database_now(), data_started_at=database_now()
            )
        event = Event.objects.filter(registration=row, verb__in=["asked", "rejected"]).get()
        said = do(page, row, "undo-last", event=str(event.pk))
        assert ("azonban már elment" in said, "még nem ment el, és nem is megy" in said) == (gone, not gone)


@pytest.mark.parametrize("status", ["exported", "registered"])
def test_what_is_handed_over_only_takes_notes(page: Client, staff: User, status: str) -> None:
    row = make_registration()
    do(page, row, "decide/approved")
    mark_exported([Target(row.pk, at(row).version)], staff)
    Registration.objects.update(status=status)
    text = shown(page, row)
    for words in ("Visszavonás", "Én intézem", "Halasztás", "Elutasítás", "Csak mentés", "A cím személyes"):
        assert f">{words}" not in text
    assert "a döntés nem vonható vissza" in text
    assert "Feljegyzés írása" in text
    for verb in (
        "decide/taken_back",
        "decide/no_registration",
        "decide/approved",
        "snooze",
        "assign",
        "accept-address",
    ):
        response = page.post(
            f"/registrations/{row.pk}/{verb}", {"version": str(at(row).version), "until": "monday", "assignee": "me"}
        )
        assert response.status_code == 409
    assert at(row).status == status


def test_ready_made_reasons_alone_or_with_words(page: Client) -> None:
    first, second, third = (make_registration() for _ in range(3))
    chosen = get_reasons()[0]
    do(page, first, "reject", ready_made=chosen.code)
    do(page, second, "reject", ready_made=chosen.code, reason="Kérjük, jelezzék.")
    assert at(first).reject_reason == chosen.words
    assert at(second).reject_reason == f"{chosen.words}\n\nKérjük, jelezzék."
    assert "adja meg az elutasítás indokát" in do(page, third, "reject", ready_made="ilyen-nincs")


def test_the_letter_goes_as_it_was_shown_or_in_the_persons_words(page: Client, settings: Settings) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    row = make_registration(OFFICE)
    initial = dict(page.get(f"/registrations/{row.pk}/ask").context["form"].initial)
    own = page.get(f"/registrations/{row.pk}/ask/look").content.decode()
    assert "<ul" in own
    left = page.post(f"/registrations/{row.pk}/ask/look", initial | {"text": initial["text"].replace("\n", "\r\n")})
    assert left.content.decode() == own
    assert "sandbox" in left["Content-Security-Policy"]
    changed = page.post(f"/registrations/{row.pk}/ask/look", initial | {"text": "Csak <ennyi>."}).content.decode()
    assert "Csak &lt;ennyi&gt;." in changed
    do(page, row, "ask", **{k: v for k, v in initial.items() if k != "version"})
    letter = Reply.objects.get()
    assert (letter.state, letter.recipients) == ("queued", ["kovacs.anna@tiszacsege.hu", "jegyzo@tiszacsege.hu"])
    assert letter.next_attempt_at > database_now()
    assert "[ASPO-" in letter.subject
    assert b"<ul" in bytes(letter.data).replace(b"=\r\n", b"")


def test_one_letter_asks_for_all_of_the_mails_people(page: Client) -> None:
    other = replace(OFFICE, full_name="Nagy Béla", email="", problems=(Problem.EMAIL_MISSING,))
    ready = Applicant(full_name="Kész Klára", email="kesz.klara@tiszacsege.hu")
    rows = make_registrations([OFFICE, other, ready])
    text = shown_letter(page, rows[0])
    assert "Nagy Béla" in text
    assert "Kész Klára" not in page.get(f"/registrations/{rows[0].pk}/ask").context["form"].initial["text"]
    assert "A levél ezekről a személyekről is szól" in text


def shown_letter(page: Client, row: Registration) -> str:
    return html.unescape(page.get(f"/registrations/{row.pk}/ask").content.decode())


def test_the_page_warns_of_letters_before_this_one(page: Client) -> None:
    row = make_registration(OFFICE)
    assert "gépi levél ment, ennél többet" not in shown_letter(page, row)
    sent: dict[str, Any] = {"state": "sent", "sent_at": database_now(), "data_started_at": database_now()}
    case = Conversation.objects.create()
    Mail.objects.update(conversation=case, linked_by="opened")
    answer = make_mail(make_raw("Itt küldöm."), conversation=case, linked_by="reply")
    for mail in (row.mail, answer):
        make_reply(mail, kind="missing", **sent)
    text = shown_letter(page, row)
    assert "már 2 gépi levél ment, ennél többet a rendszer nem küld" in text
    assert "Utolsó levelünk ebben az ügyben:" in text


def test_a_letter_that_has_not_left_need_not_go_as_well(page: Client) -> None:
    for keeps in (False, True):
        row = make_registration(replace(OFFICE, full_name=f"Kiss {keeps}"))
        draft = make_reply(row.mail)
        assert "ne menjen ki" in shown_letter(page, row)
        initial = page.get(f"/registrations/{row.pk}/ask").context["form"].initial
        entered = {k: v for k, v in initial.items() if k != "version"} | ({} if keeps else {"instead": "1"})
        do(page, row, "ask", **entered)
        assert Reply.objects.get(pk=draft.pk).state == ("draft" if keeps else "discarded")


def test_a_letter_to_a_case_that_changed_keeps_what_was_written(page: Client, staff: User) -> None:
    row = make_registration(OFFICE)
    initial = page.get(f"/registrations/{row.pk}/ask").context["form"].initial
    fields = {name: getattr(row, name) for name in ("municipality", "pir", "county", "email", "modules")}
    correct(Target(row.pk, 1), staff, Correction(full_name="Kovács Annamária", **fields), approve=False)
    response = page.post(f"/registrations/{row.pk}/ask", initial | {"text": "Kedves Anna!"})
    text = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert "Kedves Anna!</textarea>" in text
    assert "Kovács Annamária" in text
    assert f'name="version" value="{at(row).version}"' in text
    assert not Reply.objects.exists()


def test_who_asks_gets_the_case(page: Client, staff: User) -> None:
    row = make_registration(OFFICE)
    initial = page.get(f"/registrations/{row.pk}/ask").context["form"].initial
    said = do(page, row, "ask", **{k: v for k, v in initial.items() if k != "version"})
    assert "az ügyet mostantól Ön intézi" in said
    assert at(row).assignee == staff


def test_what_a_person_did_not_touch_is_the_colleagues(staff: User) -> None:
    row = make_registration()
    names = ("municipality", "county", "email")
    correction = Correction(
        full_name="Kovács Annamária", pir="740009", modules="PM-2770-2105-BS", **{n: getattr(row, n) for n in names}
    )
    correct(Target(row.pk, 1), staff, correction, approve=False)
    typed = QueryDict(mutable=True)
    for name in (*names, "pir"):
        typed[name] = getattr(row, name)
    typed["full_name"] = "Kovács Anikó"
    typed.setlist("modules", row.module_ids)
    kept = keep_untouched(at(row), typed, Event.objects.filter(verb="corrected"))
    assert (kept["full_name"], kept["pir"], kept.getlist("modules")) == ("Kovács Anikó", "740009", ["PM-2770-2105-BS"])


def test_a_snoozed_case_shows_no_button_twice(page: Client, staff: User) -> None:
    row = make_registration()
    snooze(Target(row.pk, 1), staff, database_now() + timedelta(days=2))
    assert shown(page, row).count("Vissza a listára") == 1
    assert Mail.objects.count() == 1
