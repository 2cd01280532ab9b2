"""A conversation in a test: a first mail, our letter, an answer that quotes it, each decided as in life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Context, Earlier, Field, Message, Verdict
from worker.intake.parse import parse_message
from worker.replies.compose import ComposedReply, compose_reply

CATALOGUE = load_catalogue()
OWN = "aspoktatas@allamkincstar.gov.hu"
ATTRIBUTION = f"ASP Oktatás <{OWN}> ezt írta (időpont: 2026. márc. 4., Sze, 12:00):"


@dataclass(frozen=True)
class Case:
    """A mail, its verdict and our letter to it."""

    message: Message
    verdict: Verdict
    sent: ComposedReply | None

    @property
    def letter(self) -> ComposedReply:
        """Our letter, where one was due."""
        assert self.sent is not None
        return self.sent

    @property
    def earlier(self) -> Earlier:
        return Earlier(self.verdict.people, self.verdict.jegyzo)


def mail(text: str, *, sender: str, cc: str = "", subject: str = "ASP regisztráció", to: str = OWN) -> Message:
    """A plain mail to us."""
    built = EmailMessage()
    built["From"], built["To"], built["Subject"] = sender, to, subject
    if cc:
        built["Cc"] = cc
    built["Message-ID"] = "<1@posta.example>"
    built.set_content(text)
    return parse_message(built.as_bytes())


def open_case(text: str, *, sender: str, cc: str = "", subject: str = "ASP regisztráció") -> Case:
    """The case that a first mail opens."""
    message = mail(text, sender=sender, cc=cc, subject=subject)
    verdict = decide(message, CATALOGUE)
    letter = compose_reply(message, verdict, CATALOGUE, own_address=OWN, token="7F3K2M")
    return Case(message, verdict, letter)


def ready_case(text: str, *, sender: str, cc: str = "", subject: str = "ASP regisztráció") -> Case:
    """The case that a first mail opens to which no letter of ours is due."""
    message = mail(text, sender=sender, cc=cc, subject=subject)
    return Case(message, decide(message, CATALOGUE), None)


def quoted(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


def answer(case: Case, text: str, *, sender: str = "", cc: str = "", bare: bool = False) -> Verdict:
    """The verdict on an answer with `text` above our quoted letter (none quoted where `bare`)."""
    body = text if bare else f"{text}\n\n{ATTRIBUTION}\n\n{quoted(case.letter.text)}"
    message = mail(body, sender=sender or case.message.from_[0].address, cc=cc, subject=case.letter.subject)
    return decide(message, CATALOGUE, replace(Context(), earlier=case.earlier))


def follow_up(case: Case, text: str, *, sender: str = "", cc: str = "") -> Verdict:
    """The verdict on another mail of the case's own, with nothing of ours below it."""
    message = mail(text, sender=sender or case.message.from_[0].address, cc=cc, subject=f"Re: {case.message.subject}")
    return decide(message, CATALOGUE, replace(Context(), earlier=case.earlier))


def value(field: Field[str] | None) -> str | None:
    return field.value if field else None


def told(verdict: Verdict) -> Sequence[tuple[str, ...]]:
    """What matters of each person: the status word and the problems."""
    return [(person.status.value, *(problem.value for problem in person.problems)) for person in verdict.people]
