"""The plain script written with an eye on the clock: mails fetched by the hundred, parsed once, marked by the hundred.

    python -m bench.line.careful PORT USER PASSWORD SMTP_PORT DATABASE

Still without guarantees; one commit a mail, replies on a kept connection.
"""

from __future__ import annotations

import smtplib
import sqlite3
import sys
from email.message import EmailMessage

from imap_tools import AND, MailBoxUnencrypted

from bench.line.plain import OWN, RULES

BULK = 100


def main() -> None:
    """Work through the mailbox once."""
    port, user, password, smtp_port, database = sys.argv[1:]
    ledger = sqlite3.connect(database)
    ledger.execute("PRAGMA journal_mode=WAL")
    ledger.execute("CREATE TABLE mail (uid TEXT, sender TEXT, subject TEXT, raw BLOB, missing TEXT)")
    smtp = smtplib.SMTP("127.0.0.1", int(smtp_port))
    seen: list[str] = []
    with MailBoxUnencrypted("127.0.0.1", int(port)).login(user, password) as mailbox:
        for message in mailbox.fetch(AND(seen=False), mark_seen=False, bulk=BULK):
            text = message.subject + "\n" + (message.text or message.html)
            found = [bool(rule.search(text)) for rule in RULES]
            missing = [str(number) for number, hit in enumerate(found[:4]) if not hit]
            ledger.execute(
                "INSERT INTO mail VALUES (?, ?, ?, ?, ?)",
                (message.uid, message.from_, message.subject, text, ",".join(missing)),
            )
            ledger.commit()
            if missing and not found[5] and message.from_:
                reply = EmailMessage()
                reply["From"], reply["To"] = OWN, message.from_
                reply["Subject"] = f"Re: {message.subject}"
                reply["In-Reply-To"] = str(message.obj["Message-ID"]).strip()
                reply.set_content("Tisztelt Érdeklődő!\n\nHiányzik: " + ", ".join(missing))
                smtp.sendmail(OWN, [message.from_], reply.as_bytes())
            seen.append(str(message.uid))
            if len(seen) >= BULK:
                mailbox.client.uid("STORE", ",".join(seen), "+FLAGS.SILENT", r"(\Seen)")
                seen.clear()
        if seen:
            mailbox.client.uid("STORE", ",".join(seen), "+FLAGS.SILENT", r"(\Seen)")


if __name__ == "__main__":
    main()
