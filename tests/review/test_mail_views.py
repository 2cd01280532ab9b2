"""The views of a mail: text, HTML, headers, attachments, bytes; pictures by their own bytes; what is fetched later."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import ERASED, Registration
from review.knowledge import get_catalogue
from review.pictures import picture_type
from review.trace import PERSON, STEPS, read_trace, step_of
from rules.chain import decide
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, request_text
from worker.intake.parse import parse_message
from worker.models import Conversation, Mail
from worker.services.verdicts import dump_verdict

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x28\0\0\0\x14\x08\x02\0\0\0"
HUGE = PNG[:16] + (50_000).to_bytes(4, "big") * 2 + PNG[24:]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\0\x01\0", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x27\0\0\x13\0\0", "image/webp"),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff", ""),
        (HUGE, ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html>\x89PNG\r\n\x1a\n", ""),
        (b"II*\0", ""),
        (b"BM", ""),
        (b"", ""),
    ],
)
def test_only_four_kinds_are_pictures(head: bytes, kind: str) -> None:
    assert picture_type(head, len(head)) == kind
    assert picture_type(head, 100_000_000) == ""


def test_a_picture_is_served_as_what_its_bytes_say(page: Client) -> None:
    files = [
        ("kép.svg", "image/svg+xml", PNG),
        ("rajz.png", "image/png", b"<svg onload='alert(1)'/>"),
        ("lap.html", "text/html", b"<script>alert(1)</script>"),
    ]
    mail = make_registration(raw=make_raw("Lásd a mellékletet.", files=files)).mail
    shown = page.get(f"/mails/{mail.pk}/attachments/1/picture")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for number in (2, 3, 4):
        assert page.get(f"/mails/{mail.pk}/attachments/{number}/picture").status_code == 404


def test_every_view_has_its_content_with_and_without_a_script(page: Client) -> None:
    raw = make_raw(
        request_text(Applicant()), html="<p>Formázott</p>", files=[("lista.csv", "text/csv", b"Nev;X\na;b\n")]
    )
    registration = make_registration(raw=raw)
    pk, mail = registration.pk, registration.mail_id
    for view, words in (
        ("text", "Kérem, hogy új kolléganőnket"),
        ("html", "<iframe"),
        ("headers", '<th scope="row">message-id</th>'),
        ("files", "lista.csv"),
        ("raw", "Content-Type: multipart/"),
        ("nincs-ilyen", "Kérem, hogy új kolléganőnket"),
    ):
        for address in (
            f"/registrations/{pk}?mail={mail}&view={view}",
            f"/mails/{mail}?mail={mail}&view={view}",
            f"/mails/{mail}/view/{view}?case={pk}",
            f"/mails/{mail}/view/{view}",
        ):
            response = page.get(address)
            assert response.status_code == 200, address
            assert words in response.content.decode(), address


def test_the_html_view_marks_what_was_read_of_this_request(page: Client) -> None:
    registration = make_registration(
        raw=make_raw(request_text(Applicant()), html=f"<p>{request_text(Applicant())}</p>")
    )
    text = page.get(f"/mails/{registration.mail_id}/html?case={registration.pk}").content.decode()
    assert '<mark class="f-pir" id="m-pir">740746</mark>' in text
    stranger = make_registration()
    for case in (stranger.pk, 999, "x", "9" * 30):
        assert page.get(f"/mails/{registration.mail_id}/html?case={case}").status_code == 200
        assert page.get(f"/mails/{registration.mail_id}/view/text?case={case}").status_code == 200
    other = page.get(f"/mails/{registration.mail_id}/view/text?case={stranger.pk}").content.decode()
    assert f"case={stranger.pk}" not in other


def test_a_large_mail_is_left_for_later_and_opened_by_a_link(page: Client) -> None:
    raw = make_raw(request_text(Applicant()) + "\n".join(f"{number}. sor" for number in range(60_000)))
    registration = make_registration(raw=raw)
    address = f"/registrations/{registration.pk}"
    text = page.get(address).content.decode()
    assert 'hx-trigger="load"' in text
    assert "17. sor" not in text
    assert "17. sor" in page.get(f"{address}?mail={registration.mail_id}").content.decode()
    assert "17. sor" in page.get(f"/mails/{registration.mail_id}/view/text?case={registration.pk}").content.decode()


def test_personal_numbers_are_covered_in_every_view(page: Client) -> None:
    words = "TAJ szám: 111 111 110"
    registration = make_registration(
        raw=make_raw(f"{words}\n{request_text(Applicant())}", html=f"<p>Megye: Zala</p><p>{words}</p><p>x")
    )
    for address in (
        f"/registrations/{registration.pk}",
        f"/mails/{registration.mail_id}",
        f"/mails/{registration.mail_id}/html",
    ):
        text = page.get(address).content.decode()
        assert "TAJ" in text
        assert "111 111 110" not in text, address


def test_earlier_requests_are_shown_with_their_number_and_a_way_to_all(page: Client) -> None:
    for _ in range(7):
        make_registration(status="approved")
    make_registration(Applicant(full_name="KOVÁCS ANNA", email="masik@tiszacsege.hu", pir="740373"))
    make_registration(Applicant(full_name="Más Márta", email="mas.marta@tiszacsege.hu"))
    registration = make_registration()
    text = page.get(f"/registrations/{registration.pk}").content.decode()
    kinds = (("Ugyanez az e-mail cím", 7), ("Ugyanez a név és önkormányzat", 8), ("Ugyanez a PIR szám", 8))
    for words, number in kinds:
        assert f'{words} <span class="sub">({number})</span>' in text
    assert "q=kovacs.anna%40tiszacsege.hu" in text
    assert text.count("Más Márta") == 1


def test_people_who_were_erased_are_not_one_person(page: Client) -> None:
    rows = [make_registration(Applicant(pir="740746")), make_registration(Applicant(pir="740373"))]
    Registration.objects.update(status="registered", full_name=ERASED, email=ERASED)
    text = page.get(f"/registrations/{rows[0].pk}").content.decode()
    assert "Ugyanez az e-mail cím" not in text
    assert "Ugyanez a név" not in text


def test_requests_of_this_case_are_no_earlier_ones(page: Client) -> None:
    first, second = make_registration(), make_registration()
    Mail.objects.update(conversation=Conversation.objects.create(), linked_by="reply")
    text = page.get(f"/registrations/{second.pk}").content.decode()
    assert "Korábbi ügyek" not in text
    assert f'href="/registrations/{first.pk}' in text


def test_the_trace_has_the_steps_of_the_chain_in_its_order() -> None:
    verdict = decide(parse_message(make_raw(request_text(Applicant(pir="740747")))), get_catalogue())
    asked = [step_of(finding.rule) for finding in verdict.findings]
    assert list(dict.fromkeys(asked)) == ["automatic", "wish", "guard", PERSON, "jegyzo"]
    assert [one.code for one in read_trace(dump_verdict(verdict), 0).steps] == list(dict.fromkeys(asked))
    known = {rule for rules in STEPS.values() for rule in rules}
    assert known - {finding.rule for finding in verdict.findings} == STEPS["answer"]


def test_the_trace_asks_and_answers(page: Client) -> None:
    verdict = decide(parse_message(make_raw(request_text(Applicant(pir="740747")))), get_catalogue())
    mail = make_mail(make_raw(request_text(Applicant())), verdict=verdict)
    text = page.get(f"/mails/{mail.pk}").content.decode()
    for words in (
        "1. Gép írta-e a levelet?",
        "<dt>Helyes a PIR szám ellenőrző számjegye?</dt>",
        "A PIR számként megadott érték nem PIR szám.",
        "regisztrációt kér",
    ):
        assert words in text, words
