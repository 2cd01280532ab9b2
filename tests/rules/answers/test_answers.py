"""Answers in many voices, each to its case: what is taken, what is kept, who is ready."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from rules.chain import decide
from rules.model import Context, Kind, Note, Outcome, Status, Verdict
from tests.rules.answers.cases import case_of
from tests.rules.answers.conversation import CATALOGUE, answer, mail, value

ADO, IKTATO, IRAT, KATI = "PM-2777-2105-BS", "PM-2773-2105-BS", "PM-2770-2105-BS", "PM-2759-2103-BS"
READY, INCOMPLETE, REVIEW = Status.READY, Status.INCOMPLETE, Status.REVIEW


@dataclass(frozen=True)
class Row:
    """An answer to the case `case`, and what then holds of its people, one by one."""

    case: str
    text: str
    statuses: tuple[Status, ...] = (READY,)
    pir: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    modules: tuple[set[str], ...] = ()
    municipality: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    notes: set[Note] = field(default_factory=set)
    sender: str = ""
    cc: str = ""


P = ("740373",)
A = ("kovacs.anna@posta.example",)
ROWS = [
    # the one thing asked, in one line
    Row("pir", "Íme: 740373", pir=P),
    Row("pir", "740373", pir=P),
    Row("pir", "740 373", pir=P),
    Row("pir", "Tisztelt Kincstár!\n\nA kért szám: 740373.\n\nÜdvözlettel:\nKovács Anna\nLenti", pir=P),
    Row("pir", "PIR számunk 740373, köszönöm a segítséget!", pir=P),
    Row("pir", "Elnézést, kimaradt: 740373", pir=P),
    Row("pir", "pir 740373\n\nAz iPhone-omról küldve", pir=P),
    Row("pir", "A törzskönyvi azonosítónk 740373.", pir=P),
    Row("pir", "Csak az adószámunkat tudom: 15740379-2-20", pir=("740373",)),
    Row("pir", "740372", (INCOMPLETE,), pir=("740372",)),
    Row("pir", "74037", (INCOMPLETE,)),
    Row("pir", "Az 740373 lesz az, ha jól tudom. Tel.: 92/351-305", pir=P),
    Row("pir", "Küldöm a hiányzó adatot:\n740373\n\nKérem, jelezzenek vissza, hogy így jó-e?", pir=P),
    # two things asked
    Row("pir and email", "PIR: 740373\nE-mail: kovacs.anna@posta.example", pir=P, email=A),
    Row("pir and email", "740373, kovacs.anna@posta.example", pir=P, email=A),
    Row("pir and email", "kovacs.anna@posta.example\n740373\nKöszönöm!", pir=P, email=A),
    Row("pir and email", "Elírtam a PIR-t, helyesen 740373. A magáncímem: kovacs.anna@posta.example", pir=P, email=A),
    Row("pir and email", "Nem 740372, hanem 740373, az e-mail pedig kovacs.anna@posta.example", pir=P, email=A),
    Row("pir and email", "A penzugy@lenti.example helyett kovacs.anna@posta.example, a PIR 740373", pir=P, email=A),
    Row("pir and email", "740373", (INCOMPLETE,), pir=P),
    Row("pir and email", "A saját címem kovacs.anna@posta.example", (INCOMPLETE,), email=A),
    Row(
        "pir and email",
        "740373. Erről a címemről kérem, ez a sajátom.",
        pir=P,
        email=A,
        sender="kovacs.anna@posta.example",
    ),
    # the suggestion is right
    Row("pir offered", "Igen, az a helyes.", pir=P),
    Row("pir offered", "Megerősítem, a javasolt szám a jó.", pir=P),
    Row("pir offered", "Igen, 740373 a mi számunk, köszönjük!", pir=P),
    Row("county", "Igen, elírtam, Zala.", county=("Zala",)),
    Row("county", "zala", county=("Zala",)),
    Row("county", "A vármegye jó volt, a település Szombathely.", municipality=("Szombathely",), county=("Vas",)),
    # an address
    Row("email", "kovacs.anna@posta.example", email=A),
    Row("email", "Annáé: kovacs.anna@posta.example", email=A),
    Row("email", "Az e-mail címe kovacs.anna@posta.example. A jegyzőnk: jegyzo@lenti.example", email=A),
    Row("email", "Kérésükre küldöm: ancsi82@posta.example", email=("ancsi82@posta.example",)),
    Row("email", "info@lenti.example", (INCOMPLETE,)),
    Row("email", "Kovács Anna vagyok, az e-mail címem ez.\nkovacs.anna@posta.example", email=A, sender=A[0]),
    Row(
        "email",
        "Kovács Anna saját címe: anna72@posta.example.\n\nTisztelettel:\nSzabó Éva\nE-mail: ado@lenti.example",
        email=("anna72@posta.example",),
    ),
    # modules
    Row("modules", "adó és iktató", modules=({ADO, IKTATO},)),
    Row("modules", "ADÓ", modules=({ADO},)),
    Row("modules", "Az iktató modult kérném szépen.", modules=({IKTATO},)),
    Row("modules", "Szakrendszer: KATI", modules=({KATI},)),
    Row("modules", "- adó\n- iktató", modules=({ADO, IKTATO},)),
    Row("modules", "PM-2777-2105-BS", modules=({ADO},)),
    Row("modules", "az irat kell az egész", modules=({IRAT},)),
    Row("pir", "PIR: 740373. Még az iktatót is kérem.", pir=P, modules=({ADO, IKTATO},)),
    Row("pir", "740373 és továbbá az iktató tananyagra is szükségem lenne", pir=P, modules=({ADO, IKTATO},)),
    Row("pir", "PIR: 740373, és inkább az iktatót kérném az adó helyett", pir=P, modules=({IKTATO},)),
    Row("pir", "PIR: 740373. Az adó nem kell, csak az iktató.", pir=P, modules=({IKTATO},)),
    Row("pir", "740373. Nem az adót kérem, hanem az iktatót.", pir=P, modules=({IKTATO},)),
    Row("pir", "PIR: 740373. Iktató és adó.", pir=P, modules=({ADO, IKTATO},)),
    Row("pir", "PIR: 740373\nSzakrendszer: iktató", (REVIEW,), modules=({ADO},), notes={Note.ANSWER_CONTRADICTS}),
    Row("pir", "PIR: 740373\nIktató", (REVIEW,), modules=({ADO},), notes={Note.ANSWER_CONTRADICTS}),
    Row("pir", "740373\nKovács Anna\nadóügyi ügyintéző", pir=P, modules=({ADO},)),
    Row("modules", "adó\n\nKovács Anna\npénztári ügyintéző", modules=({ADO},)),
    # corrections and contradictions
    Row("pir", "PIR: 740373, az e-mail címem helyesen: kovacsanna@posta.example", email=("kovacsanna@posta.example",)),
    Row(
        "pir",
        "PIR: 740373, e-mail: anna.kovacs@posta.example",
        (REVIEW,),
        pir=P,
        email=A,
        notes={Note.ANSWER_CONTRADICTS},
    ),
    Row(
        "modules",
        "Az adó.\n\nKovács Anna\npénzügyi ügyintéző\nLenti Város Önkormányzata\nTel.: +36 92 553-900\n"
        "E-mail: penzugy@lenti.example",
        email=A,
        modules=({ADO},),
    ),
    Row("pir", "PIR: 740373\n\nKovács Anna\nadóügyi ügyintéző\ne-mail: ado@lenti.example", pir=P, email=A),
    Row("modules", "adó. PIR: 740009", (REVIEW,), pir=P, notes={Note.ANSWER_CONTRADICTS}),
    Row("modules", "adó. A PIR-t elírtam, helyesen 740009", pir=("740009",), modules=({ADO},)),
    Row("modules", "adó. A PIR: 740373", pir=P, modules=({ADO},)),
    # names
    Row("name", "Kovács Anna, kovacs.anna@posta.example", name=("Kovács Anna",), email=A),
    Row("name", "Kovács Anna\nkovacs.anna@posta.example", name=("Kovács Anna",), email=A),
    Row("name", "kovács anna kovacs.anna@posta.example", name=("Kovács Anna",), email=A),
    Row("name", "A kolléga neve Kovács Anna, e-mail címe kovacs.anna@posta.example", name=("Kovács Anna",), email=A),
    Row("name", "Kovács Anna", (INCOMPLETE,), name=("Kovács Anna",)),
    Row(
        "everything",
        "Kovács Éva\nLenti\n740373\nadó\nkovacs.eva@posta.example",
        name=("Kovács Éva",),
        pir=P,
        municipality=("Lenti",),
        modules=({ADO},),
        email=("kovacs.eva@posta.example",),
    ),
    Row(
        "everything",
        "Kovács Éva vagyok, Lenti Város Önkormányzatánál dolgozom, a PIR-ünk 740373, az adó kellene.",
        name=("Kovács Éva",),
        pir=P,
        municipality=("Lenti",),
    ),
    Row("everything", "Név: Kovács Éva, Lenti, Zala, 740373, iktató", name=("Kovács Éva",), county=("Zala",), pir=P),
    Row("everything", "lenti, 740373, adó\n\nÜdvözlettel:\nKovács Éva", name=("Kovács Éva",), municipality=("Lenti",)),
    Row("name", "magamnak kérem", (INCOMPLETE,), name=("Kovács Anna",), sender="Kovács Anna <iktato@lenti.example>"),
    Row("pir", "Szabó Béla kollégám (szabo.bela@lenti.example) szerint a PIR számunk 740373.", pir=P, email=A),
    # the jegyző
    Row("clerk", "A jegyzőt most másolatba tettem.", cc="dr. Minta Béla <minta.bela@lenti.example>"),
    Row("clerk", "Mellékelten a jegyző úr.", cc="jegyzo@lenti.example"),
    Row("clerk", "Támogatom.", sender="dr. Minta Béla jegyző <jegyzo@lenti.example>"),
    Row("clerk", "A jegyző: dr. Minta Béla, jegyzo@lenti.example", (INCOMPLETE,)),
    Row("clerk unclear", "740373, a jegyző Kiss Béla, kiss.bela@lenti.example", pir=P),
    Row("clerk unclear", "740373. Igen, dr. Kiss Béla a jegyzőnk.", pir=P),
    Row("clerk unclear", "PIR: 740373. A másolatban szereplő kolléga a jegyző.", pir=P),
    Row("clerk unclear", "PIR: 740373", (REVIEW,), pir=P),
    Row("clerk unclear", "PIR: 740373", pir=P, cc="jegyzo@lenti.example"),
    Row("pir", "A PIR 740373, az ügyintéző helyett válaszolok.", pir=P, sender="dr. Minta Béla <jegyzo@lenti.example>"),
    # several people
    Row("two pirs", "mindkettőnknek a 740373", (READY, READY), pir=P * 2),
    Row("two pirs", "740373", (READY, READY), pir=P * 2),
    Row("two pirs", "A PIR mindenkinél: 740373", (READY, READY), pir=P * 2),
    Row("two pirs", "Annánál 740373, Bélánál 740009", (READY, READY), pir=("740373", "740009")),
    Row("two pirs", "740373 és 740009", (READY, READY), pir=("740373", "740009")),
    Row("two pirs", "Szabó Anna PIR száma 740373.", (READY, READY), pir=P * 2),
    Row("two pirs", "Szabó Anna: 740373\nKiss Béla: ugyanaz", (READY, READY), pir=P * 2),
    Row("two places", "Lenti: 740373, Letenye: 740009", (READY, READY), pir=("740373", "740009")),
    Row("two places", "Letenye PIR-je 740009\nLentié 740373", (READY, READY), pir=("740373", "740009")),
    Row(
        "two emails",
        "Annáé: anna82@posta.example, Béláé: bela90@posta.example",
        (READY, READY),
        email=("anna82@posta.example", "bela90@posta.example"),
    ),
    Row(
        "two emails",
        "kiss.bela@posta.example és szabo.anna@posta.example",
        (READY, READY),
        email=("szabo.anna@posta.example", "kiss.bela@posta.example"),
    ),
    Row(
        "two emails",
        "Szabó Anna - szabo.anna@posta.example\nKiss Béla - kiss.bela@posta.example",
        (READY, READY),
        email=("szabo.anna@posta.example", "kiss.bela@posta.example"),
    ),
    Row(
        "one of two", "bela82@posta.example", (READY, READY), email=("szabo.anna@posta.example", "bela82@posta.example")
    ),
    Row("one of two", "Béláé: kiss.bela@posta.example", (READY, READY)),
    # people besides
    Row(
        "pir",
        "A PIR 740373. Kérem Szabó Béla regisztrációját is: szabo.bela@posta.example, iktató.",
        (READY, READY),
        name=("Kovács Anna", "Szabó Béla"),
        pir=P * 2,
        modules=({ADO}, {IKTATO}),
    ),
    Row(
        "name",
        "Kovács Anna (kovacs.anna@posta.example) és Szabó Béla (szabo.bela@posta.example)",
        (READY, READY),
        name=("Kovács Anna", "Szabó Béla"),
        pir=P * 2,
        modules=({ADO}, {ADO}),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.case}: {row.text[:60]}" for row in ROWS])
@pytest.mark.parametrize("bare", [False, True], ids=["quoting our letter", "without a quote"])
def test_an_answer(row: Row, bare: bool) -> None:
    case = case_of(row.case)
    verdict = answer(case, row.text, sender=row.sender, cc=row.cc, bare=bare)
    people = verdict.people
    assert verdict.kind is Kind.REGISTRATION
    assert [person.status for person in people] == list(row.statuses)
    assert verdict.continues == len(case.verdict.people)
    assert bool(verdict.reply) == (INCOMPLETE in row.statuses)
    got = {
        "pir": [value(person.pir) for person in people],
        "email": [value(person.email) for person in people],
        "name": [value(person.full_name) for person in people],
        "municipality": [value(person.municipality) for person in people],
        "county": [value(person.county) for person in people],
        "modules": [{one.value for one in person.modules} for person in people],
    }
    expected = {name: list(getattr(row, name)) for name in got if getattr(row, name)}
    assert {name: got[name] for name in expected} == expected
    assert row.notes <= set(people[0].notes)
    assert (Note.ANSWER_CONTRADICTS in people[0].notes) == (Note.ANSWER_CONTRADICTS in row.notes)


NOTHING = [
    "Köszönöm!",
    "Köszönöm a gyors választ, utánanézek.",
    "Mi az a PIR?",
    "Hol találom meg a PIR számot?",
    "Nem értem, mit kellene kitölteni. Tudnának segíteni?",
    "Holnap küldöm, most nincs nálam.",
    "Rendben.",
    "Kit hívhatok telefonon ez ügyben?",
    "A telefonszámom 740-009, a PIR-t később küldöm.",
    "OM azonosítónk: 740373.",
    "A táblázatból az első kettő.",
]


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize("bare", [False, True])
def test_words_without_data_go_to_staff(text: str, bare: bool) -> None:
    verdict = answer(case_of("pir"), text, bare=bare)
    assert (verdict.kind, set(verdict.outcomes), verdict.continues) == (Kind.OTHER, {Outcome.REVIEW}, 0)
    assert not verdict.withdraws


WITHDRAWN: list[tuple[str, str, tuple[int, ...]]] = [
    ("pir", "Mégsem kérem a regisztrációt, köszönöm.", (0,)),
    ("pir", "Tisztelt Kincstár! Időközben tárgytalanná vált a kérelem.", (0,)),
    ("pir", "Kérelmemet visszavonom.", (0,)),
    ("pir", "Köszönöm, már nem aktuális.", (0,)),
    ("pir", "Elnézést, mégse kell.", (0,)),
    ("pir", "A kolléganő kilépett a hivataltól, nincs már szükség a hozzáférésre.", (0,)),
    ("pir", "Kérem, tekintsék semmisnek a kérelmemet.", (0,)),
    ("pir", "Időközben sikerült belépni a régi jelszóval, tárgytalan.", (0,)),
    ("pir", "A regisztrációra nem tartunk igényt.", (0,)),
    ("pir", "Eltekintünk a regisztrációtól, köszönjük, a kérelmünk okafogyottá vált.", (0,)),
    ("pir", "Visszalépnék a jelentkezéstől.", (0,)),
    (
        "pir",
        "Tisztelt Címzett!\n\nAz előző levelemben kért regisztrációt ezúton\nvisszavonom, mert nem rám\nvonatkozik.",
        (0,),
    ),
    ("pir", "Sztornózzák kérem az igénylést.", (0,)),
    ("pir", "Felejtsék el a kérést, elnézést a zavarásért!", (0,)),
    ("pir", "Már van hozzáférésem, köszönöm.", (0,)),
    ("two pirs", "Szabó Anna mégsem kéri.", (0,)),
    ("two pirs", "Béla visszalépett, az ő regisztrációját nem kérjük.", (1,)),
    ("two pirs", "Mindkettőjüké tárgytalan.", (0, 1)),
]


@pytest.mark.parametrize(("case", "text", "whose"), WITHDRAWN)
@pytest.mark.parametrize("bare", [False, True])
def test_a_withdrawal_goes_to_staff(case: str, text: str, whose: tuple[int, ...], bare: bool) -> None:
    verdict = answer(case_of(case), text, bare=bare)
    assert (verdict.kind, set(verdict.outcomes)) == (Kind.OTHER, {Outcome.REVIEW})
    assert verdict.reply is None
    assert verdict.withdraws == whose


NOT_WITHDRAWN = [
    "Már van fiókom, csak az új modulhoz kérek hozzáférést. A PIR 740373.",
    "Tévedésből rossz levélre válaszoltam az előbb, a PIR 740373",
    "A korábbi kolléga kilépett, helyette válaszolok: 740373",
    "Nem vonom vissza a kérelmemet, a PIR 740373",
    "A korábbi PIR tárgytalan, helyesen: 740373",
    "Mégsem az adót kérem, hanem az iktatót. PIR: 740373",
    "740373. Továbbra is kérem a regisztrációt.",
    "Még nem sikerült belépni. A PIR: 740373",
    "A jegyző asszony szerint 740373 a PIR. Ha mégsem jó, kérem, jelezzék!",
    "740373. Ha már nem kell, szóljanak.",
]


@pytest.mark.parametrize("text", NOT_WITHDRAWN)
def test_what_only_sounds_like_a_withdrawal(text: str) -> None:
    verdict = answer(case_of("pir"), text)
    assert (verdict.kind, verdict.withdraws) == (Kind.REGISTRATION, ())
    assert value(verdict.people[0].pir) == "740373"


@pytest.mark.parametrize("text", ["Elfelejtettem a jelszavamat, nem tudok belépni.", "A jelszavammal nem enged be."])
def test_password_trouble_stays_password(text: str) -> None:
    assert answer(case_of("pir"), text).kind is Kind.PASSWORD


ABSENT = [
    "Szabadságon vagyok március 10-ig, sürgős esetben hívják a titkárságot.",
    "Szabadságon vagyok március 10-ig. Helyettesem Kiss Béla, kiss.bela@lenti.example, tel.: 92/553-900.",
    "Szabó Anna már nem dolgozik hivatalunknál. Kérem, forduljon kollégámhoz: kiss.bela@lenti.example",
]


@pytest.mark.parametrize("text", ABSENT)
@pytest.mark.parametrize("case", ["pir", "email", "name", "everything"])
def test_an_absence_stays_automatic(case: str, text: str) -> None:
    assert answer(case_of(case), text).kind is Kind.AUTOMATIC


def test_who_answers_on_leave_answers() -> None:
    verdict = answer(case_of("pir"), "Szabadságon vagyok március 10-ig, de küldöm a hiányzó PIR-t: 740373")
    assert [person.status for person in verdict.people] == [READY]


def test_who_leaves_needs_no_access() -> None:
    verdict = answer(case_of("two pirs"), "Szabó Anna már nem dolgozik nálunk, az ő regisztrációját mégsem kérjük.")
    assert verdict.withdraws == (0,)


def test_what_the_merge_did_is_told() -> None:
    verdict: Verdict = answer(case_of("pir and email"), "740373")
    told = [(one.code, dict(one.details)) for one in verdict.findings if one.code == "answer_fills"]
    assert told == [("answer_fills", {"field": "pir", "before": "740372", "now": "740373"})]


@pytest.mark.parametrize(
    ("begin", "pir"),
    [
        ("A PIR számunk: 740373 - RE: ", "740373"),
        ("PIR 740373 / Válasz: ", "740373"),
        ("740373 FW: ", "740373"),
        ("[#740373] RE: ", None),  # a ticket system's number
        ("RE: ", None),
        ("", None),
    ],
)
def test_what_is_written_before_our_subject(begin: str, pir: str | None) -> None:
    case = case_of("pir")
    message = mail("\n", sender="kovacs.anna@posta.example", subject=f"{begin}{case.letter.subject}")
    verdict = decide(message, CATALOGUE, replace(Context(), earlier=case.earlier))
    assert [value(person.pir) for person in verdict.people[:1]] == ([pir] if pir else [])
