"""Machines on the other side of the loops in test_loops: each writes mails that answer one of our letters.

None marks its mails as automatic in any header, and no Message-ID ever comes twice.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from rules.check_digits import is_pir
from tests.integration.conversation import GMAIL, OUTLOOK, Letter, marked
from tests.servers.mails import OWN
from tests.servers.smtp_sink import Accepted

REQUESTER = "horompo.gergo@mintafalu4.hu"
AUTOMATIC = (
    "Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "X-Loop", "Return-Path", "Received",
)  # fmt: skip

Machine = Callable[[Letter, str], list[bytes]]
_numbers = itertools.count(1)


def write(sender: str, subject: str, text: str, answers: str = "", **headers: str) -> bytes:
    """One mail to us with a fresh Message-ID; `answers` is the Message-ID it is threaded under, if any."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = f"<{next(_numbers)}.gep@{sender.rpartition('@')[2].strip('<>')}>"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail["From"], mail["To"], mail["Subject"] = sender, OWN, subject
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def request(sender: str = REQUESTER, name: str = "Hörömpő Gergő", pir: str = "", **headers: str) -> bytes:
    """A first request by `sender`; without `pir` we must ask."""
    return write(sender, "Regisztráció az oktatási portálra", _data(name, sender, pir), **headers)


def _data(name: str, address: str, pir: str) -> str:
    return (
        f"Tisztelt Kincstár!\n\nKérem a regisztrációmat az ASP oktatási portálra.\nNév: {name}\n"
        f"Önkormányzat: Tiszacsege\n{f'PIR: {pir}' if pir else ''}\nE-mail: {address}\n"
        f"Modul: adó szakrendszer\n\nÜdvözlettel:\n{name}\n"
    )


def wrong_pir() -> str:
    """Another one each time, its check digit wrong."""
    return next(digits for digits in (str(100000 + number) for number in _numbers) if not is_pir(digits))


def receipt(letter: Letter, to: str) -> list[bytes]:
    """Thanks, quoting us, in the thread."""
    text = "Köszönjük megkeresését, munkatársunk hamarosan jelentkezik.\n\n" + GMAIL + "\n" + marked(letter.text)
    return [write(to, f"Re: {letter.subject}", text, letter.message_id)]


def bare_receipt(letter: Letter, to: str) -> list[bytes]:
    """Thanks alone, under a subject of its own and in no thread."""
    return [write(to, "Levelét megkaptuk", "Tisztelt Partnerünk!\n\nKöszönjük levelét.\n\nMintafalu Hivatala\n")]


def own_data(letter: Letter, to: str) -> list[bytes]:
    """A business card that says nothing, with another wrong number each time."""
    text = f"Mintafalu Polgármesteri Hivatal\nPIR szám: {wrong_pir()}\nTel.: 52/555-{100 + next(_numbers)}\n"
    return [write(to, f"Re: {letter.subject}", text, letter.message_id)]


def own_request(letter: Letter, to: str) -> list[bytes]:
    """The text of the first request once more, with another wrong number each time and in no thread."""
    return [write(to, "Regisztráció az oktatási portálra", _data("Hörömpő Gergő", to, wrong_pir()))]


def open_form(letter: Letter, to: str) -> list[bytes]:
    """Our whole letter as it was, its form open, below Outlook's lines."""
    head = OUTLOOK.format(to=to, subject=letter.subject)
    return [write(to, f"VÁ: {letter.subject}", f"Levelét megkaptuk.\n\n{head}\n{letter.text}", letter.message_id)]


def bare_form(letter: Letter, to: str) -> list[bytes]:
    """Our whole letter as if it were theirs, in no thread."""
    return [write(to, letter.subject, letter.text)]


def english(letter: Letter, to: str) -> list[bytes]:
    """In English, without a word of what machines usually say."""
    text = "Hello,\n\nthank you for contacting us. A member of our team will be in touch.\n\nKind regards\nThe team\n"
    return [write(to, f"RE: {letter.subject}", text, letter.message_id)]


def forgotten_password(letter: Letter, to: str) -> list[bytes]:
    """A helpless chatbot: each time trouble with another login, in no thread."""
    number = next(_numbers)
    text = f"Nem tudok belépni az oktatási portálra, elfelejtettem a jelszavamat. ({number}. megkeresés)\n"
    return [write(to, "Jelszó", text)]


def ticket_system(letter: Letter, to: str) -> list[bytes]:
    """Each round the subject grows; our text is quoted, and no word of its own is known to us."""
    text = f"Új elem a listán.\n\n{marked(letter.text)}"
    return [write(to, f"[Új elem] {letter.subject}", text, letter.message_id)]


def wandering_ticket_system(letter: Letter, _to: str) -> list[bytes]:
    """The same from an address of its own each round."""
    return ticket_system(letter, f"ticket+{next(_numbers)}@mintafalu4.hu")


def forgetful_ticket_system(letter: Letter, _to: str) -> list[bytes]:
    """From changing addresses, in no thread, without our mark: it turns what it gets into requests of its own."""
    number = next(_numbers)
    sender = f"ticket+{number}@mintafalu4.hu"
    return [write(sender, f"Hibajegy-továbbítás {number}", _data("Hörömpő Gergő", REQUESTER, ""))]


def redirect(data: bytes, to: str) -> bytes:
    """Sent on as it is by Resent-* (RFC 5322 §3.6.6), under the same Message-ID; a gateway took our marks off."""
    return _stripped(data, {"Resent-From": to, "Resent-To": OWN, "Resent-Message-ID": f"<{next(_numbers)}@falu.hu>"})


def rewrite(data: bytes, to: str) -> bytes:
    """Sent on with From rewritten, as gateways do against DMARC, and a new Message-ID."""
    mail = message_from_bytes(_stripped(data, {}))
    for name, value in (("From", to), ("Message-ID", f"<{next(_numbers)}.srs@mintafalu4.hu>"), ("To", OWN)):
        del mail[name]
        mail[name] = value
    return mail.as_bytes()


def disguise(data: bytes, to: str) -> bytes:
    """From and Reply-To rewritten; the Message-ID is still ours."""
    mail = message_from_bytes(_stripped(data, {}))
    for name, value in (("From", to), ("Reply-To", to), ("To", OWN)):
        del mail[name]
        mail[name] = value
    return mail.as_bytes()


def attach(data: bytes, to: str) -> bytes:
    """Sent on as message/rfc822 by a rule that writes nothing itself."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"], mail["From"], mail["To"] = f"<{next(_numbers)}.rule@mintafalu4.hu>", to, OWN
    mail["Subject"] = f"FW: {message_from_bytes(data, policy=policy.default)['Subject']}"
    mail.set_content("")
    mail.add_attachment(message_from_bytes(_stripped(data, {}), policy=policy.default))
    return mail.as_bytes()


def without_marks(data: bytes) -> bytes:
    """As a gateway passes it on that takes off whatever it does not know."""
    return _stripped(data, {})


def renamed(data: bytes) -> bytes:
    """The same under another Message-ID."""
    mail = message_from_bytes(data)
    mail.replace_header("Message-ID", f"<{next(_numbers)}.masik@mx.falu.hu>")
    return mail.as_bytes()


def _stripped(data: bytes, added: dict[str, str]) -> bytes:
    mail = message_from_bytes(data)
    for name in AUTOMATIC:
        del mail[name]
    for name, value in added.items():
        mail[name] = value
    return mail.as_bytes()


def bounce(accepted: Accepted, recipient: str, number: int) -> bytes:
    """What a mail server says of a letter of ours that it could not deliver (RFC 3464), in one of four manners."""
    said = f"<{recipient}>: 550 5.1.1 User unknown"
    if number % 4 == 1:  # qmail: neither MIME nor header
        text = f"Hi. This is the qmail-send program at mx.falu.hu.\n\n{said}\n\nMessage-ID: {accepted.message_id}\n"
        return write("MAILER-DAEMON@mx.falu.hu", "failure notice", text, Return_Path="<>")
    if number % 4 == 2:  # a gateway that answers in somebody's name
        text = f"A levelet nem sikerült kézbesíteni a címzettnek: {said}\n\nMessage-ID: {accepted.message_id}\n"
        return write("postmaster@falu.hu", "Kézbesíthetetlen: Regisztráció", text)
    back = accepted.data if number % 4 == 3 else accepted.data.split(b"\r\n\r\n")[0]
    content_type = "message/rfc822" if number % 4 == 3 else "text/rfc822-headers"
    report = DSN.format(own=OWN, number=next(_numbers), said=said, recipient=recipient, content_type=content_type)
    return report.replace("\n", "\r\n").encode() + back + b"\r\n--grenze--\r\n"


DSN = """Return-Path: <>
From: MAILER-DAEMON@mx.falu.hu
To: {own}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}.dsn@mx.falu.hu>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grenze"

--grenze
Content-Type: text/plain; charset=us-ascii

{said}

--grenze
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.falu.hu

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1

--grenze
Content-Type: {content_type}

"""
