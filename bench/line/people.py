"""Who writes the bench's mails: a made-up person for every number, so that no two share name and PIR.

Numbers are those of the test-safe list (docs/data.md): valid, and of a block that no body has.
"""

from __future__ import annotations

from functools import cache

from bench.staff.people import FAMILIES
from config.catalogue import load_catalogue
from tests.servers.mails import PLAIN, Writer

_GIVEN = (
    "Anna Ágnes Andrea Anikó Beáta Boglárka Csilla Dóra Edit Emese Enikő Erika Erzsébet Éva Fruzsina Gabriella",
    "Gyöngyi Györgyi Hajnalka Henrietta Ibolya Ildikó Ilona Ivett Judit Júlia Katalin Kinga Klára Krisztina Lívia",
    "Magdolna Margit Mária Márta Mónika Nikolett Nóra Orsolya Piroska Réka Rita Sarolta Szilvia Terézia Tímea Tünde",
    "Zsófia Zsuzsanna András Attila Balázs Béla Csaba Dániel Ferenc Gábor Gergő György István László Örs Péter Sándor",
)
GIVEN = [name for line in _GIVEN for name in line.split()]
_PIRS = (
    "740009 740373 740746 741116 741480 741853 742597 742960 743330 743703 744074 744447",
    "744810 745181 745554 746298 746661 747031 747404 747778 748148 748885 749255",
)
PIRS = [pir for line in _PIRS for pir in line.split()]
ALL = len(FAMILIES) * len(GIVEN) * len(PIRS)
STRIDE = 61_813  # a prime: neighbours differ in everything, and ALL numbers are gone through before one comes again


class Clerk(Writer):
    """The person of `number`, who writes mail `mail`."""

    def __init__(self, number: int, mail: int) -> None:
        super().__init__(mail)
        place = number * STRIDE % ALL
        self.family = FAMILIES[place % len(FAMILIES)]
        self.given = GIVEN[place // len(FAMILIES) % len(GIVEN)]
        self.pir = PIRS[place // len(FAMILIES) // len(GIVEN)]
        self.name = f"{self.family} {self.given}"
        self.domain = f"mintafalu{number}.hu"
        self.address = f"{self.family}.{self.given}@{self.domain}".translate(PLAIN).lower()
        self.place, self.county = _places()[number % len(_places())]
        self.module = _modules()[number % len(_modules())]


@cache
def _places() -> list[tuple[str, str]]:
    return [(one.name, one.county) for one in load_catalogue().settlements.values()]


@cache
def _modules() -> list[str]:
    return [one.short_name for one in load_catalogue().modules]
