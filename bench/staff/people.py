"""Made-up people and what they write, from a seed. Nobody of them exists; numbers are of a block that no body has."""

from __future__ import annotations

import random
from dataclasses import dataclass

from config.catalogue import load_catalogue
from registry.words import plain

_LINES = (
    "Kovács Szabó Tóth Nagy Horváth Varga Kiss Molnár Németh Farkas Balogh Papp Takács Juhász Lakatos Mészáros",
    "Oláh Simon Rácz Fekete Szilágyi Török Fehér Balázs Gál Kis Szűcs Orsós Kocsis Fodor Pintér Szalai Sipos",
    "Magyar Lukács Gulyás Biró Király Katona László Jakab Bogdán Balog Sándor Boros Fazekas Kelemen Váradi",
    "Antal Somogyi Őry Ürmös",
)
FAMILIES = [name for line in _LINES for name in line.split()]
SENTENCES = (
    "Kérem, hogy az alábbi kollégát regisztrálni szíveskedjenek az oktatási portálra.",
    "Új munkatársunk a jövő hónaptól látja el a pénzügyi ügyintézői feladatokat.",
    "A jegyző másolatban szerepel, kérdés esetén forduljanak hozzá bizalommal.",
    "Munkakörébe az adóigazgatási feladatok és az iratkezelés tartozik.",
    "A korábbi kollégánk fiókját kérjük megszüntetni, mert nyugdíjba vonult.",
    "Kérnénk a hozzáférést minél hamarabb biztosítani, mert a zárás közeleg.",
    "Segítségüket előre is köszönjük, további szép napot kívánunk.",
    "A képzés elvégzéséről a tanúsítványt a hivatalunk részére kérjük megküldeni.",
    "Amennyiben további adat szükséges, kérjük, jelezzék ezen a címen.",
    "A települési önkormányzat és a társulás ügyeit közösen intézzük.",
    "Tájékoztatom Önöket, hogy a hivatal új címre költözött a múlt héten.",
    "A mellékelt táblázatban találják a többi érintett adatait is.",
    "Kérem szíves visszajelzésüket a levél megérkezéséről.",
    "Az ingatlanvagyon-kataszter modulhoz is szüksége lenne jogosultságra.",
)
RARE = "A szélmalom felújításának pályázatát szintén nálunk vezetik."
RARE_EVERY = 4000
FOOT = "Ez az elektronikus üzenet bizalmas lehet; ha nem Önnek szólt, kérjük, törölje. " * 3


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with a request."""

    name: str
    place: str
    county: str
    pir: str
    email: str
    modules: str


class Crowd:
    """As many people as are asked for, always the same."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        catalogue = load_catalogue()
        self.given = [name.title() for name in sorted(catalogue.given_names)]
        self.places = [(one.name, one.county) for one in catalogue.settlements.values()]
        self.modules = [one.id for one in catalogue.modules]

    def somebody(self) -> Somebody:
        """One more."""
        chance = self.random
        family, given = chance.choice(FAMILIES), chance.choice(self.given)
        place, county = chance.choice(self.places)
        address = f"{plain(family)}.{plain(given)}@{plain(place).replace(' ', '')}.hu"
        weights = [1 / (place + 1) for place in range(len(self.modules))]
        modules = dict.fromkeys(chance.choices(self.modules, weights, k=chance.randint(1, 4)))
        return Somebody(
            f"{family} {given}", place, county, f"740{chance.randrange(1000):03d}", address, " ".join(modules)
        )

    def letter(self, one: Somebody, number: int) -> str:
        """What somebody writes: about 1,500 letters."""
        said = [SENTENCES[0], *self.random.sample(SENTENCES[1:], 8)]
        if number % RARE_EVERY == 0:
            said.append(RARE)
        fields = f"Név: {one.name}\nÖnkormányzat: {one.place}\nPIR: {one.pir}\nMegye: {one.county}\n"
        fields += f"E-mail: {one.email}\nSzakrendszer: adó, irat"
        return "\n".join(("Tisztelt ASP Oktatás!", "", *said, "", fields, "", "Üdvözlettel:", one.name, "", FOOT))
