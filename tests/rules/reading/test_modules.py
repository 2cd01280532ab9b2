"""Which modules a text asks for. Tables by voice: lists, prose, fields, traps; names are the FAQ's rows, shortened."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.catalogue import Module
from rules.reading.modules import WishKind, closest_modules, find_modules

CATALOGUE = load_catalogue()
ROWS = {
    "irat": "PM-2770-2105-BS",
    "irattározó": "PM-2772-2105-BS",
    "iktató": "PM-2773-2105-BS",
    "érkeztető": "PM-2774-2105-BS",
    "postázó": "PM-2775-2105-BS",
    "ügyintéző": "PM-2778-2105-BS",
    "alkalmazásgazda": "PM-2776-2105-BS",
    "gazdálkodás": "PM-2757-2103-BS",
    "bank": "PM-2753-2103-BS",
    "kötváll": "PM-2754-2103-BS",
    "követelés": "PM-2756-2103-BS",
    "pénztár": "PM-2758-2103-BS",
    "kati": "PM-2759-2103-BS",
    "vir": "PM-2761-2104-BS",
    "adó": "PM-2777-2105-BS",
    "iparker": "PM-2869-2204-BS",
    "ivk": "PM-2867-2204-BS",
    "hagyaték": "PM-2363-1710-BS",
    "keret": "PM-2872-2204-BS",
    "tp": "PM-2870-2204-BS",
    "elügy": "PM-2871-2204-BS",
}
ROWS |= {module.id: module.id for module in CATALOGUE.modules if module.id not in ROWS.values()}  # added since
INSIDE = {module.id for module in CATALOGUE.modules if module.inside}  # whoever asks for all gets those by another
EVERYTHING = " ".join(name for name, id_ in ROWS.items() if id_ not in INSIDE)


def ids(names: str) -> set[str]:
    return {ROWS[name] for name in names.split()}


@pytest.mark.parametrize("module", CATALOGUE.modules, ids=lambda module: module.short_name)
@pytest.mark.parametrize("in_field", [True, False], ids=["field", "text"])
def test_every_row_is_known_by_its_three_names(module: Module, in_field: bool) -> None:
    for name in (module.probono_name, module.id, module.id.lower() + " ", f"Kérem a következőt: {module.short_name}."):
        assert find_modules(name, CATALOGUE, in_field=in_field).ids == (module.id,), name


@pytest.mark.parametrize(
    "text",
    [
        "PM-2770-2105-BS",
        "pm-2770-2105-bs",
        "PM 2770/2105 BS",
        "PM27702105BS",
        "PM-2770",
        "PM–2770–2105–BS ",
        "2770-2105",
    ],
)
def test_identifiers_in_any_shape(text: str) -> None:
    reading = find_modules(text, CATALOGUE)
    assert reading.ids == (ROWS["irat"],)
    assert reading.hits[0].kind is WishKind.IDENTIFIER


TEXTS = [
    ("Kérem az adó és az irat szakrendszer tananyagait", "adó irat"),
    ("a gazdálkodás és a KATI tananyagra lenne szükségem pénzügyi ügyintézőként", "gazdálkodás kati"),
    ("Kérem Nagy Éva pénzügyi ügyintéző regisztrálását a gazdálkodási szakrendszerhez", "gazdálkodás"),
    ("adó kellene", "adó"),
    ("Irat - Iktató; ADÓ; Gazdálkodás - Pénztár", "iktató adó pénztár"),
    ("Gazdálkodás -\nPénztár", "pénztár"),
    ("iratkezelés alkalmazásgazda tananyag kellene", "alkalmazásgazda"),
    ("irat teljes + alkalmazásgazda", "irat alkalmazásgazda"),
    ("gazdálkodás teljes és VIR", "gazdálkodás vir"),
    ("irat: iktató, postázó", "iktató postázó"),
    ("irat szakrendszer: iktató és érkeztető modul", "iktató érkeztető"),
    ("Az iktató és érkeztető modul az irat szakrendszerben kellene", "iktató érkeztető"),
    ("gazdálkodás (pénztár, bank) modulokra lenne szükség", "pénztár bank"),
    ("Szakrendszerek: irat (iktató, érkeztető, postázó), gazdálkodás (KATI)", "iktató érkeztető postázó kati"),
    ("Szeretnék regisztrálni az adó, iparker, IVK modulokra", "adó iparker ivk"),
    ("- ADÓ\n- Irat teljes\n- Keret", "adó irat keret"),
    ("Kérem, hogy az irat ügyintéző és érkeztető tananyagokat elérhessem", "ügyintéző érkeztető"),
    ("az ASP.ADO és az ASP.IRAT szakrendszer tananyagára lenne szükségem", "adó irat"),
    ("adó-, irat- és gazdálkodási szakrendszer tananyagait kérjük", "adó irat gazdálkodás"),
    ("a pénzügyes modulokat kérem: bank, pénztár, kötváll, követelés, KATI", "bank pénztár kötváll követelés kati"),
    ("Irat iktató, érkeztető, postázó, ügyintéző modulokra lenne szüksége", "iktató érkeztető postázó ügyintéző"),
    ("az iktatáshoz és a postázáshoz tartozó tananyagot kérném", "iktató postázó"),
    (
        "Gazdálkodás: teljes; Irat: ügyintéző, irattározó; Egyéb: Települési portál",
        "gazdálkodás ügyintéző irattározó tp",
    ),
    ("adóügyi munkatársként az ADÓ szakrendszert, valamint a Hagyatékot szeretném elérni", "adó hagyaték"),
    ("KASZPER, KATI, ETRIUSZ", "gazdálkodás kati vir"),
    ("A teljes gazdálkodást és iratot szeretném", "gazdálkodás irat"),
    ("a gazdálkodási szakrendszer kötelezettségvállalás moduljához kérünk hozzáférést", "kötváll"),
    ("Pénztár és bank modult kérek a gazdálkodásból", "pénztár bank"),
    ("keretrendszer + TP + ELÜGY kellene", "keret tp elügy"),
    ("hagyatéki ügyintéző vagyok, a Hagyaték szakrendszer kellene", "hagyaték"),
    ("ingatlan-vagyonkataszter (IVK) tananyag", "ivk"),
    ("gazdalkodas teljes es ado kellene", "gazdálkodás adó"),
    ("Bank- és pénztár modul kellene", "bank pénztár"),
    ("a KATI-hoz és a követeléskezeléshez kérek belépést", "kati követelés"),
    ("Kérem Kiss Kati regisztrálását a KATI modulhoz", "kati"),
    ("Kérem Kiss Anna iktató kolléganő regisztrálását az irat iktató modulra", "iktató"),
    ("a települési portál tananyagához kérek hozzáférést az oktatási portálon", "tp"),
    ("Kérnénk a Gazdálkodás - Pénztár, - Bank, - KATI tananyagokat", "pénztár bank kati"),
    ("Az iratkezelési szakrendszeren belül az érkeztető és az irattározó modul", "érkeztető irattározó"),
    ("Az ASP iratkezelő szakrendszer ügyintézői moduljához kérek hozzáférést", "ügyintéző"),
    ("ipar és kereskedelem, hagyatéki leltár, keret", "iparker hagyaték keret"),
    ("Tisztelt Cím! Adó, irat, keret. Köszönöm", "adó irat keret"),
    ("Irat kellene nekem", "irat"),
    ("számlázás, bank modulok kellenek", "követelés bank"),
    ("Kérem az összes irat modult és az ADÓ-t", "irat adó"),
    ("irat szakrendszerből mindent kérünk", "irat"),
    ("az irat összes moduljára szükségem van", "irat"),
    ("minden gazdálkodási modult kérünk", "gazdálkodás"),
    ("Iktatóként dolgozom a hivatalban, kérem az ehhez szükséges tananyaghoz a hozzáférést", "iktató"),
    ("Modulok: gazd. - kotvall, gazd. - penztar, adó", "kötváll pénztár adó"),
    ("iratkezelési alkalmazásgazda vagyok, kérem az ehhez tartozó tananyagot", "alkalmazásgazda"),
    ("az elektronikus ügyintézés és integráció, meg a települési portál tananyagához", "elügy tp"),
    # slips of the pen
    ("a telpülési portál és a hagyték tananyag kellene", "tp hagyaték"),
    ("a kötelezetségvállalás modulhoz kérek hozzáférést", "kötváll"),
    ("elekronikus ügyintézés modul kellene", "elügy"),
    # everything
    ("az összes szakrendszerhez kérek hozzáférést", EVERYTHING),
    ("az ASP összes szakrendszeréhez kérünk jogosultságot", EVERYTHING),
    ("az összes elérhető tananyagot kérjük", EVERYTHING),
    ("a táblázatban felsorolt összes tananyaghoz kérek hozzáférést", EVERYTHING),
    ("mindegyikhez kérnék hozzáférést", EVERYTHING),
    ("minden szakrendszer kellene, kivéve a hagyaték", EVERYTHING.replace(" hagyaték", "")),
    ("Kérem az adó kivételével az összes szakrendszert", EVERYTHING.replace(" adó", "")),
    ("Minden modul kellene a VIR kivételével", EVERYTHING.replace(" vir", "")),
    # taken back
    ("az adó modulra van szükségünk, az iktató modul nem kell", "adó"),
    ("rossz szakrendszert írtam: nem KATI, hanem Bank", "bank"),
    ("[x] ADÓ [ ] Irat teljes [X] Keret", "adó keret"),
    ("☒ ADÓ ☐ Iparker szakrendszer", "adó"),
    ("ADÓ szakrendszerre nincs szüksége, csak az iratra", "irat"),
    ("Gazdálkodás (valamennyi modul, kivéve VIR/ETRIUSZ)", "gazdálkodás"),
]


@pytest.mark.parametrize(("text", "names"), TEXTS)
def test_finds_wishes_in_running_text(text: str, names: str) -> None:
    assert set(find_modules(text, CATALOGUE).ids) == ids(names)


@pytest.mark.parametrize(
    "text",
    [
        "az oktatási portálhoz kérek hozzáférést",
        "Portál: regisztrációt kérnék az oktatási portálra",
        "Üdv: Kati",
        "Kati kolléganőnk regisztrálását kérjük",
        "A regisztráció keretében kérem",
        "A keretösszegről kérek tájékoztatást",
        "iratot mellékelek, kérem regisztráljanak",
        "Kérem az irat megküldését",
        "Az iratra hivatkozva kérem a tájékoztatást",
        "Az iratokat csatolom, kérem a regisztrációmat",
        "adószám: 15740001-2-19, kérem a hozzáférést",
        "Iktatószám: 1234, kérem a regisztrációt",
        "Bank: OTP 11748038-15740001",
        "kimenő számla",
        "iktatói feladatokat lát el, kérem regisztrálni",
        "iktató, postázó feladatokat végez, kérem regisztrálni",
        "adóügyi csoportban dolgozik, kérem a regisztrációját",
        "adó- és értékbizonyítvány ügyben kérnék segítséget",
        "Kérem Nagy Éva pénzügyi ügyintéző és adóügyi előadó regisztrálását",
        "Beosztás: pénztáros\nKérem a regisztrációt",
        "Munkakör: iktató",
        "Irat ügyintéző kolléganőnk, Nagy Éva részére kérjük a hozzáférést",
        "Pénzügyi Osztály",
        "Ügyintéző: Nagy Éva",
        "pénztárosként dolgozom, kérem a regisztrációmat",
        "A vírusirtó miatt nem tudok belépni",
        "Minden kollégának szép napot kérünk",
        "Kérem ado@mintafalu.hu és https://www.mintafalu.hu/irat/kati törlését",
        "",
    ],
)
def test_ordinary_words_are_no_wishes(text: str) -> None:
    assert find_modules(text, CATALOGUE).ids == ()


FIELDS = [
    ("ADÓ, Irat - Iktató", "adó iktató"),
    ("irat", "irat"),
    ("gazd", "gazdálkodás"),
    ("pénzügy", "gazdálkodás"),
    ("adó ügyintéző", "adó"),
    ("ügyintéző", "ügyintéző"),
    ("Kati", "kati"),
    ("portál", "tp"),
    ("TP", "tp"),
    ("hagyaték; keret; tp; elügy", "hagyaték keret tp elügy"),
    ("2770, 2757", "irat gazdálkodás"),
    ("irat/gazd/adó", "irat gazdálkodás adó"),
    ("gazdálkodás teljes, KATI, pénztár", "gazdálkodás kati pénztár"),
    ("Irat teljes\nGazdálkodás teljes", "irat gazdálkodás"),
    ("kötváll, bank", "kötváll bank"),
    ("vir/etriusz", "vir"),
    ("ADÓ-t, ELÜGY-et", "adó elügy"),
    ("postázó/bontó", "postázó érkeztető"),
    ("ASP.ADO", "adó"),
    ("KASZPER", "gazdálkodás"),
    ("iktató feladatkör", "iktató"),
    ("gazdálkodási szakrendszer: bank, pénztár, követeléskezelés", "bank pénztár követelés"),
    ("adó és gazdálkodás szakrendszerekhez kérem", "adó gazdálkodás"),
    ("1, ADÓ 2, Iparker 3. Irat-Iktató", "adó iparker iktató"),
    ("adóigazgatás, iktatás", "adó iktató"),
    ("ügyintéző, szignáló, kiadmányozó", "ügyintéző"),
    ("mind", EVERYTHING),
    ("összes", EVERYTHING),
    ("mindegyik szakrendszer", EVERYTHING),
    ("teljes körű", EVERYTHING),
    ("Irat (mind)", "irat"),
    ("iktáto, érkezttető", "iktató érkeztető"),
    ("iparkerr", "iparker"),
    ("gazdalkodás téljes", "gazdálkodás"),
    ("inagtlanvagyon kataszter", "ivk"),
    ("-", ""),
    ("n/a", ""),
]


@pytest.mark.parametrize(("text", "names"), FIELDS)
def test_reads_module_fields(text: str, names: str) -> None:
    reading = find_modules(text, CATALOGUE, in_field=True)
    assert set(reading.ids) == ids(names)
    assert reading.unknown == ()


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("KIRA", "", ["KIRA"]),
        ("KIRA, adó", "adó", ["KIRA"]),
        ("anyakönyv, hagyaték", "hagyaték", ["anyakönyv"]),
        ("szociális igazgatás", "", ["szociális igazgatás"]),
        ("közterület-felügyeleti program", "", ["közterület-felügyeleti"]),
        ("PM-2771-2105-BS, PM-2770-2105-BS", "irat", ["PM-2771-2105-BS"]),
        ("Vadászati nyilvántartó", "", ["Vadászati nyilvántartó"]),
    ],
)
def test_wishes_that_fit_no_row_are_kept(text: str, known: str, unknown: list[str]) -> None:
    found = find_modules(text, CATALOGUE, in_field=True)
    assert set(found.ids) == ids(known)
    assert [wish.excerpt for wish in found.unknown] == unknown


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("a KIRA és az adó modul kellene", "adó", ["KIRA"]),
        ("Kérem a szociális szakrendszer tananyagát", "", ["szociális"]),
        ("Az adó szakrendszer kell meg az anyakönyvi (ha van olyan).", "adó", ["anyakönyvi"]),
        ("Kérem szociális ügyintézőnk regisztrálását az adó szakrendszerhez", "adó", []),
        ("PM-2771-2105-BS kellene", "", ["PM-2771-2105-BS"]),
    ],
)
def test_other_systems_in_running_text(text: str, known: str, unknown: list[str]) -> None:
    reading = find_modules(text, CATALOGUE)
    assert set(reading.ids) == ids(known)
    assert [wish.excerpt for wish in reading.unknown] == unknown


def test_what_is_taken_back_stays_visible() -> None:
    reading = find_modules("Minden modul kellene a VIR kivételével", CATALOGUE)
    assert [(hit.excerpt, hit.negated) for hit in reading.hits] == [("Minden modul", False), ("VIR", True)]


def test_the_closest_rows_are_offered() -> None:
    assert closest_modules("iktatási alapok", CATALOGUE)[0] == ROWS["iktató"]
    assert closest_modules("KIRA", CATALOGUE) == ()
    assert closest_modules("nyilvántartás a rendszerben", CATALOGUE) == ()


@settings(deadline=None)  # other work may hold the machine
@given(st.text(max_size=200), st.booleans())
def test_no_text_is_too_strange(text: str, in_field: bool) -> None:
    reading = find_modules(text, CATALOGUE, in_field=in_field)
    assert all(text[hit.start : hit.end] == hit.excerpt for hit in reading.hits)


@settings(deadline=None)  # other work may hold the machine
@given(
    st.lists(
        st.sampled_from(
            [
                "irat",
                "adó",
                "teljes",
                "összes",
                "kivéve",
                "és",
                ",",
                ":",
                "(",
                "\n",
                "iktató",
                "modul",
                "kérem",
                "nem",
                "kell",
                "PM-2770",
            ]
        )
    )
)
def test_no_order_of_words_is_too_strange(words: list[str]) -> None:
    reading = find_modules(" ".join(words), CATALOGUE)
    assert set(reading.ids) <= set(ROWS.values())


def test_time_grows_with_the_text_only() -> None:
    text = "Kérem az irat, adó, bank és pénztár modult. "
    seconds = []
    for times in (200, 800):
        start = time.process_time()
        find_modules(text * times, CATALOGUE)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 12 * seconds[0] + 0.2
