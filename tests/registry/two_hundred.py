"""Two hundred made-up people as they ask for access, each with what the portal must get or why it must not.

Names, addresses and places are invented; PIRs are of the block that no body ever had.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, product

from registry.exports.people import Problem
from tests.review.factory import ADO, IRAT, KATI, Applicant

HAGYATEK, TP, VIR = "PM-2363-1710-BS", "PM-2870-2204-BS", "PM-2761-2104-BS"
PLACES = [
    ("Tiszacsege", "740746", "Hajdú-Bihar"),
    ("Őriszentpéter", "740757", "Vas"),
    ("Hódmezővásárhely", "740768", "Csongrád-Csanád"),
    ("Budapest XIV. kerület", "740779", "Budapest"),
]
WISHES = [(ADO,), (IRAT, ADO), (KATI,), (HAGYATEK, VIR, TP), (ADO, IRAT, KATI, HAGYATEK, TP, VIR)]


@dataclass(frozen=True)
class Expected:
    """A request, and what the file holds of it: "" and "" where `problem` keeps the person out."""

    applicant: Applicant
    lastname: str = ""
    firstname: str = ""
    problem: Problem | None = None


# (name, family name, given name, local part of the address)
SHAPES = [
    ("Kovács Éva", "Kovács", "Éva", "kovacs.eva"),
    ("Szabó Anna Mária", "Szabó", "Anna Mária", "szabo.anna"),
    ("Kovács Jánosné", "Kovács", "Jánosné", "kovacsne"),
    ("Kovácsné Nagy Éva", "Kovácsné Nagy", "Éva", "kovacsne.nagy.eva"),
    ("Szabóné dr. Kis Anna", "Szabóné dr. Kis", "Anna", "kisanna"),
    ("Pékné dr. Csefkó Judit", "Pékné dr. Csefkó", "Judit", "csefko.judit"),
    ("Dr. Mosócziné Szabó Ágnes", "Dr. Mosócziné Szabó", "Ágnes", "dr.mosoczine"),
    ("dr. Nagy-Kiss Éva", "dr. Nagy-Kiss", "Éva", "nagy-kiss.eva"),
    ("Minta Béla dr.", "dr. Minta", "Béla", "minta.bela"),
    ("Nagy Kiss Éva", "Nagy Kiss", "Éva", "nagykiss_eva"),
    ("B. Kovács Éva", "B. Kovács", "Éva", "b.kovacs.eva"),
    ("Sz. Nagy Anna", "Sz. Nagy", "Anna", "sznagyanna"),
    ("ifj. Tóth Béla", "ifj. Tóth", "Béla", "ifj.toth.bela"),
    ("özv. Horváth Istvánné", "özv. Horváth", "Istvánné", "horvathne72"),
    ("KŐFALVI-BINDICS KLÁRA", "Kőfalvi-Bindics", "Klára", "kofalvi.k"),
    ("Őry Örs", "Őry", "Örs", "ory.ors"),
    ("Gyűrű Tünde", "Gyűrű", "Tünde", "gyuru.tunde"),
    ("D'Arc Johanna", "D'Arc", "Johanna", "darc.johanna"),
    ("O’Neill Kata", "O’Neill", "Kata", "oneill.kata"),
    ("László Péter", "László", "Péter", "laszlo.peter"),
    ("László Péter András", "László", "Péter András", "laszlo.p.andras"),
    ("Kovács Éva (szül.: Nagy Éva)", "Kovács", "Éva", "kovacseva1980"),
    ("Łukasz Weronika", "Łukasz", "Weronika", "weronika"),
    ("Nagy  \t Ilona\u200b", "Nagy", "Ilona", "nagy.ilona"),
    ("Ba Li", "Ba", "Li", "ba"),
]
LETTERS = "abcdefgh"  # SHAPES once for each: 25 × 7 ordinary people, and the last letter for the odd ones


def ordinary() -> list[Expected]:
    """175 people whom the portal takes."""
    wishes, places = cycle(WISHES), cycle(PLACES)
    found = []
    for letter, (name, lastname, firstname, local) in product(LETTERS[:7], SHAPES):
        place, pir, county = next(places)
        one = Applicant(name, place, pir, county, f"{local}@{letter}-falu.hu", next(wishes))
        found.append(Expected(one, lastname, firstname))
    return found


def odd() -> list[Expected]:
    """25 more: formulas, limits, doubles, accents in addresses, accounts that exist, courses that do not."""

    def one(name: str, email: str, last: str = "", first: str = "", problem: Problem | None = None) -> Expected:
        return Expected(Applicant(name, *PLACES[0], email, (ADO, KATI)), last, first, problem)

    long = "Á" * 95
    return [
        one("=HYPERLINK(1) Anna", "keplet1@h.hu", "=HYPERLINK(1)", "Anna"),
        one("+36 Béla", "keplet2@h.hu", "+36", "Béla"),
        one("@SUM Cili", "keplet3@h.hu", "@SUM", "Cili"),
        one("－1 Dóra", "keplet4@h.hu", "－1", "Dóra"),
        one(f"{long} Éva", "hosszu.nev@h.hu", long, "Éva"),
        one(f"{long}ÁÁÁÁÁÁ Éva", "tul.hosszu@h.hu", problem=Problem.NAME_TOO_LONG),
        one("Kis <b>Péter</b>", "cimke@h.hu", problem=Problem.NAME_CHARACTERS),
        one("Kis\\ Péter", "torve@h.hu", problem=Problem.NAME_CHARACTERS),
        one("Éva", "csak.eva@h.hu", problem=Problem.NAME_INCOMPLETE),
        one("dr. Ágnes", "dr.agnes@h.hu", problem=Problem.NAME_INCOMPLETE),
        one("Ékes Éva", "ékes.éva@h.hu", problem=Problem.EMAIL_NOT_ASCII),
        one("Tartó Mányi", "tarto.manyi@példa.hu", "Tartó", "Mányi"),
        one("Hosszú Cím", f"{'a' * 60}@{'b' * 41}.hu", problem=Problem.EMAIL_TOO_LONG),
        one("Éppen Belefér", f"{'c' * 60}@{'d' * 36}.hu", "Éppen", "Belefér"),
        one("Pont Pál", "pont..pal@h.hu", problem=Problem.EMAIL_INVALID),
        one("Mínusz Mária", "-minusz@h.hu", problem=Problem.FORMULA_START),
        one("Plusz Petra", "plusz+asp@h.hu", "Plusz", "Petra"),
        one("Plusz Pál", "plusz+1@iker.hu", problem=Problem.USERNAME_TAKEN),
        one("Pluszné Piri", "plusz1@iker.hu", problem=Problem.USERNAME_TAKEN),
        one("Foglalt Ferenc", "foglalt.ferenc@h.hu", problem=Problem.USERNAME_TAKEN),
        one("Régi Rita", "regi.rita@h.hu", "Régi", "Rita"),
        one("Dupla Dénes", "dupla@h.hu", "Dupla", "Dénes"),
        one("Dupla Dénes Béla", "Dupla@h.hu", "Dupla", "Dénes Béla"),
        one("Közös Klára", "kozos@h.hu", problem=Problem.SEVERAL_NAMES),
        one("Megosztott Mihály", "kozos@h.hu", problem=Problem.SEVERAL_NAMES),
    ]


def two_hundred() -> list[Expected]:
    """All of them."""
    people = [*ordinary(), *odd()]
    assert len(people) == 200
    return people
