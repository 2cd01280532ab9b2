"""What a person should know before a letter goes: what was written before, and what will become of this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime

from registry.models import Registration
from review.called import called
from review.conversation import get_talk
from review.labels import label
from review.letters import Letter
from review.outbox import waits
from review.standing import get_standing
from worker.models import UNSENT, Reply
from worker.services.wait import ASKING


@dataclass(frozen=True, slots=True)
class LetterNotes:
    """`warnings` and `facts` are sentences; `unsent` the worker's letters of the case that ask and lie here yet."""

    warnings: list[str]
    facts: list[str]
    unsent: list[Reply]


def get_notes(registration: Registration, letter: Letter) -> LetterNotes:
    """About `letter` as the case stands; `registration` comes with its mail and conversation."""
    talk = get_talk(registration.mail)
    standing = get_standing(registration, talk, settings.ASPOKTATAS)
    unsent = find_unsent(talk.letters)
    warnings = [label("letter_note", "budget", used=standing.used)] if standing.used >= standing.budget else []
    warnings += [label("letter_note", "not_sent")] if unsent else []
    warnings += [label("letter_note", "stopped")] if waits(registration.mail) else []
    facts = [label("letter_why", letter.why)]
    if standing.last is not None and standing.last.sent_at is not None:
        at = date_format(localtime(standing.last.sent_at), "Y. m. d. H:i")
        facts.append(label("letter_note", "asked", at=at))
    if len(letter.about) > 1:
        names = ", ".join(called(one) for one in letter.about[1:])
        facts.append(label("letter_note", "others", names=names))
    facts.append(label("letter_note", settings.ASPOKTATAS.replies))
    return LetterNotes(warnings, facts, unsent)


def find_unsent(letters: Sequence[Reply]) -> list[Reply]:
    """Those of the worker's letters that ask for something and lie here yet."""
    return [one for one in letters if one.author_id is None and one.kind in ASKING and one.state in UNSENT]
