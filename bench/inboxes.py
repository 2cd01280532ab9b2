"""Maildirs of as many mails as a filled ledger knows: all in an inbox that nobody empties, or in their folders."""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from pathlib import Path

from imap_tools.utils import encode_folder

from bench.line.mails import make_mail
from bench.line.sites import Site, delivered_name
from bench.staff.places import UIDVALIDITY, USER, mails_of
from config.environment import FOLDERS

ORIGINALS = 200  # files are links to so many
FOR_OTHERS = 1_000_000  # UIDs that the new mails of other rounds had, which the ledger knows


class Inbox:
    """The mailbox of `size` requests under the name that the ledgers know, put away afterwards; `filed`: its mails lie
    in the product's folders, in equal parts, else in the inbox."""

    def __init__(self, site: Site, size: int, *, filed: bool = False) -> None:
        self.used = site.dovecot.home / "mail" / USER
        self.kept = self.used.with_name(f"{USER}-{size}{'-filed' * filed}")

    def __enter__(self) -> None:
        self.kept.rename(self.used)

    def __exit__(self, *_: object) -> None:
        self.used.rename(self.kept)


def lay_out(site: Site, size: int, seed: int) -> None:
    """Both mailboxes of `size` requests. Those of the inbox have the UIDs that the ledger knows; of each folder's
    Dovecot makes its own list, and of every folder its own index."""
    number = mails_of(size)
    names = [delivered_name(one, 1_600_000_000 + one * 61) for one in range(number)]
    for filed in (False, True):
        site.stage(USER, [make_mail(one, seed) for one in range(min(ORIGINALS, number))])
        box = site.dovecot.home / "mail" / USER
        originals = sorted((box / "tmp").iterdir())
        folders = [_folder(box, name) for name in FOLDERS.values()] if filed else [box]
        for one, name in enumerate(names):
            os.link(originals[one % len(originals)], folders[one % len(folders)] / "cur" / f"{name}:2,S")
        for original in originals:
            original.unlink()
        _number(box, [] if filed else names, number + FOR_OTHERS * filed)
        box.rename(Inbox(site, size, filed=filed).kept)


def _folder(box: Path, name: str) -> Path:
    """A new one within `box`."""
    owner = pwd.getpwnam("nobody")
    folder = box / ("." + encode_folder(name).decode("ascii").strip('"'))
    for place in (folder, *(folder / part for part in ("cur", "new", "tmp"))):
        place.mkdir()
        os.chown(place, owner.pw_uid, owner.pw_gid)
    return folder


def _number(box: Path, names: Sequence[str], number: int) -> None:
    """Dovecot's list of the UIDs in the inbox, of which `number` were given."""
    owner = pwd.getpwnam("nobody")
    head = f"3 V{UIDVALIDITY} N{number + 1} G{number:032x}"
    lines = [head, *(f"{one} :{name}" for one, name in enumerate(names, 1))]
    (box / "dovecot-uidlist").write_text("\n".join(lines) + "\n", "ascii")
    os.chown(box / "dovecot-uidlist", owner.pw_uid, owner.pw_gid)
