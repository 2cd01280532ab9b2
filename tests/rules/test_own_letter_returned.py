"""Our own letter coming back: filled in, without quote marks, below a machine's answer or a person's other words."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Kind, Problem, Verdict
from tests.replies.samples import OWN_ADDRESS, message_of, person_of, verdict_of
from worker.intake.parse import parse_message
from worker.replies.compose import compose_reply

LETTER = compose_reply(
    message_of(),
    verdict_of(person_of((Problem.PIR_MISSING,)), person_of((Problem.PIR_MISSING, Problem.MODULES_MISSING), 1)),
    load_catalogue(),
    own_address=OWN_ADDRESS,
    token="7F3K2M",
)
ATTRIBUTION = f"ASP Oktatás <{OWN_ADDRESS}> ezt írta (időpont: 2026. márc. 4., Sze, 12:00):"


def returned(above: str, letter: str, mark: str) -> Verdict:
    """The verdict on `letter` coming back under the words `above`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "minta.vera@tab.hu", OWN_ADDRESS, LETTER.subject
    quoted = "\n".join(f"{mark}{line}" for line in letter.split("\n"))
    mail.set_content(f"{above}\n\n{ATTRIBUTION}\n\n{quoted}" if mark else f"{above}\n\n{letter}")
    return decide(parse_message(mail.as_bytes()), load_catalogue())


@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize("above", ["Kitöltve küldöm.", "", "Üdv! Beleírtam a hiányzót."])
def test_the_filled_form_is_an_answer(above: str, mark: str) -> None:
    verdict = returned(above, LETTER.text.replace("PIR szám:", "PIR szám: 740009"), mark)
    assert verdict.kind is Kind.REGISTRATION
    assert [person.full_name.value for person in verdict.people if person.full_name] == [
        "Kovácsné Nagy Éva",
        "Szabó Béla",
    ]
    assert len(verdict.people) == len(("Kovácsné Nagy Éva", "Szabó Béla"))


@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize(
    "above",
    [
        "Szabadságon vagyok március 10-ig.",
        "Megkeresését fogadtuk, ügyintézőnk hamarosan válaszol.",
        "Levelét megkaptuk.",
        "Ez egy automatikus válasz, kérjük, ne válaszoljon rá.",
    ],
)
def test_a_machine_that_quotes_us_is_no_answer(above: str, mark: str) -> None:
    assert returned(above, LETTER.text, mark).kind is Kind.AUTOMATIC


@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize(
    ("above", "kind"),
    [
        ("Köszönöm, időközben sikerült belépnem, tárgytalan.", Kind.OTHER),
        ("Nem értem, mit kellene tennem?", Kind.OTHER),
        ("Nem kérek regisztrációt, csak elfelejtettem a jelszavamat.", Kind.PASSWORD),
    ],
)
def test_other_words_above_the_empty_form(above: str, kind: Kind, mark: str) -> None:
    assert returned(above, LETTER.text, mark).kind is kind
