"""Cases to which a person may link a mail: found by number, by words, or suggested by what is known of the mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from registry.models import Registration
from registry.one_of import these
from registry.search import find_hits, of_mails, of_requests
from registry.words import words_of
from worker.models import Event, Mail

CASES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class LinkableCase:
    """A conversation by its number, with the mail that began it and its requests."""

    number: int
    opening: Mail
    requests: list[Registration]


def find_cases(mail: Mail, words: str) -> list[LinkableCase]:
    """The cases that fit `words` (a number, or what stands in requests and mails), newest first; without words those
    that the mail itself suggests. Never the mail's own."""
    numbers = _by_words(words) if words else _suggested(mail)
    kept = [number for number in dict.fromkeys(numbers) if number != mail.conversation_id][:CASES_SHOWN]
    return _load(kept)


def _by_words(words: str) -> list[int]:
    bare = words.strip().lstrip("#")
    found = [int(bare)] if bare.isascii() and bare.isdigit() and len(bare) < 19 else []
    hits = find_hits(words_of(words))
    if not hits.words:
        return found
    requests = Registration.objects.filter(of_requests(hits), mail__conversation__isnull=False)
    mails = Mail.objects.filter(of_mails(hits), conversation__isnull=False)
    found += requests.order_by("-pk").values_list("mail__conversation", flat=True)[: CASES_SHOWN * 2]
    found += mails.order_by("-pk").values_list("conversation", flat=True)[: CASES_SHOWN * 2]
    return found


def _suggested(mail: Mail) -> list[int]:
    """The case that a stranger's mail points at, then those of the same sender."""
    events = Event.objects.filter(mail=mail, verb="stranger_answered", registration__isnull=True)
    pointed = [event.details.get("conversation") for event in events.order_by("-pk")[:CASES_SHOWN]]
    found = [one for one in pointed if isinstance(one, int)]
    if mail.sender:
        same = Q(mail__sender=mail.sender) | Q(email=mail.sender) | Q(jegyzo_address=mail.sender)
        rows = Registration.objects.filter(same, mail__conversation__isnull=False).order_by("-pk")
        found += rows.values_list("mail__conversation", flat=True)[: CASES_SHOWN * 2]
    return found


def _load(numbers: Sequence[int]) -> list[LinkableCase]:
    mails = Mail.objects.filter(conversation__in=these(numbers)).defer("verdict", "trace").order_by("-pk")
    openings = {mail.conversation_id: mail for mail in mails}
    requests: dict[int | None, list[Registration]] = {}
    rows = Registration.objects.filter(mail__conversation__in=these(numbers)).select_related("mail")
    for row in rows.defer("evidence", "suggestions", "mail__verdict", "mail__trace").order_by("pk"):
        requests.setdefault(row.mail.conversation_id, []).append(row)
    return [LinkableCase(one, openings[one], requests.get(one, [])) for one in numbers if one in openings]
