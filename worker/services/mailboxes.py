"""Whose mail is whose: which rows of the ledger a mailbox's own desk works on, and which mailboxes are up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from config.accounts import Account
from worker.models import Folder

POLLED_LATELY = timedelta(seconds=90)


def mails_of(account: Account, accounts: Sequence[Account], column: str = "mailbox") -> Q:
    """The mails that `account` answers and files; the first has those of mailboxes that are watched no more, too.

    `column` leads to Mail.mailbox.
    """
    if account.suffix:
        return Q(**{column: account.mailbox})
    others = [one.mailbox for one in accounts if one.suffix]
    return ~Q(**{f"{column}__in": others}) if others else Q()


def watched_folder(account: Account) -> Q:
    """The ledger's row of the folder that `account` watches."""
    return Q(mailbox=account.mailbox, name=account.imap.folder if account.imap else "")


def polled_lately(account: Account) -> bool:
    """Whether its watched folder was polled to the end a short while ago."""
    return Folder.objects.filter(watched_folder(account), polled_at__gt=Now() - POLLED_LATELY).exists()


def silent_mailboxes(accounts: Sequence[Account]) -> list[str]:
    """Those of the watched mailboxes where mails may lie that the ledger does not know."""
    return [one.mailbox for one in accounts if one.imap and not polled_lately(one)]
