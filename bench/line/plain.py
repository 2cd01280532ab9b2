"""What one writes in an afternoon: imap-tools fetch, a rule of regular expressions, one SQLite commit, smtplib, a flag.

    python -m bench.line.plain PORT USER PASSWORD SMTP_PORT DATABASE

No guarantee of any kind: a crash anywhere loses or doubles. It is the yardstick, not a peer.
"""

from __future__ import annotations

import re
import smtplib
import sqlite3
import sys
from email.message import EmailMessage

from imap_tools import AND, MailBoxUnencrypted

RULES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bpir\W{0,12}(\d[\d ]{4,8}\d)\b",
        r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"\b(adó|irat\w*|gazdálkodás\w*|ipar\w*|hagyaték|ingatlan\w*|keret|portál|elügy)\b",
        r"\b(?:vár)?megye\W+\w+|\w+\s+(?:vár)?megye\b",
        r"\bjegyző\b",
        r"\b(automatikus válasz|házon kívül|out of office|delivery status|undelivered mail)\b",
        r"\bjelszó\w*\b",
    )
]
OWN = "aspoktatas@allamkincstar.gov.hu"


def main() -> None:
    """Work through the mailbox once."""
    port, user, password, smtp_port, database = sys.argv[1:]
    ledger = sqlite3.connect(database)
    ledger.execute("CREATE TABLE mail (uid TEXT, sender TEXT, subject TEXT, raw BLOB, missing TEXT)")
    smtp = smtplib.SMTP("127.0.0.1", int(smtp_port))
    with MailBoxUnencrypted("127.0.0.1", int(port)).login(user, password) as mailbox:
        for message in mailbox.fetch(AND(seen=False), mark_seen=False):
            text = message.subject + "\n" + (message.text or message.html)
            found = [bool(rule.search(text)) for rule in RULES]
            missing = [str(number) for number, hit in enumerate(found[:4]) if not hit]
            raw = message.obj.as_bytes()
            ledger.execute(
                "INSERT INTO mail VALUES (?, ?, ?, ?, ?)",
                (message.uid, message.from_, message.subject, raw, ",".join(missing)),
            )
            ledger.commit()
            if missing and not found[5] and message.from_:
                reply = EmailMessage()
                reply["From"], reply["To"] = OWN, message.from_
                reply["Subject"] = f"Re: {message.subject}"
                reply["In-Reply-To"] = str(message.obj["Message-ID"]).strip()
                reply.set_content("Tisztelt Érdeklődő!\n\nHiányzik: " + ", ".join(missing))
                reply.add_alternative("<p>Tisztelt Érdeklődő!</p><p>Hiányzik: " + ", ".join(missing), subtype="html")
                smtp.send_message(reply)
            mailbox.client.uid("STORE", str(message.uid), "+FLAGS", r"(\Seen)")


if __name__ == "__main__":
    main()
