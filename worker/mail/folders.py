"""Folder names as the server wants them: namespace prefix, hierarchy delimiter, modified UTF-7; made when missing."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from typing import Any

from imap_tools.utils import encode_folder

from worker.mail.errors import MailError, Transient
from worker.mail.translate import translated

NAMESPACE = re.compile(rb'\s*\(\("((?:[^"\\]|\\.)*)" (?:"((?:[^"\\]|\\.)*)"|NIL)')


class FolderNames:
    """Finds and makes folders over one connection; what it found once it does not ask again."""

    def __init__(self, box: Any, capabilities: frozenset[str]) -> None:
        """`box` is imap-tools' mailbox, logged in."""
        self._box = box
        self._capabilities = capabilities
        self._known: dict[str, str] = {}
        self._place: tuple[str, str] | None = None

    def ensure(self, name: str) -> bytes:
        """The quoted, encoded name of the folder that operators call `name` (levels separated by "/")."""
        return bytes(encode_folder(self.locate(name)))

    def locate(self, name: str) -> str:
        """The server's own name for the folder that operators call `name`; made when missing."""
        if name not in self._known:
            self._known[name] = self.find(name) or self._create(name)
        return self._known[name]

    def find_special(self, use: str) -> str | None:
        """The server's own name for the folder that it marks with `use` (RFC 6154, "\\Sent"), where there is one."""
        where = b'(SPECIAL-USE) ""' if "SPECIAL-USE" in self._capabilities else b'""'
        with translated("list"):
            rows = self._box.folder.list(where, b'"*"')
        marked = [row.name for row in rows if use.casefold() in {flag.casefold() for flag in row.flags}]
        return marked[0] if marked else None

    def _full_name(self, name: str) -> str:
        if self._place is None:
            self._place = self._read_place()
        prefix, delimiter = self._place
        full = unicodedata.normalize("NFC", name)
        if delimiter and delimiter != "/":
            full = full.replace("/", delimiter)
        return full if not prefix or full.startswith(prefix) else prefix + full

    def _read_place(self) -> tuple[str, str]:
        """Prefix and delimiter of the personal namespace; where the server does not know the command, of the root."""
        if "NAMESPACE" in self._capabilities:
            with translated("namespace"):
                _, data = self._box.client.namespace()
            match = NAMESPACE.match(data[0] or b"") if data else None
            if match:
                return match.group(1).decode("ascii", "replace"), (match.group(2) or b"").decode("ascii", "replace")
        with translated("list"):
            roots = self._box.folder.list("", "")
        return "", (roots[0].delim if roots and roots[0].delim != "NIL" else "")

    def find(self, name: str) -> str | None:
        """The server's own name for the folder that operators call `name`; None where there is none."""
        full = self._full_name(name)
        with translated("list"):
            listed = [row.name for row in self._box.folder.list("", full)]
        same = [found for found in listed if unicodedata.normalize("NFC", found) == full]
        return same[0] if same else None

    def _create(self, name: str) -> str:
        full = self._full_name(name)
        try:
            with translated("create"):
                self._box.folder.create(full)
        except Transient:
            found = self.find(name)  # another process may have made it in the same moment
            if found is None:
                raise
            return found
        with suppress(MailError), translated("subscribe"):
            self._box.folder.subscribe(full, True)
        return full
