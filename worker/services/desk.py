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
from worker.services.controls import get_since, imap_rests_for, let_imap_rest
from worker.services.decide import decide_group
from worker.services.deliver import deliver_group
from worker.services.file import file_group
from worker.services.poll import PollResult, Terms, poll_folder
from worker.services.replying import Voice
from worker.services.thinking import Thinking, load_thinking

KEPT_FOR_S = 20.0  # after this much silence a kept IMAP connection is tried with NOOP first
COMPARE_EVERY = timedelta(minutes=10)
LOGIN_REST_S = 60.0

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
        )
        self._thinking = thinking
        self._mailbox: Mailbox | None = None
        self._used_at = 0.0

    @cached_property
    def thinking(self) -> Thinking:
        """The rules and their data."""
        return self._thinking or load_thinking()

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
            return poll_folder(mailbox or self.mailbox(), self.imap.folder, terms, full=full)
        except MailError:
            self.hang_up()
            raise

    def _compared_lately(self) -> bool:
        mine = Folder.objects.filter(mailbox=self.imap.mailbox, name=self.imap.folder)
        return mine.filter(compared_at__gt=Now() - COMPARE_EVERY).exists()

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
