"""One of everything that a page may show, with made-up people: for the accessibility tests and the screenshots."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.timezone import now

from registry.models import Account, Clerk, Municipality, Registration
from rules.model import JegyzoStatus, Note, Problem, Status
from tests.browser.desk_world import fill_desk
from tests.review import factory
from tests.services.correspondence import Correspondence, letter_to, only_request, request, write
from worker.models import Conversation, Event, LinkedBy, Mail, MailState, Reply, ReplyState

PEOPLE = (
    ("Kovácsné Nagy Éva", "Tiszacsege", "740746", "Hajdú-Bihar", "nagy.eva@tiszacsege.hu"),
    ("Szabó Anna Mária", "Kerecsend", "740373", "Heves", "szabo.anna@kerecsend.hu"),
    ("Tóth Béla", "Lajosmizse", "741116", "Bács-Kiskun", "toth.bela@lajosmizse.hu"),
    ("Horváth Jánosné", "Zalalövő", "741480", "Zala", "horvathne.marika@gmail.com"),
    ("Őry Zsófia", "Budapest XIII. kerület", "741853", "Budapest", "ory.zsofia@budapest13.hu"),
    ("Fekete Lilla", "Hajdúszoboszló", "742597", "Hajdú-Bihar", "fekete.lilla@hajduszoboszlo.hu"),
    ("Kis Pál", "Orfű", "742960", "Baranya", "kispal@orfu.hu"),
)
HTML = "<h1>Kérelem</h1><p>Név: <b>Kelemen Katalin</b></p><table><tr><th>PIR</th><td>740747</td></tr></table>"
LONG = "Nagyközségi_Polgármesteri_Hivatal_regisztrációs_kérelmei_2026_november_javított_végleges_változat.xlsx"


@dataclass(frozen=True, slots=True)
class World:
    """The keys of what the pages are opened for."""

    ready: int
    incomplete: int
    conversation: int
    rejected: int
    approved: int
    mail: int
    failed: int
    draft: int
    uncertain: int
    export: int


def fill(actor: User) -> World:
    """Fill an empty database, but for the people who log in; `actor` did what was done by hand."""
    talk = _talk()
    ready = [_requests(number) for number in range(len(PEOPLE))]
    incomplete = _incomplete()
    rejected = factory.make_registration(status="rejected")
    approved = [factory.make_registration(status="approved") for _ in range(2)]
    factory.make_registration(factory.Applicant(full_name="Nagy Ádám"), status="review", jegyzo=JegyzoStatus.ABSENT)
    other = factory.make_mail(factory.make_raw("Kredit?", subject="Kreditpont"), kind="other", outcomes=["review"])
    failed = factory.make_mail(
        factory.make_raw("Kérem.", subject="Törött"), state=MailState.FAILED, failure="KeyError", attempts=3
    )
    draft = factory.make_reply(incomplete.mail)
    queued = factory.make_registration(factory.Applicant(full_name="Bodó Réka"), status="incomplete")
    factory.make_reply(queued.mail, state=ReplyState.QUEUED)
    uncertain = factory.make_reply(other, state=ReplyState.UNCERTAIN, data_started_at=now())
    _directories()
    fill_desk(actor)
    return World(
        ready=ready[0].pk,
        incomplete=incomplete.pk,
        conversation=talk.pk,
        rejected=rejected.pk,
        approved=approved[0].pk,
        mail=other.pk,
        failed=failed.pk,
        draft=draft.pk,
        uncertain=uncertain.pk,
        export=_export(actor),
    )


def _requests(number: int) -> Registration:
    name, place, pir, county, address = PEOPLE[number]
    modules = [(factory.ADO,), (factory.IRAT, factory.ADO), (factory.KATI,)][number % 3]
    notes = (Note.COUNTY_INFERRED,) if number % 3 == 0 else ()
    return factory.make_registration(factory.Applicant(name, place, pir, county, address, modules, notes=notes))


def _incomplete() -> Registration:
    """A request with problems, whose mail has HTML and attachments, within a conversation."""
    one = factory.Applicant(
        full_name="Kelemen Katalin",
        pir="740747",
        email="penzugy@tiszacsege.hu",
        status=Status.INCOMPLETE,
        problems=(Problem.PIR_INVALID, Problem.EMAIL_NOT_PERSONAL),
        suggestions={"pir_invalid": "740746"},
    )
    files = [(LONG, "application/vnd.ms-excel", b"PK"), ("igazolás.pdf", "application/pdf", b"%PDF-1.4")]
    raw = factory.make_raw(factory.request_text(one), html=HTML, files=files)
    row = factory.make_registration(one, raw=raw)
    Mail.objects.filter(pk=row.mail.pk).update(conversation=Conversation.objects.create(), linked_by=LinkedBy.OPENED)
    return row


def _talk() -> Registration:
    """A request and two answers, the second of which contradicts the first."""
    worker = Correspondence()
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    for text in ("PIR: 740746", "Szakrendszer: ADÓ\nPIR: 740009"):
        worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    Mail.objects.update(received_at=now())
    Reply.objects.filter(state=ReplyState.QUEUED).update(state=ReplyState.SENT, sent_at=now(), data_started_at=now())
    return only_request()


def _export(actor: User) -> int:
    """A file that was made, and not yet marked as handed over; returns its event's key."""
    rows = [factory.make_registration(status="approved") for _ in range(3)]
    details = {
        "format": "moodle",
        "delimiter": "semicolon",
        "bom": False,
        "rows": [[row.pk, row.version] for row in rows],
    }
    return Event.objects.create(actor=actor, verb="export_made", details=details).pk


def _directories() -> None:
    for name, place, pir, county, address in PEOPLE:
        Municipality.objects.create(pir=pir, name=place, county=county)
        Account.objects.create(email=address, full_name=name, username=address.partition("@")[0])
    Clerk.objects.create(municipality="Tiszacsege", address="jegyzo@tiszacsege.hu", name="Minta Béla")
