"""imap-tools fetching and parsing, and nothing else: `python -m bench.line.floor PORT USER PASSWORD`."""

from __future__ import annotations

import sys

from imap_tools import MailBoxUnencrypted


def main() -> None:
    """Read of every mail once what a registration rests on: its head, both its texts, its attachments.

    imap-tools parses when it is asked, so what is not asked for would not have been parsed.
    """
    port, user, password = sys.argv[1:4]
    with MailBoxUnencrypted("127.0.0.1", int(port)).login(user, password) as mailbox:
        for message in mailbox.fetch(mark_seen=False, bulk=100):
            head = (message.subject, message.date, message.from_values, message.to_values, message.cc_values)
            texts = (message.text, message.html)
            files = [attachment.payload for attachment in message.attachments]
            assert None not in (*head[:2], *texts, *files)


if __name__ == "__main__":
    main()
