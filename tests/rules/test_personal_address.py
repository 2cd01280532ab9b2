"""Personal or not: the forms of names in local parts, role words whole and glued, and the words that are both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.personal_address import AddressKind, judge_address

CATALOGUE = load_catalogue()
PERSON = "Kovácsné Nagy Éva"
TOWN = "Tiszaföldvár"
FORMS_OF_THE_NAME = """
kovacs.eva kovacseva eva.kovacs evakovacs kovacs_eva kovacs-eva kovacs.e k.eva ekovacs kovacse kovacsne
kovacsne.eva kovacsneeva kovacsne.nagy.eva kovacsnenagyeva knagyeva kne.nagyeva nagy.eva nagyeva nagyevi
evi.nagy nagyevike evanagy72 evi1972 kovacsevi72 drnagyeva nagyevadr evus eva kovacs nagy.e kov.eva Kovacs.Eva
kovacs.eva+asp
"""
ROLES = """
penzugy ado2 ado iroda01 ugyintezo3 iktato.mintafalu mintafalu.iktato penzugy.kovacsne kovacs.penzugy penzugyeva
info hivatal office jegyzo muszak titkarsag polgarmester anyakonyvvezeto okmany aspgazda elugy irat asp.kovacs
info.kovacs mintafaluonk tiszafoldvaronk phtiszafoldvar onktiszafoldvar ado.tiszafoldvar adotiszafoldvar
tiszafoldvarado adopenzugy penzugyiroda adougypenztar igazgatasszocialis kozos.hivatal foldugy kovacsne.iktato
penzugy-eva ado_eva penzugyes igazgatasi koh.szentbekkalla onkormanyzat.tiszafoldvar
"""


def kind(local: str, name: str = PERSON, town: str = TOWN, domain: str = "mintafalu.hu") -> AddressKind:
    return judge_address(f"{local}@{domain}", name, town, CATALOGUE).kind


@pytest.mark.parametrize(
    "local",
    FORMS_OF_THE_NAME.split(),
)
def test_forms_of_the_name_are_personal(local: str) -> None:
    assert kind(local) is AddressKind.PERSONAL
    assert kind(local, domain="gmail.com") is AddressKind.PERSONAL


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("kovacs.janosne", "Kovács Jánosné"),
        ("kovacsjanosne", "Kovács Jánosné"),
        ("kjne", "Kovács Jánosné"),
        ("szaboj", "Szabó János"),
        ("jszabo", "Szabó János"),
        ("tothzs", "Tóth Zsuzsanna"),
        ("tzsuzsa", "Tóth Zsuzsanna"),
        ("totzsuzsa", "Tóth Zsuzsanna"),
        ("dobai.a", "Dobay Anna"),
        ("hegedusne.k", "Hegedűsné Kis Ildikó"),
        ("csillam", "Molnár Csilla"),
        ("telekibela", "dr. Teleki Béla"),
        ("noncsi", "Fodor Noémi"),
        ("nkiss.nora", "Nemes-Kiss Nóra"),
        ("bea.kov", "Kovács Beáta"),
        ("mari55", "Kiss Mária"),
        ("katalinkovacz", "Kovács Katalin"),
        # words of jobs, offices and places that are this person's name
        ("pap.eva", "Pap Éva"),
        ("papeva", "Pap Éva"),
        ("biro.kata", "Bíró Katalin"),
        ("gazdag.p", "Gazdag Péter"),
        ("polgar.i", "Polgár Ildikó"),
        ("kiraly.zs", "Király Zsolt"),
        ("kantor", "Kántor Éva"),
        ("hivatal.anna", "Hivatal Anna"),
        ("varosi", "Városi Péter"),
        ("vizi.a", "Vízi Anna"),
        ("banko", "Bankó Anna"),
        ("weber.anna", "Wéber Anna"),
        ("berki.a", "Berki Anna"),
        ("konyves.k", "Könyves Kálmán"),
        ("adorjan.k", "Adorján Katalin"),
        ("adonyi", "Adonyi Pál"),
        ("bernadett", "Kiss Bernadett"),
        ("szaboadel", "Szabó Adél"),
        ("nagyadolf", "Nagy Adolf"),
        ("jegyes.anna", "Jegyes Anna"),
        ("kati", "Kovács Katalin"),
        ("gyula", "Kovács Gyula"),
        ("pm.kiss", "Kiss Mária Petra"),
        ("toth.hr", "Tóth Henrietta Rita"),
    ],
)
def test_the_name_wins_over_a_role_word_in_it(local: str, name: str) -> None:
    assert kind(local, name) is AddressKind.PERSONAL


@pytest.mark.parametrize(
    "local",
    ROLES.split(),
)
def test_any_role_word_makes_it_a_roles_address(local: str) -> None:
    assert kind(local) is AddressKind.ROLE
    assert kind(local, domain="freemail.hu") is AddressKind.ROLE


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("posta", "Kovács Anna"),
        ("varosi", "Kiss Péter"),
        ("polgarmester", "Polgár Ildikó"),
        ("deak.iskola", "Deák Béla"),
        ("kati.iktato", "Kovács Katalin"),
        ("penzugy.vali", "Kiss Valéria"),
        ("penzugyvali", "Kiss Valéria"),
        ("kissado", "Kiss Anna"),
        ("adokiss", "Kiss Anna"),
        ("pm", "Kiss Anna"),
        ("hr", "Horváth Rita"),  # initials alone are taken for what everybody else takes them for
        ("it2", "Illés Tamás"),
    ],
)
def test_a_role_word_of_somebody_else_stays_one(local: str, name: str) -> None:
    assert kind(local, name) is AddressKind.ROLE


@pytest.mark.parametrize("local", ["tiszafoldvar", "tiszafoldvari", "szeged", "kunhegyes"])
def test_a_settlement_alone_is_not_personal(local: str) -> None:
    assert kind(local) is AddressKind.SETTLEMENT_ONLY


@pytest.mark.parametrize("local", ["tiszafoldvarkozseg", "kozsegtiszafoldvar", "barackosvolgykozseg"])
def test_an_office_of_a_settlement_is_not_personal(local: str) -> None:
    assert not judge_address(f"{local}@mintafalu.hu", PERSON, TOWN, CATALOGUE).personal


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("cicus82", PERSON),
        ("bobita", PERSON),
        ("1972", PERSON),
        ("adorjan", "Kovács Anna"),
        ("weber", "Kiss Anna"),
        ("bernadett", "Kiss Anna"),
        ("gyula", "Kovács Anna"),
        ("szabadsag", PERSON),
        ("marika", "Kovács Jánosné"),
    ],
)
def test_a_handle_that_shows_neither_is_accepted(local: str, name: str) -> None:
    judgement = judge_address(f"{local}@gmail.com", name, TOWN, CATALOGUE)
    assert (judgement.kind, judgement.personal) == (AddressKind.UNRELATED, True)


def test_the_deciding_word_is_told() -> None:
    assert judge_address("kovacsne.penzugy@mintafalu.hu", PERSON, TOWN, CATALOGUE).token == "penzugy"


def test_without_a_name_a_given_name_still_shows_a_person() -> None:
    assert kind("kovacs.eva", name="") is AddressKind.PERSONAL
    assert kind("penzugy", name="") is AddressKind.ROLE


@settings(deadline=None)  # other work may hold the machine
@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=20))
def test_no_address_is_too_strange(local: str, name: str, town: str) -> None:
    judge_address(f"{local}@x.hu", name, town, CATALOGUE)
