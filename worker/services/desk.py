"""A desk: what one thread works with. Its rules are loaded once, its IMAP and SMTP connections are kept between mails.

This is where the services are put together; commands, tasks and the watcher each sit at a desk of their own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property

from django.db.models.functions import Now

from config.environment import ConfigurationError, Environment
from worker.mail.errors import LoginRefused, MailError, Throttled
from worker.mail.fetching import OVERSIZE
from worker.mail.imap import Mailbox
from worker.mail.server import MailServer
from worker.mail.smtp import Sender
from worker.models import Folder
from worker.services.alarms import check_alarms
from worker.services.controls import get_since, imap_rests_for, let_imap_rest, note_tokens
from worker.services.copy_sent import AUTO, copy_group
from worker.services.decide import decide_group
from worker.services.deliver import deliver_group
from worker.services.file import file_group
from worker.services.notify import Scribe
from worker.services.poll import PollResult, Terms, poll_folder
from worker.services.recover import recover_folders
from worker.services.replying import Voice
from worker.services.tell_operators import tell_operators
from worker.services.thinking import Thinking, load_thinking
from worker.services.wait import look_after

KEPT_FOR_S = 20.0  # after this much silence a kept IMAP connection is tried with NOOP first
COMPARE_EVERY = timedelta(minutes=10)
LOGIN_REST_S = 60.0
ALARMS_EVERY_S = 30.0
ALARM_TIMEOUT_S = 10.0

log = logging.getLogger(__name__)


class Desk:
    """Not for several threads at once. `close` when done."""

    def __init__(self, environment: Environment, thinking: Thinking | None = None, *, oversize: int = OVERSIZE) -> None:
        """Nothing is loaded or connected before it is needed; tests hand in their own `thinking`.

        Of mails over `oversize` bytes only the headers are taken in.
        """
        self.environment = environment
        self._oversize = oversize
        self.voice = Voice(
            address=environment.address,
            own_addresses=environment.addresses,
            mode=environment.replies,
            secret=environment.secret_key,
            privacy_url=environment.privacy_url,
            keeps_copies=environment.imap is not None and self._adds_copies,
        )
        self._thinking = thinking
        self._mailbox: Mailbox | None = None
        self._used_at = 0.0
        self._looked_at = -ALARMS_EVERY_S

    @property
    def _adds_copies(self) -> bool:
        """Whether replies are to be added to the Sent folder; `auto` leaves it to a service that does so by itself."""
        smtp = self.environment.smtp
        wanted = self.environment.sent_folder
        return bool(wanted) and not (wanted == AUTO and smtp is not None and smtp.stores_sent)

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
        server = self.environment.smtp
        return Sender(server, hello=self.environment.address.rpartition("@")[2]) if server else None

    @property
    def imap(self) -> MailServer:
        """The IMAP server; raises ConfigurationError where none is configured."""
        if self.environment.imap is None:
            raise ConfigurationError("ASPOKTATAS_IMAP_URL: is not set; there is no mailbox to watch")
        return self.environment.imap

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
        rest = imap_rests_for()
        if rest:
            raise Throttled(f"a login was refused or throttled a moment ago; the next try is in {rest:.0f} s", rest)
        try:
            return Mailbox(self.imap)
        except (Throttled, LoginRefused) as error:
            let_imap_rest(error.wait or LOGIN_REST_S)
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
        terms = Terms(get_since(self.environment.since), self._oversize, stored)
        full = full or not self._compared_lately()
        try:
            open_mailbox = mailbox or self.mailbox()
            if full:
                recover_folders(open_mailbox, self.environment.folders.values(), terms.since, self._oversize)
            return poll_folder(open_mailbox, self.imap.folder, terms, full=full)
        except MailError:
            self.hang_up()
            raise

    def _compared_lately(self) -> bool:
        mine = Folder.objects.filter(mailbox=self.imap.mailbox, name=self.imap.folder)
        return mine.filter(compared_at__gt=Now() - COMPARE_EVERY).exists()

    def check_alarms(self) -> None:
        """Look for what an operator must know of, and tell it; not more often than ALARMS_EVERY_S."""
        if time.monotonic() - self._looked_at < ALARMS_EVERY_S:
            return
        self._looked_at = time.monotonic()
        for name, watched in (("imap", self.environment.imap), ("smtp", self.environment.smtp)):
            if watched and watched.tokens:
                note_tokens(name, watched.tokens.expires_at, watched.tokens.failing_since)
        server = self.environment.alarm_smtp or self.environment.smtp
        # a connection of its own, and a short wait: the kept one may be what is broken
        sender = Sender(server, timeout=ALARM_TIMEOUT_S, dot_timeout=ALARM_TIMEOUT_S) if server else None
        try:
            check_alarms(lambda news: tell_operators(news, sender, self.environment.address, self.environment.alarm_to))
        finally:
            if sender:
                sender.close()

    def process(self) -> int:
        """Decide and deliver until nothing is due; returns how many steps were taken."""
        steps = 0
        while True:
            done = decide_group(self.thinking, self.voice) + self._deliver()
            if not done:
                return steps
            steps += done

    def _deliver(self) -> int:
        if self.sender is None:
            return 0
        return deliver_group(self.sender, self.voice, self.environment.replies_per_hour)

    def look_after(self, *, at_once: bool = False) -> int:
        """Remind and close the cases that wait for an answer, where it is time to look; returns how many."""
        return look_after(self._scribe, at_once=at_once)

    def copy_sent(self) -> int:
        """Settle the copies in the Sent folder until none is due; returns how many. A failing server is logged."""
        copied = 0
        wanted = self.environment.sent_folder or AUTO  # without copies it is still asked about uncertain replies
        try:
            while self.environment.imap and (done := copy_group(self.mailbox, wanted, adds=self._adds_copies)):
                copied += done
        except MailError as error:
            self.hang_up()
            log.warning("copies in the Sent folder wait: %s", error)
        return copied

    def file(self) -> int:
        """File until nothing is due; returns how many mails were handled. A failing server is logged, not raised."""
        filed = 0
        try:
            while done := file_group(self.mailbox, self.environment.folders):
                filed += done
        except MailError as error:
            self.hang_up()
            log.warning("filing waits: %s", error)
        return filed
