"""Mails made to be slow: name → bytes, sized as far as a mailbox would take them. Pure; for `bench.reading`."""

from __future__ import annotations

import random

from tests.intake.samples import mail_with
from tests.intake.test_bounds import HOSTILE, html, plain

SIZE = 2_000_000  # bytes of a text
SIGNS = "@.(0 :-,;/|>*_=\"'né[<&#\t\n"
PIECES = {
    "digits apart": "7 4 0 0 0 9 ",
    "PIRs": "740009 ",
    "tax numbers": "15740001-2-05\n",
    "addresses": "a.b@c.hu ",
    "joined addresses": "a.b@c.hu",
    "names": "Kovács Anna\n",
    "names in a row": "Kovács Anna, ",
    "one long name": "Kovács Nagy Szabó ",
    "forms": "Név: Kovács Anna\nPIR: 740009\nE-mail: kovacs.anna@tab.hu\nTelepülés: Tab\nSzakrendszer: Irat, KERET\n\n",
    "rows": "Kovács Anna\t740009\tTab\tkovacs.anna@tab.hu\tIrat\n",
    "semicolons": "Kovács Anna;740009;Tab;kovacs.anna@tab.hu;Irat\n",
    "modules": "Irat - Iktató, KERET, ADÓ, ",
    "offices": "Tab Község Önkormányzata ",
    "settlements": "Tab, Siófok, Budapest XI. ",
    "sentences": "Kérem regisztrálni Kovács Annát a KERET szakrendszerhez, címe kovacs.anna@tab.hu.\n\n",
    "one paragraph": "Kérem regisztrálni Kovács Annát a KERET szakrendszerhez, címe kovacs.anna@tab.hu. ",
    "refusals": "nem ",
    "labels": "Név: ",
    "empty labels": "a: b\n",
    "ticks": "☒ Irat ☐ KERET\n",
    "list": "- Kovács Anna – 740009 – Irat\n",
    "links": "https://a.b/c?d=e&f=g ",
    "forwards": "-----Eredeti üzenet-----\nFeladó: a@b.hu\nTárgy: x\n\nszia\n",
}
WORDS = ("Kovács", "Anna", "PIR:", "740009", "a.b@c.hu", "Irat", "Név:", "kérem", "nem", "jegyző", "Tab", "Zala", "\n")
CELLS = ("Kovács Anna", "740009", "Tab", "Somogy", "kovacs.anna@tab.hu", "Irat", "KERET", "", "x", "y")


def hostile_mails() -> dict[str, bytes]:
    """All of them, those that intake's own tests know included."""
    chance = random.Random(1)
    mails = dict(HOSTILE)
    for sign in SIGNS:
        mails[f"one line of {sign!r}"] = plain(sign * SIZE)
        mails[f"one line of 'x{sign}'"] = plain(f"x{sign}" * (SIZE // 2))
        mails[f"lines of {sign!r}"] = plain((sign * 70 + "\n") * (SIZE // 71))
    for name, piece in PIECES.items():
        mails[name] = plain(piece * (SIZE // len(piece)))
    mails["words at random"] = plain(" ".join(chance.choice(WORDS) for _ in range(300_000)))
    mails["500 kB of quoted history"] = plain(_history(500_000))
    mails["20,000 cells"] = html("<table>" + ("<tr><td>" + "</td><td>".join(CELLS) + "</td></tr>") * 2_000 + "</table>")
    mails["20,000 lines of CSV"] = mail_with(("a.csv", _csv(20_000).encode()))
    return mails


def _history(size: int) -> str:
    quoted = "> Tisztelt Cím! Kérem a regisztrációt, Név: Kovács Anna, PIR: 740009\n"
    return "Kérem a regisztrációmat.\n\n2026. jan. 1. Éva <a@b.hu> ezt írta:\n" + quoted * (size // len(quoted))


def _csv(rows: int) -> str:
    body = "".join(f"Kovács{row} Anna;{700_000 + row};Tab;k.a{row}@tab.hu;Irat\n" for row in range(rows))
    return "Név;PIR;Település;E-mail;Modul\n" + body
