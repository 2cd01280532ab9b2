"""One IMAP connection: log in, look, fetch, move. Never EXPUNGE, never a flag on anybody's mail, BODY.PEEK only.

imap-tools connects, logs in, selects, searches and handles folders. Fetching and moving are done here with raw
commands, for its own `fetch`, `move`, `flag` and `delete` can lose or destroy mail (docs/architecture.md).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Self

import imap_tools
from imap_tools.utils import encode_folder

from worker.mail import naming
from worker.mail.answers import FetchAnswer, format_day, format_uid_set, parse_copyuid, parse_fetch
from worker.mail.errors import Permanent, Unsupported
from worker.mail.fetching import OVERSIZE, Batch, Fetching
from worker.mail.folders import FolderNames
from worker.mail.identity import is_searchable
from worker.mail.idle import Idle
from worker.mail.server import MailServer, Security
from worker.mail.stream import TIMEOUT_S, PlainClient, TlsClient
from worker.mail.translate import failure, translated

FIRST_MOVE, LONGEST_MOVE = 200, 5000  # mails
QUICK_S, SLOW_S = 4.0, 10.0  # a MOVE; silence ends the connection later than that
STEEPEST = 8  # times as many mails as a MOVE had are tried next


@dataclass(frozen=True, slots=True)
class Selected:
    """A selected folder; `uidvalidity` as its SELECT answer gave it."""

    folder: str
    uidvalidity: int
    readonly: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a set of UIDs at a MOVE; `left` are still in the source folder."""

    moved: frozenset[int]
    vanished: frozenset[int]
    left: frozenset[int]


class _Connection(imap_tools.BaseMailBox):
    """imap-tools' mailbox over our own reading clients."""

    def __init__(self, server: MailServer, context: ssl.SSLContext, timeout: float) -> None:
        self._server, self._context, self._timeout = server, context, timeout
        super().__init__()

    def _get_mailbox_client(self) -> PlainClient | TlsClient:
        host, port = self._server.host, self._server.port
        if self._server.security is Security.TLS:
            return TlsClient(host, port, ssl_context=self._context, timeout=self._timeout)
        client = PlainClient(host, port, timeout=self._timeout)
        if self._server.security is Security.STARTTLS:
            client.starttls(self._context)
        return client


class Mailbox:
    """A logged-in connection. Every method raises MailError; after Disconnected the connection is of no use."""

    def __init__(self, server: MailServer, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT_S) -> None:
        """Connect and log in; every wait for the server ends after `timeout` seconds."""
        self.server = server
        self.selected: Selected | None = None
        self.moves_at_once = FIRST_MOVE
        with translated("connect"):
            self._box = _Connection(server, context or ssl.create_default_context(), timeout)
        self._client: PlainClient | TlsClient = self._box.client  # type: ignore[assignment]  # imap-tools says IMAP4
        try:
            self._log_in()
            self.capabilities = self._read_capabilities()
        except BaseException:
            self.close(polite=False)
            raise
        self._folders = FolderNames(self._box, self.capabilities)

    def _log_in(self) -> None:
        user, password = self.server.user, self.server.password
        token = self.server.tokens.get() if self.server.tokens else ""
        with translated("login", login=True):
            if token:
                said = f"user={user}\1auth=Bearer {token}\1\1".encode()
                # a refusing server sends its reason first, answered by an empty line
                self._client.authenticate("XOAUTH2", lambda challenge: b"" if challenge else said)
            elif user.isascii() and password.isascii():
                self._box.login(user, password, initial_folder=None)
            else:
                self._box.login_utf8(user, password, initial_folder=None)

    def _read_capabilities(self) -> frozenset[str]:
        """As announced after the login: Dovecot and Exchange name MOVE only then."""
        with translated("capability"):
            _, data = self._client.capability()
            return frozenset(b" ".join(piece for piece in data if piece).decode("ascii", "replace").upper().split())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close(polite=error is None)

    def close(self, *, polite: bool = True) -> None:
        """Log out where `polite`, and close the socket. Never raises, never selects CLOSE (it would expunge)."""
        with suppress(Exception):
            if polite:
                self._client.logout()
        with suppress(Exception):
            self._client.shutdown()

    def select(self, folder: str, *, readonly: bool = False) -> Selected:
        """Open `folder`; raises Permanent where the server gives no UIDVALIDITY, for then no UID means anything."""
        self.selected = None
        with translated("select"):
            self._box.folder.set(folder, readonly)
            _, values = self._client.response("UIDVALIDITY")
        if not values or not values[0] or not values[0].isdigit():
            raise Permanent("the server gives no UIDVALIDITY")
        self.selected = Selected(folder, int(values[0]), readonly)
        return self.selected

    def noop(self) -> None:
        """Let the server tell its news: without it a mail that came as IDLE ended may be missed by a search."""
        with translated("noop"):
            failure("noop", self._client.noop())

    def check(self) -> None:
        """As `noop`, and worth its price between the first of several MOVEs and the others: Dovecot puts the folder's
        new mails where each of these finds them, and reads the directory once for it and not twice. Before the first it
        sees no reason to, where another connection has told it of the mails.
        """
        if "IMAP4REV1" not in self.capabilities:
            return self.noop()
        with translated("check"):
            return failure("check", self._client.check())

    def search(self, criteria: str = "ALL") -> list[int]:
        """UIDs in ascending order for ASCII search `criteria`."""
        with translated("search"):
            return sorted({int(uid) for uid in self._box.uids(criteria, charset=None) if uid.isdigit()})

    def search_above(self, uid: int) -> list[int]:
        """UIDs above `uid`. (`n:*` names the last mail even where its UID is below n.)"""
        return [found for found in self.search(f"UID {uid + 1}:*") if found > uid]

    def fetch(self, uids: Iterable[int], oversize: int = OVERSIZE) -> Iterator[Batch]:
        """Fetch these mails, each verified by UID and size; of mails over `oversize` bytes only the headers.

        A batch is fetched when it is asked for: let go of the one before, and large mails fit into memory.
        """
        return Fetching(self._fetch, oversize).fetch(uids, lambda uid: bool(self.search(f"UID {uid}")))

    def _fetch(self, uids: Sequence[int], items: str) -> dict[int, FetchAnswer]:
        if not uids:
            return {}
        with translated("fetch"):
            self._client.untagged_responses.pop("FETCH", None)  # what came unasked for earlier is not our answer
            kind, data = self._client.uid("FETCH", format_uid_set(uids), items)
            if kind == "NO":  # some of them are gone: the caller asks for each by itself
                failure("fetch", (kind, data), throttling_only=True)
                _, data = self._client.response("FETCH")
        wanted = set(uids)
        return {uid: answer for uid, answer in parse_fetch(data or []).items() if uid in wanted}

    def move(self, uids: Iterable[int], folder: str) -> Moved:
        """UID MOVE from the selected folder; raises Unsupported where the server has no MOVE (nothing is copied).

        From how long it took `count_to_move` learns.
        """
        wanted = frozenset(uids)
        if "MOVE" not in self.capabilities:
            raise Unsupported("MOVE")
        target = self._folders.ensure(folder)
        begun = time.monotonic()
        with translated("move"):
            self._client.untagged_responses.pop("COPYUID", None)
            named = naming.name(self._client, wanted)
            if named != "$" and not naming.fit(wanted):
                self.capabilities -= {"SEARCHRES"}  # it cannot do what it announces: from now on fewer are named
            answer = self._client.uid("MOVE", named, target.decode("ascii"))
            _, codes = self._client.response("COPYUID")
            failure("move", answer)
        self._learn(len(wanted), time.monotonic() - begun)
        moved = frozenset(parse_copyuid(codes or [])) & wanted
        unclear = wanted - moved
        left = unclear & {uid for one in naming.pieces(unclear) for uid in self.search(f"UID {one}")}
        if not moved:  # without UIDPLUS the server does not say which: what is gone, we moved
            return Moved(unclear - left, frozenset(), left)
        return Moved(moved, unclear - left, left)

    def count_to_move(self, uids: Sequence[int]) -> int:
        """How many of `uids` are good to move at once, from the first on; at least one."""
        number = self.moves_at_once
        while "SEARCHRES" not in self.capabilities and not naming.fit(uids[:number]):
            number = number * 3 // 4
        return number

    def _learn(self, number: int, seconds: float) -> None:
        """Some servers take a thousand mails in a second, others need a minute; no MOVE shall become a slow one."""
        if seconds < QUICK_S:
            more = int(number * min(STEEPEST, SLOW_S / max(seconds, 0.001)))
            self.moves_at_once = max(self.moves_at_once, min(LONGEST_MOVE, more))
        elif seconds > SLOW_S:
            self.moves_at_once = max(1, self.moves_at_once // 4)

    def find_folder(self, name: str) -> str | None:
        """The server's own name for the folder that operators call `name`; None where there is none."""
        return self._folders.find(name)

    def sent_folder(self, name: str = "") -> str | None:
        """The server's own name for the folder `name`, made when missing; without `name`, for the one marked \\Sent."""
        return self._folders.locate(name) if name else self._folders.find_special("\\Sent")

    def holds(self, message_id: str, since: date) -> bool:
        """Whether the selected folder has a mail with this Message-ID that came there on `since` or later."""
        if not is_searchable(message_id):
            return False
        return bool(self.search(f'SINCE {format_day(since)} HEADER Message-ID "{message_id}"'))

    def append(self, folder: str, data: bytes, at: datetime) -> None:
        """Put a mail of our own into `folder` (the server's own name), as read and of the moment `at`.

        After Disconnected it may be there all the same.
        """
        with translated("append"):
            place = bytes(encode_folder(folder)).decode("ascii")
            failure("append", self._client.append(place, "(\\Seen)", at, data))

    def idle(self) -> Idle:
        """IDLE on the selected folder, as a context manager; raises Unsupported where the server has none."""
        if "IDLE" not in self.capabilities:
            raise Unsupported("IDLE")
        return Idle(self._client)
