"""imap-tools fetching and parsing, and nothing else: `python -m bench.line.floor PORT USER PASSWORD`."""

from __future__ import annotations

import sys

from imap_tools import MailBoxUnencrypted


def main() -> None:
    """Read the text of every mail once."""
    port, user, password = sys.argv[1:4]
    with MailBoxUnencrypted("127.0.0.1", int(port)).login(user, password) as mailbox:
        for message in mailbox.fetch(mark_seen=False, bulk=100):
            assert message.text is not None
            assert message.subject is not None


if __name__ == "__main__":
    main()
