"""A colleague at the same mailbox, and the post: they flag, move, delete and append whatever the worker does."""

from __future__ import annotations

import imaplib
import random
from collections.abc import Callable, Sequence
from contextlib import suppress

from imap_tools.imap_utf7 import utf7_encode

from config.environment import FOLDERS
from tests.faults.invariants import COLLEAGUES, Truth, digest

LETTERS = {r"\Seen": "S", r"\Deleted": "T", r"\Flagged": "F", r"\Answered": "R"}


class Colleague:
    """Does random things over one IMAP connection of its own and tells `truth` what they were."""

    def __init__(self, client: imaplib.IMAP4, truth: Truth, chance: random.Random) -> None:
        self.client, self.truth, self.chance = client, truth, chance
        self.deeds: dict[str, int] = {}
        client.create(COLLEAGUES)

    def act(self) -> str:
        """One deed; its name."""
        deeds: Sequence[Callable[[], bool]] = (
            self.flag, self.flag, self.take_away, self.put_back, self.destroy, self.destroy_own, self.copy,
        )  # fmt: skip
        deed = self.chance.choice(deeds)
        if deed():
            self.deeds[deed.__name__] = self.deeds.get(deed.__name__, 0) + 1
        return deed.__name__

    def deliver(self, raw: bytes, flags: Sequence[str] = ()) -> None:
        """Append a mail to INBOX, as the post or as a colleague's program that marks it."""
        key = self.truth.deliver(raw)
        self.truth.flags[key].update(LETTERS[flag] for flag in flags)
        kind, answer = self.client.append("INBOX", f"({' '.join(flags)})" if flags else "", "", raw)
        assert kind == "OK", answer

    def flag(self) -> bool:
        """Mark a mail anywhere."""
        picked = self._pick(self.chance.choice(["INBOX", *FOLDERS.values()]))
        if not picked:
            return False
        uid, key = picked
        mark = self.chance.choice(list(LETTERS))
        self.truth.flags[key].add(LETTERS[mark])
        self.client.uid("STORE", uid, "+FLAGS", f"({mark})")
        return True

    def take_away(self) -> bool:
        """Move a mail from INBOX into a folder of one's own."""
        return self._move("INBOX", COLLEAGUES)

    def put_back(self) -> bool:
        """Move a mail into INBOX: from one's own folder, or one that was filed."""
        return self._move(self.chance.choice([COLLEAGUES, COLLEAGUES, *FOLDERS.values()]), "INBOX")

    def _move(self, source: str, target: str) -> bool:
        picked = self._pick(source)
        return picked is not None and self.client.uid("MOVE", picked[0], target)[0] == "OK"

    def copy(self) -> bool:
        """Copy a mail of one's own folder into INBOX."""
        picked = self._pick(COLLEAGUES)
        if not picked:
            return False
        self.truth.delivered[picked[1]] += 1
        return self.client.uid("COPY", picked[0], "INBOX")[0] == "OK"

    def destroy(self) -> bool:
        """Expunge one mail of INBOX, and no other."""
        return self._destroy("INBOX")

    def destroy_own(self) -> bool:
        """Expunge one mail of one's own folder."""
        return self._destroy(COLLEAGUES)

    def _destroy(self, folder: str) -> bool:
        picked = self._pick(folder)
        if not picked:
            return False
        uid, key = picked
        self.truth.destroyed[key] += 1
        self.truth.flags[key].add("T")
        self.client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
        self.client.uid("EXPUNGE", uid)
        return True

    def _pick(self, folder: str) -> tuple[str, str] | None:
        """UID and digest of a random mail that was delivered (not of a reply of ours); None where there is none."""
        kind, _ = self.client.select(f'"{utf7_encode(folder).decode("ascii")}"')
        if kind != "OK":
            return None
        _, found = self.client.uid("SEARCH", "ALL")
        uids = found[0].split() if found and found[0] else []
        if not uids:
            return None
        uid = self.chance.choice(uids).decode("ascii")
        with suppress(StopIteration):  # the worker was faster
            _, data = self.client.uid("FETCH", uid, "(BODY.PEEK[])")
            raw = next(piece[1] for piece in data if isinstance(piece, tuple))
            key = digest(raw)
            return (uid, key) if key in self.truth.delivered else None
        return None
