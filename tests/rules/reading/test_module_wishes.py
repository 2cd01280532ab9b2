"""How people ask for each module, in everyday words; and the same words where they ask for nothing."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.reading.modules import find_modules
from tests.rules.reading.test_modules import ROWS

CATALOGUE = load_catalogue()
WISHES = tomllib.loads(Path(__file__).with_name("module_wishes.toml").read_text("utf-8"))
FEWEST = 15  # ways to ask for a module in running text


def rows_of(kind: str) -> list[tuple[str, str]]:
    return [(name, text) for name, lists in WISHES.items() for text in lists[kind]]


def test_every_module_is_asked_for_in_many_ways() -> None:
    untried = set(ROWS) - set(WISHES)
    assert not untried, (
        f'module_wishes.toml: a table ["{min(untried)}"] with {FEWEST} `texts` and some `fields`, inflected'
    )
    assert set(WISHES) <= set(ROWS)
    few = [name for name, lists in WISHES.items() if len(lists["texts"]) < FEWEST]
    assert not few, f"module_wishes.toml: fewer than {FEWEST} `texts`: {few}"


@pytest.mark.parametrize(("name", "text"), rows_of("texts"))
def test_reads_everyday_words_in_text(name: str, text: str) -> None:
    assert find_modules(text, CATALOGUE).ids == (ROWS[name],)


@pytest.mark.parametrize(("name", "text"), rows_of("fields"))
def test_reads_everyday_words_in_fields(name: str, text: str) -> None:
    reading = find_modules(text, CATALOGUE, in_field=True)
    assert reading.ids == (ROWS[name],)
    assert reading.unknown == ()


@pytest.mark.parametrize(
    "text",
    [
        # jobs and duties without a wish for their training
        "Pénzügyi ügyintéző vagyok, kérem a regisztrációmat.",
        "Adóügyi előadóként dolgozom, kérem a hozzáférést az oktatási portálhoz.",
        "Kérem Nagy Éva irattáros regisztrálását az oktatási portálra.",
        "Nagy Éva pénztáros, adóügyi ügyintéző részére kérjük a belépést.",
        "Kérjük új könyvelőnk regisztrálását.",
        "Hagyatéki ügyintézőnk nyugdíjba ment, helyére érkezett Nagy Éva, kérem regisztrálni.",
        "A pénzügyön dolgozom, kérném a regisztrációt az oktatási felületre.",
        "Én vezetem a hivatalt, ezért én írok, kérem a regisztrációt.",
        "Munkaköröm: iktató, postázó\nKérem a regisztrációmat.",
        "Az iktató kolléganőnk, Nagy Éva részére kérem a tananyagot.",
        "A pénztáros kolléga helyettesítését én látom el, kérem a regisztrációt.",
        "Műszaki ügyintéző vagyok, kérem, hogy vegyenek fel a portálra.",
        # ordinary words
        "Az épületek felújítása miatt új címünk van. Kérem a hozzáférést a tananyaghoz.",
        "A piac téri hivatalban dolgozom, kérem a regisztrációt a tanfolyamra.",
        "Az üzletek zárva, kérem a képzésre felvételem",
        "A vezetői kimutatás szerint nincs regisztrációm, kérem pótolni.",
        "A készletek elfogytak, kérem a képzésre a felvételem",
        "A honlapjukon olvastam a tájékoztatót, ez alapján kérem a tananyaghoz a hozzáférést.",
        "Az űrlapot csatolom, kérem a tananyaghoz a hozzáférést.",
        "A portálon lévő tananyagokhoz kérek hozzáférést.",
        "Az oktatási portál tananyagaihoz kérek belépést.",
        "Postai úton is elküldtem az űrlapot, kérem a képzésre felvenni.",
        "Az irat csatolva, kérem a tananyaghoz a belépést.",
        "Levelemet elektronikus úton küldöm, a tananyagot szeretném elérni.",
        "A település honlapja: mintafalu.hu, kérem a tananyaghoz a hozzáférést.",
        "A jogszabály keretei között kérem a regisztrációt a tananyaghoz.",
        "A képzés keretein belül szeretnék tanulni.",
        "Hivatali kapun keresztül is megküldtük, kérem a tananyaghoz a hozzáférést.",
        "Számlaszámunk: 11742180-15398109, kérem a képzésre a felvételt.",
        "Felhasználói jogosultságot kérek az oktatási portálhoz.",
        "Felhasználók felvételét kérem az oktatási portálra.",
        "Új felhasználó felvételét kérem.",
        "Elektronikus levelezési címem: nagy.eva@mintafalu.hu, kérem a tananyagot.",
        "A szíves ügyintézést köszönöm, a tananyagot várom.",
        "Az iktatószámra hivatkozva kérem a tananyagot.",
        "Adószámunk 15740001-2-19, a tananyaghoz kérek elérést.",
        "Kati kolléganőm kérésére írok, szeretném elérni a tananyagot.",
        "Az önkormányzatunk költségvetése kicsi, ingyenes a képzés?",
        "Kérem a regisztrációt, ahhoz, hogy a tananyagokat lássam. Iktató: Nagy Éva",
        "Szeretnék belépni a rendszerbe, a leveleimet itt olvasom.",
        "A kézbesítési hiba miatt írok újra, kérem a tananyaghoz a hozzáférést.",
        "Kérem, hogy az aláírt kérelem alapján a tananyagot tegyék elérhetővé.",
        "Beruházás miatt zárva vagyunk, kérem a regisztrációt.",
        "Postafiókom megtelt, ezért kérem újra a tananyagot.",
        # told on the way
        "Az utalást elküldtük, kérem a tananyagot.",
        "A könyvelést lezártuk, kérném az oktatást.",
        "Szíves kiadmányozás után kérem a regisztrációt.",
        "Az adóbevallások feldolgozása után kérném a képzést.",
        "Selejtezés közben láttam meg a levelüket, kérem a tananyaghoz a hozzáférést.",
        "A pénztárzárás előtt szeretném kérni a hozzáférést a tananyaghoz.",
        "A pénztár tananyagot befejeztem, köszönöm, kérem az értesítést.",
    ],
)
def test_the_same_words_may_ask_for_nothing(text: str) -> None:
    assert find_modules(text, CATALOGUE).ids == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("eddig csak az iktatós részt láttam, most a selejtezéshez kérném a tananyagot", "irattározó"),
        ("az adó már megvan, most a KATI modul kellene", "kati"),
        ("Korábban a pénztár modult néztem, most a bank modulra van szükségem", "bank"),
        ("az iratos programban az alkalmazásgazda tananyag kellene", "alkalmazásgazda"),
        ("Nekem kellene:\n- KIRA\n- a kézipénztár\n- a vevők, vagyis a kimenő számlák", "pénztár követelés"),
        ("a bankszámlaforgalom (bank) és a kötelezettségek nyilvántartása témákhoz kérem", "bank kötváll"),
        ("Adó és házipénztár tananyag kellene", "adó pénztár"),
        ("az érkeztetést és a postázást én viszem, ehhez kérném a képzést", "érkeztető postázó"),
        ("a készletek, tárgyi eszközök, beruházások nyilvántartását és a bankot tanulnám", "kati bank"),
        ("a kimenő posta kezelésének és az iktatásnak az anyagát kérném", "postázó iktató"),
        ("Pénztárosként dolgozom, ehhez kérem a tananyagot", "pénztár"),
        ("Adóügyi munkámhoz kérném a tananyagokat.", "adó"),
        ("Nagy Éva, aki a házipénztárt vezeti és az iktatást is végzi, az adó szakrendszerhez kér hozzáférést.", "adó"),
        ("Kis Pál végzi az iktatást, ehhez kérnénk számára a tananyagot.", "iktató"),
        ("Kis Pál az iktatást végzi, ehhez kérnénk számára a tananyagot.", "iktató"),
        ("Kis Pál az iktatást végzi, számára kérnénk a tananyagot.", "iktató"),
        ("Ezután én iktatok, nem Marika, szóval azt kéne megtanulnom.", "iktató"),
        ("Szeretném elsajátítani a készpénzes kifizetések menetét.", "pénztár"),
        ("hogyan kell irattározni és selejtezni, arról szeretnék tananyagot", "irattározó"),
        ("Az adóügyi ügyintézői tananyagot szeretném.", "adó"),
        ("A hagyatéki ügyintézőknek szóló képzést kérem.", "hagyaték"),
        ("a ker. nyilvántartás tananyaga kellene", "iparker"),
        ("Szükségem lenne a könyvelési programra, azt tanulnám", "gazdálkodás"),
        ("Bejövő számlákat kezelek, ezt szeretném tanulni", "kötváll"),
        ("A boltok, vendéglátóhelyek bejelentéseit intézem; az ehhez tartozó oktatás érdekelne.", "iparker"),
        ("Adó szakterületen dolgozom, ilyen tananyagot kérnék.", "adó"),
        ("postázni, iktatni is én fogok, a tananyagokat kérném", "postázó iktató"),
        ("az iktatást megkaptam feladatul, ehhez kérem a tananyagot", "iktató"),
        ("jelenleg az érkeztetést látom el, ehhez kérném a tananyagot", "érkeztető"),
        ("jelenleg csak a bank tananyagot látom, kérném hozzá a pénztárt", "pénztár"),
        ("az adó megvan, csak az irattár anyaga jelenik meg, a KATI tananyag kellene", "kati"),
        ("Kérem a leltáros (KATI) modult", "kati"),
        ("a kötelezetségvállalás és a bank modul kellene", "kötváll bank"),
        ("a pénztár után most a bank modult kérném", "bank"),
    ],
)
def test_everyday_words_together(text: str, names: str) -> None:
    assert set(find_modules(text, CATALOGUE).ids) == {ROWS[name] for name in names.split()}


WORDS = [
    "az",
    "iktatást",
    "iktató",
    "pénztáros",
    "adóügyi",
    "ügyintéző",
    "ügyintézőknek",
    "szóló",
    "végzi",
    "ehhez",
    "kérem",
    "tananyagot",
    ",",
    ".",
    "lettem",
    "(KATI)",
    "bank",
]


@settings(deadline=None)  # other work may hold the machine
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.booleans())
def test_no_order_of_duties_is_too_strange(words: list[str], in_field: bool) -> None:
    text = " ".join(words)
    assert set(find_modules(text, CATALOGUE, in_field=in_field).ids) <= set(ROWS.values())
