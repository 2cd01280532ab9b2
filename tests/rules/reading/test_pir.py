"""PIR and tax numbers in text: every shape of domain.md §1.5 and the look-alikes of §1.4. All numbers are test-safe."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.check_digits import is_pir, is_tax_core, likely_pir, pir_from_tax
from rules.reading.pir import Body, PirKind, find_pirs

LABELLED = [
    "PIR: 740009",
    "PIR szám: 740 009",
    "PIR-szám:740009",
    "PIRszám 740009",
    "PIR sz.: 740009",
    "pir azonosító 740009",
    "PIR kód: 740009",
    "PIR száma 740.009",
    "PIR számunk: 740009",
    "PIR: 740-009",
    "PIR: 74 00 09",
    "PIR 740009/2026",
    "(PIR: 740009)",
    "PIR = 740009.",
    "PIR:\t740009\tZala",
    "Pir szám\n740009",
    "PÍR 740009",
    "P.I.R.: 740009",
    "törzskönyvi azonosító (PIR): 740009",
    "törzskönyvi azonosító szám (PIR szám): 740009",
    "törzskönyvi azonosító száma: 740009",
    "torzkönyvi azonosító száma: 740009",  # a letter short
    "törzskönyvi nyilvántartási szám 740009",
    "törzsszám: 740009",
    "Tsz.: 740009",
    "intézményi törzsszám: 740009",
    "PIR/törzsszám: 740009",
    "PIR: 74OOO9",
    "740009 a PIR számunk",
    "740009 (PIR szám)",
    "A PIR számot is megadom: 740009",
    "PIR számunk pedig a 740009.",
    "PIR száma 740009 06 30 123 4567",
    "PIR: 740009, tel. +36 30 740 373",
    "PIR sz. : 740009 OM 203111",
    "mintafalu pir 740009 adó kellene",
    "A PIR szám\u00a0740\u00a0009",
]


@pytest.mark.parametrize("text", LABELLED)
def test_reads_every_shape_of_a_labelled_pir(text: str) -> None:
    hits = find_pirs(text)
    assert [hit.value for hit in hits] == ["740009"]
    assert hits[0].labelled
    assert hits[0].valid
    assert text[hits[0].start : hits[0].end] == hits[0].excerpt


@pytest.mark.parametrize(
    ("text", "value", "likely"),
    [
        ("PIR: 740001", "740001", "740009"),  # the last six digits of the tax number
        ("PIR szám: 740008", "740008", ""),
        ("PIR: 74000", "74000", ""),
        ("PIR: 7400099", "7400099", ""),
        ("PIR: 7400", "7400", ""),
    ],
)
def test_keeps_a_labelled_value_that_is_no_pir(text: str, value: str, likely: str) -> None:
    (hit,) = find_pirs(text)
    assert (hit.kind, hit.value, hit.valid, hit.likely) == (PirKind.LABELLED, value, False, likely)


@pytest.mark.parametrize(
    ("text", "under_pir_label"),
    [
        ("PIR: 15740001-2-19", True),
        ("PIR: 15740001", True),
        ("PIR azonosító: HU15740001", True),
        ("adószám: 15740001-2-19", False),
        ("Adószámunk 15740001-1-20", False),
        ("adószáma: 15740001", False),
        ("cím: Fő u. 1., 15740001-2-19", False),
        ("közösségi adószám HU15740001", False),
    ],
)
def test_computes_the_pir_from_a_tax_number(text: str, under_pir_label: bool) -> None:
    (hit,) = find_pirs(text)
    assert (hit.kind, hit.value, hit.tax_number) == (PirKind.TAX, "740009", "15740001")
    assert hit.under_pir_label is under_pir_label


@pytest.mark.parametrize(
    "text", ["(PIR-\nszám: 740\n009), Zala", "törzs-\nkönyvi azonosító: 740009", "PIR\nszáma: 740 \n 009"]
)
def test_a_labelled_number_broken_over_two_lines(text: str) -> None:
    (hit,) = find_pirs(text)
    assert (hit.kind, hit.value, hit.valid) == (PirKind.LABELLED, "740009", True)


def test_a_tax_number_of_another_kind_yields_no_pir() -> None:
    (hit,) = find_pirs("PIR: 18154321-1-13")
    assert (hit.kind, hit.value, hit.valid, hit.under_pir_label) == (PirKind.TAX, "", False, True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Önkormányzat PIR: 740009; Hivatal PIR: 740373", [("740009", Body.COUNCIL), ("740373", Body.OFFICE)]),
        (
            "Hivatal PIR száma: 740373, Önkormányzat PIR száma: 740009",
            [("740373", Body.OFFICE), ("740009", Body.COUNCIL)],
        ),
        ("PIR: 740009 (önkormányzat), 740373 (hivatal)", [("740009", Body.COUNCIL), ("740373", Body.OFFICE)]),
        (
            "a PIR szám az önkormányzaté: 740009, a hivatalé: 740373",
            [("740009", Body.COUNCIL), ("740373", Body.OFFICE)],
        ),
        ("PIR szám (önkormányzat): 740009", [("740009", Body.COUNCIL)]),
        ("Óvoda PIR: 740746", [("740746", Body.INSTITUTION)]),
    ],
)
def test_tells_whose_number_it_is(text: str, found: list[tuple[str, Body]]) -> None:
    hits = find_pirs(text)
    assert [(hit.value, hit.body) for hit in hits] == found
    assert all(hit.labelled for hit in hits)


@pytest.mark.parametrize(
    "text",
    [
        "740009",
        "Kovács Éva, 740009, Zala",
        "Kovács Éva,740009,Zala",
        "Mintafalu Önkormányzata 740 009",
        "1. 740009",
        "ő 740009-et mondott",
        "a 740009-es",
    ],
)
def test_a_bare_number_counts_where_it_stands_alone(text: str) -> None:
    (hit,) = find_pirs(text)
    assert (hit.kind, hit.value, hit.labelled) == (PirKind.BARE, "740009", False)


@pytest.mark.parametrize(
    "text",
    [
        "740001",  # fails the check
        "tel 06 30 740 0091",
        "06 30 740 009",
        "+36-30-740009",
        "Tel.: 740-009",
        "Telefon: 740009",
        "2026.03.04",
        "260304",
        "202603",
        "OM: 740009",
        "OM azonosító: 740009",
        "KSH kód: 740009",
        "településazonosító törzsszám: 12345",
        "KSH: 15740001-8411-321-19",
        "11748038-15740001-00000000",
        "Iktatószám: 740009",
        "1234-5/740009",
        "740009/2026",
        "irányítószám: 740009",
        "nev740009@gmail.com",
        "https://www.aspoktatas.hu/740009",
        "www.pelda.hu/740009",
        "#740009",
        "740009 Ft",
        "hrsz. 740009",
        "adóazonosító jel: 8123740009",
        "PM-2770-2105-BS",
        "1740009",
        "PIR: nincs adat",
        "a PIR szám: 2026-ban kértük",
        "",
    ],
)
def test_passes_over_look_alikes(text: str) -> None:
    assert find_pirs(text) == ()


@pytest.mark.parametrize(
    ("pir", "tax"),
    [
        ("740009", "15740001"),
        ("741480", "15741480"),
        ("744074", "15744074"),
        ("749255", "15749251"),
        ("746298", "15746296"),
    ],
)
def test_pairs_of_pir_and_tax_number(pir: str, tax: str) -> None:
    assert is_pir(pir)
    assert is_tax_core(tax)
    assert pir_from_tax(tax) == pir
    assert pir_from_tax(tax + "219") == pir
    assert likely_pir(tax[2:]) == pir


def test_other_tax_numbers_and_broken_ones_yield_nothing() -> None:
    assert pir_from_tax("18154321") == ""
    assert pir_from_tax("15740002") == ""
    assert pir_from_tax("") == ""
    assert not is_pir("040009")
    assert not is_pir("74000٩")  # an Arabic nine is a decimal digit to Python, not to us


@settings(deadline=None)  # other work may hold the machine
@given(st.integers(100000, 899999), st.integers(0, 5), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(number: int, place: int, shift: int) -> None:
    digits = next(str(n) for n in range(number, number + 100) if is_pir(str(n)))
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert not is_pir(wrong)


@settings(deadline=None)  # other work may hold the machine
@given(st.text(alphabet="0123456789 .-/:,;PIRpirszámadó\n\té(", max_size=300))
def test_hits_lie_in_the_text_and_never_overlap(text: str) -> None:
    hits = find_pirs(text)
    assert all(text[hit.start : hit.end] == hit.excerpt for hit in hits)
    assert all(left.end <= right.start for left, right in pairwise(hits))


@pytest.mark.parametrize(
    "text", ["PIR: 740009 ", "740009, ", "pir szám ", "adószám: 15740001-2-19\n", "PIR: - ", "1 ", "a hivatal es az "]
)
def test_time_grows_with_the_text_only(text: str) -> None:
    seconds = []
    for times in (500, 2_000):
        start = time.process_time()
        find_pirs(text * times)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 12 * seconds[0] + 0.2


def test_one_label_for_pir_and_tax_number() -> None:
    pir, tax = find_pirs("PIR szám, adószám: 740009 / 18154321-1-13")
    assert (pir.value, pir.labelled, tax.kind, tax.value) == ("740009", True, PirKind.TAX, "")
    (empty,) = find_pirs("PIR szám: , adószám: 18154321-1-13")
    assert not empty.labelled
