"""The cases that the answers in these tests answer: made-up people, PIRs that no office has."""

from __future__ import annotations

from functools import cache

from tests.rules.answers.conversation import Case, open_case

CLERK = "dr. Minta Béla jegyző <jegyzo@lenti.example>"
ANNA = "Név: Kovács Anna, Önkormányzat: Lenti Város Önkormányzata"
OWN = "Kovács Anna <kovacs.anna@posta.example>"

FIRST_MAILS: dict[str, tuple[str, str, str]] = {  # name: text, sender, copies
    "pir": (f"Kérem a regisztrációmat. {ANNA}, e-mail: kovacs.anna@posta.example, szakrendszer: ADÓ", OWN, CLERK),
    "pir and email": (
        f"Kérem a regisztrációmat. {ANNA}, PIR: 740372, e-mail: penzugy@lenti.example, szakrendszer: ADÓ",
        "penzugy@lenti.example",
        CLERK,
    ),
    "pir offered": (
        f"Kérem a regisztrációmat. {ANNA}, PIR: 740379, e-mail: kovacs.anna@posta.example, szakrendszer: ADÓ",
        OWN,
        CLERK,
    ),
    "email": (
        f"Kolléganőm regisztrációját kérem. {ANNA}, PIR: 740373, szakrendszer: ADÓ",
        "iktato@lenti.example",
        CLERK,
    ),
    "modules": (f"Kérem a regisztrációmat. {ANNA}, PIR: 740373, e-mail: kovacs.anna@posta.example", OWN, CLERK),
    "clerk": (
        f"Kérem a regisztrációmat. {ANNA}, PIR: 740373, e-mail: kovacs.anna@posta.example, szakrendszer: ADÓ",
        OWN,
        "",
    ),
    "clerk unclear": (
        f"Kérem a regisztrációmat. {ANNA}, e-mail: kovacs.anna@posta.example, szakrendszer: ADÓ",
        OWN,
        "kiss.bela@lenti.example",
    ),
    "name": (
        "Kérem egy új kolléga regisztrációját. Önkormányzat: Lenti Város Önkormányzata, PIR: 740373, szakrendszer: ADÓ",
        "titkarsag@lenti.example",
        CLERK,
    ),
    "county": (
        f"Kérem a regisztrációmat. {ANNA}, Vármegye: Vas, PIR: 740373, e-mail: kovacs.anna@posta.example, "
        "szakrendszer: ADÓ",
        OWN,
        CLERK,
    ),
    "everything": ("Kérném szépen a hozzáférést az oktatási felülethez. Köszönöm: Évi", "evi82@posta.example", CLERK),
    "two pirs": (
        "Kérjük két kollégánk regisztrációját:\nSzabó Anna, szabo.anna@posta.example, ADÓ\n"
        "Kiss Béla, kiss.bela@posta.example, IRAT\nLenti Város Önkormányzata",
        "titkarsag@lenti.example",
        CLERK,
    ),
    "two emails": (
        "Kérjük két kollégánk regisztrációját (Lenti Város Önkormányzata, PIR 740373):\n"
        "Szabó Anna, ADÓ\nKiss Béla, IRAT",
        "titkarsag@lenti.example",
        CLERK,
    ),
    "one of two": (
        "Kérjük két kollégánk regisztrációját (Lenti Város Önkormányzata, PIR 740373):\n"
        "Szabó Anna, szabo.anna@posta.example, ADÓ\nKiss Béla, IRAT",
        "titkarsag@lenti.example",
        CLERK,
    ),
    "two places": (
        "Kérjük két kolléga regisztrációját:\n"
        "Név: Szabó Anna, Önkormányzat: Lenti, e-mail: szabo.anna@posta.example, szakrendszer: ADÓ\n"
        "Név: Kiss Béla, Önkormányzat: Letenye, e-mail: kiss.bela@posta.example, szakrendszer: IRAT",
        "titkarsag@lenti.example",
        CLERK,
    ),
}


@cache
def case_of(name: str) -> Case:
    """The open case of that name."""
    text, sender, copies = FIRST_MAILS[name]
    return open_case(text, sender=sender, cc=copies)
