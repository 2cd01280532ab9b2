"""The round of the alarms: now and then a look at what an operator must know of, told by mail where it is new."""

from __future__ import annotations

import time
from collections.abc import Sequence

from config.accounts import Account
from config.environment import Environment
from worker.mail.smtp import Sender
from worker.services.alarms import News, check_alarms
from worker.services.controls import note_tokens
from worker.services.tell_operators import tell_operators

EVERY_S = 30.0
TIMEOUT_S = 10.0


class AlarmRound:
    """One for a desk or for all of a thread's; every mailbox is looked at by each."""

    def __init__(self, environment: Environment, accounts: Sequence[Account]) -> None:
        """`accounts` are those whose access tokens are used beside it."""
        self._environment = environment
        self._accounts = tuple(accounts)
        self._looked_at = -EVERY_S

    def look(self) -> None:
        """Look and tell; not more often than EVERY_S."""
        if time.monotonic() - self._looked_at < EVERY_S:
            return
        self._looked_at = time.monotonic()
        self._note_tokens()
        server = self._environment.alarm_smtp or self._environment.smtp
        # a connection of its own, and a short wait: the kept one may be what is broken
        sender = Sender(server, timeout=TIMEOUT_S, dot_timeout=TIMEOUT_S) if server else None
        try:
            check_alarms(lambda news: self._tell(news, sender), self._environment.accounts)
        finally:
            if sender:
                sender.close()

    def _note_tokens(self) -> None:
        """Write down how the access tokens of the mailboxes' servers are getting on."""
        for account in self._accounts:
            for name, watched in (("imap", account.imap), ("smtp", account.smtp)):
                if watched and watched.tokens:
                    note_tokens(name + account.suffix, watched.tokens.expires_at, watched.tokens.failing_since)

    def _tell(self, news: News, sender: Sender | None) -> bool:
        accounts = self._environment.accounts
        places = {one.suffix: one.mailbox for one in accounts} if len(accounts) > 1 else {}
        return tell_operators(news, sender, self._environment.address, self._environment.alarm_to, places)
