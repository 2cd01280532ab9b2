"""Newcomers: most mails are by people of whom the ledger knows nothing yet.

A judgement may suppose so instead of asking. When its group is written, a few queries over all of the group's keys
prove each supposition right or wrong; a mail whose supposition is wrong is judged again, by questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.functions import Now

from rules.model import Person
from worker.models import Mail, Reply
from worker.services import budgets
from worker.services.cases import ANSWERS, GONE
from worker.services.find_case import RequestKeys, keys_of, of_open_cases


@dataclass(slots=True)
class Supposed:
    """What a judgement took for granted: no known request under `emails` and `identities`,
    no open case of `senders`."""

    emails: set[str] = field(default_factory=set)
    identities: set[str] = field(default_factory=set)
    senders: set[str] = field(default_factory=set)

    def strangers(self, people: Iterable[Person]) -> None:
        """Suppose that nobody of `people` has a request."""
        keys = keys_of(people)
        self.emails |= keys.emails
        self.identities |= keys.identities

    def newcomer(self, sender: str) -> None:
        """Suppose that the writer has no open case."""
        if sender:
            self.senders.add(sender)

    def still_holds(self) -> bool:
        """Whether all of it is true now; for one mail alone."""
        return not Known([self], ()).contradicts(self)


class Known:
    """Of the keys of a group of mails, those under which the ledger has something; grows as the group is written."""

    def __init__(self, supposed: Iterable[Supposed], mails: Iterable[Mail]) -> None:
        """Asks the ledger: five queries at most, whatever the number of mails."""
        told = list(supposed)
        self._emails: set[str] = set()
        self._identities: set[str] = set()
        keys = RequestKeys(
            frozenset().union(*(one.emails for one in told)), frozenset().union(*(one.identities for one in told))
        )
        if keys:
            for email, identity in keys.find().values_list("email", "identity"):
                self._emails |= {email, email.lower()}
                self._identities.add(identity)
        senders = set().union(*(one.senders for one in told))
        self._senders = set(of_open_cases(senders).values_list("sender", flat=True)) if senders else set()
        self._touched = _with_rows([mail.pk for mail in mails])

    def contradicts(self, supposed: Supposed) -> bool:
        """Whether the ledger has something where `supposed` took it to have nothing."""
        return bool(
            supposed.emails & self._emails or supposed.identities & self._identities or supposed.senders & self._senders
        )

    def is_untouched(self, mail: Mail) -> bool:
        """Whether no request and no reply stands in the ledger of this mail."""
        return mail.pk not in self._touched

    def add(self, supposed: Supposed, sender: str) -> None:
        """A mail of `sender` that rested on `supposed` is being written: what it supposed is true no longer."""
        self._emails |= supposed.emails
        self._identities |= supposed.identities
        self._senders |= {*supposed.senders, sender}


class Purse:
    """Budgets of a whole group at once: who surely got no answer of ours lately, and whose domain few."""

    def __init__(self, senders: Iterable[str]) -> None:
        """Asks the ledger about `senders` (lower case): two queries."""
        wanted = set(senders)
        lately = Reply.objects.filter(author__isnull=True, kind__in=ANSWERS, created_at__gt=Now() - budgets.PERIOD)
        lately = lately.exclude(state__in=GONE)
        self._answered = set(lately.filter(mail__sender__in=wanted).values_list("mail__sender", flat=True))
        domains = {_domain(one) for one in wanted} - budgets.FREEMAIL - {""}
        of_domains = lately.filter(mail__domain__in=domains).values("mail__domain").annotate(number=Count("pk"))
        self._domains = Counter({str(one["mail__domain"]): int(one["number"]) for one in of_domains})

    def is_full(self, sender: str) -> bool:
        """Whether an answer to `sender` surely exceeds no budget but those of its thread."""
        few = min(budgets.SAME_LETTER, budgets.SAME_DOMAIN_AN_HOUR, budgets.SAME_DOMAIN_A_DAY)
        return sender not in self._answered and self._domains[_domain(sender)] < few

    def spend(self, sender: str) -> None:
        """An answer to `sender` is being written."""
        self._answered.add(sender)
        if _domain(sender) not in budgets.FREEMAIL:
            self._domains[_domain(sender)] += 1


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _with_rows(mails: list[int]) -> set[int]:
    rows = Mail.objects.filter(Q(registrations__isnull=False) | Q(replies__isnull=False), pk__in=mails)
    return set(rows.values_list("pk", flat=True))
