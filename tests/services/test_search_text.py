"""What mails say is kept when they are decided, and for those that were there before."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.review.factory import Applicant, make_mail, make_raw, request_text
from worker.intake.parse import parse_message
from worker.models import Control, MailState, MailText
from worker.services.decide import decide_group
from worker.services.replying import make_voice
from worker.services.search_text import CAUGHT_UP, MOST, catch_up, keep_texts, readable_text
from worker.services.thinking import load_thinking

pytestmark = pytest.mark.django_db


def texts() -> dict[str, str]:
    return dict(MailText.objects.values_list("mail__subject", "text"))


def test_a_text_has_subject_sender_and_attachments() -> None:
    files = [("lista.csv", "text/csv", "név;PIR\nNagy Béla;740990\n".encode())]
    text = readable_text(parse_message(make_raw("Jó napot!", subject="Tárgy", files=files)))
    for words in ("Tárgy", "Kovács Anna", "kovacs.anna@tiszacsege.hu", "Jó napot!", "Nagy Béla"):
        assert words in text


def test_a_text_has_an_end_and_no_nul() -> None:
    text = readable_text(parse_message(make_raw("a\x00b " + "hosszú " * 20_000)))
    assert len(text) <= MOST
    assert "\x00" not in text


def test_mails_from_before_are_caught_up_with_once() -> None:
    mails = [make_mail(make_raw(f"szöveg {n}", subject=f"s{n}")) for n in range(3)]
    waiting = make_mail(make_raw("még nem", subject="vár"), state=MailState.STORED)
    MailText.objects.all().delete()
    keep_texts([(mails[1].pk, parse_message(make_raw("már megvan")))])
    assert catch_up(load_thinking()) == 2
    assert set(texts()) == {"s0", "s1", "s2"}
    assert "már megvan" in texts()["s1"]
    assert Control.objects.get(name=CAUGHT_UP).value == {"done": True}
    MailText.objects.filter(mail=mails[0]).delete()
    assert catch_up(load_thinking()) == 0
    assert not MailText.objects.filter(mail=waiting).exists()


def test_of_mails_that_were_never_judged_only_the_header_is_read() -> None:
    make_mail(make_raw("a törzs", subject="karanténban"), state=MailState.FAILED, failure="died")
    assert catch_up(load_thinking()) == 1
    (text,) = MailText.objects.values_list("text", flat=True)
    assert "karanténban" in text
    assert "törzs" not in text


def test_deciding_keeps_the_text() -> None:
    mail = make_mail(make_raw(request_text(Applicant())), state=MailState.STORED)
    environment = settings.ASPOKTATAS
    assert decide_group(load_thinking(), make_voice(environment, environment.accounts[0])) == 1
    assert "740746" in MailText.objects.get(mail=mail).text
