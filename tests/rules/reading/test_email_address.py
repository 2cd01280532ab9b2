"""E-mail addresses in text: plain, against harvesters, torn, broken; and what may be suggested instead."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.address_shape import shape_problem, suggest_address
from rules.reading.email_address import find_emails, read_email

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("nagy.eva@gmail.com", ["nagy.eva@gmail.com"]),
        ("E-mail: Nagy.Eva@Mintafalu.HU, tel. 1", ["nagy.eva@mintafalu.hu"]),
        ("(nagyeva@gmail.com)", ["nagyeva@gmail.com"]),
        ("nagyeva@gmail.com.", ["nagyeva@gmail.com"]),
        ("'nagyeva@gmail.com'", ["nagyeva@gmail.com"]),
        ("Nagy Éva<nagyeva@gmail.com>", ["nagyeva@gmail.com"]),
        ("e-mail:nagyeva@gmail.com", ["nagyeva@gmail.com"]),
        ("<mailto:nagyeva@gmail.com>", ["nagyeva@gmail.com"]),
        ("nagyeva@gmail.com<mailto:nagyeva@gmail.com>", ["nagyeva@gmail.com"]),
        ("név;nagyeva@gmail.com;740009", ["nagyeva@gmail.com"]),
        ("nagyeva@gmail.com/kissb@freemail.hu", ["nagyeva@gmail.com", "kissb@freemail.hu"]),
        ("nagyeva@freemail.hu,kissb@gmail.com", ["nagyeva@freemail.hu", "kissb@gmail.com"]),
        ("a nagyeva@gmail.com-ra kérem", ["nagyeva@gmail.com"]),
        ("nagy_eva-72+asp@t-online.hu", ["nagy_eva-72+asp@t-online.hu"]),
        ("nagyeva@mintafalu.com", ["nagyeva@mintafalu.com"]),
        ("nagyeva@posta.example", ["nagyeva@posta.example"]),
        ("kis.pal @ tab . hu , adó", ["kis.pal@tab.hu"]),
        ("kis.pal @hegyko. hu, iktató", ["kis.pal@hegyko.hu"]),
        ("nagyeva (kukac) gmail.com", ["nagyeva@gmail.com"]),
        ("nagyeva kukac gmail pont com", ["nagyeva@gmail.com"]),
        ("nagy.eva[at]gmail.com", ["nagy.eva@gmail.com"]),
        ("nagyeva(at)mintafalu.hu", ["nagyeva@mintafalu.hu"]),
        ("nagyeva{kukac}mintafalu{pont}hu", ["nagyeva@mintafalu.hu"]),
        ("nagyeva at gmail dot com", ["nagyeva@gmail.com"]),
        ("nagyeva @ gmail.com", ["nagyeva@gmail.com"]),
        ("nagyeva@ gmail.com", ["nagyeva@gmail.com"]),
        ("nagyeva@gmail. com", ["nagyeva@gmail.com"]),
    ],
)
def test_finds_addresses_however_written(text: str, values: list[str]) -> None:
    hits = find_emails(text, CATALOGUE)
    assert [hit.value for hit in hits] == values
    assert all(hit.valid for hit in hits)
    assert all(text[hit.start : hit.end] == hit.excerpt for hit in hits)


@pytest.mark.parametrize(
    ("text", "problem", "suggestion"),
    [
        ("nagyeva@@gmail.com", "double_at", "nagyeva@gmail.com"),
        ("a@b@c.hu", "double_at", "ab@c.hu"),
        ("nagyeva@gmail", "domain", "nagyeva@gmail.com"),
        ("nagyeva@gmail.con", "domain", "nagyeva@gmail.com"),
        ("nagyeva@mintafalu.huu", "domain", "nagyeva@mintafalu.hu"),
        ("nagyeva@mintafalu.local", "domain", ""),
        ("nagyeva@192.168.1.1", "domain", ""),
        ("nagyeva@gmail,com", "comma", "nagyeva@gmail.com"),
        ("nagyeva@gmail,com, modul: adó", "comma", "nagyeva@gmail.com"),
        ("nagyeva@tab,hu , adó", "comma", "nagyeva@tab.hu"),
        ("nagyéva@gmail.com", "accent", "nagyeva@gmail.com"),
        ("nagyeva@gmial.com", "typo", "nagyeva@gmail.com"),
        ("nagyeva@gmail.hu", "typo", "nagyeva@gmail.com"),
        ("nagyeva@freemail.com", "typo", "nagyeva@freemail.hu"),
        ("nagyeva@citromail.com", "typo", "nagyeva@citromail.hu"),
        ("nagyeva..k@gmail.com", "shape", "nagyeva.k@gmail.com"),
    ],
)
def test_keeps_broken_addresses_with_what_was_probably_meant(text: str, problem: str, suggestion: str) -> None:
    (hit,) = find_emails(text, CATALOGUE)
    assert (hit.valid, hit.problem, hit.suggestion) == (False, problem, suggestion)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("nagyevagmail.com", "nagyeva@gmail.com"),
        ("nagy.eva.freemail.hu", "nagy.eva@freemail.hu"),
        ("nagy.eva.mintafalu.hu", "nagy.eva@mintafalu.hu"),
        ("www.mintafalu.hu", None),
        ("nincs", None),
    ],
)
def test_a_field_may_hold_an_address_without_its_at(text: str, suggestion: str | None) -> None:
    hits = find_emails(text, CATALOGUE, in_field=True)
    assert [(hit.problem, hit.suggestion) for hit in hits] == ([("no_at", suggestion)] if suggestion else [])


def test_alone_on_its_line_it_is_seen_in_text_too() -> None:
    text = "* Varga Ildikó\n varga-dallos.ildiko.mintafalu.hu\n Hagyaték"
    assert [hit.problem for hit in find_emails(text, CATALOGUE)] == ["no_at"]
    assert find_emails("lásd alkalmazas.asp.lgov.hu oldalon", CATALOGUE) == ()


@pytest.mark.parametrize("text", ["@gmail.com", "email@", "jött at a gmail", "a @ b", "@", "kukac", ""])
def test_passes_over_what_is_no_address(text: str) -> None:
    assert find_emails(text, CATALOGUE) == ()


def test_a_likely_slip_of_a_provider_is_suggested_but_not_refused() -> None:
    hit = read_email("nagyeva@indammail.hu", CATALOGUE)
    assert (hit.valid, hit.suggestion) == (True, "nagyeva@indamail.hu")


def test_shape_is_judged_without_data_as_well() -> None:
    assert shape_problem("nagyeva@gmail.con") == ""
    assert shape_problem("nagyeva@gmail.con", CATALOGUE) == "domain"
    assert shape_problem("nagyeva") == "no_at"
    assert suggest_address("nagyeva@mintafalu.hu", CATALOGUE) == ""


@settings(deadline=None)  # other work may hold the machine
@given(st.text(max_size=200), st.booleans())
def test_no_text_is_too_strange(text: str, in_field: bool) -> None:
    for hit in find_emails(text, CATALOGUE, in_field=in_field):
        assert text[hit.start : hit.end] == hit.excerpt


@pytest.mark.parametrize("text", ["a@", "a.", "@", "a at ", "a kukac ", "x@y.", "a (pont) ", "-at-", "a,b@c,d "])
def test_time_grows_with_the_text_only(text: str) -> None:
    seconds = []
    for times in (2_000, 8_000):
        start = time.process_time()
        find_emails(text * times, CATALOGUE)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 12 * seconds[0] + 0.2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Kovács Anna, címe: kovacs.\nanna@tab.hu", "kovacs.anna@tab.hu"),
        ("E-mail: kovacs.\n   anna@tab.hu", "kovacs.anna@tab.hu"),
        ("Kovács Anna vagyok, a címem kovacs.\nanna@tab.hu, köszönöm.", "kovacs.anna@tab.hu"),
        ("Kovács Anna\nkovacs\n.anna@tab.hu", "kovacs.anna@tab.hu"),
        ("Kovács Anna (kovacs. anna@tab.hu)", "kovacs.anna@tab.hu"),
        ("kovacs anna vagyok, kovacs.\nanna@tab.hu", "kovacs.anna@tab.hu"),
        ("E-mail: kovacs_\nanna@tab.hu", "kovacs_anna@tab.hu"),
        ("Címe: anna.\nkovacs@tab.hu", "anna.kovacs@tab.hu"),
        ("> kovacs.anna@\n> tab.hu", "kovacs.anna@tab.hu"),
        ("kovacs.anna\n@tab.hu", "kovacs.anna@tab.hu"),
        ("E-mail: kovacsanna\n@tab.hu", "kovacsanna@tab.hu"),
        ("kovacs.anna@tab.\nhu", "kovacs.anna@tab.hu"),
        ("kovacs.anna@tab\n.hu és más", "kovacs.anna@tab.hu"),
    ],
)
def test_joins_what_a_line_end_or_a_blank_tore(text: str, value: str) -> None:
    (hit,) = find_emails(text, CATALOGUE)
    assert (hit.value, hit.valid, hit.excerpt) == (value, True, text[hit.start : hit.end])


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("E-mail: kovacs-\nanna@tab.hu", "kovacs-anna@tab.hu"),  # a hyphen of the address, or of the line's end
        ("E-mail: szabo. judit@tab.hu", "szabo.judit@tab.hu"),  # nobody is named so
        ("a címem talán kovacs\n@tab.hu", "kovacs@tab.hu"),  # the last word of a longer one?
    ],
)
def test_asks_where_it_is_only_likely_that_halves_belong_together(text: str, suggestion: str) -> None:
    (hit,) = find_emails(text, CATALOGUE)
    assert (hit.valid, hit.problem, hit.suggestion) == (False, "shape", suggestion)


@pytest.mark.parametrize(
    "text",
    [
        "Az adataimat lásd alább.\nanna@tab.hu",
        "Kovács Anna vagyok, a címem a következő.\nanna@tab.hu",
        "Üdvözlettel Kovács Anna dr.\nanna@tab.hu",
        "E-mail:\nanna@tab.hu",
        "E-mail: hiv. anna@tab.hu",
        "Tel. 06 1 555 0101.\nanna@tab.hu",
        "- adó\n- anna@tab.hu",
        "Koszonom.\nanna@tab.hu",
        "Modulok: adó, irat.\n\nanna@tab.hu",
        "Kovács Anna.\n\nanna@tab.hu",
        "Kovács Anna. anna@tab.hu",
        "Kovács.\nanna@tab.hu",
        "Megye: pest.\nanna@tab.hu",
        "Modul: irat.\nanna@tab.hu",
        "a nevem kovacs, a falu tab.\nanna@tab.hu",
        "Kovacs Anna.\nanna@tab.hu",
        "a nevem kovacs kati.\nanna@tab.hu",
        "a nevem anna kovacs.\nanna@tab.hu",
        "Anna.\nanna@tab.hu",
        "Kovács Anna vagyok, és ügyintéző is vagyok. anna@tab.hu",
    ],
)
def test_leaves_whole_what_stands_behind_a_sentence_or_a_remark(text: str) -> None:
    assert [(hit.value, hit.valid) for hit in find_emails(text, CATALOGUE)] == [("anna@tab.hu", True)]


def test_halves_belong_together_by_a_name_elsewhere_in_the_mail() -> None:
    (hit,) = find_emails(
        "szabo. judit@tab.hu", CATALOGUE, in_field=True, whole="Név: Szabó Judit\nE-mail: szabo. judit@tab.hu"
    )
    assert (hit.value, hit.valid) == ("szabo.judit@tab.hu", True)


def test_a_name_that_is_whole_already_lacks_no_first_half() -> None:
    text = "Ügyintéző a nevem szerint szabo. kovacs.anna@tab.hu, Szabó Kata"
    assert [hit.value for hit in find_emails(text, CATALOGUE)] == ["kovacs.anna@tab.hu"]
