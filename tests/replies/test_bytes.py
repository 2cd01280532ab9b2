"""The bytes of a reply, read back by Python's own parser: headers, folding, encodings, line lengths."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from functools import partial
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Address, Message, Problem
from tests.replies.samples import CATALOGUE, CLERK, NOON, OWN_ADDRESS, WRITER, message_of, person_of, verdict_of
from worker.replies.compose import ComposedReply, compose_reply, compose_text, reply_message_id
from worker.replies.mime import Automation, capped_references, redated


def compose(message: Message | None = None) -> ComposedReply:
    verdict = verdict_of(person_of((Problem.PIR_MISSING, Problem.MODULES_MISSING)), cc=(CLERK,))
    original = message or message_of()
    return compose_reply(original, verdict, CATALOGUE, own_address=OWN_ADDRESS, token="7F3K2M", date=NOON)


def read(data: bytes) -> EmailMessage:
    """The parsed mail, without defects, after the rules for every line held."""
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    head, _, body = data.partition(b"\r\n\r\n")
    assert all(
        len(line) <= 78 or line.startswith((b"In-Reply-To: <", b"References: <", b" <")) for line in head.split(b"\r\n")
    )
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    mail = email.message_from_bytes(data, policy=email.policy.default)
    for part in mail.walk():
        assert not part.defects
    return mail


def addresses(mail: EmailMessage, name: str) -> list[tuple[str, str]]:
    return [(one.display_name, one.addr_spec) for one in cast(AddressHeader, mail[name]).addresses]


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_every_header_is_as_it_should_be() -> None:
    reply = compose()
    mail = read(reply.data)
    assert addresses(mail, "From") == [("ASP Oktatás", OWN_ADDRESS)]
    assert addresses(mail, "To") == [(WRITER.name, WRITER.address)]
    assert addresses(mail, "Cc") == [(CLERK.name, CLERK.address)]
    assert addresses(mail, "Reply-To") == [("", OWN_ADDRESS)]
    assert mail["Subject"] == reply.subject == "Re: Regisztráció – Mintafalu [ASPO-7F3K2M]"
    assert mail["Date"].datetime == NOON
    assert mail["Message-ID"] == reply.message_id
    assert mail["In-Reply-To"] == mail["References"] == "<eredeti.1@posta.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "bulk"
    assert mail["X-Loop"] == f"{OWN_ADDRESS} 7F3K2M"
    assert mail["Content-Language"] == "hu"
    assert mail["MIME-Version"] == "1.0"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert len(mail.keys()) == len(set(mail.keys()))
    assert "Disposition-Notification-To" not in mail


def test_text_and_html_come_back_letter_for_letter() -> None:
    reply = compose()
    mail = read(reply.data)
    assert content(mail, "plain").rstrip("\n") == reply.text.rstrip("\n")
    assert content(mail, "html").rstrip("\n") == reply.html.rstrip("\n")


def test_the_same_mail_gives_the_same_bytes() -> None:
    assert compose() == compose()
    assert compose().message_id == reply_message_id("<eredeti.1@posta.example>", "missing", OWN_ADDRESS)
    assert compose(message_of(message_id="<masik@posta.example>")).message_id != compose().message_id
    nameless, other = message_of(message_id=""), message_of(message_id="", subject="Más")
    assert compose(nameless).message_id != compose(other).message_id


def test_a_message_id_and_envelope_may_be_given() -> None:
    reply = compose_reply(
        message_of(),
        verdict_of(person_of((Problem.PIR_MISSING,))),
        CATALOGUE,
        own_address=OWN_ADDRESS,
        message_id="<aspo.x@posta.example>",
        privacy_url="https://posta.example/adatkezeles",
    )
    mail = read(reply.data)
    assert mail["Message-ID"] == "<aspo.x@posta.example>"
    assert "ASPO" not in mail["Subject"]
    assert "Adatkezelési tájékoztató: https://posta.example/adatkezeles" in reply.text
    assert '<a href="https://posta.example/adatkezeles">' in reply.html


def test_a_long_identifier_is_never_folded_into_encoded_words() -> None:
    long = f"<{'a' * 300}@posta.example>"
    mail = compose(message_of(message_id=long, references=tuple(f"<{'r' * 90}{n}@posta.example>" for n in range(30))))
    parsed = read(mail.data)
    assert parsed["In-Reply-To"] == long
    references = parsed["References"].split()
    assert len(references) == 10
    assert references[0] == f"<{'r' * 90}0@posta.example>"
    assert references[-1] == long
    assert b"=?" not in mail.data.partition(b"In-Reply-To:")[2].partition(b"Subject:")[0]


@pytest.mark.parametrize("bad", ["", "nincs zárójel", "<a b@x>", "<a@x>\r\nBcc: <b@x>", "<é@x>", f"<{'a' * 990}@x>"])
def test_an_unusable_message_id_is_left_out(bad: str) -> None:
    mail = read(compose(message_of(message_id=bad, references=(bad, "<jo@x>"))).data)
    assert "In-Reply-To" not in mail
    assert mail["References"] == "<jo@x>"
    assert "Bcc" not in mail


def test_references_keep_the_first_and_the_newest() -> None:
    ids = [f"<{number}@x>" for number in range(20)]
    assert capped_references(ids, "<19@x>") == ("<0@x>", *(f"<{number}@x>" for number in range(11, 20)))
    assert capped_references((), "") == ()


SUBJECTS = [
    ("", "Re: ASP oktatási portál – regisztráció [ASPO-7F3K2M]"),
    ("Re: RE: Vá: Fwd: Kérelem", "Re: Kérelem [ASPO-7F3K2M]"),
    ("Válasz: Re[2]: Kérelem [ASPO-ABC123]", "Re: Kérelem [ASPO-7F3K2M]"),
    ("Kérelem\r\nBcc: x@posta.example", "Re: Kérelem Bcc: x@posta. example [ASPO-7F3K2M]"),
    ("Nyerjen: https://rossz.example/x?y www.rossz.example most", "Re: Nyerjen: most [ASPO-7F3K2M]"),
    ("=?utf-8?q?trükk?=", "Re: =?utf-8?q?trükk?= [ASPO-7F3K2M]"),
    ("=?utf-8?q?trick?=", "Re: =?utf-8?q?trick?= [ASPO-7F3K2M]"),
    ("{{ 7 * 7 }} {% raw %}", "Re: {{ 7 * 7 }} {% raw %} [ASPO-7F3K2M]"),
    ("\u202eforditott\u0000\u0007", "Re: forditott [ASPO-7F3K2M]"),
    ("Hosszú " * 60, f"Re: {('Hosszú ' * 60)[:149].rstrip()}… [ASPO-7F3K2M]"),
    ("👩‍💼" * 3, f"Re: {'👩 💼' * 3} [ASPO-7F3K2M]"),
]


@pytest.mark.parametrize(("original", "expected"), SUBJECTS, ids=[repr(row[0])[:20] for row in SUBJECTS])
def test_the_subject_is_cleaned_and_keeps_one_prefix(original: str, expected: str) -> None:
    reply = compose(message_of(subject=original))
    assert reply.subject == expected
    assert read(reply.data)["Subject"] == expected


@pytest.mark.parametrize("value", ["missing", "password"])
def test_no_recipient_twice_and_none_unwritable(value: str) -> None:
    verdict = verdict_of(person_of((Problem.PIR_MISSING,)), cc=(WRITER, CLERK, CLERK, Address("x", "rossz cím@x")))
    reply = compose_reply(message_of(), verdict, CATALOGUE, own_address=OWN_ADDRESS)
    assert reply.to == (WRITER.address,)
    assert reply.cc == (CLERK.address,)


def test_a_display_name_cannot_pose_as_an_address() -> None:
    verdict = verdict_of(person_of((Problem.PIR_MISSING,)), cc=(Address("titkar@mas.example", "a@posta.example"),))
    mail = read(compose_reply(message_of(), verdict, CATALOGUE, own_address=OWN_ADDRESS).data)
    assert addresses(mail, "Cc") == [("", "a@posta.example")]


def test_words_of_staff_go_out_in_the_same_envelope() -> None:
    reply = compose_text(
        message_of(),
        to=(WRITER,),
        cc=(CLERK,),
        subject="Re: Regisztráció\r\nBcc: x@posta.example",
        text="Tisztelt Kovácsné Nagy Éva!\n\nA <b>kérelmét</b> "
        + "nagyon " * 30
        + "megkaptuk.\n\nTisztelettel:\nASP Oktatás",
        own_address=OWN_ADDRESS,
        date=NOON,
    )
    mail = read(reply.data)
    assert mail["Subject"] == "Re: Regisztráció Bcc: x@posta.example"
    assert mail["In-Reply-To"] == "<eredeti.1@posta.example>"
    assert all(len(line) <= 78 for line in content(mail, "plain").split("\n"))
    assert "&lt;b&gt;kérelmét&lt;/b&gt;" in content(mail, "html")
    assert "Tisztelettel:<br />ASP Oktatás" in content(mail, "html")


@pytest.mark.parametrize(
    ("automation", "marks"),
    [
        (Automation.REPLIED, ("auto-replied", "All", "bulk")),
        (Automation.GENERATED, ("auto-generated", "All", "bulk")),
        (Automation.NONE, (None, "OOF", None)),
    ],
)
def test_what_other_machines_are_told(automation: Automation, marks: tuple[str | None, ...]) -> None:
    reply = compose_text(
        message_of(), to=(WRITER,), cc=(), subject="x", text="y", own_address=OWN_ADDRESS, automation=automation
    )
    mail = read(reply.data)
    assert tuple(mail[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence")) == marks


def test_a_letter_is_dated_anew_and_nothing_else_of_it() -> None:
    """Whatever its other headers and its text hold."""
    text = "Date: tegnap\n\nDate: ma"
    write = partial(
        compose_text, message_of(), to=(WRITER,), cc=(), subject="Date: holnap", text=text, own_address=OWN_ADDRESS
    )
    before, after = write(date=NOON), write(date=NOON + timedelta(days=9))
    assert redated(before.data, NOON + timedelta(days=9)) == after.data != before.data


HOSTILE = st.text(max_size=200) | st.sampled_from(
    ["\r\nBcc: x@y", "<script>", "{{ x }}", "=?utf-8?q?a?=", '"', "\\", "\udcff"]
)


@given(name=HOSTILE, subject=HOSTILE, message_id=HOSTILE, copy=HOSTILE)
def test_whatever_strangers_write_the_bytes_stay_sound(name: str, subject: str, message_id: str, copy: str) -> None:
    verdict = verdict_of(person_of((Problem.PIR_MISSING,)), cc=(Address(name, CLERK.address), Address("", copy)))
    reply = compose_reply(
        message_of(Address(name, WRITER.address), subject, message_id=message_id, references=(copy,)),
        verdict,
        CATALOGUE,
        own_address=OWN_ADDRESS,
        date=NOON,
    )
    mail = read(reply.data)
    assert set(mail.keys()) <= {
        "From", "To", "Cc", "Reply-To", "Date", "Message-ID", "In-Reply-To", "References", "Subject", "Auto-Submitted",
        "X-Auto-Response-Suppress", "Precedence", "X-Loop", "Content-Language", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert mail["Subject"] == reply.subject
    assert content(mail, "plain").rstrip("\n") == reply.text.rstrip("\n")
