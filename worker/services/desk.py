"""A desk: what one thread works with at one mailbox. Its rules are loaded once, its connections kept between mails.

This is where the services are put together; commands, tasks and the watcher each sit at desks of their own
(worker.services.desks: at one for every mailbox).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cached_property, partial

from django.db.models.functions import Now

from config.accounts import Account
from config.environment import ConfigurationError, Environment
from worker.mail.errors import LoginRefused, MailError, Throttled
from worker.mail.fetching import OVERSIZE
from worker.mail.imap import Mailbox
from worker.mail.server import MailServer
from worker.mail.smtp import Sender
from worker.models import Folder
from worker.services.alarm_round import AlarmRound
from worker.services.controls import get_since, imap_rests_for, let_imap_rest
from worker.services.copy_sent import copy_group
from worker.services.decide import decide_group
from worker.services.deliver import SERVER_BACKOFF_S, deliver_group
from worker.services.file import file_group, is_better_later
from worker.services.judges import Judges
from worker.services.mailboxes import mails_of, watched_folder
from worker.services.notify import Scribe
from worker.services.poll import COMPARE_EVERY, Level, PollResult, Terms, poll_folder, poll_news
from worker.services.recover import recover_folders
from worker.services.replying import AUTO, make_voice
from worker.services.rests import Rest
from worker.services.thinking import Thinking, load_thinking
from worker.services.wait import look_after

KEPT_FOR_S = 20.0  # after this much silence a kept IMAP connection is tried with NOOP first
LOGIN_REST_S = 60.0
TURN_S = 20.0  # then whoever has work for this thread gets a turn; well below the tasks' time limits
IMAP_REST_S = 10.0

log = logging.getLogger(__name__)


class Desk:
    """Not for several threads at once. `close` when done."""

    def __init__(
        self,
        environment: Environment,
        thinking: Thinking | None = None,
        *,
        account: Account | None = None,
        oversize: int = OVERSIZE,
        judges: Judges | None = None,
    ) -> None:
        """Nothing is loaded or connected before it is needed; tests hand in their own `thinking`.

        `judges` help with a backlog; they are the process's, and not closed here.

        `account` is the mailbox, the first unless given. Of mails over `oversize` bytes only the headers are taken in.
        """
        self.environment = environment
        self.account = account or environment.accounts[0]
        self._oversize = oversize
        self._judges = judges or Judges(0)
        self.voice = make_voice(environment, self.account)
        shares = bool(environment.further)  # others wait while this mailbox's servers are waited for
        self._smtp_rest = Rest(f"smtp{self.account.suffix}", is_kept=shares)
        self._imap_rest = Rest(f"imap{self.account.suffix}", is_kept=shares)
        self._thinking = thinking
        self._mailbox: Mailbox | None = None
        self._used_at = 0.0
        self._level: Level | None = None
        self._alarms = AlarmRound(environment, (self.account,))

    @cached_property
    def thinking(self) -> Thinking:
        """The rules and their data."""
        return self._thinking or load_thinking()

    @cached_property
    def _scribe(self) -> Scribe:
        return Scribe(self.environment, self._thinking)

    @cached_property
    def sender(self) -> Sender | None:
        """The SMTP connection; None where no server is configured: replies then wait."""
        server = self.account.smtp
        return Sender(server, hello=self.account.address.rpartition("@")[2]) if server else None

    @property
    def imap(self) -> MailServer:
        """The IMAP server; raises ConfigurationError where none is configured."""
        if self.account.imap is None:
            raise ConfigurationError("ASPOKTATAS_IMAP_URL: is not set; there is no mailbox to watch")
        return self.account.imap

    def mailbox(self) -> Mailbox:
        """The kept IMAP connection, replaced where it has died; raises MailError."""
        kept = self._mailbox
        if kept is not None and time.monotonic() - self._used_at > KEPT_FOR_S:
            try:
                kept.noop()
            except MailError:
                self.hang_up()
        if self._mailbox is None:
            self._mailbox = self.connect()
        self._used_at = time.monotonic()
        return self._mailbox

    def connect(self) -> Mailbox:
        """A new IMAP connection, its owner's to close; raises MailError.

        While the server wants rest no process tries: a login storm would only prolong it.
        """
        rest = imap_rests_for(self.account.suffix)
        if rest:
            raise Throttled(f"a login was refused or throttled a moment ago; the next try is in {rest:.0f} s", rest)
        try:
            return Mailbox(self.imap)
        except (Throttled, LoginRefused) as error:
            let_imap_rest(error.wait or LOGIN_REST_S, self.account.suffix)
            raise

    def hang_up(self) -> None:
        """Give the IMAP connection up; the next use opens a new one."""
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            mailbox.close(polite=False)

    def close(self) -> None:
        """Close both connections."""
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            mailbox.close()
        if self.sender is not None:
            self.sender.close()

    def poll(
        self, mailbox: Mailbox | None = None, *, full: bool = False, stored: Callable[[], None] = lambda: None
    ) -> PollResult:
        """Take in what is new; the full comparison where asked for or due. Raises MailError."""
        terms = Terms(partial(get_since, self.environment.since), self._oversize, stored)
        try:
            open_mailbox = mailbox or self.mailbox()
            found = None
            if not full and self._level:
                found = poll_news(open_mailbox, self.imap.folder, terms, self._level)
            if found is None:
                full = full or not self._compared_lately()
                if full:
                    recover_folders(open_mailbox, self.environment.folders.values(), terms.since(), self._oversize)
                found = poll_folder(open_mailbox, self.imap.folder, terms, full=full)
        except MailError:
            self.hang_up()
            raise
        self._level = found.level
        return found

    def _compared_lately(self) -> bool:
        return Folder.objects.filter(watched_folder(self.account), compared_at__gt=Now() - COMPARE_EVERY).exists()

    def check_alarms(self) -> None:
        """Look for what an operator must know of, at any mailbox, and tell it; not too often."""
        self._alarms.look()

    def process(self) -> int:
        """Decide and deliver until nothing is due; returns how many steps were taken."""
        steps = 0
        while done := self.decide() + self.deliver():
            steps += done
        return steps

    def decide(self) -> int:
        """Decide one group of this mailbox's mails; returns how many."""
        whose = mails_of(self.account, self.environment.accounts)
        return decide_group(self.thinking, self.voice, whose, partial(self._judges.judge, self.account.suffix))

    @property
    def is_troubled(self) -> bool:
        """Whether the server for replies failed when it was tried last; known only where mailboxes are several."""
        return self._smtp_rest.is_on

    def deliver(self) -> int:
        """Send one group of the replies to this mailbox's mails; returns how many were tried."""
        if self.sender is None or not self._smtp_rest.may_try():
            return 0
        whose = mails_of(self.account, self.environment.accounts, "mail__mailbox")
        per_hour, heard = self.environment.replies_per_hour, list[bool]()
        tried = deliver_group(self.sender, self.voice, per_hour, whose, heard.append)
        if not heard:
            self._smtp_rest.give_turn_back()
        elif heard[-1]:
            self._smtp_rest.begin(SERVER_BACKOFF_S)
        else:
            self._smtp_rest.end()
        return tried

    def look_after(self, *, at_once: bool = False) -> int:
        """Remind and close the cases that wait for an answer, of all mailboxes, where it is time; returns how many."""
        return look_after(self._scribe, at_once=at_once)

    def copy_sent(self) -> int:
        """Settle the copies in the Sent folder until none is due or the turn is over; returns how many.

        A failing server is logged.
        """
        wanted = self.environment.sent_folder or AUTO  # without copies it is still asked about uncertain replies
        whose = mails_of(self.account, self.environment.accounts, "mail__mailbox")
        adds = self.voice.keeps_copies
        if self.account.imap is None:
            return 0
        return self._at_mailbox("copying", lambda: copy_group(self.mailbox, wanted, adds=adds, whose=whose))

    def file(self, *, at_once: bool = True) -> int:
        """File until nothing is due or the turn is over; returns how many mails. A failing server is logged.

        Unless `at_once` it may wait for more of a backlog.
        """
        whose = mails_of(self.account, self.environment.accounts)
        if not at_once and is_better_later(whose, watched_folder(self.account)):
            return 0
        return self._at_mailbox("filing", lambda: file_group(self.mailbox, self.environment.folders, whose))

    def _at_mailbox(self, what: str, work: Callable[[], int]) -> int:
        """Do `work` until it returns 0 or this turn is over; how much in all."""
        done = 0
        if not self._imap_rest.may_try():
            return 0
        over = time.monotonic() + TURN_S
        try:
            while (number := work()) and time.monotonic() < over:
                done += number
            done += number
        except MailError as error:
            self.hang_up()
            self._imap_rest.begin(IMAP_REST_S)
            log.warning("%s waits: %s", what, error)
        else:
            if done:
                self._imap_rest.end()
            else:
                self._imap_rest.give_turn_back()
        return done
